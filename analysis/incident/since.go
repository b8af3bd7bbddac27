package incident

import (
	"slices"

	"sqleuth/analysis/rule"
)

// Is reports whether an incident has an ID, or had it when less was known.
func (x *Incident) Is(id string) bool { return x.ID == id || slices.Contains(x.Formerly, id) }

// IDs returns an incident's ID and those of before.
func (x *Incident) IDs() []string { return append([]string{x.ID}, x.Formerly...) }

// Continue gives incidents the IDs under which they were found before: in a beginning
// of the same log, or before something was declared normal. An actor's ID changes
// with his first entry and his accounts. Where two actors are taken for one now, he has
// the IDs of both. Nobody else may have now yet.
func Continue(before, now []Incident) {
	at := make(map[string]int, len(now))
	for k := range now {
		at[now[k].ID] = k
	}
	for i := range before {
		old := &before[i]
		k, ok := at[old.ID]
		if !ok {
			if k, ok = successor(old, now); !ok {
				continue
			}
		}
		for _, id := range old.IDs() {
			// Of two that were one for a time each has its own again.
			if _, taken := at[id]; !taken && !now[k].Is(id) {
				now[k].Formerly = append(now[k].Formerly, id)
			}
		}
	}
}

// sample is how many entries of an incident are looked for to find it again.
const sample = 32

// successor finds the incident of an actor of the same kind that has most of an older
// one's entries.
func successor(old *Incident, now []Incident) (best int, ok bool) {
	most := 0
	for k := range now {
		if kindred(now[k].Actor.Kind) != kindred(old.Actor.Kind) {
			continue
		}
		n, step := 0, max(1, len(old.Entries)/sample)
		for i := 0; i < len(old.Entries); i += step {
			if _, has := slices.BinarySearch(now[k].Entries, old.Entries[i]); has {
				n++
			}
		}
		if n > most {
			best, most = k, n
		}
	}
	return best, most > 0
}

// kindred puts those kinds together which an actor changes between as he is seen to do
// more.
func kindred(k Kind) Kind {
	if k == Account {
		return Account
	}
	return Host
}

// Change is an incident that was not there before, or not as severe.
type Change struct {
	Incident int // index in the later list
	New      bool
	Was      rule.Severity // where it is not new
}

// Since returns what has changed since an earlier list which the later one continues, in
// the order of the later one.
func Since(before, now []Incident) (changes []Change) {
	was := map[string]rule.Severity{}
	for k := range before {
		was[before[k].ID] = before[k].Severity
	}
	for k := range now {
		x, c := &now[k], Change{Incident: k, New: true}
		for _, id := range x.IDs() {
			if severity, ok := was[id]; ok {
				c.New, c.Was = false, max(c.Was, severity)
			}
		}
		if c.New || c.Was < x.Severity {
			changes = append(changes, c)
		}
	}
	return changes
}
