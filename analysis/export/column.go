package export

import (
	"iter"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// cells is where rows go, cell by cell in the order of the columns: a sheet or lines
// of JSON.
type cells interface {
	header(names []string) error
	text(cell string)        // of log origin
	statement(cell string)   // one of the log, or what is made of one
	redacted(cell string)    // of log origin, in which what is to be hidden is hidden
	AppendField(cell string) // words of ours
	AppendInt(n int64)
	AppendFloat(x float64)
	list(words []string)
	texts(list []string) // of log origin
	tags(list []string)  // of log origin
	flag(is bool)
	none() // not known
	EndRow() error
}

// column is one column of a file whose rows are R: its name and type, and what appends
// the one cell that a row has under it.
type column[R any] struct {
	schema.Column
	cell func(w cells, r R)
}

func newColumn[R any](name string, of schema.Type, null bool, cell func(w cells, r R)) column[R] {
	return column[R]{schema.Column{Name: name, Type: of, Null: null}, cell}
}

// logged is a column of texts of log origin, which are guarded.
func logged[R any](name string, of func(R) string) column[R] {
	return newColumn(name, schema.Text, false, func(w cells, r R) { w.text(of(r)) })
}

// sql is a column of statements, which are guarded.
func sql[R any](name string, of func(R) string) column[R] {
	return newColumn(name, schema.Text, false, func(w cells, r R) { w.statement(of(r)) })
}

// own is a column of words of ours, which need no guard.
func own[R any](name string, of func(R) string) column[R] {
	return newColumn(name, schema.Text, false, func(w cells, r R) { w.AppendField(of(r)) })
}

// dated is a column of times.
func dated[R any](name string, of func(R) store.Moment) column[R] {
	return newColumn(name, schema.Time, false, func(w cells, r R) { w.AppendField(stamp(of(r))) })
}

// number is a column of whole numbers.
func number[R any](name string, of func(R) int64) column[R] {
	return newColumn(name, schema.Integer, false, func(w cells, r R) { w.AppendInt(of(r)) })
}

// known is a column of whole numbers with empty cells where none is known.
func known[R any](name string, of func(R) (n int64, ok bool)) column[R] {
	return newColumn(name, schema.Integer, true, func(w cells, r R) {
		if n, ok := of(r); ok {
			w.AppendInt(n)
			return
		}
		w.none()
	})
}

// texts is a column of lists of words of ours.
func texts[R any](name string, of func(R) []string) column[R] {
	return newColumn(name, schema.Texts, false, func(w cells, r R) { w.list(of(r)) })
}

// loggedTexts is a column of lists of texts of log origin.
func loggedTexts[R any](name string, of func(R) []string) column[R] {
	return newColumn(name, schema.Texts, false, func(w cells, r R) { w.texts(of(r)) })
}

// tagged is the column that Timesketch takes tags from: a list of texts of log origin,
// in CSV as it reads one from a cell.
func tagged[R any](of func(R) []string) column[R] {
	return newColumn[R]("tag", schema.Texts, false, func(w cells, r R) { w.tags(of(r)) })
}

// flag is a column of what is true or not.
func flag[R any](name string, of func(R) bool) column[R] {
	return newColumn(name, schema.Boolean, false, func(w cells, r R) { w.flag(of(r)) })
}

// score is a column of floats, empty for NaN.
func score[R any](name string, of func(R) float64) column[R] {
	return newColumn(name, schema.Number, true, func(w cells, r R) { w.AppendFloat(of(r)) })
}

// rows hands each row of a file to add, until that fails; what add is given is its own
// for the call only.
type rows[R any] func(add func(R) error) error

// each are the rows of a sequence.
func each[R any](list iter.Seq[R]) rows[R] {
	return func(add func(R) error) error {
		for r := range list {
			if err := add(r); err != nil {
				return err
			}
		}
		return nil
	}
}

// indices are the numbers from 0 on, n of them.
func indices(n int) rows[int] {
	return func(add func(int) error) error {
		for i := range n {
			if err := add(i); err != nil {
				return err
			}
		}
		return nil
	}
}

// pointers are pointers to the elements of a list.
func pointers[T any](list []T) rows[*T] {
	return func(add func(*T) error) error {
		for i := range list {
			if err := add(&list[i]); err != nil {
				return err
			}
		}
		return nil
	}
}

// writeRows writes the names of the columns and a line for each row.
func writeRows[R any](w cells, columns []column[R], rows rows[R]) error {
	if err := w.header(names(columns)); err != nil {
		return err
	}
	return rows(func(r R) error { return writeRow(w, columns, r) })
}

func names[R any](columns []column[R]) []string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = c.Name
	}
	return list
}

func writeRow[R any](w cells, columns []column[R], r R) error {
	for i := range columns {
		columns[i].cell(w, r)
	}
	return w.EndRow()
}

// shapes are the names and types of columns.
func shapes[R any](columns []column[R]) []schema.Column {
	list := make([]schema.Column, len(columns))
	for i, c := range columns {
		list[i] = c.Column
	}
	return list
}

// event is when a row for Timesketch has its place in time.
type event struct {
	at   store.Moment // store.Unknown for none
	desc string
}

// eventOf is the event of a moment. One whose time is not known takes the next time
// that is, so that it has a place, and its description states that.
func eventOf(s *pipeline.Snapshot, m store.Moment, what string) event {
	if !m.Dated() {
		return event{store.Unknown, what + ", time unknown"}
	}
	if m.Before {
		what += ", before this time"
	}
	if s.Unzoned {
		what += " (server local time, zone unknown)"
	}
	return event{store.At(m.Micros), what}
}

// timesketch are the columns message, datetime, timestamp_desc and timestamp, the
// first three of which Timesketch asks for.
func timesketch[R any](message column[R], of func(R) event) []column[R] {
	message.Name = "message"
	return []column[R]{
		message,
		dated("datetime", func(r R) store.Moment { return of(r).at }),
		own("timestamp_desc", func(r R) string { return of(r).desc }),
		known("timestamp", func(r R) (int64, bool) { e := of(r); return e.at.Micros, e.at.Dated() }),
	}
}
