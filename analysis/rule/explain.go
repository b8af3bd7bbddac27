package rule

import "slices"

// Explanation is why a rule does or does not match an event.
type Explanation struct {
	Condition  string // as written
	Result     Truth
	Selections []Explained // in the order of the file
	Levels     []ExplainedLevel
}

// Explained is one selection.
type Explained struct {
	Name   string
	Result Truth
	Items  []ExplainedItem
}

// ExplainedItem is one field of a selection.
type ExplainedItem struct {
	Key    string   // the field with its modifiers, as written
	Wanted []string // one of these, or all with the modifier all
	Values []string // what the event has; attacker-written
	Result Truth
}

// ExplainedLevel is one adjustment of the level.
type ExplainedLevel struct {
	When   string
	Level  Severity
	Result Truth
}

// Explain evaluates each part of a rule on an event.
func (r *Rule) Explain(e Event) Explanation {
	out := Explanation{Condition: r.detection.written, Result: r.Match(e)}
	for _, s := range r.detection.selections {
		out.Selections = append(out.Selections, Explained{s.name, eval(s.node, e), explainItems(s.node, e)})
	}
	for _, a := range r.Levels {
		out.Levels = append(out.Levels, ExplainedLevel{a.When, a.Level, eval(a.condition, e)})
	}
	return out
}

// explainItems lists the fields below a node.
func explainItems(n node, e Event) (list []ExplainedItem) {
	walk(n, func(n node) {
		if it, ok := n.(*item); ok {
			values, _ := e.Values(it.field)
			list = append(list, ExplainedItem{it.key, it.wanted(), slices.Clone(values), eval(n, e)})
		}
	})
	return list
}

// wanted returns the values of an item; what a modifier adds is written as *.
func (n *item) wanted() []string {
	var list []string
	for _, t := range n.tests {
		list = append(list, t.String())
	}
	if n.mod != nil {
		list = append(list, n.other.String())
	}
	if n.null {
		list = append(list, "no value")
	}
	return list
}
