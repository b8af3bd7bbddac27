package detect_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
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
		set, err := logfile.OpenBytes("log", []byte(log.String()), logfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {})
		if err != nil {
			t.Fatal(err)
		}
		var found *detect.Detection
		for k := range s.Detections {
			if s.Detections[k].Rule.Name == "D20" {
				found = &s.Detections[k]
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
