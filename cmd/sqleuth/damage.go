package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sqleuth/analysis/logfile"
)

// The one rule for input that is damaged, cut or stopped at a limit: what could
// be read is given, standard error has one line for each such file, and the exit
// status is 0. Only where nothing could be read it is an error.

// warn prints what warn does of the logs, and what speaks for several servers.
func (a *analysed) warn(cmd *cobra.Command, w io.Writer) {
	warn(w, a.set)
	if text := unseparated(cmd, a.snapshot); text != "" {
		fmt.Fprintf(w, "sqleuth: %s\n", printable(text))
	}
}

// warn prints a line for each file of a set that was not read whole.
func warn(w io.Writer, set *logfile.Set) {
	for _, f := range set.Files() {
		if text := shortfall(f); text != "" {
			fmt.Fprintf(w, "sqleuth: %s\n", printable(fmt.Sprintf("%q: %s", f.Name, text)))
		}
	}
	if err := set.Degraded(); err != nil {
		fmt.Fprintf(w, "sqleuth: %s\n", printable(fmt.Sprintf("part of the text cannot be read back: %v", err)))
	}
}

// shortfall describes what is missing of a file, empty for nothing.
func shortfall(f logfile.File) string {
	var damage, parts []string
	for _, d := range f.Damage {
		switch {
		case d.Kind != logfile.Limit:
			damage = append(damage, d.String())
		case d.Text == 0:
			parts = append(parts, "not read: the limit you gave with --max-expanded was reached before it")
		default:
			parts = append(parts, fmt.Sprintf("stopped at the limit you gave with --max-expanded, after %d bytes of text, byte %d of the file", d.Text, d.Raw))
		}
	}
	if len(damage) > 0 {
		parts = append([]string{strings.Join(damage, "; ") + "; what could be read is given"}, parts...)
	}
	return strings.Join(parts, "; ")
}
