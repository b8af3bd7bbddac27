package detect_test

import (
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/rule"
)

// A statement that an account sends on three days is known of it, unless the account
// got in after guesses.
func TestKnownDigests(t *testing.T) {
	for _, c := range []struct {
		guesses, days int
		want          rule.Severity
	}{{0, 3, rule.Context}, {0, 1, rule.Critical}, {5, 3, rule.Critical}} {
		var log strings.Builder
		id := 0
		entry := func(day int, command, text string) {
			fmt.Fprintf(&log, "2025-01-%02dT10:00:00.000000Z\t%5d %s\t%s\n", day+1, id, command, text)
		}
		for range c.guesses {
			id++
			entry(0, "Connect", "Access denied for user 'report'@'10.0.0.5' (using password: YES)")
		}
		for day := range c.days {
			id++
			entry(day, "Connect", "report@10.0.0.5 on shop using TCP/IP")
			entry(day, "Query", fmt.Sprintf("SELECT * FROM orders INTO OUTFILE '/srv/www/day%d.php'", day))
		}
		found := load(t, []byte(log.String())).run(t, own(t, `
title: Writes scripts
name: T1
id: 0a6bfe0c-43b4-4f0e-9c3e-0b2f6a7c8d9e
logsource: {product: mysql, service: general}
detection:
  script: {statement.files: write script}
  known: {digest.known: true}
  condition: script
level: critical
sqleuth:
  levels:
    - {when: known, level: context}
`))
		if len(found) == 0 {
			t.Fatalf("%+v: nothing is found", c)
		}
		for _, d := range found {
			if d.Severity != c.want {
				t.Errorf("%+v: %s, want %s", c, d.Severity, c.want)
			}
		}
	}
}
