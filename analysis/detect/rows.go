package detect

import (
	"context"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/sqltext"
)

// verdict is which rules may be true of entries with a set of facts in a database;
// nil for none.
type verdict []candidate

// candidate is a rule that may be true.
type candidate struct {
	rule  *rule.Rule
	rest  rule.Rest     // what each such entry is asked
	level rule.Severity // of every such entry, where known
	known bool
}

// add adds a rule to the verdict on entries of which e knows a part.
func (v verdict) add(rl *rule.Rule, e rule.Event) verdict {
	rest, possible := rl.Given(e)
	if !possible {
		return v
	}
	level, known := rl.LevelOf(e)
	return append(v, candidate{rl, rest, level, known})
}

// maxDatabases is for how many databases sets of facts are evaluated before the
// entries are looked at. With more of them, every set that the database matters to
// is looked at entry by entry.
const maxDatabases = 64

// maxPlaced bounds the verdicts that are kept for sets in databases; who sends
// statements chooses how many there are.
const maxPlaced = 1 << 18

// placed is a set of facts in a database.
type placed struct{ facts, database uint32 }

// evaluateRows evaluates the rules on each distinct set of facts, where its tables
// lack a schema in each database that is the current one somewhere.
func (r *run) evaluateRows(ctx context.Context) error {
	r.sets, r.depends, r.placed = make([]verdict, len(r.Facts)), make([]bool, len(r.Facts)), map[placed]verdict{}
	databases, all := r.databases()
	var facts rule.Facts
	interesting := make([]bool, len(r.Facts))
	for f, set := range r.Facts {
		if f%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		r.depends[f] = unqualified(set)
		r.sets[f] = r.evaluate(set, "", &facts)
		interesting[f] = r.sets[f] != nil
		if !r.depends[f] {
			continue
		}
		interesting[f] = interesting[f] || !all
		for _, db := range databases {
			at := placed{uint32(f), db}
			r.placed[at] = r.evaluate(set, r.Connections.Text(db), &facts)
			interesting[f] = interesting[f] || r.placed[at] != nil
		}
	}
	r.interesting = make([]bool, len(r.Rows))
	for k, row := range r.Rows {
		r.interesting[k] = interesting[row.Fact]
	}
	return nil
}

// databases returns the numbers of the databases that are current somewhere, the
// first maxDatabases, and whether these are all.
func (r *run) databases() (list []uint32, all bool) {
	seen := map[uint32]bool{0: true}
	for c := range r.Connections.Len() {
		r.Connections.Identities(c, func(_ int, id connection.Identity) bool {
			if !seen[id.Database] && len(seen) <= maxDatabases {
				seen[id.Database] = true
				list = append(list, id.Database)
			}
			all = seen[id.Database]
			return all
		})
		if len(seen) > maxDatabases {
			return list, false
		}
	}
	return list, true
}

// evaluate evaluates the rules on a set of facts in a database, empty where that is
// not known.
func (r *run) evaluate(set fact.Set, database string, facts *rule.Facts) (v verdict) {
	facts.Reset(r.builder.Resolve(set, database))
	for _, rl := range r.rules {
		if rl.Kind == rule.Statement {
			v = v.add(rl, facts)
		}
	}
	return v
}

// verdictOf returns the verdict on an entry with a set of facts.
func (r *run) verdictOf(at placed) verdict {
	if !r.depends[at.facts] || at.database == 0 {
		return r.sets[at.facts]
	}
	v, ok := r.placed[at]
	if !ok {
		if len(r.placed) >= maxPlaced {
			clear(r.placed)
		}
		var facts rule.Facts
		v = r.evaluate(r.Facts[at.facts], r.Connections.Text(at.database), &facts)
		r.placed[at] = v
	}
	return v
}

// unqualified reports whether a set names a table without a schema.
func unqualified(set fact.Set) bool {
	for t := range set.Values(fact.Tables) {
		if sqltext.Unqualified(t) {
			return true
		}
	}
	return false
}
