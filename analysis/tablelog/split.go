package tablelog

import "bytes"

// Where rows end cannot always be told from the bytes around a line end. With
// backslash escapes it can: a line end inside a field is escaped, and the run of
// backslashes before it tells by its length. In RFC 4180 a line inside quotes may
// look like any row, since an attacker may have written it; whether it stands in
// quotes follows from the row's start alone. So one goroutine walks the quotes
// from the head of the file on (which is a search for two bytes, far cheaper than
// what is done with the rows), cuts behind rows, and the rest is done side by side.
//
// A row whose quotes are wrong is taken to end with its first line, and the next
// line to begin a row. Quotes are wrong where one ends a field in its middle. A
// lost quote turns what is inside and outside around, so the next row's first
// quote is already wrong, and one lost quote costs no more than its own row.

// Splitter finds where rows end in a dump that is read piece by piece.
type Splitter struct {
	layout Layout
	begun  bool // the first row of the file has been found
	mark   int  // length of the byte order mark before it
	quotes quotes
	pos    int // what stands before it has been searched (layouts without a walk)
}

// NewSplitter returns a splitter at the start of a file.
func NewSplitter(l Layout) *Splitter {
	return &Splitter{layout: l, quotes: quotes{delimiter: l.Delimiter}}
}

// walks says whether the quotes must be walked to find the rows.
func (l Layout) walks() bool { return l.Quoted && !l.Backslash }

// LastEnd returns the end of the last whole row in data, 0 for none. Data is
// what was given before, without the rows that LastEnd has found, and what has
// been read since: the caller takes them off when it is told of them.
func (s *Splitter) LastEnd(data []byte) int {
	return s.behindMark(data, func(data []byte) int {
		if s.layout.Form != Delimited {
			return s.layout.lastUnit(data)
		}
		if !s.layout.walks() {
			end := s.layout.lastLine(data, s.pos)
			s.pos = len(data) - end
			return end
		}
		end := 0
		for {
			n, _ := s.quotes.next(data[end:])
			if n == 0 {
				return end
			}
			end += n
		}
	})
}

// FirstEnd is like LastEnd, for the first row; 0 where data holds no whole one.
func (s *Splitter) FirstEnd(data []byte) int {
	return s.behindMark(data, func(data []byte) int {
		if s.layout.Form != Delimited {
			return s.layout.firstUnit(data)
		}
		if s.layout.walks() {
			n, _ := s.quotes.next(data)
			return n
		}
		end := s.layout.firstLine(data, s.pos)
		s.pos = 0
		if end == 0 {
			s.pos = len(data)
		}
		return end
	})
}

// behindMark calls find with what stands behind the byte order mark, as long as
// that is part of data.
func (s *Splitter) behindMark(data []byte, find func([]byte) int) int {
	if !s.begun {
		if len(data) < len(byteOrderMark) && bytes.HasPrefix(byteOrderMark, data) {
			return 0 // what it begins with is not known yet
		}
		if bytes.HasPrefix(data, byteOrderMark) {
			s.mark = len(byteOrderMark)
		}
	}
	end := find(data[s.mark:])
	if end > 0 {
		end += s.mark
		s.begun, s.mark = true, 0
	}
	return end
}

// Forget says that of what LastEnd or FirstEnd has not found the end of, only
// the last keep bytes will be given again, behind head bytes of the start.
func (s *Splitter) Forget(head, keep int) {
	s.pos = head + keep - s.mark
	s.quotes.pos, s.quotes.line = s.pos, 0
}

// lineEnds says whether the LF at i ends a row, in a layout that escapes.
func (l Layout) lineEnds(data []byte, i int) bool {
	if l.CRLF {
		if i == 0 || data[i-1] != '\r' {
			return false
		}
		i--
	}
	if !l.Backslash {
		return true
	}
	n := 0
	for n < i && data[i-1-n] == '\\' {
		n++
	}
	return n%2 == 0
}

// lastLine returns the end behind the last line end that ends a row and stands
// at or behind from; 0 for none.
func (l Layout) lastLine(data []byte, from int) int {
	for end := len(data); ; {
		i := bytes.LastIndexByte(data[from:end], '\n')
		if i < 0 {
			return 0
		}
		if i += from; l.lineEnds(data, i) {
			return i + 1
		}
		end = i
	}
}

// firstLine is like lastLine for the first.
func (l Layout) firstLine(data []byte, from int) int {
	for {
		i := bytes.IndexByte(data[from:], '\n')
		if i < 0 {
			return 0
		}
		from += i + 1
		if l.lineEnds(data, from-1) {
			return from
		}
	}
}

// place is where in a row a walk is.
type place uint8

const (
	fieldStart place = iota
	inField          // not in quotes
	inQuotes
	behindQuote // which ends the field, or is the first of a doubled one
	behindCR    // behind such a quote and a CR
	lost        // behind a quote that cannot be; the row ends with its first line
)

// quotes walks the quotes of one row, RFC 4180, and can go on when more of it
// is there.
type quotes struct {
	delimiter byte
	place     place
	pos       int // walked so far
	line      int // behind the row's first LF, 0 before it
}

// next returns the length of the row that begins at the start of data, 0 when
// it does not end in data, and then begins anew. wrong says that the row's quotes
// are, and that it was taken to end with its first line.
func (q *quotes) next(data []byte) (n int, wrong bool) {
	n, wrong = q.walk(data)
	if n > 0 {
		*q = quotes{delimiter: q.delimiter}
	}
	return n, wrong
}

func (q *quotes) walk(data []byte) (n int, wrong bool) {
	for q.pos < len(data) {
		switch q.place {
		case inQuotes:
			rest := data[q.pos:]
			i := bytes.IndexByte(rest, '"')
			if i < 0 {
				i = len(rest)
			} else {
				q.place = behindQuote
			}
			if q.line == 0 {
				if nl := bytes.IndexByte(rest[:i], '\n'); nl >= 0 {
					q.line = q.pos + nl + 1
				}
			}
			q.pos += min(i+1, len(rest))
			continue
		case lost:
			if q.line > 0 {
				return q.line, true
			}
			i := bytes.IndexByte(data[q.pos:], '\n')
			if i < 0 {
				q.pos = len(data)
				return 0, false
			}
			return q.pos + i + 1, true
		}
		c := data[q.pos]
		switch {
		case q.place == behindCR && c != '\n':
			q.place = lost
			continue
		case c == '\n':
			return q.pos + 1, false
		case c == q.delimiter:
			q.place = fieldStart
		case c == '"' && (q.place == fieldStart || q.place == behindQuote):
			q.place = inQuotes
		case c == '\r' && q.place == behindQuote:
			q.place = behindCR
		case c == '"' || q.place == behindQuote:
			q.place = lost
			continue
		default:
			q.place = inField
		}
		q.pos++
	}
	return 0, false
}
