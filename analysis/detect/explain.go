package detect

import (
	"context"
	"fmt"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
)

// Explained is what became of a rule on one entry.
type Explained struct {
	Rule        *rule.Rule
	Explanation rule.Explanation // zero where Why is not empty
	Why         string           // why the entry was not asked
}

// Explain evaluates each part of a rule on an entry as Run does, of a correlation
// each of its rules. What is known of a detection as a whole only (match.*) has no
// value. The error is that of ctx.
func Explain(ctx context.Context, log *loaded.Log, text loaded.Text, opt Options, rl *rule.Rule, entry int) ([]Explained, error) {
	r, err := newRun(ctx, log, text, opt)
	if err != nil {
		return nil, err
	}
	return r.explain(rl, entry), nil
}

func (r *run) explain(rl *rule.Rule, i int) (list []Explained) {
	e := event{run: r}
	conn, id := r.sender(i)
	switch rl.Kind {
	case rule.Correlation:
		for _, target := range rl.Correlated.Rules {
			list = append(list, r.explain(target, i)...)
		}
		return list
	case rule.Native:
		return []Explained{{Rule: rl, Why: "it is native code (" + rl.Native + "), which looks at the log as a whole"}}
	case rule.Login:
		l, ok := r.logins.find(i)
		if !ok {
			why := "it is about logins, and the entry is none"
			if own, ok := r.logins.first(conn); ok {
				why += fmt.Sprintf("; that of its connection is entry %d", own.entry+1)
			}
			return []Explained{{Rule: rl, Why: why}}
		}
		e.ofLogin(l)
	default:
		e.ofEntry(i, conn, r.Entries.Row(i), id)
	}
	return []Explained{{Rule: rl, Explanation: rl.Explain(&e)}}
}
