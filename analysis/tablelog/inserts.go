package tablelog

import (
	"bytes"
	"encoding/hex"
	"strings"

	"sqleuth/analysis/stops"
)

// INSERT statements, as mysqldump, phpMyAdmin and others write them: a row is what
// is in parentheses behind VALUES. A piece of the dump that begins with a
// parenthesis is a row, since no statement does; all other statements, the commas
// between rows and comments are frame.

// insertLook bounds the start of an INSERT up to its first row.
const insertLook = 4 << 10

// insertInto reads the start of an INSERT or REPLACE into the log's table or a copy
// of it, whose name has the log's in it, up to VALUES and the blanks behind it. n is
// 0 where data does not begin so; names is the list of columns, nil for none. more
// is set where data ends too soon to know.
func insertInto(data []byte) (n int, names []byte, more bool) {
	w := sqlWords{data: data[:min(len(data), insertLook)]}
	if word := w.next(); !equalFold(word, "insert") && !equalFold(word, "replace") {
		return 0, nil, w.cut()
	}
	named := false
	for {
		word := w.next()
		switch {
		case len(word) == 0 || bytes.ContainsAny(word, "';"):
			return 0, nil, w.cut()
		case equalFold(word, "values") || equalFold(word, "value"):
			if !named {
				return 0, nil, false
			}
			w.blanks()
			return w.at, names, w.cut()
		case word[0] == '(':
			names = word[1 : len(word)-1]
		case bytes.Contains(bytes.ToLower(word), []byte("general_log")):
			named = true
		}
	}
}

func equalFold(b []byte, word string) bool {
	return len(b) == len(word) && strings.EqualFold(string(b), word)
}

// sqlWords cuts the start of a statement into names, with all their parts and
// quotes, and parentheses with what is in them.
type sqlWords struct {
	data []byte
	at   int
}

func (w *sqlWords) cut() bool { return w.at >= len(w.data) }

func (w *sqlWords) blanks() {
	for w.at < len(w.data) && isBlank(w.data[w.at]) {
		w.at++
	}
}

// isBlank reports whether c is a blank between the words and values of SQL and JSON.
func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// next returns the next word, nothing where it does not end in data.
func (w *sqlWords) next() []byte {
	w.blanks()
	from := w.at
	if w.cut() {
		return nil
	}
	if w.data[from] == '(' {
		n := tupleEnd(w.data[from:])
		if w.at = from + n; n == 0 {
			w.at = len(w.data)
		}
		return w.data[from : from+n]
	}
	for w.at < len(w.data) {
		switch c := w.data[w.at]; {
		case c == '`' || c == '"':
			n := sqlString(w.data[w.at:])
			if n == 0 {
				w.at = len(w.data)
				return nil
			}
			w.at += n
			continue
		case c != '.' && c != '_' && c != '$' && c < 0x80 && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z'):
			if w.at == from {
				w.at++ // a mark of another kind is a word
			}
			return w.data[from:w.at]
		}
		w.at++
	}
	return nil
}

// beginsStatement reports whether a line begins like a statement of a dump.
func beginsStatement(b []byte) bool {
	i := 0
	for i < len(b) && b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z' {
		i++
	}
	return i < len(b) && bytes.IndexByte([]byte(" \t\r\n(;"), b[i]) >= 0 && verbs[strings.ToLower(string(b[:i]))]
}

// verbs are the first words of statements. Text that begins with another one has come from
// elsewhere.
var verbs = func() map[string]bool {
	of := map[string]bool{}
	for _, word := range strings.Fields("alter analyze begin call change commit create deallocate delete delimiter do drop execute flush grant insert install " +
		"load lock optimize prepare purge rename replace reset revoke rollback savepoint select set show start stop truncate unlock update use with") {
		of[word] = true
	}
	return of
}()

// insertUnit returns the length of the unit at the start of data, 0 where it does
// not end there.
func insertUnit(data []byte, last bool, t *texts) (n int, what unit) {
	t.reset()
	switch c := data[0]; {
	case c == '(':
		return whole((&sqlWalk{texts: t}).tuple(data)), rowUnit
	case c == ',' || c == ';' || isBlank(c):
		return 1, frameUnit
	case c == '#' || c == '-':
		return bytes.IndexByte(data, '\n') + 1, frameUnit
	case c == '/' && (len(data) < 2 || data[1] == '*'):
		if end := bytes.Index(data, []byte("*/")); end >= 0 {
			return end + 2, frameUnit
		}
		return 0, frameUnit
	}
	head, _, more := insertInto(data)
	switch {
	case more && !last && len(data) < insertLook:
		return 0, frameUnit
	case head > 0:
		return head, frameUnit
	case !beginsStatement(data):
		return bytes.IndexByte(data, '\n') + 1, strayUnit
	}
	return statementEnd(data), frameUnit
}

// tupleEnd returns where the parenthesis is closed that data begins with, 0 for
// nowhere.
func tupleEnd(data []byte) int { return whole(new(sqlWalk).tuple(data)) }

// statementEnd returns where the semicolon is behind the statement at the start of
// data, 0 for nowhere.
func statementEnd(data []byte) int { return whole(new(sqlWalk).statement(data)) }

// whole returns an end that was found, else 0.
func whole(end int, ok bool) int {
	if !ok {
		return 0
	}
	return end
}

// sqlWalk walks SQL that may come piece by piece. A doubled quote reads as the end of
// one text and the start of the next, which comes to the same.
type sqlWalk struct {
	depth   int
	quote   byte   // that is open, 0 for none
	escaped bool   // behind a backslash
	texts   *texts // of a tuple that is there as a whole, else nil
}

// tuple returns where the parenthesis is closed that the walk has begun with.
func (w *sqlWalk) tuple(b []byte) (end int, ok bool) {
	from := 0 // of the text
	for i := 0; i < len(b); i++ {
		if w.quote != 0 {
			i += w.text(b[i:]) - 1
			if w.quote == 0 {
				w.texts.add(from, i+1)
			}
			continue
		}
		switch c := b[i]; c {
		case '(':
			w.depth++
		case ')':
			if w.depth--; w.depth == 0 {
				return i + 1, true
			}
		case '\'', '"':
			w.quote, from = c, i
		}
	}
	return len(b), false
}

// statement returns where the semicolon is behind the statement.
func (w *sqlWalk) statement(b []byte) (end int, ok bool) {
	for i := 0; i < len(b); i++ {
		if w.quote != 0 {
			i += w.text(b[i:]) - 1
			continue
		}
		switch c := b[i]; c {
		case ';':
			return i + 1, true
		case '\'', '"', '`':
			w.quote = c
		}
	}
	return len(b), false
}

// text passes over what b has of an open quote.
func (w *sqlWalk) text(b []byte) (n int) {
	quote, escape := w.quote, byte('\\')
	if quote == '`' {
		escape = quote // comes to the same
	}
	if w.escaped && len(b) > 0 {
		w.escaped = false
		n = 1
	}
	special := stops.At(quote, escape, escape)
	for {
		if n += special.Next(b[n:]); n == len(b) {
			return n
		}
		if n++; b[n-1] == quote {
			w.quote = 0
			return n
		}
		if n == len(b) {
			w.escaped = true
			return n
		}
		n++
	}
}

// sqlString returns the length of the quoted text at the start of b, 0 where it
// does not end.
func sqlString(b []byte) int {
	w := sqlWalk{quote: b[0]}
	n := 1 + w.text(b[1:])
	return whole(n, w.quote == 0)
}

// insertRow reads the values of a row.
func (s *Scanner) insertRow(l Layout, raw []byte) (why Fault, ok bool) {
	f, of := &s.fields, s.columnsOf(&l)
	n := 0
	for i := 1; i < len(raw) && n < maxColumns; n++ {
		for i < len(raw) && isBlank(raw[i]) {
			i++
		}
		from := i
		i = s.valueEnd(raw, i)
		if c := of[n]; n < l.Columns && c < columns {
			text, at := s.sqlValue(raw[from:i:i], from)
			f.set(c, text, at)
			f.plain = f.plain || c == argumentColumn && hexLiteral(raw[from:i])
		}
		if i < len(raw) && raw[i] == ')' {
			n++
			break
		}
		i++ // the comma
	}
	if cut := raw[len(raw)-1] != ')'; n > l.Columns || n < l.Columns && !(cut && n > int(l.at[argumentColumn])) {
		return BadColumns, false
	}
	return 0, true
}

// valueEnd returns where the value that begins at i ends, at a comma or the closing
// parenthesis.
func (s *Scanner) valueEnd(raw []byte, i int) int {
	for depth := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '(':
			depth++
		case ')':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		case '\'', '"':
			end := s.texts.end(i)
			if end == 0 || end > len(raw) {
				if end = i + sqlString(raw[i:]); end == i {
					return len(raw)
				}
			}
			i = end - 1
		}
	}
	return len(raw)
}

// withoutIntroducer takes off the character set in front of a literal, which the
// text does not need.
func withoutIntroducer(b []byte) []byte {
	if len(b) == 0 || b[0] != '_' {
		return b
	}
	i := 1
	for i < len(b) && (b[i] >= '0' && b[i] <= '9' || b[i]|0x20 >= 'a' && b[i]|0x20 <= 'z') {
		i++
	}
	return bytes.TrimLeft(b[i:], " ")
}

func hexLiteral(b []byte) bool {
	b = withoutIntroducer(b)
	return len(b) >= 2 && (b[0] == '0' && b[1] == 'x' || (b[0] == 'x' || b[0] == 'X') && b[1] == '\'')
}

// sqlValue returns the value of a literal, NULL as nothing, and where that
// begins in the row, -1 where it had to be decoded; at is where the literal begins.
func (s *Scanner) sqlValue(b []byte, at int) ([]byte, int) {
	for len(b) > 0 && isBlank(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	rest := withoutIntroducer(b)
	b, at = rest, at+len(b)-len(rest)
	switch {
	case equalFold(b, "null"):
		return nil, at
	case hexLiteral(b):
		digits := bytes.TrimSuffix(b[2:], []byte{'\''})
		from := len(s.buf)
		if buf, err := hex.AppendDecode(s.buf, digits); err == nil {
			s.buf = buf
			return s.since(from), -1
		}
		return b, at
	case len(b) == 0 || b[0] != '\'' && b[0] != '"':
		return b, at
	}
	quote := b[0]
	end := len(b)
	if end > 1 && b[end-1] == quote {
		end--
	}
	b, at = b[1:end], at+1
	if bytes.IndexByte(b, '\\') < 0 && bytes.IndexByte(b, quote) < 0 {
		return b, at
	}
	from := len(s.buf)
	s.buf = sqlText(s.buf, b, quote)
	return s.since(from), -1
}

// sqlText appends the text of a literal with its escapes undone, as the server
// reads them: \% and \_ keep their backslash.
func sqlText(dst, b []byte, quote byte) []byte {
	special := stops.At(quote, '\\', '\\')
	return undo(dst, b, &special, func(c, next byte) (byte, bool) {
		switch {
		case c == quote && next == quote:
			return c, true
		case c == '\\' && next != '%' && next != '_':
			return escapes[next], true
		}
		return 0, false
	})
}

// utcSession sets the zone of what follows.
var utcSession = compiled(`(?i)\A(?:/\*!\d{5} )?set (?:@@|session )?time_zone\s*=\s*['"]\+00:00['"]`)

// insertLayout finds the columns of the first INSERT in head into the log's table.
func insertLayout(head []byte, whole bool) (Layout, bool) {
	l := bare
	l.Form = Inserts
	for len(head) > 0 {
		// mysqldump reads times in UTC, and sets that on the server that is to read
		// them.
		l.UTC = l.UTC || utcSession().Match(head[:min(len(head), 80)])
		n, _ := l.next(head, whole, nil)
		if n == 0 {
			break
		}
		if at, names, _ := insertInto(head); at > 0 {
			if names == nil {
				return l, true
			}
			return l.byHeader(bytes.Split(names, comma))
		}
		head = head[n:]
	}
	return l, false
}
