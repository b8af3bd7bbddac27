package sqltext

import "bytes"

// A Kind is what a token is.
type Kind uint8

const (
	// Word is an unquoted identifier, keyword or function name.
	Word Kind = iota + 1
	// QuotedIdent is an identifier in back-quotes, quotes included.
	QuotedIdent
	// String is '...' or N'...'; prefix and quotes included.
	String
	// DoubleQuoted is "...", a string or, under ANSI_QUOTES, an identifier.
	DoubleQuoted
	// Variable is @name, @`name`, @@name or @@scope.name. The host part of an
	// account ('root'@'localhost') has this kind too.
	Variable
	// Number is an integer, decimal or float without its sign.
	Number
	// HexLiteral is 0x1f or x'1f'.
	HexLiteral
	// BitLiteral is 0b01 or b'01'.
	BitLiteral
	// Placeholder is the question mark of a prepared statement.
	Placeholder
	// Comment is /* ... */, /*+ ... */, "-- ..." or "# ...", the latter two
	// without their line end.
	Comment
	// VersionOpen is the head of a version comment: /*!, /*!50000, /*M!100100.
	VersionOpen
	// VersionClose is the */ that belongs to a VersionOpen.
	VersionClose
	// Operator is an operator of one to three bytes.
	Operator
	// Punct is one of ( ) , . ; { }.
	Punct
	// Other is one byte that the language has no use for.
	Other
)

// Token is a piece of a statement: the bytes [Start, End).
type Token struct {
	Kind       Kind
	key        uint16 // of a word, in keywords; 0 for none and behind a dot
	Start, End int
}

// Keyword returns the keyword that the token spells, in upper case; "" for none. A
// word behind a dot is a name.
func (t Token) Keyword() string { return keywordNames[t.key] }

// Reserved reports whether the token is a word that can never be a name without
// quotes.
func (t Token) Reserved() bool { return keywords[t.key].reserved }

// isCode reports whether the token is no comment and no mark of a version comment.
func (t Token) isCode() bool {
	return t.Kind != Comment && t.Kind != VersionOpen && t.Kind != VersionClose
}

// A State is what is still open where a text ends.
type State uint8

const (
	// Closed means that no quote or comment is open.
	Closed State = iota
	// OpenString is an open '...'.
	OpenString
	// OpenDoubleQuoted is an open "...".
	OpenDoubleQuoted
	// OpenIdent is an open `...`.
	OpenIdent
	// OpenComment is an open /* ... */.
	OpenComment
	// OpenVersionComment is an open /*! ... */ with no other quote or comment
	// open inside it.
	OpenVersionComment
)

// Lexer splits a statement into tokens. The zero value reads an empty text.
type Lexer struct {
	sql      []byte
	pos      int
	versions int  // version comments that are open
	identEnd int  // where the last token ended, if it was an identifier, else -1
	dot      bool // the token of code before was a dot
	nameNext bool // the token before was the dot of a qualified name
	open     State
}

// Reset makes the lexer read sql from its first byte. The lexer keeps sql and
// never writes to it.
func (l *Lexer) Reset(sql []byte) {
	*l = Lexer{sql: sql, identEnd: -1}
}

// State returns what is open behind the last token that Next returned.
func (l *Lexer) State() State {
	if l.open == Closed && l.versions > 0 {
		return OpenVersionComment
	}
	return l.open
}

// Character classes: what a byte can begin.
const (
	otherByte uint8 = iota
	spaceByte
	letterByte // also _, $ and 0x80 to 0xff
	digitByte
	operatorByte
	punctByte
	quoteByte
	specialByte // - / * # . @ ? need a look at their neighbours
)

var byteClass = classifyBytes()

func classifyBytes() (class [256]uint8) {
	for c := range class {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == '$', c >= 0x80:
			class[c] = letterByte
		case c >= '0' && c <= '9':
			class[c] = digitByte
		case c == ' ', c >= '\t' && c <= '\r':
			class[c] = spaceByte
		}
	}
	for _, c := range []byte("+%=<>!&|^~:") {
		class[c] = operatorByte
	}
	for _, c := range []byte("(),;{}") {
		class[c] = punctByte
	}
	for _, c := range []byte("'\"`") {
		class[c] = quoteByte
	}
	for _, c := range []byte("-/*#.@?") {
		class[c] = specialByte
	}
	return class
}

// identBytes are the bytes of unquoted identifiers.
var identBytes = classifyIdentBytes()

func classifyIdentBytes() (ident [256]bool) {
	for c, class := range byteClass {
		ident[c] = class == letterByte || class == digitByte
	}
	return ident
}

func isIdentByte(c byte) bool { return identBytes[c] }

func isDigit(c byte) bool { return c-'0' <= 9 }

// Next returns the next token, false at the end. Between tokens there is white
// space only (space, \t, \n, \v, \f, \r), so the tokens and these gaps are the
// whole text.
func (l *Lexer) Next() (Token, bool) {
	sql, i := l.sql, l.pos
	for i < len(sql) && byteClass[sql[i]] == spaceByte {
		i++
	}
	if i >= len(sql) {
		l.pos = i
		return Token{}, false
	}
	start := i
	dot, nameNext := l.dot, l.nameNext
	l.dot, l.nameNext = false, false
	var kind Kind
	switch byteClass[sql[i]] {
	case letterByte:
		i = identEnd(sql, i+1)
		kind = Word
		if i == start+1 && i < len(sql) && sql[i] == '\'' && !nameNext {
			kind, i = l.prefixed(start)
		}
	case digitByte:
		if nameNext {
			kind, i = Word, identEnd(sql, i+1)
		} else {
			kind, i = number(sql, i)
		}
	case operatorByte:
		kind, i = Operator, operatorEnd(sql, i)
	case punctByte:
		kind, i = Punct, i+1
	case quoteByte:
		kind, i = l.quoted(i)
	case specialByte:
		kind, i = l.special(i)
	default:
		kind, i = Other, i+1
	}
	l.pos = i
	t := Token{Kind: kind, Start: start, End: i}
	l.identEnd = -1
	switch kind {
	case Word:
		l.identEnd = i
		if !dot {
			t.key = lookup(sql, start, i)
		}
	case QuotedIdent:
		l.identEnd = i
	case Punct:
		l.dot = sql[start] == '.'
	case Comment, VersionOpen, VersionClose:
		l.dot = dot
	}
	return t, true
}

func identEnd(sql []byte, i int) int {
	for i < len(sql) && isIdentByte(sql[i]) {
		i++
	}
	return i
}

// prefixed lexes a letter with a quote right behind it: N'..', x'..', b'..' or
// a plain word.
func (l *Lexer) prefixed(start int) (Kind, int) {
	sql := l.sql
	switch sql[start] | 0x20 {
	case 'n':
		_, end := l.quoted(start + 1)
		return String, end
	case 'x':
		i := start + 2
		for i < len(sql) && isHexDigit(sql[i]) {
			i++
		}
		if i < len(sql) && sql[i] == '\'' && (i-start)%2 == 0 {
			return HexLiteral, i + 1
		}
	case 'b':
		i := start + 2
		for i < len(sql) && sql[i]|1 == '1' {
			i++
		}
		if i < len(sql) && sql[i] == '\'' {
			return BitLiteral, i + 1
		}
	}
	return Word, start + 1
}

func isHexDigit(c byte) bool {
	return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f'
}

// number lexes what begins with a digit outside a qualified name. As in the
// server, 1e1FROM is a float and a word, 1.FROM a decimal and a word, and
// 2024_sales an identifier.
func number(sql []byte, start int) (Kind, int) {
	i := start + 1
	if sql[start] == '0' && i < len(sql) && (sql[i] == 'x' || sql[i] == 'b') {
		kind, digits := BitLiteral, i+1
		i = digits
		if sql[digits-1] == 'x' {
			kind = HexLiteral
			for i < len(sql) && isHexDigit(sql[i]) {
				i++
			}
		} else {
			for i < len(sql) && sql[i]|1 == '1' {
				i++
			}
		}
		if i > digits && (i == len(sql) || !isIdentByte(sql[i])) {
			return kind, i
		}
		return Word, identEnd(sql, i)
	}
	i = digitsEnd(sql, i)
	if i == len(sql) {
		return Number, i
	}
	if sql[i] == '.' {
		return Number, exponentEnd(sql, digitsEnd(sql, i+1))
	}
	if !isIdentByte(sql[i]) {
		return Number, i
	}
	if e := exponentEnd(sql, i); e > i {
		return Number, e
	}
	return Word, identEnd(sql, i)
}

func digitsEnd(sql []byte, i int) int {
	for i < len(sql) && isDigit(sql[i]) {
		i++
	}
	return i
}

// exponentEnd returns the end of the exponent at i, or i where there is none.
func exponentEnd(sql []byte, i int) int {
	if i >= len(sql) || sql[i]|0x20 != 'e' {
		return i
	}
	d := i + 1
	if d < len(sql) && (sql[d] == '+' || sql[d] == '-') {
		d++
	}
	if end := digitsEnd(sql, d); end > d {
		return end
	}
	return i
}

func operatorEnd(sql []byte, i int) int {
	rest := sql[i+1:]
	if len(rest) == 0 {
		return i + 1
	}
	switch c := rest[0]; sql[i] {
	case '<':
		switch {
		case c == '=' && len(rest) > 1 && rest[1] == '>':
			return i + 3
		case c == '=' || c == '>' || c == '<':
			return i + 2
		}
	case '>':
		if c == '=' || c == '>' {
			return i + 2
		}
	case '!', ':':
		if c == '=' {
			return i + 2
		}
	case '&', '|':
		if c == sql[i] {
			return i + 2
		}
	}
	return i + 1
}

// quoted lexes '...', "..." or `...` at i. Quotes are looked for, not walked to:
// a string may be megabytes long.
func (l *Lexer) quoted(i int) (Kind, int) {
	sql := l.sql
	q := sql[i]
	for from := i + 1; ; {
		n := bytes.IndexByte(sql[from:], q)
		if n < 0 {
			kind, open := quoteKind(q)
			l.open = open
			return kind, len(sql)
		}
		end := from + n
		switch {
		case q != '`' && escaped(sql[from:end]):
			from = end + 1
		case end+1 < len(sql) && sql[end+1] == q:
			from = end + 2
		default:
			kind, _ := quoteKind(q)
			return kind, end + 1
		}
	}
}

func quoteKind(q byte) (Kind, State) {
	switch q {
	case '"':
		return DoubleQuoted, OpenDoubleQuoted
	case '`':
		return QuotedIdent, OpenIdent
	}
	return String, OpenString
}

// escaped reports whether text ends in an odd number of backslashes.
func escaped(text []byte) bool {
	n := 0
	for n < len(text) && text[len(text)-1-n] == '\\' {
		n++
	}
	return n%2 != 0
}

// special lexes the bytes whose meaning depends on what is around them.
func (l *Lexer) special(i int) (Kind, int) {
	sql := l.sql
	next := byte(0)
	if i+1 < len(sql) {
		next = sql[i+1]
	}
	switch sql[i] {
	case '?':
		return Placeholder, i + 1
	case '#':
		return Comment, lineEnd(sql, i)
	case '@':
		return Variable, l.variable(i)
	case '.':
		if isDigit(next) && l.identEnd != i {
			return Number, exponentEnd(sql, digitsEnd(sql, i+1))
		}
		// A digit begins a name only right behind the dot of a qualified name.
		l.nameNext = i+1 < len(sql) && isIdentByte(next)
		return Punct, i + 1
	case '-':
		if next == '-' && dashComment(sql, i) {
			return Comment, lineEnd(sql, i)
		}
		if next == '>' {
			if i+2 < len(sql) && sql[i+2] == '>' {
				return Operator, i + 3
			}
			return Operator, i + 2
		}
	case '*':
		if next == '/' && l.versions > 0 {
			l.versions--
			return VersionClose, i + 2
		}
	case '/':
		if next == '*' {
			return l.comment(i)
		}
	}
	return Operator, i + 1
}

// dashComment reports whether the two dashes at i begin a comment: a space or a
// control byte must follow, or nothing.
func dashComment(sql []byte, i int) bool {
	return i+2 >= len(sql) || sql[i+2] <= ' ' || sql[i+2] == 0x7f
}

func lineEnd(sql []byte, i int) int {
	if n := bytes.IndexByte(sql[i:], '\n'); n >= 0 {
		return i + n
	}
	return len(sql)
}

func (l *Lexer) variable(i int) int {
	sql := l.sql
	i++
	if i < len(sql) && sql[i] == '@' {
		i++
	}
	if i < len(sql) && byteClass[sql[i]] == quoteByte {
		_, i = l.quoted(i)
		return i
	}
	return variableEnd(sql, i)
}

// variableEnd returns the end of the name of a variable without quotes.
func variableEnd(sql []byte, i int) int {
	for i < len(sql) && (isIdentByte(sql[i]) || sql[i] == '.') {
		i++
	}
	return i
}

// comment lexes the comment or the head of the version comment at i.
func (l *Lexer) comment(i int) (Kind, int) {
	sql := l.sql
	body := i + 2
	head := body
	if head < len(sql) && sql[head] == 'M' {
		head++
	}
	if head < len(sql) && sql[head] == '!' {
		head++
		// Five or six digits are a version; fewer belong to the code.
		n := 0
		for n < 6 && head+n < len(sql) && isDigit(sql[head+n]) {
			n++
		}
		switch v := sql[head : head+n]; {
		case n < 5:
			l.versions++
			return VersionOpen, head
		case string(v) < "99" || n == 5 && string(v) < "99999":
			l.versions++
			return VersionOpen, head + n
		}
	}
	if n := bytes.Index(sql[body:], commentEnd); n >= 0 {
		return Comment, body + n + 2
	}
	l.open = OpenComment
	return Comment, len(sql)
}

var commentEnd = []byte("*/")
