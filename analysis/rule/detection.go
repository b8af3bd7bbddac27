package rule

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// detection is the compiled condition of a rule or filter with its selections.
type detection struct {
	selections []*selection // in the order of the file
	condition  node
	written    string
}

// selection is a named part of a detection, to which its condition refers.
type selection struct {
	name string
	line int
	node
}

// maxValues bounds the values of one field.
const maxValues = 2000

// detection reads the condition, and all keys that were not asked for as selections.
// What is a problem is true in the condition, so that no more is said of it.
func (p *parser) detection(m *mapping) *detection {
	d := &detection{condition: settled(true)}
	n := m.get("condition")
	for _, e := range m.entries {
		name := e.key.Value
		switch {
		case m.asked[name]:
			continue
		case name == "" || strings.ContainsAny(name, "()| \t"):
			p.wrong(e.key.Line, "the name of a selection has no blanks, brackets or |: %q", name)
		default:
			d.selections = append(d.selections, &selection{name, e.key.Line, p.selection(e.value, name)})
		}
		m.asked[name] = true
	}
	if n == nil {
		p.wrong(m.line, "%s has no condition: write condition: and the name of a selection", m.what)
		return d
	}
	var list []node
	written := p.scalars(n, "condition")
	for _, text := range written {
		c, err := d.parse(text)
		if err != nil {
			p.wrong(n.Line, "condition: %v", err)
			return d
		}
		list = append(list, c)
	}
	d.condition = join(false, list)
	if d.written = strings.Join(written, ") or ("); len(written) > 1 {
		d.written = "(" + d.written + ")"
	}
	return d
}

// referred adds the names of the selections that a condition refers to.
func referred(n node, names map[string]bool) {
	walk(n, func(n node) {
		if s, ok := n.(*selection); ok {
			names[s.name] = true
		}
	})
}

// selection reads what an event must have: a map of fields, all of which must match,
// a list of alternatives, or keywords.
func (p *parser) selection(n *yaml.Node, name string) node {
	var list []node
	var words []*yaml.Node
	if n.Kind == yaml.MappingNode {
		for _, e := range p.mapping(n, name).entries {
			list = append(list, p.field(e))
		}
	} else {
		for _, child := range items(n) {
			if child.Kind == yaml.ScalarNode {
				words = append(words, child)
			} else {
				list = append(list, p.selection(child, name))
			}
		}
	}
	if len(words) > 0 {
		list = append(list, p.keywords(words, modifiers{}))
	}
	if len(list) == 0 {
		p.wrong(n.Line, "%s is empty: write a field with a value", name)
	}
	return join(n.Kind == yaml.MappingNode, list)
}

// field reads one field with its modifiers and values.
func (p *parser) field(e entry) node {
	key, line, values := e.key.Value, e.key.Line, items(e.value)
	words := strings.Split(key, "|")
	m, err := parseModifiers(words[1:])
	switch {
	case err != nil:
		p.wrong(line, "%s: %v", key, err)
		return settled(true)
	case len(values) == 0:
		p.wrong(line, "%s has no value: write one, or null for a field without", key)
		return settled(true)
	case len(values) > maxValues:
		p.wrong(line, "%s has %d values: write at most %d", key, len(values), maxValues)
		return settled(true)
	case words[0] == "":
		return p.keywords(values, m)
	}
	it := item{field: p.fieldNamed(words[0], e.key), key: key, all: m["all"]}
	switch {
	case m["exists"]:
		if it.null = !p.boolean(e.value, key); !it.null {
			it.tests = []test{anything{}}
		}
		return &it
	case m["fieldref"]:
		var list []node
		for _, v := range values {
			it := it
			it.other, it.mod = p.fieldNamed(p.scalar(v, key), v), m
			list = append(list, &it)
		}
		return join(false, list)
	}
	return p.item(it, values, m)
}

// fieldNamed returns the field of a name in a node.
func (p *parser) fieldNamed(name string, n *yaml.Node) Field {
	f, ok := FieldNamed(name)
	if !ok {
		p.wrong(n.Line, "no field is called %q%s", name, nearestHint(name, allFieldNames()))
	}
	p.rename(name, n)
	return f
}

// item reads the values of a field as tests.
func (p *parser) item(it item, values []*yaml.Node, m modifiers) node {
	for _, v := range values {
		switch {
		case v.Kind != yaml.ScalarNode:
			p.wrong(v.Line, "%s: a value is a word or a number, no list and no map", it.key)
		case v.Tag == "!!null":
			if it.null = true; m["all"] || m["re"] || m["cidr"] || m.order() != "" {
				p.wrong(v.Line, "%s: null does not go with these modifiers", it.key)
			}
		default:
			t, err := m.test(value(v))
			if err != nil {
				p.wrong(v.Line, "%s: %v", it.key, err)
				continue
			}
			if fixed := it.field.values(); fixed != nil && !slices.ContainsFunc(fixed, func(v string) bool { return t.match(v, v) }) {
				p.wrong(v.Line, "%s: %q is none of %s", it.key, v.Value, strings.Join(fixed, ", "))
			}
			it.tests = append(it.tests, t)
		}
	}
	return &it
}

// value returns the text of a scalar; booleans are written in lower case.
func value(n *yaml.Node) string {
	if n.Tag == "!!bool" {
		return strings.ToLower(n.Value)
	}
	return n.Value
}

// keywords makes an item that looks for words anywhere in the text.
func (p *parser) keywords(values []*yaml.Node, m modifiers) node {
	if m.order() != "" || m["cidr"] || m["exists"] || m["fieldref"] {
		p.wrong(values[0].Line, "keywords take all, re and cased only")
	}
	m["contains"] = !m["re"]
	return p.item(item{field: Text, key: "keywords", all: m["all"]}, values, m)
}
