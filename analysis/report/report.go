package report

import (
	"context"
	"fmt"
	"io"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// Options are what a report holds beside its snapshot.
type Options struct {
	Version string        // of the program
	Notices []string      // what the reader should know beforehand, such as what became of a labels file's rows
	Text    pipeline.Text // of the log; where there is none, statements of incidents are shown without their values
}

// Text writes the report of a finished snapshot as text. Its error is that of
// the writer or of ctx.
func Text(ctx context.Context, w io.Writer, s *pipeline.Snapshot, opt Options) error {
	p := &page{w: w, quotes: quote(ctx, s, opt.Text)}
	parts := defaultParts
	if s.Reading == reading.Notebook {
		parts = notebookParts
	}
	writeHead(p, s, opt)
	for _, part := range parts {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("write report: %w", err)
		}
		if p.err == nil {
			if err := part(p, s); err != nil {
				return fmt.Errorf("write report: %w", err)
			}
		}
	}
	if p.err != nil {
		return fmt.Errorf("write report: %w", p.err)
	}
	return nil
}

// part writes one part of the text.
type part func(*page, *pipeline.Snapshot) error

// defaultParts begin with what a responder asks first.
var defaultParts = []part{
	writeIncidents, writeDetections, writeSuspects, writeAccounts, writeNovel,
	writeMessages,
	writeCounts, writeTemplates, writeIsolation, writeRandom, writeMixed, writeLearned,
	writeLimits,
}

// notebookParts keep the notebook's order; what it does not have follows.
var notebookParts = []part{
	writeNotebookCounts, writeNotebookIsolation, writeNotebookRandom, writeNotebookMixed,
	writeIncidents, writeDetections, writeSuspects, writeAccounts, writeNovel, writeTemplates, writeLimits,
}
