package integrity

import (
	"cmp"
	"slices"
	"sort"

	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// counts names what Finding.Count counts, by kind: one of it, and many.
var counts = [kinds][2]string{
	Damaged:        {"damaged file", "damaged files"},
	Hole:           {"hole", "holes"},
	Unread:         {"stretch outside entries", "stretches outside entries"},
	MixedForms:     {"header of another form", "headers of another form"},
	Restarted:      {"restart", "restarts"},
	Reopened:       {"reopening of the log", "reopenings of the log"},
	RunWithout:     {"server run without banner", "server runs without banner"},
	StoppedNot:     {"shutdown that was none", "shutdowns that were none"},
	Backwards:      {"step back in time", "steps back in time"},
	Silence:        {"silence", "silences"},
	LoggingChanged: {"change of logging asked for", "changes of logging asked for"},
	NeverConnected: {"id that never connected", "ids that never connected"},
	MissingIDs:     {"missing id", "missing ids"},
	Forged:         {"possible forged entry", "possible forged entries"},
	Ambiguous:      {"ambiguous login", "ambiguous logins"},
	Displaced:      {"login out of order", "logins out of order"},
	Survivors:      {"connection that outlived a restart", "connections that outlived a restart"},
	OpenEnded:      {"open-ended statement", "open-ended statements"},
	Mingled:        {"server read as one with others", "servers read as one"},
	Copied:         {"copied file", "copied files"},
}

// Tally is all findings of a kind together.
type Tally struct {
	Kind     Kind
	Severity rule.Severity // of the gravest
	Count    int           // of what the kind counts
}

// String returns the tally in words: "2 possible forged entries".
func (t Tally) String() string {
	return wording.Counted(t.Count, counts[t.Kind][0], counts[t.Kind][1])
}

// Tallies counts the findings by kind, the gravest first; of the same severity
// those that somebody made before those that happen.
func (r Report) Tallies() []Tally {
	var list []Tally
	for _, f := range r.Findings {
		k := slices.IndexFunc(list, func(t Tally) bool { return t.Kind == f.Kind })
		if k < 0 {
			k = len(list)
			list = append(list, Tally{Kind: f.Kind})
		}
		list[k].Severity = max(list[k].Severity, f.Severity)
		list[k].Count += max(1, f.Count) // a forged banner is no entry
	}
	slices.SortStableFunc(list, func(a, b Tally) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Kind, a.Kind))
	})
	return list
}

// Embedded is a run of entries that may be text of the entry before them: those
// behind Opener up to Last. Where they are one, only a banner may be.
type Embedded struct {
	Opener, Last int
	InName       bool // of a name that Opener logs in with, else of its statement
}

// EmbeddedAt returns the run that entry i opens or is in.
func (r Report) EmbeddedAt(i int) (e Embedded, ok bool) {
	k := sort.Search(len(r.Embedded), func(k int) bool { return r.Embedded[k].Last >= i })
	if k == len(r.Embedded) || r.Embedded[k].Opener > i {
		return Embedded{}, false
	}
	return r.Embedded[k], true
}
