package rule

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

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
func (p *parser) documents() []*yaml.Node {
	if len(p.text) > maxFile {
		p.add(p.file, 0, "%d bytes: a file of rules has at most %d", len(p.text), maxFile)
		return nil
	}
	var list []*yaml.Node
	nodes := 0
	decoder := yaml.NewDecoder(bytes.NewReader(p.text))
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			p.broken(err)
			return list
		}
		if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
			continue
		}
		if err := checkNode(doc.Content[0], 1, &nodes); err != nil {
			var at nodeError
			errors.As(err, &at)
			p.add(p.file, at.line, "%s", at.text)
			return list
		}
		if list = append(list, doc.Content[0]); len(list) > maxDocuments {
			p.add(p.file, doc.Line, "more than %d documents", maxDocuments)
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
	p.add(p.file, line, "no YAML: %s; the rest of the file is not read", text)
}

type nodeError struct {
	line int
	text string
}

func (e nodeError) Error() string { return e.text }

// checkNode holds a document to the limits, so that what follows need not.
func checkNode(n *yaml.Node, depth int, nodes *int) error {
	*nodes++
	switch {
	case n.Kind == yaml.AliasNode || n.Anchor != "":
		return nodeError{n.Line, "anchors and aliases are not read: write the value out"}
	case depth > maxDepth:
		return nodeError{n.Line, fmt.Sprintf("nested more than %d deep", maxDepth)}
	case *nodes > maxNodes:
		return nodeError{n.Line, fmt.Sprintf("more than %d values in one file", maxNodes)}
	}
	for _, child := range n.Content {
		if err := checkNode(child, depth+1, nodes); err != nil {
			return err
		}
	}
	return nil
}

// entry is a key of a mapping with its value.
type entry struct {
	key   string
	line  int
	value *yaml.Node
}

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
		p.add(p.file, n.Line, "%s needs keys with values, like \"key: value\"", what)
		return m
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		switch {
		case key.Kind != yaml.ScalarNode:
			p.add(p.file, key.Line, "a key of %s is no word", what)
		case seen[key.Value]:
			p.add(p.file, key.Line, "%q stands in %s twice", key.Value, what)
		default:
			seen[key.Value] = true
			m.entries = append(m.entries, entry{key.Value, key.Line, n.Content[i+1]})
		}
	}
	return m
}

// get returns the value of a key, nil where it is missing or null.
func (m *mapping) get(key string) *yaml.Node {
	m.asked[key] = true
	for _, e := range m.entries {
		if e.key == key && e.value.Tag != "!!null" {
			return e.value
		}
	}
	return nil
}

// text returns the value of a key as a text, without blanks around it.
func (m *mapping) text(key string) string {
	n := m.get(key)
	if n == nil {
		return ""
	}
	return m.p.scalar(n, key)
}

// scalar reads a node as a text.
func (p *parser) scalar(n *yaml.Node, what string) string {
	if n.Kind != yaml.ScalarNode {
		p.add(p.file, n.Line, "%s needs one value", what)
		return ""
	}
	return strings.TrimSpace(n.Value)
}

// texts returns the value of a key as a list; one value is a list of it.
func (m *mapping) texts(key string) []string {
	n := m.get(key)
	if n == nil {
		return nil
	}
	return m.p.scalars(n, key)
}

func (p *parser) scalars(n *yaml.Node, what string) []string {
	if n.Kind != yaml.SequenceNode {
		return []string{p.scalar(n, what)}
	}
	var list []string
	for _, child := range n.Content {
		list = append(list, p.scalar(child, what))
	}
	return list
}

// yes returns the value of a key as true or false.
func (m *mapping) yes(key string, otherwise bool) bool {
	n := m.get(key)
	if n == nil {
		return otherwise
	}
	return m.p.boolean(n, key)
}

func (p *parser) boolean(n *yaml.Node, what string) bool {
	if n.Tag != "!!bool" {
		p.add(p.file, n.Line, "%s needs true or false", what)
	}
	return strings.EqualFold(n.Value, "true")
}

// lineOf returns the line of a key, or that of the map.
func (m *mapping) lineOf(key string) int {
	for _, e := range m.entries {
		if e.key == key {
			return e.line
		}
	}
	return m.line
}

// rest reports the keys that nobody asked for: as problems, or as warnings where
// Sigma allows keys of one's own.
func (m *mapping) rest(warning bool) {
	for _, e := range m.entries {
		if m.asked[e.key] {
			continue
		}
		text := fmt.Sprintf("%s has no key %q%s", m.what, e.key, nearestHint(e.key, keys(m.asked)))
		m.p.Problems = append(m.p.Problems, Problem{m.p.file, e.line, text, warning})
	}
}
