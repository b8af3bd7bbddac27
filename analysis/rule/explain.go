package rule

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
	out := Explanation{Result: r.Match(e)}
	if r.detection != nil {
		out.Condition = r.detection.written
		for _, s := range r.detection.selections {
			out.Selections = append(out.Selections, Explained{s.name, s.node.eval(e), explainItems(s.node, e)})
		}
	}
	for _, a := range r.Levels {
		out.Levels = append(out.Levels, ExplainedLevel{a.When, a.Level, a.condition.eval(e)})
	}
	return out
}

// explainItems lists the fields below a node.
func explainItems(n node, e Event) (list []ExplainedItem) {
	explain := func(f Field, key string, wanted []string) {
		values, _ := e.Values(f)
		list = append(list, ExplainedItem{key, wanted, append([]string(nil), values...), n.eval(e)})
	}
	switch n := n.(type) {
	case and:
		for _, child := range n {
			list = append(list, explainItems(child, e)...)
		}
	case or:
		for _, child := range n {
			list = append(list, explainItems(child, e)...)
		}
	case not:
		return explainItems(n.node, e)
	case named:
		return explainItems(n.node, e)
	case *item:
		explain(n.field, n.key, n.wanted())
	case *exists:
		explain(n.field, n.key, []string{map[bool]string{true: "a value", false: "no value"}[n.want]})
	case *reference:
		explain(n.field, n.key, []string{n.other.String()})
	}
	return list
}

// wanted returns the values of an item; what a modifier adds is written as *.
func (n *item) wanted() []string {
	var list []string
	for _, t := range n.tests {
		list = append(list, t.String())
	}
	if n.null {
		list = append(list, "null")
	}
	return list
}
