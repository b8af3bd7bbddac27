package fact

import (
	"slices"
	"strings"
)

// Coarse returns what remains of a set where no more sets can be kept: the fields of
// classes, and of names those that rules ask for. It has finitely many results.
func Coarse(set Set) Set {
	var b Builder
	for f, v := range set.All() {
		switch {
		case f == Reads || f == Changes:
			v = coarseUse(v)
		case f == Action && !knownCommands[v]:
			v = "other"
		case fields[f].open:
			v = coarseName(f, v)
		}
		if v != "" {
			b.Add(f, v)
		}
	}
	return b.Set()
}

// knownCommands are those of the protocol.
var knownCommands = spread(map[string]bool{"query, connect, quit, init db, execute, prepare, close stmt, field list, statistics, ping, reset stmt, " +
	"long data, fetch, change user, create db, drop db, refresh, shutdown, processlist, kill, debug, time, delayed insert, " +
	"binlog dump, binlog dump gtid, table dump, connect out, register slave, register replica, set option, daemon, " +
	"reset connection, clone, bulk_execute, sleep, error": true})

// coarseName returns what a name of an open field is in a coarse set, empty for nothing:
// one of those that rules ask for by themselves, or one for all of a kind.
func coarseName(f Field, name string) string {
	switch f {
	case Tables:
		if table := coarseTable(name); table != ordinary {
			return table
		}
		return ""
	case Objects:
		if noteName(name) {
			return "readme"
		}
		return ""
	}
	known := false
	switch f {
	case Columns:
		known = name == "*"
	case Functions, Calls:
		function, _, _ := strings.Cut(name, "(")
		known = knownFunctions[function] != unknown
	case Variables:
		known = knownVariables[name]
	case Sets:
		variable, _, _ := strings.Cut(name, "=")
		known = knownSettings[variable]
	}
	if !known {
		return ""
	}
	return name
}

// ordinary is the one name for all tables of no special kind.
const ordinary = "other"

// coarseTable returns the name of a table that the server has, or one for all tables of a
// kind.
func coarseTable(name string) string {
	schema, base, ok := splitName(name)
	system := systemSchemas[schema]
	switch {
	case system && viewQuestions[base] != "", (!ok || schema == "mysql") && mysqlKinds[base] != "":
		return name
	case system || schema == "mysql":
		return schema + ".other"
	case tableKind(name, "") == "people":
		return "users"
	case foreignTables[base]:
		return base
	case noteName(base):
		return "readme"
	}
	return ordinary
}

// coarseUse makes the tables of a use coarse.
func coarseUse(v string) string {
	how, tables, raw := splitUse(v)
	if !raw {
		return v
	}
	best := ""
	for _, name := range tables {
		if name = coarseTable(name); best == "" || gravity[tableKind(name, "mysql")] > gravity[tableKind(best, "mysql")] {
			best = name
		}
	}
	return how + string(useMark) + best
}

// gravest are the fields of which Gravest keeps one, those first that an attack
// seldom has no need of and honest statements seldom have.
var gravest = []Field{Files, Sets, Literals, Calls, Changes, Reads, Tool, Constants, UnionRun, CommentCut, Encoding, ColumnKinds, Questions, Broken, Marks, Head}

// Gravest returns what is kept of a coarse set where a log has too many of those
// too: the verb and a single fact, of which there are only so many. Of the values
// of a field it is the last one: to write sorts behind to read.
func Gravest(s Set) Set {
	var b Builder
	for v := range s.Values(Verb) {
		b.Add(Verb, v)
	}
	for _, f := range gravest {
		if values := slices.Collect(s.Values(f)); values != nil {
			b.Add(f, values[len(values)-1])
			break
		}
	}
	return b.Set()
}
