package sqltext

// Line is one line of a formatted statement.
type Line struct {
	Indent int // in cells
	Pieces []Piece
}

// Piece is a token on a line. The text of a string, a quoted name or a comment
// may hold any bytes, line ends too.
type Piece struct {
	Token
	Space   bool // a blank belongs in front of it
	Keyword bool // it is a reserved word
}

const (
	indentStep = 2
	// maxIndent keeps deep nesting on the screen.
	maxIndent = 12 * indentStep
	// maxBlocks is how many open brackets Format keeps apart; deeper ones are
	// written without breaks of their own.
	maxBlocks = 64
)

// Format lays a text of one or more statements out for reading: each clause
// begins a line, subqueries are indented, and lines are wrapped at width bytes
// (below 1: never) where the text has white space or a comma. The pieces are
// all tokens of the text in their order, comments included; white space alone
// is changed, and only so that the lines, written out with line ends, give the
// same tokens again. Memory grows with the number of tokens: cut a long text
// before.
func Format(sql []byte, width int) []Line {
	f := formatter{sql: sql, width: width, blocks: make([]block, 1, 8), prevKey: &keywords[0]}
	f.blocks[0].query = true
	var lex Lexer
	lex.Reset(sql)
	next, more := lex.Next()
	for more {
		t := next
		next, more = lex.Next()
		f.add(t, &keywords[t.key], next, &keywords[next.key])
	}
	f.endLine()
	return f.lines
}

// block is a pair of brackets, or the statement itself.
type block struct {
	query     bool // its clauses begin lines
	selects   bool // SELECT was seen
	condition bool // WHERE, ON or HAVING was seen
	between   bool // the next AND belongs to BETWEEN
	verb      Action
	indent    int
}

type formatter struct {
	sql    []byte
	width  int
	lines  []Line
	pieces []Piece // of the current line
	indent int     // of the current line
	used   int     // bytes on the current line
	blocks []block
	over   int // brackets open beyond maxBlocks

	prev    Token
	prevKey *keyword
	opened  bool // prev is the bracket of a subquery
}

func (f *formatter) add(t Token, key *keyword, next Token, nextKey *keyword) {
	b := &f.blocks[len(f.blocks)-1]
	punct := byte(0)
	if t.Kind == Punct {
		punct = f.sql[t.Start]
	}
	switch {
	case f.prev.End == 0:
	case f.prev.Kind == Comment && f.sql[f.prev.Start] != '/':
		f.endLine() // else the comment would go on
		f.indent = b.indent
	case f.opened:
		f.breakLine(t, b.indent)
	case punct == ')' && b.query && len(f.blocks) > 1 && f.over == 0:
		f.breakLine(t, b.indent-indentStep)
	case f.prev.Kind == Punct && f.sql[f.prev.Start] == ';':
		f.breakLine(t, 0)
	case b.query:
		if indent, ok := f.clause(b, t, key, next, nextKey); ok {
			f.breakLine(t, b.indent+indent)
		}
	}
	f.wrap(t)

	space := t.Start > f.prev.End
	f.pieces = append(f.pieces, Piece{Token: t, Space: space && len(f.pieces) > 0, Keyword: key.reserved})
	f.used += t.End - t.Start
	if space {
		f.used++
	}
	f.note(b, key)
	f.opened = false
	switch punct {
	case '(':
		f.open(b, nextKey)
	case ')':
		switch {
		case f.over > 0:
			f.over--
		case len(f.blocks) > 1:
			f.blocks = f.blocks[:len(f.blocks)-1]
		}
	case ';':
		f.blocks = append(f.blocks[:0], block{query: true})
		f.over = 0
	}
	if t.Kind != VersionOpen && t.Kind != VersionClose {
		f.prevKey = key
	}
	f.prev = t
}

// open begins the block behind a bracket.
func (f *formatter) open(b *block, nextKey *keyword) {
	if len(f.blocks) == maxBlocks {
		f.over++
		return
	}
	inner := block{indent: b.indent}
	if w := nextKey.word; w == wordSelect || w == wordWith {
		inner.query = true
		inner.indent += indentStep
		f.opened = true
	}
	f.blocks = append(f.blocks, inner)
}

// note keeps what later breaks depend on.
func (f *formatter) note(b *block, key *keyword) {
	if b.verb == None {
		b.verb = key.verb
	}
	switch key.word {
	case wordSelect:
		b.selects, b.condition, b.between = true, false, false
	case wordWhere, wordOn, wordHaving:
		b.condition = true
	case wordBetween:
		b.between = true
	case wordAnd:
		b.between = false
	}
}

// clause reports whether the token begins a line, and how far that is indented
// inside its block.
func (f *formatter) clause(b *block, t Token, key *keyword, next Token, nextKey *keyword) (indent int, ok bool) {
	call := next.Kind == Punct && f.sql[next.Start] == '(' && next.Start == t.End
	switch key.word {
	case wordSelect, wordSetOperator, wordWhere, wordGroup, wordHaving, wordOrder, wordLimit, wordWindow, wordReturning:
		return 0, f.prevKey.word != wordFor && !(key.word == wordWindow && call)
	case wordFrom:
		return 0, b.selects || b.verb == Delete && f.prevKey.verb != Delete && f.prevKey.word != wordOption &&
			f.prevKey.word != wordIgnore
	case wordSet:
		return 0, b.verb == Update || b.verb == Insert || b.verb == Replace
	case wordValues:
		return 0, (b.verb == Insert || b.verb == Replace) && !b.condition
	case wordOn:
		return 0, nextKey.word == wordDuplicate
	case wordLeft, wordRight, wordInner, wordCross, wordNatural, wordStraightJoin, wordJoin:
		return 0, !call && !f.insideJoin() && f.prevKey.word != wordSelect && f.prevKey.word != wordFor
	case wordAnd, wordOr:
		return indentStep, b.condition && !(b.between && key.word == wordAnd)
	}
	return 0, false
}

// insideJoin reports whether the token before belongs to the name of a join.
func (f *formatter) insideJoin() bool {
	switch f.prevKey.word {
	case wordLeft, wordRight, wordInner, wordCross, wordNatural, wordOuter:
		return true
	}
	return false
}

// breakLine ends the line in front of t, if a line end there cannot change the
// meaning of what is around it.
func (f *formatter) breakLine(t Token, indent int) {
	if !f.mayBreak(t) {
		return
	}
	f.endLine()
	f.indent = min(max(indent, 0), maxIndent)
}

// mayBreak reports whether white space may be put in front of t. Without white
// space in the text it may only behind tokens that have an end of their own:
// a line end behind the dashes of 1--FROM would make them a comment.
func (f *formatter) mayBreak(t Token) bool {
	if t.Start > f.prev.End {
		return true
	}
	switch f.prev.Kind {
	case Punct:
		return f.sql[f.prev.Start] != '.'
	case String, DoubleQuoted, QuotedIdent, Comment, VersionClose:
		return true
	case Operator, VersionOpen, Other:
		return false
	}
	return t.Kind == Punct && f.sql[t.Start] == ')'
}

// wrap ends the line where t would go beyond the width.
func (f *formatter) wrap(t Token) {
	if f.width < 1 || len(f.pieces) == 0 || f.indent+f.used+t.End-t.Start < f.width {
		return
	}
	comma := f.prev.Kind == Punct && f.sql[f.prev.Start] == ','
	if t.Start == f.prev.End && !comma {
		return
	}
	f.endLine()
	f.indent = min(f.blocks[len(f.blocks)-1].indent+2*indentStep, maxIndent)
}

func (f *formatter) endLine() {
	if len(f.pieces) == 0 {
		return
	}
	f.lines = append(f.lines, Line{Indent: f.indent, Pieces: f.pieces})
	// The next line goes on in the same memory, behind this one.
	f.pieces = f.pieces[len(f.pieces):]
	if cap(f.pieces) == 0 {
		f.pieces = make([]Piece, 0, 64)
	}
	f.used = 0
}
