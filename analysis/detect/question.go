package detect

import "strings"

// question is a kind of question about the server, its schema or its users.
type question struct {
	name      string
	patterns  []pattern
	functions []string // called with empty brackets
	variables []string // part of the name of a system variable
	views     []string // information_schema tables
}

// questionKinds is read only; a kind is a bit of facts.kinds.
var questionKinds = [...]question{
	{name: "databases", patterns: parsePatterns("^ show databases|schemas"), views: []string{"schemata"}},
	{name: "tables", patterns: parsePatterns("^ show tables", "^ show full tables", "^ show table status"), views: []string{"tables"}},
	{name: "columns", patterns: parsePatterns("^ show columns|fields", "^ show full columns|fields", "^ describe|desc"), views: []string{"columns"}},
	{name: "keys", patterns: parsePatterns("^ show index|indexes|keys"), views: []string{"statistics", "key_column_usage", "table_constraints"}},
	{name: "table definitions", patterns: parsePatterns("^ show create")},
	{name: "variables", patterns: parsePatterns("^ show variables", "^ show global|session variables"), views: []string{"global_variables", "session_variables"}},
	{name: "status", patterns: parsePatterns("^ show status", "^ show global|session status"), views: []string{"global_status"}},
	{name: "processes", patterns: parsePatterns("^ show processlist", "^ show full processlist"), views: []string{"processlist"}},
	{name: "grants", patterns: parsePatterns("^ show grants"), views: []string{"user_privileges", "schema_privileges", "table_privileges", "applicable_roles"}},
	{name: "accounts", patterns: parsePatterns("mysql . user|db|global_priv"), views: []string{"users"}},
	{name: "version", functions: []string{"version"}, variables: []string{"version"}},
	{name: "own user", functions: []string{"user", "current_user", "session_user", "system_user"}},
	{name: "own database", functions: []string{"database", "schema"}},
	{name: "paths and host", variables: []string{"datadir", "basedir", "hostname", "secure_file_priv", "plugin_dir", "tmpdir"}},
	{name: "engines and plugins", patterns: parsePatterns("^ show engines|plugins"), views: []string{"engines", "plugins"}},
	{name: "programs", patterns: parsePatterns("^ show procedure|function status", "^ show triggers|events"), views: []string{"routines", "triggers", "events"}},
	{name: "replication", patterns: parsePatterns("^ show master|slave|replica status", "^ show binary logs")},
	{name: "tablespaces", views: []string{"files", "innodb_tablespaces"}},
}

// A mark has room for the kinds.
var _ [markKinds - len(questionKinds)]struct{}

// columnKind is the bit of the question that the command Field List asks.
const columnKind = 1 << 2

func parsePatterns(list ...string) []pattern {
	out := make([]pattern, len(list))
	for i, s := range list {
		out[i] = parsePattern(s)
	}
	return out
}

// questions returns the kinds of questions that a statement asks.
func questions(ws []word, tables []string) (kinds uint32) {
	if !ws[0].is("select", "show", "describe", "desc", "do", "with") {
		return 0
	}
	for k := range questionKinds {
		if questionKinds[k].asked(ws, tables) {
			kinds |= 1 << k
		}
	}
	return kinds
}

func (q *question) asked(ws []word, tables []string) bool {
	for _, p := range q.patterns {
		if p.match(ws) {
			return true
		}
	}
	for _, t := range tables {
		schema, base, ok := strings.Cut(strings.ToLower(t), ".")
		if ok && systemSchema(schema) && contains(q.views, base) {
			return true
		}
	}
	if len(q.functions) == 0 && len(q.variables) == 0 {
		return false
	}
	for i, w := range ws {
		switch w.kind {
		case nameWord:
			if i+2 < len(ws) && ws[i+1].is("(") && ws[i+2].is(")") && contains(q.functions, w.text) {
				return true
			}
		case variableWord:
			if strings.HasPrefix(w.text, "@@") && containsAny(w.text, q.variables) {
				return true
			}
		}
	}
	return false
}
