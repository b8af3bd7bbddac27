package sqltext

import "bytes"

// listMark replaces the content of a list. It is the text that Drain has for
// what differs, and no literal, so that a collapsed list stays as it is.
const listMark = "<*>"

// AppendCollapsed appends the text of t to dst with every list of literals written
// as if its length did not matter, for the mining of templates:
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
// TRUE, FALSE, DEFAULT and placeholders. A list that is cut where the text ends
// collapses up to there, without a closing bracket.
//
// Where there is nothing to collapse, dst is returned as it is, and false. The
// text grows by at most two bytes a list, and action and tables stay the same.
func AppendCollapsed(dst []byte, t *Tokens) ([]byte, bool) {
	copied := 0
	eachList(t, func(start, end int) {
		dst = append(append(dst, t.SQL[copied:start]...), listMark...)
		copied = end
	})
	if copied == 0 {
		return dst, false
	}
	return append(dst, t.SQL[copied:]...), true
}

// eachList calls list with what is in the brackets of each list that collapses, in
// order.
func eachList(t *Tokens, list func(start, end int)) {
	c := collapser{Reader: t.Reader()}
	for c.advance(); c.more; {
		rows := false
		switch c.word() {
		case wordIn:
		case wordValues, wordValue:
			rows = true
		default:
			c.advance()
			continue
		}
		c.advance()
		rowWord := rows && c.word() == wordRow
		if rowWord {
			c.advance()
		}
		if !c.is('(') {
			continue
		}
		bracket := c.tok.Start
		switch end := c.list(rows, rowWord); {
		case c.cut:
			list(bracket+1, len(t.SQL))
			return
		case end > 0:
			list(bracket+1, end-1)
		}
	}
}

// AppendCollapsedDigits appends to dst where the text of t has ASCII digits that
// AppendCollapsed keeps.
func AppendCollapsedDigits(dst []int32, t *Tokens) []int32 {
	from := 0
	eachList(t, func(start, end int) {
		dst = appendDigits(dst, t.SQL, from, start)
		from = end
	})
	return appendDigits(dst, t.SQL, from, len(t.SQL))
}

func appendDigits(dst []int32, sql []byte, from, to int) []int32 {
	for i := from; i < to; i++ {
		if isDigit(sql[i]) {
			dst = append(dst, int32(i))
		}
	}
	return dst
}

// MayCollapse reports whether sql may have lists for AppendCollapsed, without
// lexing it: most statements have none.
func MayCollapse(sql []byte) bool {
	rows := true
	for i := 0; ; i++ {
		n := bytes.IndexByte(sql[i:], '(')
		if n < 0 {
			return false
		}
		i += n
		start, end := wordBefore(sql, i)
		if start < end && sql[start]-'0' <= 9 { // a number may end in front of a keyword: 1e8IN (2)
			return true
		}
		switch keywords[lookup(sql, start, end)].word {
		case wordIn:
			return true
		case wordValues, wordValue, wordRow:
			if rows = rows && mayHaveRows(sql[i:]); rows {
				return true
			}
		}
	}
}

// mayHaveRows reports whether a bracket closes in sql behind which a further row
// may follow, or a list that is none of rows.
func mayHaveRows(sql []byte) bool {
	// Forwards, because looking for a byte is several times faster that way.
	for i := 0; ; i++ {
		n := bytes.IndexByte(sql[i:], ')')
		if n < 0 {
			return false
		}
		i += n
		comma := spaceEnd(sql, i+1)
		if comma == len(sql) || sql[comma] != ',' {
			continue
		}
		if next := spaceEnd(sql, comma+1); next == len(sql) || sql[next] == '(' || sql[next]|0x20 == 'r' {
			return true
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

// wordBefore returns the word in front of i with nothing but white space between,
// or its end if it is longer than those that begin lists.
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
	Reader
	tok      Token
	more     bool // tok is a token, not the end
	literals int  // seen in the list
	cut      bool // the text ends in the list
}

func (c *collapser) advance() { c.tok, c.more = c.Next() }

func (c *collapser) word() word { return keywords[c.tok.key].word }

func (c *collapser) is(punct byte) bool {
	return c.tok.Kind == Punct && c.sql[c.tok.Start] == punct
}

// list reads a list from its first bracket on and returns where its last bracket
// ends. It returns 0, with the first token that is no part of a list of literals
// as the current one, where it is none or cut is set.
func (c *collapser) list(rows, rowWord bool) (end int) {
	c.literals = 0
	if !rows {
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
		if rowWord && c.word() == wordRow {
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
		case c.sql[c.tok.Start] == '_', c.word() == wordLiteralType:
			typed = true
			c.advance()
		case c.word() == wordLiteral:
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
