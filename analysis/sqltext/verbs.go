package sqltext

// statement reads the head of a statement, the verb being the current token,
// and leaves the rest to run, unless it sets stop.
func (p *parser) statement() {
	verb := p.key.verb
	if p.action == None || p.action == With {
		p.action = verb
	}
	f := &p.frames[p.depth]
	p.advance()
	f.mode = modeExpr
	switch verb {
	case Select:
		f.query = true
	case With:
		p.beginCTEs(f)
	case TableStatement:
		f.mode = modeTable
	case Insert, Replace:
		p.skipOptions()
		if p.key.word == wordInto {
			p.advance()
		}
		p.tableName(f)
	case Update:
		p.skipOptions()
		f.mode = modeTable
	case Delete:
		p.skipOptions()
		p.deleteTables(f)
	case Values, Do, Return, Declare:
	case Set:
		p.setStatement()
	case Call:
		p.routineName()
	case Load: // DATA ... INTO TABLE t, INDEX INTO CACHE t
		p.seek(wordInto)
		if w := p.key.word; w == wordTable || w == wordCache {
			p.advance()
			p.tableName(f)
		}
	case Explain, Describe, Analyze:
		p.explain(f)
	case Create, Alter, Drop:
		p.define(f, verb)
	default:
		p.stop = true
		p.administer(f, verb)
	}
}

// isQuery reports whether a statement that EXPLAIN can show begins here.
func (c *cursor) isQuery() bool {
	switch c.key.verb {
	case Select, Insert, Update, Delete, Replace, With, TableStatement, Values:
		return true
	}
	return false
}

func (p *parser) skipOptions() {
	for w := p.key.word; w == wordOption || w == wordIgnore; w = p.key.word {
		p.advance()
	}
}

func (p *parser) tableName(f *frame) {
	if t, star, ok := p.name(); ok && !star {
		p.addTable(f, t)
	}
}

func (p *parser) routineName() {
	if t, star, ok := p.name(); ok && !star {
		p.out.Routine = t
	}
}

// deleteTables reads the three forms of DELETE: FROM t ..., t FROM refs, and
// FROM t USING refs. In the latter two t may be an alias of a table in refs.
func (p *parser) deleteTables(f *frame) {
	refs := wordFrom
	if p.key.word == wordFrom {
		p.advance()
		refs = wordUsing
	}
	t, star, ok := p.name()
	if !ok {
		return
	}
	if refs == wordUsing && !star && p.sym != ',' && p.key.word != wordUsing {
		p.addTable(f, t)
		f.mode = modeAfter
		return
	}
	if !p.seek(refs) {
		p.addTable(f, t)
		return
	}
	p.target = t.Name
	f.mode = modeTable
}

// setStatement finds the statement inside MariaDB's SET STATEMENT ... FOR.
func (p *parser) setStatement() {
	if p.key.word != wordStatement {
		return
	}
	ahead := p.cursor
	ahead.advance()
	if ahead.sym != symWord || !ahead.seek(wordFor) {
		return
	}
	if ahead.isQuery() || ahead.key.verb == Explain || ahead.key.verb == Call {
		p.seek(wordFor)
		p.action = None
		p.statement()
	}
}

// explain reads EXPLAIN, DESCRIBE and ANALYZE, each of which takes a table or
// a statement.
func (p *parser) explain(f *frame) {
	for {
		switch p.key.word {
		case wordExtended, wordAnalyze:
			p.advance()
			continue
		case wordFormat, wordInto: // FORMAT=JSON, INTO @x
			p.advance()
			if p.isOperator('=') {
				p.advance()
			}
			p.advance()
			continue
		}
		break
	}
	switch {
	case p.action == Analyze && p.key.word == wordTable: // not the statement TABLE t
	case p.isQuery():
		p.statement()
		return
	case p.sym == '(':
		f.mode = modeStart
		return
	}
	p.stop = true
	if p.action == Analyze {
		p.administer(f, Analyze)
		return
	}
	p.tableName(f)
}

// define reads CREATE, ALTER and DROP up to the kind of object.
func (p *parser) define(f *frame, verb Action) {
	for p.sym != symEnd {
		switch w := p.key.word; w {
		case wordTable, wordView:
			p.advance()
			p.skipIfExists()
			if verb == Drop {
				p.stop = true
				p.tableList(f)
				return
			}
			p.tableName(f)
			p.ddl = true
			if p.key.word == wordLike {
				p.likeTable()
			}
			return
		case wordIndex, wordTrigger:
			p.stop = true
			p.stored = verb == Create && w == wordTrigger
			if (verb != Drop || w == wordIndex) && p.seek(wordOn) {
				p.tableName(f)
			}
			return
		case wordFunction, wordProcedure:
			p.stop = true
			p.advance()
			p.skipIfExists()
			p.routineName()
			// Without brackets it is a function from a library.
			p.stored = verb == Create && p.sym == '('
			return
		case wordStoredCode:
			p.stop = true
			p.stored = verb != Drop
			return
		case wordObject:
			p.stop = true
			return
		}
		if p.isOperator('=') { // DEFINER = event@localhost
			p.advance()
		}
		p.advance()
	}
}

func (p *parser) skipIfExists() {
	if p.key.word != wordIf {
		return
	}
	for w := p.key.word; w == wordIf || w == wordNot || w == wordExists; w = p.key.word {
		p.advance()
	}
}

// likeTable reads LIKE t.
func (p *parser) likeTable() {
	p.advance()
	p.tableName(&p.frames[p.depth])
}

// otherTable reads REFERENCES t and, in ALTER TABLE, RENAME TO t.
func (p *parser) otherTable(f *frame) {
	rename := p.key.word == wordRename
	p.advance()
	if rename && (p.key.word == wordTo || p.key.word == wordAs || p.isOperator('=')) {
		p.advance()
	}
	p.tableName(f)
}

// tableList reads t1, t2, ... and, with RENAME, t1 TO t2, ...
func (p *parser) tableList(f *frame) {
	for p.isName() || p.sym == '.' {
		p.tableName(f)
		if p.action == Lock { // alias and kind of lock
			for p.sym == symWord || p.sym == symIdent {
				p.advance()
			}
		}
		if p.sym != ',' && !(p.action == Rename && p.key.word == wordTo) {
			return
		}
		p.advance()
	}
}

// administer reads the statements whose tables are in one fixed place.
func (p *parser) administer(f *frame, verb Action) {
	switch verb {
	case Truncate, Handler:
		if p.key.word == wordTable && p.key.reserved {
			p.advance()
		}
		p.tableName(f)
	case Rename, Lock, Analyze, Check, Checksum, Optimize, Repair, Flush:
		if p.key.word != wordTable { // LOCAL, NO_WRITE_TO_BINLOG
			p.advance()
		}
		if p.key.word == wordTable {
			p.advance()
			p.tableList(f)
		}
	case Cache:
		if p.key.word == wordIndex {
			p.advance()
			p.tableName(f)
		}
	case Show:
		p.show(f)
	case Grant, Revoke:
		p.grant(f)
	case Begin:
		p.body = p.key.word == wordNot // BEGIN NOT ATOMIC
	}
}

// show reads SHOW CREATE ... and SHOW COLUMNS and INDEX, whose schema may follow
// the table in a clause of its own.
func (p *parser) show(f *frame) {
	for p.sym == symWord {
		switch p.key.word {
		case wordCreate:
			p.advance()
			switch p.key.word {
			case wordTable, wordView:
				p.advance()
				p.skipIfExists()
				p.tableName(f)
			case wordProcedure, wordFunction:
				p.advance()
				p.routineName()
			}
			return
		case wordColumns, wordIndex:
			p.advance()
			if p.key.word != wordFrom && p.key.word != wordIn {
				return
			}
			p.advance()
			t, star, ok := p.name()
			if !ok || star {
				return
			}
			if p.key.word == wordFrom || p.key.word == wordIn {
				p.advance()
				if p.isName() {
					t.Schema = p.nameSpan()
				}
			}
			p.addTable(f, t)
			return
		}
		p.advance()
	}
}

// grant reads the object of GRANT and REVOKE, which for roles is none and for
// GRANT PROXY an account.
func (p *parser) grant(f *frame) {
	if p.key.word == wordProxy || !p.seek(wordOn) {
		return
	}
	switch p.key.word {
	case wordTable:
		p.advance()
	case wordFunction, wordProcedure:
		p.advance()
		p.routineName()
		return
	}
	p.tableName(f)
}
