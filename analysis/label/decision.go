package label

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Outcome is what was decided of an incident.
type Outcome uint8

// The outcomes.
const (
	Open      Outcome = iota // nothing yet
	Accepted                 // it is an attack
	Dismissed                // it has an honest cause
)

var outcomeTexts = [...]string{Open: "open", Accepted: "accepted", Dismissed: "dismissed"}

// Outcomes returns them in words.
func Outcomes() []string { return slices.Clone(outcomeTexts[:]) }

// String returns the outcome in one word.
func (o Outcome) String() string {
	if int(o) >= len(outcomeTexts) {
		return fmt.Sprintf("Outcome(%d)", uint8(o))
	}
	return outcomeTexts[o]
}

// ParseOutcome reads what String gives.
func ParseOutcome(text string) (Outcome, error) {
	if i := slices.Index(outcomeTexts[:], text); i >= 0 {
		return Outcome(i), nil
	}
	return 0, fmt.Errorf("outcome %s: want one of %s", quote(text), strings.Join(outcomeTexts[:], ", "))
}

// Decision is what was decided of an incident, and noted about it.
type Decision struct {
	Outcome Outcome
	Note    string // why, or any remark, on one line
	At      time.Time
	Analyst string // who decided, empty where nobody is named
}

// Empty reports whether nothing was decided or noted, or all of it was taken back.
func (d Decision) Empty() bool { return d.Outcome == Open && d.Note == "" }

// Sign is the outcome in a character: + for accepted, - for dismissed, * for a note alone;
// empty for nothing.
func (d Decision) Sign() string {
	if d.Empty() {
		return ""
	}
	return [...]string{Open: "*", Accepted: "+", Dismissed: "-"}[d.Outcome]
}

// Said returns what was decided by whom on which day: "dismissed by Ann on 2025-03-12: a
// restore"; of a note alone "noted on 2025-03-12: ask the host's owner".
func (d Decision) Said() string {
	text := d.Outcome.String()
	if d.Outcome == Open && d.Note != "" {
		text = "noted"
	}
	if d.Analyst != "" {
		text += " by " + d.Analyst
	}
	return dated(text, d.At, d.Note)
}

// dated adds on which day somebody did what a text names, and why.
func dated(text string, at time.Time, why string) string {
	if !at.IsZero() {
		text += " on " + at.Format(time.DateOnly)
	}
	if why != "" {
		text += ": " + why
	}
	return text
}

// Text returns what was decided: "dismissed: a restore".
func (d Decision) Text() string {
	if d.Note == "" {
		return d.Outcome.String()
	}
	return d.Outcome.String() + ": " + d.Note
}

func (d Decision) at() time.Time { return d.At }

// compare is a total order. Of two outcomes of one moment, the later in the list of
// outcomes is the lower: an attack is not to be lost.
func (d Decision) compare(o Decision) int {
	return cmp.Or(cmp.Compare(o.Outcome, d.Outcome), cmp.Compare(d.Note, o.Note), d.At.Compare(o.At), cmp.Compare(d.Analyst, o.Analyst))
}

func (d Decision) check() (Decision, error) {
	if int(d.Outcome) >= len(outcomeTexts) {
		return d, fmt.Errorf("unknown outcome %d", d.Outcome)
	}
	note, err := Note{Text: d.Note, At: d.At, Analyst: d.Analyst}.check()
	d.Note, d.At = note.Text, note.At
	return d, err
}

// MaxDecided is about how many incidents something may be decided.
const MaxDecided = 1 << 14

// checkIncident returns why text cannot be the name of an incident, or nil.
func checkIncident(id string) error {
	if len(id) == 0 || len(id) > 64 || strings.Trim(id, "0123456789abcdef") != "" {
		return fmt.Errorf("incident %s: its name is of hexadecimal digits", quote(id))
	}
	return nil
}

// decided is the history of the decisions on an incident.
type decided struct {
	incident string
	chain    *chain[Decision]
}

func (d decided) equal(o decided) bool { return d.incident == o.incident && d.chain.equal(o.chain) }

// Decisions is all that was decided of an incident, the newest first: that holds.
type Decisions struct {
	Incident string
	Given    []Given[Decision]
}

// Decision returns what was decided of an incident, if anything was.
func (s Set) Decision(incident string) (Decision, bool) {
	d := s.get().decision(incident).holds()
	return d, !d.Empty()
}

// DecisionOn is Decision of an incident that had other names before: that under the first
// name which has one.
func (s Set) DecisionOn(incident string, formerly []string) (Decision, bool) {
	return s.Decision(s.get().decidedAs(incident, formerly)[0])
}

// decidedAs returns those of an incident's names under which something is decided, or
// where nothing is the name of now.
func (st *state) decidedAs(incident string, formerly []string) []string {
	var names []string
	for _, name := range append([]string{incident}, formerly...) {
		if !st.decision(name).holds().Empty() {
			names = append(names, name)
		}
	}
	if names == nil {
		return []string{incident}
	}
	return names
}

// Decided returns of how many incidents something is decided or noted.
func (s Set) Decided() (n int) {
	for _, d := range s.get().decided {
		if !d.chain.What.Empty() {
			n++
		}
	}
	return n
}

// Decisions returns all that was ever decided, by the names of the incidents.
func (s Set) Decisions() []Decisions {
	var out []Decisions
	for _, d := range s.get().decided {
		out = append(out, Decisions{d.incident, d.chain.all(nil)})
	}
	return out
}

// WithDecisions returns the set with decisions as a case file holds them, in any order.
func (s Set) WithDecisions(list []Decisions) (Set, error) {
	st := s.get()
	var share interner[Decision]
	for _, d := range list {
		given, err := checked(nil, d.Given, Decision.check)
		if err == nil {
			err = checkIncident(d.Incident)
		}
		if err == nil && len(given) == 0 {
			err = fmt.Errorf("incident %s: no decision", quote(d.Incident))
		}
		if err == nil && st.decision(d.Incident) != nil {
			err = fmt.Errorf("incident %s stands there twice", quote(d.Incident))
		}
		if err != nil {
			return Set{}, fmt.Errorf("decisions: %w", err)
		}
		st = st.decide(d.Incident, share.history(given))
	}
	if len(st.decided) > MaxDecided {
		return Set{}, fmt.Errorf("decisions: on %d incidents, the limit is %d", len(st.decided), MaxDecided)
	}
	return Set{st}, nil
}

func compareDecided(d decided, incident string) int { return cmp.Compare(d.incident, incident) }

func (st *state) decision(incident string) *chain[Decision] {
	if at, found := slices.BinarySearchFunc(st.decided, incident, compareDecided); found {
		return st.decided[at].chain
	}
	return nil
}

// decide returns the same labels with another history of the decisions on an incident,
// nil for none.
func (st *state) decide(incident string, c *chain[Decision]) *state {
	at, found := slices.BinarySearchFunc(st.decided, incident, compareDecided)
	list := slices.Clone(st.decided)
	switch {
	case found && c == nil:
		list = slices.Delete(list, at, at+1)
	case found:
		list[at].chain = c
	case c != nil:
		list = slices.Insert(list, at, decided{incident, c})
	}
	next := *st
	next.decided = list
	return &next
}

// verdictOn is an incident's part of a step.
type verdictOn struct {
	incident      string
	before, after *chain[Decision]
}

// redecide does, or takes back, what a step did to incidents. What others changed since
// stays.
func (st *state) redecide(list []verdictOn, back bool) *state {
	for _, d := range list {
		from, to := d.before, d.after
		if back {
			from, to = to, from
		}
		if st.decision(d.incident).equal(from) {
			st = st.decide(d.incident, to)
		}
	}
	return st
}

// Decide records what an incident is, and why, under that of its names which DecisionOn
// reads. Open without a note takes back what was decided under any of them. What holds
// already is no step.
func (b *Book) Decide(incident string, formerly []string, outcome Outcome, note string, at time.Time) (Step, error) {
	what, err := Decision{outcome, note, at, b.analyst}.check()
	if err == nil {
		err = checkIncident(incident)
	}
	names := b.current.decidedAs(incident, formerly)
	if err == nil && b.current.decision(names[0]) == nil && len(b.current.decided) >= MaxDecided {
		err = errors.New("there are decisions on " + fmt.Sprint(MaxDecided) + " incidents already")
	}
	if err != nil {
		return Step{}, fmt.Errorf("decide on an incident: %w", err)
	}
	if !what.Empty() {
		names = names[:1]
	}
	s := step{op: OpDecide}
	var share interner[Decision]
	for _, name := range names {
		before := b.current.decision(name)
		if now := before.holds(); now.Outcome != what.Outcome || now.Note != what.Note {
			s.decided = append(s.decided, verdictOn{name, before, share.push(before, what)})
		}
	}
	return b.commit(s, b.current.classes), nil
}

// mergeDecided takes from each side what it changed, and of both where both did.
func mergeDecided(base, ours, theirs *state) *state {
	var share interner[Decision]
	for _, list := range [][]decided{base.decided, theirs.decided} {
		for _, d := range list {
			mine := ours.decision(d.incident)
			if picked, _ := pick(&share, base.decision(d.incident), mine, theirs.decision(d.incident)); !picked.equal(mine) {
				ours = ours.decide(d.incident, picked)
			}
		}
	}
	return ours
}
