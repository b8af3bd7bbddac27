package main

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/rule"
)

// ruleFlags are where rules are read from beside the built-in ones.
type ruleFlags struct {
	dirs     []string
	site     []string
	noConfig bool
}

func (f *ruleFlags) add(flags *pflag.FlagSet) {
	flags.StringArrayVar(&f.dirs, "rules", nil, "read rules from the folder `DIR` too (repeatable); the same id replaces a rule")
	flags.BoolVar(&f.noConfig, "no-config", false, "leave out your configuration folder: its config.toml and its rules")
}

// named adds the folders among names to those that rules are read from, and returns the
// others, which are files.
func (f *ruleFlags) named(names []string) (files []string) {
	for _, name := range names {
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			f.dirs = append(f.dirs, name)
		} else {
			files = append(files, name)
		}
	}
	return files
}

// load reads all rules, and files beside them. Where a folder of the configuration
// is missing, it is as good as empty.
func (f *ruleFlags) load(files ...string) (*rule.Set, rule.Problems) {
	from := rule.Sources{Files: files}
	if dir := configDir(); dir != "" && !f.noConfig {
		own := filepath.Join(dir, "rules")
		if info, err := os.Stat(own); err == nil && info.IsDir() {
			from.Dirs = append(from.Dirs, own)
		}
	}
	from.Dirs = append(from.Dirs, f.dirs...)
	if len(from.Dirs) == 0 && len(from.Files) == 0 {
		return detect.Builtin(), nil // which are read already
	}
	return rule.Load(from, rule.Options{Natives: detect.Natives()})
}

// set reads the rules for an analysis. What is wrong with a file is an error, since a
// rule that is silently left out looks like one that has found nothing; warnings are
// notices.
func (f *ruleFlags) set() (set *rule.Set, notices []string, err error) {
	set, problems := f.load(f.site...)
	for _, p := range problems {
		if p.Warning {
			notices = append(notices, p.String())
		}
	}
	return set, notices, problems.Err()
}

func newRules(io stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "rules COMMAND",
		Short: "List, show, explain, check, test and export the rules",
		Long: `The rules are files in Sigma's form. Those of the program come first, then those
of sqleuth/rules in your configuration folder and of each --rules DIR; a rule
with the id of an earlier one replaces it, and "enabled: false" switches it off.`,
		Args: cobra.ArbitraryArgs,
		RunE: nameOne("list, show, explain, check, test and export"),
	}
	cmd.AddCommand(newRulesList(io), newRulesShow(io), newRulesExplain(io), newRulesCheck(io), newRulesTest(io), newRulesExport(io))
	for _, c := range cmd.Commands() {
		c.DisableFlagsInUseLine = true
	}
	return cmd
}

// faults prints the problems of rule files and returns the error that they are.
func faults(w io.Writer, problems rule.Problems) error {
	errors := 0
	for _, p := range problems {
		fmt.Fprintln(w, printable(p.String()))
		if !p.Warning {
			errors++
		}
	}
	if errors > 0 {
		return fmt.Errorf("rules: what has a problem is left out; mend the files or leave them out")
	}
	return nil
}

func newRulesList(io stdio) *cobra.Command {
	var flags ruleFlags
	cmd := &cobra.Command{
		Use: "list [flags]", Short: "List the rules: name, level, kind, where from, title", Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			set, problems := flags.load()
			w := tabwriter.NewWriter(io.out, 0, 0, 2, ' ', 0)
			for _, r := range append(set.Rules[:len(set.Rules):len(set.Rules)], set.Off...) {
				fmt.Fprintln(w, printable(r.Name)+"\t"+ruleLevel(r)+"\t"+r.Kind.String()+"\t"+ruleOrigin(r)+"\t"+printable(r.Title))
			}
			if err := w.Flush(); err != nil {
				return err
			}
			return faults(io.err, problems)
		},
	}
	flags.add(cmd.Flags())
	return cmd
}

// ruleLevel is the level of a rule, or why it makes no detections.
func ruleLevel(r *rule.Rule) string {
	switch {
	case !r.Enabled:
		return "off"
	case r.Silent:
		return "part" // of a correlation
	}
	return r.Level.String()
}

// ruleOrigin is where a rule is from, and what it costs.
func ruleOrigin(r *rule.Rule) string {
	origin := "built in"
	if !r.Builtin {
		origin = printable(r.Source.File)
	}
	if r.Asks.Has(rule.Text) {
		origin += ", reads texts"
	}
	return origin
}

func newRulesShow(io stdio) *cobra.Command {
	var flags ruleFlags
	cmd := &cobra.Command{
		Use: "show [flags] ID", Short: "Show a rule's file, by name or id", Args: oneRule,
		RunE: func(_ *cobra.Command, args []string) error {
			set, problems := flags.load()
			r := set.Named(args[0])
			if r == nil {
				return fmt.Errorf("rules show: there is no rule %q; sqleuth rules list names them", args[0])
			}
			var text strings.Builder
			fmt.Fprintf(&text, "# %s, %s, %s:%d\n# SHA-256 %s\n", printable(r.Name), ruleLevel(r), printable(r.Source.File), r.Source.Line, r.Source.SHA256)
			for line := range bytes.Lines(r.Document()) {
				fmt.Fprintln(&text, printable(strings.TrimRight(string(line), "\n")))
			}
			if _, err := fmt.Fprint(io.out, text.String()); err != nil {
				return err
			}
			return faults(io.err, problems)
		},
	}
	flags.add(cmd.Flags())
	return cmd
}

func oneRule(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("%s: name one rule, such as D6; sqleuth rules list has them", called(cmd))
	}
	return nil
}

func newRulesCheck(io stdio) *cobra.Command {
	var flags ruleFlags
	cmd := &cobra.Command{
		Use:   "check [flags] FILE...",
		Short: "Check files or folders of rules, and say what to write",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("rules check: no file given")
			}
			set, problems := flags.load(flags.named(args)...)
			checked := 0
			for _, r := range set.Rules {
				if r.Builtin {
					continue
				}
				checked++
				for _, lack := range r.Incomplete() {
					problems = append(problems, rule.Problem{File: r.Source.File, Line: r.Source.Line, Text: r.Name + ": " + lack, Warning: true})
				}
			}
			if err := faults(io.err, problems); err != nil {
				return err
			}
			if checked == 0 && len(set.Filters) == 0 && len(set.Off) == 0 {
				return noRules("check", args)
			}
			_, err := fmt.Fprintf(io.out, "rules: %d, filters: %d\n", checked, len(set.Filters))
			return err
		},
	}
	flags.add(cmd.Flags())
	return cmd
}

// noRules is the error of a command that was to look at the rules of files or folders in
// which there is none: the wrong ones were named, and done would be taken for passed.
func noRules(what string, names []string) error {
	return fmt.Errorf("rules %s: there is no rule in %s; of a folder files that end in .yml or .yaml are read", what, strings.Join(names, ", "))
}

func newRulesExport(io stdio) *cobra.Command {
	var flags ruleFlags
	var out string
	cmd := &cobra.Command{
		Use:   "export [flags] --out DIR",
		Short: "Write the rules as plain Sigma, a file each",
		Long: `The fields are called as in the Elastic Common Schema, those of statements
mysql.general.statement.*, what the program works out about accounts sqleuth.*.
Standard error tells what plain Sigma cannot say. DIR must not have files of
these names.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if out == "" {
				return usagef("rules export: give --out DIR")
			}
			set, problems := flags.load()
			if err := faults(io.err, problems); err != nil {
				return err
			}
			list, native, err := rule.ExportSigma(set)
			if err != nil {
				return err
			}
			if err := os.MkdirAll(out, 0o755); err != nil {
				return err
			}
			for _, e := range list {
				if err := writeNew(filepath.Join(out, e.Rule.Name+".yml"), e.Text); err != nil {
					return err
				}
				for _, note := range e.Notes {
					fmt.Fprintln(io.err, printable(e.Rule.Name+": "+note))
				}
			}
			for _, r := range native {
				fmt.Fprintln(io.err, printable(r.Name+": native code, not written"))
			}
			_, err = fmt.Fprintf(io.out, "rules: %d\n", len(list))
			return err
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().StringVar(&out, "out", "", "write into the folder `DIR`")
	return cmd
}

// writeNew writes a file that must not be there yet.
func writeNew(name string, text []byte) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(0o644))
	if err != nil {
		return err
	}
	if _, err := f.Write(text); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
