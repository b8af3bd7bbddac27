package fact

import (
	"bytes"
	"slices"
)

// injection reports whether a text reads like an input that was meant to break out of
// a literal: UNION SELECT, functions that only attackers call, catalogues, a comparison
// of constants behind OR or AND, a second statement, a comment that cuts behind a quote.
func injection(text []byte) bool {
	opened := false
	for i := 0; i < len(text); {
		if dullByte[text[i]] {
			i++
			continue
		}
		start := i
		for i < len(text) && wordByte[text[i]] {
			i++
		}
		switch {
		case i == start:
			if signAt(text, i) {
				return true
			}
			i++
		case start > 0 && digitByte(text[start-1]):
		default:
			look := attackWords.of(text[start:i])
			if look == nil {
				continue
			}
			switch look(text, start, i) {
			case attack:
				return true
			case opens:
				opened = true
			case reads:
				if opened {
					return true
				}
			}
		}
	}
	return quoteAndCut(text)
}

// bytesWhere returns the set of the bytes that have a property.
func bytesWhere(has func(c byte) bool) (set [256]bool) {
	for c := range set {
		set[c] = has(byte(c))
	}
	return set
}

var (
	// wordByte has the bytes of a word behind its first one.
	wordByte = bytesWhere(func(c byte) bool { return letter(c) || digitByte(c) })
	// dullByte has the bytes that begin no word and no sign.
	dullByte = bytesWhere(func(c byte) bool { return !letter(c) && c != '@' && c != ';' && c != '|' })
)

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func digitByte(c byte) bool { return c-'0' <= 9 }

// signAt looks at the @, ; or | at i.
func signAt(text []byte, i int) bool {
	next := byte(0)
	if i+1 < len(text) {
		next = text[i+1]
	}
	switch text[i] {
	case '@':
		return next == '@'
	case '|':
		return next == '|' && afterBreak(text, i) && operandAt(text, i+2)
	}
	return statementAt(text, i+1) && (afterBreak(text, i) || cutAtEnd(text))
}

// part is what a word is of an injection.
type part uint8

const (
	nothing part = iota
	opens        // a SELECT, which what reads behind it makes a query
	reads
	attack
)

func attackIf(found bool) part {
	if found {
		return attack
	}
	return nothing
}

// attackWords are the words that a closer look begins at, each with that look at the
// word [start, end).
var attackWords = tableOf(map[string]func(text []byte, start, end int) part{
	"union": func(text []byte, _, end int) part { return attackIf(unionAt(text, end)) },
	"sleep, benchmark, extractvalue, updatexml, load_file, pg_sleep, concat_ws, group_concat, utl_http, gtid_subset, json_keys, name_const, " +
		"make_set, elt, unhex, sp_executesql, xp_dirtree, chr": func(text []byte, _, end int) part { return attackIf(bracketAt(text, end)) },
	"version, user, database, schema, connection_id, current_user, session_user, system_user": func(text []byte, _, end int) part {
		return attackIf(hasPrefixFold(text[end:], "()"))
	},
	"information_schema": func(text []byte, _, end int) part { return attackIf(hasPrefixFold(text[end:], ".")) },
	"xp_cmdshell, sysobjects, syscolumns, msysaccessobjects, dbms_pipe, ctxsys, utl_inaddr": func([]byte, int, int) part { return attack },
	"or, and, xor, div, like, regexp, rlike": func(text []byte, start, end int) part {
		return attackIf(afterBreak(text, start) && operandAt(text, end) || numbersAt(text, end))
	},
	"order, group": func(text []byte, start, end int) part {
		return attackIf(byNumberAt(text, end) && (afterBreak(text, start) || cutAtEnd(text)))
	},
	"select": selectAt,
	"from":   func([]byte, int, int) part { return reads },
	"having": func(text []byte, _, end int) part { return attackIf(operandAt(text, end) && cutAtEnd(text)) },
	"into": func(text []byte, _, end int) part {
		return attackIf(wordAt(text, end, "outfile") || wordAt(text, end, "dumpfile"))
	},
	"waitfor": func(text []byte, _, end int) part { return attackIf(wordAt(text, end, "delay")) },
})

func selectAt(text []byte, start, end int) part {
	within, cut := bracketBefore(text, start), cutAtEnd(text)
	switch {
	case within && (cut || callAt(text, end)):
		return attack
	case within || cut:
		return opens
	}
	return nothing
}

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

func wordAt(text []byte, i int, lower string) bool {
	i = gap(text, i)
	return hasPrefixFold(text[min(i, len(text)):], lower)
}

// unionAt reports whether SELECT follows, with something that may be its list.
func unionAt(text []byte, i int) bool {
	for _, option := range []string{"all", "distinct"} {
		if wordAt(text, i, option) {
			i = gap(text, i) + len(option)
		}
	}
	if !wordAt(text, i, "select") {
		return false
	}
	i = gap(text, i) + len("select")
	return listAt(text, i)
}

// listAt reports whether the text at i may be a select list: a value, or names with
// what belongs to a list or a query behind them.
func listAt(text []byte, i int) bool {
	j := gap(text, i)
	if j == i || j >= len(text) {
		return false
	}
	if !letter(text[j]) {
		return true
	}
	rest := text[j:min(len(text), j+64)]
	return bytes.IndexByte(rest, ',') >= 0 || bytes.IndexByte(rest, '(') >= 0 || containsFold(rest, " from") || containsFold(rest, "null") || cutAtEnd(text)
}

// bracketBefore reports whether a bracket opens in front of i.
func bracketBefore(text []byte, i int) bool {
	for i--; i >= 0 && text[i] <= ' '; i-- {
	}
	return i >= 0 && text[i] == '('
}

// callAt reports whether another bracket or a function follows.
func callAt(text []byte, i int) bool {
	for i < len(text) && text[i] <= ' ' {
		i++
	}
	for i < len(text) && wordByte[text[i]] {
		i++
	}
	return i < len(text) && text[i] == '('
}

// numbersAt reports whether a comparison of two numbers follows, 1742=7407 or (8)=3.
func numbersAt(text []byte, i int) bool {
	start := gap(text, i)
	for i = start; i < len(text) && digitByte(text[i]); i++ {
	}
	if i == start {
		return false
	}
	for ; i < len(text) && (text[i] == ')' || text[i] <= ' '); i++ {
	}
	if i >= len(text) || text[i] != '=' {
		return false
	}
	i = gap(text, i+1)
	return i < len(text) && (digitByte(text[i]) || text[i] == '-')
}

func bracketAt(text []byte, i int) bool {
	for i < len(text) && text[i] == ' ' {
		i++
	}
	return i < len(text) && text[i] == '('
}

// afterBreak reports whether the text before i may have ended a literal: a quote,
// a bracket or a number.
func afterBreak(text []byte, i int) bool {
	for i--; i >= 0 && (text[i] <= ' ' || text[i] == '+'); i-- {
	}
	if i < 0 {
		return false
	}
	c := text[i]
	return c == '\'' || c == '"' || c == ')' || digitByte(c) || c == '/' || c == '%'
}

// operandAt reports whether a comparison of a value follows: 1=1, 'a' like 'a',
// (select ..., 'x'='x; or a value that the text ends with.
func operandAt(text []byte, i int) bool {
	i = gap(text, i)
	if wordAt(text, i, "not") {
		i = gap(text, i+3)
	}
	if i >= len(text) {
		return false
	}
	if wordAt(text, i, "select") {
		return true
	}
	quoted := text[i] == '\'' || text[i] == '"'
	if !quoted && !digitByte(text[i]) && !letter(text[i]) && text[i] != '@' {
		return false
	}
	named := letter(text[i])
	start := i
	for end := min(len(text), i+40); i < end && (letter(text[i]) || digitByte(text[i]) || text[i] == '\'' || text[i] == '"' || text[i] == '\\' || text[i] == '@' || text[i] == '.'); i++ {
	}
	j := i
	for j < len(text) && (text[j] <= ' ' || text[j] == ')' || text[j] == '(') {
		j++
	}
	if j >= len(text) {
		return false
	}
	switch c := text[j]; {
	case c == '=' || c == '<' && !named || c == '>' && !named || c == '!' && j+1 < len(text) && text[j+1] == '=':
		k := gap(text, j+1)
		return k < len(text) && (!named || text[k] == '\'' || text[k] == '\\' || digitByte(text[k]) || text[k] == '"') && i > start
	case named:
		return false
	case c == '-' && j+1 < len(text) && text[j+1] == '-', c == '#':
		return true
	}
	return wordAt(text, i, "like ") || wordAt(text, i, "between ") || wordAt(text, i, "in (") || wordAt(text, i, "is null")
}

// statementWords begin a second statement.
var statementWords = []string{"drop ", "insert ", "update ", "delete ", "select ", "exec(", "exec @", "exec xp_", "exec sp_", "exec master", "shutdown",
	"declare @", "begin declare", "create ", "alter ", "truncate ", "waitfor"}

// statementLetters are their first ones.
var statementLetters = bytesWhere(func(c byte) bool { return bytes.IndexByte([]byte("acdeisutwb"), c|0x20) >= 0 })

func statementAt(text []byte, i int) bool {
	rest := text[gap(text, i):]
	return len(rest) > 0 && statementLetters[rest[0]] && slices.ContainsFunc(statementWords, func(w string) bool { return hasPrefixFold(rest, w) })
}

// byNumberAt reports whether BY and a number follow.
func byNumberAt(text []byte, i int) bool {
	if !wordAt(text, i, "by") {
		return false
	}
	i = gap(text, gap(text, i)+2)
	return i < len(text) && digitByte(text[i])
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
