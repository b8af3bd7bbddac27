package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// FileError is what is wrong with a line of the file. It is one line of text.
type FileError struct {
	Path string
	Line int
	Err  error // what to write
}

func (e *FileError) Error() string { return fmt.Sprintf("%s:%d: %v", e.Path, e.Line, e.Err) }
func (e *FileError) Unwrap() error { return e.Err }

// given is a value that a source has for an option.
type given struct {
	option *Option
	entry  string
	values []string
	from   Origin
}

// readFile reads a file; one that is not there has nothing.
func readFile(path string, options []Option) ([]given, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("configuration: %w; mend that, or leave it out with --no-config", err)
	}
	return parse(path, data, options)
}

// parse reads the text of a file. The library's decoder finds what is no TOML, keys given
// twice among it; its parser knows the line of each value.
func parse(path string, data []byte, options []Option) (all []given, err error) {
	fail := func(line int, err error) ([]given, error) { return nil, &FileError{path, line, err} }
	if err := toml.Unmarshal(data, new(map[string]any)); err != nil {
		line := 1
		if wrong, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, _ = wrong.Position()
		}
		return fail(line, errors.New(strings.ReplaceAll(strings.TrimPrefix(err.Error(), "toml: "), "\n", " ")))
	}
	p := unstable.Parser{}
	p.Reset(data)
	var table []string
	for p.NextExpression() {
		switch e := p.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			var line int
			table, line = names(&p, e.Key())
			if _, _, err := find(options, append(table[:len(table):len(table)], "")); err != nil {
				return fail(line, err)
			}
		case unstable.KeyValue:
			g, line, err := value(&p, e, table, options)
			if err != nil {
				return fail(line, err)
			}
			g.from = Origin{File: path, Line: line}
			if g.option.Kind == Paths {
				for k, v := range g.values {
					g.values[k] = against(filepath.Dir(path), v)
				}
			}
			all = append(all, g)
		}
	}
	return all, p.Error()
}

// against makes a path absolute: "~/" is the home folder, others are relative to a folder.
func against(dir, path string) string {
	if rest, ok := strings.CutPrefix(path, "~/"); ok {
		if home, err := os.UserHomeDir(); err == nil {
			return filepath.Join(home, rest)
		}
	}
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// names returns the parts of a key, and the line that it is on.
func names(p *unstable.Parser, key unstable.Iterator) (parts []string, line int) {
	for key.Next() {
		n := key.Node()
		parts, line = append(parts, string(n.Data)), p.Shape(n.Raw).Start.Line
	}
	return parts, line
}

// value reads what a line gives an option.
func value(p *unstable.Parser, e *unstable.Node, table []string, options []Option) (g given, line int, err error) {
	key, line := names(p, e.Key())
	if g.option, g.entry, err = find(options, slices.Concat(table, key)); err != nil {
		return g, line, err
	}
	wrong := func() (given, int, error) {
		return g, line, fmt.Errorf("%s: write %s", g.name(), g.option.example())
	}
	switch v := e.Value(); {
	case g.option.Kind == Switch:
		if v.Kind != unstable.Bool {
			return wrong()
		}
		g.values = []string{string(v.Data)}
	case v.Kind == unstable.String:
		g.values = []string{string(v.Data)}
	case v.Kind == unstable.Array && g.option.Kind != Text:
		g.values = []string{}
		for list := v.Children(); list.Next(); {
			if list.Node().Kind != unstable.String {
				return wrong()
			}
			g.values = append(g.values, string(list.Node().Data))
		}
	default:
		return wrong()
	}
	if check := g.option.Check; check != nil {
		err = check(g.entry, g.values)
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", g.name(), err)
	}
	return g, line, err
}

// name is what messages call a value's option.
func (g *given) name() string {
	if g.entry == "" {
		return g.option.Name
	}
	return g.option.Name + "." + g.entry
}

// example is what an option may look like in the file.
func (o *Option) example() string {
	switch o.Kind {
	case Switch:
		return o.Name + " = true or " + o.Name + " = false"
	case Paths:
		return o.Name + ` = ["...", "..."]`
	case Table:
		return `a list such as ["...", "..."]`
	}
	return o.Name + ` = "..."`
}

// find returns the option of a key, and the entry of a Table.
func find(options []Option, key []string) (o *Option, entry string, err error) {
	all := make([]string, len(options))
	for k := range options {
		o := &options[k]
		all[k] = o.Name
		if o.Name != key[0] {
			continue
		}
		switch {
		case o.Kind != Table && len(key) == 1:
			return o, "", nil
		case o.Kind == Table && len(key) == 2 && (key[1] == "" || slices.Contains(o.Entries, key[1])):
			return o, key[1], nil // "" where only the head of the table is asked about
		case o.Kind == Table && len(key) == 1:
			return nil, "", fmt.Errorf("%s is a table: write [%[1]s] and a line each below it", o.Name)
		case o.Kind == Table:
			return nil, "", fmt.Errorf("%s has no %q: there are %s", o.Name, strings.Join(key[1:], "."), strings.Join(o.Entries, ", "))
		}
		return nil, "", fmt.Errorf("%s is no table: write %s", o.Name, o.example())
	}
	return nil, "", fmt.Errorf("there is no option %q: there are %s", strings.TrimSuffix(strings.Join(key, "."), "."), strings.Join(all, ", "))
}
