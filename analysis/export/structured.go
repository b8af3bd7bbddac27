package export

import (
	"context"
	"io"
	"strconv"
	"time"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// isoMicros is how times are written: logparser's column has no zone, since the
// log_format cuts the Z off.
const isoMicros = "2006-01-02T15:04:05.000000"

// writeStructured goes through the log once more and writes structured.csv as
// logparser does.
func writeStructured(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, w sheet) error {
	if err := w.Row("LineId", "Timestamp", "Id", "Command", "Action", "Table", "Content", "EventId", "EventTemplate", "ParameterList"); err != nil {
		return err
	}
	extractors := make([]*drain.Extractor, len(s.Templates))
	var list []byte
	return text.Replay(ctx, &s.Log, func(i int, r *reading.Record) error {
		w.AppendInt(int64(i) + 1)
		if n := r.Notebook; n != nil {
			stamp := n.Timestamp
			w.text(string(stamp[:len(stamp)-1]))
			w.text(string(n.ID))
		} else {
			stamp := ""
			if t := s.Entries.Time(i); t != store.NoTime {
				stamp = time.UnixMicro(t).UTC().Format(isoMicros)
			}
			w.AppendField(stamp)
			w.AppendField(strconv.FormatUint(r.ID, 10))
		}
		w.text(string(r.Command))
		w.text(r.Action)
		w.text(s.Reading.FeatureTable(string(r.Table)))
		w.text(string(r.Text))
		k := s.Template(i)
		t := &s.Templates[k]
		w.AppendField(t.EventID)
		w.text(t.Text)
		if extractors[k] == nil {
			extractors[k] = drain.NewExtractor(t.Text)
		}
		list = extractors[k].AppendPyRepr(list[:0], r.Text)
		w.text(string(list))
		return w.EndRow()
	})
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
