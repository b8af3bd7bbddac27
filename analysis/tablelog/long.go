package tablelog

import "bytes"

// A row is long by its length alone, see genlog.MaxRecord. Its head is an entry, and
// where it ends is found without holding what is between, by the same walks that find
// the end of others.

const (
	// rowTail is how much in front of a place can decide whether a row ends there.
	rowTail = 1 << 10
	// rowAhead is more than what must be seen behind a place for that, and than the
	// start of a statement that must be seen to know one.
	rowAhead = 8 << 10
)

// how is how the end of a row is found.
type how uint8

const (
	byLine how = iota + 1 // ends with its line
	byEscapedLine
	byTuple
	byStatement
	byComment
	byObject
	byFrame
	byRowLine // a row of \G
	byBars    // a drawn row
)

// ending finds the end of something long that comes piece by piece.
type ending struct {
	how    how
	walked int  // of the data that comes next
	odd    bool // of an escaped line: an odd number of backslashes is right before here
	cr     bool // a CR that may end the line
	star   bool // of a comment
	sql    sqlWalk
	json   jsonWalk
}

// ending returns how what begins with data ends.
func (l *Layout) ending(data []byte) ending {
	first := data[0]
	how := byLine
	switch {
	case l.Form == Delimited && l.Backslash:
		how = byEscapedLine
	case l.Form == JSON:
		if how = byFrame; first == '{' {
			how = byObject
		}
	case l.Form == Vertical && beginsRow(data):
		how = byRowLine
	case l.Form == Drawn && first == '|':
		how = byBars
	case l.Form != Inserts || first == '#' || first == '-':
	case first == '(':
		how = byTuple
	case bytes.HasPrefix(data, []byte("/*")):
		how = byComment
	case beginsStatement(data):
		how = byStatement
	}
	return ending{how: how}
}

// find returns where the end is in data. Else it returns false and a place behind
// from: what is before that place need not be given again.
func (e *ending) find(l *Layout, data []byte, from int, whole bool) (end int, ok bool) {
	n := 0
	switch rest := data[e.walked:]; e.how {
	case byLine:
		n, ok = lineEnd(rest)
	case byEscapedLine:
		n, ok = e.escapedLine(l, rest)
	case byTuple:
		n, ok = e.sql.tuple(rest)
	case byStatement:
		n, ok = e.sql.statement(rest)
	case byComment:
		n, ok = e.comment(rest)
	case byFrame:
		n, ok = jsonFrame(rest)
	case byObject:
		if e.walked == 0 {
			rest, n = rest[1:], 1 // the brace
		}
		var k int
		k, _, ok = e.json.object(rest)
		n += k
	case byRowLine:
		return e.look(verticalEnd, data, from, whole)
	case byBars:
		return e.look(drawnEnd, data, from, whole)
	}
	if !ok {
		end, e.walked = len(data), from
		return end, false
	}
	return e.walked + n, true
}

// look is find where the bytes around a place show whether a row ends there.
func (e *ending) look(find func(data []byte, from int, last bool) (end, walked int, ok bool), data []byte, from int, whole bool) (int, bool) {
	start := e.walked
	if e.how == byRowLine && start == 0 {
		start = bytes.IndexByte(data, '\n') + 1
	}
	end, walked, ok := find(data, start, whole)
	if ok {
		return end, end < len(data) || !whole
	}
	end = max(from, walked-rowTail)
	e.walked = walked - (end - from)
	return end, false
}

func lineEnd(b []byte) (end int, ok bool) {
	end = bytes.IndexByte(b, '\n') + 1
	return end, end > 0
}

// escapedLine returns where the line end is in b that nothing escapes, as lineEnds
// has it.
func (e *ending) escapedLine(l *Layout, b []byte) (end int, ok bool) {
	for i, c := range b {
		if c == '\n' && (e.cr || !l.CRLF && !e.odd) {
			return i + 1, true
		}
		e.cr = l.CRLF && c == '\r' && !e.odd
		e.odd = c == '\\' && !e.odd
	}
	return 0, false
}

// comment returns where the comment ends that b goes on with.
func (e *ending) comment(b []byte) (end int, ok bool) {
	for i, c := range b {
		if c == '/' && e.star {
			return i + 1, true
		}
		e.star = c == '*'
	}
	return 0, false
}
