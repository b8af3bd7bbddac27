package fact

import "bytes"

// scope is how much of its rows a condition lets through.
type scope uint8

const (
	filtered scope = iota // a condition on columns
	keyed                 // a column equals a value
	always                // true for every row
	never
	constant // no column in it, its truth unknown
	whole    // no condition at all
)

var scopeNames = [...]string{filtered: "filtered", keyed: "key", always: "always", never: "never", constant: "filtered", whole: "all"}

func both(a, b scope) scope {
	switch {
	case a == never || b == never:
		return never
	case a == always || a == constant:
		return b
	case b == always || b == constant:
		return a
	case a == keyed || b == keyed:
		return keyed
	}
	return filtered
}

func either(a, b scope) scope {
	switch {
	case a == always || b == always:
		return always
	case a == never:
		return b
	case b == never || a == b:
		return a
	}
	return filtered
}

func opposite(a scope) scope {
	switch a {
	case always:
		return never
	case never:
		return always
	case constant:
		return constant
	}
	return filtered
}

// maxConditions is how many brackets inside each other are kept apart; what is
// deeper is a filter.
const maxConditions = 24

// level is what was read of a condition inside one pair of brackets.
type level struct {
	or, and        scope
	hasOr, hasAnd  bool // or, and are filled
	negate         bool // NOT in front of the operand to come
	operands       int
	first, operand int // where the level and its last operand begin
}

// add takes an operand: that between from and to.
func (l *level) add(r *reader, s scope, from, to int) {
	if l.negate {
		s, l.negate = opposite(s), false
	}
	if l.operands > 0 {
		r.laterOperand(s, l, from, to)
	}
	l.operands++
	l.operand = from
	if l.hasAnd {
		s = both(l.and, s)
	}
	l.and, l.hasAnd = s, true
}

func (l *level) endAnd() {
	if !l.hasAnd {
		return
	}
	s := l.and
	if l.hasOr {
		s = either(l.or, s)
	}
	l.or, l.hasOr, l.hasAnd = s, true, false
}

func (l *level) result() scope {
	l.endAnd()
	if !l.hasOr {
		return filtered
	}
	return l.or
}

var (
	operandEnds = keysOf(andKey, orKey, xorKey, andSignKey, orSignKey, closeKey, lostKey, semicolonKey)
	orKeys      = keysOf(orKey, xorKey, orSignKey)
	nots        = keysOf(notKey, bangKey)
	comparisons = keysOf(equalKey, compareKey, likeKey, isKey)
)

// condition evaluates the condition [from, to), a WHERE or HAVING.
func (r *reader) condition(from, to int) scope {
	var levels [maxConditions]level
	n := 0
	levels[0] = level{first: from}
	for i := from; i < to; {
		l := &levels[n]
		w := &r.list[i]
		switch {
		case nots.has(w.key):
			l.negate = !l.negate
			i++
		case w.key == closeKey:
			i++
			if n > 0 {
				s := l.result()
				first := l.first
				n--
				levels[n].add(r, s, first, i)
			}
		case orKeys.has(w.key):
			l.endAnd()
			i++
		case operandEnds.has(w.key): // AND
			i++
		case w.key == openKey && n+1 < maxConditions && r.groups(i, to):
			n++
			levels[n] = level{first: i}
			i++
		default:
			end := r.operandEnd(i, to)
			l.add(r, r.operand(i, end), i, end)
			i = end
		}
	}
	for ; n > 0; n-- {
		s := levels[n].result()
		levels[n-1].add(r, s, levels[n].first, to)
	}
	return levels[0].result()
}

// groups reports whether the bracket at i holds conditions and is an operand as a
// whole.
func (r *reader) groups(i, to int) bool {
	behind := r.next(i)
	return (behind >= to || operandEnds.has(r.list[behind].key)) && !r.is(i+1, selectKey) && !r.is(i+1, withKey)
}

// operandEnd returns the end of the operand that begins at i: AND and OR inside
// BETWEEN, CASE and brackets belong to it.
func (r *reader) operandEnd(i, to int) int {
	begin, between, cases := i, false, 0
	for i < to {
		switch k := r.list[i].key; {
		case k == caseKey:
			cases++
		case k == endKey && cases > 0:
			cases--
		case cases > 0:
		case k == betweenKey:
			between = true
		case k == andKey && between:
			between = false
		case operandEnds.has(k):
			return max(i, begin+1)
		}
		i = r.next(i)
	}
	return min(i, to)
}

// operand classifies [from, to), which has no AND or OR of its own.
func (r *reader) operand(from, to int) scope {
	if r.hasColumn(from, to) {
		return r.columnOperand(from, to)
	}
	for i := from; i < to; i++ {
		if w := &r.list[i]; !w.literal() && w.kind != signWord && !constantWords.has(w.key) || w.kind == placeWord {
			return filtered // a function, a variable, a query
		}
	}
	return r.truth(from, to)
}

var constantWords = keysOf(nullKey, trueKey, falseKey, likeKey, isKey, notKey, betweenKey, inKey, andKey, divKey, binaryKey, caseKey, whenKey, thenKey,
	elseKey, endKey)

// reckoned reports whether [from, to) is a calculation with numbers alone, as in 5-2.
func (r *reader) reckoned(from, to int) bool {
	operators := 0
	for i := from; i < to; i++ {
		switch w := &r.list[i]; {
		case i > from && r.in(i, calculating) && !r.in(i-1, calculating) && !r.is(i-1, openKey):
			operators++
		case w.kind != numberWord && w.kind != signWord:
			return false
		}
	}
	return operators > 0
}

// calculating are the signs of calculations.
var calculating = keysOf(signKey, mathKey, starKey, divKey)

// chained notes a second comparison behind the first, as in login = ” = ”, which is
// what remains where a quote was closed too early.
func (r *reader) chained(i, to int) {
	_, i, ok := r.constantAt(i, to)
	if !ok {
		return
	}
	for ; i < to && (r.is(i, notKey) || r.list[i].kind == textWord); i++ {
	}
	if i < to && r.in(i, comparisons) {
		r.b.Add(Constants, "chained")
	}
}

// hasColumn reports whether there is a column in [from, to), subqueries aside.
func (r *reader) hasColumn(from, to int) bool {
	for i := from; i < to; i++ {
		if r.is(i, openKey) && r.in(i+1, queryStarts) {
			i = r.next(i) - 1
			continue
		}
		if r.is(i, asKey) { // a type
			for i+1 < to && r.list[i+1].name() {
				i++
			}
			continue
		}
		if r.list[i].name() && !r.called(i) && !(r.list[i].key == unitKey || r.list[i].key == typeKey) {
			return true
		}
	}
	return false
}

var queryStarts = keysOf(selectKey, withKey, tableKey)

// columnOperand distinguishes a key from another filter, and from a column that is
// compared with itself.
func (r *reader) columnOperand(from, to int) scope {
	for i := from; i < to; i = r.next(i) {
		switch w := &r.list[i]; {
		case w.key == inKey && r.is(i+1, openKey) && !r.in(i+2, queryStarts) && !r.is(i-1, notKey):
			return keyed
		case w.key == likeKey:
			r.chained(i+1, to)
		case w.key == equalKey || w.key == compareKey && string(r.text(i)) == "<=>":
			if r.sameWords(from, i, i+1, to) {
				return always
			}
			r.chained(i+1, to)
			if !r.hasColumn(i+1, to) || !r.hasColumn(from, i) {
				if r.reckoned(i+1, to) {
					r.b.Add(Constants, "reckoned")
				}
				return keyed
			}
		}
	}
	return filtered
}

// sameWords reports whether [a, b) and [c, d) spell the same, without literals.
func (r *reader) sameWords(a, b, c, d int) bool {
	if b-a != d-c {
		return false
	}
	for k := range b - a {
		if r.list[a+k].literal() || r.list[c+k].literal() || !bytes.Equal(r.text(a+k), r.text(c+k)) {
			return false
		}
	}
	return true
}

// clauseEnds end a condition outside brackets.
var clauseEnds = keysOf(groupKey, orderKey, limitKey, havingKey, unionKey, intoKey, forKey, procedureKey, lockKey, semicolonKey, closeKey,
	whereKey, returningKey, selectKey, fromKey, setKey)

// clauseEnd returns where the condition that begins at i ends.
func (r *reader) clauseEnd(i, to int) int {
	for i < to && !clauseEnds.has(r.list[i].key) {
		if r.is(i, onKey) && r.is(i+1, duplicateKey) {
			return i
		}
		i = r.next(i)
	}
	return min(i, to)
}
