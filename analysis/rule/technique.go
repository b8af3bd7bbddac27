package rule

import (
	"cmp"
	_ "embed" // attack.txt
	"regexp"
	"slices"
	"strings"
)

// The versions of ATT&CK that Technique.ID and Technique.Old belong to.
const (
	AttackVersion    = "v19"
	OldAttackVersion = "v18.1"
)

// Technique is a technique of MITRE ATT&CK.
type Technique struct {
	ID   string // in AttackVersion
	Old  string // in OldAttackVersion
	Name string // empty for one that attack.txt lacks
}

//go:embed attack.txt
var attack string

// techniques are those of attack.txt by their ids in both versions. A line has the id,
// those that it replaces, of which the first is its own in the old version, and the name.
var techniques = func() map[string]Technique {
	all := map[string]Technique{}
	for line := range strings.Lines(attack) {
		words, name, _ := strings.Cut(line, ":")
		ids := append(strings.Fields(words), "")
		t := Technique{ids[0], cmp.Or(ids[1], ids[0]), strings.TrimSpace(name)}
		for _, old := range ids[1:] {
			all[old] = Technique{t.ID, old, t.Name}
		}
		all[t.ID] = t
	}
	return all
}()

var techniqueTag = regexp.MustCompile(`^attack\.(t\d{4}(?:\.\d{3})?)$`)

// technique returns that of a tag like "attack.t1110.001", an id of either version.
func technique(tag string) (Technique, bool) {
	m := techniqueTag.FindStringSubmatch(strings.ToLower(tag))
	if m == nil {
		return Technique{}, false
	}
	id := strings.ToUpper(m[1])
	if t, ok := techniques[id]; ok {
		return t, true
	}
	return Technique{ID: id, Old: id}, true
}

// Successor is a technique of AttackVersion with those of OldAttackVersion that
// have become it.
type Successor struct {
	ID   string
	Name string
	Old  []string // their ids, without ID itself
}

// Successors returns the techniques of a rule in their order, each once: several
// old ones may have become one.
func (r *Rule) Successors() []Successor {
	var out []Successor
	for _, t := range r.Techniques {
		k := slices.IndexFunc(out, func(s Successor) bool { return s.ID == t.ID })
		if k < 0 {
			k = len(out)
			out = append(out, Successor{ID: t.ID, Name: t.Name})
		}
		if t.Old != t.ID {
			out[k].Old = append(out[k].Old, t.Old)
		}
	}
	return out
}

// TechniqueIDs returns the ids of Successors.
func (r *Rule) TechniqueIDs() []string {
	var ids []string
	for _, s := range r.Successors() {
		ids = append(ids, s.ID)
	}
	return ids
}

// classified takes techniques and tactics from tags.
func (r *Rule) classified(tags []string) {
	for _, tag := range tags {
		if t, ok := technique(tag); ok {
			r.Techniques = append(r.Techniques, t)
		} else if tactic, ok := strings.CutPrefix(strings.ToLower(tag), "attack."); ok {
			r.Tactics = append(r.Tactics, tactic)
		}
	}
}
