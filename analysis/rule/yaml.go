package rule

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Limits of a file, far above what a person writes: rules come from others, and a
// hostile file must cost no more than a message.
const (
	maxFile      = 1 << 20 // bytes
	maxDocuments = 200
	maxNodes     = 50_000
	maxDepth     = 24
)

var yamlLine = regexp.MustCompile(`line (\d+): ?`)

// documents reads the YAML documents of a file up to the first that is broken.
// Anchors and aliases are refused: a few lines of them can expand to gigabytes.
func (p *parser) documents(text []byte) (list []*yaml.Node) {
	if len(text) > maxFile {
		p.wrong(0, "%d bytes: a file of rules has at most %d", len(text), maxFile)
		return nil
	}
	nodes := 0
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		switch {
		case errors.Is(err, io.EOF):
			return list
		case err != nil:
			p.broken(err)
			return list
		case len(doc.Content) == 0 || doc.Content[0].Tag == "!!null":
			continue
		case !p.sound(doc.Content[0], 1, &nodes):
			return list
		}
		if list = append(list, doc.Content[0]); len(list) > maxDocuments {
			p.wrong(doc.Line, "more than %d documents", maxDocuments)
			return list
		}
	}
}

// broken notes an error of the YAML library with the line that it names.
func (p *parser) broken(err error) {
	text, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = strings.Replace(text, m[0], "", 1)
	}
	p.wrong(line, "no YAML: %s; the rest of the file is not read", text)
}

// sound holds a document to the limits, so that what follows need not.
func (p *parser) sound(n *yaml.Node, depth int, nodes *int) bool {
	*nodes++
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		p.wrong(n.Line, "anchors and aliases are not read: write the value out")
	case depth > maxDepth:
		p.wrong(n.Line, "nested more than %d deep", maxDepth)
	case *nodes > maxNodes:
		p.wrong(n.Line, "more than %d values in one file", maxNodes)
	default:
		return !slices.ContainsFunc(n.Content, func(child *yaml.Node) bool { return !p.sound(child, depth+1, nodes) })
	}
	return false
}

// entry is a key of a mapping with its value.
type entry struct{ key, value *yaml.Node }

// mapping is a node read by its keys. What is not asked for is reported.
type mapping struct {
	p       *parser
	what    string // for messages: "correlation"
	line    int
	entries []entry
	asked   map[string]bool
}

// mapping reads a node as a map; a node that is none is a problem and an empty map.
func (p *parser) mapping(n *yaml.Node, what string) *mapping {
	m := &mapping{p: p, what: what, line: n.Line, asked: map[string]bool{}}
	if n.Kind != yaml.MappingNode {
		p.wrong(n.Line, "%s needs keys with values, like \"key: value\"", what)
		return m
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			p.wrong(key.Line, "a key of %s is no word", what)
		case seen[key.Value]:
			p.wrong(key.Line, "%q stands in %s twice", key.Value, what)
		default:
			seen[key.Value] = true
			m.entries = append(m.entries, entry{key, n.Content[i+1]})
		}
	}
	return m
}

// get returns the value of a key, nil where it is missing or null.
func (m *mapping) get(key string) *yaml.Node {
	m.asked[key] = true
	for _, e := range m.entries {
		if e.key.Value == key && e.value.Tag != "!!null" {
			return e.value
		}
	}
	return nil
}

// has reports whether one of some keys has a value.
func (m *mapping) has(keys ...string) bool {
	return slices.ContainsFunc(keys, func(key string) bool { return m.get(key) != nil })
}

// block returns the value of a key as a map, an empty one where it is missing.
func (m *mapping) block(key string) *mapping {
	if n := m.get(key); n != nil {
		return m.p.mapping(n, key)
	}
	return &mapping{p: m.p, what: key, line: m.line, asked: map[string]bool{}}
}

// list returns the value of a key as a list of maps, which messages call what.
func (m *mapping) list(key, what, write string) (maps []*mapping) {
	n := m.get(key)
	if n != nil && n.Kind != yaml.SequenceNode {
		m.p.wrong(n.Line, "%s needs a list: write %s", key, write)
		return nil
	}
	for _, child := range items(n) {
		maps = append(maps, m.p.mapping(child, what))
	}
	return maps
}

// text returns the value of a key as a text, without blanks around it.
func (m *mapping) text(key string) string { return m.p.scalar(m.get(key), key) }

// scalar reads a node as a text; nil is an empty one.
func (p *parser) scalar(n *yaml.Node, what string) string {
	switch {
	case n == nil:
		return ""
	case n.Kind != yaml.ScalarNode:
		p.wrong(n.Line, "%s needs one value", what)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// texts returns the value of a key as a list; one value is a list of it.
func (m *mapping) texts(key string) []string { return m.p.scalars(m.get(key), key) }

func (p *parser) scalars(n *yaml.Node, what string) (list []string) {
	for _, child := range items(n) {
		list = append(list, p.scalar(child, what))
	}
	return list
}

// items returns the elements of a list; another node is a list of it, nil none.
func items(n *yaml.Node) []*yaml.Node {
	switch {
	case n == nil:
		return nil
	case n.Kind == yaml.SequenceNode:
		return n.Content
	}
	return []*yaml.Node{n}
}

// yes returns the value of a key as true or false.
func (m *mapping) yes(key string, otherwise bool) bool {
	if n := m.get(key); n != nil {
		return m.p.boolean(n, key)
	}
	return otherwise
}

func (p *parser) boolean(n *yaml.Node, what string) bool {
	if n.Tag != "!!bool" {
		p.wrong(n.Line, "%s needs true or false", what)
	}
	return strings.EqualFold(n.Value, "true")
}

// oneOf returns which of some words the value of a key is; without a value it is the
// first.
func (m *mapping) oneOf(key string, words []string) int {
	word := m.text(key)
	i := slices.Index(words, word)
	m.must(i >= 0 || word == "", key, "%s %q is none of %s%s", key, word, strings.Join(words, ", "), nearestHint(word, words))
	return max(i, 0)
}

// level returns the value of a key as a severity.
func (m *mapping) level(key string, needed bool) Severity {
	word := m.text(key)
	s, ok := SeverityNamed(word)
	m.must(ok || word == "" && !needed, key, "%s %q is none of context (informational), low, medium, high, critical", key, word)
	return s
}

// timespan returns the value of a key as a duration.
func (m *mapping) timespan(key string) time.Duration {
	d, err := parseTimespan(m.text(key))
	m.must(err == nil, key, "%s: %v", key, err)
	return d
}

// must notes a problem of a key, or of the map as a whole where it lacks the key,
// unless a condition holds.
func (m *mapping) must(holds bool, key, format string, args ...any) {
	if holds {
		return
	}
	line := m.line
	for _, e := range m.entries {
		if e.key.Value == key {
			line = e.key.Line
		}
	}
	m.p.wrong(line, format, args...)
}

// rest reports the keys that nobody asked for and that are not among known: as
// problems, or as warnings where Sigma allows keys of one's own.
func (m *mapping) rest(warning bool, known ...string) {
	known = append(known, keys(m.asked)...)
	for _, e := range m.entries {
		if name := e.key.Value; !m.asked[name] && !slices.Contains(known, name) {
			text := fmt.Sprintf("%s has no key %q%s", m.what, name, nearestHint(name, known))
			m.p.Problems = append(m.p.Problems, Problem{m.p.Name, e.key.Line, text, warning})
		}
	}
}
