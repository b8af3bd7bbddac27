package main

import (
	"bufio"
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"sqleuth/analysis/export"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/handover"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/report"
	"sqleuth/analysis/schema"
)

func newReport(std stdio) *cobra.Command {
	var flags analysisFlags
	var asJSON bool
	var format, term string
	var about caseFlags
	var hidden redactFlags
	cmd := &cobra.Command{
		Use:   "report [flags] LOG...",
		Short: "Print the whole analysis as text or JSON, or a report to hand over",
		Long: `Prints what was found: incidents, suspects, detections, accounts, counts and models.
--format html is the report to hand over: one file for readers who never saw this
program, with what happened, what to do, how sure it is, and the evidence.`,
		Args: someLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON && cmd.Flags().Changed("format") {
				return usagef("report: --json is a format of its own; leave --format away")
			}
			write := reportFormats[format]
			if term != "" {
				if asJSON {
					return usagef("report: --json is of the whole analysis; give --filter with --format csv, jsonl or log")
				}
				if !cmd.Flags().Changed("format") {
					format = string(schema.LogLines)
				}
				write = entriesIn(format, term)
				if write == nil {
					return usagef("--filter: --format %s is of the whole analysis; give csv, jsonl or log", format)
				}
				if err := checkFilter(term); err != nil {
					return err
				}
			}
			if write == nil {
				return usagef("--format %s: give text, md or html", format)
			}
			if asJSON {
				write = wholeReport(report.JSON)
			}
			if err := about.check(); err != nil {
				return err
			}
			if about.Case != (handover.Case{}) && (asJSON || format == "text") {
				return usagef("report: what --case-name and its kin say stands in the report to hand over: give --format md or html")
			}
			redaction, err := hidden.redaction("")
			switch {
			case err != nil:
				return err
			case redaction == nil:
			case asJSON || format != "md" && format != "html":
				return usagef("report: --redact hides what is in the report to hand over: give --format md or html")
			case flags.notebook:
				return usagef("report: --redact and --notebook: the figures of the notebook's reading are those of the notebook, values and all")
			}
			a, err := flags.analyseAll(cmd, std, args)
			if err != nil {
				return err
			}
			defer a.Close()
			a.about = about.Case
			if a.hidden, err = redaction.Redactor(cmd.Context(), a.snapshot, a.text()); err != nil {
				return err
			}
			w := bufio.NewWriterSize(std.out, 1<<16)
			if err := write(cmd.Context(), w, a); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
			a.warn(cmd, std.err)
			return nil
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.useCase, "case", false, "also take labels and notes from the case file")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&format, "format", "text", "print as `FORMAT`: text is the whole analysis; md and html are the report to hand over, one file; csv, jsonl and log are for --filter")
	about.add(cmd.Flags())
	cmd.Flags().StringVar(&term, "filter", "", "print the entries that `TERM` selects instead, as they are in the log (--format log), or as rows (csv, jsonl)")
	hidden.add(cmd.Flags(), "to be named with --redact")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}

// checkFilter returns what is wrong with a filter before a log is read; empty is
// none.
func checkFilter(term string) error {
	if _, err := filter.Parse(term); err != nil {
		return usagef("--filter %s: %w", term, err)
	}
	return nil
}

// entriesIn is a format of the entries that a filter selects, nil for no such format.
func entriesIn(format, term string) reportFormat {
	if !slices.Contains(export.EntryFormats, schema.Format(format)) {
		return nil
	}
	return func(ctx context.Context, w io.Writer, a *analysed) error {
		sel, err := export.Select(ctx, term, a.snapshot, a.text())
		if err != nil {
			return err
		}
		return export.WriteEntries(ctx, w, schema.Format(format), a.snapshot, a.text(), export.Options{}, sel.Contains)
	}
}

// reportFormat writes a report of an analysed log.
type reportFormat func(ctx context.Context, w io.Writer, a *analysed) error

var reportFormats = map[string]reportFormat{
	"text": wholeReport(report.Text),
	"md":   handedOver(handover.Markdown),
	"html": handedOver(handover.HTML),
}

// wholeReport is a format of everything that the analysis found.
func wholeReport(write func(context.Context, io.Writer, *pipeline.Snapshot, report.Options) error) reportFormat {
	return func(ctx context.Context, w io.Writer, a *analysed) error {
		return write(ctx, w, a.snapshot, report.Options{Version: version, Notices: a.notices})
	}
}

// handedOver is a format of the report to hand over: the bytes of an export's.
func handedOver(write func(io.Writer, *handover.Document) error) reportFormat {
	return func(ctx context.Context, w io.Writer, a *analysed) error {
		d, err := handover.Build(ctx, a.snapshot, a.text(), handover.Options{Version: version, Settings: export.Settings(a.options), Case: a.about, Redact: a.hidden})
		if err != nil {
			return err
		}
		return write(w, d)
	}
}
