package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sqleuth/analysis/export"
)

func newExport(io stdio) *cobra.Command {
	var flags analysisFlags
	var dir, which string
	opt := export.Options{Version: version}
	var about caseFlags
	var hidden redactFlags
	cmd := &cobra.Command{
		Use:   "export [flags] --out DIR LOG...",
		Short: "Write the findings and the notebook's tables as files",
		Long: `Writes into DIR the report to hand over (report.html, report.md), the entries that
are evidence with their texts (evidence.csv, evidence.jsonl), findings, detections,
connections, accounts and labels as CSV, the notebook's tables, and manifest.json,
by which sqleuth verify checks all of it against the log. sqleuth schema tells
what each column is.`,
		Args: someLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if dir == "" {
				return usagef("export: name a folder with --out")
			}
			var ok bool
			if opt.Files, ok = export.FilesNamed(which); !ok {
				return usagef("--files %s: give %s", which, export.FilesWords())
			}
			if err := about.check(); err != nil {
				return err
			}
			opt.Case = about.Case
			if err := checkFilter(opt.Filter); err != nil {
				return err
			}
			cfg, files, err := flags.config(cmd)
			if err != nil {
				return err
			}
			p, err := newProgress(io.err, flags.progress)
			if err != nil {
				return err
			}
			cfg.Params.Keep = export.KeptTrees
			logs, err := flags.logs(args)
			if err != nil {
				return err
			}
			opt.Options = flags.options(cfg)
			if opt.Reads, err = flags.reads(logs.paths); err != nil {
				return err
			}
			if err := export.Check(dir, opt); err != nil {
				return err
			}
			if opt.Redaction, err = hidden.redaction(dir); err != nil {
				return err
			}
			if err := opt.Hides(cfg.Reading); err != nil {
				return usagef("--redact: %w", err)
			}
			a, err := flags.analyse(cmd.Context(), cfg, files, io.in, logs, p)
			if err != nil {
				return err
			}
			defer a.Close()
			defer p.done()
			names, err := export.Write(cmd.Context(), dir, a.snapshot, a.text(), opt, func(name string) { p.line("write " + name) })
			if err != nil {
				return err
			}
			p.done()
			a.warn(cmd, io.err)
			notes := a.notices
			if a.snapshot.Unzoned {
				notes = append(notes, "times are the server's local ones, whose zone the log does not name; they are written as if they were UTC. Name the zone with --tz, such as --tz Europe/Berlin or --tz +02:00")
			}
			for _, n := range notes {
				fmt.Fprintln(io.err, "sqleuth:", printable(n))
			}
			_, err = fmt.Fprintf(io.out, "%d files in %s\n", len(names), printable(dir))
			return err
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.useCase, "case", false, "also take labels and notes from the case file")
	cmd.Flags().StringVar(&dir, "out", "", "write into this `DIR`")
	cmd.Flags().StringVar(&which, "files", export.Full.String(), "`WHICH` files: "+export.FilesWords())
	cmd.Flags().StringVar(&opt.Filter, "filter", "", "write the entries that `TERM` selects too, as rows and as they are in the log; terms are those of the investigator")
	cmd.Flags().BoolVar(&opt.Force, "force", false, "replace what an earlier export left in DIR, whole")
	cmd.Flags().BoolVar(&opt.Raw, "csv-raw", false, "leave CSV cells as they stand in the log, formulas included")
	about.add(cmd.Flags())
	hidden.add(cmd.Flags(), "default: DIR.key")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}
