package rule

import (
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Kind is what a rule is evaluated on.
type Kind uint8

// The kinds of rules.
const (
	Statement   Kind = iota // rows and entries
	Login                   // logins
	Correlation             // hits of other rules
	Native                  // code of package detect, by name
)

// String returns the kind in one word.
func (k Kind) String() string {
	return [...]string{"statement", "login", "correlation", "native"}[k]
}

// Per is what hits of a rule must have in common to be one detection.
type Per uint8

// What hits have in common.
const (
	PerAccount    Per = iota // user and host; the default
	PerConnection            // one connection
	PerHost                  // the host
	PerLog                   // nothing
)

var perText = [...]string{"account", "connection", "host", "log"}

// String returns the word that files have for it.
func (p Per) String() string { return perText[p] }

// Rule is what a detection looks for, as a document of a file has it.
type Rule struct {
	ID          string // a UUID; empty for a rule that only correlations refer to
	Name        string // "D14", unique
	Title       string
	Description string
	Level       Severity // of a detection without a reason to rate it higher or lower
	Levels      []Adjustment
	Tactics     []string // of ATT&CK, from the tags: "initial-access"
	Techniques  []Technique

	Says   Template // the summary of a detection
	Sees   string   // what a hit shows
	Misses string   // what it cannot see
	Alike  string   // who looks the same
	Next   string   // what to look at next

	Kind       Kind
	Per        Per
	Pause      time.Duration // hits that lie closer are one detection; 0: the engine's default
	Native     string        // name of code in package detect, with or without a detection
	Parameters Parameters    // of that code
	Correlated *Correlated   // of Kind Correlation only

	Source  Source
	Builtin bool
	Enabled bool
	Silent  bool // only correlations want its hits

	Asks FieldSet // all fields that the rule or its levels ask for; Text costs a pass over the log

	detection *detection // never nil; one that is never true of a rule without
	file      Document   // that it is in
	place     int        // of its document in the file
}

// Source is where a rule was read.
type Source struct {
	File   string // as the user would name it
	Line   int    // of the document
	SHA256 string // of the file, in hexadecimal
}

// Adjustment is another level for detections of which a condition is true. All
// are evaluated in order; the last that is true counts.
type Adjustment struct {
	When  string // as written
	Level Severity

	condition node
}

// called reports whether a reference, by name or id, means the rule.
func (r *Rule) called(ref string) bool {
	return ref == r.Name || r.ID != "" && strings.EqualFold(ref, r.ID)
}

// Tests reads the rule's own examples.
func (r *Rule) Tests() []Test {
	p := new(parser)
	return p.tests(p.mapping(r.yaml(), "").block("sqleuth"))
}

// yaml returns the YAML document that the rule was read from, each time a new one.
func (r *Rule) yaml() *yaml.Node { return new(parser).documents(r.file.Text)[r.place] }

// Document returns the YAML document that the rule was read from.
func (r *Rule) Document() []byte {
	text, err := yaml.Marshal(r.yaml())
	if err != nil {
		panic(err) // it was read from YAML
	}
	return text
}

// Match evaluates the rule's condition. A rule without one is never true.
func (r *Rule) Match(e Event) Truth { return eval(r.detection.condition, e) }

// Rest is what is left to ask where a part of an event is known.
type Rest struct{ condition node }

// Given evaluates the rule's condition on what e knows: an event that is e but knows
// more is asked for the rest only. Possible is false where the rule cannot be true of
// any.
func (r *Rule) Given(e Event) (rest Rest, possible bool) {
	rest.condition = r.detection.condition.given(e)
	return rest, rest.condition != settled(false)
}

// Match evaluates the rest.
func (r Rest) Match(e Event) Truth { return eval(r.condition, e) }

// LevelOf returns the level of a hit. Certain is false where it hangs on what the
// event does not know; the level is then that of the conditions known.
func (r *Rule) LevelOf(e Event) (level Severity, certain bool) {
	level, certain = r.Level, true
	for i := range r.Levels {
		switch eval(r.Levels[i].condition, e) {
		case True:
			level, certain = r.Levels[i].Level, true
		case Unknown:
			certain = false
		}
	}
	return level, certain
}
