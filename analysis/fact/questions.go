package fact

// headQuestions are the questions that statements other than queries ask.
var headQuestions = spread(map[string]string{
	"show databases, show schemas":                                           "databases",
	"show tables, show table status, show open tables":                       "tables",
	"show columns, show fields, describe":                                    "columns",
	"show index, show indexes, show keys":                                    "keys",
	"show create, show create table, show create view, show create database": "table definitions",
	"show variables":               "variables",
	"show status":                  "status",
	"show processlist":             "processes",
	"show grants, show privileges": "grants",
	"show engines, show engine, show plugins, show storage engines": "engines",
	"show procedure status, show function status, show triggers, show events, show create procedure, " +
		"show create function, show create trigger, show create event": "programs",
	"show master status, show slave status, show replica status, show binary logs, show master logs, show binary log, show slave hosts": "replication",
	"show create user": "accounts",
})

// viewQuestions are those that queries of the server's own schemas ask, by the name
// of the table.
var viewQuestions = spread(map[string]string{
	"schemata": "databases",
	"tables, innodb_tables, innodb_sys_tables, views": "tables",
	"columns": "columns",
	"statistics, key_column_usage, table_constraints, referential_constraints":                                 "keys",
	"global_variables, session_variables, variables_info, system_variables":                                    "variables",
	"global_status, session_status":                                                                            "status",
	"processlist, threads, session":                                                                            "processes",
	"user_privileges, schema_privileges, table_privileges, column_privileges, applicable_roles, enabled_roles": "grants",
	"users, accounts, user_attributes":                                                                         "accounts",
	"engines, plugins, all_plugins":                                                                            "engines",
	"routines, triggers, events, parameters":                                                                   "programs",
	"files, innodb_tablespaces, innodb_sys_tablespaces, innodb_datafiles":                                      "tablespaces",
})

// functionQuestions are those of functions that are called without arguments.
var functionQuestions = spread(map[string]string{
	"version": "version",
	"user, current_user, session_user, system_user, current_role": "own user",
	"database, schema": "own database",
})

// variableQuestions are those of system variables.
var variableQuestions = spread(map[string]string{
	"version, version_comment, version_compile_os, version_compile_machine":                                              "version",
	"datadir, basedir, hostname, secure_file_priv, plugin_dir, tmpdir, general_log_file, log_error, slow_query_log_file": "paths",
})

// questions adds the kinds of questions that a statement asks; those that depend on
// the schema are added by Resolve.
func (r *reader) questions(at, to int) {
	r.question(headQuestions[r.head])
	for i := at; i < to; i++ {
		switch w := &r.list[i]; {
		case w.kind == variableWord:
			if name, ok := r.variable(i); ok && !r.assigned(i) {
				r.question(variableQuestions[string(name)])
			}
		case w.kind != nameWord || r.is(i-1, dotKey):
		case r.is(i+1, openKey) && r.is(i+2, closeKey):
			r.question(functionQuestions[string(r.text(i))])
		case !r.is(i+1, openKey) && r.spells(i, "current_user"):
			r.question("own user")
		}
	}
}

// question adds a kind of question, if there is one.
func (r *reader) question(kind string) {
	if kind != "" {
		r.b.Add(Questions, kind)
	}
}
