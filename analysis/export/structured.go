package export

import (
	"context"
	"io"
	"strconv"
	"time"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// isoMicros is how times are written: logparser's column has no zone, since the
// log_format cuts the Z off.
const isoMicros = "2006-01-02T15:04:05.000000"

// replayed is an entry with its text, lent for a call.
type replayed struct {
	entry int
	*reading.Record
}

// replay goes through the log once more.
func replay(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text) rows[replayed] {
	return func(add func(replayed) error) error {
		return text.Replay(ctx, &s.Log, func(i int, r *reading.Record) error { return add(replayed{i, r}) })
	}
}

// structuredColumns are the columns of structured.csv, as logparser writes them.
func structuredColumns(s *pipeline.Snapshot) []column[replayed] {
	extractors := make([]*drain.Extractor, len(s.Templates))
	var list []byte
	template := func(r replayed) *loaded.Template { return &s.Templates[s.Template(r.entry)] }
	return []column[replayed]{
		number("LineId", func(r replayed) int64 { return int64(r.entry) + 1 }),
		newColumn("Timestamp", schema.Text, false, func(w cells, r replayed) {
			if n := r.Notebook; n != nil {
				w.text(string(n.Timestamp[:len(n.Timestamp)-1]))
			} else if t := s.Entries.Time(r.entry); t != store.NoTime {
				w.AppendField(time.UnixMicro(t).UTC().Format(isoMicros))
			} else {
				w.AppendField("")
			}
		}),
		newColumn("Id", schema.Text, false, func(w cells, r replayed) {
			if n := r.Notebook; n != nil {
				w.text(string(n.ID))
			} else {
				w.AppendField(strconv.FormatUint(r.ID, 10))
			}
		}),
		logged("Command", func(r replayed) string { return string(r.Command) }),
		logged("Action", func(r replayed) string { return r.Action }),
		logged("Table", func(r replayed) string { return s.Reading.FeatureTable(string(r.Table)) }),
		sql("Content", func(r replayed) string { return string(r.Text) }),
		own("EventId", func(r replayed) string { return template(r).EventID }),
		sql("EventTemplate", func(r replayed) string { return template(r).Text }),
		sql("ParameterList", func(r replayed) string {
			k := s.Template(r.entry)
			if extractors[k] == nil {
				extractors[k] = drain.NewExtractor(s.Templates[k].Text)
			}
			list = extractors[k].AppendPyRepr(list[:0], r.Text)
			return string(list)
		}),
	}
}

// writePreprocessed goes through the log once more and writes the preprocessed
// file that the notebook feeds to Drain.
func writePreprocessed(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, w io.Writer) error {
	var line []byte
	return text.Replay(ctx, &s.Log, func(_ int, r *reading.Record) error {
		line = r.Notebook.AppendLine(line[:0])
		_, err := w.Write(line)
		return err
	})
}
