package tablelog

import (
	"bytes"

	"sqleuth/analysis/stops"
)

// cell is the place of one field in a row, without its quotes.
type cell struct {
	from, to int
	quoted   bool
	escaped  bool // holds escapes or doubled quotes
}

// row is a row cut into its fields.
type row struct {
	data  []byte // without the line end
	cells [maxColumns]cell
	n     int
	odd   int  // escapes that no server writes: evidence against the layout
	cut   bool // the last field has begun with a quote that does not end
}

// raw returns a field as it is written, nothing where the row does not have it.
func (r *row) raw(i int8) []byte {
	if i < 0 || int(i) >= r.n {
		return nil
	}
	c := &r.cells[i]
	return r.data[c.from:c.to]
}

// split cuts data, a row without its line end, into fields. It returns false
// where quotes do not enclose a whole field, or for too many fields.
func (r *row) split(l Layout, data []byte) bool {
	r.data, r.n, r.odd, r.cut = data, 0, 0, false
	for pos := 0; ; pos++ {
		if r.n == maxColumns {
			return false
		}
		c := &r.cells[r.n]
		*c = cell{from: pos}
		r.n++
		if l.Quoted && pos < len(data) && data[pos] == '"' {
			c.from, c.quoted = pos+1, true
			end, ok := r.quoted(l, c)
			c.to = end
			if !ok {
				c.to, r.cut = len(data), true
				return true
			}
			pos = end + 1
		} else {
			pos = r.bare(l, c)
			c.to = pos
			if l.Quoted && bytes.IndexByte(data[c.from:c.to], '"') >= 0 && !l.Backslash {
				return false
			}
		}
		if pos >= len(data) {
			return true
		}
		if data[pos] != l.Delimiter {
			return false
		}
	}
}

// quoted returns where the quote is that ends the field c; ok is false where
// there is none.
func (r *row) quoted(l Layout, c *cell) (end int, ok bool) {
	data := r.data
	special := stops.At('"', '"', '"')
	if l.Backslash {
		special = rowStops
	}
	for i := c.from; ; i++ {
		if i += special.Next(data[i:]); i >= len(data) {
			return len(data), false
		}
		switch data[i] {
		case '"':
			if i+1 == len(data) || data[i+1] != '"' {
				return i, true
			}
			c.escaped = true
			if l.Backslash {
				r.odd++
			}
			i++
		case '\\':
			i = r.escape(l, c, i)
		}
	}
}

// bare returns where the unquoted field c ends.
func (r *row) bare(l Layout, c *cell) int {
	if !l.Backslash {
		if n := bytes.IndexByte(r.data[c.from:], l.Delimiter); n >= 0 {
			return c.from + n
		}
		return len(r.data)
	}
	special := stops.At(l.Delimiter, '\\', '\\')
	for i := c.from; ; i++ {
		if i += special.Next(r.data[i:]); i >= len(r.data) || r.data[i] == l.Delimiter {
			return i
		}
		i = r.escape(l, c, i)
	}
}

// escape notes the escape at i and returns where its last byte is.
func (r *row) escape(l Layout, c *cell, i int) int {
	c.escaped = true
	if i+1 == len(r.data) {
		r.odd++
		return i
	}
	switch r.data[i+1] {
	case '\\', '"', 'n', 't', 'r', '0', 'N', '\n', '\r', '\t', l.Delimiter:
	default:
		r.odd++
	}
	return i + 1
}

// text returns field i as the server had it: escapes undone, NULL as nothing.
// Where at is not negative the text is a part of the row and begins there;
// otherwise it has been appended to buf, which is returned for further use.
func (r *row) text(l Layout, i int8, buf []byte) (text []byte, at int, _ []byte) {
	if i < 0 || int(i) >= r.n {
		return nil, -1, buf
	}
	c := r.cells[i]
	b := r.data[c.from:c.to:c.to]
	switch {
	case !c.quoted && l.Backslash && string(b) == `\N`:
		return b[:0], c.from, buf
	case !c.escaped:
		return b, c.from, buf
	}
	from := len(buf)
	buf = unescape(buf, b, c.quoted, l.Backslash)
	return buf[from:len(buf):len(buf)], -1, buf
}

// unescape appends b with doubled quotes made one, and with the escapes that
// mysql --batch, INTO OUTFILE and the CSV engine write undone, as LOAD DATA
// undoes them.
func unescape(dst, b []byte, quoted, backslash bool) []byte {
	return undo(dst, b, &rowStops, func(c, next byte) (byte, bool) {
		switch {
		case c == '"' && quoted && next == '"':
			return c, true
		case c == '\\' && backslash:
			return escapes[next], true
		}
		return 0, false
	})
}

// rowStops are the bytes that may not mean themselves in a field.
var rowStops = stops.At('"', '\\', '\\')

// undo appends b to dst with its escapes undone. special are their first bytes, and of
// returns what one of these and the byte behind it mean, if they are an escape.
func undo(dst, b []byte, special *stops.Stops, of func(c, next byte) (byte, bool)) []byte {
	from := 0 // what precedes it is in dst
	for i := 0; ; i++ {
		if i += special.Next(b[i:]); i+1 >= len(b) {
			return append(dst, b[from:]...)
		}
		if c, ok := of(b[i], b[i+1]); ok {
			dst = append(append(dst, b[from:i]...), c)
			i++
			from = i + 1
		}
	}
}

// escapes is what the byte behind a backslash means.
var escapes = func() (of [256]byte) {
	for c := range of {
		of[c] = byte(c)
	}
	for c, is := range map[byte]byte{'0': 0, 'b': '\b', 'n': '\n', 'r': '\r', 't': '\t', 'Z': 0x1a} {
		of[c] = is
	}
	return of
}()
