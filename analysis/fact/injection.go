package fact

import (
	"bytes"
	"slices"
	"strings"
)

// A text is that of an injection if it reads like an input that was meant to break out of
// a literal: UNION SELECT, functions that only attackers call, catalogues, a comparison of
// constants behind OR or AND, a second statement, a comment that cuts behind a quote.

// gap skips blanks, comments and what else parts words; it is bounded, so that looks
// from many places stay cheap.
func gap(text []byte, i int) int {
	for end := min(len(text), i+64); i < end; {
		switch c := text[i]; {
		case c <= ' ' || c == '+' || c == '(' || c == '\\' || c == 0xa0:
			i++
		case c == '/' && i+1 < end && text[i+1] == '*':
			n := bytes.Index(text[i+2:min(len(text), i+66)], []byte("*/"))
			if n < 0 {
				i += 2
				continue
			}
			i += n + 4
		case c == '*' && i+1 < end && text[i+1] == '/': // the end of a version comment
			i += 2
		default:
			return i
		}
	}
	return i
}

// behind returns the index behind one of some words that are next in a text, i where
// there is none.
func behind(text []byte, i int, words ...string) int {
	next := min(gap(text, i), len(text))
	for _, w := range words {
		if hasPrefixFold(text[next:], w) {
			return next + len(w)
		}
	}
	return i
}

// beginsWith reports whether a text begins with one of some words.
func beginsWith(text []byte, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return hasPrefixFold(text, w) })
}

// unites reports whether SELECT follows, with something that may be its list.
func unites(text []byte, _, end int) bool {
	end = behind(text, behind(text, end, "all"), "distinct")
	list := behind(text, end, "select")
	return list > end && listAt(text, list)
}

// listAt reports whether the text at i may be a select list: a value, or names with
// what belongs to a list or a query behind them.
func listAt(text []byte, i int) bool {
	j := gap(text, i)
	if j == i || j >= len(text) {
		return false
	}
	rest := text[j:min(len(text), j+64)]
	return !letter(rest[0]) || bytes.ContainsAny(rest, ",(") || containsFold(rest, " from") || containsFold(rest, "null") || cutAtEnd(text)
}

// asksServer reports whether a SELECT is a query by itself: in a bracket, with a function
// or the end cut off.
func asksServer(text []byte, start, end int) bool {
	name := run(text, end, &blankByte)
	return bracketBefore(text, start) && (cutAtEnd(text) || byteAt(text, run(text, name, &wordByte)) == '(')
}

// mayOpen reports whether a SELECT is a query if FROM follows.
func mayOpen(text []byte, start, _ int) bool { return bracketBefore(text, start) || cutAtEnd(text) }

// bracketBefore reports whether a bracket opens in front of i.
func bracketBefore(text []byte, i int) bool {
	for i--; i >= 0 && blankByte[text[i]]; i-- {
	}
	return byteAt(text, i) == '('
}

// called reports whether a bracket follows.
func called(text []byte, _, end int) bool { return byteAt(text, run(text, end, &blankByte)) == '(' }

// comparesConstants reports whether a comparison of a value follows and what is in front
// may have ended a literal, or one of two numbers, 1742=7407 or (8)=3.
func comparesConstants(text []byte, start, end int) bool {
	if afterBreak(text, start) && operandAt(text, end) {
		return true
	}
	number := gap(text, end)
	i := run(text, number, &digitByte)
	if i == number {
		return false
	}
	for blankByte[byteAt(text, i)] && i < len(text) || byteAt(text, i) == ')' {
		i++
	}
	right := byteAt(text, gap(text, i+1))
	return byteAt(text, i) == '=' && (digitByte[right] || right == '-')
}

// afterBreak reports whether the text before i may have ended a literal: a quote,
// a bracket or a number.
func afterBreak(text []byte, i int) bool {
	for i--; i >= 0 && (blankByte[text[i]] || text[i] == '+'); i-- {
	}
	c := byteAt(text, i)
	return digitByte[c] || c != 0 && strings.IndexByte(`'")/%`, c) >= 0
}

// operandByte has the bytes of a value or a name.
var operandByte = bytesWhere(func(c byte) bool { return wordByte[c] || strings.IndexByte(`'"\@.`, c) >= 0 })

// operandAt reports whether a comparison of a value follows: 1=1, 'a' like 'a',
// (select ..., 'x'='x; or a value that the text ends with.
func operandAt(text []byte, i int) bool {
	start := gap(text, behind(text, i, "not"))
	first := byteAt(text, start)
	switch {
	case hasPrefixFold(text[min(start, len(text)):], "select"):
		return true
	case first == '\\' || first == '.' || !operandByte[first]:
		return false
	}
	i = run(text[:min(len(text), start+40)], start, &operandByte)
	j := i
	for j < len(text) && (blankByte[text[j]] || text[j] == ')' || text[j] == '(') {
		j++
	}
	named, c, next := letter(first), byteAt(text, j), byteAt(text, j+1)
	switch {
	case c == '=' || c == '<' && !named || c == '>' && !named || c == '!' && next == '=':
		k := gap(text, j+1)
		right := byteAt(text, k)
		return k < len(text) && (!named || digitByte[right] || strings.IndexByte(`'"\`, right) >= 0)
	case named || j >= len(text):
		return false
	case c == '-' && next == '-', c == '#':
		return true
	}
	return behind(text, i, "like ", "between ", "in (", "is null") > i
}

// statementWords begin a second statement.
var statementWords = []string{"drop ", "insert ", "update ", "delete ", "select ", "exec(", "exec @", "exec xp_", "exec sp_", "exec master", "shutdown",
	"declare @", "begin declare", "create ", "alter ", "truncate ", "waitfor"}

// endsStatement reports whether another statement follows a semicolon, and what is in front
// may have ended a literal or the end is cut off.
func endsStatement(text []byte, start, end int) bool {
	first := byteAt(text, gap(text, end))
	return strings.IndexByte("acdeisutwb", first|0x20) >= 0 && behind(text, end, statementWords...) > end && (afterBreak(text, start) || cutAtEnd(text))
}

// ordersByNumber reports whether BY and a number follow, in front of the end of an input
// or behind that of a literal.
func ordersByNumber(text []byte, start, end int) bool {
	number := behind(text, end, "by")
	return number > end && digitByte[byteAt(text, gap(text, number))] && (afterBreak(text, start) || cutAtEnd(text))
}

// cutAtEnd reports whether the text ends in the beginning of a comment.
func cutAtEnd(text []byte) bool {
	text = bytes.TrimRight(text, " '\"\\%+;\t")
	if n := len(text); n > 2 {
		return bytes.HasSuffix(text, []byte("--")) || bytes.HasSuffix(text, []byte("-- -")) || bytes.HasSuffix(text, []byte("/*")) || text[n-1] == '#' && text[n-2] <= ' '
	}
	return false
}

// quoteAndCut reports whether a quote and brackets are right in front of a comment
// that cuts the rest off.
func quoteAndCut(text []byte) bool {
	if !cutAtEnd(text) {
		return false
	}
	text = bytes.TrimRight(text, " '\"\\%+;\t-*#/")
	n := len(text)
	return n > 1 && text[n-1] == ')' && bytes.IndexByte(text, '(') < 0 && bytes.IndexByte(text, '\'') >= 0
}

// byteAt returns byte i of a text, 0 where there is none.
func byteAt(text []byte, i int) byte {
	if i < 0 || i >= len(text) {
		return 0
	}
	return text[i]
}

// run returns where the bytes of a set end that begin at i.
func run(text []byte, i int, set *[256]bool) int {
	for i < len(text) && set[text[i]] {
		i++
	}
	return i
}
