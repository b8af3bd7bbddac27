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
	Raw    []byte // the bytes of the dump, with the line end, or the head of them
	Size   int    // of the whole row in the data that was scanned
	Long   bool   // Raw is the head only: the row is longer than genlog.MaxRecord
	// Error is the server's answer to a statement or login where the log holds it:
	// 0 for success, else its error number; Unanswered where it does not.
	Error int32
}

// Unanswered is Row.Error of an entry whose outcome the log does not hold.
const Unanswered = -1

// A Fault is why a row is no entry.
type Fault uint8

// The faults, in the order in which they are looked for.
const (
	BadQuotes  Fault = iota // quotes that do not enclose a whole field
	BadColumns              // more or fewer fields than the dump has columns
	BadTime                 // event_time is no time
	BadID                   // thread_id is no number
	BadCommand              // command_type is empty
	BadText                 // text between rows that is no part of the form
	BadRow                  // a row that is not as the form has them
)

// Scanner reads the rows of dumps. It keeps buffers; one goroutine uses it at a
// time.
type Scanner struct {
	row    row
	fields fields
	texts  texts // of the unit
	buf    []byte
	of     fieldColumns // by the layout's columns at
	at     [columns]int8
	width  int // of that layout, 0 for none yet
}

// fields is what a row has in the columns that are read; nil where it has none.
type fields struct {
	text   [columns][]byte
	within int  // where the argument begins in the row, -1 where it had to be decoded
	plain  bool // the argument is not to be decoded further
	err    int32
}

// A Handler is called with what the bytes of a chunk are, in order and without
// gaps.
type Handler struct {
	Row    func(*Row)                               // valid during the call only
	Header func(bytes int)                          // column names
	Reject func(offset int64, bytes int, why Fault) // a row that is no entry
}

// Scan walks the rows of a chunk that begins at the head of the file or of a
// row, and ends where a row ends. In the last chunk of a file the last row may
// be incomplete: it is an entry where its argument has begun. So is the head of a
// row that is longer than genlog.MaxRecord.
func (s *Scanner) Scan(c genlog.Chunk, l Layout, h Handler) {
	data := c.Data
	l.limit, _ = c.Bounds()
	var r Row
	for len(data) > 0 {
		e := l.extent(data, &c, &s.texts)
		offset := c.Offset + int64(len(c.Data)-len(data))
		why, frame, ok := s.readExtent(l, data, e, &r)
		data = data[e.n:]
		switch {
		case frame:
			h.Header(e.n)
		case ok:
			r.Offset = offset
			h.Row(&r)
		default:
			h.Reject(offset, e.n, why)
		}
	}
}

// Row reads the row at the start of raw, which may be followed by others and
// need not be whole; ok is false where raw does not begin with an entry.
func (s *Scanner) Row(l Layout, raw []byte) (r Row, ok bool) {
	if len(raw) == 0 {
		return r, false
	}
	c := genlog.Chunk{Data: raw, Last: true}
	l.limit, _ = c.Bounds()
	_, frame, ok := s.readExtent(l, raw, l.extent(raw, &c, &s.texts), &r)
	return r, ok && !frame
}

// extent is how far what begins at some place of a dump reaches, and what it is.
type extent struct {
	n    int
	head int // bytes of it that are read
	what unit
	// Of a delimited row: its quotes are wrong, or it does not end, which the last of
	// a file and the head of a long one do not.
	wrong, open bool
	long        bool // longer than the limit: no more than the head is read
}

// extent returns how far what begins with data, the rest of a chunk, reaches. What a
// long one is follows from its head alone, since that may be all there is of it. What is
// in quotes is noted in t.
func (l *Layout) extent(data []byte, c *genlog.Chunk, t *texts) (e extent) {
	limit, head := c.Bounds()
	switch {
	case c.Skipped > 0:
		e.n, e.long = len(data), true
	case l.Form == Delimited:
		e.n, e.wrong, e.open = l.cutRow(data, c.Last)
	default:
		if e.n, e.what = l.next(data, false, t); e.n > 0 {
			break
		}
		if e.n, e.what = l.next(data, true, t); l.Form == JSON && data[0] == '{' && !c.Last {
			e.what = frameUnit // around an object, which the next chunk begins with
		}
	}
	if e.head = e.n; e.long || e.n > limit {
		e.head, e.long, e.wrong, e.open = min(e.n, head), true, false, true
		if l.Form != Delimited {
			_, e.what = l.next(data[:e.head], true, t)
		}
	}
	return e
}

// readExtent reads what data begins with into r if it is a row. frame reports that
// it is no part of the rows, and understood.
func (s *Scanner) readExtent(l Layout, data []byte, e extent, r *Row) (why Fault, frame, ok bool) {
	raw := data[:e.head]
	if l.Form == Delimited {
		if e.wrong {
			return BadQuotes, false, false
		}
		why, ok = s.read(l, raw, e.open, r)
		frame = !ok && s.row.n > 0 && l.isHeader(&s.row)
	} else {
		why, frame, ok = s.readUnit(l, raw, e.what, r)
	}
	r.Long, r.Size = e.long, e.n
	return why, frame, ok
}

// cutRow returns the length of the row at the start of data with its line end. wrong is set where
// its quotes are. open: it does not end, which is allowed only at the end of a file (last).
func (l Layout) cutRow(data []byte, last bool) (n int, wrong, open bool) {
	if l.walks() {
		q := quotes{delimiter: l.Delimiter, limit: l.limit}
		n, wrong = q.next(data)
		if n == 0 && !last && q.line > 0 {
			n, wrong = q.line, true
		}
		wrong = wrong || n == 0 && q.place == lost
	} else {
		n = l.firstLine(data, 0)
	}
	if n == 0 {
		return len(data), wrong, true
	}
	return n, wrong, false
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
	f := &s.fields
	*f = fields{err: Unanswered}
	for c := range columns {
		if l.at[c] < 0 {
			continue
		}
		var at int
		f.text[c], at, buf = w.text(l, l.at[c], buf)
		if c == argumentColumn {
			f.within = at
		}
	}
	s.buf = buf
	r.Raw = raw
	return s.fill(l, r)
}

// fill makes a row of its fields.
func (s *Scanner) fill(l Layout, r *Row) (why Fault, ok bool) {
	f := &s.fields
	if l.at[timeColumn] < 0 {
		r.Time, r.Local = NoTime, false
	} else if r.Time, r.Local, ok = l.Clock.time(f.text[timeColumn]); !ok {
		return BadTime, false
	}
	r.Local = r.Local && !l.UTC
	r.ID = 0
	if l.at[idColumn] >= 0 {
		if r.ID, ok = number(f.text[idColumn]); !ok {
			return BadID, false
		}
	}
	if r.Command = f.text[commandColumn]; l.at[commandColumn] < 0 {
		r.Command = query
	} else if len(r.Command) == 0 {
		return BadCommand, false
	}
	r.UserHost = f.text[userColumn]
	if l.at[hostColumn] >= 0 {
		r.UserHost = s.account(f.text[userColumn], f.text[hostColumn])
	}
	r.Argument, r.Within = f.text[argumentColumn], f.within
	if l.Encoding != Text && !f.plain {
		from := len(s.buf)
		if s.buf, ok = decode(s.buf, r.Argument, l.Encoding); ok {
			r.Argument, r.Within = s.buf[from:], -1
		} // else it stays as it is written
	}
	r.Error = f.err
	return 0, true
}

// query is the command of rows that do not name theirs.
var query = []byte("Query")

// account writes a user and a host as the table does, see Account.
func (s *Scanner) account(user, host []byte) []byte {
	from := len(s.buf)
	s.buf = append(append(append(append(append(s.buf, user...), '['), user...), "] @ "...), host...)
	s.buf = append(s.buf, " []"...)
	return s.buf[from:len(s.buf):len(s.buf)]
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

// decode appends the decoded argument; ok is false where it is not
// written in the encoding.
func decode(dst, b []byte, e Encoding) (_ []byte, ok bool) {
	var err error
	if e == Hex {
		dst, err = hex.AppendDecode(dst, bytes.TrimPrefix(b, []byte("0x")))
	} else {
		// MySQL's JSON functions put the type in front.
		if rest, typed := bytes.CutPrefix(b, []byte("base64:type")); typed {
			if _, text, found := bytes.Cut(rest, []byte{':'}); found {
				b = text
			}
		}
		// TO_BASE64 breaks lines; the decoder passes over them.
		dst, err = base64.StdEncoding.AppendDecode(dst, b)
	}
	return dst, err == nil
}
