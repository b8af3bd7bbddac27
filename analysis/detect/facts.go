package detect

import (
	"bytes"
	"slices"
	"strings"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/wording"
)

// hit is a statement rule's word on one statement.
type hit struct {
	rule     ruleIndex
	severity Severity
	what     string // what was asked for, to follow "asked"
}

// facts are what a statement asks for, as far as rules care.
type facts struct {
	hits   []hit
	kinds  uint32 // kinds of questions, D8
	whole  string // table asked for as a whole, D7
	marker bool   // the mark of mysqldump's own queries
	backup backupSign
	table  uint32 // number of whole among the tables of the run
	vague  bool   // it stands on a template whose wildcards may hide the truth
	// dormant is one more than the severity of what it asks for among the server's
	// credentials if it is sent in the database mysql, 0 for nothing.
	dormant Severity
}

func (f *facts) empty() bool {
	return len(f.hits) == 0 && f.kinds == 0 && f.whole == "" && !f.marker && f.backup == 0
}

// backupSign is a statement that backups send and thieves seldom do.
type backupSign uint8

const (
	snapshotSign backupSign = 1 << iota // START TRANSACTION WITH CONSISTENT SNAPSHOT
	lockSign                            // FLUSH TABLES, LOCK TABLES
)

// phrase is a rule that a pattern of words is enough for.
type phrase struct {
	pattern  pattern
	rule     ruleIndex
	severity Severity
	what     string
}

// phrases is read only.
var phrases = parsePhrases([]struct {
	rule     ruleIndex
	severity Severity
	pattern  string
	what     string
}{
	{credentialRead, Context, "^ show grants", "SHOW GRANTS"},
	{credentialRead, Medium, "^ show create user", "SHOW CREATE USER"},
	{fileRead, High, "load_file (", "LOAD_FILE()"},
	{fileRead, Medium, "^ load data|xml ... infile", "LOAD ... INFILE"},
	{libraryLoad, Critical, "^ create ... function ... soname", "CREATE FUNCTION ... SONAME"},
	{libraryLoad, High, "^ install plugin|component|soname", "INSTALL PLUGIN"},
	{libraryLoad, Low, "@@plugin_dir|@@global.plugin_dir", "@@plugin_dir"},
	{libraryLoad, Medium, "mysql . func|plugin", "mysql.func or mysql.plugin"},
	{libraryLoad, Critical, "sys_exec|sys_eval|sys_bineval (", "a function of a command execution library"},
	{accountChange, Medium, "^ create user|role", "CREATE USER"},
	{accountChange, Medium, "^ create or replace user|role", "CREATE USER"},
	{accountChange, Medium, "^ alter|rename|drop user|role", "a change of an account"},
	{accountChange, Medium, "^ grant", "GRANT"},
	{accountChange, Medium, "^ revoke", "REVOKE"},
	{accountChange, Medium, "^ set password", "SET PASSWORD"},
	{accountChange, Medium, "^ set default role", "SET DEFAULT ROLE"},
	{accountChange, High, "^ insert|update|replace|delete ... mysql . user|db|global_priv|tables_priv", "a change of the server's account tables"},
	{accountChange, Low, "^ flush privileges", "FLUSH PRIVILEGES"},
	{logTampering, Medium, "^ purge binary|master logs", "PURGE BINARY LOGS"},
	{logTampering, High, "^ reset master", "RESET MASTER"},
	{logTampering, High, "^ reset binary logs", "RESET BINARY LOGS"},
	{logTampering, High, "^ truncate|delete|drop|rename|alter ... mysql . general_log|slow_log", "a change of the log tables"},
	{logTampering, Medium, "^ uninstall plugin|component|soname", "UNINSTALL PLUGIN"},
	{destruction, High, "^ drop database|schema", "DROP DATABASE"},
	{destruction, Medium, "^ drop table|tables", "DROP TABLE"},
	{destruction, Medium, "^ truncate", "TRUNCATE"},
	{replication, High, "^ change master to", "CHANGE MASTER"},
	{replication, High, "^ change replication source", "CHANGE REPLICATION SOURCE"},
	{replication, High, "^ clone instance|local", "CLONE"},
})

func parsePhrases(list []struct {
	rule     ruleIndex
	severity Severity
	pattern  string
	what     string
}) []phrase {
	out := make([]phrase, len(list))
	for i, p := range list {
		out[i] = phrase{parsePattern(p.pattern), p.rule, p.severity, p.what}
	}
	return out
}

// judge says what a text, a statement or several of them or a template, asks
// for. table is what the log's reader took for the main table of the first of
// them, "-" for none; database is the current one, empty where it is not known.
func judge(text []byte, table, database string) facts {
	var f facts
	if len(text) > maxText {
		text = text[:maxText]
	}
	var tokens sqltext.Tokens
	var st sqltext.Statement
	var ws []word
	tokens.Lex(text)
	for r, at := tokens.Reader(), 0; at >= 0 && at < len(text); at = st.Next {
		r.Parse(&st)
		sql := text[at:st.End]
		ws = words(ws[:0], sql)
		f.statement(sql, ws, tableNames(text, &st, table, database), database)
		table = "-"
	}
	return f
}

func tableNames(sql []byte, st *sqltext.Statement, table, database string) []string {
	var names []string
	if table = strings.ReplaceAll(sqltext.Qualify(table, database), "`", ""); table != "-" && table != "" {
		names = append(names, table)
	}
	for _, t := range st.Tables {
		n := strings.ReplaceAll(sqltext.Qualify(string(t.AppendName(nil, sql)), database), "`", "")
		if n != table && !strings.Contains(n, drain.Wildcard) {
			names = append(names, n)
		}
	}
	return names
}

func (f *facts) add(rule ruleIndex, severity Severity, what string) {
	for i := range f.hits {
		if f.hits[i].rule == rule {
			if severity > f.hits[i].severity {
				f.hits[i] = hit{rule, severity, what}
			}
			return
		}
	}
	f.hits = append(f.hits, hit{rule, severity, what})
}

// statement adds what one statement asks for that names tables.
func (f *facts) statement(sql []byte, ws []word, tables []string, database string) {
	if len(ws) == 0 || ws[0].is("explain") {
		return
	}
	for _, p := range phrases {
		if p.pattern.match(ws) {
			f.add(p.rule, p.severity, p.what)
		}
	}
	f.outfile(ws)
	f.waits(ws)
	switch {
	case ws[0].is("set"):
		f.settings(ws)
	case ws[0].is("update", "delete"):
		f.rows(sql, ws, tables)
	case ws[0].is("create"):
		f.ransomNote(ws, tables)
	}
	if dumpMark.match(ws) {
		f.marker = true
	}
	if snapshot.match(ws) {
		f.backup |= snapshotSign
	}
	if lock.match(ws) {
		f.backup |= lockSign
	}
	f.kinds |= questions(ws, tables)
	f.query(ws, tables, database)
}

var (
	dumpMark = parsePattern("^ select sql_no_cache")
	snapshot = parsePattern("^ start transaction with consistent snapshot")
	lock     = parsePattern("^ flush|lock tables|table|instance")
)

func (f *facts) query(ws []word, tables []string, database string) {
	if len(tables) == 0 {
		return
	}
	queries := readQueries(ws)
	for i, q := range queries {
		if !q.from {
			continue
		}
		named := tables
		if len(queries) > 1 && len(q.tables) > 0 {
			named = qualify(q.tables, database)
		}
		if accounts := qualify(named, "mysql"); database == "" && slices.ContainsFunc(accounts, serverAccounts) {
			if what, severity := q.credentials(accounts); what != "" {
				f.dormant = max(f.dormant, severity+1)
			}
		}
		if what, severity := q.credentials(named); what != "" && !(i > 0 && q.nested && severity < Medium) {
			f.add(credentialRead, severity, "for "+what)
			f.vague = f.vague || q.vague
		}
		schema, _, qualified := strings.Cut(strings.ToLower(tables[0]), ".")
		if i == 0 && ws[0].is("select", "table") && q.scope == all && !q.limit && !q.aggregate &&
			!(qualified && (systemSchema(schema) || schema == "mysql")) {
			f.whole = tables[0]
			f.vague = f.vague || q.vague
		}
	}
}

func qualify(tables []string, database string) []string {
	list := make([]string, len(tables))
	for k, t := range tables {
		list[k] = sqltext.Qualify(t, database)
	}
	return list
}

// outfile looks for INTO OUTFILE and rates the name of the file.
func (f *facts) outfile(ws []word) {
	for i := 0; i+1 < len(ws); i++ {
		if !ws[i].is("into") || !ws[i+1].is("outfile", "dumpfile") {
			continue
		}
		severity, file := Medium, ""
		if i+2 < len(ws) && ws[i+2].kind == textWord {
			file = strings.Trim(ws[i+2].text, `'"`)
			if programFile(file) {
				severity = Critical
			}
		}
		what := "INTO " + strings.ToUpper(ws[i+1].text)
		if file != "" {
			what += " " + wording.Name(file)
		}
		f.add(fileWrite, severity, what)
		f.vague = f.vague || file == "" || strings.Contains(file, drain.Wildcard)
	}
}

// programFile says whether a file of that name would be run by a web server or
// loaded by the server.
func programFile(file string) bool {
	file = strings.ToLower(file)
	for _, suffix := range []string{".php", ".phtml", ".jsp", ".asp", ".aspx", ".so", ".dll", ".sh", ".py", ".pl", "authorized_keys"} {
		if strings.HasSuffix(file, suffix) {
			return true
		}
	}
	return containsAny(file, []string{"/www/", "/htdocs/", "/public_html/", "/plugin", "/cron", `\htdocs\`, `\plugin\`, `\inetpub\`})
}

// waits looks for functions that make the server wait. SLEEP(0) does not.
func (f *facts) waits(ws []word) {
	for i := 0; i+2 < len(ws); i++ {
		if !ws[i+1].is("(") || !ws[i].is("sleep", "benchmark") || i > 0 && ws[i-1].is(".") {
			continue
		}
		if ws[i].is("benchmark") || ws[i+2].text != "0" {
			f.add(timeBased, Medium, strings.ToUpper(ws[i].text)+"()")
		}
	}
}

// logSettings are the variables that decide what is logged, and the values that
// do not log less.
var logSettings = map[string][]string{
	"general_log":                {"1", "on", "true"},
	"general_log_file":           nil,
	"log_output":                 nil,
	"slow_query_log":             {"1", "on", "true"},
	"slow_query_log_file":        nil,
	"sql_log_off":                {"0", "off", "false"},
	"sql_log_bin":                {"1", "on", "true"},
	"log_error_verbosity":        {"3"},
	"log_error_suppression_list": nil,
	"server_audit_logging":       {"1", "on", "true"},
	"audit_log_policy":           {"all"},
}

// settings looks for assignments to the variables of logs.
func (f *facts) settings(ws []word) {
	for i := 1; i+2 < len(ws); i++ {
		if !ws[i+1].is("=", ":=") || ws[i].kind != nameWord && ws[i].kind != variableWord {
			continue
		}
		variable := strings.TrimPrefix(ws[i].text, "@@")
		if dot := strings.LastIndexByte(variable, '.'); dot >= 0 {
			variable = variable[dot+1:]
		}
		harmless, known := logSettings[variable]
		value := strings.Trim(strings.ToLower(ws[i+2].text), `'"`)
		if !known || contains(harmless, value) {
			continue
		}
		severity, what := High, variable+" = "+wording.Name(value)
		switch {
		case strings.HasSuffix(variable, "_file") && programFile(value):
			// The log itself becomes a script.
			severity = Critical
			f.add(fileWrite, Critical, "to log into "+wording.Name(value))
		case variable == "sql_log_bin":
			severity = Medium
		}
		f.add(logTampering, severity, what)
	}
}

func contains(list []string, s string) bool {
	for _, t := range list {
		if t == s {
			return true
		}
	}
	return false
}

// rows looks for UPDATE and DELETE of all rows. In a template whose wildcards
// have taken one of two quotes, WHERE may seem to be inside them.
func (f *facts) rows(sql []byte, ws []word, tables []string) {
	if bytes.Contains(sql, []byte(drain.Wildcard)) && (bytes.Contains(sql, []byte(" WHERE ")) || bytes.Contains(sql, []byte(" where "))) {
		return
	}
	vague := false
	for _, w := range ws {
		if w.is("where", "limit") {
			return
		}
		vague = vague || w.kind == wildcardWord && w.depth == 0
	}
	if len(tables) == 0 {
		return
	}
	f.add(destruction, Low, strings.ToUpper(ws[0].text)+" of all rows")
	f.vague = f.vague || vague
}

// ransomNote looks for the names that extortionists give to their notes.
func (f *facts) ransomNote(ws []word, tables []string) {
	if len(ws) < 2 || !ws[1].is("table") || len(tables) == 0 {
		return
	}
	_, base, ok := strings.Cut(strings.ToLower(tables[0]), ".")
	if !ok {
		base = strings.ToLower(tables[0])
	}
	if containsAny(base, []string{"readme", "read_me", "ransom", "recover_your", "how_to_recover"}) || base == "warning" || base == "please_read" {
		f.add(destruction, High, "a table named like a ransom note")
	}
}
