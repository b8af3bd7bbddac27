package rule

import (
	"bytes"
	"slices"
	"strings"

	"sqleuth/analysis/fact"

	"go.yaml.in/yaml/v3"
)

// Exported is a rule as plain Sigma.
type Exported struct {
	Rule  *Rule
	Text  []byte   // one YAML document
	Notes []string // what the export lacks
}

// ExportSigma writes the rules of a set as plain Sigma for other programs: our
// block taken off, fields called as in ECSName, levels as Sigma has them. Native
// rules cannot be written and are returned apart.
func ExportSigma(s *Set) (list []Exported, native []*Rule, err error) {
	for _, r := range s.Rules {
		if r.Kind == Native {
			native = append(native, r)
			continue
		}
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		if err := encoder.Encode(r.plain()); err != nil {
			return nil, nil, err
		}
		list = append(list, Exported{r, out.Bytes(), r.notes()})
	}
	return list, native, nil
}

// notes returns what of a rule plain Sigma cannot express.
func (r *Rule) notes() (notes []string) {
	if r.Native != "" {
		notes = append(notes, "native code "+r.Native+" is left out")
	}
	if len(r.Levels) > 0 {
		notes = append(notes, "the level no longer depends on conditions")
	}
	if r.Correlated != nil && len(r.Correlated.Bounds) > 1 {
		notes = append(notes, "of a range the first bound remains: pySigma takes one")
	}
	return notes
}

// ECSName returns what exports in the Elastic Common Schema call a field. ECS has no
// fields for statements, so they lie below mysql.general, and what the program has
// worked out about accounts below sqleuth.
func (f Field) ECSName() string {
	name := f.String()
	_, isFact := f.Fact()
	switch {
	case f == Field(fact.Action), f == UserName, f == SourceIP:
		return name
	case f == Field(fact.UnionRun):
		// What holds a value holds no fields in an object of objects.
		return "mysql.general.statement.union_run"
	case f == Namespace:
		return "mysql.general.schema"
	case f == ConnectionID:
		return "mysql.general.thread_id"
	case isFact, f == Text, f == DigestHash, f.login():
		return "mysql.general." + name
	}
	return "sqleuth." + name
}

// plain returns the document of a rule as plain Sigma.
func (r *Rule) plain() *yaml.Node {
	p := &parser{plain: true}
	doc := r.yaml()
	m := p.mapping(doc, "")
	p.rule(m) // which renames the fields
	remove(doc, "sqleuth", "enabled")
	for _, key := range []string{"references", "tags", "falsepositives"} {
		if n := m.get(key); n != nil && n.Kind == yaml.ScalarNode {
			*n = *encoded([]string{n.Value})
		}
	}
	if m.text("level") == Context.String() {
		m.get("level").Value = "informational"
	}
	if c := r.Correlated; c != nil {
		for _, b := range c.Bounds[min(1, len(c.Bounds)):] {
			remove(m.block("correlation").get("condition"), b.Op)
		}
		return doc
	}
	if !m.has("logsource") {
		remove(doc, "logsource") // of a null
		doc.Content = append(doc.Content, encoded("logsource"), encoded(struct{ Product, Service string }{"mysql", "general"}))
	}
	used := map[string]bool{}
	referred(r.detection.condition, used)
	for _, s := range r.detection.selections {
		if !used[s.name] {
			remove(m.get("detection"), s.name)
		}
	}
	return doc
}

func encoded(v any) *yaml.Node {
	var n yaml.Node
	if err := n.Encode(v); err != nil {
		panic(err) // texts can be encoded
	}
	return &n
}

// rename writes the field of a name in a node, if there is one, as exports call it.
func (p *parser) rename(name string, n *yaml.Node) {
	if f, ok := FieldNamed(name); ok && p.plain {
		n.Value = strings.Replace(n.Value, name, f.ECSName(), 1)
	}
}

// remove takes keys out of a map.
func remove(n *yaml.Node, names ...string) {
	for i := len(n.Content) - 2; i >= 0; i -= 2 {
		if slices.Contains(names, n.Content[i].Value) {
			n.Content = slices.Delete(n.Content, i, i+2)
		}
	}
}
