package pipeline

import (
	"context"
	"strings"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/store"
)

// JudgeRule is the rule.Judge of a rule's own tests: a statement is evaluated on its
// facts, a log with all rules of the set as in an analysis.
func JudgeRule(s *rule.Set, r *rule.Rule, t rule.Test, log []byte) (level rule.Severity, found bool, err error) {
	if t.SQL != "" {
		e := t.StatementEvent(fact.Resolve(factsOf(t.SQL), strings.ToLower(t.Database)))
		level, _ := r.LevelOf(e)
		return level, r.Match(e) == rule.True, nil
	}
	list, err := detections(s, log)
	if err != nil {
		return 0, false, err
	}
	for _, d := range list {
		if d.Rule == r {
			level, found = max(level, d.Severity), true
		}
	}
	return level, found, nil
}

// factsOf returns the facts of a statement.
func factsOf(sql string) fact.Set {
	var tokens sqltext.Tokens
	tokens.Lex([]byte(sql))
	var st sqltext.Statement
	tokens.Parse(&st)
	var b fact.Builder
	fact.Of([]byte("Query"), &tokens, &st, &b)
	return b.Set()
}

// detections returns what a set finds in a log.
func detections(s *rule.Set, log []byte) ([]detect.Detection, error) {
	set, err := logfile.OpenBytes("test.log", log, logfile.Options{})
	if err != nil {
		return nil, err
	}
	defer set.Close()
	cfg := DefaultConfig()
	cfg.Detect.Rules = s
	ctx := context.Background()
	n, err := read(ctx, cfg, set, func(Event) {})
	if err != nil {
		return nil, err
	}
	n.ByConnection = store.GroupByConnection(n.Entries, n.Connections.Len())
	found, err := detect.Run(ctx, &n.Log, n.textBy(NewText(set)), cfg.Detect)
	if err != nil {
		return nil, err
	}
	return found.Detections, nil
}
