package fact

import (
	"iter"
	"strings"

	"sqleuth/analysis/sqltext"
)

// Resolve returns set as it is in a database, the current one, empty where it is not
// known: tables have their schema, and what depends on it is derived, TableKinds, the
// kind of table in Reads and Changes, and questions that are asked of tables.
func Resolve(set Set, database string) Set { return new(Builder).Resolve(set, database) }

// Resolve is the function Resolve with the memory of b, which is reset.
func (b *Builder) Resolve(set Set, database string) Set {
	database = strings.ToLower(database)
	b.Reset()
	for f, v := range set.All() {
		switch f {
		case Tables:
			v = sqltext.Qualify(v, database)
			b.Add(TableKinds, tableKind(v, ""))
			if schema, base, ok := splitName(v); ok && systemSchemas[schema] {
				if q := viewQuestions[base]; q != "" {
					b.Add(Questions, q)
				}
			} else if ok && schema == "mysql" && (tableKind(v, "") == "accounts" || tableKind(v, "") == "privileges") {
				b.Add(Questions, "accounts")
			}
		case Reads, Changes:
			v = resolveUse(v, database)
		}
		b.Add(f, v)
	}
	return b.Set()
}

// resolveUse puts the gravest kind of its tables in front of a use.
func resolveUse(v, database string) string {
	how, names, raw := strings.Cut(v, string(useMark))
	if !raw {
		return v
	}
	kind := "application"
	for name := range strings.SplitSeq(names, string(useMark)) {
		if k := tableKind(name, database); gravity[k] > gravity[kind] {
			kind = k
		}
	}
	return kind + " " + how
}

// Changed returns the tables that a statement writes to, makes or drops, with their
// schema where that is written or a current database is known; from a set that is not
// resolved.
func Changed(set Set, database string) (tables []string) {
	for _, table := range changes(set, database) {
		tables = append(tables, table)
	}
	return tables
}

// Rights returns those tables of Changed that are of people and into which a statement
// writes a password or a right.
func Rights(set Set, database string) (tables []string) {
	for how, table := range changes(set, database) {
		if PeopleTable(table) && (strings.HasSuffix(how, " secret") || strings.HasSuffix(how, " privilege")) {
			tables = append(tables, table)
		}
	}
	return tables
}

// changes yields the tables that a statement changes, each behind "SCOPE WHAT".
func changes(set Set, database string) iter.Seq2[string, string] {
	return func(yield func(how, table string) bool) {
		for v := range set.Values(Changes) {
			how, names, raw := strings.Cut(v, string(useMark))
			if !raw {
				continue
			}
			for name := range strings.SplitSeq(names, string(useMark)) {
				if !yield(how, sqltext.Qualify(name, strings.ToLower(database))) {
					return
				}
			}
		}
	}
}

// Use is what a SELECT asks of its tables.
type Use struct {
	Scope  string   // as the field Scope has it
	Limit  string   // nolimit, limit, paging
	What   string   // columns, constant, aggregate, everything, secret
	Tables []string // with their schema where that is written or a current database is known
}

// Used returns what the SELECTs of a statement ask for, from a set that is not resolved.
func Used(set Set, database string) (list []Use) {
	for v := range set.Values(Reads) {
		how, names, raw := strings.Cut(v, string(useMark))
		words := strings.Fields(how)
		if !raw || len(words) != 3 {
			continue
		}
		u := Use{Scope: words[0], Limit: words[1], What: words[2]}
		for name := range strings.SplitSeq(names, string(useMark)) {
			u.Tables = append(u.Tables, sqltext.Qualify(name, strings.ToLower(database)))
		}
		list = append(list, u)
	}
	return list
}
