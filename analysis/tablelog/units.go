package tablelog

import (
	"bytes"

	"sqleuth/analysis/genlog"
)

// All forms but the delimited one are walked unit by unit: a row, a piece of the
// frame around rows, or text that is neither. Where a unit ends follows from its
// own bytes and a bounded look behind it, never from what came before, so that a
// chunk that begins with a unit is read like the whole dump.

// unit is what begins at some place of a dump.
type unit uint8

const (
	rowUnit   unit = iota
	frameUnit      // lines, commas, names of columns, other statements
	strayUnit      // text that is no part of the form
)

// next returns the length of the unit at the start of data, 0 where more of the
// dump must be seen to tell; last says that there is no more.
func (l *Layout) next(data []byte, last bool) (n int, what unit) {
	switch l.Form {
	case JSON:
		n, what = jsonUnit(data)
	case Inserts:
		n, what = insertUnit(data, last)
	case Vertical:
		n, what = verticalUnit(data, last)
	case Drawn:
		n, what = l.drawnUnit(data, last)
	default:
		n, what = bytes.IndexByte(data, '\n')+1, rowUnit
	}
	if n == 0 && last {
		n = len(data)
	}
	return n, what
}

// lastUnit returns the end of the last whole unit in data behind which it can be
// cut, 0 for none.
func (l *Layout) lastUnit(data []byte) (end int) {
	for {
		n := l.firstUnit(data[end:])
		if n == 0 {
			return end
		}
		end += n
	}
}

// firstUnit returns the end of the first whole unit in data behind which it can be
// cut, 0 for none. What an object has before an object in it shows to be frame by
// what follows alone.
func (l *Layout) firstUnit(data []byte) (end int) {
	for end < len(data) {
		n, what := l.next(data[end:], false)
		if n == 0 {
			return 0
		}
		opened := l.Form == JSON && what == frameUnit && data[end] == '{'
		if end += n; !opened {
			return end
		}
	}
	return 0
}

// scanUnits is Scan for the forms that have units; data is what follows the byte
// order mark.
func (s *Scanner) scanUnits(c genlog.Chunk, data []byte, l Layout, h Handler) {
	var r Row
	for len(data) > 0 {
		n, what := l.next(data, true)
		raw := data[:n]
		offset := c.Offset + int64(len(c.Data)-len(data))
		data = data[n:]
		switch {
		case what == frameUnit || len(bytes.TrimSpace(raw)) == 0:
			h.Header(n)
			continue
		case what == strayUnit:
			h.Reject(offset, n, BadText)
			continue
		}
		why, frame, ok := s.readUnit(l, raw, &r)
		switch {
		case frame:
			h.Header(n)
		case ok:
			r.Offset = offset
			h.Row(&r)
		default:
			h.Reject(offset, n, why)
		}
	}
}

// unitRow is Row for the forms that have units.
func (s *Scanner) unitRow(l Layout, raw []byte) (r Row, ok bool) {
	if len(raw) == 0 {
		return r, false
	}
	n, what := l.next(raw, true)
	if what != rowUnit {
		return r, false
	}
	_, frame, ok := s.readUnit(l, raw[:n], &r)
	return r, ok && !frame
}

// readUnit reads a row into r. frame says that it looks like a row and belongs to
// the frame.
func (s *Scanner) readUnit(l Layout, raw []byte, r *Row) (why Fault, frame, ok bool) {
	s.buf, s.fields = s.buf[:0], fields{within: -1, err: Unanswered}
	r.Raw = raw
	switch l.Form {
	case JSON:
		why, frame, ok = s.jsonRow(l, raw)
	case Inserts:
		why, ok = s.insertRow(l, raw)
	case Vertical:
		why, ok = s.verticalRow(l, raw)
	case Drawn:
		why, frame, ok = s.drawnRow(l, raw)
	case ServerAudit:
		return s.auditRow(raw, r)
	case TiDB:
		return s.tidbRow(raw, r)
	}
	if frame || !ok {
		return why, frame, ok
	}
	why, ok = s.fill(l, r)
	return why, false, ok
}

// set gives a column its text. at is where the text begins in the row, -1 where it
// had to be decoded.
func (f *fields) set(c column, text []byte, at int) {
	f.text[c] = text
	if c == argumentColumn {
		f.within = at
	}
}

// since returns what was appended to the buffer from a place on.
func (s *Scanner) since(from int) []byte { return s.buf[from:len(s.buf):len(s.buf)] }
