package sqltext

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strings"
)

// MaxDigest is how many bytes AppendDigest appends at most.
const MaxDigest = 2048

// AppendDigest appends the normalised text of t to dst: what statements have in
// common that differ in spelling and literals only. It is MySQL's DIGEST_TEXT in
// spirit, by these rules:
//
//   - Comments, and semicolons without a statement, are left out; the content of a
//     version comment is code. White space is one blank or none.
//   - A literal becomes "?", with its signs, its character set and its type: numbers,
//     strings, NULL, TRUE, FALSE, DEFAULT in a list, placeholders. What comes behind
//     IS or NOT stays.
//   - A literal or a bracket in a list that reads like the one before it is left out:
//     IN (1, 2) and IN (3) are IN (?), VALUES (1, 'a'), (2, 'b') is VALUES (?).
//   - Keywords and functions are in upper case, variables in lower case. Other names
//     stay as they are, without the quotes that they can do without. "..." is a name
//     where a table is expected and beside a dot.
//
// The digest of a digest is itself. One that would be longer than MaxDigest ends in
// a name made of the SHA-256 of what it lacks.
func AppendDigest(dst []byte, t *Tokens) []byte {
	d := digester{Reader: t.Reader(), out: dst, from: len(dst), cut: len(dst), signs: -1, openEnd: t.Open}
	for {
		token, ok := d.next()
		if !ok {
			return d.end()
		}
		d.add(token)
		d.bound()
	}
}

// class is what a token in a digest is to the one behind it.
type class uint8

const (
	atStart   class = iota // of the digest
	opening                // (
	comma                  // ,
	dot                    // .
	symbol                 // an operator, or what has no meaning
	reserved               // a word that is no name
	operand                // the end of a value: a name, a literal, a closing bracket
	variable               // an operand too
	function               // a name in front of its bracket
	semicolon              // to be written if a statement follows
)

// item is a literal or a bracket in the output that begins an element of a list;
// none where end is 0.
type item struct{ start, end int }

// place is the surroundings of a token.
type place struct {
	last   class  // the token in front
	named  bool   // it is a word or a quoted name, or the dot behind one
	key    uint16 // the keyword that it is
	done   item   // that it ends
	before item   // that ends in front of it, if it is a comma
}

// listed reports whether an element of a list begins here.
func (p *place) listed() bool {
	return p.last == opening || p.last == comma || p.key != 0 && startsElement[p.key]
}

// openBracket is a bracket that is not closed yet.
type openBracket struct {
	start int // with the ROW in front of it; -1 where it is forgotten
	place place
}

// maxDigestDepth is how many open brackets are kept apart.
const maxDigestDepth = 32

type digester struct {
	Reader
	openEnd State
	out     []byte
	from    int       // where the digest begins in out
	cut     int       // behind the last token that may be the last of a digest that is cut
	rest    hash.Hash // of what was written behind cut and forgotten, nil for nothing

	place  place // of the next token
	typed  bool  // a type or character set was read that belongs to the literal behind it
	signs  int   // where signs begin that belong to the literal behind them, -1 for none
	signed place // theirs
	row    int   // where the ROW begins that is the token in front
	rowed  place // its
	open   [maxDigestDepth]openBracket
	depth  int // may be more than open holds
}

// keySet returns the keywords of a list.
func keySet(names ...string) (set [len(keywords)]bool) {
	for _, name := range names {
		set[keyOf(name)] = true
	}
	return set
}

func keyOf(name string) uint16 { return lookup([]byte(name), 0, len(name)) }

var (
	// Behind these an element of a list begins, and in front of those one ends.
	startsElement = keySet("select", "distinct", "all", "values", "value", "limit", "by")
	endsElement   = keySet("from", "where", "on", "group", "having", "order", "limit", "union", "except", "intersect",
		"for", "into", "lock", "procedure", "window", "returning")
	// Behind these comes a table.
	namesTable = keySet("from", "join", "straight_join", "into", "update", "insert", "replace", "ignore", "table", "exists",
		"references")

	isKey, notKey, rowKey, defaultKey = keyOf("is"), keyOf("not"), keyOf("row"), keyOf("default")
)

// next returns the next token of code, false at the end.
func (d *digester) next() (Token, bool) {
	for {
		t, ok := d.Next()
		if !ok || t.isCode() {
			return t, ok
		}
	}
}

// peek returns the next token of code without reading it; no kind of token at the
// end.
func (d *digester) peek() Token {
	if len(d.list) > 0 && d.list[0].isCode() {
		return d.list[0]
	}
	ahead := d.Reader
	for {
		t, ok := ahead.Next()
		if !ok || t.isCode() {
			return t
		}
	}
}

// peekPunct reports whether a punctuation mark comes next.
func (d *digester) peekPunct(punct byte) bool {
	t := d.peek()
	return t.Kind == Punct && d.sql[t.Start] == punct
}

func (d *digester) add(t Token) {
	text := d.sql[t.Start:t.End]
	switch t.Kind {
	case Word:
		d.word(t.key, text)
	case QuotedIdent:
		d.quotedName(t)
	case DoubleQuoted:
		if !d.typed && (d.place.last == dot || d.atTable() || d.peekPunct('.')) {
			d.quotedName(t)
			return
		}
		d.string()
	case String:
		d.string()
	case Number, HexLiteral, BitLiteral, Placeholder:
		d.literal()
	case Variable:
		d.variable(t)
	case Punct:
		d.punct(text)
	default:
		d.operator(text)
	}
}

// write writes a token, with a blank in front where one belongs, and returns where
// it begins.
func (d *digester) write(text []byte) int {
	d.blank()
	return d.put(text)
}

func (d *digester) put(text []byte) int {
	at := len(d.out)
	if len(text) > MaxDigest {
		d.flush()
		d.rest.Write(text)
		return len(d.out)
	}
	d.out = append(d.out, text...)
	return at
}

func (d *digester) blank() {
	switch d.place.last {
	case atStart, opening, dot:
	case semicolon:
		d.out = append(d.out, "; "...)
	default:
		d.out = append(d.out, ' ')
	}
}

// follow sets the place behind a token that was written.
func (d *digester) follow(p place) { d.place, d.typed, d.signs = p, false, -1 }

// atTable reports whether a table is expected here.
func (d *digester) atTable() bool {
	if d.place.key == 0 || !namesTable[d.place.key] {
		return false
	}
	inside := d.depth - 1 // TRIM(... FROM ...)
	return inside < 0 || inside >= maxDigestDepth || d.open[inside].place.last != function
}

// word adds a word, unless it is part of the literal behind it.
func (d *digester) word(key uint16, text []byte) {
	switch word := keywords[key].word; {
	case word == wordLiteral && d.isLiteral(key):
		d.literal()
	case text[0] == '_' && d.place.last != dot:
		switch d.peek().Kind {
		case String, DoubleQuoted, HexLiteral, BitLiteral:
			d.typed = true
			return
		}
		d.name(key, text)
	case word == wordLiteralType:
		switch d.peek().Kind {
		case String, DoubleQuoted:
			d.typed = true
			return
		}
		d.name(key, text)
	default:
		d.name(key, text)
	}
}

// isLiteral reports whether NULL, TRUE, FALSE or DEFAULT is a literal here.
func (d *digester) isLiteral(key uint16) bool {
	if key == defaultKey {
		return (d.place.last == opening || d.place.last == comma) && !d.peekPunct('(')
	}
	return d.place.key != isKey && d.place.key != notKey
}

// name adds a keyword, or a name that needs no quotes.
func (d *digester) name(key uint16, text []byte) {
	p, table := d.place, d.atTable()
	d.blank()
	if p.last == dot && !p.named && isDigit(text[0]) { // else it would be a decimal
		d.out = append(d.out, ' ')
	}
	at := len(d.out)
	if key != 0 {
		d.out = append(d.out, keywordNames[key]...)
	} else {
		at = d.put(text)
	}
	next := place{last: operand, named: true, key: key}
	switch {
	case keywords[key].reserved:
		next.last = reserved
	case p.last == dot, table, startsElement[key], !d.peekPunct('('):
	case key == rowKey:
		d.row, d.rowed = at, p
	default:
		next.last = function
		upper(d.out[at:])
	}
	d.follow(next)
}

// quotedName adds a name in quotes of either kind.
func (d *digester) quotedName(t Token) {
	text := d.closed(t)
	name := text[1 : len(text)-1]
	if plainName(name, d.place.last == dot) {
		key := uint16(0)
		if d.place.last != dot {
			key = lookup(name, 0, len(name))
		}
		if !keywords[key].reserved {
			d.name(key, name)
			return
		}
	}
	if text[0] == '"' {
		text = []byte("`" + strings.ReplaceAll(string(name), "`", "``") + "`")
	}
	d.write(text)
	d.follow(place{last: operand, named: true})
}

// plainName reports whether a name is the same one without quotes.
func plainName(name []byte, behindDot bool) bool {
	if len(name) == 0 || identEnd(name, 0) != len(name) {
		return false
	}
	if !isDigit(name[0]) {
		return true
	}
	kind, end := number(name, 0)
	return !behindDot && kind == Word && end == len(name)
}

// string adds a string with those behind it: 'a' 'b' is 'ab'.
func (d *digester) string() {
	for k := d.peek().Kind; k == String || k == DoubleQuoted; k = d.peek().Kind {
		d.next()
	}
	d.literal()
}

var literalMark = []byte("?")

// literal adds a literal, which takes the place of its signs.
func (d *digester) literal() {
	if d.signs >= 0 {
		d.out = d.out[:d.signs]
		d.place = d.signed
	}
	p := d.place
	at := d.write(literalMark)
	d.finish(item{at, len(d.out)}, p)
}

// finish is called behind an item at a place. If it is an element of a
// list and repeats the one before it, it goes.
func (d *digester) finish(it item, p place) {
	d.follow(place{last: operand})
	if !p.listed() {
		return
	}
	if b := p.before; b.end > 0 && bytes.Equal(d.out[b.start:b.end], d.out[it.start:it.end]) && d.elementEnds() {
		d.out = d.out[:b.end]
		it = b
	}
	d.place.done = it
}

// elementEnds reports whether an element of a list ends in front of the next token.
func (d *digester) elementEnds() bool {
	switch t := d.peek(); t.Kind {
	case 0:
		return true
	case Punct:
		c := d.sql[t.Start]
		return c == ',' || c == ')' || c == ';'
	case Word:
		return t.key != 0 && endsElement[t.key]
	}
	return false
}

// variable adds a variable, or the host of an account, which is a literal.
func (d *digester) variable(t Token) {
	text := d.sql[t.Start:t.End]
	quote := bytes.IndexAny(text[:min(len(text), 3)], "'\"`")
	switch {
	case quote < 0:
	case text[quote] != '`':
		d.write(text[:quote])
		d.follow(place{last: variable})
		d.literal()
		return
	default:
		text = d.closed(t)
		if name := text[quote+1 : len(text)-1]; len(name) > 0 && variableEnd(name, 0) == len(name) {
			text = append(bytes.Clone(text[:quote]), name...)
		}
	}
	at := d.write(text)
	lower(d.out[at:])
	d.follow(place{last: variable})
}

// closed returns the text of a token that ends in a quote, which it may lack at the
// end of the statement.
func (d *digester) closed(t Token) []byte {
	text := d.sql[t.Start:t.End]
	if t.End < len(d.sql) {
		return text
	}
	switch d.openEnd {
	case OpenString, OpenDoubleQuoted, OpenIdent:
		return append(bytes.Clone(text), text[bytes.IndexAny(text, "'\"`")])
	}
	return text
}

func (d *digester) operator(text []byte) {
	signs, signed := d.signs, d.signed
	if signs < 0 {
		signs, signed = len(d.out), d.place
	}
	sign := d.mayBeSign() && len(text) == 1 && (text[0] == '-' || text[0] == '+')
	d.write(text)
	d.follow(place{last: symbol})
	if sign {
		d.signs, d.signed = signs, signed
	}
}

// mayBeSign reports whether a plus or minus here has nothing in front to work on.
func (d *digester) mayBeSign() bool {
	switch d.place.last {
	case atStart, semicolon, opening, comma, symbol, reserved:
		return true
	}
	return false
}

func (d *digester) punct(text []byte) {
	next := place{last: symbol}
	switch text[0] {
	case '(':
		d.openBracket(text)
		return
	case ')':
		d.closeBracket(text)
		return
	case ',':
		next = place{last: comma, before: d.place.done}
		d.put(text)
	case '.':
		if d.place.last == variable || d.place.last == semicolon { // else it would go on
			d.blank()
		}
		next.last, next.named = dot, d.place.named && d.place.last != dot
		d.put(text)
	case ';':
		d.depth = 0
		if next.last = semicolon; d.place.last == atStart {
			next.last = atStart
		}
	default:
		d.write(text)
	}
	d.follow(next)
}

func (d *digester) openBracket(text []byte) {
	b := openBracket{place: d.place}
	if d.place.key == rowKey {
		b.place = d.rowed
	}
	if d.place.last == function {
		b.start = d.put(text)
	} else {
		b.start = d.write(text)
	}
	if d.place.key == rowKey {
		b.start = d.row
	}
	if d.depth < maxDigestDepth {
		d.open[d.depth] = b
	}
	d.depth++
	d.follow(place{last: opening})
}

func (d *digester) closeBracket(text []byte) {
	d.put(text)
	d.follow(place{last: operand})
	if d.depth == 0 {
		return
	}
	if d.depth--; d.depth >= maxDigestDepth {
		return
	}
	if b := &d.open[d.depth]; b.start >= 0 {
		d.finish(item{b.start, len(d.out)}, b.place)
	}
}

// digestEnd is the name that ends a digest that was cut, around the hash.
const digestEnd, digestHash = "`...`", 16

// DigestCut reports whether a digest was cut at MaxDigest; one that has such a name
// of its own counts too.
func DigestCut(digest string) bool { return strings.Contains(digest, digestEnd[:len(digestEnd)-1]) }

// bound notes where the digest may be cut, and forgets what is far behind.
func (d *digester) bound() {
	n := len(d.out) - d.from
	if d.rest == nil && n <= MaxDigest-len(" "+digestEnd)-2*digestHash && d.place.last != opening && d.place.last != dot {
		d.cut = len(d.out)
	}
	if n > 4*MaxDigest {
		d.flush()
	}
}

// flush hashes what is behind the cut. What was written is not looked at again
// then.
func (d *digester) flush() {
	if d.rest == nil {
		d.rest = sha256.New()
	}
	d.rest.Write(d.out[d.cut:])
	d.out = d.out[:d.cut]
	d.signs, d.place.done, d.place.before, d.place.key = -1, item{}, item{}, 0
	for i := range d.open[:min(d.depth, maxDigestDepth)] {
		d.open[i].start = -1
	}
}

// end returns the output with the end of a digest that was cut.
func (d *digester) end() []byte {
	if d.rest == nil && len(d.out)-d.from <= MaxDigest {
		return d.out
	}
	d.flush()
	if len(d.out) > d.from {
		d.out = append(d.out, ' ')
	}
	d.out = append(d.out, digestEnd[:len(digestEnd)-1]...)
	d.out = hex.AppendEncode(d.out, d.rest.Sum(nil)[:digestHash])
	return append(d.out, digestEnd[len(digestEnd)-1])
}

// upper and lower change the case of ASCII letters.
func upper(text []byte) {
	for i, c := range text {
		if c >= 'a' && c <= 'z' {
			text[i] = c - ' '
		}
	}
}

func lower(text []byte) {
	for i, c := range text {
		if c >= 'A' && c <= 'Z' {
			text[i] = c + ' '
		}
	}
}
