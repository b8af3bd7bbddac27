package detect_test

import (
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
)

// What an account does again and again is one detection, with all of its evidence;
// the same of others stays apart.
func TestFold(t *testing.T) {
	for _, connections := range []int{20, 21} {
		var log strings.Builder
		entry := func(id int, command, text string) {
			fmt.Fprintf(&log, "2025-01-02T%02d:%02d:00.000000Z\t%5d %s\t%s\n", id/60, id%60, id, command, text)
		}
		for id := 1; id <= connections; id++ {
			entry(id, "Connect", "backup@10.0.0.5 on shop using TCP/IP")
			entry(id, "Query", "SELECT /*!40001 SQL_NO_CACHE */ * FROM `orders`")
		}
		entry(100, "Connect", "other@10.0.0.6 on shop using TCP/IP")
		entry(100, "Query", "SELECT /*!40001 SQL_NO_CACHE */ * FROM `orders`")
		found, entries, others := 0, 0, 0
		for _, d := range load(t, []byte(log.String())).run(t, detect.Builtin()) {
			switch {
			case d.Rule.Name != "D7-program":
			case d.User == "other":
				others++
			default:
				found++
				entries += len(d.Entries)
			}
		}
		want := connections
		if connections > 20 {
			want = 1
		}
		if found != want || entries != connections || others != 1 {
			t.Errorf("%d connections: %d detections with %d entries, and %d of others", connections, found, entries, others)
		}
	}
}
