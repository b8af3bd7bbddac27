package detect_test

import (
	"fmt"
	"sqleuth/analysis/detect"
	"strings"
	"testing"
)

// A user who comes at the same hours for days asks for accounts once at night: that
// is unusual, the same at an hour of other days is not, and of a few days nothing is
// known.
func TestTimeOfDay(t *testing.T) {
	for _, c := range []struct {
		days, hour int
		want       bool
	}{{5, 3, true}, {5, 9, false}, {5, 10, false}, {3, 3, false}} {
		var log strings.Builder
		id := 0
		visit := func(day, hour int, statement string) {
			id++
			fmt.Fprintf(&log, "2025-01-%02dT%02d:30:00.000000Z\t%5d Connect\tanna@10.0.0.5 on shop using TCP/IP\n", day, hour, id)
			fmt.Fprintf(&log, "2025-01-%02dT%02d:30:01.000000Z\t%5d Query\t%s\n", day, hour, id, statement)
		}
		for day := 1; day <= c.days; day++ {
			visit(day, 9, "SELECT name FROM item WHERE id = 7")
			visit(day, 16, "SELECT name FROM item WHERE id = 8")
		}
		visit(c.days+1, c.hour, "SELECT user, host FROM mysql.user")
		found := false
		for _, d := range load(t, []byte(log.String())).run(t, detect.Builtin()) {
			found = found || d.Rule.Name == "D23"
		}
		if found != c.want {
			t.Errorf("%d days, at %d: found %v", c.days, c.hour, found)
		}
	}
}
