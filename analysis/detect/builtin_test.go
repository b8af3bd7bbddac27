package detect_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/rule/ruletest"
	"sqleuth/analysis/sqltext"
)

// factsOf returns the facts of a statement.
func factsOf(sql string) fact.Set {
	var t sqltext.Tokens
	t.Lex([]byte(sql))
	var st sqltext.Statement
	t.Parse(&st)
	var b fact.Builder
	fact.Of([]byte("Query"), &t, &st, &b)
	return b.Set()
}

// judge judges a test of a rule.
func judge(set *rule.Set, r *rule.Rule, t rule.Test, log []byte) (rule.Severity, bool, error) {
	if t.SQL != "" {
		e := t.StatementEvent(fact.Resolve(factsOf(t.SQL), strings.ToLower(t.Database)))
		level, _ := r.LevelOf(e)
		return level, r.Match(e) == rule.True, nil
	}
	return judgeLog(set, r, log)
}

// judgeLog returns the level of the gravest detection of a rule in a log.
func judgeLog(set *rule.Set, r *rule.Rule, log []byte) (level rule.Severity, found bool, err error) {
	files, err := logfile.OpenBytes("test.log", log, logfile.Options{})
	if err != nil {
		return 0, false, err
	}
	defer files.Close()
	cfg := pipeline.DefaultConfig()
	cfg.Detect.Rules = set
	s, err := pipeline.Run(context.Background(), cfg, files, nil, func(pipeline.Event) {})
	if err != nil {
		return 0, false, err
	}
	for _, d := range s.Detections {
		if d.Rule == r {
			level, found = max(level, d.Severity), true
		}
	}
	return level, found, nil
}

// injections are the rules on statements that inputs have changed.
var injections = strings.Fields("D14 D15 D16 D17 D18 D18-attempt D18-series D19")

// TestInjectionRules runs the rules' own tests, and then on rules that are spoilt.
func TestInjectionRules(t *testing.T) {
	set, total := detect.Builtin(), 0
	var alive []string
	for _, name := range injections {
		r := set.Named(name)
		_, failures := rule.RunTests(set, []*rule.Rule{r}, judge)
		for _, f := range failures {
			t.Error(f)
		}
		mutants, err := ruletest.Mutants(set, r)
		if err != nil {
			t.Fatal(err)
		}
		total += len(mutants)
		for _, m := range mutants {
			if _, failures := rule.RunTests(m.Set, []*rule.Rule{m.Rule}, judge); failures == nil {
				alive = append(alive, m.What)
			}
		}
	}
	if slices.Sort(alive); len(alive)*100 > total*5 {
		t.Errorf("of %d changes to rules their tests do not notice:\n%s", total, strings.Join(alive, "\n"))
	}
}
