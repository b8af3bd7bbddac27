package trait

import (
	"math/bits"
	"strings"

	"sqleuth/analysis/fact"
)

// Asked is what a statement asks for, as a set.
type Asked uint32

// What a statement may ask for, or look like.
const (
	AskInjected    Asked = 1 << iota // text that no program writes into its own statements
	AskQuestion                      // about the server, its schema or its users
	AskDefinition                    // which databases, tables and columns there are
	AskAccounts                      // the server's accounts and rights
	AskSecrets                       // passwords and the like of an application's users, without a key
	AskPeople                        // tables of people without a key
	AskWhole                         // a table as a whole
	AskDestroy                       // drops, empties
	AskFile                          // files of the server
	AskCode                          // functions from libraries, plugins
	AskRights                        // accounts made or changed
	AskLogs                          // logs switched or moved
	AskTool                          // the signature of a tool
	AskPeopleCount                   // how many people a table holds, or all of them
)

// Count returns how many things are asked for. To count people is part of any of them
// and none by itself.
func (a Asked) Count() int { return bits.OnesCount32(uint32(a &^ AskPeopleCount)) }

// Gravity is how grave the gravest thing that is asked for is, 0 to 1. The order is
// that of what cannot be undone, then of what opens the server, then of what is known
// afterwards; the figures are a rank, and only their order is meant.
func (a Asked) Gravity() float64 {
	for _, g := range gravity {
		if a&g.what != 0 {
			return g.grave
		}
	}
	return 0
}

var gravity = []struct {
	what  Asked
	grave float64
}{
	{AskCode | AskInjected | AskTool, 1}, {AskDestroy | AskFile | AskRights | AskLogs, 0.8}, {AskAccounts | AskSecrets, 0.6}, {AskPeople, 0.5}, {AskDefinition | AskWhole, 0.3}, {AskQuestion, 0.2},
}

// AskedOf returns what a set of facts asks for in a database.
func AskedOf(set fact.Set, database string) (a Asked) {
	inside := false
	for f, v := range fact.Resolve(set, strings.ToLower(database)).All() {
		a |= askedBy(f, v)
		inside = inside || insideOf(f, v)
	}
	if !inside {
		a &^= askWait
	}
	if a&askWait != 0 {
		a = a&^askWait | AskInjected
	}
	return a
}

// askWait is a function that makes the server wait or fail. Who types it, or has it in a
// test, sends it alone; text that was injected is part of a statement, or cuts one off.
const askWait Asked = 1 << 31

func insideOf(f fact.Field, v string) bool {
	switch f {
	case fact.Tables, fact.Nesting, fact.Union, fact.CommentCut:
		return true
	case fact.Statements:
		return v != "1"
	}
	return false
}

func askedBy(f fact.Field, v string) Asked {
	if fact.Injected(f, v) {
		return AskInjected
	}
	switch f {
	case fact.Functions:
		switch v {
		case "extractvalue", "updatexml", "sleep", "benchmark":
			return askWait
		case "load_file":
			return AskFile
		}
	case fact.Tool:
		return AskTool
	case fact.Questions:
		switch v {
		case "databases", "tables", "columns", "table definitions":
			return AskQuestion | AskDefinition
		case "accounts", "grants":
			return AskQuestion | AskAccounts
		}
		return AskQuestion
	case fact.Reads:
		return askedByRead(v)
	case fact.Files:
		return AskFile
	case fact.Marks:
		if v == "soname" {
			return AskCode
		}
	case fact.Sets:
		if strings.Contains(v, "log") && !strings.HasPrefix(v, "sql_log") {
			return AskLogs
		}
	case fact.Verb, fact.Head:
		return headAsks[v]
	}
	return 0
}

// headAsks is what statements ask for that are no plain queries.
var headAsks = map[string]Asked{
	"truncate": AskDestroy, "drop database": AskDestroy, "drop schema": AskDestroy, "drop table": AskDestroy, "drop tables": AskDestroy,
	"install plugin": AskCode, "install soname": AskCode, "install component": AskCode,
	"create user": AskRights, "alter user": AskRights, "drop user": AskRights, "rename user": AskRights, "grant": AskRights, "revoke": AskRights, "set password": AskRights,
	"show create user": AskAccounts,
}

// askedByRead reads "KIND SCOPE LIMIT WHAT".
func askedByRead(v string) (a Asked) {
	part := strings.Fields(v)
	if len(part) != 4 {
		return 0
	}
	kind, scope, limit, what := part[0], part[1], part[2], part[3]
	all := scope == "all" || scope == "always"
	switch {
	case kind == "accounts" || kind == "privileges":
		a |= AskAccounts
	case kind == "people" && scope != "key" && scope != "never" && what != "constant" && what != "aggregate":
		a |= AskPeople
		if what == "secret" || what == "everything" && all {
			a |= AskSecrets
		}
	}
	if kind == "people" && all {
		a |= AskPeopleCount
	}
	if all && limit == "nolimit" && what == "everything" {
		a |= AskWhole
	}
	return a
}
