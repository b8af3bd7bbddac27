package integrity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/rule"
)

// What is found on recorded logs, of which nobody took anything away.
func TestCaptures(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	for name, want := range map[string][]string{
		// Both end in a restart's second run, in which a port scan used up ids;
		// the native file also holds the exporter that switched the log off.
		"wordpress-bruteforce/general.log.gz":        {"server restarted, context", "missing ids, context"},
		"wordpress-bruteforce/mariadb-native.log.gz": {"server restarted, context", "missing ids, context", "logging changed, high"},
		"mysql56/general.log":                        {"server restarted, context", "missing ids, context"},
	} {
		t.Run(name, func(t *testing.T) {
			in := load(t, capture(t, name))
			if n := len(in.OpenEnds); n > 0 {
				t.Errorf("%d statements of real clients end inside a quote", n)
			}
			var got []string
			for _, f := range examine(t, in).Findings {
				got = append(got, fmt.Sprintf("%v, %v", f.Kind, f.Severity))
				if f.Kind == integrity.MissingIDs && f.Count != missing(in) {
					t.Errorf("%d ids are missing, found %d: %s", missing(in), f.Count, f.Summary)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("found %q\nwant  %q", got, want)
			}
		})
	}
}

// missing counts the ids of the last server run, one by one, that no
// connection has.
func missing(in *input) (n int) {
	ids := map[uint64]bool{}
	from, to := ^uint64(0), uint64(0)
	for k := range in.Connections.Len() {
		if p := in.Connections.Peek(k); p.Epoch == in.Connections.Runs {
			ids[p.ID] = true
			from, to = min(from, p.ID), max(to, p.ID)
		}
	}
	for id := from; id < to; id++ {
		if !ids[id] {
			n++
		}
	}
	return n
}

// Taking half an hour out of three days is found, by day and by night.
func TestCutCapture(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	log := capture(t, "wordpress-bruteforce/general.log.gz")
	for _, from := range []time.Time{time.Date(2025, 3, 12, 13, 0, 0, 0, time.UTC), time.Date(2025, 3, 13, 0, 53, 0, 0, time.UTC)} {
		r := examine(t, load(t, cut(log, from, from.Add(30*time.Minute))))
		at := slices.IndexFunc(r.Findings, func(f integrity.Finding) bool { return f.Kind == integrity.Silence })
		if at < 0 {
			t.Errorf("half an hour from %v is missing unnoticed: %+v", from, r.Findings)
			continue
		}
		f := r.Findings[at]
		if f.Severity != rule.High || f.Time.Micros > from.UnixMicro() || f.Until.Micros < from.Add(30*time.Minute).UnixMicro() {
			t.Errorf("half an hour from %v is missing, found %+v", from, f)
		}
	}
}

// cut takes the entries of a span of time out of a log with ISO times.
func cut(log string, from, to time.Time) string {
	head := func(at time.Time) int {
		stamp := at.Format("2006-01-02T15:04:05")
		for i := 0; i < len(log); i += strings.IndexByte(log[i:], '\n') + 1 {
			if strings.HasPrefix(log[i:], "2025-") && log[i:i+len(stamp)] >= stamp {
				return i
			}
		}
		return len(log)
	}
	return log[:head(from)] + log[head(to):]
}
