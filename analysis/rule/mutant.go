package rule

import (
	"fmt"
	"iter"
	"slices"
	"strconv"
)

// Mutant is a set in which one thing of a rule is changed. The rule's tests are
// good if they fail on it.
type Mutant struct {
	What string // "condition negated"
	Set  *Set
	Rule *Rule // the one whose tests are to be run, in Set
}

// Mutants returns the mutants of a rule: its condition negated, a selection dropped,
// a threshold moved by one, a level moved. Those of rules that only correlations
// refer to, and that have no tests of their own, are among the mutants of the
// correlation.
func Mutants(s *Set, r *Rule) []Mutant {
	if r.Silent && len(r.Tests) == 0 {
		return nil
	}
	var out []Mutant
	for _, target := range append([]*Rule{r}, helpers(r, nil)...) {
		for _, c := range changes(target, target == r) {
			changed := *target
			c.apply(&changed)
			set := s.with(target, &changed)
			what := c.what
			if target != r {
				what = target.Name + ": " + what
			}
			out = append(out, Mutant{what, set, set.Named(r.Name)})
		}
	}
	return out
}

// helpers are the rules that a correlation refers to, down to those that refer to
// none.
func helpers(r *Rule, list []*Rule) []*Rule {
	if r.Correlated == nil {
		return list
	}
	for _, target := range r.Correlated.Rules {
		if target.Silent && len(target.Tests) == 0 && !slices.Contains(list, target) {
			list = helpers(target, append(list, target))
		}
	}
	return list
}

// with returns the set with another rule in the place of one.
func (s *Set) with(old, changed *Rule) *Set {
	layer := File{Filters: s.Filters}
	for _, r := range s.Rules {
		if r == old {
			r = changed
		}
		layer.Rules = append(layer.Rules, r)
	}
	set, _ := NewSet(layer)
	return set
}

// change is a way to spoil a copy of a rule. What the copy shares with the rule must
// not be written to.
type change struct {
	what  string
	apply func(r *Rule)
}

// changes returns the ways to spoil a rule, those of levels only for one whose level
// anybody sees.
func changes(r *Rule, levels bool) []change {
	var out []change
	if r.detection != nil {
		out = append(out, conditionChanges(r)...)
	}
	if r.Correlated != nil {
		out = append(out, boundChanges(r)...)
	}
	if levels {
		out = append(out, levelChanges(r)...)
	}
	return append(out, parameterChanges(r)...)
}

// withCondition replaces the condition of a copy.
func withCondition(n node) func(r *Rule) {
	return func(r *Rule) {
		d := *r.detection
		d.condition = n
		r.detection = &d
		r.Necessary = []FieldSet{{}}
	}
}

func conditionChanges(r *Rule) []change {
	condition := r.detection.condition
	out := []change{{"condition negated", withCondition(not{condition})}}
	for _, name := range r.detection.names(condition) {
		dropped := rewrite(condition, func(n node) node {
			if s, ok := n.(named); ok && s.name == name {
				return nil
			}
			return n
		})
		if dropped != nil {
			out = append(out, change{"selection " + name + " dropped", withCondition(dropped)})
		}
	}
	for what, moved := range movedThresholds(condition) {
		out = append(out, change{what, withCondition(moved)})
	}
	return out
}

// movedThresholds yields a condition with each of its thresholds moved up and down.
func movedThresholds(condition node) iter.Seq2[string, node] {
	return func(yield func(string, node) bool) {
		for _, it := range numbersIn(condition) {
			for _, by := range []float64{-1, 1} {
				moved := rewrite(condition, func(n node) node {
					if n == node(it) {
						return it.moved(by)
					}
					return n
				})
				if !yield(fmt.Sprintf("%s moved by %+g", it.key, by), moved) {
					return
				}
			}
		}
	}
}

// names returns the selections that a condition refers to, in the order of the file.
func (d *detection) names(condition node) []string {
	used := map[string]bool{}
	rewrite(condition, func(n node) node {
		if s, ok := n.(named); ok {
			used[s.name] = true
		}
		return n
	})
	var list []string
	for _, s := range d.selections {
		if used[s.name] {
			list = append(list, s.name)
		}
	}
	return list
}

// numbersIn returns the items of a condition that have a threshold.
func numbersIn(condition node) (list []*item) {
	rewrite(condition, func(n node) node {
		if it, ok := n.(*item); ok && len(it.tests) > 0 && !slices.Contains(list, it) {
			if _, ok := it.tests[0].(number); ok {
				list = append(list, it)
			}
		}
		return n
	})
	return list
}

// moved returns the item with other thresholds.
func (n *item) moved(by float64) *item {
	out := *n
	out.tests = nil
	for _, t := range n.tests {
		bound := t.(number)
		bound.bound += by
		out.tests = append(out.tests, bound)
	}
	return &out
}

func boundChanges(r *Rule) (out []change) {
	for i, b := range r.Correlated.Bounds {
		for _, by := range []int{-1, 1} {
			if b.Value+by < 0 {
				continue
			}
			out = append(out, change{fmt.Sprintf("%s: %d moved by %+d", b.Op, b.Value, by), func(r *Rule) {
				c := *r.Correlated
				c.Bounds = slices.Clone(c.Bounds)
				c.Bounds[i].Value += by
				r.Correlated = &c
			}})
		}
	}
	return out
}

// levelChanges moves a level up, or down from the highest, and the thresholds of
// its conditions.
func levelChanges(r *Rule) []change {
	out := []change{{"level moved", func(r *Rule) { r.Level = beside(r.Level) }}}
	for i, a := range r.Levels {
		out = append(out, change{"level when " + a.When + " moved", func(r *Rule) {
			r.Levels = slices.Clone(r.Levels)
			r.Levels[i].Level = beside(a.Level)
		}})
		for what, moved := range movedThresholds(a.condition) {
			out = append(out, change{"level when " + what, func(r *Rule) {
				r.Levels = slices.Clone(r.Levels)
				r.Levels[i].condition = moved
			}})
		}
	}
	return out
}

func beside(s Severity) Severity {
	if s == Critical {
		return s - 1
	}
	return s + 1
}

// parameterChanges moves whole numbers of native code by one.
func parameterChanges(r *Rule) (out []change) {
	for _, name := range keys(r.Parameters) {
		n, err := strconv.Atoi(r.Parameters[name])
		if err != nil {
			continue
		}
		for _, by := range []int{-1, 1} {
			out = append(out, change{fmt.Sprintf("%s: %d moved by %+d", name, n, by), func(r *Rule) {
				p := Parameters{}
				for k, v := range r.Parameters {
					p[k] = v
				}
				p[name] = strconv.Itoa(n + by)
				r.Parameters = p
			}})
		}
	}
	return out
}
