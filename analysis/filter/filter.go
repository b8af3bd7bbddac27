package filter

// A Filter selects entries. The zero Filter selects all. A Filter is immutable and
// may be used from any goroutine.
type Filter struct{ root node }

// IsZero reports whether f is the zero Filter, which shows all entries.
func (f Filter) IsZero() bool { return f.root == nil }

// String returns the filter's canonical text: two filters with the same text
// select the same entries, and Parse gives a filter that came from Parse back.
// It is printable UTF-8 on one line whatever bytes the filter searches for.
func (f Filter) String() string {
	if f.root == nil {
		return ""
	}
	return string(f.root.appendText(nil, looseOr))
}

// Not returns the filter that shows what f hides. There is none for the zero
// Filter: nothing hides all entries; it returns the zero Filter.
func (f Filter) Not() Filter {
	if f.root == nil {
		return f
	}
	return Filter{negate(f.root)}
}

// And returns the filter that shows what f and g both show.
func (f Filter) And(g Filter) Filter {
	switch {
	case f.root == nil:
		return g
	case g.root == nil:
		return f
	}
	return Filter{conjoin([]node{f.root, g.root})}
}

// A node is a part of a filter: conjunction, disjunction, negation or a term.
type node interface {
	// appendText appends the canonical text, in brackets where around binds
	// tighter than the node.
	appendText(dst []byte, around binding) []byte
}

// binding is how tightly an operator holds its operands.
type binding uint8

const (
	looseOr binding = iota
	looseAnd
	tight // operand of not
)

type (
	conjunction []node // at least two, none of them a conjunction
	disjunction []node // at least two, none of them a disjunction
	negation    struct{ of node }
)

// conjoin joins nodes and flattens, so that a text and its tree determine each
// other.
func conjoin(nodes []node) node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	var flat conjunction
	for _, n := range nodes {
		if inner, ok := n.(conjunction); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, n)
		}
	}
	return flat
}

// disjoin is conjoin for "or".
func disjoin(nodes []node) node {
	if len(nodes) == 1 {
		return nodes[0]
	}
	var flat disjunction
	for _, n := range nodes {
		if inner, ok := n.(disjunction); ok {
			flat = append(flat, inner...)
		} else {
			flat = append(flat, n)
		}
	}
	return flat
}

// negate never nests negations.
func negate(n node) node {
	if inner, ok := n.(negation); ok {
		return inner.of
	}
	return negation{n}
}

func (c conjunction) appendText(dst []byte, around binding) []byte {
	return appendJoined(dst, c, " ", looseAnd, around > looseAnd)
}

func (d disjunction) appendText(dst []byte, around binding) []byte {
	return appendJoined(dst, d, " or ", looseOr, around > looseOr)
}

func appendJoined(dst []byte, nodes []node, separator string, own binding, brackets bool) []byte {
	if brackets {
		dst = append(dst, '(')
	}
	for i, n := range nodes {
		if i > 0 {
			dst = append(dst, separator...)
		}
		dst = n.appendText(dst, own)
	}
	if brackets {
		dst = append(dst, ')')
	}
	return dst
}

func (n negation) appendText(dst []byte, _ binding) []byte {
	return n.of.appendText(append(dst, "not "...), tight)
}
