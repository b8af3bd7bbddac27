// Package pandascsv turns rows of cells into the CSV text that pandas'
// DataFrame.to_csv writes with its default dialect, so that files of ours and
// files of the notebook's libraries can be compared byte by byte.
//
// The dialect is Python's csv.QUOTE_MINIMAL with a comma, a double quote that
// is doubled inside a quoted cell, and "\n" at the end of a row.
package pandascsv

import (
	"io"
	"math"
	"strconv"
	"strings"
)

// Writer writes rows to an [io.Writer], one Write call per row, or several for a
// long one, of which no more than some part is held: hand it a buffered writer. A row is either given whole to [Writer.Row] or built cell by
// cell with [Writer.AppendField] and its kin and ended by [Writer.EndRow].
//
// The first error is kept and returned by every later call.
type Writer struct {
	out   io.Writer
	row   []byte // the part that is not written yet
	cells int
	begun bool // a part of the row is written
	err   error
}

// part is how much of a row is held before it is written.
const part = 64 << 10

// NewWriter returns a Writer that writes to out.
func NewWriter(out io.Writer) *Writer { return &Writer{out: out} }

// Row writes one row. It must not be called while a row is being built.
func (w *Writer) Row(fields ...string) error {
	for _, f := range fields {
		w.AppendField(f)
	}
	return w.EndRow()
}

// AppendField adds a text cell to the current row.
func (w *Writer) AppendField(field string) {
	w.separate()
	if len(field) < part {
		w.row = AppendField(w.row, field)
		return
	}
	quoted := needsQuotes(field)
	if quoted {
		w.row = append(w.row, '"')
	}
	for len(field) > 0 {
		piece := field[:min(len(field), part)]
		field = field[len(piece):]
		if quoted {
			w.row = appendDoubled(w.row, piece)
		} else {
			w.row = append(w.row, piece...)
		}
		w.spill()
	}
	if quoted {
		w.row = append(w.row, '"')
	}
}

// spill writes what there is of the row, once that is a part.
func (w *Writer) spill() {
	if len(w.row) < part {
		return
	}
	if w.err == nil {
		_, w.err = w.out.Write(w.row)
	}
	w.row, w.begun = w.row[:0], true
}

// AppendInt adds an integer cell to the current row.
func (w *Writer) AppendInt(v int64) {
	w.separate()
	w.row = strconv.AppendInt(w.row, v, 10)
}

// AppendFloat adds a float cell to the current row; see the function
// [AppendFloat]. NaN is pandas' missing value and gives an empty cell.
func (w *Writer) AppendFloat(v float64) {
	w.separate()
	if !math.IsNaN(v) {
		w.row = AppendFloat(w.row, v)
	}
}

// EndRow writes the current row and begins the next one.
func (w *Writer) EndRow() error {
	// A lone empty cell would be an empty line, which readers skip; Python's csv
	// quotes it for that reason.
	if w.cells == 1 && len(w.row) == 0 && !w.begun {
		w.row = append(w.row, `""`...)
	}
	w.row = append(w.row, '\n')
	if w.err == nil {
		_, w.err = w.out.Write(w.row)
	}
	w.row, w.cells, w.begun = w.row[:0], 0, false
	return w.err
}

func (w *Writer) separate() {
	if w.cells > 0 {
		w.row = append(w.row, ',')
	}
	w.cells++
}

// AppendField appends one cell to dst, quoted if it holds a comma, a quote, a
// carriage return or a line feed.
//
// Python before 3.13 leaves a carriage return unquoted when rows end with "\n".
// We quote it as newer ones do: text read with universal newlines, as the
// notebook reads it, never holds one, and elsewhere a bare one breaks the row
// for most readers.
func AppendField(dst []byte, field string) []byte {
	if !needsQuotes(field) {
		return append(dst, field...)
	}
	return append(appendDoubled(append(dst, '"'), field), '"')
}

func needsQuotes(field string) bool { return strings.ContainsAny(field, ",\"\r\n") }

// appendDoubled appends a part of a cell with each quote doubled.
func appendDoubled(dst []byte, field string) []byte {
	for {
		i := strings.IndexByte(field, '"')
		if i < 0 {
			return append(dst, field...)
		}
		dst = append(append(dst, field[:i+1]...), '"')
		field = field[i+1:]
	}
}

// AppendFloat appends v as Python's repr writes a float, which is what pandas
// does without a float_format: the shortest digits that read back as v, always
// with a point or an exponent ("5.0"), and the exponent form below 1e-4 and from
// 1e16 on, its exponent with at least two digits ("1e-05", "1e+16").
// Infinities are "inf" and "-inf", NaN is "nan".
func AppendFloat(dst []byte, v float64) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "nan"...)
	case math.IsInf(v, 1):
		return append(dst, "inf"...)
	case math.IsInf(v, -1):
		return append(dst, "-inf"...)
	}
	// repr switches by the exponent of the shortest digits, not by the value:
	// take it from the exponent form itself.
	start := len(dst)
	dst = strconv.AppendFloat(dst, v, 'e', -1, 64)
	e := len(dst) - 1
	for dst[e] != 'e' {
		e--
	}
	exponent, err := strconv.Atoi(string(dst[e+1:]))
	if err == nil && exponent >= -4 && exponent < 16 {
		dst = strconv.AppendFloat(dst[:start], v, 'f', -1, 64)
		for _, c := range dst[start:] {
			if c == '.' {
				return dst
			}
		}
		return append(dst, ".0"...)
	}
	return dst
}
