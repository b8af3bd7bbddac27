package fact

import "bytes"

// injection reports whether a text reads like an input that was meant to break out of
// a literal: UNION SELECT, functions that only attackers call, catalogues, a comparison
// of constants behind OR or AND, a second statement, a comment that cuts behind a quote.
func injection(text []byte) bool {
	signs := 0 // of the lesser kind; two of them are enough
	for i := 0; i < len(text); {
		c := text[i]
		if dullByte[c] {
			i++
			continue
		}
		if !letter(c) {
			if c == '@' && i+1 < len(text) && text[i+1] == '@' {
				return true
			}
			if (c == ';' || c == '|' && i+1 < len(text) && text[i+1] == '|') && afterBreak(text, i) {
				if c == ';' && statementAt(text, i+1) {
					return true
				}
				if c == '|' && operandAt(text, i+2) {
					return true
				}
			} else if c == ';' && statementAt(text, i+1) && cutAtEnd(text) {
				return true
			}
			i++
			continue
		}
		start := i
		for i < len(text) && wordByte[text[i]] {
			i++
		}
		word := text[start:i]
		if start > 0 && digitByte(text[start-1]) || len(word) > 20 || len(word) < 2 {
			continue
		}
		switch attackWord(word) {
		case wordUnion:
			if unionAt(text, i) {
				return true
			}
		case wordCall:
			if bracketAt(text, i) {
				return true
			}
		case wordCatalogue:
			if len(word) != len("information_schema") || i < len(text) && text[i] == '.' {
				return true
			}
		case wordLogic:
			if afterBreak(text, start) && operandAt(text, i) || numbersAt(text, i) {
				return true
			}
		case wordQuestion:
			if hasPrefixFold(text[i:], "()") {
				return true
			}
		case wordOrder:
			if byNumberAt(text, i) && (afterBreak(text, start) || cutAtEnd(text)) {
				return true
			}
		case wordSelect:
			within, cut := bracketBefore(text, start), cutAtEnd(text)
			if within && (cut || callAt(text, i)) {
				return true
			}
			if within || cut {
				signs++
			}
		case wordHaving:
			if operandAt(text, i) && cutAtEnd(text) {
				return true
			}
		case wordInto:
			if intoFileAt(text, i) {
				return true
			}
		case wordWait:
			if wordAt(text, i, "delay") {
				return true
			}
		case wordFrom:
			if signs > 0 {
				return true
			}
		}
	}
	return quoteAndCut(text)
}

// wordByte has the bytes of a word behind its first one.
var wordByte = func() (table [256]bool) {
	for c := range table {
		table[c] = letter(byte(c)) || digitByte(byte(c))
	}
	return table
}()

// dullByte has the bytes that begin no word and no sign.
var dullByte = func() (table [256]bool) {
	for c := range table {
		table[c] = !letter(byte(c)) && c != '@' && c != ';' && c != '|'
	}
	return table
}()

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func digitByte(c byte) bool { return c-'0' <= 9 }

// The words that a closer look begins at.
const (
	wordNone uint8 = iota
	wordUnion
	wordCall
	wordCatalogue
	wordLogic
	wordQuestion
	wordOrder
	wordSelect
	wordHaving
	wordInto
	wordWait
	wordFrom
)

var attackWords = func() map[string]uint8 {
	table := map[string]uint8{"union": wordUnion, "order": wordOrder, "group": wordOrder, "select": wordSelect, "having": wordHaving, "into": wordInto,
		"waitfor": wordWait, "from": wordFrom, "or": wordLogic, "and": wordLogic, "xor": wordLogic, "div": wordLogic, "like": wordLogic, "regexp": wordLogic, "rlike": wordLogic}
	for n := range setOf("sleep benchmark extractvalue updatexml load_file pg_sleep concat_ws group_concat utl_http gtid_subset json_keys name_const " +
		"make_set elt unhex sp_executesql xp_dirtree chr") {
		table[n] = wordCall
	}
	for n := range setOf("version user database schema connection_id current_user session_user system_user") {
		table[n] = wordQuestion
	}
	for n := range setOf("information_schema xp_cmdshell sysobjects syscolumns msysaccessobjects dbms_pipe ctxsys utl_inaddr") {
		table[n] = wordCatalogue
	}
	return table
}()

// attackLengths has for the first two letters the lengths of the words.
var attackLengths = lengthsOf(attackWords)

// lengthTable has for the first two letters of words their lengths.
type lengthTable [32 * 32]uint32

// lengthsOf returns the lengths of words of 2 to 31 letters, so that most others need
// no look at a map.
func lengthsOf[V any](words map[string]V) (table lengthTable) {
	for w := range words {
		table[int(w[0]&31)<<5|int(w[1]&31)] |= 1 << len(w)
	}
	return table
}

// may reports whether a word of 2 to 31 bytes may be one of them.
func (t *lengthTable) may(word []byte) bool {
	return t[int(word[0]&31)<<5|int(word[1]&31)]>>len(word)&1 != 0
}

func attackWord(word []byte) uint8 {
	if !attackLengths.may(word) {
		return wordNone
	}
	var low [20]byte
	return attackWords[string(appendLower(low[:0], word))]
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

var statementWords = []string{"drop ", "insert ", "update ", "delete ", "select ", "exec(", "exec @", "exec xp_", "exec sp_", "exec master", "shutdown", "declare @", "begin declare", "create ", "alter ", "truncate ", "waitfor"}

// statementLetters are their first ones.
var statementLetters = func() (table [256]bool) {
	for _, w := range statementWords {
		table[w[0]] = true
	}
	return table
}()

func statementAt(text []byte, i int) bool {
	i = gap(text, i)
	if i >= len(text) || !statementLetters[text[i]|0x20] {
		return false
	}
	for _, w := range statementWords {
		if hasPrefixFold(text[i:], w) {
			return true
		}
	}
	return false
}

// byNumberAt reports whether BY and a number follow.
func byNumberAt(text []byte, i int) bool {
	if !wordAt(text, i, "by") {
		return false
	}
	i = gap(text, gap(text, i)+2)
	return i < len(text) && digitByte(text[i])
}

func intoFileAt(text []byte, i int) bool {
	return wordAt(text, i, "outfile") || wordAt(text, i, "dumpfile")
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
