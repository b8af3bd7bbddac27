package fact

import (
	"bytes"
	"cmp"
	"strconv"
)

// truth evaluates [from, to), literals and signs only: always or never, constant
// where that is not known.
func (r *reader) truth(from, to int) scope {
	from, to = r.unwrap(from, to)
	left, i, ok := r.constantAt(from, to)
	if !ok {
		return constant
	}
	if i == to {
		v := r.value(left)
		return truthOf(v.true(), !v.null)
	}
	negate := r.is(i, notKey)
	if negate {
		i++
	}
	op := i
	if !r.in(op, comparisons) {
		return constant
	}
	if r.is(op, isKey) && r.is(op+1, notKey) {
		negate, i = true, i+1
	}
	right, end, ok := r.constantAt(i+1, to)
	if !ok || end != to {
		return constant
	}
	result, known := compare(r.value(left), r.text(op), r.value(right))
	return truthOf(result != negate, known)
}

func truthOf(result, known bool) scope {
	switch {
	case !known:
		return constant
	case result:
		return always
	}
	return never
}

// signed is a literal, or NULL, TRUE or FALSE, with the signs in front of it.
type signed struct {
	at       int
	negative bool
}

// constantAt finds a literal with its signs, in brackets or not, and returns the index
// behind it.
func (r *reader) constantAt(i, to int) (c signed, end int, ok bool) {
	closing := -1
	if i < to && r.is(i, openKey) && int(r.list[i].end) < to && r.is(int(r.list[i].end), closeKey) {
		closing = int(r.list[i].end)
		i, to = i+1, closing
	}
	for ; i < to && (r.is(i, signKey) || r.is(i, binaryKey)); i++ {
		c.negative = c.negative != (string(r.text(i)) == "-")
	}
	if i >= to || !r.constantWord(i) {
		return c, i, false
	}
	c.at = i
	if closing >= 0 {
		return c, closing + 1, i+1 == closing
	}
	return c, i + 1, true
}

// constantWord reports whether word i is a literal, NULL, TRUE or FALSE.
func (r *reader) constantWord(i int) bool {
	return i < len(r.list) && (r.list[i].literal() && r.list[i].kind != placeWord || r.in(i, keysOf(nullKey, trueKey, falseKey)))
}

// value is a literal as a comparison sees it.
type value struct {
	text   []byte // of a string, without quotes
	num    float64
	isText bool
	null   bool
}

func (v value) true() bool { return !v.null && v.num != 0 }

// value reads a literal.
func (r *reader) value(c signed) (v value) {
	switch w := &r.list[c.at]; {
	case w.kind == textWord:
		v.isText, v.text = true, inside(r.text(c.at))
		v.num = leadingNumber(v.text)
	case w.kind == numberWord:
		v.num = numberValue(r.text(c.at))
	case w.literal():
		v.isText, v.text = true, r.text(c.at)
	case w.key == trueKey:
		v.num = 1
	}
	v.null = r.is(c.at, nullKey)
	if c.negative {
		v.num = -v.num
	}
	return v
}

func numberValue(text []byte) float64 {
	v, _ := strconv.ParseFloat(string(text[:min(len(text), 64)]), 64)
	return v
}

// leadingNumber is the number that MySQL takes a string for.
func leadingNumber(text []byte) float64 {
	text = bytes.TrimLeft(text[:min(len(text), 64)], " \t\n")
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '.' || end == 0 && (text[end] == '-' || text[end] == '+')) {
		end++
	}
	num, _ := strconv.ParseFloat(string(text[:end]), 64)
	return num
}

// orders has for each comparison which orders of its operands it holds for: less,
// equal, greater.
var orders = map[string][3]bool{"=": {false, true, false}, "<=>": {false, true, false}, "like": {false, true, false}, "<>": {true, false, true},
	"!=": {true, false, true}, "<": {true, false, false}, ">": {false, false, true}, "<=": {true, true, false}, ">=": {false, true, true}}

// compare evaluates a comparison; known is false where NULL or a pattern is in the
// way.
func compare(a value, op []byte, b value) (result, known bool) {
	is := string(op) == "is"
	switch {
	case a.null || b.null:
		return a.null && b.null, is || string(op) == "<=>"
	case is:
		return a.true() == b.true(), true
	}
	order := cmp.Compare(a.num, b.num)
	if a.isText && b.isText {
		order = bytes.Compare(bytes.ToLower(a.text), bytes.ToLower(b.text))
	}
	holds, known := orders[string(op)]
	known = known && !(string(op) == "like" && b.isText && bytes.ContainsAny(b.text, "%_"))
	return known && holds[order+1], known
}

// laterOperand notes what is odd about an operand [from, to) behind AND or OR: a
// constant, or a question to the server where a column should be.
func (r *reader) laterOperand(s scope, l *level, from, to int) {
	before := from - 1
	for before > 0 && (r.in(before, nots) || r.is(before, openKey)) {
		before--
	}
	or, found := r.in(before, orKeys), ""
	switch {
	case s == keyed:
	case s == filtered:
		c := r.contents(from, to)
		switch first := r.is(l.first, openKey) && l.operands == 1; {
		case c.column:
		case c.probes:
			found = "probe"
		case or && !c.varies && !first:
			found = "constant"
		}
	case or && s == never && (r.smallConstants(from, to) || // of a list without elements
		to-from == 1 && r.list[from].kind == textWord && r.is(before, orSignKey)): // a || ' ' || b joins texts
	case or && s == always && r.optional(l, from, to):
	case s == constant || or && s == never || !or && !r.smallConstants(from, to) && !r.emptyCompared(from, to):
		found = "constant"
	default:
		found = scopeNames[s]
	}
	switch {
	case found == "":
	case or:
		r.b.Add(Constants, "or_"+found)
	default:
		r.b.Add(Constants, "and_"+found)
	}
}

// uncorrelated reports whether the bracket at i, in [from, to), holds a query of whole
// tables that is compared with a constant or asked whether it has rows.
func (r *reader) uncorrelated(i, from, to int) bool {
	end := r.next(i)
	if !r.in(i+1, keysOf(selectKey, tableKey)) || end > to {
		return false
	}
	table := r.is(i+1, tableKey)
	for k := i + 2; k < end; k++ {
		if r.in(k, keysOf(whereKey, onKey, usingKey, havingKey)) {
			return false
		}
		table = table || r.is(k, fromKey) && r.list[k].depth == r.list[i].depth+1
	}
	return table && (r.is(i-1, existsKey) || r.in(i-1, comparisons) && i-1 > from || r.in(end, comparisons) && r.constantWord(end+1) ||
		r.is(end, likeKey) && end+1 < to)
}

// smallConstants reports whether only 0 and 1 are compared, as programs write that
// build conditions.
func (r *reader) smallConstants(from, to int) bool {
	for i := from; i < to; i++ {
		if w := &r.list[i]; w.literal() {
			if t := r.text(i); len(t) != 1 || t[0] != '0' && t[0] != '1' {
				return false
			}
		}
	}
	return true
}

// emptyCompared reports whether something is compared with an empty string or NULL, as
// programs write that put a value where a column should be: AND 5 <> NULL.
func (r *reader) emptyCompared(from, to int) bool {
	for i := from; i+1 < to; i++ {
		if r.in(i, comparisons) {
			return r.empty(i-1) || r.empty(i+1)
		}
	}
	return false
}

func (r *reader) empty(i int) bool {
	return r.is(i, nullKey) || r.list[i].kind == textWord && len(r.text(i)) == 2
}

// optional reports whether the operand [from, to) switches a filter off, as in
// (name = ” OR ” = ”): in brackets, of one kind of value that means none, which
// the column beside it is compared with too.
func (r *reader) optional(l *level, from, to int) bool {
	if !r.is(l.first, openKey) || l.operands != 1 || to-from < 3 {
		return false
	}
	first := -1
	for i := from; i < to; i++ {
		w := &r.list[i]
		if value := w.literal() || w.key == nullKey; value && first < 0 {
			first = i
		} else if !value && w.kind != signWord && !r.in(i, comparisons) && !r.in(i, nots) {
			return false
		}
	}
	if first < 0 {
		return false
	}
	t := string(r.text(first))
	if t != "0" && t != "1" && t != "''" && t != `""` && t != "null" {
		return false
	}
	for i := l.first; i < from; i++ {
		if bytes.Equal(r.text(i), r.text(first)) {
			return t != "1" || r.is(i-1, signKey)
		}
	}
	return false
}

var (
	comparedBefore = connectives.and(openKey, commaKey, notKey, bangKey, whereKey, havingKey, onKey, whenKey, selectKey, ifKey, elseKey, thenKey,
		closeKey, lostKey)
	comparedBehind = connectives.and(closeKey, lostKey, commaKey, thenKey, asKey, limitKey, orderKey, groupKey, havingKey, unionKey, fromKey, endKey,
		semicolonKey, forKey, intoKey)
)

// constants notes numbers that are compared with themselves anywhere in [from, to), as in
// IF(5131=5131, ...), and texts that are reckoned with.
func (r *reader) constants(from, to int) {
	for i := from; i+2 < to; i++ {
		switch w := &r.list[i]; {
		case w.kind == textWord && r.reckonedText(i, from, to):
			r.b.Add(Constants, "reckoned_text")
		case w.kind != numberWord || r.list[i+2].kind != numberWord || !r.in(i+1, comparisons):
		case (i == from || r.in(i-1, comparedBefore)) && (i+3 == to || r.in(i+3, comparedBehind)):
			if bytes.Equal(r.text(i), r.text(i+2)) && r.odd(i, i+3) {
				r.b.Add(Constants, "same")
			}
		}
	}
}

// odd reports whether the comparison [from, to) of a number with itself is one that
// programs do not write: of more than a digit, or as what IF, CASE, ELT or MAKE_SET
// choose by, or as a factor.
func (r *reader) odd(from, to int) bool {
	at := r.before(from)
	return len(r.text(from)) > 1 || r.spells(at, "elt", "make_set") ||
		!r.smallConstants(from, to) && (r.in(at, keysOf(ifKey, whenKey)) || r.is(to, closeKey) && r.in(to+1, calculating))
}

// reckonedText reports whether the text at i, which is no number, is reckoned with: a
// literal, a call or a query is added to it, multiplied, ... Behind LIKE it is meant to
// be joined, as other servers do with +.
func (r *reader) reckonedText(i, from, to int) bool {
	start := i
	for start-2 >= from && r.in(start-1, calculating) && r.list[start-2].literal() {
		start -= 2
	}
	if r.is(start-1, likeKey) {
		return false
	}
	beside := start < i || r.in(i+1, calculating) && i+2 < to && (r.list[i+2].literal() || r.is(i+2, openKey) || r.called(i+2))
	return beside && !numeric(inside(r.text(i)))
}

// numeric reports whether a text begins like a number.
func numeric(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\n")
	return len(text) > 0 && (digitByte[text[0]] || bytes.IndexByte([]byte("+-."), text[0]) >= 0)
}
