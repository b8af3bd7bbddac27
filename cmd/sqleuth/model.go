package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"sqleuth/analysis/learned"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wholefile"
	"sqleuth/analysis/wording"
)

// newModel builds the commands that keep what labels teach.
func newModel(io stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "model COMMAND",
		Short: "Keep what labels teach, for other logs",
		RunE: func(cmd *cobra.Command, args []string) error {
			return usagef("model: write sqleuth model save FILE --labels FILE LOG...")
		},
	}
	cmd.AddCommand(newModelSave(io))
	return cmd
}

func newModelSave(io stdio) *cobra.Command {
	var flags analysisFlags
	var force bool
	cmd := &cobra.Command{
		Use:   "save FILE --labels FILE [flags] LOG...",
		Short: "Learn a model from labels and write it, to be applied with --model",
		Args:  beforeLogs(1, "name the file to write and a log"),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := args[0]
			if flags.labels == "" && !flags.useCase {
				return usagef("model save: give --labels FILE, or --case for those of the case file")
			}
			if flags.model != "" {
				return usagef("model save: --model is a model that was saved; leave it away to learn one")
			}
			logs, err := flags.logs(args[1:])
			if err != nil {
				return err
			}
			target := wholefile.Target{Path: path, Force: force}
			if target.Reads, err = flags.reads(logs.paths); err != nil {
				return err
			}
			if err := target.Check(); err != nil {
				return unsaved(path, err)
			}
			a, err := flags.analyseGiven(cmd, io, logs)
			if err != nil {
				return err
			}
			defer a.Close()
			model, err := pipeline.Teach(cmd.Context(), a.snapshot, flags.params())
			if errors.Is(err, learned.ErrNoLabels) {
				return fmt.Errorf("%w; label some with --labels", err)
			}
			if err != nil {
				return err
			}
			if err := target.Write(model.Save); err != nil {
				return unsaved(path, err)
			}
			for _, n := range a.notices {
				fmt.Fprintln(io.err, "sqleuth:", printable(n))
			}
			a.warn(cmd, io.err)
			_, err = fmt.Fprintf(io.out, "%d trees of %d connections in %s\n", len(model.Trees), model.Connections, printable(path))
			return err
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.useCase, "case", false, "also take labels from the case file")
	cmd.Flags().BoolVar(&force, "force", false, "replace FILE where there is one")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}

// unsaved is why a model is not written.
func unsaved(path string, err error) error {
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("model %q is there already; give --force to replace it, or another name", path)
	}
	return fmt.Errorf("model %q: %w", path, err)
}

// readModel reads the model of --model, nil for none.
func (f *analysisFlags) readModel() (*learned.Model, error) {
	if f.model == "" {
		return nil, nil
	}
	in, err := os.Open(f.model)
	if err != nil {
		return nil, fmt.Errorf("--model %q: %w", f.model, wording.Pathless(err))
	}
	defer in.Close()
	m, err := learned.Load(in)
	if err != nil {
		return nil, fmt.Errorf("--model %q: %w", f.model, wording.Pathless(err))
	}
	return m, nil
}
