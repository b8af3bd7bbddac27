package main

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

func newRulesTest(io stdio) *cobra.Command {
	var flags ruleFlags
	cmd := &cobra.Command{
		Use:   "test [flags] [FILE...]",
		Short: "Run the rules' own tests: of all rules, or of those in files or folders",
		Long: `Each rule of a file may have tests: statements, fields of an event or small logs,
with the level that is expected. A test that fails is a line on standard error;
the exit status is then 1.`,
		RunE: func(_ *cobra.Command, args []string) error {
			set, problems := flags.load(flags.named(args)...)
			if err := faults(io.err, problems); err != nil {
				return err
			}
			var list []*rule.Rule
			for _, r := range set.Rules {
				if len(args) == 0 || slices.ContainsFunc(args, func(name string) bool { return within(name, r.Source.File) }) {
					list = append(list, r)
				}
			}
			if len(list) == 0 && len(set.Off) == 0 {
				return noRules("test", args)
			}
			count, failures := rule.RunTests(set, list, pipeline.JudgeRule)
			for _, f := range failures {
				fmt.Fprintln(io.err, printable(f))
			}
			if _, err := fmt.Fprintf(io.out, "rules: %d, tests: %d, failed: %d\n", len(list), count, len(failures)); err != nil {
				return err
			}
			if len(failures) > 0 {
				return fmt.Errorf("rules test: %d of %d tests failed", len(failures), count)
			}
			return nil
		},
	}
	flags.add(cmd.Flags())
	return cmd
}

// within reports whether a file that was read is in a folder, or the very file.
func within(dir, file string) bool {
	rel, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(rel)
}
