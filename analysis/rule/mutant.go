package rule

import (
	"fmt"
	"iter"
	"slices"
)

// mutation is a change of a rule; made again it is undone.
type mutation struct {
	what string // "D10: condition negated"
	swap func()
}

// swap returns a function that exchanges what is at a place for a value.
func swap[T any](place *T, value T) func() {
	return func() { *place, value = value, *place }
}

// Mutants changes one thing of a rule after the other and takes it back when the next
// is asked for: its condition negated, a selection that is always or never true, a
// threshold moved by one, a level moved. A rule's tests are good if they fail on each.
// Those of rules that only correlations refer to, and that have no tests of their own,
// are among the mutants of the correlation. Nobody else may use the rules meanwhile.
func Mutants(r *Rule) iter.Seq[string] {
	var all []mutation
	if tested := len(r.Tests()) > 0; tested || !r.Silent {
		all = r.mutations(true)
		for _, part := range r.untested(nil) {
			all = append(all, part.mutations(false)...)
		}
	}
	return func(yield func(string) bool) {
		for _, m := range all {
			m.swap()
			more := yield(m.what)
			if m.swap(); !more {
				return
			}
		}
	}
}

// untested adds the silent rules below a correlation.
func (r *Rule) untested(list []*Rule) []*Rule {
	if r.Correlated == nil {
		return list
	}
	for _, part := range r.Correlated.Rules {
		if part.Silent && len(part.Tests()) == 0 && !slices.Contains(list, part) {
			list = part.untested(append(list, part))
		}
	}
	return list
}

// mutations lists the changes of a rule, those of its levels only where they are seen.
func (r *Rule) mutations(seen bool) (list []mutation) {
	add := func(swap func(), format string, args ...any) {
		list = append(list, mutation{r.Name + ": " + fmt.Sprintf(format, args...), swap})
	}
	condition, used := &r.detection.condition, map[string]bool{}
	if referred(*condition, used); len(used) > 0 {
		add(swap[node](condition, not{*condition}), "condition negated")
	}
	var fields []*item
	collect := func(n node) {
		if it, ok := n.(*item); ok && !slices.Contains(fields, it) {
			fields = append(fields, it)
		}
	}
	for _, s := range r.detection.selections {
		if walk(s.node, collect); used[s.name] {
			add(swap[node](&s.node, settled(true)), "%s always true", s.name)
			add(swap[node](&s.node, settled(false)), "%s never true", s.name)
		}
	}
	levels := []*Severity{&r.Level}
	for i := range r.Levels {
		levels = append(levels, &r.Levels[i].Level)
		walk(r.Levels[i].condition, collect)
	}
	for _, level := range levels {
		if moved := (*level + 1) % (Critical + 1); seen {
			add(swap(level, moved), "level %s becomes %s", *level, moved)
		}
	}
	for _, by := range []int{-1, 1} {
		for _, it := range fields {
			for i, t := range it.tests {
				if t, ok := t.(number); ok && t.bound+float64(by) >= 0 {
					moved := number{t.op, t.bound + float64(by)}
					add(swap[test](&it.tests[i], moved), "%s %s becomes %s", it.key, t, moved)
				}
			}
		}
		if r.Correlated != nil {
			for i, b := range r.Correlated.Bounds {
				add(swap(&r.Correlated.Bounds[i].Value, b.Value+by), "%s %d becomes %d", b.Op, b.Value, b.Value+by)
			}
		}
	}
	return list
}
