package main

import (
	"bufio"

	"github.com/spf13/cobra"

	"sqleuth/analysis/report"
)

func newReport(io stdio) *cobra.Command {
	var flags analysisFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report [flags] LOG...",
		Short: "Print the whole analysis as text or JSON",
		Args:  someLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			a, err := flags.analyseAll(cmd, io, args)
			if err != nil {
				return err
			}
			defer a.Close()
			w := bufio.NewWriterSize(io.out, 1<<16)
			opt := report.Options{Version: version, Notices: a.notices}
			if asJSON {
				err = report.JSON(cmd.Context(), w, a.snapshot, opt)
			} else {
				err = report.Text(cmd.Context(), w, a.snapshot, opt)
			}
			if err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
			warn(io.err, a.set)
			return nil
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.useCase, "case", false, "also take labels and notes from the case file")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}
