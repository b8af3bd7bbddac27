package rule

import "slices"

// node is a part of a condition.
type node interface {
	eval(e Event) Truth
	// necessary returns sets of fields; the node can be true only of an event that
	// has values in all fields of one of them.
	necessary() []FieldSet
	asks() FieldSet
	// given returns what is left to ask of an event that is e but knows more.
	given(e Event) node
}

// maxNecessary bounds the sets of a condition; with more of them what all have in
// common replaces them.
const maxNecessary = 16

type (
	and []node
	or  []node
	not struct{ node }
	// settled is a node of which the answer is known.
	settled bool
	// named is a selection where a condition refers to it.
	named struct {
		name string
		node
	}
)

func (n and) eval(e Event) Truth {
	least := True
	for _, child := range n {
		if least = min(least, child.eval(e)); least == False {
			break
		}
	}
	return least
}

func (n or) eval(e Event) Truth {
	most := False
	for _, child := range n {
		if most = max(most, child.eval(e)); most == True {
			break
		}
	}
	return most
}

func (n not) eval(e Event) Truth { return True - n.node.eval(e) }

func (n settled) eval(Event) Truth { return truth(bool(n)) }

// leaf returns what is left to ask of a node without parts.
func leaf(n node, e Event) node {
	if t := n.eval(e); t != Unknown {
		return settled(t == True)
	}
	return n
}

func (n and) given(e Event) node {
	var rest and
	for _, child := range n {
		switch child := child.given(e); child {
		case settled(false):
			return child
		case settled(true):
		default:
			rest = append(rest, child)
		}
	}
	switch len(rest) {
	case 0:
		return settled(true)
	case 1:
		return rest[0]
	}
	return rest
}

func (n or) given(e Event) node {
	var rest or
	for _, child := range n {
		switch child := child.given(e); child {
		case settled(true):
			return child
		case settled(false):
		default:
			rest = append(rest, child)
		}
	}
	switch len(rest) {
	case 0:
		return settled(false)
	case 1:
		return rest[0]
	}
	return rest
}

func (n not) given(e Event) node {
	rest := n.node.given(e)
	if s, ok := rest.(settled); ok {
		return !s
	}
	return not{rest}
}

func (n settled) given(Event) node      { return n }
func (n settled) necessary() []FieldSet { return []FieldSet{{}} }
func (n settled) asks() FieldSet        { return FieldSet{} }

func (n and) necessary() []FieldSet {
	sets := []FieldSet{{}}
	for _, child := range n {
		var product []FieldSet
		for _, b := range child.necessary() {
			for _, a := range sets {
				product = append(product, a.union(b))
			}
		}
		sets = minimal(product)
	}
	return sets
}

func (n or) necessary() []FieldSet {
	var sets []FieldSet
	for _, child := range n {
		sets = append(sets, child.necessary()...)
	}
	return minimal(sets)
}

func (n not) necessary() []FieldSet { return []FieldSet{{}} }

// minimal returns the sets without those that contain another.
func minimal(sets []FieldSet) []FieldSet {
	var out []FieldSet
	for _, s := range sets {
		if slices.ContainsFunc(out, s.Contains) {
			continue
		}
		out = append(slices.DeleteFunc(out, func(o FieldSet) bool { return o.Contains(s) }), s)
	}
	if len(out) > maxNecessary {
		common := out[0]
		for _, s := range out {
			common = FieldSet{common[0] & s[0], common[1] & s[1]}
		}
		return []FieldSet{common}
	}
	return out
}

func (n and) asks() (s FieldSet) { return asksOf(n) }
func (n or) asks() (s FieldSet)  { return asksOf(n) }

func asksOf(list []node) (s FieldSet) {
	for _, child := range list {
		s = s.union(child.asks())
	}
	return s
}
