package fact

import "strings"

// classValues are the values of the fields that have a fixed number of them.
var classValues = func() (table [numFields][]string) {
	for f, list := range map[Field]string{
		TableKinds:  "accounts privileges people catalogue logs code server foreign application",
		Scope:       "key filtered always never all",
		Limit:       "none constant paging other",
		ColumnKinds: "secret privilege contact money all",
		Union:       "true no_table constants",
		CommentCut:  "empty code words open",
		Comments:    "line hash block version hint between_words",
		Encoding:    "hex_text hex_binary hex_pattern char unhex concat_hex glued versioned",
		Constants: "or_always or_never or_constant or_optional or_probe and_always and_never and_constant and_probe same chained query " +
			"reckoned reckoned_text always never small values",
		Order:      "number beyond",
		Nesting:    "1 2 3 4",
		Statements: "1 2 3",
		Open:       "string double name comment",
		Broken: "bracket_extra bracket_open literal_literal word_after_literal literal_after_word operator_operator operator_end " +
			"clause_order union semicolon stray foreign_cast",
		Marks: "snapshot lock no_cache procedure_analyse into_variable prepare_text any_host grant_all grant_everywhere grant_option " +
			"grant_super grant_file grant_process grant_shutdown grant_replication note_name soname temporary",
		Tool: "sqlmap_marker sqlmap_case sqlmap_cast nmap_users",
	} {
		table[f] = strings.Fields(list)
	}
	table[Literals] = codeNames[:]
	table[Questions] = []string{"databases", "tables", "columns", "keys", "table definitions", "variables", "status", "processes", "grants", "accounts",
		"version", "own user", "own database", "paths", "engines", "programs", "replication", "tablespaces"}
	for _, how := range []string{"write", "read"} {
		for what := range strings.FieldsSeq("script library web key system path local unknown") {
			table[Files] = append(table[Files], how+" "+what)
		}
	}
	return table
}()

// Values returns the values that the field can have, nil where they are not fixed or
// a rule may well wait for one that no server has yet, as a verb.
func (f Field) Values() []string { return classValues[f] }
