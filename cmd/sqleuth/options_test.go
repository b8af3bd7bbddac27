package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"sqleuth/cmd/sqleuth/config"
)

// values are, for each option, those of the three sources: different from one another
// and from the default, as a flag writes them.
var values = map[string]struct{ file, environment, flag string }{
	"theme":   {"dark", "light", "mono"},
	"ascii":   {"true", "false", "true"},
	"mouse":   {"true", "false", "true"},
	"analyst": {"Ada", "Grace", "Joan"},
	"tz":      {"Europe/Berlin", "+02:00", "UTC"},
	"show-tz": {"Europe/Berlin", "+02:00", "UTC"},
	"rules":   {"/f", "/e", "/g"},
	"site":    {"/f", "/e", "/g"},
	"columns": {"connections=id", "connections=host", "connections=user:12"},
	"keys":    {"search=ctrl+s", "search=K", "search=ctrl+t"},
}

// inFile is a value as the file has it.
func inFile(o *config.Option, text string) string {
	switch o.Kind {
	case config.Switch:
		return o.Name + " = " + text
	case config.Paths:
		return o.Name + ` = ["` + text + `"]`
	case config.Table:
		name, value, _ := strings.Cut(text, "=")
		return "[" + o.Name + "]\n" + name + ` = "` + value + `"`
	}
	return o.Name + ` = "` + text + `"`
}

// TestEveryOptionFromEverySource: flags win over the environment, and that over the
// file.
func TestEveryOptionFromEverySource(t *testing.T) {
	for _, o := range options() {
		v, ok := values[o.Name]
		if !ok {
			t.Errorf("no values for %s", o.Name)
			continue
		}
		for _, c := range []struct{ file, environment, flag, want, from string }{
			{from: "default"},
			{file: v.file, want: v.file, from: "config file"},
			{environment: v.environment, want: v.environment, from: "environment " + o.Variable()},
			{flag: v.flag, want: v.flag, from: "flag"},
			{file: v.file, environment: v.environment, want: v.environment, from: "environment " + o.Variable()},
			{file: v.file, flag: v.flag, want: v.flag, from: "flag"},
			{environment: v.environment, flag: v.flag, want: v.flag, from: "flag"},
			{v.file, v.environment, v.flag, v.flag, "flag"},
		} {
			var inv investigator
			cmd := &cobra.Command{Use: "x"}
			inv.add(cmd)
			def := cmd.Flags().Lookup(o.Name).Value.String()
			path := filepath.Join(t.TempDir(), "config.toml")
			if c.file != "" {
				if err := os.WriteFile(path, []byte(inFile(&o, c.file)), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			if c.flag != "" {
				if err := cmd.Flags().Set(o.Name, c.flag); err != nil {
					t.Fatal(err)
				}
			}
			s, err := config.Resolve(cmd.Flags(), options(), path, func(name string) string {
				if name == o.Variable() {
					return c.environment
				}
				return ""
			})
			if err != nil {
				t.Errorf("%s of %+v: %v", o.Name, c, err)
				continue
			}
			got := cmd.Flags().Lookup(o.Name).Value.String()
			want := c.want
			if want == "" {
				want = def
			} else if o.Kind >= config.Paths {
				want = "[" + want + "]"
			}
			if got != want {
				t.Errorf("%s of %+v is %q, want %q", o.Name, c, got, want)
			}
			if got := s.From(o.Name).Kind(); got != c.from {
				t.Errorf("%s of %+v is from %s", o.Name, c, got)
			}
		}
	}
}

// TestWhatIsPrintedIsAFile with the same settings.
func TestWhatIsPrintedIsAFile(t *testing.T) {
	resolve := func(file string) (string, error) {
		var inv investigator
		cmd := &cobra.Command{Use: "x"}
		inv.add(cmd)
		s, err := config.Resolve(cmd.Flags(), options(), file, func(string) string { return "" })
		if err != nil {
			return "", err
		}
		var out strings.Builder
		err = s.Print(&out)
		return out.String(), err
	}
	plain := func(printed string) (lines []string) {
		for line := range strings.Lines(printed) {
			line, _, _ = strings.Cut(line, "  #")
			lines = append(lines, strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(line), "# default")))
		}
		return lines
	}
	first, err := resolve("")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(first), 0o600); err != nil {
		t.Fatal(err)
	}
	second, err := resolve(path)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(plain(first), plain(second)) || !strings.Contains(second, path+":1") {
		t.Errorf("printed\n%s\nthen\n%s", first, second)
	}
}

// TestWhatIsWrongInTheFile is one line, with that of the file and what to write.
func TestWhatIsWrongInTheFile(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"\n\ntheme = \"pink\"", `:3: theme: there is no theme "pink": give one of auto, dark`},
		{"theme = 3", `:1: theme: write theme = "..."`},
		{"# a comment\ncolour = \"dark\"", `:2: there is no option "colour": there are theme, ascii,`},
		{"mouse = \"yes\"", ":1: mouse: write mouse = true or mouse = false"},
		{"analyst = \"a\"\nanalyst = \"b\"", ":2: "},
		{"theme = \"dark", ":1: "},
		{"tz = \"Europe/Nowhere\"", ":1: tz: no such zone; give a name such as Europe/Berlin"},
		{"rules = true", `:1: rules: write rules = ["...", "..."]`},
		{"rules = [1]", `:1: rules: write rules = ["...", "..."]`},
		{"keys = \"x\"", ":1: keys is a table: write [keys]"},
		{"[keys]\nsearch = \"ctrl+s\"\nfly = \"z\"", `:3: keys has no "fly": there are next, previous`},
		{"[keys]\nsearch = \"hyper+s\"", `:2: keys.search: there is no key "hyper+s"; write one character`},
		{"[keys]\nsearch = []", ":2: keys.search: give it a key"},
		{"[keys]\nsearch = \"n\"", `:2: keys.search: n is "next match" already; choose another key`},
		{"[keys]\nsearch = \"Q\"\nexport = \"Q\"", ":3: keys.export: Q is \"search\" already"},
		{"[keys]\nsearch = \"1\"", `:2: keys.search: 1 is "label" already`},
		{"[columns]\nconnections = [\"id\", \"hoste\"]", `:2: columns.connections: there is no column "hoste": there are id, start,`},
		{"[columns]\nconnections = [\"id\", \"id:3\"]", ":2: columns.connections: id is there twice"},
		{"[columns]\nconnections = \"id:9999\"", ":2: columns.connections: id:9999: give a width of at most 500 cells"},
		{"[columns]\n\"accounts by user\" = []", ":2: columns.accounts by user: name a column at least"},
		{"[colours]\nx = 1", `:1: there is no option "colours"`},
		{"[theme]\nx = 1", `:1: theme is no table: write theme = "..."`},
		{"[[keys]]\nsearch = \"n\"", ":"},
	} {
		var inv investigator
		cmd := &cobra.Command{Use: "x"}
		inv.add(cmd)
		path := filepath.Join(t.TempDir(), "config.toml")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := config.Resolve(cmd.Flags(), options(), path, func(string) string { return "" })
		if wrong, ok := errors.AsType[*config.FileError](err); !ok || !strings.Contains(wrong.Error(), path+c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
	var inv investigator
	cmd := &cobra.Command{Use: "x"}
	inv.add(cmd)
	for variable, want := range map[string]string{
		"SQLEUTH_THEME=pink":       "SQLEUTH_THEME=pink: there is no theme",
		"SQLEUTH_MOUSE=perhaps":    "SQLEUTH_MOUSE=perhaps: give true or false",
		"SQLEUTH_KEYS=search":      "SQLEUTH_KEYS=search: write NAME=VALUE,VALUE",
		"SQLEUTH_KEYS=search=n":    `SQLEUTH_KEYS: keys.search: n is "next match" already`,
		"SQLEUTH_TZ=Nowhere":       "SQLEUTH_TZ=Nowhere: no such zone",
		"SQLEUTH_KEYS=x=y":         `SQLEUTH_KEYS=x=y: keys has no "x"`,
		"SQLEUTH_COLUMNS=x=y":      `SQLEUTH_COLUMNS=x=y: columns has no "x": there are suspects, connections,`,
		"SQLEUTH_KEYS=up=Q;down=Q": `SQLEUTH_KEYS: keys.down: Q is "row up" already`,
	} {
		name, value, _ := strings.Cut(variable, "=")
		_, err := config.Resolve(cmd.Flags(), options(), "", func(n string) string {
			if n == name {
				return value
			}
			return ""
		})
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", variable, err, want)
		}
	}
}

// TestPathsOfTheFile are relative to its folder.
func TestPathsOfTheFile(t *testing.T) {
	var inv investigator
	cmd := &cobra.Command{Use: "x"}
	inv.add(cmd)
	t.Setenv("HOME", "/home/ada")
	dir := t.TempDir()
	path := filepath.Join(dir, "config.toml")
	if err := os.WriteFile(path, []byte(`rules = ["mine", "/abs", "~/sigma"]`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Resolve(cmd.Flags(), options(), path, func(string) string { return "" }); err != nil {
		t.Fatal(err)
	}
	if want := []string{filepath.Join(dir, "mine"), "/abs", "/home/ada/sigma"}; !slices.Equal(inv.rules.dirs, want) {
		t.Errorf("%q, want %q", inv.rules.dirs, want)
	}
}
