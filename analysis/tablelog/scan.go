package tablelog

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"

	"sqleuth/analysis/genlog"
)

// Row is one entry of a dump. Its slices are valid until the next row.
type Row struct {
	Offset   int64  // of the row's first byte in the decompressed dump
	Time     int64  // microseconds since 1970 UTC, or local time as if UTC where Local
	Local    bool   // the time has no zone, as the table writes it
	ID       uint64 // thread_id
	UserHost []byte // as the table has it, see Account; nil where the dump leaves it out
	Command  []byte
	Argument []byte
	// Within is where Argument begins in Raw, -1 where it had to be decoded.
	Within int
	Raw    []byte // the bytes of the dump, with the line end
}

// Fault says why a row is no entry.
type Fault uint8

// The faults, in the order in which they are looked for.
const (
	BadQuotes  Fault = iota // quotes that do not stand around a whole field
	BadColumns              // more or fewer fields than the dump has columns
	BadTime                 // event_time is no time
	BadID                   // thread_id is no number
	BadCommand              // command_type is empty
)

// Scanner reads the rows of dumps. It keeps buffers; one goroutine uses it at a
// time.
type Scanner struct {
	row row
	buf []byte
}

// Handler is told what the bytes of a chunk are, in order and without gaps.
type Handler struct {
	Row    func(*Row)                               // valid during the call only
	Header func(bytes int)                          // column names, or a byte order mark
	Reject func(offset int64, bytes int, why Fault) // a row that is no entry
}

// byteOrderMark is UTF-8's, which some programs put before a CSV file.
var byteOrderMark = []byte("\xef\xbb\xbf")

// Scan walks the rows of a chunk that begins at the head of the file or of a
// row, and ends where a row ends. In the last chunk of a file the last row may
// be incomplete: it is an entry where its argument has begun.
func (s *Scanner) Scan(c genlog.Chunk, l Layout, h Handler) {
	data := c.Data
	if c.First && bytes.HasPrefix(data, byteOrderMark) {
		h.Header(len(byteOrderMark))
		data = data[len(byteOrderMark):]
	}
	var r Row
	for len(data) > 0 {
		raw, wrong, open := l.cutRow(data, c.Last)
		offset := c.Offset + int64(len(c.Data)-len(data))
		data = data[len(raw):]
		if wrong {
			h.Reject(offset, len(raw), BadQuotes)
			continue
		}
		fault, ok := s.read(l, raw, open, &r)
		switch {
		case ok:
			r.Offset = offset
			h.Row(&r)
		case s.row.n > 0 && l.isHeader(&s.row):
			h.Header(len(raw))
		default:
			h.Reject(offset, len(raw), fault)
		}
	}
}

// Row reads the row at the start of raw, which may be followed by others and
// need not be whole; ok is false where raw does not begin with an entry.
func (s *Scanner) Row(l Layout, raw []byte) (r Row, ok bool) {
	raw, wrong, open := l.cutRow(raw, true)
	if wrong {
		return r, false
	}
	_, ok = s.read(l, raw, open, &r)
	return r, ok
}

// cutRow returns the row at the start of data with its line end. wrong says that
// its quotes are. open says that it does not end, which a row may not do but at
// the end of a file (last).
func (l Layout) cutRow(data []byte, last bool) (raw []byte, wrong, open bool) {
	var n int
	if l.walks() {
		q := quotes{delimiter: l.Delimiter}
		n, wrong = q.next(data)
		if n == 0 && !last && q.line > 0 {
			n, wrong = q.line, true
		}
		wrong = wrong || n == 0 && q.place == lost
	} else {
		n = l.firstLine(data, 0)
	}
	if n == 0 {
		return data, wrong, true
	}
	return data[:n], wrong, false
}

// read reads a row into r.
func (s *Scanner) read(l Layout, raw []byte, open bool, r *Row) (why Fault, ok bool) {
	line := raw
	if !open {
		line = line[:len(line)-1]
		if n := len(line); n > 0 && line[n-1] == '\r' && (l.CRLF || !l.Backslash) {
			line = line[:n-1]
		}
	}
	w := &s.row
	if !w.split(l, line) || w.cut && !open {
		return BadQuotes, false
	}
	if w.n > l.Columns || w.n < l.Columns && !(open && w.n > int(l.at[argumentColumn])) {
		return BadColumns, false
	}
	buf := s.buf[:0]
	var text []byte
	text, _, buf = w.text(l, l.at[timeColumn], buf)
	if r.Time, r.Local, ok = eventTime(text); !ok {
		return BadTime, false
	}
	text, _, buf = w.text(l, l.at[idColumn], buf)
	if r.ID, ok = number(text); !ok {
		return BadID, false
	}
	r.UserHost, _, buf = w.text(l, l.at[userColumn], buf)
	r.Command, _, buf = w.text(l, l.at[commandColumn], buf)
	if len(r.Command) == 0 {
		return BadCommand, false
	}
	r.Argument, r.Within, buf = w.text(l, l.at[argumentColumn], buf)
	if l.Encoding != Text {
		from := len(buf)
		if buf, ok = decode(buf, r.Argument, l.Encoding); ok {
			r.Argument, r.Within = buf[from:], -1
		} // else it stays as it is written
	}
	r.Raw, s.buf = raw, buf
	return 0, true
}

// number reads a thread id.
func number(b []byte) (n uint64, ok bool) {
	for _, c := range b {
		d := uint64(c - '0')
		if d > 9 || n > (^uint64(0)-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, len(b) > 0
}

// decode appends what an argument stands for; ok is false where it is not
// written in the encoding.
func decode(dst, b []byte, e Encoding) (_ []byte, ok bool) {
	var err error
	if e == Hex {
		dst, err = hex.AppendDecode(dst, bytes.TrimPrefix(b, []byte("0x")))
	} else {
		// TO_BASE64 breaks lines; the decoder passes over them.
		dst, err = base64.StdEncoding.AppendDecode(dst, b)
	}
	return dst, err == nil
}
