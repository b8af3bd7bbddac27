package rule

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Set is a number of rules that refer to one another, and filters about them. It is
// read only.
type Set struct {
	Rules   []*Rule // those switched on, by name: D1, D2, D10
	Off     []*Rule // those switched off
	Filters []*Filter
	// Documents are the files that the set was read from, as they were, in order.
	Documents []Document
}

// NewSet joins layers of files: a rule of a later layer replaces that of the same
// id, or without an id of the same name, in an earlier one. Within a layer, and for
// names with different ids, twice is a problem. Correlations are linked to their
// rules; what cannot be linked is left out. The rules of the set are copies.
func NewSet(layers ...File) (*Set, Problems) {
	l := linker{called: map[string]*linked{}}
	for i, layer := range layers {
		l.join(i, layer.Rules)
	}
	s := new(Set)
	for _, r := range l.rules {
		switch ok := l.link(r, nil); {
		case ok:
			s.Rules = append(s.Rules, r.Rule)
		case r.unknown():
			l.warn(r.Source.File, r.Source.Line, "enabled: false, but there is no rule %s%s", r.Name, l.nearest(r.Name))
		case !r.Enabled:
			s.Off = append(s.Off, r.Rule)
		}
	}
	for _, layer := range layers {
		s.Filters = append(s.Filters, slices.DeleteFunc(slices.Clone(layer.Filters), l.aboutNothing)...)
	}
	silence(s.Rules)
	slices.SortFunc(s.Rules, byName)
	slices.SortFunc(s.Off, byName)
	return s, l.sorted()
}

// linker builds a Set.
type linker struct {
	Problems
	rules  []*linked
	called map[string]*linked // by name and by id
}

// linked is the rule of a name or id, of the latest layer that has one.
type linked struct {
	*Rule
	layer        int
	begun, ended bool // the linking of it
	faulty       bool // it cannot be used
}

// wrong notes a problem of a rule, which is left out for it.
func (l *linker) wrong(r *linked, format string, args ...any) {
	l.add(r.Source.File, r.Source.Line, format, args...)
	r.faulty = true
}

// join adds the rules of a layer: each in the place of an earlier one of its id or,
// where one of them has none, its name.
func (l *linker) join(layer int, rules []*Rule) {
	for _, r := range rules {
		byID, byName := l.called[r.ID], l.called[r.Name]
		at := cmp.Or(byID, byName)
		switch {
		case at == nil:
			at = &linked{Rule: r}
			l.rules = append(l.rules, at)
		case at.layer == layer:
			l.add(r.Source.File, r.Source.Line, "id or name of %s (%s:%d) again: write another", at.Name, at.Source.File, at.Source.Line)
			continue
		case byName != nil && byName != at, byID == nil && r.ID != "" && at.ID != "":
			l.add(r.Source.File, r.Source.Line, "the name %s belongs to %s (%s): write another name, or its id to replace it", r.Name, byName.ID, byName.Source.File)
			continue
		}
		delete(l.called, at.Name)
		delete(l.called, at.ID)
		at.Rule, at.layer = r.copyOver(at.Rule), layer
		l.called[at.Name] = at
		if at.ID != "" {
			l.called[at.ID] = at
		}
	}
}

// copyOver returns a copy that can be linked, of an earlier rule where a document that
// may hold no more than its id switches it off.
func (r *Rule) copyOver(earlier *Rule) *Rule {
	out := *r
	if !r.Enabled {
		out = *earlier
		out.Enabled, out.Builtin, out.Source = false, r.Builtin, r.Source
	}
	out.Silent = false
	if out.Correlated != nil {
		c := *out.Correlated
		c.Rules, c.keys, c.values = nil, nil, nil
		out.Correlated = &c
	}
	return &out
}

// unknown reports whether the document switches off what there is not.
func (r *linked) unknown() bool { return !r.Enabled && r.Title == "" }

// nearest returns a hint at rules that are switched on.
func (l *linker) nearest(name string) string {
	var names []string
	for _, r := range l.rules {
		if r.Enabled {
			names = append(names, r.Name)
		}
	}
	slices.Sort(names)
	return nearestHint(name, names)
}

// named returns the rule that a reference means, by name or id; nil for none.
func (l *linker) named(ref string) *linked {
	if r := cmp.Or(l.called[ref], l.called[strings.ToLower(ref)]); r != nil && !r.unknown() {
		return r
	}
	return nil
}

// link resolves the references of a correlation, those of its rules first, and reports
// whether the rule can be used.
func (l *linker) link(r *linked, path []string) bool {
	path = append(path, r.Name)
	switch {
	case r.begun && !r.ended:
		l.wrong(r, "correlations in a circle: %s", strings.Join(path, " needs "))
	case !r.begun && r.Correlated != nil && r.Enabled:
		r.begun = true
		l.correlate(r, path)
		r.ended = true
	}
	return r.Enabled && !r.faulty
}

// correlate links the rules of a correlation and works out for each of them where the
// values of its groups and those to count come from.
func (l *linker) correlate(r *linked, path []string) {
	c := r.Correlated
	for _, ref := range c.Refs {
		switch target := l.named(ref); {
		case target == nil:
			l.wrong(r, "correlation: no rule has the name or id %q%s", ref, l.nearest(ref))
		case !l.link(target, path):
			if r.faulty = true; !target.Enabled {
				l.warn(r.Source.File, r.Source.Line, "%s is switched off with %s, which it needs", r.Name, ref)
				r.Enabled = false
			}
		case target.Kind == Native:
			l.wrong(r, "%s is native and has no hits to correlate", ref)
		default:
			c.Rules = append(c.Rules, target.Rule)
		}
	}
	if r.faulty {
		return
	}
	for _, alias := range keys(c.aliases) {
		for _, ref := range keys(c.aliases[alias]) {
			if target := l.named(ref); target == nil || !slices.Contains(c.Rules, target.Rule) {
				l.wrong(r, "alias %s: the correlation has no rule %q%s", alias, ref, nearestHint(ref, c.Refs))
			}
		}
	}
	for _, target := range c.Rules {
		c.keys = append(c.keys, l.keys(r, target, c.GroupBy))
		c.values = append(c.values, l.keys(r, target, c.Values))
	}
	c.connection = -1
	for at := range c.GroupBy {
		if c.connection < 0 && c.ofConnections(at) {
			c.connection = at
		}
	}
}

// keys resolves names of fields or aliases for one rule of a correlation.
func (l *linker) keys(r *linked, target *Rule, names []string) (list []key) {
	for _, name := range names {
		var k key
		known, field := true, name
		of, isAlias := r.Correlated.aliases[name]
		for _, ref := range keys(of) {
			if t := l.named(ref); t != nil && t.Rule == target {
				field, isAlias = of[ref], false
			}
		}
		switch c := target.Correlated; {
		case isAlias:
			l.wrong(r, "correlation: alias %s has no field for %s", name, target.Name)
		case c != nil:
			if k.group = slices.Index(c.GroupBy, field); k.group < 0 {
				l.wrong(r, "correlation: %s has no group-by %q: write one of %s", target.Name, field, strings.Join(c.GroupBy, ", "))
			}
		default:
			if k.field, known = FieldNamed(field); !known {
				l.wrong(r, "correlation: no field or alias is called %q%s", field, nearestHint(field, append(allFieldNames(), keys(r.Correlated.aliases)...)))
			}
		}
		list = append(list, k)
	}
	return list
}

// silence marks the rules that correlations alone want.
func silence(rules []*Rule) {
	for _, generate := range []bool{false, true} {
		for _, r := range rules {
			if c := r.Correlated; c != nil && c.Generate == generate {
				for _, target := range c.Rules {
					target.Silent = !generate
				}
			}
		}
	}
}

// aboutNothing reports, as a problem, whether a filter is about a rule that does not
// exist; one that is switched off is no problem.
func (l *linker) aboutNothing(f *Filter) (nothing bool) {
	for _, ref := range f.Refs {
		if l.named(ref) == nil {
			l.add(f.Source.File, f.Source.Line, "filter: no rule has the name or id %q%s", ref, l.nearest(ref))
			nothing = true
		}
	}
	return nothing
}

// byName orders names with numbers as people do.
func byName(a, b *Rule) int {
	x, m := cutNumber(a.Name)
	y, n := cutNumber(b.Name)
	return cmp.Or(strings.Compare(x, y), cmp.Compare(m, n), strings.Compare(a.Name, b.Name))
}

// cutNumber cuts a name before its first digits.
func cutNumber(name string) (string, int) {
	i := strings.IndexAny(name, "0123456789")
	if i < 0 {
		return name, 0
	}
	digits := strings.TrimLeft(name[i:], "0123456789")
	n, _ := strconv.Atoi(name[i : len(name)-len(digits)])
	return name[:i], n
}

// Named returns the rule of a name or id, of those switched off too; nil for none.
func (s *Set) Named(ref string) *Rule {
	for _, r := range slices.Concat(s.Rules, s.Off) {
		if r.called(ref) || strings.EqualFold(ref, r.Name) {
			return r
		}
	}
	return nil
}
