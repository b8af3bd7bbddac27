package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newRoot builds the command tree.
func newRoot(io stdio) *cobra.Command {
	var inv investigator
	root := &cobra.Command{
		Use:   "sqleuth [flags] LOG...",
		Short: "Investigate MySQL and MariaDB general query logs",
		Long: `sqleuth opens general query logs of MySQL and MariaDB servers and leads from
"something happened on this host" to the connections that are the attack, the
order of events, and the evidence as files.

Several files are one timeline; "-" is standard input. Compressed files are
recognised by their content. The log is only read, never written.

Of a damaged file (cut, corrupt) and of one with more text than --max-expanded
allows, what could be read is given; standard error has a line for each.

Exit status: 0 done, also where a file was damaged but part of it could be read;
1 could not; 2 used wrongly.`,
		Example: `  sqleuth general.log                 look around
  sqleuth demo                        the same on a real recorded incident
  sqleuth report general.log.gz       everything as text
  sqleuth export --out case general.log.gz`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("no log given: name a general query log, or try sqleuth demo")
			}
			return inv.run(cmd, io, args)
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	inv.add(root)
	root.AddCommand(newDemo(io), newReport(io), newExport(io), newDrain(io), newVersion())
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		c.DisableFlagsInUseLine = true
		if c.Name() == "completion" {
			c.Args = cobra.ArbitraryArgs
			c.RunE = func(*cobra.Command, []string) error {
				return usagef("completion: name one of bash, zsh, fish and powershell")
			}
		}
	}
	return root
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "sqleuth", version)
			return err
		},
	}
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument, got %q", cmd.CommandPath(), args[0])
	}
	return nil
}

func someLogs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return usagef("%s: no log given: name a general query log, or - for standard input", cmd.CommandPath())
	}
	return nil
}
