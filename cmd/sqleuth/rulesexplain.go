package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/visible"
)

func newRulesExplain(io stdio) *cobra.Command {
	var flags analysisFlags
	cmd := &cobra.Command{
		Use:   "explain [flags] ID ENTRY LOG...",
		Short: "Show what each part of a rule makes of an entry",
		Long: `explain evaluates a rule, by name or id, on an entry, counted from 1, and shows
each selection with what it looks for and what the entry has; then the
detections of the rule that rest on the entry.`,
		Args: beforeLogs(2, "give a rule's name or id, an entry's number and a log"),
		RunE: func(cmd *cobra.Command, args []string) error {
			entry, err := strconv.Atoi(args[1])
			if err != nil || entry < 1 {
				return usagef("rules explain: %q is no entry: give its number, from 1", args[1])
			}
			cfg, files, err := flags.config(cmd)
			if err != nil {
				return err
			}
			r := cfg.Detect.Rules.Named(args[0])
			if r == nil || !r.Enabled {
				return fmt.Errorf("rules explain: there is no rule %q that is switched on; sqleuth rules list names them", args[0])
			}
			p, err := newProgress(io.err, flags.progress)
			if err != nil {
				return err
			}
			logs, err := flags.logs(args[2:])
			if err != nil {
				return err
			}
			a, err := flags.analyse(cmd.Context(), cfg, files, io.in, logs, p)
			if err != nil {
				return err
			}
			defer a.Close()
			if entry > a.snapshot.Len() {
				return fmt.Errorf("rules explain: the log has %d entries, there is no entry %d", a.snapshot.Len(), entry)
			}
			text := a.text()
			read := func(i int) ([]byte, error) {
				record, err := text.Record(&a.snapshot.Log, i)
				return record.Text, err
			}
			list, err := detect.Explain(cmd.Context(), &a.snapshot.Log, read, cfg.Detect, r, entry-1)
			if err != nil {
				return err
			}
			w := bufio.NewWriter(io.out)
			statement, err := read(entry - 1)
			if err != nil {
				return err
			}
			fmt.Fprintf(w, "entry %d: %s\n", entry, brief(string(statement)))
			for _, x := range list {
				writeExplained(w, x)
			}
			writeRests(w, a, r, uint32(entry-1))
			return w.Flush()
		},
	}
	flags.add(cmd.Flags())
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}

// writeExplained writes what a rule makes of an entry.
func writeExplained(w io.Writer, x detect.Explained) {
	fmt.Fprintf(w, "\n%s %s (%s)\n", printable(x.Rule.Name), printable(x.Rule.Title), x.Rule.Kind)
	if x.Why != "" {
		fmt.Fprintf(w, "  not asked: %s\n", printable(x.Why))
		return
	}
	for _, s := range x.Explanation.Selections {
		fmt.Fprintf(w, "  %-8s %s\n", s.Result, printable(s.Name))
		for _, item := range s.Items {
			has := "no value"
			if len(item.Values) > 0 {
				has = listed(item.Values)
			}
			fmt.Fprintf(w, "    %-8s %s: %s; the entry has %s\n", item.Result, printable(item.Key), listed(item.Wanted), has)
		}
	}
	fmt.Fprintf(w, "  %-8s condition: %s\n", x.Explanation.Result, printable(x.Explanation.Condition))
	for _, l := range x.Explanation.Levels {
		fmt.Fprintf(w, "  %-8s level %s when %s\n", l.Result, l.Level, printable(l.When))
	}
	fmt.Fprintf(w, "  level %s where none of these is true\n", x.Rule.Level)
}

// writeRests writes the detections of a rule that rest on an entry.
func writeRests(w io.Writer, a *analysed, r *rule.Rule, entry uint32) {
	none := true
	for k := range a.snapshot.Detections {
		d := &a.snapshot.Detections[k]
		if _, ok := slices.BinarySearch(d.Entries, entry); d.Rule != r || !ok {
			continue
		}
		none = false
		fmt.Fprintf(w, "\ndetection, %s: %s\n", d.Severity, printable(d.Summary))
		if d.Site != nil {
			fmt.Fprintf(w, "  %s\n", printable(d.Aside()))
		}
	}
	if none {
		fmt.Fprintf(w, "\nno detection of %s rests on the entry\n", printable(r.Name))
	}
}

// listed writes values for one line.
func listed(values []string) string {
	short := make([]string, len(values))
	for k, v := range values {
		short[k] = brief(v)
	}
	return strings.Join(short, " | ")
}

// brief writes the beginning of a text of any origin on one line.
func brief(text string) string {
	line, cut := visible.Unicode.Line(text, 240)
	if cut {
		line += "…"
	}
	return line
}
