// Package ruletest spoils rules on purpose, to see whether their tests notice.
package ruletest

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/rule"

	"go.yaml.in/yaml/v3"
)

// Mutant is a set in which one thing of a rule is changed. The rule's tests are
// good if they fail on it.
type Mutant struct {
	What string // "condition negated"
	Set  *rule.Set
	Rule *rule.Rule // the one whose tests are to be run, in Set
}

// Mutants returns the mutants of a rule: its condition negated, a selection that is
// always or never true, a threshold moved by one, a level moved. Those of rules that
// only correlations refer to, and that have no tests of their own, are among the
// mutants of the correlation.
func Mutants(s *rule.Set, r *rule.Rule) ([]Mutant, error) {
	if r.Silent && len(r.Tests()) == 0 {
		return nil, nil
	}
	var out []Mutant
	for _, target := range append([]*rule.Rule{r}, helpers(r, nil)...) {
		changes, err := changes(target.Document(), target == r)
		if err != nil {
			return nil, err
		}
		for _, c := range changes {
			changed, problems := target.Reread(c.text)
			if err := problems.Err(); err != nil {
				return nil, fmt.Errorf("%s: %s: %w", target.Name, c.what, err)
			}
			set := replace(s, target, changed)
			out = append(out, Mutant{target.Name + ": " + c.what, set, set.Named(r.Name)})
		}
	}
	return out, nil
}

// helpers are the silent rules below a correlation.
func helpers(r *rule.Rule, list []*rule.Rule) []*rule.Rule {
	if r.Correlated == nil {
		return list
	}
	for _, target := range r.Correlated.Rules {
		if target.Silent && len(target.Tests()) == 0 && !slices.Contains(list, target) {
			list = helpers(target, append(list, target))
		}
	}
	return list
}

// replace returns the set with another rule in the place of one.
func replace(s *rule.Set, old, changed *rule.Rule) *rule.Set {
	layer := rule.File{Rules: slices.Clone(s.Rules), Filters: s.Filters}
	layer.Rules[slices.Index(layer.Rules, old)] = changed
	set, _ := rule.NewSet(layer)
	return set
}

// change is a document in which one thing is changed.
type change struct {
	what string
	text []byte
}

// spoiler collects the changes of a document: each value is set, written out and
// set back.
type spoiler struct {
	doc    yaml.Node
	levels bool // whether anybody sees the rule's level
	out    []change
	err    error
}

func changes(document []byte, levels bool) ([]change, error) {
	s := spoiler{levels: levels}
	if err := yaml.Unmarshal(document, &s.doc); err != nil {
		return nil, err
	}
	s.walk(s.doc.Content[0], "", nil)
	return s.out, s.err
}

// set notes a change of a scalar.
func (s *spoiler) set(n *yaml.Node, value, what string) {
	old := *n
	n.Value, n.Style, n.Tag = value, 0, ""
	text, err := yaml.Marshal(&s.doc)
	if *n = old; err != nil {
		s.err = err
	}
	s.out = append(s.out, change{what, text})
}

var (
	threshold = regexp.MustCompile(`(^|\|)(gt|gte|lt|lte|eq|neq)$`)
	levels    = strings.Fields("context low medium high critical")
)

// walk spoils what lies below a node, which has a key.
func (s *spoiler) walk(n *yaml.Node, key string, names []string) {
	if n.Kind == yaml.ScalarNode {
		s.scalar(n, key, names)
		return
	}
	for i, c := range n.Content {
		switch {
		case n.Kind == yaml.SequenceNode:
			s.walk(c, key, names)
		case i%2 == 0 || n.Content[i-1].Value == "tests":
		case n.Content[i-1].Value == "detection":
			s.walk(c, "", keys(c))
		default:
			s.walk(c, n.Content[i-1].Value, names)
		}
	}
}

func keys(n *yaml.Node) (names []string) {
	for i := 0; i < len(n.Content); i += 2 {
		names = append(names, n.Content[i].Value)
	}
	return names
}

func (s *spoiler) scalar(n *yaml.Node, key string, names []string) {
	number, err := strconv.Atoi(n.Value)
	switch {
	case threshold.MatchString(key) && err == nil:
		for _, moved := range []int{max(number-1, 0), number + 1} {
			if moved != number {
				s.set(n, strconv.Itoa(moved), fmt.Sprintf("%s %d becomes %d", key, number, moved))
			}
		}
	case key == "level" && s.levels:
		// Sigma calls the lowest level informational.
		moved := (max(slices.Index(levels, n.Value), 0) + 1) % len(levels)
		s.set(n, levels[moved], "level "+n.Value+" becomes "+levels[moved])
	case key == "condition":
		s.condition(n, names)
	}
}

var some = regexp.MustCompile(`\b(1|any|all) of (\S+)`)

// condition negates a condition, and makes each of its selections always and never
// true.
func (s *spoiler) condition(n *yaml.Node, names []string) {
	s.set(n, "not ("+n.Value+")", "condition negated")
	text := some.ReplaceAllStringFunc(n.Value, func(of string) string {
		m := some.FindStringSubmatch(of)
		var list []string
		for _, name := range names {
			ok, _ := path.Match(strings.Replace(m[2], "them", "[^_]*", 1), name)
			if ok && name != "condition" {
				list = append(list, name)
			}
		}
		word := map[bool]string{true: " and ", false: " or "}[m[1] == "all"]
		return "(" + strings.Join(list, word) + ")"
	})
	for _, name := range names {
		word := regexp.MustCompile(`(^|[ (])` + regexp.QuoteMeta(name) + `($|[ )])`)
		if !word.MatchString(text) {
			continue
		}
		s.set(n, word.ReplaceAllString(text, "${1}("+name+" or not "+name+")${2}"), name+" always true")
		s.set(n, word.ReplaceAllString(text, "${1}("+name+" and not "+name+")${2}"), name+" never true")
	}
}
