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

// Writer writes rows to an [io.Writer], one Write call per row: hand it a
// buffered writer. A row is either given whole to [Writer.Row] or built cell by
// cell with [Writer.AppendField] and its kin and ended by [Writer.EndRow].
//
// The first error is kept and returned by every later call.
type Writer struct {
	out   io.Writer
	row   []byte
	cells int
	err   error
}

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
	w.row = AppendField(w.row, field)
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
	if w.cells == 1 && len(w.row) == 0 {
		w.row = append(w.row, `""`...)
	}
	w.row = append(w.row, '\n')
	if w.err == nil {
		_, w.err = w.out.Write(w.row)
	}
	w.row, w.cells = w.row[:0], 0
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
	if !strings.ContainsAny(field, ",\"\r\n") {
		return append(dst, field...)
	}
	dst = append(dst, '"')
	for {
		i := strings.IndexByte(field, '"')
		if i < 0 {
			break
		}
		dst = append(dst, field[:i+1]...)
		dst = append(dst, '"')
		field = field[i+1:]
	}
	dst = append(dst, field...)
	return append(dst, '"')
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
