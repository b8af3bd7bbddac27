package detect

import (
	"fmt"

	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

// perAccount is how many detections of one rule an account may have: what it does
// more often is how a program works, or a flood, and is one detection.
const perAccount = 20

// folded is what detections have in common that are taken together.
type folded struct {
	rule  *rule.Rule
	level rule.Severity
	principalKey
	filter *rule.Filter
}

// fold takes the evidence of a rule and an account together where there is much of
// it. What remains keeps its order.
func (r *run) fold() {
	count := map[folded]int{}
	for _, ev := range r.evidence {
		count[r.foldedOf(ev)]++
	}
	first := map[folded]*evidence{}
	kept := r.evidence[:0]
	for _, ev := range r.evidence {
		key := r.foldedOf(ev)
		into := first[key]
		switch {
		case count[key] <= perAccount:
			kept = append(kept, ev)
		case into == nil:
			first[key] = ev
			ev.note = fmt.Sprintf("%s of the kind", wording.Counted(count[key], "time", "times"))
			kept = append(kept, ev)
		default:
			into.first, into.last = min(into.first, ev.first), max(into.last, ev.last)
			into.entries = append(into.entries, ev.entries...)
			into.count += ev.count
			into.maximum = max(into.maximum, ev.maximum)
		}
	}
	for _, ev := range first {
		ev.entries = ascending(ev.entries)
	}
	r.evidence = kept
}

func (r *run) foldedOf(ev *evidence) folded {
	return folded{ev.rule, ev.level, r.principalOf(int(ev.entries[0])), ev.filter}
}
