package fact

import (
	"encoding/binary"

	"sqleuth/analysis/sqltext"
)

// AppendLiteralClasses appends to dst what Of reads of the contents of a statement's
// literals and comments. Statements of one shape (sqltext.AppendShape) and with equal
// classes have equal facts. Most statements have none: only what is not ordinary is
// written, with the number of its token. cacheable is false where facts rest on more
// than classes: names and paths in quotes, comparisons of constants.
func AppendLiteralClasses(dst []byte, t *sqltext.Tokens) (out []byte, cacheable bool) {
	if len(t.SQL) > longestClassed || t.More {
		return dst, false
	}
	c := classifier{t: t, out: dst}
	for c.i = range t.List {
		if !c.token(t.List[c.i]) {
			return dst, false
		}
	}
	return c.out, true
}

// longestClassed is the longest statement that has classes.
const longestClassed = 1 << 16

// classifier writes the classes of one statement.
type classifier struct {
	t    *sqltext.Tokens
	i    int // the token
	out  []byte
	last int // where code ended, 0 for none yet

	first   statementKind
	literal compared // what was read of a comparison of constants
	left    []byte   // its last literal
	small   bool     // its first literal is 0 or 1 and follows WHERE or AND
	start   bool     // an operand of a condition begins here
	lead    bool     // behind WHERE or AND, not OR
	by      bool     // in the list of ORDER BY or GROUP BY
}

// statementKind is what matters of the first word of a statement.
type statementKind uint8

const (
	otherStatement statementKind = iota // its literals may be names or paths
	plainStatement
	setStatement
)

// compared is how much of "literal operator literal" was read.
type compared uint8

const (
	nothingCompared compared = iota
	oneLiteral
	andOperator
)

// token adds the class of a token; false where facts rest on more.
func (c *classifier) token(t sqltext.Token) bool {
	text := c.t.SQL[t.Start:t.End]
	ok := true
	switch t.Kind {
	case sqltext.Comment:
		c.comment(t)
		return true
	case sqltext.VersionOpen, sqltext.VersionClose:
		return true
	case sqltext.String, sqltext.DoubleQuoted:
		ok = c.text(text) && !c.slips(t.End)
	case sqltext.Number, sqltext.HexLiteral, sqltext.BitLiteral, sqltext.Placeholder:
		ok = c.number(t.Kind, text)
	case sqltext.Word:
		ok = c.word(text)
	case sqltext.Variable:
		ok = len(text) < 2 || text[1] != '\'' && text[1] != '"' // the host of an account
		c.other()
	case sqltext.Punct:
		ok = text[0] != ';' || c.i+1 == len(c.t.List)
		if text[0] != '(' && text[0] != ')' {
			c.other()
		}
	case sqltext.Operator:
		c.operator(text)
	default:
		c.other()
	}
	c.last = t.End
	return ok
}

// slips reports whether a letter is right behind a literal that ends at i, as behind an
// apostrophe within a word: facts rest on the letters around it.
func (c *classifier) slips(i int) bool {
	return i < len(c.t.SQL) && (letter(c.t.SQL[i]) || c.t.SQL[i] >= 0x80)
}

// put adds a class of the token.
func (c *classifier) put(class ...byte) {
	c.out = append(binary.AppendUvarint(c.out, uint64(c.i)), class...)
}

// other is called for what is no part of a comparison of constants.
func (c *classifier) other() { c.literal, c.start = nothingCompared, false }

// comment adds the kind of a comment, of the last one what it cuts off.
func (c *classifier) comment(t sqltext.Token) {
	m := remarkOf(c.t.SQL, t)
	c.put(m.kind, byte(b2i(narrow(c.t.SQL[t.Start:t.End]))))
	for _, behind := range c.t.List[c.i+1:] {
		if behind.Kind != sqltext.VersionClose {
			return
		}
	}
	if c.last > 0 {
		c.out = append(c.out, cutOf(c.t.SQL, m, c.last)...)
	}
}

// wordRole is what a word does to the literals behind it.
type wordRole uint8

const (
	ordinaryWord  wordRole = iota
	operandWord            // an operand follows
	leadingWord            // one that programs put constants in
	comparingWord          // compares
	neutralWord            // may be inside a comparison
	literalWord            // NULL, TRUE, FALSE
	valueWord              // a function for which the value of a number matters
	byWord                 // numbers of columns follow
	fileWord               // a path follows
)

var wordRoles = tableOf(map[string]wordRole{"or, xor, having, on": operandWord, "and, where": leadingWord,
	"is, like, rlike, regexp, sounds": comparingWord, "not, binary": neutralWord, "null, true, false": literalWord,
	"sleep, benchmark, rand, get_lock, char, chr": valueWord, "by": byWord, "outfile, dumpfile, infile, load_file": fileWord})

// word sees where literals are names, files or constants that are compared.
func (c *classifier) word(text []byte) bool {
	if c.last == 0 {
		c.first = statementKinds.of(text)
	}
	switch role := wordRoles.of(text); role {
	case operandWord, leadingWord:
		c.by = false
		c.other()
		c.start, c.lead = true, role == leadingWord
	case comparingWord:
		c.compares()
	case neutralWord:
		c.start = c.start || equalFold(text, "not")
	case literalWord:
		return c.constant(false, text)
	case byWord:
		c.by = true
		c.other()
	case valueWord:
		c.other()
		return !c.punctAt(c.i+1, '(') || c.punctAt(c.i+2, ')')
	case fileWord:
		return false
	default:
		c.other()
	}
	return true
}

// statementKinds has the first words of statements that are not otherStatement.
var statementKinds = tableOf(map[string]statementKind{"set": setStatement, "select, insert, update, delete, replace, with, show, begin, commit, " +
	"start, rollback, use, describe, explain, call, do, kill": plainStatement})

func (c *classifier) punctAt(i int, punct byte) bool {
	return i < len(c.t.List) && c.t.List[i].Kind == sqltext.Punct && c.t.SQL[c.t.List[i].Start] == punct
}

// compares is called for a comparison.
func (c *classifier) compares() {
	c.start = false
	if c.literal == oneLiteral {
		c.literal = andOperator
	}
}

// operator follows conditions; signs may be inside a comparison.
func (c *classifier) operator(text []byte) {
	switch {
	case len(text) == 1 && (text[0] == '+' || text[0] == '-' || text[0] == '~'):
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

// maxCompared is how long two literals may be that the classes contain themselves.
const maxCompared = 24

// constant follows a literal; small: it is 0 or 1. Comparisons of 0 and 1
// that programs write have classes, of others behind WHERE and AND the literals are
// theirs.
func (c *classifier) constant(small bool, text []byte) bool {
	switch {
	case c.literal != andOperator:
		c.small = small && c.start && c.lead
	case c.small && small:
	case !c.lead || len(c.left)+len(text) > maxCompared:
		return false
	default:
		c.put('v', byte(len(c.left)), byte(len(text)))
		c.out = append(append(c.out, c.left...), text...)
	}
	c.literal, c.start, c.left = oneLiteral, false, text
	return true
}

// codes adds what a literal holds that looks like code.
func (c *classifier) codes(k kind, text []byte) {
	found := classesOf(k, text)
	if markerOf(k, text) {
		found |= markerText
	}
	if found != 0 {
		c.put('x', byte(found), byte(found>>8))
	}
}

// calculates reports whether a sign of a calculation is beside the token, before it
// for a step of -1, behind it for 1.
func (c *classifier) calculates(step int) bool {
	for i := c.i + step; i >= 0 && i < len(c.t.List); i += step {
		switch t := c.t.List[i]; t.Kind {
		case sqltext.Comment, sqltext.VersionOpen, sqltext.VersionClose:
			continue
		case sqltext.Operator:
			return calculating.has(keys[string(c.t.Text(t))])
		case sqltext.Word:
			return t.Keyword() == "DIV" || t.Keyword() == "MOD"
		}
		break
	}
	return false
}

// text adds a string.
func (c *classifier) text(text []byte) bool {
	switch c.first {
	case otherStatement:
		return false
	case setStatement:
		c.put([]byte(settingText(inside(text), "string"))...)
	}
	c.codes(textWord, text)
	if c.start && leadingNumber(inside(text)) != 0 {
		c.put('t')
	}
	if numeric(inside(text)) && (c.calculates(-1) || c.calculates(1)) {
		c.put('m')
	}
	return c.constant(false, text)
}

// number adds a number, hex or bit literal or a placeholder.
func (c *classifier) number(k sqltext.Kind, text []byte) bool {
	switch {
	case c.first == otherStatement:
		return false
	case k == sqltext.HexLiteral:
		c.codes(hexWord, text)
		if class := hexClass(text); class != "" {
			c.put(class[len("hex_")])
		}
		return c.constant(false, text)
	case k != sqltext.Number:
		return c.constant(false, text)
	case c.first == setStatement:
		c.put([]byte(settingText(text, "number"))...)
	}
	if c.by {
		c.put('n', byte(columnNumber(text)))
	}
	small := len(text) == 1 && text[0] <= '1'
	if c.start || c.literal == andOperator {
		switch {
		case small:
			c.put(text[0])
		case numberValue(text) == 0:
			c.put('z')
		}
	}
	return c.constant(small, text)
}
