package fact

import (
	"bytes"
	"strings"
)

// scope is how much of its rows a condition lets through; of two that are joined by AND
// the later one in this order counts.
type scope uint8

const (
	unset    scope = iota
	always         // true for every row
	constant       // no column in it, its truth unknown
	filtered       // a condition on columns
	keyed          // a column equals a value
	never
	whole // no condition at all
)

var scopeNames = [...]string{filtered: "filtered", keyed: "key", always: "always", never: "never", constant: "filtered", whole: "all"}

// either joins two conditions by OR.
func either(a, b scope) scope {
	switch {
	case a == always || b == always:
		return always
	case a == never || a == unset:
		return b
	case b == never || b == unset || a == b:
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
	or, and  scope // of what OR has joined, and of what AND has behind that
	negate   bool  // NOT in front of the operand to come
	operands int
	first    int // where the level begins
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
	l.and = max(l.and, s)
}

func (l *level) endAnd() { l.or, l.and = either(l.or, l.and), unset }

func (l *level) result() scope {
	if l.endAnd(); l.or != unset {
		return l.or
	}
	return filtered
}

var (
	operandEnds = connectives.and(closeKey, lostKey, semicolonKey)
	orKeys      = keysOf(orKey, xorKey, orSignKey)
	nots        = keysOf(notKey, bangKey)
	comparisons = keysOf(equalKey, compareKey, likeKey, isKey)
)

// condition evaluates the condition [from, to), a WHERE or HAVING.
func (r *reader) condition(from, to int) scope { return r.joined(from, from, to, 1) }

// joined evaluates what AND and OR join in [from, to), inside some brackets of which the
// last one is at first.
func (r *reader) joined(first, from, to, brackets int) scope {
	l := level{first: first}
	for i := from; i < to; {
		begin := i
		switch k := r.list[i].key; {
		case nots.has(k):
			l.negate = !l.negate
			i++
		case orKeys.has(k):
			l.endAnd()
			i++
		case operandEnds.has(k): // AND
			i++
		case k == openKey && brackets < maxConditions && r.groups(i, to):
			i = min(r.next(i), to)
			l.add(r, r.joined(begin, begin+1, min(int(r.list[begin].end), to), brackets+1), begin, i)
		default:
			i = r.operandEnd(i, to)
			l.add(r, r.operand(begin, i), begin, i)
		}
	}
	return l.result()
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
	switch c := r.contents(from, to); {
	case c.column:
		return r.columnOperand(from, to)
	case c.asks:
		return filtered
	}
	return r.truth(from, to)
}

// contents is what an operand is made of.
type contents struct {
	column bool // of the query that it belongs to; then nothing else is known
	asks   bool // a function, a variable, a query: more than constants
	varies bool // and not only functions that give the same for constants whatever the row
	probes bool // it takes apart what a function, a variable or a query gives, as in ASCII(SUBSTRING((SELECT ...), 1, 1)) > 64
}

// contents looks at what [from, to) is made of.
func (r *reader) contents(from, to int) (c contents) {
	own := from // where words of the operand itself go on, behind a query or a type
	converts, query := false, false
	for i := from; i < to; i++ {
		w := &r.list[i]
		switch {
		case i < own:
		case w.key == openKey && r.in(i+1, queryStarts):
			own = r.next(i)
		case w.key == asKey:
			for own = i + 1; own < to && r.list[own].name(); own++ {
			}
		case w.name() && !r.called(i) && w.key != unitKey && w.key != typeKey:
			return contents{column: true}
		}
		switch {
		case w.literal():
			c.asks = c.asks || w.kind == placeWord
			c.probes = c.probes || w.kind == numberWord && r.in(i+1, comparisons) && r.is(i+2, openKey) && r.is(i+3, selectKey)
		case w.kind == signWord:
			c.probes = c.probes || w.key == openKey && r.uncorrelated(i, from, to)
		case constantWords.has(w.key):
		case r.called(i):
			use := operandFunctions[string(r.text(i))]
			c.asks, c.varies, c.probes = true, c.varies || use&fixing == 0, c.probes || use&probing != 0
			converts = converts || use&converting != 0
		default:
			c.asks, c.varies = true, true
			query = query || w.key == selectKey
			c.probes = c.probes || w.kind == variableWord && bytes.HasPrefix(r.text(i), []byte("@@")) || r.spells(i, "current_user")
		}
	}
	c.probes = c.probes || converts && query
	return c
}

// use is what a function is good for in an operand.
type use uint8

const (
	probing    use = 1 << iota // returns something about the server or one character
	converting                 // shapes what a query gives
	fixing                     // gives the same for constants whatever the row
)

var operandFunctions = func() map[string]use {
	table := map[string]use{}
	for u, names := range map[use]string{
		probing: "ascii ord mid substr substring version user current_user session_user system_user database schema elt make_set " +
			"extractvalue updatexml load_file sleep benchmark row_count json_keys gtid_subset exp",
		converting: "left right lpad rpad length char_length character_length bit_length hex cast convert strcmp instr locate concat",
		fixing: "pi rand md5 sha1 sha2 crc32 length char_length isnull abs sign floor ceil round sqrt pow power mod char chr ascii ord hex bin " +
			"exp ln",
	} {
		for name := range strings.FieldsSeq(names) {
			table[name] |= u
		}
	}
	return table
}()

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
			if !r.contents(i+1, to).column || !r.contents(from, i).column {
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
