package detect

import (
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// calledFunctions finds calls of functions from libraries that were made in this
// log, whatever their name.
func calledFunctions(r *run, rl *rule.Rule) {
	type function struct {
		server int
		name   string
	}
	made := map[function]int{} // its entry
	names := map[string]bool{}
	library := func(set fact.Set) bool {
		return set.Has(fact.Head, "create function") && set.Has(fact.Marks, "soname")
	}
	r.entriesWith(library, func(i int) {
		set, _ := r.factsOf(i)
		for name := range set.Values(fact.Objects) {
			name = name[strings.LastIndexByte(name, '.')+1:]
			if f := (function{r.ServerOf(i), name}); made[f] == 0 {
				made[f], names[name] = i+1, true
			}
		}
	})
	if len(made) == 0 {
		return
	}
	found := map[principalKey]*evidence{}
	calls := func(set fact.Set) bool {
		for f := range set.Values(fact.Functions) {
			if names[f] {
				return true
			}
		}
		return false
	}
	r.entriesWith(calls, func(i int) {
		set, _ := r.factsOf(i)
		for f := range set.Values(fact.Functions) {
			if at := made[function{r.ServerOf(i), f}]; at > 0 && at <= i {
				r.called(found, rl, i, f)
				return
			}
		}
	})
}

// called adds a call of a function to the evidence of its account.
func (r *run) called(found map[principalKey]*evidence, rl *rule.Rule, i int, function string) {
	who := r.principalOf(i)
	ev := found[who]
	if ev == nil {
		ev = &evidence{rule: rl, level: rl.Level, note: "the function " + wording.Name(function) + " came from a library in this log"}
		found[who] = ev
		r.evidence = append(r.evidence, ev)
	}
	ev.add(i, r.Approximate(i))
}
