package fact

import "strings"

// Field is a kind of fact.
type Field uint8

// The fields. Their numbers are those of one build of the program; names are
// what rules and files have.
const (
	Action      Field = iota + 1 // the command that sent the statement, in lower case
	Verb                         // sqltext.Action in lower case, "none" for no statement
	Head                         // leading keywords of what is no plain query, options left out: "create function"
	Tables                       // as written, lower case, without quotes; with a schema after Resolve
	TableKinds                   // derived by Resolve
	Reads                        // "TABLE SCOPE LIMIT WHAT" of each SELECT; after Resolve the kind replaces the table
	Changes                      // "TABLE SCOPE WHAT" of what writes; after Resolve the kind replaces the table
	Scope                        // of the main statement
	Limit                        // of the main statement
	Columns                      // names in select lists, "*" for all
	ColumnKinds                  // of these
	Functions                    // called, lower case
	Calls                        // with the kinds of their first three arguments: "sleep(number)"
	Sets                         // variables that are assigned: "general_log=off"
	Variables                    // system variables that are read: "plugin_dir"
	Files                        // "write script", "read path", ...
	Union                        // what a later SELECT of a UNION is
	UnionRun                     // longest run of constants in one: "1" to "32"
	CommentCut                   // what the comment at the end cuts off
	Comments                     // their kinds
	Encoding                     // how text is written that does not want to be read
	Constants                    // conditions without columns
	Order                        // by number: of a column, or of one beyond those there are; by a constant, as one that is compared with another; by what a query of other rows gives
	Nesting                      // SELECTs inside an expression, "4" for more; absent for none
	Statements                   // in the text, "3" for more
	Questions                    // kinds of questions about the server, derived where they depend on a schema
	Literals                     // what in a literal looks like code
	Open                         // what is open at the end
	Broken                       // what no grammar takes
	Marks                        // signs of programs, and oddities
	Objects                      // names of databases, functions, users, ... that are made, changed or dropped
	Tool                         // signatures of attack tools
	numFields
)

// fields has for each field the name that rules have for it, whether its values are
// names from the log, and all of its values where these are a fixed number.
var fields = [numFields]struct {
	name   string
	open   bool
	values []string
}{
	Action:      {name: "event.action"},
	Verb:        {name: "statement.verb"},
	Head:        {name: "statement.head"},
	Tables:      {name: "statement.tables", open: true},
	TableKinds:  {name: "statement.table_kinds", values: strings.Fields("accounts privileges people catalogue logs code server foreign application")},
	Reads:       {name: "statement.reads"},
	Changes:     {name: "statement.changes"},
	Scope:       {name: "statement.scope", values: strings.Fields("key filtered always never all")},
	Limit:       {name: "statement.limit", values: strings.Fields("none constant paging other")},
	Columns:     {name: "statement.columns", open: true},
	ColumnKinds: {name: "statement.column_kinds", values: strings.Fields("secret privilege contact money all")},
	Functions:   {name: "statement.functions", open: true},
	Calls:       {name: "statement.calls", open: true},
	Sets:        {name: "statement.sets", open: true},
	Variables:   {name: "statement.variables", open: true},
	Files: {name: "statement.files", values: phrases("write script, write library, write web, write key, write system, write path, write local, write unknown, " +
		"read script, read library, read web, read key, read system, read path, read local, read unknown")},
	Union:      {name: "statement.union", values: strings.Fields("true no_table constants")},
	UnionRun:   {name: "statement.union.run"},
	CommentCut: {name: "statement.comment_cut", values: strings.Fields("empty code words open")},
	Comments:   {name: "statement.comments", values: strings.Fields("line hash block version hint between_words")},
	Encoding:   {name: "statement.encoding", values: strings.Fields("hex_text hex_binary hex_pattern char unhex concat_hex glued versioned")},
	Constants: {name: "statement.constants", values: strings.Fields("or_always or_constant or_probe " +
		"and_always and_never and_constant and_probe same chained query reckoned reckoned_text")},
	Order:      {name: "statement.order", values: strings.Fields("number beyond constant query")},
	Nesting:    {name: "statement.nesting", values: strings.Fields("1 2 3 4")},
	Statements: {name: "statement.statements", values: strings.Fields("1 2 3")},
	Questions: {name: "statement.questions", values: phrases("databases, tables, columns, keys, table definitions, variables, status, processes, grants, accounts, " +
		"version, own user, own database, paths, engines, programs, replication, tablespaces")},
	Literals: {name: "statement.literals", values: codeNames[:]},
	Open:     {name: "statement.open", values: strings.Fields("string double name comment")},
	Broken: {name: "statement.broken", values: strings.Fields("bracket_extra bracket_open literal_literal word_after_literal literal_after_word " +
		"operator_operator operator_end clause_order union semicolon stray foreign_cast comma")},
	Marks: {name: "statement.marks", values: strings.Fields("snapshot lock no_cache procedure_analyse any_host " +
		"grant_everywhere grant_option grant_super grant_file grant_process grant_shutdown grant_replication note_name soname temporary apostrophe adds_script")},
	Objects: {name: "statement.objects", open: true},
	Tool:    {name: "statement.tool", values: strings.Fields("sqlmap_marker sqlmap_case sqlmap_cast nmap_users")},
}

// String returns the name that rules have for the field.
func (f Field) String() string { return fields[f].name }

// Values returns the values that the field can have, nil where they are not fixed or
// a rule may well wait for one that no server has yet, as a verb.
func (f Field) Values() []string { return fields[f].values }

// Fields returns all fields in order.
func Fields() []Field {
	all := make([]Field, numFields-1)
	for i := range all {
		all[i] = Field(i + 1)
	}
	return all
}
