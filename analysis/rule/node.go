package rule

import "slices"

// node is a part of a condition.
type node interface {
	eval(e Event) Truth
	// necessary returns sets of fields; the node can be true only of an event that
	// has values in all fields of one of them.
	necessary() []FieldSet
	asks() FieldSet
}

// maxNecessary bounds the sets of a condition; with more of them what all have in
// common stands for them.
const maxNecessary = 16

type (
	and []node
	or  []node
	not struct{ node }
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
