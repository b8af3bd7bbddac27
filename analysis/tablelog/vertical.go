package tablelog

import (
	"bytes"
)

// Rows as the mysql client shows them for \G: a line of stars with the row's
// number, then a line a field, its name right-aligned. Line ends in a field are not
// escaped. So a statement can hold what looks like the next row, as it can in the
// server's own form of the log.

// verticalTail is what the client writes behind the last row.
var verticalTail = compiled(`\r?\n\d+ rows? in set(?:, \d+ warnings?)?(?: \([\d.]+ (?:sec|min)[^)\n]{0,40}\))?\s*(?:\n(?:mysql|MariaDB [^\n]{0,80})>[^\n]{0,200})?\s*\z`)

const (
	rowLineLook = 256 // is longer than what beginsRow looks at
	tailLook    = 512 // is longer than a match of verticalTail
	nameLook    = 64  // is longer than most names of columns
)

// beginsRow reports whether b begins with the line in front of a row and the name
// of its first field.
func beginsRow(b []byte) bool {
	b = b[:min(len(b), rowLineLook)]
	line, rest, ok := bytes.Cut(b, []byte{'\n'})
	if !ok {
		return false
	}
	if len(line) < len(stars) || line[0] != '*' { // nearly all lines
		return false
	}
	left, ok := bytes.CutSuffix(bytes.TrimSuffix(bytes.TrimRight(line, "\r"), stars), []byte(". row "))
	if !ok {
		return false
	}
	number, ok := bytes.CutPrefix(left, stars)
	if !ok || len(number) < 2 || number[0] != ' ' || digits(number[1:min(len(number), 18)]) < 0 {
		return false
	}
	name, _, ok := bytes.Cut(bytes.TrimLeft(rest, " "), []byte(": "))
	return ok && len(name) > 0 && bytes.IndexByte(name, '\n') < 0
}

// stars are what the client writes on each side of a row's number.
var stars = []byte("***************************")

// verticalUnit returns the length of the unit at the start of data, which begins a
// line; 0 where it does not end there.
func verticalUnit(data []byte, last bool) (n int, what unit) {
	if len(data) < rowLineLook && !last {
		return 0, frameUnit
	}
	if !beginsRow(data) {
		n = bytes.IndexByte(data, '\n') + 1
		if frameLine(data[:max(n, 0)]) || n == 0 && frameLine(data) {
			return n, frameUnit
		}
		return n, strayUnit
	}
	n, _, ok := verticalEnd(data, bytes.IndexByte(data, '\n')+1, last)
	return whole(n, ok), rowUnit
}

// verticalEnd returns where a row ends in data: where the next begins, at or behind
// from, or the client's last words. Else it returns up to where no row begins.
func verticalEnd(data []byte, from int, last bool) (end, walked int, ok bool) {
	for i := from; ; {
		k := starLine(data[i:])
		if k < 0 {
			if !last {
				return 0, max(i, len(data)-1), false
			}
			return withoutTail(data), 0, true
		}
		i += k + 1
		if len(data)-i < rowLineLook && !last {
			return 0, i - 1, false
		}
		if beginsRow(data[i:]) {
			return withoutTail(data[:i]), 0, true
		}
	}
}

// starLine returns where the first line end is in b that a star follows, -1 for none.
func starLine(b []byte) int {
	for i := 1; i < len(b); i++ { // most line ends have none behind them
		n := bytes.IndexByte(b[i:], '*')
		if n < 0 {
			break
		}
		if i += n; b[i-1] == '\n' {
			return i - 1
		}
	}
	return -1
}

// withoutTail returns where a row ends in data, which the client's last words may
// follow. It takes off all there are in the last rowTail bytes, so that a piece of a
// dump that ends here is read like the dump.
func withoutTail(data []byte) int {
	for least := len(data) - rowTail; ; {
		from := max(0, least, len(data)-tailLook)
		if !maybeTail(data[from:]) {
			return len(data)
		}
		m := verticalTail().FindIndex(data[from:])
		if m == nil {
			return len(data)
		}
		data = data[:from+m[0]+bytes.IndexByte(data[from+m[0]:], '\n')+1]
	}
}

// maybeTail reports whether the last line of b that is not blank begins as the client's
// last words do: where it does not, verticalTail does not match.
func maybeTail(b []byte) bool {
	end := len(b)
	for end > 0 && (b[end-1] == ' ' || b[end-1] >= '\t' && b[end-1] <= '\r') {
		end--
	}
	line := bytes.LastIndexByte(b[:end], '\n') + 1
	return line < end && (b[line] == 'm' || b[line] == 'M' || b[line]-'0' <= 9)
}

// frameWords begin lines that the mysql client writes around rows.
var frameWords = compiled(`\A(?:\+[-+]+\+?\s*\z|mysql>|MariaDB [^\n]{0,80}>|\s+->|\d+ rows? in set|Empty set|Query OK|mysql: \[Warning\]|-{10,}\s*\z|\s*\z)`)

// frameLine reports whether a line is one that the client writes around rows.
func frameLine(line []byte) bool { return frameWords().Match(line) }

// verticalRow reads the fields of a row in their order, so that a line of a
// statement that looks like a field that was before is none.
func (s *Scanner) verticalRow(l Layout, raw []byte) (why Fault, ok bool) {
	f, of := &s.fields, s.columnsOf(&l)
	pos := bytes.IndexByte(raw, '\n') + 1
	name, from := fieldName(raw[pos:])
	if name != nil && of[0] < columns && !of.names(0, name) {
		return BadColumns, false
	}
	for n := 0; n < l.Columns; n++ {
		if name == nil {
			if n > int(l.at[argumentColumn]) {
				break // the dump was cut
			}
			return BadColumns, false
		}
		from += pos
		end, next, nextFrom := len(raw), []byte(nil), 0
		if n+1 < l.Columns {
			end, next, nextFrom = of.fieldEnd(raw, from, n+1)
		}
		if c := of[n]; c < columns {
			f.set(c, withoutLineEnd(raw[from:end:end]), from)
		}
		pos, name, from = end, next, nextFrom
	}
	return 0, true
}

// withoutLineEnd returns a text without the line end behind it.
func withoutLineEnd(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
	}
	if n := len(b); n > 0 && b[n-1] == '\r' {
		b = b[:n-1]
	}
	return b
}

// fieldName returns the name of the field that begins with line b, and where its
// text begins; nil for none.
func fieldName(b []byte) (name []byte, from int) {
	near := b[:min(len(b), nameLook)]
	if colon := bytes.IndexByte(near, ':'); colon >= 0 && colon+1 < len(near) && near[colon+1] == ' ' && bytes.IndexByte(near[:colon], '\n') < 0 {
		return bytes.TrimSpace(b[:colon]), colon + 2
	}
	line, _, _ := bytes.Cut(b, []byte{'\n'})
	colon := bytes.Index(line, []byte(": "))
	if colon < 0 {
		if !bytes.HasSuffix(bytes.TrimRight(line, "\r"), []byte{':'}) { // a field without text whose blank was lost
			return nil, 0
		}
		colon = bytes.LastIndexByte(line, ':')
		return bytes.TrimSpace(line[:colon]), colon + 1
	}
	return bytes.TrimSpace(line[:colon]), colon + 2
}

// fieldEnd returns where the field ends whose text begins at from: before the line
// that begins field n, of which it returns what fieldName does.
func (of *fieldColumns) fieldEnd(raw []byte, from, n int) (end int, name []byte, text int) {
	for i := from; ; {
		k := bytes.IndexByte(raw[i:], '\n')
		if k < 0 {
			return len(raw), nil, 0
		}
		i += k + 1
		if name, text := fieldName(raw[i:]); name != nil && of.names(n, name) {
			return i, name, text
		}
	}
}

// names reports whether field n can have a name.
func (of *fieldColumns) names(n int, name []byte) bool {
	c, known := columnOf(name)
	if of[n] < columns {
		return known && c == of[n]
	}
	return !known && !bytes.ContainsAny(name, " '\"=")
}

// verticalLayout finds the columns of the first row in head.
func verticalLayout(head []byte, whole bool) (Layout, bool) {
	l := Layout{Form: Vertical}
	for len(head) > 0 {
		n, what := l.next(head, whole, nil)
		if n == 0 {
			break
		}
		if what == rowUnit {
			var names [][]byte
			for _, line := range bytes.Split(head[:n], []byte{'\n'})[1:] {
				if name, _ := fieldName(line); name != nil && len(names) < 8 {
					names = append(names, name)
				}
			}
			// The lines of the last field may look like fields of their own.
			for k := len(names); k > 0; k-- {
				if l, ok := l.byHeader(names[:k]); ok && int(l.last()) == k-1 {
					return l, true
				}
			}
			return l, false
		}
		head = head[n:]
	}
	return l, false
}

// last returns the last column of the dump that is read.
func (l *Layout) last() int8 {
	last := int8(-1)
	for _, at := range l.at {
		last = max(last, at)
	}
	return last
}
