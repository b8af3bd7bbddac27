package detect

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/rule"
)

// TestFull: what there was too much of is named in the order of the rules.
func TestFull(t *testing.T) {
	var text strings.Builder
	var want []string
	for k := range 9 {
		fmt.Fprintf(&text, "title: t\nname: base%d\ndetection: {s: {user.name: x}, condition: s}\n---\n", k)
		fmt.Fprintf(&text, "title: t\nname: many%d\ncorrelation: {type: event_count, rules: [base%d], timespan: 1s, condition: {gte: 9}}\n---\n", k, k)
		want = append(want, fmt.Sprintf("hits for base%d (1)", k))
	}
	file, problems := rule.Document{Text: []byte(text.String())}.Parse(rule.Options{})
	set, more := rule.NewSet(file)
	if problems != nil || more != nil {
		t.Fatal(problems, more)
	}
	r := run{rules: set.Rules, engines: []*rule.Engine{rule.NewEngine(set)}}
	r.engines[0].MaxHits = 1
	for k := range 9 {
		base := set.Named(fmt.Sprintf("base%d", k))
		for i := range 3 {
			r.engines[0].Add(base, rule.Hit{Entry: i}, rule.Values{})
		}
	}
	if err := r.correlate(t.Context()); err != nil || !slices.Equal(r.full, want) {
		t.Errorf("%q, %v, want %q", r.full, err, want)
	}
}
