package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/cmd/sqleuth/config"
	"sqleuth/ui"
	"sqleuth/ui/theme"
)

// options is the one table of what a configuration file may have. Each is a flag,
// too, of the commands that use it.
func options() []config.Option {
	text := func(check func(string) error) func(string, []string) error {
		return func(_ string, values []string) error { return check(values[0]) }
	}
	zoned := text(func(name string) error {
		_, err := pipeline.ParseZone(name)
		return err
	})
	keys, chosen := ui.NamedKeys()
	lists, columns := ui.NamedColumns()
	return []config.Option{
		{Name: "theme", Check: text(func(name string) error {
			_, _, err := theme.Named(name)
			return err
		})},
		{Name: "ascii", Kind: config.Switch},
		{Name: "mouse", Kind: config.Switch},
		{Name: "analyst", Check: text(label.CheckAnalyst)},
		{Name: "tz", Check: zoned},
		{Name: "show-tz", Check: zoned},
		{Name: "rules", Kind: config.Paths},
		{Name: "site", Kind: config.Paths},
		{
			Name: "keys", Kind: config.Table, Entries: keys, Default: chosen,
			Check:    func(_ string, keys []string) error { return ui.CheckKeys(keys) },
			Together: ui.CheckKeymap,
		},
		{Name: "columns", Kind: config.Table, Entries: lists, Default: columns, Check: ui.CheckColumns},
	}
}

// tableFlag adds the flag of a table of lists.
func tableFlag(flags *pflag.FlagSet, to *[]string, name, usage string) {
	flags.StringArrayVar(to, name, nil, usage+": `NAME=VALUE,VALUE` (repeatable; sqleuth config lists the names)")
}

// table reads the flag of a table of lists, which was checked.
func table(texts []string) map[string][]string {
	all := map[string][]string{}
	for _, text := range texts {
		name, list, _ := strings.Cut(text, "=")
		all[name] = strings.Split(list, ",")
	}
	return all
}

// configDir is the folder of the user's configuration, empty where there is none.
func configDir() string {
	home, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, "sqleuth")
}

// configFile is the path of the configuration file, empty where none is to be read.
func configFile(noConfig bool) string {
	dir := configDir()
	if noConfig || dir == "" {
		return ""
	}
	return filepath.Join(dir, "config.toml")
}

// inForce is the key of the settings in the context of a command.
type inForce struct{}

// settle gives a command's flags the values of the environment and the
// configuration file. Commands that know no --no-config have nothing to do with
// either.
func settle(cmd *cobra.Command, _ []string) error {
	f := cmd.Flags().Lookup("no-config")
	if f == nil {
		return nil
	}
	settings, err := config.Resolve(cmd.Flags(), options(), configFile(f.Value.String() == "true"), os.Getenv)
	if wrong, ok := errors.AsType[*config.FileError](err); ok {
		return wrong
	}
	if err != nil {
		return usageError{err}
	}
	cmd.SetContext(context.WithValue(cmd.Context(), inForce{}, settings))
	return nil
}

// settingsOf are those of a command.
func settingsOf(cmd *cobra.Command) config.Settings {
	s, _ := cmd.Context().Value(inForce{}).(config.Settings)
	return s
}

// flaggedColumns are the lists whose columns a flag gave.
func flaggedColumns(s config.Settings) map[string]bool {
	of := map[string]bool{}
	for _, v := range s {
		if v.Option.Name == "columns" && v.From.Flag {
			of[v.Entry] = true
		}
	}
	return of
}

// elsewhere names, of options that figures depend on, those that no flag gave.
func elsewhere(s config.Settings) map[string]string {
	from := map[string]string{}
	for _, name := range []string{"rules", "site", "tz"} {
		if o := s.From(name); o != (config.Origin{}) && !o.Flag {
			from[name] = o.Kind()
		}
	}
	return from
}

func newConfig(io stdio) *cobra.Command {
	var v investigator
	cmd := &cobra.Command{
		Use:   "config [flags]",
		Short: "Print the options that hold, and where each comes from",
		Long: `config prints the options that hold as a configuration file, with where each comes
from: a flag, the environment (SQLEUTH_THEME, SQLEUTH_TZ, ...), the file
config.toml, or the default. Flags win over the environment, and that over the file.

The file is sqleuth/config.toml in your configuration folder, $XDG_CONFIG_HOME or
~/.config. What is printed may be its beginning.`,
		Example: `  sqleuth config --theme light > config.toml`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			file := configFile(v.rules.noConfig)
			switch _, err := os.Stat(file); {
			case file == "":
				file = "no file"
			case err != nil:
				file += ", which is not there"
			}
			var text bytes.Buffer
			fmt.Fprintf(&text, "# flags over the environment over %s\n", file)
			if err := settingsOf(cmd).Print(&text); err != nil {
				return err
			}
			for line := range strings.Lines(text.String()) {
				if _, err := fmt.Fprintln(io.out, printable(strings.TrimSuffix(line, "\n"))); err != nil {
					return err
				}
			}
			return nil
		},
	}
	v.add(cmd)
	return cmd
}
