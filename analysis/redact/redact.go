// Package redact replaces the content of values in a log by tokens, so that what is
// handed over holds no personal data and keeps its shape.
//
//	SELECT name FROM users WHERE mail = 'ann@example.org' AND id = 48151
//	SELECT name FROM users WHERE mail = 'r_5f0c2b8d91' AND id = n_77c0e4a1b3
//
// The same value has the same token everywhere, also as a user in one place and as a
// value in another; which token it is depends on a secret key (HMAC-SHA-256), so that
// nobody without it can try values. Numbers of up to three digits stay where they show how
// a statement is built and can be no value of a row, such as an age: in LIMIT and ORDER BY,
// selected as constants, compared with one another, in SLEEP. That is how an injection
// counts columns and compares 1 with 1.
package redact

import (
	"bytes"
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"sqleuth/analysis/sqltext"
)

// What is redacted.
type What struct {
	Literals     bool // values in statements
	Users, Hosts bool
}

// Redactor replaces values. It learns what there is to replace before it is used; from
// then on it may be used from any goroutine. A nil Redactor replaces nothing.
type Redactor struct {
	key    []byte
	what   What
	tokens map[string]string // of what is replaced wherever it is
	names  map[string]bool   // of tables, columns and so on, which are no values

	lengths map[string][]int // by the first bytes of what is replaced, descending
	sorted  []string         // what is replaced
	longest int
}

// Literals reports whether values in statements are replaced.
func (r *Redactor) Literals() bool { return r != nil && r.what.Literals }

// IsStatement reports whether the text of entries of a command is a statement.
func IsStatement(command string) bool {
	switch command {
	case "Query", "Execute", "Prepare", "Bulk_execute":
		return true
	}
	return false
}

// shortest is how long a value is, in bytes, that is replaced wherever it is: shorter
// ones are replaced in statements only, since a sentence may have the word.
const shortest = 6

// fewest is how many digits a number has that is replaced wherever it is in a statement.
const fewest = 4

// mayBeCut is the length of a text, in bytes, from which on it may be the beginning of a
// longer one without a sign of that.
const mayBeCut = 60

// head is by how many first bytes values are looked up.
const head = 3

// New returns a Redactor that knows nothing to replace yet.
func New(key []byte, what What) *Redactor {
	return &Redactor{key: key, what: what, tokens: map[string]string{}, names: map[string]bool{}}
}

// token returns the token of a value.
func (r *Redactor) token(prefix, value string) string {
	h := hmac.New(sha256.New, r.key)
	h.Write([]byte("token\x00"))
	h.Write([]byte(value))
	return prefix + hex.EncodeToString(h.Sum(nil)[:5])
}

// Learn takes the values of a statement, to be replaced wherever they are.
func (r *Redactor) Learn(statement []byte) {
	if !r.what.Literals {
		return
	}
	var tokens sqltext.Tokens
	tokens.Lex(statement)
	whole := tokens.Open == sqltext.Closed
	for more := true; more; more = tokens.LexBehind(&tokens) {
		r.learnFrom(&tokens, whole)
	}
}

func (r *Redactor) learnFrom(tokens *sqltext.Tokens, whole bool) {
	for _, t := range tokens.List {
		text := tokens.Text(t)
		switch t.Kind {
		case sqltext.Word, sqltext.QuotedIdent, sqltext.Variable:
			if whole { // else what was taken for a name may be a part of a value
				r.names[strings.ToLower(strings.Trim(string(text), "@`"))] = true
			}
		case sqltext.String, sqltext.DoubleQuoted:
			_, inner, _ := parts(text)
			r.learn("r_", string(bytes.Trim(inner, "%")))
		case sqltext.Number, sqltext.HexLiteral, sqltext.BitLiteral:
			r.learn("n_", string(text))
		}
	}
}

// learn takes a value as it is in the log and as it is shown.
func (r *Redactor) learn(prefix, value string) {
	if len(value) < shortest || isCode(value) {
		return
	}
	if _, known := r.tokens[value]; known {
		return
	}
	token := r.token(prefix, value)
	plain := unescaped(value)
	for _, form := range []string{value, plain, strings.Join(strings.Fields(value), " "), strings.Join(strings.Fields(plain), " ")} {
		if form = strings.TrimSpace(form); len(form) >= shortest {
			r.tokens[form] = token
		}
	}
}

// isCode reports whether what a lexer takes for a value is code: quotes that an injection
// left open turn what is between values and what are values around. Its words are written
// large there.
func isCode(value string) bool {
	var l sqltext.Lexer
	l.Reset([]byte(value))
	for {
		t, ok := l.Next()
		if !ok {
			return false
		}
		if word := value[t.Start:t.End]; t.Reserved() && len(word) > 1 && word == strings.ToUpper(word) {
			return true
		}
	}
}

// Keep takes a text that stays wherever it is, such as the name of a log.
func (r *Redactor) Keep(text string) {
	if len(text) >= head {
		r.tokens[text] = text
	}
}

// common are names of accounts and hosts that sentences have as words. They are replaced
// where nothing else is in a text, in quotes, and beside an @.
var common = []string{"account", "connection", "data", "database", "entry", "general", "host", "incident", "log", "login", "mysql", "server", "statement", "table", "user", "users"}

// LearnUser and LearnHost take a name, to be replaced wherever it is if users or hosts are.
func (r *Redactor) LearnUser(name string) { r.learnName(r.what.Users, "user_", name) }

// LearnHost is LearnUser for hosts; localhost is nobody's.
func (r *Redactor) LearnHost(name string) {
	r.learnName(r.what.Hosts && name != "localhost", "host_", name)
}

func (r *Redactor) learnName(wanted bool, prefix, name string) {
	if wanted && len(name) >= head {
		r.tokens[name] = r.token(prefix, name)
		delete(r.names, strings.ToLower(name))
	}
}

// Learnt ends the learning.
func (r *Redactor) Learnt() {
	r.lengths = map[string][]int{}
	for value, token := range r.tokens {
		if r.names[strings.ToLower(value)] && value != token && !strings.HasPrefix(token, "user_") && !strings.HasPrefix(token, "host_") {
			delete(r.tokens, value) // also a name, which is about no person
			continue
		}
		r.sorted = append(r.sorted, value)
		r.longest = max(r.longest, len(value))
		if key := value[:head]; !slices.Contains(r.lengths[key], len(value)) {
			r.lengths[key] = append(r.lengths[key], len(value))
		}
	}
	slices.Sort(r.sorted)
	for _, list := range r.lengths {
		slices.SortFunc(list, func(a, b int) int { return cmp.Compare(b, a) })
	}
}

// value returns the token of a value in a statement.
func (r *Redactor) value(value string) string {
	if token, ok := r.tokens[value]; ok {
		return token
	}
	return r.token("r_", value)
}

// Text returns the text of an entry of a command with tokens for its values: a
// statement's, else a sentence's.
func (r *Redactor) Text(command, text string) string {
	if IsStatement(command) {
		return r.Statement(text)
	}
	return r.Phrase(text)
}

// Statement returns a statement with tokens for its values.
func (r *Redactor) Statement(statement string) string {
	if r == nil {
		return statement
	}
	if !r.what.Literals {
		return r.replace(statement)
	}
	var tokens sqltext.Tokens
	tokens.Lex([]byte(statement))
	h := hiding{Redactor: r, broken: tokens.Open != sqltext.Closed}
	for more := true; more; more = tokens.LexBehind(&tokens) {
		h.hide(&tokens)
	}
	h.out.WriteString(r.replace(statement[h.done:]))
	return h.out.String()
}

// hiding is a statement that is written with tokens for its values, as many of its
// tokens at a time as sqltext lists.
type hiding struct {
	*Redactor
	broken bool // a quote or comment in it is open
	out    strings.Builder
	done   int  // bytes of the statement that are written
	writes bool // a verb was read that stores what is selected
}

// hide writes a statement up to the last value of the tokens that are listed.
func (h *hiding) hide(tokens *sqltext.Tokens) {
	statement := tokens.SQL
	lead := -1 // as isShape asks for it: looked for there, it would take a long list once for each number
	for i, t := range tokens.List {
		if i > 0 && !isListed(tokens, i-1) {
			lead = i - 1
		}
		text := tokens.Text(t)
		h.writes = h.writes || stores(tokens, i)
		if t.Start < h.done {
			continue // of a value that a quote in it has cut
		}
		var as string
		end := t.End
		switch t.Kind {
		case sqltext.String, sqltext.DoubleQuoted:
			as = h.quoted(text)
			if n := rest(tokens.List[i+1:], tokens.SQL, t.End); n > 0 {
				end += n
				as += h.token("r_", string(statement[t.End:end]))
			}
		case sqltext.Variable:
			at := bytes.IndexAny(text, `'"`) // the host of an account
			if at <= 0 {
				continue
			}
			as = string(text[:at]) + h.quoted(text[at:])
		case sqltext.Number:
			if digits(text) < fewest && isShape(tokens, i, lead, h.writes) {
				continue
			}
			as = h.token("n_", string(text))
		case sqltext.HexLiteral, sqltext.BitLiteral:
			as = h.token("n_", string(text))
		case sqltext.Word:
			if !h.broken || h.isName(tokens, i) {
				continue
			}
			as = h.token("r_", string(text))
		default:
			continue
		}
		h.out.WriteString(h.replace(string(statement[h.done:t.Start])))
		h.out.WriteString(as)
		h.done = end
	}
}

// stores reports whether a token is a verb that stores what is selected behind it, of
// whatever is around it: an EXPLAIN, another statement. What WITH names is selected before
// the verb, which may be any. INSERT and REPLACE are functions too.
func stores(t *sqltext.Tokens, i int) bool {
	switch t.List[i].Keyword() {
	case "UPDATE", "CREATE", "WITH":
		return true
	case "INSERT", "REPLACE":
		return i+1 == len(t.List) || t.SQL[t.List[i+1].Start] != '('
	}
	return false
}

// comparisons are the operators between two constants that an injection compares.
var comparisons = map[string]bool{"=": true, "<": true, ">": true, "<=": true, ">=": true, "<>": true, "!=": true, "<=>": true}

// takers are the words before a bracket whose numbers are no values of rows: functions
// that wait, and types.
var takers = map[string]bool{
	"SLEEP": true, "BENCHMARK": true, "PG_SLEEP": true, "VARCHAR": true, "VARBINARY": true, "DECIMAL": true, "NUMERIC": true,
	"TINYINT": true, "SMALLINT": true, "MEDIUMINT": true, "INT": true, "INTEGER": true, "BIGINT": true, "DATETIME": true, "TIMESTAMP": true,
}

// isShape reports whether a number shows how a statement is built and can be no value of
// a row: how many rows it asks for or by which column it sorts, a constant that is
// selected, but not to be stored, or compared with another one, for how long the server
// is to wait.
//
// lead is the last token before i that is none of a list of constants, -1 for none.
func isShape(t *sqltext.Tokens, i, lead int, writes bool) bool {
	is := func(k int, kind sqltext.Kind) bool { return k >= 0 && k < len(t.List) && t.List[k].Kind == kind }
	for _, left := range []int{i - 2, i} {
		if is(left, sqltext.Number) && is(left+2, sqltext.Number) && comparisons[string(t.Text(t.List[left+1]))] {
			return !is(left-1, sqltext.Operator)
		}
	}
	if lead < 0 {
		return false
	}
	switch t.List[lead].Keyword() {
	case "LIMIT", "BY", "INTERVAL":
		return true
	case "SELECT":
		return !writes
	}
	return lead > 0 && t.SQL[t.List[lead].Start] == '(' && takers[strings.ToUpper(string(t.Text(t.List[lead-1])))]
}

// isListed reports whether a token may be beside a number in a list of constants.
func isListed(t *sqltext.Tokens, i int) bool {
	switch token := t.List[i]; token.Kind {
	case sqltext.Number, sqltext.HexLiteral, sqltext.String, sqltext.DoubleQuoted, sqltext.Comment:
		return true
	case sqltext.Punct:
		return t.SQL[token.Start] == ','
	case sqltext.Word:
		switch token.Keyword() {
		case "NULL", "ASC", "DESC", "OFFSET":
			return true
		}
	}
	return false
}

// rest returns how many bytes behind a string are a part of the value that a quote in it
// has cut, as in 'o'neill@example.org': no code begins with a name there.
func rest(next []sqltext.Token, sql []byte, at int) int {
	if len(next) == 0 || next[0].Start != at || next[0].Kind != sqltext.Word || next[0].Keyword() != "" {
		return 0
	}
	if n := bytes.IndexAny(sql[at:], " \t\r\n'\"`,;()"); n >= 0 {
		return n
	}
	return len(sql) - at
}

// isName reports whether a word of a statement with a quote too many is code: a keyword, a
// name that other statements have, a function, or a table by its place.
func (r *Redactor) isName(tokens *sqltext.Tokens, i int) bool {
	t := tokens.List[i]
	if t.Keyword() != "" || r.names[strings.ToLower(string(tokens.Text(t)))] {
		return true
	}
	if i+1 < len(tokens.List) && tokens.SQL[tokens.List[i+1].Start] == '(' {
		return true
	}
	if i == 0 {
		return false
	}
	switch before := tokens.List[i-1]; before.Keyword() {
	case "FROM", "JOIN", "INTO", "TABLE", "UPDATE":
		return true
	default:
		return tokens.SQL[before.Start] == '.'
	}
}

// quoted returns a string with a token for its content. Signs of LIKE at its ends stay.
func (r *Redactor) quoted(text []byte) string {
	open, inner, closed := parts(text)
	core := bytes.Trim(inner, "%")
	if len(core) == 0 {
		return string(text)
	}
	from := bytes.Index(inner, core)
	return string(open) + string(inner[:from]) + r.value(string(core)) + string(inner[from+len(core):]) + string(closed)
}

// parts cuts a string into what opens it, its content, and what closes it, which is
// nothing where the statement is cut.
func parts(text []byte) (open, inner, closed []byte) {
	at := bytes.IndexAny(text, `'"`)
	if at < 0 {
		return nil, text, nil
	}
	open, inner = text[:at+1], text[at+1:]
	if n := len(inner); n > 0 && inner[n-1] == text[at] {
		inner, closed = inner[:n-1], inner[n-1:]
	}
	return open, inner, closed
}

func digits(text []byte) (n int) {
	for _, c := range text {
		if '0' <= c && c <= '9' {
			n++
		}
	}
	return n
}

// unescaped returns the value of the text between quotes.
func unescaped(text string) string {
	if !strings.ContainsAny(text, `\'"`) {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\\' && i+1 < len(text):
			i++
			switch c = text[i]; c {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			case 't':
				c = '\t'
			}
		case (c == '\'' || c == '"') && i+1 < len(text) && text[i+1] == c:
			i++
		}
		b.WriteByte(c)
	}
	return b.String()
}

// Names returns a text that quotes no statement, whatever it reads like, with tokens for
// what was learnt, also for the beginning of it where the text ends or was cut.
func (r *Redactor) Names(text string) string {
	if r == nil {
		return text
	}
	return r.replace(text)
}

// Phrase returns a sentence with tokens for what was learnt, as Names does; a statement
// behind a colon is one.
func (r *Redactor) Phrase(text string) string {
	if r == nil {
		return text
	}
	sentence, statement, quotes := r.Quoting(text)
	if quotes {
		return sentence + colon + statement
	}
	return sentence
}

// Quoting is Phrase in two parts where a statement is quoted behind a colon. A name that
// was learnt may look so too: it is hidden as what it is.
func (r *Redactor) Quoting(text string) (sentence, statement string, quotes bool) {
	at := statementIn(text)
	switch {
	case at < 0:
		return r.Names(text), "", false
	case r == nil:
		return text[:at-len(colon)], text[at:], true
	}
	to := r.over(text, at)
	if to < 0 {
		return r.replace(text[:at-len(colon)]), r.Statement(text[at:]), true
	}
	before := r.replace(text[:to])
	if sentence, statement, quotes = r.Quoting(text[to:]); quotes {
		return before + sentence, statement, true
	}
	return before + r.Statement(text[to:]), "", false // the colon may be that of a statement
}

// colon is between a sentence and a statement that it quotes.
const colon = ": "

const (
	// maxColons is how many colons of a text are looked behind for a statement, and
	// maxBegun how many bytes.
	maxColons, maxBegun = 64, 1 << 10
)

// statementIn returns where in a text a statement begins behind a colon, -1 for nowhere.
func statementIn(text string) int {
	at := 0
	for range maxColons {
		k := strings.Index(text[at:], colon)
		if k < 0 {
			break
		}
		at += k + len(colon)
		if ReadsAsStatement(text[at:min(len(text), at+maxBegun)]) {
			return at
		}
	}
	return -1
}

// over returns where what was learnt ends that has the colon before a place of a text, -1
// where nothing has it.
func (r *Redactor) over(text string, at int) int {
	for i := 0; i < at; {
		_, n := r.starts(text, i)
		if n > 0 && i+n > at-len(colon) {
			return i + n
		}
		i += max(1, n)
	}
	return -1
}

// ReadsAsStatement reports whether a text begins like a statement.
func ReadsAsStatement(text string) bool {
	var t sqltext.Tokens
	t.Lex([]byte(text))
	var s sqltext.Statement
	t.Parse(&s)
	return s.Action != 0
}

// replace replaces what was learnt, the longest first.
func (r *Redactor) replace(text string) string {
	var out strings.Builder
	done := 0
	for i := 0; i+head <= len(text); {
		value, n := r.starts(text, i)
		if n == 0 {
			i++
			continue
		}
		out.WriteString(text[done:i])
		out.WriteString(r.tokens[value])
		i += n
		done = i
	}
	if done == 0 {
		return text
	}
	out.WriteString(text[done:])
	return out.String()
}

// starts returns which value begins at a place of a text where a word may, and how many
// bytes of the text it takes; 0 for none.
func (r *Redactor) starts(text string, i int) (value string, n int) {
	if i+head > len(text) || i > 0 && alnum(before(text, i)) && alnum(after(text, i)) {
		return "", 0
	}
	return r.at(text, i)
}

// at is starts in the middle of a word too.
func (r *Redactor) at(text string, i int) (value string, n int) {
	for _, n := range r.lengths[text[i:i+head]] {
		if end := i + n; end <= len(text) {
			if _, ok := r.tokens[text[i:end]]; ok && !(alnum(before(text, end)) && alnum(after(text, end))) && !r.isCommon(text, i, end) {
				return text[i:end], n
			}
		}
	}
	// The beginning of a value, where the text was cut.
	rest := text[i:min(len(text), i+r.longest)]
	if at := strings.Index(rest, "…"); at >= 0 {
		rest = rest[:at]
	} else if at := strings.Index(rest, "..."); at >= 0 {
		rest = rest[:at]
	} else if i+len(rest) < len(text) || len(text) < mayBeCut {
		return "", 0
	}
	rest = strings.TrimRight(rest, " ")
	if len(rest) < shortest {
		return "", 0
	}
	if k := sort.SearchStrings(r.sorted, rest); k < len(r.sorted) && strings.HasPrefix(r.sorted[k], rest) {
		return r.sorted[k], len(rest)
	}
	return "", 0
}

// isCommon reports whether a value at a place of a text may as well be a word.
func (r *Redactor) isCommon(text string, from, to int) bool {
	if len(text) == to-from || !slices.Contains(common, text[from:to]) {
		return false
	}
	a, z := before(text, from), after(text, to)
	return a != '@' && z != '@' && !(a == z && strings.ContainsRune("'\"`", a))
}

func before(text string, at int) rune {
	c, _ := utf8.DecodeLastRuneInString(text[:at])
	return c
}

func after(text string, at int) rune {
	c, _ := utf8.DecodeRuneInString(text[at:])
	return c
}

// alnum reports whether a character is of a word, of which a value is no part.
func alnum(c rune) bool { return c != utf8.RuneError && (unicode.IsLetter(c) || unicode.IsDigit(c)) }
