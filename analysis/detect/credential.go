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
	vague      bool     // a wildcard may hide a clause
}

// readQuery finds the first SELECT of a statement and reads its main block.
func readQuery(ws []word) (q query, ok bool) {
	at := -1
	for i, w := range ws {
		if w.is("select") {
			at = i
			break
		}
	}
	if at < 0 {
		return q, false
	}
	depth := ws[at].depth
	list := ws[at+1:]
	rest := list[len(list):]
	for i, w := range list {
		if w.depth < depth {
			list = list[:i]
			break
		}
		if w.depth == depth && w.is("from") {
			list, rest, q.from = list[:i], list[i+1:], true
			break
		}
	}
	q.selectList(list, depth)
	q.scope = all
	for i := 0; i < len(rest) && rest[i].depth >= depth; i++ {
		w := rest[i]
		if w.depth > depth {
			continue
		}
		switch {
		case w.is("where"):
			end := clauseEnd(rest[i+1:], depth) + i + 1
			q.scope = condition(rest[i+1 : end])
			i = end - 1
		case w.is("limit"):
			q.limit = true
		case w.is("group"):
			q.aggregate = false
		case w.kind == wildcardWord:
			q.vague = true
		}
	}
	if q.scope != all {
		q.vague = false
	}
	return q, true
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
		}
	}
	return "", 0
}
