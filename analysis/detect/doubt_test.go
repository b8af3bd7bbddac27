package detect_test

import (
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/rule"
)

// A statement that a client has forged into the connection of somebody else makes no
// grave detection; one that was sent does.
func TestForgedStatements(t *testing.T) {
	for _, forged := range []bool{true, false} {
		var log strings.Builder
		second := 0
		entry := func(id int, command, text string) {
			second++
			fmt.Fprintf(&log, "2025-01-02T10:00:%02d.000000Z\t%5d %s\t%s\n", second, id, command, text)
		}
		for id := 5; id < 12; id++ {
			entry(id, "Connect", "app@10.0.0.1 on shop using TCP/IP")
			entry(id, "Query", "SELECT name FROM item WHERE id = 5")
		}
		drop := fmt.Sprintf("2025-01-02T10:00:%02d.000000Z\t%5d Query\tDROP DATABASE shop; -- ", second+1, 5)
		if forged {
			entry(30, "Connect", "root@10.0.0.66 on a\n"+drop+" using TCP/IP")
			entry(30, "Connect", "Access denied for user 'root'@'10.0.0.66' (using password: YES)")
		} else {
			log.WriteString(drop + "\n")
		}
		var found *detect.Detection
		for _, d := range load(t, []byte(log.String())).run(t, detect.Builtin()) {
			if d.Rule.Name == "D20" {
				found = &d
			}
		}
		switch {
		case found == nil:
			t.Errorf("forged %v: DROP DATABASE is not found", forged)
		case forged != (found.Severity <= rule.Low), forged != strings.Contains(found.Summary, "may be forged"):
			t.Errorf("forged %v: %s: %s", forged, found.Severity, found.Summary)
		}
	}
}
