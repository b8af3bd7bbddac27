package sqltext

// maxDepth is how many open brackets the parser keeps apart. Deeper ones share
// the innermost frame: tables in there are still found, only their rank may be
// wrong.
const maxDepth = 32

// maxCTEs is how many names of WITH clauses are known at one time. Further
// ones are taken for tables.
const maxCTEs = 16

// mode is what the parser expects next inside one pair of brackets.
type mode uint8

const (
	modeStart   mode = iota // a query, or anything else
	modeExpr                // select list, conditions, values: no table
	modeTable               // a table reference
	modeAfter               // alias, hints, comma or JOIN behind a table
	modeJoin                // the condition of a join
	modeCTEName             // the name of a CTE
	modeCTEAs               // its column list, AS and body
	modeCTEDone             // a comma or the statement behind the CTEs
)

// A chain is the main table that the tables of a frame are candidates for. That
// of CTE k is k+1.
const (
	chainNone int8 = -1 // none: a subquery in an expression
	chainMain int8 = 0  // the statement's
)

// frame is the state of one pair of brackets; the outermost frame is that of
// the statement.
type frame struct {
	mode      mode
	query     bool // a SELECT was seen, so FROM is a clause
	fresh     bool // modeTable: nothing was seen yet, a query may begin
	body      bool // modeCTEAs: AS was seen, the next bracket is the body
	recursive bool // the WITH clause is recursive: its names are known inside
	chain     int8
	cte       int8 // the CTE whose body this frame is in, or -1
	pending   int8 // the CTE that this frame is about to define, or -1
	numCTEs   int8 // how many CTEs were known when the frame was opened
}

// cte is a common table expression, known inside the brackets of its WITH.
type cte struct {
	name     Span
	main     Table // its main table; until that is found, the first one in its body
	hasMain  bool
	hasTable bool // main is filled in
	visible  bool
}

// run reads the statement from where its handler left it.
func (p *parser) run() {
	for p.sym != symEnd {
		f := &p.frames[p.depth]
		switch p.sym {
		case symWord, symIdent:
			p.identifier(f)
		case '(':
			p.openBracket()
		case ')':
			p.closeBracket()
		case ',':
			switch f.mode {
			case modeAfter, modeJoin:
				f.mode, f.fresh = modeTable, false
			case modeCTEDone:
				f.mode = modeCTEName
			case modeStart:
				f.mode = modeExpr
			}
			p.advance()
		case '{': // ODBC: { OJ t1 LEFT JOIN t2 ON ... }
			p.advance()
			if f.mode == modeTable && p.sym == symWord {
				p.advance()
			}
		case '.':
			if f.mode == modeTable {
				p.tableReference(f)
			} else {
				p.advance()
			}
		default:
			switch f.mode {
			case modeStart:
				f.mode = modeExpr
			case modeTable:
				f.mode = modeAfter
			}
			p.advance()
		}
	}
}

// openBracket opens a frame at "(" and leaves the enclosing one in the mode
// that it has behind the closing bracket.
func (p *parser) openBracket() {
	f := &p.frames[p.depth]
	p.advance()
	if p.depth+1 == maxDepth {
		p.over++
		return
	}
	g := frame{mode: modeStart, chain: chainNone, cte: f.cte, pending: -1, numCTEs: p.numCTEs}
	switch f.mode {
	case modeStart:
		g.chain = f.chain
		f.mode = modeExpr
	case modeTable:
		g.mode, g.fresh, g.chain = modeTable, true, f.chain
		f.mode = modeAfter
	case modeCTEAs:
		if f.body {
			if f.pending >= 0 {
				g.chain, g.cte = f.pending+1, f.pending
			}
			f.mode, f.body = modeCTEDone, false
		}
	case modeCTEDone:
		g.chain = f.chain
		f.mode = modeExpr
	}
	p.depth++
	p.frames[p.depth] = g
	if p.ddl && p.key.word == wordLike { // CREATE TABLE t (LIKE u)
		p.likeTable()
	}
}

func (p *parser) closeBracket() {
	p.advance()
	switch {
	case p.over > 0:
		p.over--
		return
	case p.depth == 0:
		return
	}
	p.numCTEs = p.frames[p.depth].numCTEs
	p.depth--
	f := &p.frames[p.depth]
	if f.mode != modeCTEDone || f.pending < 0 {
		return
	}
	p.ctes[f.pending].visible = true
	f.pending = -1
}

// identifier reads a word or a quoted name in the frame f.
func (p *parser) identifier(f *frame) {
	switch f.mode {
	case modeStart, modeCTEDone:
		p.begin(f)
	case modeTable:
		p.tableReference(f)
	case modeAfter, modeJoin:
		p.afterTable(f)
	case modeCTEName:
		p.defineCTE(f)
	case modeCTEAs:
		if p.key.word == wordAs {
			f.body = true
		}
		p.advance()
	default:
		p.expression(f)
	}
}

// begin reads the first word of a query, if it is one.
func (p *parser) begin(f *frame) {
	verb := p.key.verb
	switch verb {
	case Select, TableStatement, Values:
		if p.action == With && f.chain == chainMain {
			p.action = verb
		}
		p.advance()
		f.query = f.query || verb == Select
		f.mode = modeExpr
		if verb == TableStatement {
			f.mode, f.fresh = modeTable, false
		}
		return
	case With:
		p.advance()
		p.beginCTEs(f)
		return
	case Insert, Replace, Update, Delete:
		if f.mode == modeCTEDone && f.chain == chainMain {
			p.statement()
			return
		}
	}
	if w := p.key.word; f.mode == modeCTEDone || w == wordAll || w == wordDistinct {
		p.advance()
		return
	}
	f.mode = modeExpr
}

// tableReference reads what is in the place of a table.
func (p *parser) tableReference(f *frame) {
	fresh := f.fresh
	f.fresh = false
	switch p.key.word {
	case wordSelect, wordValues:
		p.begin(f)
		return
	case wordWith, wordTable:
		if fresh && p.key.reserved {
			p.begin(f)
			return
		}
	case wordLateral:
		p.advance()
		return
	case wordDual:
		f.mode = modeAfter
		p.advance()
		return
	}
	if p.sym != '.' && !p.isName() {
		f.mode = modeAfter
		p.afterTable(f)
		return
	}
	t, _, ok := p.name()
	f.mode = modeAfter
	if ok && p.sym != '(' { // with a bracket it is JSON_TABLE(...) or the like
		p.addTable(f, t)
	}
}

// afterTable reads a word behind a table reference or in a join's condition.
func (p *parser) afterTable(f *frame) {
	switch p.key.word {
	case wordJoin, wordStraightJoin:
		f.mode, f.fresh = modeTable, false
	case wordOn:
		f.mode = modeJoin
	case wordSelect, wordSetOperator, wordWhere, wordLimit:
		p.expression(f)
		return
	case wordGroup, wordHaving, wordOrder, wordSet, wordInto, wordWindow, wordProcedure, wordValues, wordReturning,
		wordLock, wordDuplicate:
		f.mode = modeExpr
	case wordFor:
		p.advance()
		switch p.key.word {
		case wordJoin, wordOrder, wordGroup: // USE INDEX FOR JOIN (...)
		case wordSystemTime: // FOR SYSTEM_TIME FROM x TO y
			f.mode = modeJoin
		default:
			f.mode = modeExpr
			return
		}
	default:
		if f.mode == modeAfter && f.chain == chainMain && !p.last.Name.empty() && !p.hasMain && !p.key.reserved &&
			equalIdent(p.sql, p.target, p.nameSpan(), true) {
			p.main, p.hasMain = p.last, true
		}
	}
	p.advance()
}

// expression reads a word where no table is expected.
func (p *parser) expression(f *frame) {
	switch p.key.word {
	case notKeyword:
	case wordSelect:
		f.query, f.mode = true, modeExpr
	case wordFrom:
		if f.query {
			f.mode, f.fresh = modeTable, false
		}
	case wordSetOperator:
		f.mode = modeStart
	case wordWhere, wordLimit:
		f.mode = modeExpr
		if f.chain == chainMain {
			p.out.Where = p.out.Where || p.key.word == wordWhere
			p.out.Limit = p.out.Limit || p.key.word == wordLimit
		}
	case wordWith:
		if p.atCTE() {
			p.advance()
			p.beginCTEs(f)
			return
		}
	case wordTable: // INSERT ... TABLE t, EXCHANGE PARTITION p WITH TABLE t
		if p.key.reserved && f.chain == chainMain && !f.query {
			f.mode, f.fresh = modeTable, false
		}
	case wordReferences, wordRename:
		if p.ddl {
			p.otherTable(f)
			return
		}
	}
	p.advance()
}

// atCTE reports whether the WITH at the current token begins CTEs, unlike WITH
// ROLLUP and its kind.
func (p *parser) atCTE() bool {
	ahead := p.cursor
	ahead.advance()
	if ahead.key.word == wordRecursive {
		ahead.advance()
	}
	if !ahead.isName() {
		return false
	}
	ahead.advance()
	return ahead.sym == '(' || ahead.key.word == wordAs
}

// beginCTEs is called behind WITH.
func (p *parser) beginCTEs(f *frame) {
	f.mode, f.recursive = modeCTEName, false
	if p.key.word == wordRecursive {
		f.recursive = true
		p.advance()
	}
}

func (p *parser) defineCTE(f *frame) {
	f.mode, f.body, f.pending = modeCTEAs, false, -1
	if p.numCTEs < maxCTEs {
		f.pending = p.numCTEs
		p.ctes[p.numCTEs] = cte{name: p.nameSpan(), visible: f.recursive}
		p.numCTEs++
	}
	p.advance()
}
