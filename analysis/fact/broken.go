package fact

import "sqleuth/analysis/sqltext"

// broken adds what no grammar takes. Only queries and changes of rows are looked at,
// only between words that are beside each other, and only what no statement of a
// program has.
func (r *reader) broken(n, at, from, to int) {
	if n > 0 && !r.verbAt(at) && !r.in(at, keysOf(blockKey, endKey, elseKey)) {
		r.b.Add(Broken, "semicolon")
		return
	}
	if !r.in(at, brokenVerbs) {
		return
	}
	whole := r.t.Open == sqltext.Closed && !r.partial
	var levels [64]grammar
	for i := from; i < to; i++ {
		w := &r.list[i]
		level := &levels[min(int(w.depth), len(levels)-1)]
		switch {
		case w.key == openKey:
			inner := &levels[min(int(w.depth)+1, len(levels)-1)]
			*inner = grammar{values: level.values && !r.in(i+1, queryStarts)}
			if whole && !r.is(int(w.end), closeKey) {
				r.b.Add(Broken, "bracket_open")
			}
		case w.key == whereKey || w.key == havingKey || w.key == valuesKey && !r.called(i):
			level.values = true
		case valueEnds.has(w.key):
			level.values = false
		case w.key == lostKey:
			r.b.Add(Broken, "bracket_extra")
		case w.key == commaKey && level.values && level.clause == clauseRank[whereKey]:
			r.b.Add(Broken, "comma")
		case w.key == strayKey && !(r.spells(i+1, "g") && i+2 == to): // \G of the command line client
			r.b.Add(Broken, "stray")
		}
		switch rank := clauseRank[w.key]; {
		case brokenVerbs.has(w.key) || w.key == unionKey:
			level.clause = 1
		case rank == 0 || level.clause == 0 || r.is(i-1, forKey) || r.is(i-1, dotKey):
		case rank <= level.clause:
			r.b.Add(Broken, "clause_order")
		default:
			level.clause = rank
		}
		if i+1 < to {
			r.neighbours(i, level.values)
		}
	}
	if to == len(r.list) && whole && r.in(to-1, wantsMore) {
		r.b.Add(Broken, "operator_end")
	}
}

// grammar is where a statement is between two brackets.
type grammar struct {
	values bool  // a value cannot have a name of its own: in conditions and rows
	clause uint8 // the last one, by clauseRank; 1 for a verb, 0 for what is no query
}

// clauseRank orders the clauses of a query.
var clauseRank = [256]uint8{whereKey: 2, groupKey: 3, havingKey: 4, orderKey: 6, limitKey: 7}

var brokenVerbs = keysOf(selectKey, insertKey, replaceKey, updateKey, deleteKey)

var (
	// wantsMore are the words that something must follow.
	wantsMore = connectives.and(equalKey, compareKey, mathKey, signKey, commaKey, likeKey, betweenKey, whereKey, havingKey, selectKey, notKey,
		divKey, openKey, byKey, unionKey, joinKey, fromKey)
	// binaries join two operands, of which the second begins with none of
	// noOperand.
	binaries = leadBinaries.and(likeKey, divKey)
	// noOperand cannot begin an operand.
	noOperand = leadBinaries.and(closeKey, lostKey, commaKey, whereKey, orderKey, groupKey, limitKey, havingKey, semicolonKey, unionKey, starKey,
		fromKey, selectKey)
	// beforeOperand cannot have one of binaries behind it.
	beforeOperand = keysOf(openKey, commaKey, whereKey, havingKey, byKey, selectKey, whenKey, betweenKey)
)

// neighbours looks at word i and the one behind it.
func (r *reader) neighbours(i int, values bool) {
	a, b := &r.list[i], &r.list[i+1]
	switch {
	case a.literal() && b.literal() && b.kind != textWord: // strings can be side by side
		r.b.Add(Broken, "literal_literal")
	case a.key == unionKey && !unionBehind.has(b.key) && r.spells(i, "union"):
		r.b.Add(Broken, "union")
	case r.literalBehind(i, b):
		r.b.Add(Broken, "literal_after_word")
	case values && a.literal() && r.wordBehind(i, b):
		r.b.Add(Broken, "word_after_literal")
	case binaries.has(a.key) && noOperand.has(b.key) && !r.quantified(i), beforeOperand.has(a.key) && leadBinaries.has(b.key),
		a.key == whereKey && whereBehind.has(b.key), (a.key == commaKey || a.key == selectKey) && clauses.has(b.key):
		r.b.Add(Broken, "operator_operator")
	case a.key == colonKey && b.key == colonKey && a.to == b.from:
		r.b.Add(Broken, "foreign_cast")
	}
}

var (
	unionBehind  = keysOf(anyKey, distinctKey, selectKey, openKey, valuesKey, tableKey, withKey)
	leadBinaries = connectives.and(equalKey, compareKey, mathKey)
	whereBehind  = keysOf(orderKey, groupKey, limitKey, closeKey, semicolonKey, unionKey, havingKey, whereKey)
	clauses      = keysOf(fromKey, whereKey, groupKey, havingKey, orderKey, limitKey, unionKey)
	valueEnds    = keysOf(selectKey, fromKey, groupKey, orderKey, limitKey, unionKey, onKey, setKey, forKey, intoKey, semicolonKey, returningKey, asKey,
		procedureKey, lockKey, windowKey)
)

// quantified reports whether the operator at i is none here: a name, or "*" of all
// columns behind it.
func (r *reader) quantified(i int) bool {
	return r.in(i, keysOf(divKey, likeKey)) && (r.is(i+1, openKey) || r.in(i-1, keysOf(dotKey, commaKey, selectKey, openKey, fromKey))) ||
		r.is(i, mathKey) && r.is(i+1, mathKey)
}

// wordBehind reports whether the word b behind a value at i is a name, which only an
// alias may be.
func (r *reader) wordBehind(i int, b *word) bool {
	if b.kind == quotedWord {
		return true
	}
	if b.kind != nameWord || b.key != noKey {
		return false
	}
	return !(r.is(i-1, dotKey) || r.spells(i-1, "offset"))
}

// literalBehind reports whether a number b follows a plain name at i, as in
// SELECT TOP 1, unlike the names of character sets and of transactions.
func (r *reader) literalBehind(i int, b *word) bool {
	a := &r.list[i]
	return a.kind == nameWord && a.key == noKey && (b.kind == numberWord || b.kind == hexWord) &&
		!r.spells(i, "transaction", "sql_max_join_size") && !r.is(i-1, forKey)
}
