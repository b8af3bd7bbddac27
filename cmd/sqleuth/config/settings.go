package config

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/spf13/pflag"
)

// Origin is where a value comes from; the zero Origin is the default.
type Origin struct {
	File     string // the path of the file, with the line
	Line     int
	Variable string // of the environment
	Flag     bool
}

// String is the origin as it is printed.
func (o Origin) String() string {
	switch {
	case o.Flag:
		return "flag"
	case o.Variable != "":
		return "environment " + o.Variable
	case o.File != "":
		return o.File + ":" + strconv.Itoa(o.Line)
	}
	return "default"
}

// Kind is String without what differs from machine to machine.
func (o Origin) Kind() string {
	if o.File != "" {
		return "config file"
	}
	return o.String()
}

// Setting is the value of an option that holds.
type Setting struct {
	Option *Option
	Entry  string // of a Table
	Values []string
	From   Origin
}

// Settings are the values of all options, in the order of the options.
type Settings []Setting

// Resolve finds what holds, and gives it to the flags; those that the flags do not know
// are for another command, and checked alone. file is empty where none is to be read.
// The error is a *FileError for what is wrong in the file.
func Resolve(flags *pflag.FlagSet, options []Option, file string, getenv func(string) string) (Settings, error) {
	var all []given // the weakest first
	if file != "" {
		of, err := readFile(file, options)
		if err != nil {
			return nil, err
		}
		all = of
	}
	for k := range options {
		of, err := environment(&options[k], getenv)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	for k := range options {
		of, err := flagged(&options[k], flags)
		if err != nil {
			return nil, err
		}
		all = append(all, of...)
	}
	var settings Settings
	for k := range options {
		settings = append(settings, options[k].settle(flags, all)...)
	}
	for k := range options {
		if err := settings.together(&options[k]); err != nil {
			return nil, err
		}
	}
	for k := range options {
		if err := settings.give(flags, &options[k]); err != nil {
			return nil, err
		}
	}
	return settings, nil
}

// environment returns what a variable gives an option.
func environment(o *Option, getenv func(string) string) ([]given, error) {
	text := getenv(o.Variable())
	if text == "" {
		return nil, nil
	}
	from := Origin{Variable: o.Variable()}
	fail := func(err error) ([]given, error) { return nil, fmt.Errorf("%s=%s: %w", o.Variable(), text, err) }
	switch o.Kind {
	case Table:
		all, err := o.entries(split(text, ";"), from)
		if err != nil {
			return fail(err)
		}
		return all, nil
	case Switch:
		on, err := strconv.ParseBool(text)
		if err != nil {
			return fail(fmt.Errorf("give true or false"))
		}
		text = strconv.FormatBool(on)
	}
	values := []string{text}
	if o.Kind == Paths {
		values = split(text, string(os.PathListSeparator))
	}
	if o.Check != nil {
		if err := o.Check("", values); err != nil {
			return fail(err)
		}
	}
	return []given{{o, "", values, from}}, nil
}

// flagged returns what a flag gives an option.
func flagged(o *Option, flags *pflag.FlagSet) ([]given, error) {
	f := flags.Lookup(o.Name)
	if f == nil || !f.Changed {
		return nil, nil
	}
	values := []string{f.Value.String()}
	if list, ok := f.Value.(pflag.SliceValue); ok {
		values = list.GetSlice()
	}
	fail := func(err error) ([]given, error) {
		return nil, fmt.Errorf("--%s %s: %w", o.Name, strings.Join(values, " "), err)
	}
	if o.Kind == Table {
		all, err := o.entries(values, Origin{Flag: true})
		if err != nil {
			return fail(err)
		}
		return all, nil
	}
	if o.Check != nil {
		if err := o.Check("", values); err != nil {
			return fail(err)
		}
	}
	return []given{{o, "", values, Origin{Flag: true}}}, nil
}

// entries reads the entries of a Table as flags and variables write them.
func (o *Option) entries(texts []string, from Origin) (all []given, err error) {
	for _, text := range texts {
		name, values, ok := o.entry(text)
		if !ok {
			return nil, fmt.Errorf("write NAME=VALUE,VALUE")
		}
		if _, _, err := find([]Option{*o}, []string{o.Name, name}); err != nil {
			return nil, err
		}
		if o.Check != nil {
			if err := o.Check(name, values); err != nil {
				return nil, err
			}
		}
		all = append(all, given{o, name, values, from})
	}
	return all, nil
}

// settle returns what holds of an option: the last that was given, or the default.
func (o *Option) settle(flags *pflag.FlagSet, all []given) (out []Setting) {
	entries := []string{""}
	if o.Kind == Table {
		entries = o.Entries
	}
	for _, entry := range entries {
		s := Setting{Option: o, Entry: entry, Values: o.Default[entry]}
		if f := flags.Lookup(o.Name); f != nil && o.Kind < Paths {
			s.Values = []string{f.DefValue}
		}
		for _, g := range all {
			if g.option == o && g.entry == entry {
				s.Values, s.From = g.values, g.from
			}
		}
		out = append(out, s)
	}
	return out
}

// together checks the entries of a Table with one another.
func (s Settings) together(o *Option) error {
	if o.Together == nil {
		return nil
	}
	of := map[string]Setting{}
	all := map[string][]string{}
	for _, v := range s {
		if v.Option == o && v.From != (Origin{}) {
			of[v.Entry], all[v.Entry] = v, v.Values
		}
	}
	entry, err := o.Together(all)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s.%s: %w", o.Name, entry, err)
	switch from := of[entry].From; {
	case from.File != "":
		return &FileError{from.File, from.Line, err}
	case from.Variable != "":
		return fmt.Errorf("%s: %w", from.Variable, err)
	}
	return fmt.Errorf("--%w", err)
}

// give sets the flag of an option to what holds.
func (s Settings) give(flags *pflag.FlagSet, o *Option) error {
	f := flags.Lookup(o.Name)
	if f == nil {
		return nil
	}
	var values []string
	for _, v := range s {
		switch {
		case v.Option != o, v.From == Origin{}:
		case o.Kind == Table:
			values = append(values, v.Entry+"="+strings.Join(v.Values, ","))
		case !v.From.Flag:
			values = append(values, v.Values...)
		}
	}
	list, many := f.Value.(pflag.SliceValue)
	switch {
	case values == nil:
		return nil
	case many:
		return list.Replace(values)
	}
	return f.Value.Set(values[0])
}

// From returns where an option comes from; a Table's strongest source.
func (s Settings) From(name string) (from Origin) {
	for _, v := range s {
		if v.Option.Name == name && v.From != (Origin{}) {
			from = v.From
		}
	}
	return from
}

// longLine is the length from which on a line is not lined up with others.
const longLine = 60

// Print writes what holds as a file, with where each value comes from behind it.
func (s Settings) Print(w io.Writer) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for k, v := range s {
		if v.Option.Kind == Table && (k == 0 || s[k-1].Option != v.Option) {
			fmt.Fprintf(out, "\n[%s]\n", v.Option.Name)
		}
		line, gap := v.line(), "\t"
		if len(line) > longLine {
			gap = "  "
		}
		fmt.Fprintf(out, "%s%s# %v\n", line, gap, v.From)
	}
	return out.Flush()
}

// line is a setting as the file has it.
func (v *Setting) line() string {
	name := v.Option.Name
	if v.Entry != "" {
		name = v.Entry
		if slices.ContainsFunc([]byte(name), func(c byte) bool { return c == ' ' || c == '/' }) {
			name = strconv.Quote(name)
		}
	}
	quoted := make([]string, len(v.Values))
	for k, text := range v.Values {
		quoted[k] = strconv.Quote(text)
	}
	switch v.Option.Kind {
	case Switch:
		return name + " = " + v.Values[0]
	case Text:
		return name + " = " + quoted[0]
	}
	return name + " = [" + strings.Join(quoted, ", ") + "]"
}
