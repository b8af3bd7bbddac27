package fact

import (
	"iter"
	"slices"
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

// splitUse takes a use that is not resolved apart; ok is false for one that is.
func splitUse(v string) (how string, tables []string, ok bool) {
	parts := strings.Split(v, string(useMark))
	return parts[0], parts[1:], len(parts) > 1
}

// resolveUse puts the gravest kind of its tables in front of a use.
func resolveUse(v, database string) string {
	how, tables, raw := splitUse(v)
	if !raw {
		return v
	}
	kind := "application"
	for _, name := range tables {
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
	for _, some := range usesOf(set, Changes, database) {
		tables = append(tables, some...)
	}
	return tables
}

// Rights returns those tables of Changed that are of people and into which a statement
// writes a password or a right.
func Rights(set Set, database string) (tables []string) {
	for how, some := range usesOf(set, Changes, database) {
		if strings.HasSuffix(how, " secret") || strings.HasSuffix(how, " privilege") {
			tables = append(tables, slices.DeleteFunc(some, func(t string) bool { return !PeopleTable(t) })...)
		}
	}
	return tables
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
	for how, tables := range usesOf(set, Reads, database) {
		if words := strings.Fields(how); len(words) == 3 {
			list = append(list, Use{Scope: words[0], Limit: words[1], What: words[2], Tables: tables})
		}
	}
	return list
}

// usesOf yields how a statement uses tables, with these tables.
func usesOf(set Set, f Field, database string) iter.Seq2[string, []string] {
	return func(yield func(how string, tables []string) bool) {
		for v := range set.Values(f) {
			how, tables, raw := splitUse(v)
			for i, name := range tables {
				tables[i] = sqltext.Qualify(name, strings.ToLower(database))
			}
			if raw && !yield(how, tables) {
				return
			}
		}
	}
}
