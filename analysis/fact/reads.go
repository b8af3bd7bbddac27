package fact

import (
	"bytes"
	"strconv"
)

// query is a SELECT.
type query struct {
	scope     scope
	limit     string // as Limit has it
	all       bool   // the select list has a *
	secret    bool   // or the name of a secret column
	counts    bool   // begins with COUNT, MAX, ... : one row
	named     bool   // a column is in the list
	exists    bool   // it is asked only whether there is a row
	later     bool   // behind a UNION
	constants int    // longest run of constants without a name of their own
	items     int    // in the list
	wide      bool   // and further ones that only the server knows
	bare      bool   // all of them are constants
	from      bool   // there is a FROM
	tables    []span // words of the names
}

// newQuery returns a query without a clause. It takes the memory of the one before.
func (r *reader) newQuery() query {
	return query{tables: r.sourceMemory[:0], scope: whole, limit: "none"}
}

// maxQueries bounds the SELECTs of a statement that are read.
const maxQueries = 64

// queries reads the SELECTs of a statement: those of a UNION and of subqueries are
// queries of their own.
func (r *reader) queries(from, to int) {
	n, nested := 0, int32(0)
	all := query{later: true, from: true, bare: true} // what a part of a UNION takes all columns of: SELECT * FROM (SELECT 1) a JOIN (SELECT 2) b
	inner := int32(-1)                                // brackets around these tables
	for i := from; i < to; i++ {
		if r.is(i, tableKey) && (i == from || r.is(i-1, unionKey) || r.is(i-1, openKey)) {
			q := r.newQuery()
			q.all, q.wide = true, true
			if r.clauses(&q, r.table(&q, i+1, to), to); len(q.tables) > 0 {
				r.addQuery(&q, i == from)
			}
			continue
		}
		if r.is(i, valuesKey) && r.is(i-1, unionKey) {
			q := query{later: true}
			for i++; i < to && !r.is(i, openKey); i++ { // ROW
			}
			i = r.selectList(&q, i+1, to)
			r.union(&q)
			continue
		}
		if !r.is(i, selectKey) || !r.beginsQuery(i) {
			continue
		}
		if n++; n > maxQueries {
			break
		}
		q := r.newQuery()
		q.later = r.laterOfUnion(i)
		r.query(&q, i, to)
		r.addQuery(&q, i == from || n == 1 && r.in(from, mainVerbs))
		if r.inExpression(i) {
			nested = max(nested, r.list[i].depth)
			if before := r.before(i); q.bare && (!q.from && r.in(before, wantsValue) || len(q.tables) > 0 && q.scope == whole && r.in(before, calculating)) {
				r.b.Add(Constants, "query")
			}
		}
		switch depth := r.list[i].depth; {
		case q.later && q.all && q.from && len(q.tables) == 0:
			inner = depth + 1
		case depth == inner && q.bare && !q.from:
			all.constants += q.constants
		}
		r.union(&q)
	}
	if all.constants > 0 {
		r.union(&all)
	}
	if nested > 0 {
		r.b.Add(Nesting, strconv.Itoa(int(min(nested, 4))))
	}
}

// mainVerbs begin statements whose first SELECT is their main part.
var mainVerbs = keysOf(selectKey, withKey, insertKey, replaceKey, createKey)

// beginsQuery reports whether the SELECT at i begins a query and is not the
// privilege of that name.
func (r *reader) beginsQuery(i int) bool {
	return !r.in(i+1, keysOf(commaKey, onKey)) && !(r.is(i-1, commaKey) && r.is(i+1, openKey))
}

// inExpression reports whether the SELECT at i is in an expression, and not in FROM
// or a part of a UNION.
func (r *reader) inExpression(i int) bool {
	return r.is(i-1, openKey) && r.before(i) >= 0 && !r.in(r.before(i), tableBefore)
}

// before returns the index of the word in front of the brackets that open in front of
// word i.
func (r *reader) before(i int) int {
	for i--; r.is(i, openKey); i-- {
	}
	return i
}

// wantsValue are the words behind which a SELECT of constants alone is a value that
// could be written without it.
var wantsValue = connectives.and(equalKey, compareKey, likeKey, notKey, bangKey, signKey, mathKey, starKey, divKey, existsKey, whereKey)

// tableBefore are the words in front of a table or of a query in its place.
var tableBefore = keysOf(fromKey, joinKey, straightJoinKey, unionKey, asKey, intoKey, semicolonKey)

// laterOfUnion reports whether the SELECT at i follows UNION.
func (r *reader) laterOfUnion(i int) bool {
	for i--; r.is(i, openKey) || r.in(i, keysOf(anyKey, distinctKey)); i-- {
	}
	return r.is(i, unionKey)
}

// queryEnds end a query in front of another one.
var queryEnds = keysOf(closeKey, unionKey, semicolonKey, selectKey)

// query reads the SELECT at i.
func (r *reader) query(q *query, i, to int) {
	q.exists = r.is(i-1, openKey) && r.is(i-2, existsKey)
	i++
	for i < to && (r.in(i, keysOf(optionKey, distinctKey, anyKey, straightJoinKey))) {
		i++
	}
	i = r.selectList(q, i, to)
	q.wide = q.all || q.items == 0 || r.is(i, forKey)
	r.clauses(q, i, to)
}

// clauses reads the clauses of a query or a change of rows from i on.
func (r *reader) clauses(q *query, i, to int) {
	for i < to && !r.in(i, queryEnds) {
		switch r.list[i].key {
		case fromKey:
			q.from = true
			i = r.sources(q, i+1, to)
		case whereKey, havingKey:
			end := r.clauseEnd(i+1, to)
			if s := r.condition(i+1, end); r.is(i, whereKey) {
				q.scope = s
			}
			i = end
		case groupKey, orderKey:
			q.counts = q.counts && r.is(i, orderKey)
			i = r.ordered(q, i+1, to)
		case limitKey:
			q.limit, i = r.limit(i+1, to)
		default:
			i = r.next(i)
		}
	}
}

// selectList reads the items of a select list and returns its end.
func (r *reader) selectList(q *query, i, to int) int {
	q.bare = true
	run := 0
	for i < to {
		start := i
		i = r.seek(i, to, itemEnds)
		if start == i {
			q.bare = q.bare && q.items > 0
			return i
		}
		q.items++
		r.selectItem(q, start, i)
		if r.constantItem(start, i) {
			run++
			q.constants = max(q.constants, run)
		} else {
			run, q.bare = 0, false
		}
		if !r.is(i, commaKey) {
			return i
		}
		i++
	}
	return i
}

// itemEnds end an item of a select list.
var itemEnds = clauseEnds.and(commaKey)

// constantItem reports whether an item of a select list is a constant without a name
// of its own.
func (r *reader) constantItem(from, to int) bool {
	for from < to && (r.is(from, signKey) || r.is(from, openKey) && r.next(from) == to) {
		if r.is(from, openKey) {
			to--
		}
		from++
	}
	return to-from == 1 && (r.list[from].literal() || r.list[from].key == nullKey)
}

// aggregates are functions that make one row of many and show at most one value.
var aggregates = setOf("count max min sum avg std stddev variance bit_or bit_and any_value")

func (r *reader) selectItem(q *query, from, to int) {
	counts := r.called(from) && aggregates[string(r.text(from))]
	if q.items == 1 {
		q.counts = counts
	}
	inCount := counts && string(r.text(from)) == "count"
	for i := from; i < to; i++ {
		switch w := &r.list[i]; {
		case r.is(i, openKey) && r.in(i+1, queryStarts):
			i = r.next(i) - 1
		case w.key == starKey && r.starOfAll(i, from, to):
			q.all = true
			r.addName(Columns, []byte("*"))
			r.b.Add(ColumnKinds, "all")
		case !w.name() || r.called(i) || r.is(i+1, dotKey) || r.is(i-1, asKey) || i > from && r.alias(i):
		default:
			q.named = true
			r.column(q, i, inCount)
		}
	}
}

// starOfAll reports whether the * at i is that of all columns and not a product.
func (r *reader) starOfAll(i, from, to int) bool {
	return (i == from || r.is(i-1, dotKey)) && i+1 == to
}

// alias reports whether the name at i follows a value, whose name it is.
func (r *reader) alias(i int) bool {
	w := &r.list[i-1]
	return w.literal() || w.name() || w.key == closeKey || w.key == endKey
}

// column adds a column of a select list.
func (r *reader) column(q *query, i int, counted bool) {
	name := r.text(i)
	r.addName(Columns, name)
	if kind := columnKind(string(name)); kind != "" {
		r.b.Add(ColumnKinds, kind)
		q.secret = q.secret || kind == "secret" && !counted
	}
}

// sources reads a FROM clause and returns its end.
func (r *reader) sources(q *query, i, to int) int {
	next, inside := true, 0
	for i < to {
		switch k := r.list[i].key; {
		case k == openKey && next && !r.in(i+1, keysOf(selectKey, withKey, valuesKey)):
			inside++
			i++
		case k == closeKey && inside > 0:
			inside--
			next = false
			i++
		case clauseEnds.has(k) && k != fromKey && !r.inHint(i):
			return i
		case k == commaKey || k == joinKey || k == straightJoinKey:
			next = true
			i++
		case next && (r.list[i].name() || k == dotKey):
			end := r.tableAt(i, to)
			if !r.is(end, openKey) && !r.common(i, end) && !r.spells(i, "dual", "lateral") {
				r.table(q, i, to)
			}
			next = r.spells(i, "lateral")
			i = end
		case k == onKey || k == usingKey:
			next = false
			i++
		default:
			if k == openKey {
				next = false
			}
			i = r.next(i)
		}
	}
	return min(i, to)
}

// inHint reports whether the keyword at i belongs to a hint or a version of a table: FOR
// ORDER BY, FOR SYSTEM_TIME.
func (r *reader) inHint(i int) bool {
	return r.is(i, forKey) && (r.spells(i+1, "system_time", "portion") || r.in(i+1, keysOf(orderKey, groupKey, joinKey))) ||
		r.in(i, keysOf(orderKey, groupKey)) && r.is(i-1, forKey)
}

// table adds the table whose name is at i, if one is there, and returns the index behind
// it.
func (r *reader) table(q *query, i, to int) (end int) {
	if end = r.tableAt(i, to); end > i {
		at := r.b.begin(Tables)
		r.b.buf = r.appendTable(r.b.buf, i, end)
		r.finishName(at)
		if len(q.tables) < cap(q.tables) {
			q.tables = append(q.tables, span{i, end})
		}
	}
	return end
}

// mostColumns is how many columns a table may have that somebody counts.
const mostColumns = 99

// columnNumber returns the column that a number means, 0 and what is beyond
// mostColumns for none.
func columnNumber(text []byte) int { return int(min(numberValue(text), mostColumns+1)) }

// ordered reads the list of ORDER BY or GROUP BY of a SELECT and returns its end.
func (r *reader) ordered(q *query, i, to int) int {
	item := true
	if r.is(i, byKey) {
		i++
	}
	from := i
	for start := i; i < to && !clauseEnds.has(r.list[i].key); {
		if item && r.list[i].kind == numberWord && (i+1 >= to || r.in(i+1, orderBehind) || r.spells(i+1, "asc", "desc", "with")) {
			r.b.Add(Order, "number")
			if n := columnNumber(r.text(i)); n == 0 || n > mostColumns || !q.wide && n > q.items {
				r.b.Add(Order, "beyond")
			}
		}
		item = r.is(i, commaKey)
		if i = r.next(i); i <= to && r.settled(start, i) {
			r.b.Add(Order, "constant")
		}
		start = i
	}
	i = min(i, to)
	if r.ordersByQuery(from, i) {
		r.b.Add(Order, "query")
	}
	return i
}

// ordersByQuery reports whether CASE or IF in [from, to) chooses by what a query gives that has
// nothing to do with the row: all rows are in one order or in another, which is an answer.
func (r *reader) ordersByQuery(from, to int) bool {
	for i := from; i < to; i++ {
		start, end := i+1, i
		switch {
		case r.is(i, whenKey):
			end = r.seek(i+1, to, keysOf(thenKey))
		case r.is(i, caseKey):
			end = r.seek(i+1, to, keysOf(whenKey))
		case r.called(i) && (r.is(i, ifKey) || r.spells(i, "elt")):
			start = i + 2
			end = r.seek(start, min(int(r.list[i+1].end), to), keysOf(commaKey))
		}
		if start < end && r.asksElsewhere(start, end) {
			return true
		}
	}
	return false
}

// asksElsewhere reports whether [from, to) has a query of tables, and no column but of the
// tables that it names itself.
func (r *reader) asksElsewhere(from, to int) bool {
	query := false
	for i := from; i < to; i++ {
		query = query || r.is(i, selectKey) && r.is(r.seek(i+1, to, keysOf(fromKey, closeKey)), fromKey)
		switch {
		case !r.list[i].name() || r.called(i):
		case r.is(i+1, dotKey) && !r.is(i-1, dotKey) && !r.in(i-1, namesTable):
			if !r.namesIn(r.text(i), from, to) {
				return false
			}
		case r.in(i+1, comparisons) && i+2 < to && r.list[i+2].name() && !r.called(i+2) && (!r.is(i-1, dotKey) || !r.is(i+3, dotKey)):
			return false
		}
	}
	return query && !r.contents(from, to).column
}

// namesIn reports whether [from, to) has a name by itself, as that of a table or another
// name of it.
func (r *reader) namesIn(name []byte, from, to int) bool {
	for i := from; i < to; i++ {
		table := !r.is(i-1, dotKey) || r.in(i-3, namesTable)
		if table && r.list[i].name() && !r.is(i+1, dotKey) && bytes.Equal(r.text(i), name) {
			return true
		}
	}
	return false
}

// settled reports whether what rows are put in order by has, in [from, to), a number that is
// compared with another, or a SELECT of a number: no column decides.
func (r *reader) settled(from, to int) bool {
	for i := from + 1; i < to; i++ {
		if r.list[i].kind != numberWord {
			continue
		}
		switch {
		case r.is(i-1, selectKey) && r.is(i+1, closeKey):
			return true
		case !r.is(i-1, openKey) && !r.is(i-1, whenKey):
		case r.in(i+1, comparisons) && i+2 < to && r.list[i+2].kind == numberWord && (r.is(i+3, closeKey) || r.is(i+3, commaKey) || r.is(i+3, thenKey)):
			return true
		}
	}
	return false
}

var orderBehind = keysOf(commaKey, closeKey, semicolonKey, limitKey, havingKey, unionKey, forKey, orderKey, intoKey, procedureKey)

// limit reads the arguments of LIMIT.
func (r *reader) limit(i, to int) (kind string, end int) {
	kind = "other"
	if i < to && (r.list[i].kind == numberWord || r.list[i].kind == placeWord) {
		kind = "constant"
		if r.is(i+1, commaKey) || r.is(i+1, offsetKey) {
			kind = "paging"
		}
	}
	return kind, r.seek(i, to, clauseEnds)
}

// addQuery adds what a SELECT reads.
func (r *reader) addQuery(q *query, main bool) {
	if main {
		r.b.Add(Scope, scopeNames[q.scope])
		r.b.Add(Limit, q.limit)
	}
	if len(q.tables) == 0 {
		return
	}
	what := "columns"
	switch {
	case q.exists, !q.named && !q.counts && !q.all:
		what = "constant"
	case q.counts && !q.secret:
		what = "aggregate"
	case q.all:
		what = "everything"
	case q.secret:
		what = "secret"
	}
	r.addUse(Reads, scopeNames[q.scope]+" "+readLimits[q.limit]+" "+what, q.tables)
}

// readLimits are the kinds of limits as Reads has them.
var readLimits = map[string]string{"none": "nolimit", "constant": "limit", "paging": "paging", "other": "limit"}

// addUse adds how tables are used, in the raw form that Resolve puts the kind of
// table into.
func (r *reader) addUse(f Field, how string, tables []span) {
	from := r.b.begin(f)
	r.b.buf = append(r.b.buf, how...)
	for _, t := range tables {
		r.b.buf = append(r.b.buf, useMark)
		name := len(r.b.buf)
		r.b.buf = r.appendTable(r.b.buf, t.from, t.to)
		plain(r.b.buf[name:])
	}
	if len(r.b.buf)-from > 16*maxName {
		r.b.buf = r.b.buf[:from]
		return
	}
	r.b.end(from)
}

// useMark is in front of each table of a use that is not resolved yet.
const useMark = '\x01'
