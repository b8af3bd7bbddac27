package pipeline

import (
	"strings"
	"testing"

	"sqleuth/analysis/rule"
)

// TestJudgeRule: a test that is wrong fails, whether it has a statement or a log.
func TestJudgeRule(t *testing.T) {
	const text = `title: t
name: x
level: medium
detection:
  drop: {statement.verb: drop, statement.tables: shop.orders}
  known: {digest.known: true}
  condition: drop
sqleuth:
  says: dropped
  levels: [{when: known, level: low}, {when: {match.count|gte: 2}, level: high}]
  tests:
    - {sql: DROP TABLE orders, database: Shop, level: LEVEL1}
    - {sql: DROP TABLE shop.orders, with: {digest.known: true}, level: LEVEL2}
    - {sql: DROP TABLE orders, database: other, level: none}
    - level: LEVEL3
      log: "2026-03-02T10:00:00.000000Z\t    1 Connect\ta@h on shop using TCP/IP\n2026-03-02T10:00:01.000000Z\t    1 Query\tDROP TABLE orders\n2026-03-02T10:00:02.000000Z\t    1 Query\tDROP TABLE orders"
    - level: none
      log: "2026-03-02T10:00:00.000000Z\t    1 Connect\ta@h on other using TCP/IP\n2026-03-02T10:00:01.000000Z\t    1 Query\tDROP TABLE orders"
`
	for _, tt := range []struct {
		levels []string
		want   int
	}{
		{[]string{"medium", "low", "high"}, 0},
		{[]string{"low", "none", "medium"}, 3},
	} {
		filled := text
		for k, level := range tt.levels {
			filled = strings.Replace(filled, "LEVEL"+string(rune('1'+k)), level, 1)
		}
		file, problems := rule.Document{Name: "x.yml", Text: []byte(filled)}.Parse(rule.Options{})
		set, more := rule.NewSet(file)
		if problems != nil || more != nil {
			t.Fatal(problems, more)
		}
		count, failures := rule.RunTests(set, set.Rules, JudgeRule)
		if count != 5 || len(failures) != tt.want {
			t.Errorf("levels %v: %d of %d fail, want %d: %v", tt.levels, len(failures), count, tt.want, failures)
		}
	}
}
