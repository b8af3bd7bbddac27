package sqltext

import "bytes"

// listMark stands for the content of a list. It is the text that Drain has for
// what differs, and no literal, so that a collapsed list stays as it is.
const listMark = "<*>"

// AppendCollapsed appends sql to dst with every list of literals written as if
// its length did not matter, for the mining of templates:
//
//	IN (1, 'a', NULL), IN ((1, 2), (3, 4)), IN (1)    IN (<*>)
//	VALUES (1, 'a'), (2, 'b')                         VALUES (<*>)
//	VALUES ROW(1, 'a'), ROW(2, 'b')                   VALUES ROW(<*>)
//	VALUES (1, 'a'), (2, 'b                           VALUES (<*>
//
// All else stays as it is, byte for byte. A single row of VALUES keeps its
// literals, and a list keeps them that holds, or has in front of its bracket,
// anything but literals and white space: a name, a call, a subquery, a comment.
// Literals are numbers and strings (with sign, type or character set), NULL,
// TRUE, FALSE, DEFAULT and placeholders. A list that is cut where sql ends
// collapses up to there, without a closing bracket.
//
// Where there is nothing to collapse, dst is returned as it is, and false. The
// text grows by at most two bytes a list, and action and tables stay the same.
func AppendCollapsed(dst, sql []byte) ([]byte, bool) {
	copied := 0
	eachList(sql, func(start, end int) {
		dst = append(append(dst, sql[copied:start]...), listMark...)
		copied = end
	})
	if copied == 0 {
		return dst, false
	}
	return append(dst, sql[copied:]...), true
}

// eachList calls list with what stands in the brackets of each list that
// collapses, in order.
func eachList(sql []byte, list func(start, end int)) {
	f := listFinder{sql: sql, lastRow: unknownRow}
	head, ok := f.find(0)
	if !ok {
		return
	}
	c := collapser{sql: sql}
	c.lex.Reset(sql)
	c.advance()
	for ok && c.more {
		if c.tok.Start < head.start {
			c.advance()
			continue
		}
		if c.tok.Start == head.start && c.tok.End == head.end && !c.qualified {
			switch end := c.list(&head); {
			case c.cut:
				list(head.bracket+1, len(sql))
				return
			case end > 0:
				list(head.bracket+1, end-1)
			}
		}
		// The word was inside a string or a comment, or its list is read now.
		head, ok = f.find(max(c.tok.Start, head.bracket+1))
	}
}

// AppendCollapsedDigits appends to dst where sql has ASCII digits that
// AppendCollapsed keeps.
func AppendCollapsedDigits(dst []int32, sql []byte) []int32 {
	from := 0
	eachList(sql, func(start, end int) {
		dst = appendDigits(dst, sql, from, start)
		from = end
	})
	return appendDigits(dst, sql, from, len(sql))
}

func appendDigits(dst []int32, sql []byte, from, to int) []int32 {
	for i := from; i < to; i++ {
		if isDigit(sql[i]) {
			dst = append(dst, int32(i))
		}
	}
	return dst
}

// listHead is a place that looks like the beginning of a list.
type listHead struct {
	start, end int // IN, VALUES or VALUE
	bracket    int // the first opening bracket
	rows       bool
	rowWord    bool // each row begins with ROW
}

// listFinder looks for lists in a text without lexing it, which is much cheaper
// and enough for most statements: they have none.
type listFinder struct {
	sql     []byte
	lastRow int // see endOfRows
}

const unknownRow = -2

// find finds the next bracket from a place on that has a word in front of it that
// begins lists. It passes over VALUES that can have no second row.
func (f *listFinder) find(from int) (listHead, bool) {
	for i := from; i < len(f.sql); i++ {
		n := bytes.IndexByte(f.sql[i:], '(')
		if n < 0 {
			break
		}
		i += n
		start, end := wordBefore(f.sql, i)
		h := listHead{start: start, end: end, bracket: i}
		w := lookup(f.sql, Token{Word, start, end}).word
		if w == wordRow {
			h.rowWord = true
			h.start, h.end = wordBefore(f.sql, start)
			w = lookup(f.sql, Token{Word, h.start, h.end}).word
		}
		switch w {
		case wordIn:
			if !h.rowWord {
				return h, true
			}
		case wordValues, wordValue:
			if f.endOfRows() > i {
				h.rows = true
				return h, true
			}
		}
	}
	return listHead{}, false
}

// endOfRows returns the last closing bracket behind which a further row may
// follow: a comma, and then a bracket, the word ROW or the end of the text; -1
// for none. It looks for it once.
func (f *listFinder) endOfRows() int {
	if f.lastRow != unknownRow {
		return f.lastRow
	}
	// Forwards, because looking for a byte is several times faster that way.
	f.lastRow = -1
	for i := 0; ; i++ {
		n := bytes.IndexByte(f.sql[i:], ')')
		if n < 0 {
			return f.lastRow
		}
		i += n
		comma := spaceEnd(f.sql, i+1)
		if comma == len(f.sql) || f.sql[comma] != ',' {
			continue
		}
		if next := spaceEnd(f.sql, comma+1); next == len(f.sql) || f.sql[next] == '(' || f.sql[next]|0x20 == 'r' {
			f.lastRow = i
		}
	}
}

// spaceEnd returns where the white space at i ends.
func spaceEnd(sql []byte, i int) int {
	for i < len(sql) && byteClass[sql[i]] == spaceByte {
		i++
	}
	return i
}

// wordBefore returns the word that stands in front of i with nothing but white
// space between, or its end if it is longer than those that begin lists.
func wordBefore(sql []byte, i int) (start, end int) {
	for i > 0 && byteClass[sql[i-1]] == spaceByte {
		i--
	}
	end = i
	for i > 0 && end-i <= len("values") && isIdentByte(sql[i-1]) {
		i--
	}
	return i, end
}

// collapser reads the lists of one text.
type collapser struct {
	lex       Lexer
	sql       []byte
	tok       Token
	more      bool // tok is a token, not the end
	qualified bool // the token is a name behind a dot
	literals  int  // seen in the list
	cut       bool // the text ends in the list
}

func (c *collapser) advance() {
	switch c.tok.Kind {
	case Comment, VersionOpen, VersionClose:
	default:
		c.qualified = c.is('.')
	}
	c.tok, c.more = c.lex.Next()
}

func (c *collapser) is(punct byte) bool {
	return c.tok.Kind == Punct && c.sql[c.tok.Start] == punct
}

// list reads the list behind the word at the current token and returns where its
// last bracket ends. It returns 0, with the first token that is no part of a
// list of literals as the current one, where it is none or cut is set.
func (c *collapser) list(head *listHead) (end int) {
	for c.tok.Start < head.bracket {
		c.advance()
	}
	c.literals = 0
	if !head.rows {
		end, ok := c.bracket(true)
		c.cut = !ok && !c.more && c.literals > 0
		return end
	}
	for n := 1; ; n++ {
		end, ok := c.bracket(false)
		if !ok {
			c.cut = !c.more && n > 1
			return 0
		}
		if !c.is(',') {
			if n == 1 {
				return 0
			}
			return end
		}
		c.advance()
		if head.rowWord && c.tok.Kind == Word && lookup(c.sql, c.tok).word == wordRow {
			c.advance()
		}
		if !c.is('(') {
			c.cut = !c.more
			return 0
		}
	}
}

// bracket reads literals, and with rows set brackets of literals, from an opening
// bracket to its closing one, and returns where that ends. It leaves the first
// token behind, or the first that does not belong there, as the current one.
func (c *collapser) bracket(rows bool) (end int, ok bool) {
	for separator := true; separator; separator = c.is(',') {
		c.advance() // the bracket, then commas
		if rows && c.is('(') {
			_, ok = c.bracket(false)
		} else {
			ok = c.literal()
		}
		if !ok {
			return 0, false
		}
	}
	if !c.is(')') {
		return 0, false
	}
	end = c.tok.End
	c.advance()
	return end, true
}

// literal passes over a literal, if there is one.
func (c *collapser) literal() bool {
	for c.tok.Kind == Operator && c.tok.End == c.tok.Start+1 && (c.sql[c.tok.Start] == '-' || c.sql[c.tok.Start] == '+') {
		c.advance()
	}
	typed := false
	if c.tok.Kind == Word {
		switch {
		case c.sql[c.tok.Start] == '_', lookup(c.sql, c.tok).word == wordLiteralType:
			typed = true
			c.advance()
		case lookup(c.sql, c.tok).word == wordLiteral:
			c.literals++
			c.advance()
			return true
		}
	}
	switch c.tok.Kind {
	case Number, Placeholder:
		if typed {
			return false
		}
		c.literals++
		c.advance()
	case HexLiteral, BitLiteral:
		c.literals++
		c.advance()
	case String, DoubleQuoted:
		c.literals++
		for c.tok.Kind == String || c.tok.Kind == DoubleQuoted { // 'a' 'b' is 'ab'
			c.advance()
		}
	default:
		return false
	}
	return true
}
