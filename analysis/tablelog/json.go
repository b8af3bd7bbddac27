package tablelog

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"sqleuth/analysis/stops"
)

// A row in JSON is an object without objects or arrays in it. Programs differ in
// what they put around: an array, an object named after the query, a line each. All
// of that is frame. A string cannot hold a line end, so a lost quote costs its line.

// jsonUnit returns the length of the unit at the start of data, 0 where it does
// not end there.
func jsonUnit(data []byte, t *texts) (n int, what unit) {
	t.reset()
	if data[0] != '{' {
		end, ok := jsonFrame(data)
		return whole(end, ok), aroundRows(data[:end])
	}
	n, what, ok := (&jsonWalk{texts: t}).object(data[1:])
	return whole(n+1, ok), what
}

// jsonFrame returns where text between objects ends: behind its line, or where an
// object begins.
func jsonFrame(b []byte) (end int, ok bool) {
	for i, c := range b {
		switch c {
		case '{':
			return i, true
		case '\n':
			return i + 1, true
		}
	}
	return len(b), false
}

// aroundRows returns what text between objects is: brackets, a name with what it is of, and
// comments are frame, all else has come from elsewhere.
func aroundRows(line []byte) unit {
	line = bytes.TrimLeft(line, "[]{},: \t\r\n")
	if len(line) == 0 || line[0] == '/' || line[0] == '*' {
		return frameUnit
	}
	if line[0] == '"' {
		w := jsonWalk{quoted: true}
		n := 1 + w.text(line[1:])
		if behind := bytes.TrimLeft(line[n:], " \t"); !w.quoted && len(behind) > 0 && behind[0] == ':' {
			return frameUnit
		}
	}
	return strayUnit
}

// jsonWalk walks an object that may come piece by piece.
type jsonWalk struct {
	quoted  bool
	escaped bool   // behind a backslash
	texts   *texts // of an object that is there as a whole, else nil
}

// object returns where the object ends whose brace was passed, or where it shows to
// be none of a row.
func (w *jsonWalk) object(b []byte) (end int, what unit, ok bool) {
	from := 0 // of the text
	for i := 0; i < len(b); i++ {
		if w.quoted {
			i += w.text(b[i:]) - 1
			if b[i] == '\n' {
				return i + 1, strayUnit, true
			}
			if !w.quoted {
				w.texts.add(from+1, i+2) // the brace is in front of b
			}
			continue
		}
		switch b[i] {
		case '"':
			w.quoted, from = true, i
		case '{', '[':
			return i, frameUnit, true
		case '}':
			return i + 1, rowUnit, true
		}
	}
	return len(b), rowUnit, false
}

// text passes over what b has of a string, or up to the line end that it cannot hold.
func (w *jsonWalk) text(b []byte) (n int) {
	if w.escaped && len(b) > 0 && b[0] != '\n' {
		w.escaped = false
		n = 1
	}
	for {
		if n += jsonStops.Next(b[n:]); n == len(b) {
			return n
		}
		switch {
		case b[n] != '\\':
			w.quoted, w.escaped = false, false
			return n + 1
		case n+1 == len(b):
			w.escaped = true
		case b[n+1] != '\n':
			n++
		}
		n++
	}
}

// jsonStops are the bytes that do not mean themselves in a string.
var jsonStops = stops.At('"', '\\', '\n')

// jsonRow reads an object. One that has neither a time nor a text but a type is frame, as the
// header is that phpMyAdmin writes.
func (s *Scanner) jsonRow(l Layout, raw []byte) (why Fault, frame, ok bool) {
	f := &s.fields
	var seen [columns]bool
	known, typed := false, false
	for i := 1; i < len(raw); {
		if raw[i] != '"' {
			i++
			continue
		}
		end := s.jsonEnd(raw, i)
		if end == 0 {
			break // the dump was cut in a name
		}
		name := raw[i+1 : end-1]
		i = end
		for i < len(raw) && (raw[i] == ':' || isBlank(raw[i])) {
			i++
		}
		from, to, next := s.jsonValue(raw, i)
		i = next
		typed = typed || string(name) == "type"
		c, is := columnOf(name)
		if !is || seen[c] || l.at[c] < 0 {
			continue
		}
		known = known || c == timeColumn || c == argumentColumn
		seen[c] = true
		text := raw[from:to:to]
		switch {
		case from > 0 && raw[from-1] == '"':
			if bytes.IndexByte(text, '\\') >= 0 {
				at := len(s.buf)
				s.buf = jsonText(s.buf, text)
				text, from = s.since(at), -1
			}
			f.set(c, text, from)
		case string(text) != "null":
			f.set(c, text, from)
		}
	}
	switch {
	case !known && typed:
		return 0, true, true
	case !seen[argumentColumn]:
		return BadColumns, false, false
	}
	return 0, false, true
}

// jsonValue returns where the value at i begins and ends, quotes left out, and
// where to go on.
func (s *Scanner) jsonValue(raw []byte, i int) (from, to, next int) {
	if i < len(raw) && raw[i] == '"' {
		end := s.jsonEnd(raw, i)
		if end == 0 {
			return i + 1, len(raw), len(raw) // cut
		}
		return i + 1, end - 1, end
	}
	from = i
	for i < len(raw) && raw[i] != ',' && raw[i] != '}' && raw[i] != '\n' {
		i++
	}
	return from, from + len(bytes.TrimSpace(raw[from:i])), i
}

// jsonEnd returns where the string at i ends, or the line end that it cannot hold is
// behind; 0 where neither is there.
func (s *Scanner) jsonEnd(raw []byte, i int) int {
	if end := s.texts.end(i); end > 0 && end <= len(raw) {
		return end
	}
	w := jsonWalk{quoted: true}
	n := i + 1 + w.text(raw[i+1:])
	return whole(n, !w.quoted)
}

// jsonText appends a string with its escapes undone. Half a surrogate pair becomes
// U+FFFD, and an escape that JSON does not know stays as it is.
func jsonText(dst, b []byte) []byte {
	for i := 0; i < len(b); i++ {
		next := bytes.IndexByte(b[i:], '\\')
		if next < 0 {
			next = len(b) - i
		}
		dst = append(dst, b[i:i+next]...)
		if i += next; i+1 >= len(b) {
			return append(dst, b[i:]...)
		}
		i++
		switch c := b[i]; c {
		case '"', '\\', '/':
			dst = append(dst, c)
		case 'b':
			dst = append(dst, '\b')
		case 'f':
			dst = append(dst, '\f')
		case 'n':
			dst = append(dst, '\n')
		case 'r':
			dst = append(dst, '\r')
		case 't':
			dst = append(dst, '\t')
		case 'u':
			r, n := jsonRune(b[i-1:])
			if n == 0 {
				dst = append(dst, '\\', c)
				continue
			}
			dst = utf8.AppendRune(dst, r)
			i += n - 2
		default:
			dst = append(dst, '\\', c)
		}
	}
	return dst
}

// jsonRune reads \uXXXX, or two of them, at the start of b; n is 0 for neither.
func jsonRune(b []byte) (r rune, n int) {
	hex := func(b []byte) rune {
		if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
			return -1
		}
		v, err := strconv.ParseUint(string(b[2:6]), 16, 16)
		if err != nil {
			return -1
		}
		return rune(v)
	}
	if r = hex(b); r < 0 {
		return 0, 0
	}
	if utf16.IsSurrogate(r) {
		if pair := utf16.DecodeRune(r, hex(b[6:])); pair != utf8.RuneError {
			return pair, 12
		}
		return utf8.RuneError, 6
	}
	return r, 6
}

// jsonLayout finds the columns of the first object in head that has enough of
// them.
func jsonLayout(head []byte, whole bool) (Layout, bool) {
	l := Layout{Form: JSON}
	for len(head) > 0 {
		n, what := l.next(head, whole, nil)
		if n == 0 {
			break
		}
		if what == rowUnit {
			if l, ok := l.byHeader(jsonNames(head[:n])); ok {
				l.Columns = 0
				for c := range l.at {
					l.at[c] = min(l.at[c], 0)
				}
				return l, true
			}
		}
		head = head[n:]
	}
	return l, false
}

// jsonNames returns the names in an object.
func jsonNames(raw []byte) (names [][]byte) {
	var s Scanner
	for i := 1; i < len(raw) && len(names) < maxColumns; {
		if raw[i] != '"' {
			i++
			continue
		}
		end := s.jsonEnd(raw, i)
		if end == 0 {
			break
		}
		names = append(names, raw[i+1:end-1])
		i = end
		for i < len(raw) && (raw[i] == ':' || isBlank(raw[i])) {
			i++
		}
		_, _, i = s.jsonValue(raw, i)
	}
	return names
}
