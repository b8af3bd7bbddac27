package fact

// Field is a kind of fact.
type Field uint8

// The fields. Their numbers are those of one build of the program; names are
// what rules and files have.
const (
	Action      Field = iota + 1 // the command that sent the statement, in lower case
	Verb                         // sqltext.Action in lower case, "none" for no statement
	Head                         // leading keywords of what is no plain query, options left out: "create function"
	Tables                       // as written, lower case, without quotes; with a schema after Resolve
	TableKinds                   // derived: accounts, privileges, people, catalogue, logs, code, server, application
	Reads                        // "TABLE SCOPE LIMIT WHAT" of each SELECT; after Resolve the kind replaces the table
	Changes                      // "TABLE SCOPE WHAT" of what writes; after Resolve the kind replaces the table
	Scope                        // of the main statement: key, filtered, always, all
	Limit                        // none, constant, paging, other
	Columns                      // names in select lists, "*" for all
	ColumnKinds                  // secret, privilege, contact, money, all
	Functions                    // called, lower case
	Calls                        // with the kinds of their first three arguments: "sleep(number)"
	Sets                         // variables that are assigned: "general_log=off"
	Variables                    // system variables that are read: "plugin_dir"
	Files                        // "write script", "read path", ...
	Union                        // "true"
	UnionRun                     // longest run of constants in a later SELECT of a UNION: "1" to "32"
	CommentCut                   // "true": a comment cuts off the rest
	Comments                     // line, block, version, hint, between_words
	Encoding                     // hex_text, hex_binary, hex_pattern, char, unhex, concat_hex, glued, versioned
	Constants                    // always, never, or_always, and_constant
	Order                        // number, beyond the columns there are
	Nesting                      // SELECTs inside an expression: "0" to "4"
	Statements                   // in the text: "1", "2", "3" for more
	Questions                    // kinds of questions about the server, derived where they depend on a schema
	Literals                     // what in a literal looks like code: script, php, sql, shell, path, url, wallet, mail
	Open                         // string, double, name, comment
	Broken                       // what no grammar takes
	Marks                        // signs of programs: snapshot, lock, no_cache
	Objects                      // names of databases, functions, users, ... that are made, changed or dropped
	Tool                         // signatures of attack tools
	numFields
)

// names are what rules call the fields.
var names = [numFields]string{
	Action: "event.action", Verb: "statement.verb", Head: "statement.head", Tables: "statement.tables",
	TableKinds: "statement.table_kinds", Reads: "statement.reads", Changes: "statement.changes", Scope: "statement.scope",
	Limit: "statement.limit", Columns: "statement.columns", ColumnKinds: "statement.column_kinds",
	Functions: "statement.functions", Calls: "statement.calls", Sets: "statement.sets", Variables: "statement.variables",
	Files: "statement.files", Union: "statement.union", UnionRun: "statement.union.run", CommentCut: "statement.comment_cut",
	Comments: "statement.comments", Encoding: "statement.encoding", Constants: "statement.constants", Order: "statement.order",
	Nesting: "statement.nesting", Statements: "statement.statements", Questions: "statement.questions",
	Literals: "statement.literals", Open: "statement.open", Broken: "statement.broken", Marks: "statement.marks",
	Objects: "statement.objects", Tool: "statement.tool",
}

// String returns the name that rules have for the field.
func (f Field) String() string { return names[f] }

// FieldNamed returns the field of a name, false for none.
func FieldNamed(name string) (Field, bool) {
	for f := Field(1); f < numFields; f++ {
		if names[f] == name {
			return f, true
		}
	}
	return 0, false
}

// Fields returns all fields in order.
func Fields() []Field {
	list := make([]Field, 0, numFields-1)
	for f := Field(1); f < numFields; f++ {
		list = append(list, f)
	}
	return list
}
