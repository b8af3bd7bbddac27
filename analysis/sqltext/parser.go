package sqltext

// cursor is the parser's place in the text.
type cursor struct {
	Reader
	tok       Token
	sym       byte     // what kind of token it is: see the sym constants
	key       *keyword // what the token spells, never nil
	semicolon bool     // the statement ended at the semicolon at tok
}

// Values of cursor.sym. Punct tokens have the byte they consist of.
const (
	symStart = 0 // nothing was read yet
	symOther = 1
	symEnd   = 2
	symWord  = 'a'
	symIdent = '`' // in quotes of either kind
)

// advance goes to the next token that is code. It stays at the end of the
// statement.
func (c *cursor) advance() {
	if c.sym == symEnd {
		return
	}
	for {
		t, ok := c.Next()
		c.tok, c.key = t, &keywords[t.key]
		if !ok {
			c.sym = symEnd
			return
		}
		switch t.Kind {
		case Comment, VersionOpen, VersionClose:
			continue
		case Word:
			c.sym = symWord
		case QuotedIdent, DoubleQuoted:
			c.sym = symIdent
		case Punct:
			c.sym = c.sql[t.Start]
			if c.sym == ';' {
				c.sym, c.semicolon = symEnd, true
			}
		default:
			c.sym = symOther
		}
		return
	}
}

func (c *cursor) isName() bool {
	return c.sym == symIdent || c.sym == symWord && !c.key.reserved
}

func (c *cursor) isOperator(op byte) bool {
	return c.sym == symOther && c.sql[c.tok.Start] == op
}

// seek goes behind the next such word outside brackets; false if there is none.
func (c *cursor) seek(w word) bool {
	depth := 0
	for c.sym != symEnd {
		switch {
		case c.sym == '(':
			depth++
		case c.sym == ')':
			depth--
		case c.key.word == w && depth <= 0:
			c.advance()
			return true
		}
		c.advance()
	}
	return false
}

// parser reads one statement. It keeps one token and a bounded stack of
// brackets, so its memory does not depend on the input.
type parser struct {
	cursor
	out *Statement

	action Action
	stop   bool // nothing further in the statement matters to tables
	ddl    bool // REFERENCES, RENAME and LIKE name tables
	stored bool // the statement makes a stored program, whose body may be BEGIN ... END
	body   bool // semicolons belong to the statement

	main, first       Table
	hasMain, hasFirst bool
	target            Span  // multi-table DELETE: the name or alias that main must have
	last              Table // the last candidate for target

	depth   int // index of the innermost frame
	over    int // brackets open beyond maxDepth
	numCTEs int8
	frames  [maxDepth]frame
	ctes    [maxCTEs]cte
}

// parse reads the statement as far as its tables need.
func (p *parser) parse() {
	p.frames[0] = frame{chain: chainMain, cte: -1, pending: -1}
	p.advance()
	for {
		if p.semicolon { // an empty statement
			p.semicolon, p.sym = false, symStart
			p.advance()
			continue
		}
		if p.sym == '(' {
			p.openBracket()
			continue
		}
		if p.sym == '{' { // ODBC: { CALL p() }
			p.advance()
			continue
		}
		break
	}
	if p.key.verb == None {
		return
	}
	p.statement()
	if !p.stop {
		p.run()
	}
}

// drain goes to the end of the statement and returns its offset.
func (p *parser) drain() int {
	for p.sym != symEnd {
		t, ok := p.Next()
		if !ok {
			return len(p.sql)
		}
		switch {
		case t.Kind == Punct && p.sql[t.Start] == ';' && !p.body:
			p.tok, p.sym, p.semicolon = t, symEnd, true
		case p.stored && keywords[t.key].verb == Begin:
			p.body = true
		}
	}
	if p.semicolon {
		return p.tok.Start
	}
	return len(p.sql)
}

// nextStatement goes to where code goes on behind the semicolon and returns its
// offset, or -1.
func (p *parser) nextStatement() int {
	for {
		before := p.Reader
		t, ok := p.Next()
		switch {
		case !ok:
			return -1
		case t.isCode() && (t.Kind != Punct || p.sql[t.Start] != ';'):
			p.Reader = before
			return t.Start
		}
	}
}

// name reads a name with its qualifiers, of which the nearest counts. star reports
// whether .* followed it. Where there is no name, or it is cut behind a dot, ok is
// false.
func (p *parser) name() (t Table, star, ok bool) {
	if p.sym == '.' { // .t is t, an ODBC form
		p.advance()
	}
	if !p.isName() {
		return t, false, false
	}
	for {
		t = Table{Schema: t.Name, Name: p.nameSpan()}
		p.advance()
		if p.sym != '.' {
			return t, false, true
		}
		p.advance()
		if p.sym != symWord && p.sym != symIdent {
			star = p.isOperator('*')
			if star {
				p.advance()
			}
			return t, star, star
		}
	}
}

// nameSpan returns the place of a name, the current token.
func (p *parser) nameSpan() Span {
	if p.tok.Kind == DoubleQuoted {
		p.out.DoubleQuoted = true
	}
	return Span{p.tok.Start, p.tok.End}
}

// addTable notes a table that the frame f names.
func (p *parser) addTable(f *frame, t Table) {
	if t.Schema.empty() {
		for i := p.numCTEs - 1; i >= 0; i-- {
			c := &p.ctes[i]
			if c.visible && equalIdent(p.sql, c.name, t.Name, true) {
				// A CTE counts as the table that it begins with.
				if c.hasTable {
					p.candidate(f, c.main)
				}
				return
			}
		}
	}
	p.out.add(p.sql, t)
	if !p.hasFirst {
		p.first, p.hasFirst = t, true
	}
	if f.cte >= 0 {
		if c := &p.ctes[f.cte]; !c.hasTable {
			c.main, c.hasTable = t, true
		}
	}
	p.candidate(f, t)
}

// candidate makes t the main table of the chain that f belongs to, if that has
// none yet.
func (p *parser) candidate(f *frame, t Table) {
	switch {
	case f.chain == chainNone:
	case f.chain > chainMain:
		if c := &p.ctes[f.chain-1]; !c.hasMain {
			c.main, c.hasMain, c.hasTable = t, true, true
		}
	case p.hasMain:
	case p.target.empty() || equalIdent(p.sql, p.target, t.Name, true):
		p.main, p.hasMain = t, true
	default:
		p.last = t
	}
}

// mainTable returns the main table, false if there is no table at all.
func (p *parser) mainTable() (Table, bool) {
	if p.hasMain {
		return p.main, true
	}
	return p.first, p.hasFirst
}
