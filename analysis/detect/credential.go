package detect

import "strings"

// scope is how much of its tables a query asks for.
type scope uint8

const (
	keyed    scope = iota // rows by a key: a column equals a value
	filtered              // rows by another condition
	all                   // no condition at all, or one that names no column
)

// query is what matters of a SELECT: how many rows and which columns it asks
// for.
type query struct {
	scope      scope
	limit      bool
	everything bool     // the select list has a *
	columns    []string // names in the select list
	aggregate  bool     // begins with COUNT, MAX, ... and has no GROUP BY: one row
	from       bool     // there is a FROM
	tables     []string // behind FROM and JOIN, in lower case, those in brackets left out
	nested     bool     // inside brackets: its rows may serve as a condition only
	vague      bool     // a wildcard may hide a clause
}

// readQueries reads the SELECTs of a statement, one after the other: those of a
// UNION and of subqueries are queries of their own. TABLE t is one too.
func readQueries(ws []word) []query {
	var out []query
	if ws[0].is("table") {
		return []query{{scope: all, everything: true, from: true}}
	}
	for i, w := range ws {
		if w.is("select") {
			out = append(out, readQuery(ws[i+1:], w.depth))
			if len(out) == maxQueries {
				break
			}
		}
	}
	return out
}

// maxQueries bounds the SELECTs of one statement, each of which is read to its
// end.
const maxQueries = 16

// readQuery reads what stands behind a SELECT with depth brackets open.
func readQuery(list []word, depth int) (q query) {
	rest := list[len(list):]
	for i, w := range list {
		if w.depth < depth || w.depth == depth && w.is("union", ";") {
			list = list[:i]
			break
		}
		if w.depth == depth && w.is("from") {
			list, rest, q.from = list[:i], list[i+1:], true
			break
		}
	}
	q.nested = depth > 0
	q.selectList(list, depth)
	q.scope = all
	sources, next := true, true // inside the FROM clause; a table may stand here
	for i := 0; i < len(rest) && rest[i].depth >= depth; i++ {
		w := rest[i]
		switch {
		case w.depth > depth:
		case w.is("union", ";"):
			i = len(rest)
		case w.is("where"):
			end := clauseEnd(rest[i+1:], depth) + i + 1
			q.scope = condition(rest[i+1 : end])
			i = end - 1
			sources, next = false, false
		case w.is("limit", "group", "order", "having"):
			q.limit = q.limit || w.is("limit")
			q.aggregate = q.aggregate && !w.is("group")
			sources, next = false, false
		case w.is(",", "join", "straight_join"):
			next = sources
		case w.kind == nameWord && next:
			t := w.text
			if i+2 < len(rest) && rest[i+1].is(".") {
				t += "." + rest[i+2].text
				i += 2
			}
			q.tables = append(q.tables, t)
			next = false
		case w.kind == wildcardWord:
			q.vague = true
		}
	}
	if q.scope != all {
		q.vague = false
	}
	return q
}

func (q *query) selectList(list []word, depth int) {
	items := 0
	for i, w := range list {
		switch {
		case w.kind == nameWord:
			if items == 0 && !w.is("distinct", "all", "distinctrow", "sql_no_cache", "sql_calc_found_rows", "straight_join", "high_priority") {
				q.aggregate = w.is("count", "max", "min", "sum", "avg", "exists", "group_concat") && i+1 < len(list) && list[i+1].is("(")
				if w.is("group_concat") {
					q.aggregate = false // one row that holds them all
				}
				items++
			}
			q.columns = append(q.columns, w.text)
		case w.is("*") && w.depth == depth:
			// A product has an operand on its left; the * of all columns has
			// the SELECT, a comma, a modifier or a dot.
			if i == 0 || list[i-1].is(",", ".", "distinct", "all", "sql_no_cache", "sql_calc_found_rows") {
				q.everything = true
			}
		}
	}
}

// clauseEnd returns where the condition that begins ws ends.
func clauseEnd(ws []word, depth int) int {
	for i, w := range ws {
		if w.depth < depth || w.depth == depth && w.is("group", "order", "limit", "having", "union", "intersect", "except",
			"for", "into", "procedure", "window", "lock", ";") {
			return i
		}
	}
	return len(ws)
}

// condition judges a WHERE clause. Conditions inside subqueries do not count.
func condition(ws []word) scope {
	result := all
	for i := 0; i < len(ws); i++ {
		w := ws[i]
		if w.is("(") && i+1 < len(ws) && ws[i+1].is("select") {
			for i++; i < len(ws) && ws[i].depth > w.depth; i++ {
			}
			continue
		}
		switch {
		case w.kind == nameWord && !w.is("and", "or", "not", "xor", "true", "false", "is", "null"):
			result = filtered
			if i+2 < len(ws) && ws[i+1].is("in") && ws[i+2].is("(") && !(i+3 < len(ws) && ws[i+3].is("select")) {
				return keyed
			}
		case w.is("=", "<=>") && i > 0 && i+1 < len(ws):
			left, right := ws[i-1], ws[i+1]
			if column(left) && value(right, ws[i+1:]) || column(right) && value(left, nil) {
				return keyed
			}
		case w.kind == wildcardWord && result == all:
			result = filtered
		}
	}
	return result
}

func column(w word) bool { return w.kind == nameWord || w.kind == wildcardWord || w.is(")") }

// value says whether w, the first of rest, is something to compare a column
// with that is not another column.
func value(w word, rest []word) bool {
	switch w.kind {
	case textWord, valueWord, variableWord, wildcardWord:
		return true
	case nameWord:
		return len(rest) > 1 && rest[1].is("(")
	}
	return w.is("-", "+", "(")
}

// userTableWords mark the names of tables in which applications keep people.
var userTableWords = []string{"user", "account", "member", "customer", "passw", "credential"}

// secretWords mark the names of columns that hold what a login needs.
var secretWords = []string{"pass", "pwd", "hash", "token", "secret", "authentication_string"}

// UserTable says whether a table's name, which may be qualified, is one under
// which applications keep their users: a guess by common words.
func UserTable(table string) bool {
	schema, base, qualified := strings.Cut(strings.ToLower(table), ".")
	if !qualified {
		base = schema
	}
	if qualified && (systemSchema(schema) || schema == "mysql") {
		return false
	}
	return containsAny(base, userTableWords)
}

func systemSchema(schema string) bool {
	return schema == "information_schema" || schema == "performance_schema" || schema == "sys"
}

// serverAccounts says whether a table is one of those in which the server keeps
// its accounts.
func serverAccounts(table string) bool {
	switch strings.ToLower(table) {
	case "mysql.user", "mysql.global_priv", "mysql.password_history":
		return true
	}
	return false
}

func containsAny(s string, parts []string) bool {
	for _, p := range parts {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

// credentials says what a query asks for among the credentials, the severity 0
// and an empty text for nothing. Tables are those that the statement names.
func (q query) credentials(tables []string) (what string, severity Severity) {
	secret := ""
	for _, c := range q.columns {
		if secret == "" && containsAny(c, secretWords) {
			secret = c
		}
	}
	for _, t := range tables {
		switch {
		case serverAccounts(t):
			if q.everything || secret != "" {
				return t + " with its password hashes", High
			}
			return t, Medium
		case !UserTable(t) || q.aggregate || q.scope == keyed:
		case q.scope == all && !q.limit && (q.everything || secret != ""):
			return t + " without WHERE", High
		case q.scope == all && !q.limit:
			return t + " without WHERE, no password column", Low
		case secret != "":
			return secret + " of " + t + " without a key", High
		case q.everything && !q.limit:
			return "all columns of " + t + " without a key", Low
		}
	}
	return "", 0
}
