package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sqleuth/analysis/logfile"
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

Several files are one timeline of one server, whatever their order; logs of several
servers are kept apart by --server NAME=FILE. "-" is standard input. Compressed files are
recognised by their content. The log is only read, never written.

Of a damaged file (cut, corrupt) and of one with more text than --max-expanded
allows, what could be read is given; standard error has a line for each.

Exit status: 0 done, also where a file was damaged but part of it could be read;
1 could not; 2 used wrongly; 3 not all of an export could be checked (verify).`,
		Example: `  sqleuth general.log                 look around
  sqleuth demo                        the same on a real recorded incident
  sqleuth report general.log.gz       everything as text
  sqleuth export --out case general.log.gz
  sqleuth verify case general.log.gz  the export checked against its log`,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 && !namesLogs(cmd) {
				return usagef("no log given: name a general query log, or try sqleuth demo")
			}
			if len(args) > 0 {
				if err := mistyped(cmd, args[0]); err != nil {
					return err
				}
			}
			return inv.run(cmd, io, args)
		},
	}
	root.SetFlagErrorFunc(flagError)
	root.SuggestionsMinimumDistance = 2
	root.SetHelpCommand(newHelp())
	cobra.AddTemplateFunc("flagUsages", flagUsages)
	root.SetUsageTemplate(flagSet.ReplaceAllString(root.UsageTemplate(), "{{flagUsages .$1 |"))
	inv.add(root)
	root.Flags().BoolVar(&inv.follow, "follow", false, "go on reading the newest LOG as it is written; it may not be there yet")
	cobra.EnableCommandSorting = false // in the help: what is used most first
	root.AddCommand(newDemo(io), newReport(io), newExport(io), newVerify(io), newRules(io), newCase(io), newStream(io), newEvaluate(io), newModel(io), newDrain(io), newSchema(io), newConfig(io), newVersion(), newMan())
	root.PersistentPreRunE = settle
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		c.DisableFlagsInUseLine = true
		if c.Name() == "completion" {
			c.Args = cobra.ArbitraryArgs
			c.RunE = nameOne("bash, zsh, fish and powershell")
			for _, shell := range c.Commands() {
				shell.Args = noArgs
			}
		}
	}
	return root
}

// flagSet is a set of flags in the template of a command's help, optional a flag in it
// whose value may be left out.
var (
	flagSet  = regexp.MustCompile(`\{\{\.(LocalFlags|InheritedFlags)\.FlagUsages \|`)
	optional = regexp.MustCompile(`(--\S+) (\S+)\[="[^"]*"\]`)
)

// flagUsages is pflag's list of flags, in which one whose value may be left out is
// --flag[=VALUE].
func flagUsages(flags *pflag.FlagSet) string {
	return optional.ReplaceAllStringFunc(flags.FlagUsages(), func(was string) string {
		return fmt.Sprintf("%-*s", len(was), optional.ReplaceAllString(was, "$1[=$2]"))
	})
}

// newHelp is cobra's help command, except that a command which does not exist is
// an error.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Help about any command",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			if len(args) == 0 {
				for _, c := range cmd.Root().Commands() {
					if c.IsAvailableCommand() {
						names = append(names, c.Name())
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				text := fmt.Sprintf("help: there is no command %q", args[len(args)-1])
				if s := alternatives(cmd.Root(), args[0]); s != "" && c == cmd.Root() {
					text += "; did you mean " + s + "?"
				}
				return usagef("%s", text)
			}
			c.InitDefaultHelpFlag()
			return c.Help()
		},
	}
}

// mistyped returns an error if the first log is rather the name of a command.
func mistyped(root *cobra.Command, arg string) error {
	if _, err := os.Stat(arg); !errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if s := alternatives(root, arg); s != "" {
		return usagef("there is neither a file nor a command %q; did you mean %s?", arg, s)
	}
	return nil
}

// alternatives lists the commands whose names are like a text, empty for none.
func alternatives(root *cobra.Command, text string) string {
	if text == "" {
		return ""
	}
	names := root.SuggestionsFor(text)
	for i, n := range names {
		names[i] = root.CommandPath() + " " + n
	}
	return strings.Join(names, " or ")
}

// nameOne is run for a command without one of its own, a list of which is given.
func nameOne(list string) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		cmd.SuggestionsMinimumDistance = 2
		if len(args) > 0 {
			if s := alternatives(cmd, args[0]); s != "" {
				return usagef("%s: there is no %q; did you mean %s?", called(cmd), args[0], s)
			}
		}
		return usagef("%s: name one of %s", called(cmd), list)
	}
}

// helpOn is what to type for the help on a command.
func helpOn(cmd *cobra.Command) string {
	if cmd == nil || !cmd.HasParent() {
		return "sqleuth help"
	}
	return "sqleuth help " + called(cmd)
}

// called is a command as it was typed behind the name of the program.
func called(cmd *cobra.Command) string {
	return strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" ")
}

func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usagef("%s takes no argument, got %q", called(cmd), args[0])
	}
	return nil
}

func someLogs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 && !namesLogs(cmd) {
		return usagef("%s: no log given: name a general query log, or - for standard input", called(cmd))
	}
	if len(args) > logfile.MaxFiles {
		return usagef("%s: %d logs given, at most %d are read at once", called(cmd), len(args), logfile.MaxFiles)
	}
	return nil
}

// beforeLogs takes n arguments, for which ask asks, and logs behind them.
func beforeLogs(n int, ask string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n || len(args) == n && !namesLogs(cmd) {
			return usagef("%s: %s", called(cmd), ask)
		}
		return someLogs(cmd, args[n:])
	}
}
