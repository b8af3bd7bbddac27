package main

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"sqleuth/analysis/export"
	"sqleuth/analysis/stream"
)

func newStream(std stdio) *cobra.Command {
	var flags analysisFlags
	var opt stream.Options
	var connections, detections bool
	var term string
	cmd := &cobra.Command{
		Use:   "stream [flags] LOG...",
		Short: "Write entries, connections or detections as lines of JSON, for an engine that holds many logs",
		Long: `stream analyses a log and writes a line of JSON for each entry: server, file,
offset, time, run, id, user, host, database at that time, command, action,
tables, digest and its hash, facts, rules. sqleuth schema --clickhouse prints
tables for them, and what to ask over all servers.`,
		Example: `  sqleuth stream --server db1 general.log.gz | clickhouse-client --query "INSERT INTO entries FORMAT JSONEachRow"
  sqleuth stream --connections --server db1 general.log.gz | clickhouse-client --query "INSERT INTO connections FORMAT JSONEachRow"
  sqleuth stream --detections --server db1 general.log.gz | clickhouse-client --query "INSERT INTO detections FORMAT JSONEachRow"`,
		Args: someLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := checkFilter(term); err != nil {
				return err
			}
			if connections && detections {
				return usagef("stream: --connections and --detections: a stream has lines of one kind; run it once for each")
			}
			a, err := flags.analyseAll(cmd, std, args)
			if err != nil {
				return err
			}
			defer a.Close()
			if term != "" {
				sel, err := export.Select(cmd.Context(), term, a.snapshot, a.text())
				if err != nil {
					return err
				}
				opt.Want = sel.Contains
			}
			write := stream.Entries
			switch {
			case connections:
				write = stream.Connections
			case detections:
				write = stream.Detections
			}
			return a.print(cmd, std, func(ctx context.Context, w io.Writer, a *analysed) error {
				return write(ctx, w, a.snapshot, opt)
			})
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.useCase, "case", false, "also take labels and notes from the case file")
	cmd.Flags().BoolVar(&connections, "connections", false, "a line for each connection, with outcome, score and incident")
	cmd.Flags().BoolVar(&detections, "detections", false, "a line for each detection, with rule, severity, user, host and incident")
	cmd.Flags().StringVar(&term, "filter", "", "only the entries that `TERM` selects, or connections or detections that have one")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}
