package detect

import (
	"context"
	"fmt"

	"sqleuth/analysis/rule"
)

// correlate takes the matches of the correlations for evidence.
func (r *run) correlate(ctx context.Context) error {
	left := map[*rule.Rule]int{}
	for _, engine := range r.engines {
		matches, lost := engine.Matches()
		for rl, n := range lost {
			left[rl] += n
		}
		for k, m := range matches {
			if k%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			if m.Rule.Silent {
				continue
			}
			hits := m.Evidence()
			entries := make([]uint32, len(hits))
			for i, h := range hits {
				entries[i] = uint32(h.Entry)
			}
			r.evidence = append(r.evidence, &evidence{rule: m.Rule, level: m.Rule.Level, first: hits[0].Time, last: hits[len(hits)-1].Time,
				entries: ascending(entries), logins: ofLogins(m.Rule), count: m.Count, maximum: m.Maximum})
		}
	}
	for _, rl := range r.rules {
		if n := left[rl]; n > 0 {
			r.full = append(r.full, fmt.Sprintf("hits for %s (%d)", rl.Name, n))
		}
	}
	return ctx.Err()
}

// ofLogins reports whether a correlation is about logins only.
func ofLogins(r *rule.Rule) bool {
	if r.Correlated == nil {
		return r.Kind == rule.Login
	}
	for _, target := range r.Correlated.Rules {
		if !ofLogins(target) {
			return false
		}
	}
	return true
}
