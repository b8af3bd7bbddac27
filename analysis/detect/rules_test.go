package detect_test

import (
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/rule/ruletest"
)

// loginRules are those whose tests are logs of logins and dumps.
var loginRules = strings.Fields(`D1 D1-burst D1-hosts D1-known D1-slow D1-users D2 D3 D3-burst D4 D5 D7 D7-program D8 D24`)

// Of the mutants of the rules the tests kill all but a few.
func TestMutantsOfLoginRules(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	total, alive := 0, []string(nil)
	for _, name := range loginRules {
		r := detect.Builtin().Named(name)
		mutants, err := ruletest.Mutants(detect.Builtin(), r)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range mutants {
			total++
			if _, failures := rule.RunTests(m.Set, []*rule.Rule{m.Rule}, pipeline.JudgeRule); failures == nil {
				alive = append(alive, m.What)
			}
		}
	}
	if len(alive)*20 > total {
		t.Errorf("%d of %d mutants live: %s", len(alive), total, strings.Join(slices.Sorted(slices.Values(alive)), "; "))
	}
	t.Logf("%d of %d mutants live: %q", len(alive), total, alive)
}

// D16 looks for the constants that package fact calls injected, and no others.
func TestInjectedConstants(t *testing.T) {
	d16 := detect.Builtin().Named("D16")
	for _, v := range fact.Constants.Values() {
		of := rule.Values{rule.Field(fact.Verb): {"select"}, rule.Field(fact.Constants): {v}, rule.DigestKnown: {"false"}}
		level, _ := d16.LevelOf(of)
		if got := d16.Match(of) == rule.True && level == rule.Medium; got != fact.Injected(fact.Constants, v) {
			t.Errorf("%s: D16 %v, injected %v", v, got, !got)
		}
	}
}
