package tablelog

import "bytes"

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

// next returns the length of the unit at the start of data, 0 where more of the dump
// must be seen to know it; last is set where there is no more. What is in quotes is
// noted in t, which may be nil.
func (l *Layout) next(data []byte, last bool, t *texts) (n int, what unit) {
	switch l.Form {
	case JSON:
		n, what = jsonUnit(data, t)
	case Inserts:
		n, what = insertUnit(data, last, t)
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

// texts are the first texts in quotes of a unit. The walk that finds the unit's end notes
// them, and to read the unit they need not be walked again.
type texts struct {
	list [maxTexts]struct{ from, end int } // with the quotes
	n    int
	next int // behind the one that was asked for last
}

// maxTexts is how many texts are noted: those of a row, and most often of its names.
const maxTexts = 32

// reset forgets all texts.
func (t *texts) reset() {
	if t != nil {
		t.n, t.next = 0, 0
	}
}

// add notes a text behind those before.
func (t *texts) add(from, end int) {
	if t != nil && t.n < maxTexts {
		t.list[t.n] = struct{ from, end int }{from, end}
		t.n++
	}
}

// end returns where a text ends, behind the one that was asked for before; 0 where it was
// not noted.
func (t *texts) end(from int) int {
	for t.next < t.n {
		t.next++
		if text := &t.list[t.next-1]; text.from >= from {
			if text.from == from {
				return text.end
			}
			t.next--
			break
		}
	}
	return 0
}

// lastUnit returns the end of the last whole unit in data, 0 for none.
func (l *Layout) lastUnit(data []byte) (end int) {
	if end = l.lastRow(data); end > 0 {
		return end
	}
	for end < len(data) {
		n, _ := l.next(data[end:], false, nil)
		if n == 0 {
			return end
		}
		end += n
	}
	return end
}

// lastRow returns the start of the last row that is recognised by its own line, 0 for
// none: of all units, one begins there, whatever is before it.
func (l *Layout) lastRow(data []byte) int {
	for end := len(data); l.Form == JSON || l.Form == Vertical; {
		nl := bytes.LastIndexByte(data[:end], '\n')
		if nl < 0 {
			break
		}
		line := data[nl+1:]
		switch {
		case l.Form == Vertical:
			if len(line) >= rowLineLook && beginsRow(line) {
				return nl + 1
			}
		default: // a string cannot hold the line end, and an object of a row no brace
			if n := blanks(line); n < len(line) && line[n] == '{' {
				return nl + 1 + n
			}
		}
		end = nl
	}
	return 0
}

// blanks returns how many blanks and TABs b begins with.
func blanks(b []byte) (n int) {
	for n < len(b) && (b[n] == ' ' || b[n] == '\t') {
		n++
	}
	return n
}

// readUnit reads a unit into r if it is a row. frame is set where it belongs to the
// frame, which some that look like rows do.
func (s *Scanner) readUnit(l Layout, raw []byte, what unit, r *Row) (why Fault, frame, ok bool) {
	switch {
	case what == frameUnit || len(bytes.TrimSpace(raw)) == 0:
		return 0, true, false
	case what == strayUnit:
		return BadText, false, false
	}
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
