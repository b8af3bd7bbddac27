package integrity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/integrity"
	"sqleuth/analysis/rule"
)

// shifted is a recorded log of a server with other days.
func shifted(t *testing.T, name string, days map[string]string) string {
	log := capture(t, name)
	for from, to := range days {
		log = strings.ReplaceAll(log, "\n"+from+"T", "\n"+to+"T")
	}
	return log
}

// lines returns a share of a log, cut before entries.
func lines(log string, from, to float64) string {
	at := func(share float64) int {
		n := int(share * float64(len(log)))
		if next := strings.Index(log[n:], "\n2025-"); n > 0 && next >= 0 {
			return n + next + 1
		}
		return n
	}
	return log[at(from):at(to)]
}

// TestApart recognises files of several servers, and nothing but them.
func TestApart(t *testing.T) {
	one := capture(t, "wordpress-bruteforce/general.log.gz")
	one = lines(one, .14, .24)
	other := lines(shifted(t, "exposed-root/general.log.gz", map[string]string{"2025-02-07": "2025-03-11", "2025-02-08": "2025-03-12"}), 0, .1)
	visits := func(from time.Duration, id, n int) string {
		j := newJournal(banner57)
		j.now, j.id = j.now.Add(from), id
		j.visits(n)
		return j.String()
	}
	for _, c := range []struct {
		name  string
		files []string
		want  string // servers with their files, or the kind of the finding
	}{
		{"two servers", []string{one, other}, "a=a.log b=b.log"},
		{"two servers, rotated", []string{lines(one, 0, .5), lines(one, .5, 1), lines(other, 0, .5), lines(other, .5, 1)}, "b=a.log,b.log d=c.log,d.log"},
		{"two servers, their files in turn", []string{lines(one, 0, .5), lines(other, 0, .5), lines(one, .5, 1), lines(other, .5, 1)}, "c=a.log,c.log d=b.log,d.log"},
		{"servers that began together", []string{visits(0, 0, 60), visits(3*time.Second, 0, 60)}, "a=a.log b=b.log"},
		{"an hour of servers with other ids", []string{visits(-time.Minute, 4000, 300), visits(0, 90000, 320)}, "a=a.log b=b.log"},
		{"three servers", []string{visits(0, 0, 60), visits(3*time.Second, 0, 60), visits(6*time.Second, 500, 60)}, "a=a.log b=b.log c=c.log"},
		{"a copy", []string{one, one}, "copied file"},
		{"a copy of a part", []string{one, lines(one, .2, .6)}, "copied file"},
		{"rotated", []string{lines(one, 0, .3), lines(one, .3, .6), lines(one, .6, 1)}, ""},
		{"rotated, newest first", []string{lines(one, .6, 1), lines(one, .3, .6), lines(one, 0, .3)}, "time steps back"},
		{"a restart", []string{visits(0, 500, 60), visits(time.Hour, 0, 60)}, ""},
		{"a clock set back", []string{visits(0, 0, 600), visits(45*time.Minute, 600, 600)}, "time steps back"},
		{"a clock set back by a day", []string{visits(0, 0, 600), visits(-24*time.Hour, 600, 9600)}, "time steps back"},
		{"a clock set back, and a restart", []string{visits(0, 500, 600), visits(45*time.Minute, 0, 600)}, "time steps back"},
		{"an empty file between", []string{visits(0, 0, 60), banner57, visits(time.Hour, 60, 60)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := load(t, c.files...)
			r := examine(t, in)
			var got []string
			for _, g := range r.Servers {
				got = append(got, g.Name+"="+strings.Join(g.Paths, ","))
			}
			for _, f := range r.Findings {
				switch f.Kind {
				case integrity.Mingled:
					if len(r.Servers) == 0 || f.Severity != rule.Medium || !strings.Contains(f.Summary, "--server NAME=FILE") {
						t.Errorf("%v: %s", f.Severity, f.Summary)
					}
				case integrity.Copied, integrity.Backwards:
					got = append(got, f.Kind.String())
				}
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("got %q, want %q", text, c.want)
			}
		})
	}
}

// TestServerNames are what is proposed for the servers of files.
func TestServerNames(t *testing.T) {
	for _, c := range []struct{ files, want string }{
		{"db1.log db2.log.gz", "db1 db2"},
		{"logs/shop/general.log logs/hr/general.log", "shop hr"},
		{"all.zip!shop/general.log all.zip!hr/general.log", "shop hr"},
		{"shop/mysql/general.log hr/mysql/general.log", "shop hr"},
		{`c:\logs\shop\general.log c:\logs\hr\general.log`, "shop hr"},
		{"general.log hr/general.log", "general.log hr/general.log"},
		{"a=b\x1b.log c\u202e.log", "a_b_ c_"},
		{strings.Repeat("x", 99) + "1 " + strings.Repeat("x", 99) + "2", strings.Repeat("x", 63) + "1 " + strings.Repeat("x", 63) + "2"},
	} {
		if got := fmt.Sprint(integrity.ServerNames(strings.Fields(c.files))); got != "["+c.want+"]" {
			t.Errorf("%s: %s, want %s", c.files, got, c.want)
		}
	}
}
