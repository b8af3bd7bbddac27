package tablelog

import (
	"bytes"
	"unicode/utf8"
)

// A table as the mysql client draws it:
//
//	+----------------------------+---------------------------+-----------+
//	| event_time                 | user_host                 | thread_id |
//	+----------------------------+---------------------------+-----------+
//	| 2024-07-10 05:25:05.058758 | root[root] @ localhost [] |         7 |
//	+----------------------------+---------------------------+-----------+
//
// The client neither escapes nor folds: a statement with line ends goes on in the
// next lines. It fills each cell up to the width of its column, so a row has as many
// cells of the terminal as the line above the header, whatever is in it, and a
// statement cannot end its row early. Where the blanks were lost, as in a table that
// was pasted into a ticket, a row ends at the last bar before a line that begins the
// next row, and a statement can hold such lines.

// rowStart is the start of a row, up to its first digits.
var rowStart = compiled(`\A\| {1,40}"?\d{1,4}[-/.]\d{1,2}[-/.]\d`)

const rowStartLook = 64 // is longer than a match of rowStart

// drawnUnit returns the length of the unit at the start of data, which begins a
// line; 0 where it does not end there.
func (l *Layout) drawnUnit(data []byte, last bool) (n int, what unit) {
	if len(data) < 2 && !last {
		return 0, frameUnit
	}
	if data[0] != '|' {
		n = bytes.IndexByte(data, '\n') + 1
		if n == 0 && !last {
			return 0, frameUnit
		}
		line := data
		if n > 0 {
			line = data[:n]
		}
		if frameLine(line) {
			return n, frameUnit
		}
		return n, strayUnit
	}
	end, _, more := l.fitting(data)
	switch {
	case end > 0:
		return end, rowUnit
	case more && !last:
		return 0, rowUnit
	}
	end, _, ok := drawnEnd(data, 0, last)
	return whole(end, ok), rowUnit
}

// maxCounted bounds the width of tables, in cells, in which characters are counted
// for a row that does not fit byte for byte. Counting in vain for each of many short
// rows would cost the square of a dump's length.
const maxCounted = 8 << 10

// fitting returns the length of the row at the start of data that has the widths,
// and how its cells are counted; 0 for none; more is set where data ends before.
// Bytes are looked at first, which costs nothing, but where characters of several
// bytes are among them a count of characters has the first word.
//
// A table is not looked at so whose rows can be longer than the limit, since these
// are not held as a whole.
func (l *Layout) fitting(data []byte) (end int, m measure, more bool) {
	widths := l.widths
	total, most := 0, l.limit
	for w := range columnWidths(widths) {
		total += w
		most -= len("|  ")
	}
	if most -= len("|\r\n"); l.limit > 0 && total > most {
		return 0, nil, false
	}
	end, more = measure(measureBytes).row(data, widths)
	if more || end > 0 && ascii(data[:end]) {
		return end, measureBytes, more
	}
	if end == 0 && total > maxCounted || l.limit > 0 && total > most/utf8.UTFMax {
		return end, measureBytes, false
	}
	for _, m := range []measure{measureCells, measureRunes} {
		n, short := m.row(data, widths)
		if n > 0 || short {
			return n, m, short
		}
	}
	return end, measureBytes, false
}

func ascii(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// drawnEnd returns where a row ends in data whose cells are not filled up, at or
// behind from. Else it returns up to where it does not.
func drawnEnd(data []byte, from int, last bool) (end, walked int, ok bool) {
	for i := from; ; {
		k := bytes.IndexByte(data[i:], '\n')
		if k < 0 {
			if last {
				return len(data), 0, true
			}
			return 0, len(data), false
		}
		i += k + 1
		if bar := bytes.TrimRight(data[max(0, i-rowTail):i], "\r\n "); len(bar) < 2 || bar[len(bar)-1] != '|' {
			continue
		}
		rest := data[i:]
		if len(rest) < rowStartLook && !last {
			return 0, i - 1, false
		}
		if len(rest) == 0 || rest[0] == '+' || rowStart().Match(rest[:min(len(rest), rowStartLook)]) || frameLine(firstOf(rest)) {
			return i, 0, true
		}
	}
}

// firstOf returns the first line of b, or all of it, as far as it matters for what
// the client writes around rows.
func firstOf(b []byte) []byte {
	b = b[:min(len(b), rowStartLook)]
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return b[:i]
	}
	return b
}

// measure returns where the text behind i ends that fills a number of cells, 0 for
// nowhere; more is set where data ends before. Clients count cells of a terminal, in
// the character set that they were given.
type measure func(data []byte, i, cells int) (end int, more bool)

// measureBytes is for character sets of one byte.
func measureBytes(data []byte, i, cells int) (end int, more bool) {
	if i+cells > len(data) {
		return 0, true
	}
	return i + cells, false
}

// measureRunes counts characters.
func measureRunes(data []byte, i, cells int) (end int, more bool) {
	return count(data, i, cells, func(rune) int { return 1 })
}

// measureCells counts wide characters as two.
func measureCells(data []byte, i, cells int) (end int, more bool) {
	return count(data, i, cells, func(r rune) int {
		if wide(r) {
			return 2
		}
		return 1
	})
}

func count(data []byte, i, cells int, of func(rune) int) (end int, more bool) {
	for cells > 0 {
		if rest := data[i:]; len(rest) < utf8.UTFMax && !utf8.FullRune(rest) {
			return 0, true
		}
		r, n := utf8.DecodeRune(data[i:])
		i += n
		cells -= of(r)
	}
	if cells < 0 {
		return 0, false
	}
	return i, false
}

// wide reports whether a character fills two cells: the blocks of East Asian
// scripts.
func wide(r rune) bool {
	return r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf && r != 0x303f || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
		r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x20000 && r <= 0x3fffd)
}

// row returns the length of the row at the start of data whose columns have
// widths; 0 where it has others, or, with more, where data ends before.
func (m measure) row(data []byte, widths string) (n int, more bool) {
	i := 0
	ok := len(widths) > 0
	for w := range columnWidths(widths) {
		if i+2 > len(data) {
			return 0, true
		}
		if data[i] != '|' || data[i+1] != ' ' {
			return 0, false
		}
		if i, more = m(data, i+2, w); more || i == 0 {
			return 0, more
		}
		if i >= len(data) {
			return 0, true
		}
		if data[i] != ' ' {
			return 0, false
		}
		i++
	}
	if !ok {
		return 0, false
	}
	if i+2 > len(data) {
		return 0, true
	}
	switch {
	case data[i] == '|' && data[i+1] == '\n':
		return i + 2, false
	case data[i] == '|' && data[i+1] == '\r':
		if i+3 > len(data) {
			return 0, true
		}
		if data[i+2] == '\n' {
			return i + 3, false
		}
	}
	return 0, false
}

// widthsOf reads the widths of columns from the line above a header: a string of
// four bytes each, so that layouts can be compared. It is empty for another line.
func widthsOf(line []byte) string {
	line = bytes.TrimRight(line, "\r\n ")
	if len(line) < 3 || line[0] != '+' || line[len(line)-1] != '+' {
		return ""
	}
	var widths []byte
	for part := range bytes.SplitSeq(line[1:len(line)-1], []byte{'+'}) {
		w := len(part) - 2
		if w < 1 || len(bytes.Trim(part, "-")) > 0 || len(widths) >= 4*maxColumns {
			return ""
		}
		widths = append(widths, byte(w>>24), byte(w>>16), byte(w>>8), byte(w))
	}
	return string(widths)
}

// columnWidths gives the widths that widthsOf has read.
func columnWidths(widths string) func(yield func(int) bool) {
	return func(yield func(int) bool) {
		for ; len(widths) >= 4; widths = widths[4:] {
			if !yield(int(widths[0])<<24 | int(widths[1])<<16 | int(widths[2])<<8 | int(widths[3])) {
				return
			}
		}
	}
}

// drawnRow reads the cells of a row. frame is set where it holds the names of the
// columns.
func (s *Scanner) drawnRow(l Layout, raw []byte) (why Fault, frame, ok bool) {
	at := l.cellsByWidth(raw)
	if at == nil {
		at = cellsByBars(raw, l.Columns)
	}
	if len(at) != l.Columns {
		return BadColumns, false, false
	}
	f := &s.fields
	names := false
	for c := range columns {
		if l.at[c] < 0 {
			continue
		}
		from, to := at[l.at[c]][0], at[l.at[c]][1]
		text := raw[from:to:to]
		if c != argumentColumn {
			text = bytes.TrimSpace(text)
		} else {
			text = bytes.TrimRight(text, " ")
		}
		f.set(c, text, from)
		if c == timeColumn && len(text) > 0 && (text[0] < '0' || text[0] > '9') {
			named, known := columnOf(text)
			names = known && named == c
		}
	}
	return 0, names, !names
}

// cellsByWidth returns where the cells of a row are that has the widths of the
// dump; nil for another.
func (l *Layout) cellsByWidth(raw []byte) (at [][2]int) {
	n, m, _ := l.fitting(raw)
	if n == 0 {
		return nil
	}
	i := 0
	for w := range columnWidths(l.widths) {
		end, _ := m(raw, i+2, w)
		at = append(at, [2]int{i + 2, end})
		i = end + 1
	}
	return at
}

// cellsByBars returns where the cells of a row are whose widths are not kept: the
// last one may hold bars.
func cellsByBars(raw []byte, columns int) (at [][2]int) {
	body := bytes.TrimRight(raw, "\r\n ")
	end := len(body)
	if end > 1 && body[end-1] == '|' {
		end--
	}
	i := 1
	for len(at) < columns-1 {
		k := bytes.IndexByte(raw[min(i, end):end], '|')
		if k < 0 {
			return nil
		}
		at = append(at, [2]int{i, i + k})
		i += k + 1
	}
	if i > end {
		return nil
	}
	// The client puts a blank in front of each cell.
	if i < end && raw[i] == ' ' {
		i++
	}
	return append(at, [2]int{i, end})
}

// drawnLayout finds the columns of the first header in head, and their widths if
// the line above it is there.
func drawnLayout(head []byte) (Layout, bool) {
	l := Layout{Form: Drawn}
	for len(head) > 0 {
		line := firstLine(head)
		if len(line) == 0 {
			line = head
		}
		head = head[len(line):]
		if w := widthsOf(line); w != "" {
			l.widths = w
			continue
		}
		if line[0] != '|' {
			continue
		}
		body := bytes.Trim(bytes.TrimRight(line, "\r\n "), "|")
		l, ok := l.byHeader(bytes.Split(body, []byte{'|'}))
		if len(l.widths) != 4*l.Columns {
			l.widths = ""
		}
		return l, ok
	}
	return l, false
}
