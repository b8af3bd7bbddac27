package fact

import "bytes"

// changes adds what a statement that writes does to which table.
func (r *reader) changes(at, to int) {
	at = r.main(at, to)
	if at >= to {
		return
	}
	if r.stored(at) {
		for i := at + 1; i < to; i++ {
			if !r.is(i-1, thenKey) && !r.is(i-1, elseKey) && !r.is(i-1, semicolonKey) && !r.spells(i-1, "row", "do", "begin") {
				continue
			}
			if r.accounts(i) {
				r.b.Add(Changes, "accounts all privilege")
			} else {
				r.change(i, to)
			}
		}
		return
	}
	if !r.change(at, to) {
		r.definition(at, to)
	}
}

// accounts reports whether a statement makes or changes accounts or rights.
func (r *reader) accounts(i int) bool {
	return r.spells(i, "grant") || r.spells(i, "create", "alter", "rename") && r.spells(i+1, "user") || r.is(i, setKey) && r.spells(i+1, "password")
}

// change reads a statement that writes rows, false for another.
func (r *reader) change(at, to int) bool {
	switch r.list[at].key {
	case insertKey, replaceKey:
		r.insert(at+1, to)
	case updateKey:
		r.update(at+1, to)
	case deleteKey:
		r.delete(at+1, to)
	default:
		return false
	}
	return true
}

// skipOptions goes past LOW_PRIORITY and its kin.
func (r *reader) skipOptions(i, to int) int {
	for i < to && (r.spells(i, "low_priority", "high_priority", "delayed", "quick", "ignore")) {
		i++
	}
	return i
}

// insert reads INSERT and REPLACE.
func (r *reader) insert(i, to int) {
	i = r.skipOptions(i, to)
	if r.is(i, intoKey) {
		i++
	}
	q := r.newQuery()
	list := r.table(&q, i, to)
	if list == i {
		return
	}
	if r.is(list, partitionKey) {
		list = r.next(min(list+1, to-1))
	}
	what := "other"
	stop := to
	if r.is(list, openKey) && !r.in(list+1, queryStarts) {
		stop = min(int(r.list[list].end), to)
	}
	for k := list; k < stop; k++ {
		if r.in(k, keysOf(selectKey, valuesKey)) {
			break
		}
		if r.list[k].name() {
			what = graver(what, columnKind(string(r.text(k))))
		}
	}
	what = r.literalWhat(what, list, to)
	r.addUse(Changes, "all "+what, q.tables)
}

// changeGravity orders what is changed; kinds of columns that are not in it are other.
var changeGravity = map[string]int{"other": 0, "script": 1, "secret": 2, "privilege": 3}

// graver returns the graver of two kinds of what is changed.
func graver(a, b string) string {
	if changeGravity[b] > changeGravity[a] {
		return b
	}
	return a
}

// literalWhat looks for scripts and rights among the literals of [from, to).
func (r *reader) literalWhat(what string, from, to int) string {
	for i := from; i < to; i++ {
		switch code := r.list[i].class; {
		case code&rightsText != 0:
			return "privilege"
		case code&(scriptCode|phpCode) != 0:
			what = graver(what, "script")
		}
	}
	return what
}

// update reads UPDATE.
func (r *reader) update(i, to int) {
	i = r.skipOptions(i, to)
	q := r.newQuery()
	i = r.sources(&q, i, to)
	set, what := i, "other"
	for i < to && !clauseEnds.has(r.list[i].key) || r.is(i, setKey) {
		if r.columnName(i) && (r.is(i+1, equalKey) || r.is(i+1, assignKey)) && (r.is(i-1, setKey) || r.is(i-1, commaKey) || r.is(i-1, dotKey)) {
			what = graver(what, columnKind(string(r.text(i))))
			if r.addsScript(i, to) {
				r.b.Add(Marks, "adds_script")
			}
		}
		i = r.next(i)
	}
	r.changeRows(&q, i, to, r.literalWhat(what, set, i))
}

// columnName reports whether word i may be the name of a column, as VALUE may.
func (r *reader) columnName(i int) bool { return r.list[i].name() || r.spells(i, "value") }

// addsScript reports whether the column at i is given what was in it with a script put to
// it, as in c = CONCAT(c, '<script ...'): a page writes all of what it stores. What
// REPLACE takes out is not put in.
func (r *reader) addsScript(i, to int) bool {
	end := i + 2
	for end < to && !r.is(end, commaKey) && !clauseEnds.has(r.list[end].key) {
		end = r.next(end)
	}
	kept, added := false, false
	for k := i + 2; k < min(end, to); k++ {
		kept = kept || r.columnName(k) && !r.called(k) && !r.is(k+1, dotKey) && bytes.Equal(r.text(k), r.text(i))
		added = added || r.list[k].class&scriptCode != 0 && !r.takenOut(i, k)
	}
	return kept && added
}

// takenOut reports whether the literal at k, behind i, is what REPLACE looks for.
func (r *reader) takenOut(i, k int) bool {
	if !r.is(k+1, commaKey) {
		return false
	}
	for k--; k > i; k-- {
		if r.is(k, openKey) && int(r.list[k].end) > k {
			return r.is(k-1, replaceKey)
		}
		if r.is(k, closeKey) {
			return false
		}
	}
	return false
}

// changeRows reads the clauses of UPDATE and DELETE from i on.
func (r *reader) changeRows(q *query, i, to int, what string) {
	q.wide = true
	r.clauses(q, i, to)
	r.b.Add(Scope, scopeNames[q.scope])
	r.b.Add(Limit, q.limit)
	if q.limit != "none" && q.scope == whole {
		q.scope = filtered
	}
	if len(q.tables) > 0 {
		r.addUse(Changes, scopeNames[q.scope]+" "+what, q.tables)
	}
}

// delete reads DELETE.
func (r *reader) delete(i, to int) {
	i = r.skipOptions(i, to)
	q := r.newQuery()
	i = r.seek(i, to, clauseEnds) // DELETE a FROM t AS a
	r.changeRows(&q, i, to, "other")
}

// definition reads DROP TABLE, TRUNCATE, ALTER, RENAME and LOAD DATA as far as their
// tables, and adds what they change.
func (r *reader) definition(at, to int) {
	q := r.newQuery()
	i := at + 1
	switch {
	case r.spells(at, "truncate"):
		if r.is(i, tableKey) {
			i++
		}
	case r.spells(at, "drop", "alter", "rename", "create"):
		for i < to && i < at+8 && !r.is(i, tableKey) && !r.spells(i, "tables", "view") {
			if r.is(i, openKey) || r.spells(i, "user", "database", "schema", "function", "trigger", "event", "role", "procedure") || r.is(i, procedureKey) {
				return
			}
			i++
		}
		for i++; i < to && r.spells(i, "if", "not", "exists"); i++ {
		}
	default:
		return
	}
	for i < to && len(q.tables) < cap(q.tables) {
		end := r.table(&q, i, to)
		if end == i {
			break
		}
		if r.is(at, createKey) {
			r.note(r.text(end - 1))
		}
		if !r.is(end, commaKey) && !(r.spells(at, "rename") && r.spells(end, "to")) || r.spells(at, "alter", "create") {
			break
		}
		i = end + 1
	}
	if len(q.tables) > 0 {
		r.addUse(Changes, "all other", q.tables)
	}
}
