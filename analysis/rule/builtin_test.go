package rule_test

import (
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

// TestBuiltinRules runs the tests that the built-in rules have in their files.
func TestBuiltinRules(t *testing.T) {
	set := detect.Builtin()
	count, failures := rule.RunTests(set, set.Rules, pipeline.JudgeRule)
	for _, f := range failures {
		t.Error(f)
	}
	t.Logf("%d tests of %d rules", count, len(set.Rules))
}

// TestBuiltinRulesSpoilt: the rules' own tests notice nearly every change to them.
func TestBuiltinRulesSpoilt(t *testing.T) {
	if testing.Short() {
		t.Skip("a sample of them proves nothing")
	}
	set, problems := rule.Load(rule.Sources{}, rule.Options{Natives: detect.Natives()}) // a set to change
	if problems != nil {
		t.Fatal(problems)
	}
	total, alive := 0, []string(nil)
	for _, r := range set.Rules {
		for what := range rule.Mutants(r) {
			total++
			if _, failures := rule.RunTests(set, []*rule.Rule{r}, pipeline.JudgeRule); failures == nil {
				alive = append(alive, what)
			}
		}
	}
	t.Logf("%d mutants, alive: %q", total, alive)
	if len(alive)*100 > total*5 {
		t.Errorf("%d of %d changes pass unnoticed:\n%s", len(alive), total, strings.Join(alive, "\n"))
	}
}
