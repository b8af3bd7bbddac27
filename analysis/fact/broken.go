package fact

// broken adds what no grammar takes. Only queries and changes of rows are looked at,
// only between words that are beside each other, and only what no statement of a
// program has.
func (r *reader) broken(n, at, from, to int) {
	if n > 0 && !r.startsStatement(at) {
		r.b.Add(Broken, "semicolon")
		return
	}
	if !r.in(at, brokenVerbs) {
		return
	}
	r.brackets(from, to)
	r.neighbours(at, to)
	r.clauseOrder(at, to)
	if to == len(r.list) && r.t.Open == 0 && r.in(to-1, wantsMore) && !r.partial {
		r.b.Add(Broken, "operator_end")
	}
}

var brokenVerbs = keysOf(selectKey, insertKey, replaceKey, updateKey, deleteKey)

// startsStatement reports whether the word at i may begin a statement.
func (r *reader) startsStatement(i int) bool {
	return r.list[i].kind == nameWord && (verbs[string(r.text(i))] || r.in(i, keysOf(verbKey, endKey, elseKey)))
}

// brackets looks for closing brackets without an opening one, for opening ones without
// a closing one and for signs that no statement has.
func (r *reader) brackets(from, to int) {
	depth := 0
	for i := from; i < to; i++ {
		switch r.list[i].key {
		case openKey:
			depth++
		case closeKey:
			depth--
		case lostKey:
			r.b.Add(Broken, "bracket_extra")
		case strayKey:
			if !(r.spells(i+1, "g") && i+2 == to) { // \G of the command line client
				r.b.Add(Broken, "stray")
			}
		}
	}
	if depth > 0 && r.t.Open == 0 && !r.partial {
		r.b.Add(Broken, "bracket_open")
	}
}

var (
	// wantsMore are the words that something must follow.
	wantsMore = keysOf(equalKey, compareKey, mathKey, signKey, andKey, orKey, xorKey, andSignKey, orSignKey, commaKey, likeKey, betweenKey, whereKey,
		havingKey, selectKey, notKey, divKey, openKey, byKey, unionKey, joinKey, fromKey)
	// binaries join two operands, of which the second begins with none of
	// noOperand.
	binaries = keysOf(equalKey, compareKey, mathKey, andKey, orKey, xorKey, andSignKey, orSignKey, likeKey, divKey)
	// noOperand cannot begin an operand.
	noOperand = keysOf(closeKey, lostKey, commaKey, equalKey, compareKey, mathKey, andKey, orKey, xorKey, andSignKey, orSignKey, whereKey, orderKey, groupKey,
		limitKey, havingKey, semicolonKey, unionKey, starKey, fromKey, selectKey)
	// beforeOperand cannot have one of binaries behind it.
	beforeOperand = keysOf(openKey, commaKey, whereKey, havingKey, byKey, selectKey, whenKey, betweenKey)
)

// neighbours looks at each word and the one behind it.
func (r *reader) neighbours(at, to int) {
	values := false // where a value cannot have a name of its own: in conditions and rows
	var inside [64]bool
	for i := at; i+1 < to; i++ {
		a, b := &r.list[i], &r.list[i+1]
		depth := min(int(a.depth), len(inside)-1)
		switch {
		case a.key == openKey:
			d := min(int(a.depth)+1, len(inside)-1)
			inside[d] = !r.in(i+1, queryStarts) && values
			values = inside[d]
		case a.key == closeKey:
			values = inside[depth]
		case a.key == whereKey || a.key == havingKey || a.key == valuesKey && !r.called(i):
			values, inside[depth] = true, true
		case valueEnds.has(a.key):
			values, inside[depth] = false, false
		}
		switch {
		case a.literal() && b.literal() && r.clash(a, b):
			r.b.Add(Broken, "literal_literal")
		case a.key == unionKey && a.kind == nameWord && !unionBehind.has(b.key) && r.spells(i, "union"):
			r.b.Add(Broken, "union")
		case r.literalBehind(i, b):
			r.b.Add(Broken, "literal_after_word")
		case values && a.literal() && r.wordBehind(i, b):
			r.b.Add(Broken, "word_after_literal")
		case binaries.has(a.key) && noOperand.has(b.key) && !r.quantified(i), beforeOperand.has(a.key) && leadBinaries.has(b.key):
			r.b.Add(Broken, "operator_operator")
		case a.key == whereKey && whereBehind.has(b.key), (a.key == commaKey || a.key == selectKey) && clauses.has(b.key):
			r.b.Add(Broken, "operator_operator")
		case a.key == colonKey && b.key == colonKey && a.to == b.from:
			r.b.Add(Broken, "foreign_cast")
		}
	}
}

var (
	unionBehind  = keysOf(anyKey, distinctKey, selectKey, openKey, valuesKey, tableKey, withKey)
	leadBinaries = keysOf(equalKey, compareKey, mathKey, andKey, xorKey, andSignKey, orSignKey, orKey)
	whereBehind  = keysOf(orderKey, groupKey, limitKey, closeKey, semicolonKey, unionKey, havingKey, whereKey)
	clauses      = keysOf(fromKey, whereKey, groupKey, havingKey, orderKey, limitKey, unionKey)
	valueEnds    = keysOf(selectKey, fromKey, groupKey, orderKey, limitKey, unionKey, onKey, setKey, forKey, intoKey, semicolonKey, returningKey, asKey,
		procedureKey, lockKey, windowKey)
)

// quantified reports whether the operator at i is none here: a name, or "*" of all
// columns behind it.
func (r *reader) quantified(i int) bool {
	return r.list[i].kind == nameWord && (r.is(i, divKey) || r.is(i, likeKey)) && (r.is(i+1, openKey) || r.is(i-1, dotKey) || r.is(i-1, commaKey) || r.is(i-1, selectKey) || r.is(i-1, openKey) || r.is(i-1, fromKey)) ||
		r.is(i, mathKey) && r.is(i+1, mathKey)
}

// clash reports whether two values cannot be side by side; strings can.
func (r *reader) clash(a, b *word) bool {
	return a.kind != textWord && b.kind != textWord || a.kind == textWord && b.kind != textWord
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

// clauseOrder looks for clauses of one query in an order that none has.
func (r *reader) clauseOrder(at, to int) {
	var rank [64]uint8
	for i := at; i < to; i++ {
		w := &r.list[i]
		depth := min(int(w.depth), len(rank)-1)
		if w.key == openKey {
			rank[min(depth+1, len(rank)-1)] = 0
			continue
		}
		if brokenVerbs.has(w.key) || w.key == unionKey {
			if w.kind == nameWord {
				rank[depth] = 1
			}
			continue
		}
		n := clauseRank[w.key]
		if n == 0 || rank[depth] == 0 || w.kind != nameWord || r.is(i-1, forKey) || r.is(i-1, dotKey) || r.is(i+1, openKey) && w.key == windowKey {
			continue
		}
		if n < rank[depth] || n == rank[depth] {
			r.b.Add(Broken, "clause_order")
			return
		}
		rank[depth] = n
	}
}

var clauseRank = [256]uint8{whereKey: 2, groupKey: 3, havingKey: 4, orderKey: 6, limitKey: 7}
