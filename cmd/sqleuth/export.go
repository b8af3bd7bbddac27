package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline"
)

// exportFlags are the flags of export beside those of every analysis.
type exportFlags struct {
	dir, files string
	about      caseFlags
	hidden     redactFlags
	export.Options
}

func newExport(io stdio) *cobra.Command {
	var flags analysisFlags
	own := exportFlags{Options: export.Options{Version: version}}
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
			if err := own.check(); err != nil {
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
			if err := own.settle(&flags, cfg, logs); err != nil {
				return err
			}
			a, err := flags.analyse(cmd.Context(), cfg, files, io.in, logs, p)
			if err != nil {
				return err
			}
			defer a.Close()
			defer p.done()
			names, err := export.Write(cmd.Context(), own.dir, a.snapshot, a.text(), own.Options, func(name string) { p.line("write " + name) })
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
			_, err = fmt.Fprintf(io.out, "%d files in %s\n", len(names), printable(own.dir))
			return err
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.useCase, "case", false, "also take labels and notes from the case file")
	cmd.Flags().StringVar(&own.dir, "out", "", "write into this `DIR`")
	cmd.Flags().StringVar(&own.files, "files", export.Full.String(), "`WHICH` files: "+export.FilesWords())
	cmd.Flags().StringVar(&own.Filter, "filter", "", "write the entries that `TERM` selects too, as rows and as they are in the log; terms are those of the investigator")
	cmd.Flags().BoolVar(&own.Force, "force", false, "replace what an earlier export left in DIR, whole")
	cmd.Flags().BoolVar(&own.Raw, "csv-raw", false, "leave CSV cells as they stand in the log, formulas included")
	own.about.add(cmd.Flags())
	own.hidden.add(cmd.Flags(), "default: DIR.key")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}

// check checks what needs neither the other flags nor the folder.
func (f *exportFlags) check() error {
	if f.dir == "" {
		return usagef("export: name a folder with --out")
	}
	var ok bool
	if f.Files, ok = export.FilesNamed(f.files); !ok {
		return usagef("--files %s: give %s", f.files, export.FilesWords())
	}
	if err := f.about.check(); err != nil {
		return err
	}
	f.Case = f.about.Case
	return checkFilter(f.Filter)
}

// settle completes the options of an export of logs, and fails where it is known already
// that none can be written.
func (f *exportFlags) settle(flags *analysisFlags, cfg pipeline.Config, logs givenLogs) (err error) {
	f.Options.Options = flags.options(cfg)
	if f.Reads, err = flags.reads(logs.paths); err != nil {
		return err
	}
	if err := export.Check(f.dir, f.Options); err != nil {
		return err
	}
	if f.Redaction, err = f.hidden.redaction(f.dir); err != nil {
		return err
	}
	if err := f.Hides(cfg.Reading); err != nil {
		return usagef("--redact: %w", err)
	}
	return nil
}
