package sqltext

import "bytes"

// EndState reads the whole text and tells what is open at its end. A log entry
// that ends inside a quote or a comment was cut, or the header of the entry
// behind it was written by a client.
//
// It gives what a Lexer's State is behind the last token, and needs no tokens
// for that: a doubled quote closes a string and opens the next one, and nothing
// but quotes and comments can hold a quote or a comment.
func EndState(sql []byte) State {
	l := Lexer{sql: sql}
	for i := 0; i < len(sql); {
		c := sql[i]
		if !opens[c] {
			i++
			continue
		}
		next := byte(0)
		if i+1 < len(sql) {
			next = sql[i+1]
		}
		switch {
		case c == '\'' || c == '"' || c == '`':
			end := quoteEnd(sql, i)
			if end < 0 {
				return openQuote(c)
			}
			i = end
		case c == '/' && next == '*':
			if _, i = l.comment(i); l.open != Closed {
				return l.open
			}
		case c == '*' && next == '/' && l.versions > 0:
			l.versions--
			i += 2
		case c == '#', c == '-' && next == '-' && dashComment(sql, i):
			i = lineEnd(sql, i)
		default:
			i++
		}
	}
	return l.State()
}

// opens are the bytes that may begin or end a quote or a comment.
var opens = func() (set [256]bool) {
	for _, c := range []byte("'\"`/*#-") {
		set[c] = true
	}
	return set
}()

// quoteEnd returns the end of the quote that begins at i up to the first quote
// character that no backslash takes away, -1 where there is none. In back-quotes
// a backslash is like any other byte.
func quoteEnd(sql []byte, i int) int {
	q := sql[i]
	for from := i + 1; ; {
		n := bytes.IndexByte(sql[from:], q)
		if n < 0 {
			return -1
		}
		at := from + n
		slashes := at
		for slashes > from && sql[slashes-1] == '\\' {
			slashes--
		}
		if q == '`' || (at-slashes)%2 == 0 {
			return at + 1
		}
		from = at + 1
	}
}

func openQuote(q byte) State {
	switch q {
	case '"':
		return OpenDoubleQuoted
	case '`':
		return OpenIdent
	}
	return OpenString
}
