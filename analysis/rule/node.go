package rule

import "strings"

// node is a part of a condition.
type node interface {
	// given returns what is left to ask of an event that is e but knows more: settled
	// where e knows enough, else a node that asks for nothing that e knows.
	given(e Event) node
}

type (
	// settled is a node of which the answer is known.
	settled bool
	// junction is true when all of its parts are, or, where all is false, one of them.
	junction struct {
		all   bool
		parts []node
	}
	not struct{ node }
	// item is one field of a selection with what is asked of its values.
	item struct {
		field Field
		key   string // as written, with its modifiers
		tests []test
		all   bool // each test must be true of a value, else one
		null  bool // no value at all is right too

		// Of fieldref, where mod is not nil: the tests are of the values of another field.
		other Field
		mod   modifiers
	}
)

// test is asked of one value of a field, which it also gets in lower case: texts are
// long, and rules have many words.
type test interface {
	match(value, lower string) bool
	String() string
}

// eval answers a node as far as the event knows.
func eval(n node, e Event) Truth {
	switch n.given(e) {
	case settled(true):
		return True
	case settled(false):
		return False
	}
	return Unknown
}

// join returns the junction of nodes.
func join(all bool, parts []node) node {
	switch len(parts) {
	case 0:
		return settled(all)
	case 1:
		return parts[0]
	}
	return junction{all, parts}
}

func (n settled) given(Event) node { return n }

func (n junction) given(e Event) node {
	var rest []node
	for _, part := range n.parts {
		switch part := part.given(e); part {
		case settled(!n.all):
			return part
		case settled(n.all):
		default:
			rest = append(rest, part)
		}
	}
	return join(n.all, rest)
}

func (n not) given(e Event) node {
	rest := n.node.given(e)
	if s, ok := rest.(settled); ok {
		return !s
	}
	return not{rest}
}

func (n *item) given(e Event) node {
	tests := n.tests
	if n.mod != nil {
		values, known := e.Values(n.other)
		if !known {
			return n
		}
		for _, v := range values {
			t, _ := n.mod.pattern(plain.Replace(v)) // which has no ? and so no error
			tests = append(tests, t)
		}
	}
	values, known := e.Values(n.field)
	switch {
	case !known && n.isZero() && positive(e, n.field):
		return settled(false)
	case !known:
		return n
	case len(values) == 0:
		return settled(n.null)
	}
	return settled(n.holds(tests, values))
}

// isZero reports whether the item asks for 0 and nothing else.
func (n *item) isZero() bool {
	if n.mod != nil || len(n.tests) != 1 {
		return false
	}
	p, ok := n.tests[0].(pattern)
	return ok && p.written == "0"
}

// positive reports whether an event knows that a number is above 0, see Positive.
func positive(e Event, f Field) bool {
	p, ok := e.(Positive)
	return ok && p.Positive(f)
}

// holds asks values the tests.
func (n *item) holds(tests []test, values []string) bool {
	var few [8]string
	lower := few[:0]
	for _, v := range values {
		lower = append(lower, strings.ToLower(v))
	}
	for _, t := range tests {
		found := false
		for i, v := range values {
			if t.match(v, lower[i]) {
				found = true
				break
			}
		}
		if found != n.all {
			return found
		}
	}
	return n.all && len(tests) > 0
}

// walk visits a node and all below it.
func walk(n node, visit func(node)) {
	visit(n)
	switch n := n.(type) {
	case junction:
		for _, part := range n.parts {
			walk(part, visit)
		}
	case not:
		walk(n.node, visit)
	case *selection:
		walk(n.node, visit)
	}
}

// asks returns the fields that a node asks for.
func asks(n node) (fields FieldSet) {
	walk(n, func(n node) {
		if n, ok := n.(*item); ok {
			if fields = fields.With(n.field); n.mod != nil {
				fields = fields.With(n.other)
			}
		}
	})
	return fields
}
