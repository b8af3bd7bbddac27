package rule

import "time"

// Type is a type of correlation.
type Type uint8

// The types of correlations.
const (
	EventCount Type = iota
	ValueCount
	Temporal
	TemporalOrdered
)

var typeText = [...]string{"event_count", "value_count", "temporal", "temporal_ordered"}

// String returns Sigma's word for the type.
func (t Type) String() string { return typeText[t] }

// Correlated is what a rule of kind Correlation looks for among the hits of others.
type Correlated struct {
	Type     Type
	Refs     []string // the rules as written, by name or id
	Rules    []*Rule  // the same
	GroupBy  []string // names of fields or aliases
	Timespan time.Duration
	Bounds   []Bound  // of counts; all must hold
	Values   []string // fields of which value_count counts the different values
	Generate bool     // the rules referred to make detections of their own too

	aliases map[string]map[string]string // alias, name of a rule -> field
	keys    [][]key                      // by rule, by GroupBy
	values  [][]key                      // by rule, by Values
	// connection is which of GroupBy is the connection of a hit of every rule, -1 for
	// none.
	connection int
}

// Bound is one side of what a count must be.
type Bound struct {
	Op    string // gt, gte, lt, lte, eq, neq
	Value int
}

// key is where a value of a hit comes from: a field of its event, or, of a
// correlation's match, a value of its group.
type key struct {
	field Field
	group int // index into Match.Group, for a match
}

// ofConnections reports whether one of GroupBy is the connection of a hit of every rule.
func (c *Correlated) ofConnections(at int) bool {
	for i, target := range c.Rules {
		k := c.keys[i][at]
		if own := target.Correlated; own == nil && k.field != ConnectionID || own != nil && k.group != own.connection {
			return false
		}
	}
	return true
}
