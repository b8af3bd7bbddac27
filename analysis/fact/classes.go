package fact

import "sqleuth/analysis/sqltext"

// AppendLiteralClasses appends to dst what Of reads of a statement beyond its digest
// (sqltext.AppendDigest): the classes of literals, comments and brackets, in order.
// Statements of one digest and with equal classes have equal facts. Rows of VALUES and
// lists behind IN give the same however long they are, as long as they hold literals
// of the same classes. cacheable is false where facts rest on more than that.
func AppendLiteralClasses(dst []byte, t *sqltext.Tokens) (out []byte, cacheable bool) {
	if len(t.SQL) > longestClassed || t.More {
		return dst, false
	}
	c := classifier{t: t, out: dst, from: len(dst)}
	for c.i = 0; c.i < len(t.List); c.i++ {
		if !c.token(t.List[c.i]) {
			return dst, false
		}
	}
	return append(c.out, '0'+byte(t.Open)), true
}

// longestClassed is the longest statement that has classes.
const longestClassed = 1 << 16

// classifier writes the classes of one statement.
type classifier struct {
	t    *sqltext.Tokens
	i    int
	out  []byte
	from int

	first   statementKind
	literal compared // what was read of a comparison of constants
	small   bool     // its first literal is 0 or 1 and stands behind WHERE or AND
	start   bool     // an operand of a condition begins here
	lead    bool     // behind WHERE or AND, not OR
	parted  bool     // more than commas stand behind the literal before
	prev    sqltext.Token
	list    listed
}

// statementKind is what matters of the first word of a statement.
type statementKind uint8

const (
	noStatement statementKind = iota
	plainStatement
	setStatement
	otherStatement // its literals may be names or paths
)

// compared is how much of "literal operator literal" was read.
type compared uint8

const (
	nothingCompared compared = iota
	oneLiteral
	andOperator
)

// listed is the place in rows behind VALUES or the list behind IN.
type listed struct {
	opens bool // a bracket that opens here is a row or a list
	depth int  // brackets open in it
	row   int  // where the classes of this row begin
	prev  span // those of the row before it
	rows  bool // several may follow
	query bool // a SELECT is in the row: nothing is left out
	last  byte // the class in front with commas between, 0 for none
}

// token adds the class of a token; false where facts rest on more.
func (c *classifier) token(t sqltext.Token) bool {
	text := c.t.SQL[t.Start:t.End]
	ok := true
	switch t.Kind {
	case sqltext.Comment, sqltext.VersionOpen:
		c.comment(t)
		return true
	case sqltext.VersionClose:
		return true
	case sqltext.String, sqltext.DoubleQuoted:
		ok = c.text(text)
	case sqltext.Number, sqltext.HexLiteral, sqltext.BitLiteral, sqltext.Placeholder:
		ok = c.number(t.Kind, text)
	case sqltext.Word:
		ok = c.word(text)
	case sqltext.QuotedIdent:
		c.put('q') // it is no keyword, which its digest may not show
		c.other()
	case sqltext.Variable:
		ok = len(text) < 2 || text[1] != '\'' && text[1] != '"' // the host of an account
		c.other()
	case sqltext.Punct:
		ok = c.punct(text[0])
	default:
		c.operator(text)
	}
	c.prev = t
	return ok
}

func (c *classifier) put(class byte) { c.out = append(c.out, class) }

// other is called for what is no part of a comparison of constants.
func (c *classifier) other() {
	c.literal, c.start, c.parted, c.list.opens = nothingCompared, false, true, false
}

// comment adds the kind of a comment, of the last one what it cuts off.
func (c *classifier) comment(t sqltext.Token) {
	m := remarkOf(c.t.SQL, t)
	c.put('c')
	c.put('0' + m.kind)
	next := sqltext.Token{Start: -1}
	last := true
	for k := c.i + 1; k < len(c.t.List); k++ {
		if kind := c.t.List[k].Kind; kind != sqltext.VersionClose {
			if k == c.i+1 {
				next = c.t.List[k]
			}
			last = false
			break
		}
	}
	if m.kind == blockComment && c.prev.End == t.Start && c.prev.Kind != 0 && narrow(c.t.SQL[t.Start:t.End]) && partedByComment(c.prev.Kind) &&
		next.Start == t.End && partedByComment(next.Kind) {
		c.put('w')
	}
	if last && c.prev.Kind != 0 {
		c.out = append(c.out, cutOf(c.t.SQL, m, c.prev.End)...)
	}
}

// word adds NULL and its kin and sees where literals are names, files or settings.
func (c *classifier) word(text []byte) bool {
	if c.first == noStatement {
		c.first = kindOfStatement(text)
	}
	starts, lead := false, false
	opens := false
	switch len(text) {
	case 2:
		starts = equalFold(text, "or") || equalFold(text, "on")
		opens = equalFold(text, "in")
		if equalFold(text, "is") {
			c.compares()
			return true
		}
	case 3:
		starts = equalFold(text, "and") || equalFold(text, "xor") || equalFold(text, "not")
		lead = equalFold(text, "and")
		if equalFold(text, "not") {
			c.start = true
			return true
		}
	case 4:
		switch {
		case equalFold(text, "null"), equalFold(text, "true"):
			return c.constant((text[0]|0x20)-32, false)
		case equalFold(text, "like"):
			c.compares()
			return true
		case equalFold(text, "rand"):
			return !c.literalInCall()
		}
	case 5:
		switch {
		case equalFold(text, "false"):
			return c.constant('F', false)
		case equalFold(text, "sleep"):
			return !c.literalInCall()
		case equalFold(text, "rlike"):
			c.compares()
			return true
		}
		starts = equalFold(text, "where")
		opens = equalFold(text, "value")
		lead = starts
	case 6:
		starts = equalFold(text, "having")
		opens = equalFold(text, "values")
		switch {
		case equalFold(text, "infile"):
			return false
		case equalFold(text, "select"):
			c.list.query = true
		case equalFold(text, "regexp"), equalFold(text, "sounds"):
			c.compares()
			return true
		case equalFold(text, "binary"):
			return true
		}
	case 7:
		if equalFold(text, "outfile") {
			return false
		}
		if equalFold(text, "default") {
			c.put('D')
		}
	case 8:
		if equalFold(text, "dumpfile") {
			return false
		}
	case 9:
		switch {
		case equalFold(text, "load_file"):
			return false
		case equalFold(text, "benchmark"):
			return !c.literalInCall()
		}
	}
	if text[0] == '_' {
		c.put('_')
	}
	c.other()
	c.start, c.lead = starts, lead
	if opens && c.list.depth == 0 {
		c.list = listed{opens: true, rows: len(text) > 2}
	}
	return true
}

// kindOfStatement classifies a first word.
func kindOfStatement(word []byte) statementKind {
	for _, w := range []string{"select", "insert", "update", "delete", "replace", "with", "show", "begin", "commit", "start", "rollback", "use", "describe", "explain", "call", "do", "kill"} {
		if len(word) == len(w) && equalFold(word, w) {
			return plainStatement
		}
	}
	if len(word) == 3 && equalFold(word, "set") {
		return setStatement
	}
	return otherStatement
}

// literalInCall reports whether a bracket and anything but its end follow the word.
func (c *classifier) literalInCall() bool {
	c.other()
	return c.punctAt(c.i+1, '(') && !c.punctAt(c.i+2, ')')
}

func (c *classifier) punctAt(i int, punct byte) bool {
	return i < len(c.t.List) && c.t.List[i].Kind == sqltext.Punct && c.t.SQL[c.t.List[i].Start] == punct
}

// compares is called for a comparison.
func (c *classifier) compares() {
	c.start, c.parted, c.list.opens = false, true, false
	if c.literal == oneLiteral {
		c.literal = andOperator
	}
}

// operator adds signs and follows conditions.
func (c *classifier) operator(text []byte) {
	c.list.opens, c.parted = false, true
	switch {
	case len(text) == 1 && (text[0] == '+' || text[0] == '-'):
		c.put(text[0])
	case text[0] == '~':
	case text[0] == '!' && len(text) == 1:
		c.start = true
	case text[0] == '=', text[0] == '<', text[0] == '>', text[0] == '!':
		c.compares()
	default:
		c.other()
		if len(text) == 2 && (text[0] == '|' || text[0] == '&') {
			c.start, c.lead = true, text[0] == '&'
		}
	}
}

// punct follows brackets and statements.
func (c *classifier) punct(p byte) bool {
	switch p {
	case '(':
		c.open()
	case ')':
		c.close()
	case ';':
		if c.i+1 < len(c.t.List) {
			return false
		}
	case ',':
		c.literal, c.start = nothingCompared, false
	default:
		c.other()
	}
	return true
}

// open enters a bracket.
func (c *classifier) open() {
	c.parted = true
	l := &c.list
	if l.opens {
		*l = listed{depth: 1, row: len(c.out), prev: l.prev, rows: l.rows}
		return
	}
	if l.depth > 0 {
		l.depth++
	}
	c.put('(')
}

// close leaves a bracket. The classes of a row go if those of the row before it are
// the same.
func (c *classifier) close() {
	c.parted = true
	l := &c.list
	if l.depth == 0 {
		l.opens = false
		return
	}
	if l.depth--; l.depth > 0 {
		return
	}
	c.put(')')
	row := span{l.row, len(c.out)}
	if l.prev.to > 0 && !l.query && string(c.out[l.prev.from:l.prev.to]) == string(c.out[row.from:row.to]) {
		c.out, row = c.out[:row.from], l.prev
	}
	*l = listed{prev: row, rows: l.rows, opens: l.rows}
}

// constant adds the class of a literal; small tells that it is 0 or 1.
func (c *classifier) constant(class byte, small bool) bool {
	if c.literal == andOperator && !(c.small && small) {
		return false
	}
	if c.literal != andOperator {
		c.small = small && c.start && c.lead
	}
	c.literal, c.start = oneLiteral, false
	l := &c.list
	if c.parted {
		c.parted, l.last = false, 0
		c.put(' ')
	}
	if l.depth == 1 && !l.query {
		if l.last == class {
			return true
		}
		l.last = class
	}
	c.put(class)
	return true
}

// codes adds what a literal holds that looks like code.
func (c *classifier) codes(k kind, text []byte) {
	found := classesOf(k, text)
	marker := k == textWord && sqlmapMarker(inside(text)) || k == hexWord && len(text) == 12 && sqlmapMarker(unhex(text))
	if found == 0 && !marker {
		return
	}
	c.put('x')
	c.out = append(c.out, byte(found), byte(found>>8), '0'+byte(b2i(marker)))
	c.list.last = 0
}

// text adds a string.
func (c *classifier) text(text []byte) bool {
	switch c.first {
	case otherStatement, noStatement:
		return false
	case setStatement:
		c.out = append(c.out, settingText(inside(text), "string")...)
	}
	if c.prev.Kind == sqltext.Word && typeWord(c.t.SQL[c.prev.Start:c.prev.End]) {
		c.put('y')
	}
	c.codes(textWord, text)
	class := byte('s')
	switch {
	case text[0] == '"':
		class = 'd'
	case text[0] != '\'':
		class = 'p' // N'...'
	}
	if c.start && leadingNumber(inside(text)) != 0 {
		class -= 32
	}
	return c.constant(class, false)
}

func typeWord(word []byte) bool {
	return len(word) == 4 && (equalFold(word, "date") || equalFold(word, "time")) || len(word) == 9 && equalFold(word, "timestamp")
}

// number adds a number, hex or bit literal or a placeholder.
func (c *classifier) number(k sqltext.Kind, text []byte) bool {
	if c.first == otherStatement || c.first == noStatement {
		return false
	}
	switch k {
	case sqltext.HexLiteral:
		c.codes(hexWord, text)
		class := byte('h')
		switch hexClass(text) {
		case "hex_text":
			class = 'u'
		case "hex_binary":
			class = 'b'
		}
		return c.constant(class, false)
	case sqltext.BitLiteral:
		return c.constant('i', false)
	case sqltext.Placeholder:
		return c.constant('?', false)
	}
	if c.first == setStatement {
		c.out = append(c.out, settingText(text, "number")...)
	}
	class := byte('n')
	if c.start || c.literal == andOperator {
		class = numberClass(text)
	}
	return c.constant(class, class == '0' || class == '1')
}

// numberClass tells 0, 1, what else is 0, and other numbers apart.
func numberClass(text []byte) byte {
	switch {
	case len(text) == 1 && text[0] <= '1':
		return text[0]
	case numberValue(text) == 0:
		return 'z'
	}
	return 'n'
}
