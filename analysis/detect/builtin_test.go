package detect_test

import (
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/rule/ruletest"
)

// injections are the rules on statements that inputs have changed.
var injections = strings.Fields("D14 D15 D16 D17 D18 D18-attempt D18-series D19")

// TestInjectionRules runs the rules' own tests, and then on rules that are spoilt.
func TestInjectionRules(t *testing.T) {
	set, total := detect.Builtin(), 0
	var alive []string
	for _, name := range injections {
		r := set.Named(name)
		_, failures := rule.RunTests(set, []*rule.Rule{r}, pipeline.JudgeRule)
		for _, f := range failures {
			t.Error(f)
		}
		mutants, err := ruletest.Mutants(set, r)
		if err != nil {
			t.Fatal(err)
		}
		total += len(mutants)
		for _, m := range mutants {
			if _, failures := rule.RunTests(m.Set, []*rule.Rule{m.Rule}, pipeline.JudgeRule); failures == nil {
				alive = append(alive, m.What)
			}
		}
	}
	if slices.Sort(alive); len(alive)*100 > total*5 {
		t.Errorf("of %d changes to rules their tests do not notice:\n%s", total, strings.Join(alive, "\n"))
	}
}
