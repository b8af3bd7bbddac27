package export

import (
	"iter"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
)

// cells is where rows go, cell by cell in the order of the columns: a sheet or lines
// of JSON.
type cells interface {
	header(names []string) error
	text(cell string)        // of log origin
	AppendField(cell string) // words of ours
	AppendInt(n int64)
	AppendFloat(x float64)
	list(words []string)
	texts(list []string) // of log origin
	flag(is bool)
	none() // not known
	EndRow() error
}

// column is one column of a file whose rows are R: its name, and what appends the
// one cell that a row has under it.
type column[R any] struct {
	name string
	cell func(w cells, r R)
}

// logged is a column of texts of log origin, which are guarded.
func logged[R any](name string, of func(R) string) column[R] {
	return column[R]{name, func(w cells, r R) { w.text(of(r)) }}
}

// own is a column of words of ours, which need no guard.
func own[R any](name string, of func(R) string) column[R] {
	return column[R]{name, func(w cells, r R) { w.AppendField(of(r)) }}
}

// number is a column of whole numbers.
func number[R any](name string, of func(R) int64) column[R] {
	return column[R]{name, func(w cells, r R) { w.AppendInt(of(r)) }}
}

// known is a column of whole numbers with empty cells where none is known.
func known[R any](name string, of func(R) (n int64, ok bool)) column[R] {
	return column[R]{name, func(w cells, r R) {
		if n, ok := of(r); ok {
			w.AppendInt(n)
			return
		}
		w.none()
	}}
}

// texts is a column of lists of words of ours.
func texts[R any](name string, of func(R) []string) column[R] {
	return column[R]{name, func(w cells, r R) { w.list(of(r)) }}
}

// loggedTexts is a column of lists of texts of log origin.
func loggedTexts[R any](name string, of func(R) []string) column[R] {
	return column[R]{name, func(w cells, r R) { w.texts(of(r)) }}
}

// flag is a column of what is true or not.
func flag[R any](name string, of func(R) bool) column[R] {
	return column[R]{name, func(w cells, r R) { w.flag(of(r)) }}
}

// score is a column of floats, empty for NaN.
func score[R any](name string, of func(R) float64) column[R] {
	return column[R]{name, func(w cells, r R) { w.AppendFloat(of(r)) }}
}

// writeRows writes the names of the columns and a line for each row.
func writeRows[R any](w cells, columns []column[R], rows iter.Seq[R]) error {
	if err := writeHeader(w, columns); err != nil {
		return err
	}
	for r := range rows {
		if err := writeRow(w, columns, r); err != nil {
			return err
		}
	}
	return nil
}

func writeHeader[R any](w cells, columns []column[R]) error {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return w.header(names)
}

func writeRow[R any](w cells, columns []column[R], r R) error {
	for _, c := range columns {
		c.cell(w, r)
	}
	return w.EndRow()
}

// event is when a row for Timesketch has its place in time.
type event struct {
	datetime, desc string
	micros         int64
	dated          bool
}

// eventOf is the event of a moment. One whose time is not known takes the next time
// that is, so that it has a place, and its description says so.
func eventOf(s *pipeline.Snapshot, m store.Moment, what string) event {
	if !m.Dated() {
		return event{desc: what + ", time unknown"}
	}
	if m.Before {
		what += ", before this time"
	}
	if s.Unzoned {
		what += " (server local time, zone unknown)"
	}
	return event{stamp(store.At(m.Micros)), what, m.Micros, true}
}

// timesketch are the columns message, datetime, timestamp_desc and timestamp, the
// first three of which Timesketch asks for.
func timesketch[R any](message column[R], of func(R) event) []column[R] {
	message.name = "message"
	return []column[R]{
		message,
		own("datetime", func(r R) string { return of(r).datetime }),
		own("timestamp_desc", func(r R) string { return of(r).desc }),
		known("timestamp", func(r R) (int64, bool) { e := of(r); return e.micros, e.dated }),
	}
}
