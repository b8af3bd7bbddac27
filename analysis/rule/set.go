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
	l := linker{byID: map[string]int{}, byName: map[string]int{}, state: map[*Rule]linkState{}}
	for i, layer := range layers {
		l.join(i, layer)
	}
	l.switchOff()
	for _, r := range l.rules {
		l.link(r, nil)
	}
	l.filters()
	l.rules = slices.DeleteFunc(l.rules, func(r *Rule) bool { return l.state[r] == failed })
	l.silence()
	slices.SortStableFunc(l.rules, byName)
	slices.SortStableFunc(l.off, byName)
	return &Set{Rules: l.rules, Off: l.off, Filters: l.kept}, l.sorted()
}

// linker builds a Set.
type linker struct {
	Problems
	rules, off []*Rule
	layers     []int // by rule, the layer that it is of
	filter     []*Filter
	kept       []*Filter
	byID       map[string]int // index into rules, later of what is left of them
	byName     map[string]int
	state      map[*Rule]linkState
}

// linkState is how far the linking of a rule is.
type linkState uint8

const (
	unlinked linkState = iota
	linking
	linked
	failed
)

// join adds the rules of a layer: each in the place of an earlier one of its id or,
// where one of them has none, its name.
func (l *linker) join(number int, layer File) {
	for _, r := range layer.Rules {
		r = r.clone()
		at, again := l.byID[r.ID]
		again = again && r.ID != ""
		named, taken := l.byName[r.Name]
		if !again {
			at = named
		}
		switch {
		case !again && !taken:
			at = len(l.rules)
			l.rules, l.layers = append(l.rules, r), append(l.layers, number)
		case l.layers[at] == number:
			old := l.rules[at]
			l.add(r.Source.File, r.Source.Line, "id or name of %s (%s:%d) again: write another", old.Name, old.Source.File, old.Source.Line)
			continue
		case taken && named != at, !again && r.ID != "" && l.rules[named].ID != "":
			old := l.rules[named]
			l.add(r.Source.File, r.Source.Line, "the name %s belongs to %s (%s): write another name, or its id to replace it", r.Name, old.ID, old.Source.File)
			continue
		}
		if old := l.rules[at]; !r.Enabled && old != r {
			r = disabled(old, r)
		}
		delete(l.byName, l.rules[at].Name)
		l.rules[at], l.layers[at] = r, number
		l.byName[r.Name] = at
		if r.ID != "" {
			l.byID[r.ID] = at
		}
	}
	l.filter = append(l.filter, layer.Filters...)
}

// clone returns a copy that can be linked.
func (r *Rule) clone() *Rule {
	out := *r
	out.Silent = false
	if r.Correlated != nil {
		c := *r.Correlated
		out.Correlated = &c
	}
	return &out
}

// disabled returns a rule switched off by a document that may hold no more than
// its id.
func disabled(old, by *Rule) *Rule {
	r := *old
	r.Enabled, r.Builtin, r.Source = false, by.Builtin, by.Source
	return &r
}

// switchOff takes out the rules that are not enabled.
func (l *linker) switchOff() {
	for _, r := range l.rules {
		if !r.Enabled {
			l.off = append(l.off, r)
		}
	}
	l.rules = slices.DeleteFunc(l.rules, func(r *Rule) bool { return !r.Enabled })
	l.index()
	l.off = slices.DeleteFunc(l.off, func(r *Rule) bool {
		if r.Title == "" {
			l.warn(r.Source.File, r.Source.Line, "enabled: false, but there is no rule %s%s", r.Name, nearestHint(r.Name, keys(l.byName)))
		}
		return r.Title == ""
	})
}

// index notes the places of the rules that are left.
func (l *linker) index() {
	clear(l.byID)
	clear(l.byName)
	for i, r := range l.rules {
		l.byName[r.Name] = i
		if r.ID != "" {
			l.byID[r.ID] = i
		}
	}
}

// named returns the rule that a reference means, by name or id.
func (l *linker) named(ref string) *Rule {
	i, ok := l.byName[ref]
	if !ok {
		i, ok = l.byID[strings.ToLower(ref)]
	}
	if !ok {
		return nil
	}
	return l.rules[i]
}

// link resolves the references of a correlation, those of its rules first.
func (l *linker) link(r *Rule, path []string) bool {
	switch l.state[r] {
	case linking:
		l.add(r.Source.File, r.Source.Line, "correlations in a circle: %s", strings.Join(append(path, r.Name), " needs "))
		return false
	case linked, failed:
		return l.state[r] == linked
	}
	l.state[r] = linking
	ok := true
	if c := r.Correlated; c != nil {
		c.Rules = nil
		for _, ref := range c.Refs {
			target := l.named(ref)
			if target == nil {
				ok = l.missing(r, ref)
			} else if !l.link(target, append(path, r.Name)) {
				if ok = false; !target.Enabled {
					l.missing(r, ref)
				}
			} else if target.Kind == Native {
				ok = false
				l.add(r.Source.File, r.Source.Line, "%s is native and has no hits to correlate", ref)
			}
			c.Rules = append(c.Rules, target)
		}
		ok = ok && l.sources(r)
	}
	l.state[r] = linked
	if !ok {
		l.state[r] = failed
	}
	return ok
}

// isOff reports whether a reference means a rule that is switched off.
func (l *linker) isOff(ref string) bool {
	return slices.ContainsFunc(l.off, func(r *Rule) bool { return r.called(ref) })
}

// missing notes a reference to no rule; with one that is switched off the
// correlation is too.
func (l *linker) missing(r *Rule, ref string) bool {
	if l.isOff(ref) {
		l.warn(r.Source.File, r.Source.Line, "%s is switched off with %s, which it needs", r.Name, ref)
		if r.Enabled {
			r.Enabled = false
			l.off = append(l.off, r)
		}
		return false
	}
	l.add(r.Source.File, r.Source.Line, "correlation: no rule has the name or id %q%s", ref, nearestHint(ref, keys(l.byName)))
	return false
}

// sources works out, for each rule of a correlation, where the values of its
// groups and those to count come from.
func (l *linker) sources(r *Rule) bool {
	c := r.Correlated
	ok := true
	for alias, of := range c.aliases {
		for ref := range of {
			if target := l.named(ref); target == nil || !slices.Contains(c.Rules, target) {
				l.add(r.Source.File, r.Source.Line, "alias %s: the correlation has no rule %q%s", alias, ref, nearestHint(ref, c.Refs))
				ok = false
			}
		}
	}
	c.keys, c.values = nil, nil
	for _, target := range c.Rules {
		groups, fine := l.keysOf(r, target, c.GroupBy)
		values, fine2 := l.keysOf(r, target, c.Values)
		c.keys, c.values = append(c.keys, groups), append(c.values, values)
		ok = ok && fine && fine2
	}
	return ok
}

// keysOf resolves names of fields or aliases for one rule of a correlation.
func (l *linker) keysOf(r, target *Rule, names []string) (list []key, ok bool) {
	ok = true
	for _, name := range names {
		k, text := l.key(r, target, name)
		if text != "" {
			l.add(r.Source.File, r.Source.Line, "correlation: %s", text)
			ok = false
		}
		list = append(list, k)
	}
	return list, ok
}

// key resolves one name; text explains what is wrong.
func (l *linker) key(r, target *Rule, name string) (k key, text string) {
	if of, isAlias := r.Correlated.aliases[name]; isAlias {
		field := ""
		for ref, f := range of {
			if l.named(ref) == target {
				field = f
			}
		}
		if field == "" {
			return k, "alias " + name + " has no field for " + target.Name
		}
		name = field
	}
	if target.Correlated != nil {
		k.group = slices.Index(target.Correlated.GroupBy, name)
		if k.group < 0 {
			return k, target.Name + " has no group-by " + strconv.Quote(name) + ": write one of " + strings.Join(target.Correlated.GroupBy, ", ")
		}
		return k, ""
	}
	var known bool
	if k.field, known = FieldNamed(name); !known {
		return k, "no field or alias is called " + strconv.Quote(name) + nearestHint(name, append(allFieldNames(), keys(r.Correlated.aliases)...))
	}
	return k, ""
}

// silence marks the rules that correlations alone want.
func (l *linker) silence() {
	generated := map[*Rule]bool{}
	for _, r := range l.rules {
		if c := r.Correlated; c != nil {
			for _, target := range c.Rules {
				target.Silent = true
				generated[target] = generated[target] || c.Generate
			}
		}
	}
	for r, yes := range generated {
		r.Silent = !yes
	}
}

// filters keeps those whose rules exist; one that is switched off is no problem.
func (l *linker) filters() {
	for _, f := range l.filter {
		ok := true
		for _, ref := range f.Refs {
			if l.named(ref) == nil && !l.isOff(ref) {
				l.add(f.Source.File, f.Source.Line, "filter: no rule has the name or id %q%s", ref, nearestHint(ref, keys(l.byName)))
				ok = false
			}
		}
		if ok {
			l.kept = append(l.kept, f)
		}
	}
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
