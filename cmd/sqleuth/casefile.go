package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wholefile"
	"sqleuth/analysis/wording"
)

// newCase builds the commands that hand a case to somebody else.
func newCase(std stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "case COMMAND",
		Short: "Hand labels, notes, decisions, filters and marks of a log to another analyst",
		Long: `A case is what an analyst did with a log: labels, notes, decisions on incidents,
filters and marks. It is kept under the user's data directory, by the SHA-256 of
the log, and the investigator saves it at every change.

export writes it to a file for somebody who has the same log, and import joins
such a file with one's own case. Both histories are kept; where two analysts
gave different labels, the later holds and the conflict is listed. Importing
twice changes nothing.`,
		Example: `  sqleuth case export ann.json general.log.gz
  sqleuth case import ann.json general.log.gz
  sqleuth case show general.log.gz`,
		RunE: func(*cobra.Command, []string) error {
			return usagef("case: write sqleuth case export FILE LOG..., import FILE LOG... or show LOG...")
		},
	}
	cmd.AddCommand(newCaseExport(std), newCaseImport(std), newCaseShow(std))
	return cmd
}

// fileAndLogs are the arguments FILE LOG...
var fileAndLogs = beforeLogs(1, "name the file of the case and its log")

func newCaseExport(std stdio) *cobra.Command {
	var servers serverFlags
	var by string
	var force bool
	cmd := &cobra.Command{
		Use:   "export [flags] FILE LOG...",
		Short: "Write the case of a log to a file, for another analyst (- is standard output)",
		Args:  fileAndLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := label.CheckAnalyst(by); err != nil {
				return usagef("--analyst: %w", err)
			}
			own, err := openCase(cmd.Context(), std.in, args[1:], servers)
			if err != nil {
				return err
			}
			data, err := casefile.Handed{Case: own.Case, Log: own.log, From: by}.Encode()
			if err != nil {
				return err
			}
			path := args[0]
			if path == "-" {
				_, err := std.out.Write(data)
				return err
			}
			target := wholefile.Target{Path: path, Force: force, Reads: own.logs}
			err = target.Write(func(w io.Writer) error { _, err := w.Write(data); return err })
			if errors.Is(err, fs.ErrExist) {
				return fmt.Errorf("case %q is there already; give --force to replace it, or another name", path)
			}
			if err != nil {
				return fmt.Errorf("case %q: %w", path, err)
			}
			_, err = fmt.Fprintf(std.out, "%s in %s\n", cmp.Or(own.Text(), "nothing yet"), printable(path))
			return err
		},
	}
	servers.add(cmd.Flags())
	cmd.Flags().StringVar(&by, "analyst", "", "`NAME` of who hands the case over")
	cmd.Flags().BoolVar(&force, "force", false, "replace FILE where there is one")
	return cmd
}

func newCaseImport(std stdio) *cobra.Command {
	var servers serverFlags
	cmd := &cobra.Command{
		Use:   "import [flags] FILE LOG...",
		Short: "Join the case that another analyst has exported with one's own, of the same log",
		Args:  fileAndLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			in, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("case %q: %w", args[0], wording.Pathless(err))
			}
			defer in.Close()
			own, err := openCase(cmd.Context(), std.in, args[1:], servers)
			if err != nil {
				return err
			}
			handed, err := casefile.ReadHanded(in, own.log)
			if err != nil {
				return fmt.Errorf("case %q: %w", args[0], wording.Pathless(err))
			}
			joined, brought, err := casefile.Join(own.Case, handed)
			if err != nil {
				return fmt.Errorf("case %q: %w", args[0], err)
			}
			if !brought.Empty() {
				if _, err := own.file.Save(cmd.Context(), own.Case, joined); err != nil {
					return err
				}
			}
			w := bufio.NewWriter(std.out)
			fmt.Fprintln(w, printable(brought.Text(handed.Giver())))
			for _, c := range brought.Conflicts {
				fmt.Fprintln(w, printable(c.Text()))
			}
			return w.Flush()
		},
	}
	servers.add(cmd.Flags())
	return cmd
}

func newCaseShow(std stdio) *cobra.Command {
	var servers serverFlags
	cmd := &cobra.Command{
		Use:   "show [flags] LOG...",
		Short: "Print what the case of a log holds, with its history",
		Args:  someLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			own, err := openCase(cmd.Context(), std.in, args, servers)
			if err != nil {
				return err
			}
			w := bufio.NewWriter(std.out)
			show(w, own)
			return w.Flush()
		},
	}
	servers.add(cmd.Flags())
	return cmd
}

// ownCase is the case that is kept of logs.
type ownCase struct {
	casefile.Case
	log  casefile.Log // the raw files, by their digests
	logs []string     // their paths
	file *casefile.File
}

// openCase reads logs, those that flags name too, for their digests and opens their case.
func openCase(ctx context.Context, in io.Reader, plain []string, named serverFlags) (own ownCase, err error) {
	dir, err := casefile.DefaultDir()
	if err != nil {
		return own, err
	}
	chosen := false
	if len(named) == 0 {
		if list, _ := chosenServers(plain); len(list) > 0 {
			named, plain, chosen = list, nil, true
		}
	}
	given, err := named.logs(plain)
	if err != nil {
		return own, err
	}
	own.logs = given.paths
	set, err := logfile.Open(given.paths, logfile.Options{Stdin: in, Servers: given.servers})
	if err != nil {
		return own, err
	}
	defer set.Close()
	if err := pipeline.Skim(ctx, pipeline.DefaultConfig(), set, func() {}); err != nil {
		return own, err
	}
	if chosen {
		if err := confirmChosen(set); err != nil {
			return own, err
		}
	}
	key, err := keyOf(dir, set)
	if err != nil {
		return own, err
	}
	own.log = logOf(set)
	own.file, own.Case, err = casefile.Open(dir, key)
	return own, err
}

// keyOf returns the key of the case of a set that was read, in the folder of the cases.
func keyOf(dir string, set *logfile.Set) (casefile.Key, error) {
	key, err := logOf(set).Key()
	if err != nil {
		return key, err
	}
	var text int64
	for _, f := range set.Files() {
		text += f.Size
	}
	return casefile.Continued(dir, key, set, text)
}

// logOf is the raw files of a set that was read.
func logOf(set *logfile.Set) (log casefile.Log) {
	for _, f := range set.Files() {
		log = log.Add(f.Name, f.Server, f.Archive, f.RawSize, hex.EncodeToString(f.SHA256[:]))
	}
	return log
}

// show prints a case, a line for each label, note, decision, filter and list of marks.
func show(w io.Writer, c ownCase) {
	fmt.Fprintf(w, "case of %s: %s\n", printable(c.log.String()), cmp.Or(c.Text(), "nothing yet"))
	fmt.Fprintf(w, "kept in %s\n", printable(c.file.Path()))
	line := func(depth int, what, text string, at time.Time, by, from string) {
		if from != "" {
			by += ", through " + from
		}
		when := "at no time known"
		if !at.IsZero() {
			when = at.Format(time.RFC3339)
		}
		if depth > 0 {
			what = "  before: "
		}
		fmt.Fprintf(w, "%s%s (%s, %s)\n", what, printable(text), printable(by), when)
	}
	for _, d := range c.Labels.Decisions() {
		for k, g := range d.Given {
			line(k, "incident "+d.Incident+": ", g.What.Text(), g.What.At, cmp.Or(g.What.Analyst, label.Nobody), g.From)
		}
	}
	for h := range c.Labels.Histories() {
		name := "connection " + h.Ref.String(true)
		for k, g := range h.Verdicts {
			line(k, name+": ", cmp.Or(g.What.Class, "no label"), g.What.At, g.What.By(), g.From)
		}
		for k, g := range h.Notes {
			line(k, "note on "+name+": ", cmp.Or(g.What.Text, "no note"), g.What.At, cmp.Or(g.What.Analyst, label.Nobody), g.From)
		}
	}
	for _, u := range c.Labels.Usual() {
		text := u.String()
		if u.Why != "" {
			text += ": " + u.Why
		}
		line(0, "normal: ", text, u.At, cmp.Or(u.Analyst, label.Nobody), u.From)
	}
	for _, f := range c.Filters {
		state := "on"
		if !f.On {
			state = "off"
		}
		fmt.Fprintf(w, "filter: %s (%s)\n", printable(f.Term), state)
	}
	for _, m := range c.Marks {
		fmt.Fprintf(w, "marked: %s of %s (%s reading)\n", wording.Counted(m.Len(), "row", "rows"), printable(m.List), printable(m.Reading))
	}
}
