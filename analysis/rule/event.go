package rule

import "sqleuth/analysis/fact"

// Truth is the answer of a condition that may not know all it asks for.
type Truth uint8

// The answers. Unknown hangs on a field that the event does not know: the same
// condition is to be evaluated again for each entry of the event.
const (
	False Truth = iota
	Unknown
	True
)

// String returns the truth in one word.
func (t Truth) String() string { return [...]string{"false", "unknown", "true"}[t] }

// Event is what rules are evaluated on: a row of alike statements, an entry, a
// login, or a detection as a whole.
type Event interface {
	// Values returns the values of a field, none where the event lacks it, and
	// known false where only parts of the event can answer. The slice is read only
	// and valid until the event changes.
	Values(f Field) (values []string, known bool)
}

// Positive is an Event that knows of numbers which it cannot give whether they are above 0
// in all of its parts.
type Positive interface {
	Positive(f Field) bool
}

// Facts is the Event of a set of facts: what is no fact is unknown. It may be
// embedded in an event that knows more. The zero Facts has no facts.
type Facts struct {
	values []string
	spans  [Text][2]int32 // by field, its part of values
}

// Reset makes e the event of a set.
func (e *Facts) Reset(set fact.Set) {
	e.values, e.spans = e.values[:0], [Text][2]int32{}
	for f, value := range set.All() {
		span := &e.spans[f]
		if span[1] == 0 {
			span[0] = int32(len(e.values))
		}
		e.values = append(e.values, value)
		span[1] = int32(len(e.values))
	}
}

// Values returns the values of a fact, and known false for what is no fact.
func (e *Facts) Values(f Field) ([]string, bool) {
	if f >= Text {
		return nil, false
	}
	span := e.spans[f]
	return e.values[span[0]:span[1]], true
}

// Values is an Event whose fields are all given; a field that is not there has no
// value.
type Values map[Field][]string

// Values returns the values of a field.
func (v Values) Values(f Field) ([]string, bool) { return v[f], true }
