package main

import (
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

// reportFlags are the flags of report beside those of every analysis.
type reportFlags struct {
	json         bool
	format, term string
	about        caseFlags
	hidden       redactFlags
}

func newReport(std stdio) *cobra.Command {
	var flags analysisFlags
	var own reportFlags
	cmd := &cobra.Command{
		Use:   "report [flags] LOG...",
		Short: "Print the whole analysis as text or JSON, or a report to hand over",
		Long: `Prints what was found: incidents, suspects, detections, accounts, counts and models.
--format html is the report to hand over: one file for readers who never saw this
program, with what happened, what to do, how sure it is, and the evidence.`,
		Args: someLogs,
		RunE: func(cmd *cobra.Command, args []string) error {
			write, err := own.chosen(cmd.Flags().Changed("format"))
			if err != nil {
				return err
			}
			redaction, err := own.added(flags.notebook)
			if err != nil {
				return err
			}
			a, err := flags.analyseAll(cmd, std, args)
			if err != nil {
				return err
			}
			defer a.Close()
			a.about = own.about.Case
			if a.hidden, err = redaction.Redactor(cmd.Context(), a.snapshot, a.text()); err != nil {
				return err
			}
			return a.print(cmd, std, write)
		},
	}
	flags.add(cmd.Flags())
	cmd.Flags().BoolVar(&flags.useCase, "case", false, "also take labels and notes from the case file")
	cmd.Flags().BoolVar(&own.json, "json", false, "print one JSON object")
	cmd.Flags().StringVar(&own.format, "format", "text", "print as `FORMAT`: text is the whole analysis; md and html are the report to hand over, one file; csv, jsonl and log are for --filter")
	own.about.add(cmd.Flags())
	cmd.Flags().StringVar(&own.term, "filter", "", "print the entries that `TERM` selects instead, as they are in the log (--format log), or as rows (csv, jsonl)")
	own.hidden.add(cmd.Flags(), "to be named with --redact")
	addProgress(cmd.Flags(), &flags.progress)
	return cmd
}

// chosen returns what is to be printed; named is whether the format was.
func (f *reportFlags) chosen(named bool) (reportFormat, error) {
	switch {
	case f.json && named:
		return nil, usagef("report: --json is a format of its own; leave --format away")
	case f.json && f.term != "":
		return nil, usagef("report: --json is of the whole analysis; give --filter with --format csv, jsonl or log")
	case f.json:
		return wholeReport(report.JSON), nil
	case f.term != "" && !named:
		f.format = string(schema.LogLines)
	}
	if f.term != "" {
		write := entriesIn(f.format, f.term)
		if write == nil {
			return nil, usagef("--filter: --format %s is of the whole analysis; give csv, jsonl or log", f.format)
		}
		return write, checkFilter(f.term)
	}
	write := reportFormats[f.format]
	if write == nil {
		return nil, usagef("--format %s: give text, md or html", f.format)
	}
	return write, nil
}

// added checks what the report to hand over has beside the analysis, and returns what is
// hidden in it.
func (f *reportFlags) added(notebook bool) (*export.Redaction, error) {
	if err := f.about.check(); err != nil {
		return nil, err
	}
	toHandOver := !f.json && (f.format == "md" || f.format == "html")
	if f.about.Case != (handover.Case{}) && !toHandOver {
		return nil, usagef("report: what --case-name and its kin say stands in the report to hand over: give --format md or html")
	}
	switch hides := f.hidden != (redactFlags{}); {
	case hides && !toHandOver:
		return nil, usagef("report: --redact hides what is in the report to hand over: give --format md or html")
	case hides && notebook:
		return nil, usagef("report: --redact and --notebook: the figures of the notebook's reading are those of the notebook, values and all")
	}
	return f.hidden.redaction("")
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

// reportFormat writes something of an analysed log.
type reportFormat func(ctx context.Context, w io.Writer, a *analysed) error

var reportFormats = map[string]reportFormat{
	"text": wholeReport(report.Text),
	"md":   handedOver(handover.Markdown),
	"html": handedOver(handover.HTML),
}

// wholeReport is a format of everything that the analysis found.
func wholeReport(write func(context.Context, io.Writer, *pipeline.Snapshot, report.Options) error) reportFormat {
	return func(ctx context.Context, w io.Writer, a *analysed) error {
		return write(ctx, w, a.snapshot, report.Options{Version: version, Notices: a.notices, Text: a.text()})
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
