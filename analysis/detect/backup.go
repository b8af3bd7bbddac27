package detect

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/rule"
)

// backupOrTheft weighs the reasons for a backup against those for a theft. A login
// after failures and a taste for people weigh most, as does a habit; the statements
// of a dump program weigh little, since thieves use it too.
func backupOrTheft(r *run, m *match) (word, note string) {
	p := m.ev.rule.Parameters
	otherDay := r.otherDay(m, p.Duration("same-time", 10*time.Minute))
	marks := r.marks(m.conn)
	tables := m.values[rule.Field(fact.Tables)]
	kinds := m.values[rule.Field(fact.TableKinds)]
	people := len(kinds) > 0 && !slices.ContainsFunc(kinds, func(k string) bool { return k != "people" && k != "accounts" })
	failed := m.logged() != nil && m.guesses() >= int(p.Number("failures", 10))
	host := r.Connections.Text(m.id.Host)
	var backup, theft reasons
	backup.add(otherDay, 3, "same account at this time on another day")
	backup.add(slices.Contains(marks, "snapshot"), 1, "consistent snapshot")
	backup.add(slices.Contains(marks, "lock"), 1, "locks tables")
	backup.add(len(tables) >= 5 && r.ordered(m), 1, "tables in order of names")
	backup.add(host != none && local(host), 1, "from the server itself")
	theft.add(failed, 5, "the host failed to log in many times before")
	theft.add(people, 3, "only tables of people")
	theft.add(!otherDay, 1, "on no other day at this time")
	theft.add(!slices.Contains(marks, "snapshot") && !slices.Contains(marks, "lock"), 1, "no transaction or lock")
	word = "unclear"
	switch cmp.Compare(backup.weight, theft.weight) {
	case 1:
		word = "backup"
	case -1:
		word = "theft"
	}
	return word, "for a backup: " + backup.String() + "; for a theft: " + theft.String()
}

// reasons are what speaks for one reading of a dump.
type reasons struct {
	texts  []string
	weight int
}

func (r *reasons) add(holds bool, weight int, text string) {
	if holds {
		r.texts = append(r.texts, text)
		r.weight += weight
	}
}

// String lists the reasons.
func (r reasons) String() string {
	if len(r.texts) == 0 {
		return "nothing"
	}
	return strings.Join(r.texts, ", ")
}

// marks returns the signs of programs among the statements of a connection.
func (r *run) marks(conn uint32) (found []string) {
	seen := map[uint32]bool{}
	for _, i := range r.ByConnection.Entries(int(conn)) {
		f := r.Rows[r.Entries.Row(int(i))].Fact
		if seen[f] {
			continue
		}
		seen[f] = true
		for v := range r.Facts[f].Values(fact.Marks) {
			if !slices.Contains(found, v) {
				found = append(found, v)
			}
		}
	}
	return found
}

// ordered reports whether the tables of the evidence come in the order of their
// names.
func (r *run) ordered(m *match) bool {
	before := ""
	for _, i := range m.ev.entries {
		table := strings.ToLower(r.Table(int(i)))
		if table < before {
			return false
		}
		before = table
	}
	return true
}
