package fact

// headQuestions are the questions that statements other than queries ask.
var headQuestions = map[string]string{
	"show databases": "databases", "show schemas": "databases", "show tables": "tables", "show table status": "tables", "show open tables": "tables",
	"show columns": "columns", "show fields": "columns", "describe": "columns", "show index": "keys", "show indexes": "keys", "show keys": "keys",
	"show create": "table definitions", "show variables": "variables", "show status": "status", "show processlist": "processes",
	"show grants": "grants", "show engines": "engines", "show engine": "engines", "show plugins": "engines", "show storage engines": "engines",
	"show procedure status": "programs", "show function status": "programs", "show triggers": "programs", "show events": "programs",
	"show create procedure": "programs", "show create function": "programs", "show create trigger": "programs", "show create event": "programs",
	"show master status": "replication", "show slave status": "replication", "show replica status": "replication", "show binary logs": "replication",
	"show master logs": "replication", "show binary log": "replication", "show slave hosts": "replication", "show create user": "accounts",
	"show create table": "table definitions", "show create view": "table definitions", "show create database": "table definitions",
	"show privileges": "grants", "show character set": "", "show collation": "",
}

// viewQuestions are those that queries of the server's own schemas ask, by the name
// of the table.
var viewQuestions = map[string]string{
	"schemata": "databases", "tables": "tables", "innodb_tables": "tables", "innodb_sys_tables": "tables", "views": "tables", "columns": "columns",
	"statistics": "keys", "key_column_usage": "keys", "table_constraints": "keys", "referential_constraints": "keys",
	"global_variables": "variables", "session_variables": "variables", "variables_info": "variables", "system_variables": "variables",
	"global_status": "status", "session_status": "status", "processlist": "processes", "threads": "processes", "session": "processes",
	"user_privileges": "grants", "schema_privileges": "grants", "table_privileges": "grants", "column_privileges": "grants",
	"applicable_roles": "grants", "enabled_roles": "grants", "users": "accounts", "accounts": "accounts", "user_attributes": "accounts",
	"engines": "engines", "plugins": "engines", "all_plugins": "engines", "routines": "programs", "triggers": "programs", "events": "programs", "parameters": "programs",
	"files": "tablespaces", "innodb_tablespaces": "tablespaces", "innodb_sys_tablespaces": "tablespaces", "innodb_datafiles": "tablespaces",
}

// functionQuestions are those of functions that are called without arguments.
var functionQuestions = map[string]string{"version": "version", "user": "own user", "current_user": "own user", "session_user": "own user",
	"system_user": "own user", "database": "own database", "schema": "own database", "current_role": "own user"}

// variableQuestions are those of system variables.
var variableQuestions = map[string]string{"version": "version", "version_comment": "version", "version_compile_os": "version",
	"version_compile_machine": "version", "datadir": "paths", "basedir": "paths", "hostname": "paths", "secure_file_priv": "paths", "plugin_dir": "paths",
	"tmpdir": "paths", "general_log_file": "paths", "log_error": "paths", "slow_query_log_file": "paths"}

// questions adds the kinds of questions that a statement asks; those that depend on
// the schema are added by Resolve.
func (r *reader) questions(at, to int) {
	if r.list[at].kind == nameWord {
		for s := range r.b.heads() {
			if q := headQuestions[s]; q != "" {
				r.b.Add(Questions, q)
			}
		}
	}
	for i := at; i < to; i++ {
		switch w := &r.list[i]; {
		case w.kind == variableWord:
			if name, ok := r.variable(i); ok && !r.assigned(i) {
				if q := variableQuestions[string(name)]; q != "" {
					r.b.Add(Questions, q)
				}
			}
		case w.kind == nameWord && r.is(i+1, openKey) && r.is(i+2, closeKey) && !r.is(i-1, dotKey):
			if q := functionQuestions[string(r.text(i))]; q != "" {
				r.b.Add(Questions, q)
			}
		case w.kind == nameWord && !r.is(i+1, openKey) && !r.is(i-1, dotKey) && r.spells(i, "current_user"):
			r.b.Add(Questions, "own user")
		}
	}
}

// heads yields the heads that were added.
func (b *Builder) heads() func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for _, s := range b.facts {
			if Field(b.buf[s.from]) == Head && !yield(string(b.buf[s.from+1:s.to])) {
				return
			}
		}
	}
}
