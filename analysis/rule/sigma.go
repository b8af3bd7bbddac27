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
		e := Exported{Rule: r, Notes: r.notes()}
		doc := r.yaml()
		r.plain(doc)
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		if err := encoder.Encode(doc); err != nil {
			return nil, nil, err
		}
		e.Text = out.Bytes()
		list = append(list, e)
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

// plain turns the document of a rule into plain Sigma.
func (r *Rule) plain(doc *yaml.Node) {
	remove(doc, "sqleuth", "enabled")
	for _, key := range []string{"references", "tags", "falsepositives"} {
		if v := child(doc, key); v != nil && v.Kind == yaml.ScalarNode {
			*v = yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{scalarNode(v.Value)}}
		}
	}
	if level := child(doc, "level"); level != nil && level.Value == Context.String() {
		level.Value = "informational"
	}
	if correlation := child(doc, "correlation"); correlation != nil {
		r.plainCorrelation(correlation)
		return
	}
	if child(doc, "logsource") == nil {
		source := &yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{scalarNode("product"), scalarNode("mysql"), scalarNode("service"), scalarNode("general")}}
		doc.Content = append(doc.Content, scalarNode("logsource"), source)
	}
	detection := child(doc, "detection")
	used := map[string]bool{}
	referred(r.detection.condition, used)
	for _, s := range r.detection.selections {
		if !used[s.name] {
			remove(detection, s.name)
			continue
		}
		renameBelow(child(detection, s.name))
	}
}

// plainCorrelation renames the fields of a correlation.
func (r *Rule) plainCorrelation(n *yaml.Node) {
	field := func(v *yaml.Node) {
		if _, alias := r.Correlated.aliases[v.Value]; !alias {
			rename(v)
		}
	}
	each(child(n, "group-by"), field)
	for _, alias := range values(child(n, "aliases")) {
		for _, v := range values(alias) {
			rename(v)
		}
	}
	condition := child(n, "condition")
	each(child(condition, "field"), field)
	for _, b := range r.Correlated.Bounds[min(1, len(r.Correlated.Bounds)):] {
		remove(condition, b.Op)
	}
}

// renameBelow renames the fields that are keys below a selection.
func renameBelow(n *yaml.Node) {
	for i, c := range n.Content {
		if n.Kind != yaml.MappingNode || i%2 == 1 {
			renameBelow(c)
			continue
		}
		if strings.Contains(c.Value+"|", "|fieldref|") {
			each(n.Content[i+1], rename)
		}
		rename(c)
	}
}

// rename writes a field, with its modifiers, as exports call it.
func rename(v *yaml.Node) {
	name, modifiers, _ := strings.Cut(v.Value, "|")
	if f, ok := FieldNamed(name); ok {
		v.Value = strings.TrimSuffix(f.ECSName()+"|"+modifiers, "|")
	}
}

// each visits a scalar, or the scalars of a list; nil is none.
func each(n *yaml.Node, visit func(*yaml.Node)) {
	if n == nil {
		return
	}
	if n.Kind == yaml.ScalarNode {
		visit(n)
	}
	for _, c := range n.Content {
		visit(c)
	}
}

// values returns the values of a map by key, none for nil.
func values(n *yaml.Node) map[string]*yaml.Node {
	out := map[string]*yaml.Node{}
	for i := 0; n != nil && i+1 < len(n.Content); i += 2 {
		out[n.Content[i].Value] = n.Content[i+1]
	}
	return out
}

// child returns the value of a key, nil for none.
func child(n *yaml.Node, key string) *yaml.Node { return values(n)[key] }

// remove takes keys out of a map.
func remove(n *yaml.Node, names ...string) {
	for i := 0; i+1 < len(n.Content); {
		if slices.Contains(names, n.Content[i].Value) {
			n.Content = slices.Delete(n.Content, i, i+2)
		} else {
			i += 2
		}
	}
}

func scalarNode(text string) *yaml.Node {
	var n yaml.Node
	n.SetString(text)
	return &n
}
