package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"sqleuth/analysis/evaluation"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// truthFiles are the flags of evaluate that name what is known about a log.
type truthFiles struct{ labels, entries, leaveOut string }

func newEvaluate(io stdio) *cobra.Command {
	var flags analysisFlags
	var known truthFiles
	cmd := &cobra.Command{
		Use:   "evaluate --labels FILE [flags] LOG...",
		Short: "Measure against labels what is found without them, and what they teach",
		Args:  someLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			// The labels must not teach the models that are measured.
			known.labels, flags.labels = flags.labels, ""
			if known.labels == "" {
				return usagef("evaluate: give --labels FILE, a CSV file whose header has id, class and perhaps stage")
			}
			a, err := flags.analyseAll(cmd, io, args)
			if err != nil {
				return err
			}
			defer a.Close()
			for _, n := range a.notices {
				fmt.Fprintln(io.err, "sqleuth:", printable(n))
			}
			truth, err := known.read(a.snapshot)
			if err != nil {
				return err
			}
			result := evaluation.Measure(a.snapshot, truth)
			if err := result.Learn(cmd.Context(), a.snapshot, truth, pipeline.LearnedParams(flags.params())); err != nil {
				return err
			}
			w := bufio.NewWriter(io.out)
			if err := result.Text(w, visible.Unicode.Text(strings.Join(args, " "))); err != nil {
				return err
			}
			return w.Flush()
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().StringVar(&known.entries, "entry-labels", "", "entries that are no normal ones: `FILE` with a header that has entry and class")
	cmd.Flags().StringVar(&known.leaveOut, "leave-out", "", "connections that are neither measured nor learnt from: `FILE` with a header that has id")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}

// read reads what is known about the log of a snapshot.
func (f *truthFiles) read(s *pipeline.Snapshot) (*evaluation.Truth, error) {
	t := &evaluation.Truth{}
	for _, file := range []struct {
		flag, path string
		read       func(io.Reader) error
	}{
		{"labels", f.labels, func(r io.Reader) error { return t.ReadConnections(r, s.Connections) }},
		{"entry-labels", f.entries, func(r io.Reader) error { return t.ReadEntries(r, s.Len()) }},
		{"leave-out", f.leaveOut, func(r io.Reader) error { return t.ReadLeftOut(r, s.Connections) }},
	} {
		if file.path == "" {
			continue
		}
		in, err := os.Open(file.path)
		if err != nil {
			return nil, fmt.Errorf("--%s %q: %w", file.flag, file.path, wording.Pathless(err))
		}
		err = file.read(in)
		in.Close()
		if err != nil {
			return nil, fmt.Errorf("--%s %q: %w", file.flag, file.path, wording.Pathless(err))
		}
	}
	return t, nil
}
