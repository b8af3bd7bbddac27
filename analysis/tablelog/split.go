package tablelog

import (
	"bytes"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/stops"
)

// Where rows end does not always follow from the bytes around a line end. With
// backslash escapes it does: a line end inside a field is escaped, as the length of
// the run of backslashes before it shows. In RFC 4180 a line inside quotes may look
// like any row, since an attacker may have written it; whether it is in quotes
// follows from the row's start alone. So one goroutine walks the quotes from the
// head of the file on (which is a search for two bytes, far cheaper than what is
// done with the rows), cuts behind rows, and the rest is done side by side.
//
// A row whose quotes are wrong is taken to end with its first line, and the next
// line to begin a row. Quotes are wrong where one ends a field in its middle. A
// lost quote turns what is inside and outside around, so the next row's first
// quote is already wrong, and one lost quote costs no more than its own row.

// Splitter finds where rows end in a dump that is read piece by piece. Data is
// what was given before, without what the caller has taken off since, and what has
// been read since: the caller takes off what LastStart and End have found.
type Splitter struct {
	layout Layout
	begun  bool // the first row of the file has been found
	quotes quotes
	pos    int // what precedes it has been searched (layouts without a walk)
	long   ending
}

// NewSplitter returns a splitter at the start of a file. A row of more than limit
// bytes is long, see genlog.MaxRecord.
func NewSplitter(l Layout, limit int) *Splitter {
	l.limit = limit
	return &Splitter{layout: l, quotes: quotes{delimiter: l.Delimiter, limit: limit}}
}

// walks reports whether the quotes must be walked to find the rows.
func (l Layout) walks() bool { return l.Quoted && !l.Backslash }

// LastStart returns the end of the last whole row in data, where another begins or
// the file ends; 0 for none.
func (s *Splitter) LastStart(data []byte, _ bool) int {
	end := s.lastEnd(data)
	s.begun = s.begun || end > 0
	return end
}

func (s *Splitter) lastEnd(data []byte) int {
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
}

// LastItem is asked where data is longer than limit and Ahead, and LastStart has
// found nothing: what begins with data is long.
func (s *Splitter) LastItem([]byte, int) int { return 0 }

// End returns where a long row ends that data begins with the head of. Where it does
// not know yet it returns false, and a place behind from up to which the row goes on.
func (s *Splitter) End(data []byte, from int, whole bool) (end int, ok bool) {
	switch {
	case !s.layout.walks():
		if s.long.how == 0 {
			s.long = s.layout.ending(data)
		}
		end, ok = s.long.find(&s.layout, data, from, whole)
	default:
		if end, _ = s.quotes.next(data); end > 0 {
			ok = true
		} else {
			end, s.quotes.pos = len(data), from
		}
	}
	if ok {
		s.long, s.pos = ending{}, 0
	}
	return end, ok
}

// Ahead returns how many bytes behind the limit decide at most whether a row is long.
func (s *Splitter) Ahead() int { return rowAhead }

// Cut takes note that data has begun.
func (s *Splitter) Cut([]byte) { s.begun = true }

// Fresh reports whether data begins at the head of the file.
func (s *Splitter) Fresh() bool { return !s.begun }

// State returns nothing: a row depends on no other.
func (s *Splitter) State() (none genlog.State) { return none }

// lineEnds reports whether the LF at i ends a row, in a layout that escapes.
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

// lastLine returns the end behind the last line end that ends a row and is at or
// behind from; 0 for none.
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
//
// What is behind a long row's head is not kept, so that a quote that turns out to be
// wrong behind the limit ends the row with the line that it is in.
type quotes struct {
	delimiter byte
	limit     int  // 0: none
	long      bool // the limit is behind
	place     place
	pos       int // walked so far
	line      int // behind the row's first LF, 0 before it
}

// next returns the length of the row that begins at the start of data, 0 when
// it does not end in data, and then begins anew. wrong: the row's quotes are, and
// it was taken to end with its first line.
func (q *quotes) next(data []byte) (n int, wrong bool) {
	n, wrong = q.walk(data)
	if n > 0 {
		*q = quotes{delimiter: q.delimiter, limit: q.limit}
	}
	return n, wrong
}

// bare returns how many bytes data, which goes on with a field in no quotes, has of it
// up to the limit.
func (q *quotes) bare(data []byte) int {
	if !q.long && q.limit > 0 {
		data = data[:min(len(data), q.limit-q.pos)]
	}
	special := stops.At('\n', '"', q.delimiter)
	return special.Next(data)
}

func (q *quotes) walk(data []byte) (n int, wrong bool) {
	for q.pos < len(data) {
		if !q.long && q.limit > 0 && q.pos >= q.limit {
			q.long, q.line = true, 0
		}
		switch q.place {
		case inQuotes:
			rest := data[q.pos:]
			if !q.long && q.limit > 0 {
				rest = rest[:min(len(rest), q.limit-q.pos)]
			}
			i := bytes.IndexByte(rest, '"')
			if i < 0 {
				i = len(rest)
			} else {
				q.place = behindQuote
			}
			if q.line == 0 && !q.long {
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
			q.pos += q.bare(data[q.pos:])
			continue
		}
		q.pos++
	}
	return 0, false
}
