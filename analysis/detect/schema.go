package detect

import (
	"slices"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/sqltext"
)

// placed is a row that was asked in a database, given by its number in the texts of
// the connections.
type placed struct{ row, database uint32 }

// rowsInSchemas judges the rows again that name tables without a schema, for each
// of the server's own schemas that is the current database where they were asked:
// "user" is there the server's table of accounts. In other databases the schema
// matters to no rule. Connections that never come there cost a look at each of
// their databases.
func (j *rowJudge) rowsInSchemas() {
	schemas := map[uint32]string{} // by number, those of the server's own in lower case
	schema := func(id connection.Identity) string {
		s, ok := schemas[id.Database]
		if !ok {
			if s = strings.ToLower(j.Connections.Text(id.Database)); !systemSchema(s) && s != "mysql" {
				s = ""
			}
			schemas[id.Database] = s
		}
		return s
	}
	var unqualified []bool
	for c := range j.ByConnection.Len() {
		visits := false
		j.Connections.Identities(c, func(_ int, id connection.Identity) bool {
			visits = schema(id) != ""
			return !visits
		})
		if !visits {
			continue
		}
		if unqualified == nil {
			unqualified = j.unqualified()
			j.inSchema, j.visitors = map[placed]int32{}, make([]bool, j.ByConnection.Len())
		}
		j.visitors[c] = true
		for _, e := range j.ByConnection.Entries(c) {
			row := j.Entries.Row(int(e))
			if !unqualified[row] {
				continue
			}
			id := j.Connections.Who(c, int(e))
			at := placed{row, id.Database}
			if database := schema(id); database != "" {
				if _, known := j.inSchema[at]; !known {
					j.inSchema[at] = j.fact(int(row), database)
				}
			}
		}
	}
}

// unqualified finds the rows of statements that name a table without a schema.
func (r *run) unqualified() []bool {
	found := make([]bool, len(r.Rows))
	for i, row := range r.Rows {
		found[i] = sqltext.Unqualified(r.Tables[row.Table]) || r.OtherTables != nil && slices.ContainsFunc(r.OtherTables[row.Cluster], sqltext.Unqualified)
	}
	return found
}

// fact returns the index of what an entry asks for, -1 for nothing. row is its row
// and conn its connection.
func (r *run) fact(conn uint32, entry int, row uint32) int32 {
	if r.visitors != nil && r.visitors[conn] {
		if f, ok := r.inSchema[placed{row, r.Connections.Who(int(conn), entry).Database}]; ok {
			return f
		}
	}
	return r.factOf[row]
}

// rowsWith finds the rows that ask, in one database or another, for what holds says
// yes to.
func (r *run) rowsWith(holds func(f *facts) bool) []bool {
	list := make([]bool, len(r.Rows))
	for i, f := range r.factOf {
		list[i] = f >= 0 && holds(&r.facts[f])
	}
	for at, f := range r.inSchema {
		list[at.row] = list[at.row] || f >= 0 && holds(&r.facts[f])
	}
	return list
}
