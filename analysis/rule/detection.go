package rule

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// detection is the compiled condition of a rule with its selections.
type detection struct {
	selections []selection // in the order of the file
	condition  node
	written    string
	used       map[string]bool // selections that the condition refers to
}

// selection is a named part of a detection.
type selection struct {
	name string
	line int
	node node
}

// maxValues bounds the values of one field.
const maxValues = 2000

// selections reads all keys of a detection or filter but those of skip.
func (p *parser) selections(m *mapping, skip ...string) []selection {
	var list []selection
	for _, e := range m.entries {
		if slices.Contains(skip, e.key) {
			continue
		}
		m.asked[e.key] = true
		if strings.ContainsAny(e.key, "()| \t") || e.key == "" {
			p.add(p.file, e.line, "the name of a selection has no blanks, brackets or |: %q", e.key)
			continue
		}
		n := p.selection(e.value, e.key)
		if n == nil { // a problem is noted; the condition shall not complain of the name too
			n = and{}
		}
		list = append(list, selection{e.key, e.line, n})
	}
	return list
}

// condition reads the condition of a detection; a list of them is alternatives.
// It returns nil where there is a problem.
func (p *parser) condition(m *mapping, selections []selection, used map[string]bool) (node, string) {
	n := m.get("condition")
	if n == nil {
		p.add(p.file, m.line, "%s has no condition: write condition: and the name of a selection", m.what)
		return nil, ""
	}
	var list []node
	var written []string
	for _, text := range p.scalars(n, "condition") {
		c, err := parseCondition(text, selections, used)
		if err != nil {
			p.add(p.file, n.Line, "condition: %v", err)
			return nil, ""
		}
		list, written = append(list, c), append(written, text)
	}
	if len(list) == 1 {
		return list[0], written[0]
	}
	return or(list), "(" + strings.Join(written, ") or (") + ")"
}

// selection reads what an event must have: a map, a list of alternatives, or
// keywords. It returns nil where there is a problem.
func (p *parser) selection(n *yaml.Node, name string) node {
	switch n.Kind {
	case yaml.ScalarNode:
		return p.keywords([]*yaml.Node{n}, modifiers{})
	case yaml.MappingNode:
		return p.fields(n, name)
	}
	var list []node
	var words []*yaml.Node
	for _, child := range n.Content {
		switch {
		case child.Kind == yaml.ScalarNode:
			words = append(words, child)
		default:
			if c := p.selection(child, name); c != nil {
				list = append(list, c)
			}
		}
	}
	if len(words) > 0 {
		if c := p.keywords(words, modifiers{}); c != nil {
			list = append(list, c)
		}
	}
	switch len(list) {
	case 0:
		if len(n.Content) == 0 {
			p.add(p.file, n.Line, "%s is empty: write a field with a value", name)
		}
		return nil
	case 1:
		return list[0]
	}
	return or(list)
}

// fields reads a map of fields, all of which must match.
func (p *parser) fields(n *yaml.Node, name string) node {
	m := p.mapping(n, name)
	var list []node
	for _, e := range m.entries {
		if c := p.field(e); c != nil {
			list = append(list, c)
		}
	}
	switch {
	case len(m.entries) == 0:
		p.add(p.file, n.Line, "%s is empty: write a field with a value", name)
		return nil
	case len(list) == 1:
		return list[0]
	case len(list) == 0:
		return nil
	}
	return and(list)
}

// field reads one field with its modifiers and values.
func (p *parser) field(e entry) node {
	words := strings.Split(e.key, "|")
	m, err := parseModifiers(words[1:])
	if err != nil {
		p.add(p.file, e.line, "%s: %v", e.key, err)
		return nil
	}
	values := []*yaml.Node{e.value}
	if e.value.Kind == yaml.SequenceNode {
		values = e.value.Content
	}
	switch {
	case len(values) == 0:
		p.add(p.file, e.line, "%s has no value: write one, or null for a field without", e.key)
		return nil
	case len(values) > maxValues:
		p.add(p.file, e.line, "%s has %d values: write at most %d", e.key, len(values), maxValues)
		return nil
	case words[0] == "":
		return p.keywords(values, m)
	}
	f, ok := p.fieldNamed(words[0], e.line)
	switch {
	case !ok:
		return nil
	case m["exists"]:
		return &exists{f, e.key, p.boolean(e.value, e.key)}
	case m["fieldref"]:
		return p.references(f, e, values, m)
	}
	return p.item(f, e.key, values, m)
}

func (p *parser) fieldNamed(name string, line int) (Field, bool) {
	f, ok := FieldNamed(name)
	if !ok {
		p.add(p.file, line, "no field is called %q%s", name, nearestHint(name, allFieldNames()))
	}
	return f, ok
}

// item reads the values of a field as tests.
func (p *parser) item(f Field, key string, values []*yaml.Node, m modifiers) node {
	it := &item{field: f, key: key, all: m["all"]}
	for _, v := range values {
		switch {
		case v.Kind != yaml.ScalarNode:
			p.add(p.file, v.Line, "%s: a value is a word or a number, no list and no map", key)
		case v.Tag == "!!null":
			if it.null = true; m["all"] || m["re"] || m["cidr"] || m.order() != "" {
				p.add(p.file, v.Line, "%s: null does not go with these modifiers", key)
			}
		default:
			t, err := m.test(value(v))
			if err != nil {
				p.add(p.file, v.Line, "%s: %v", key, err)
				continue
			}
			if fixed := f.values(); fixed != nil && !slices.ContainsFunc(fixed, func(v string) bool { return t.match(v, v) }) {
				p.add(p.file, v.Line, "%s: %q is none of %s", key, v.Value, strings.Join(fixed, ", "))
			}
			it.tests = append(it.tests, t)
		}
	}
	return it
}

// value returns the text of a scalar; booleans are written in lower case.
func value(n *yaml.Node) string {
	if n.Tag == "!!bool" {
		return strings.ToLower(n.Value)
	}
	return n.Value
}

func (p *parser) references(f Field, e entry, values []*yaml.Node, m modifiers) node {
	var list []node
	for _, v := range values {
		other, ok := p.fieldNamed(p.scalar(v, e.key), v.Line)
		if ok {
			list = append(list, &reference{f, other, e.key, m.comparison()})
		}
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return or(list)
}

// keywords makes an item that looks for words anywhere in the text.
func (p *parser) keywords(values []*yaml.Node, m modifiers) node {
	key := "keywords"
	if m.order() != "" || m["cidr"] || m["exists"] || m["fieldref"] {
		p.add(p.file, values[0].Line, "keywords take all, re and cased only")
		return nil
	}
	m["contains"] = !m["re"]
	return p.item(Text, key, values, m)
}
