package trait_test

import (
	"context"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/trait"
)

// analyse analyses a log of three days: an application, its page with a hole on the
// last day, a program with an old password, and a host that guesses.
func analyse(t *testing.T) *pipeline.Snapshot {
	t.Helper()
	var log strings.Builder
	id := 0
	at := func(minute int) string {
		return fmt.Sprintf("2025-01-%02dT%02d:%02d:00.000000Z", 2+minute/1440, minute/60%24, minute%60)
	}
	connect := func(minute int, account string, statements ...string) {
		id++
		fmt.Fprintf(&log, "%s\t%5d Connect\t%s on shop using TCP/IP\n", at(minute), id, account)
		for _, s := range statements {
			fmt.Fprintf(&log, "%s\t%5d Query\t%s\n", at(minute), id, s)
		}
		fmt.Fprintf(&log, "%s\t%5d Quit\t\n", at(minute), id)
	}
	refuse := func(minute int, user, host string) {
		id++
		fmt.Fprintf(&log, "%s\t%5d Connect\t%s@%s on  using TCP/IP\n", at(minute), id, user, host)
		fmt.Fprintf(&log, "%s\t%5d Connect\tAccess denied for user '%s'@'%s' (using password: YES)\n", at(minute), id, user, host)
	}
	for minute := 0; minute < 3*1440; minute += 10 {
		connect(minute, "app@10.0.0.1", "SELECT name FROM item WHERE id = 5", "UPDATE item SET seen = 1 WHERE id = 7")
		refuse(minute+1, "nagios", "10.0.0.2")
		switch {
		case minute == 4000:
			connect(minute+2, "app@10.0.0.1", "SELECT name FROM item WHERE id = -1 UNION SELECT user, 2, 3 FROM mysql.user -- ")
		case minute > 2900 && minute < 3600 && minute%70 == 0:
			refuse(minute+3, fmt.Sprint("guess", minute%5), fmt.Sprint("192.0.2.", minute%3))
		case minute == 3600:
			refuse(minute+4, "app", "10.0.0.1")
		}
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
	return s
}

// The measures of logins are what one reads from the list of connections.
func TestLoginsAreWhatTheLogSays(t *testing.T) {
	s := analyse(t)
	type pair struct{ user, host string }
	v := s.Connections
	accepted := map[pair]int{}
	strangers, tried, hosts := map[string]int{}, map[string]map[string]bool{}, map[string]map[string]bool{}
	for c := range v.Len() {
		k := v.Peek(c)
		p := pair{v.Text(k.User), v.Text(k.Host)}
		m := s.Traits.Measure(c)
		if m.Pair.Accepted != accepted[p] || m.Refused != (k.Outcome == connection.Denied) {
			t.Fatalf("connection %s: %+v, want %d logins before", v.Name(c), m, accepted[p])
		}
		if k.Outcome == connection.Accepted {
			accepted[p]++
			continue
		}
		if accepted[p] > 0 {
			continue
		}
		strangers[p.host]++
		if tried[p.host] == nil {
			tried[p.host] = map[string]bool{}
		}
		if hosts[p.user] == nil {
			hosts[p.user] = map[string]bool{}
		}
		tried[p.host][p.user], hosts[p.user][p.host] = true, true
	}
	for c := range v.Len() {
		k := v.Peek(c)
		user, host := v.Text(k.User), v.Text(k.Host)
		m := s.Traits.Measure(c)
		if m.HostStrangers != strangers[host] || m.HostUsers != len(tried[host]) || m.UserHosts != len(hosts[user]) {
			t.Fatalf("connection %s of %s@%s: %d strangers, %d users, %d hosts, want %d, %d, %d", v.Name(c), user, host, m.HostStrangers, m.HostUsers, m.UserHosts, strangers[host], len(tried[host]), len(hosts[user]))
		}
		switch {
		case host == "10.0.0.2" && m.Pace > 0.1:
			t.Errorf("the program of a timer has a pace of %.2f", m.Pace)
		case user == "app" && m.Refused && m.Settled != 6*60:
			t.Errorf("the mistyped password is settled after %.0f s", m.Settled)
		}
	}
	if len(strangers) != 4 {
		t.Errorf("strangers from %v", strangers)
	}
}

// The injected statement is new to its account, the page's own are not.
func TestNovelty(t *testing.T) {
	s := analyse(t)
	odd := 0
	for c := range s.Connections.Len() {
		m := s.Traits.Measure(c)
		if m.Asked&trait.AskInjected == 0 {
			if m.Novelty > 0.1 {
				t.Errorf("connection %s: novelty %.2f", s.Connections.Name(c), m.Novelty)
			}
			continue
		}
		odd++
		if m.Novelty < 0.7 || m.NewGrave < 0.7 || m.Asked&trait.AskAccounts == 0 {
			t.Errorf("the injected one: %+v", m)
		}
		list := s.Anomaly.Explain(&m)
		if len(list) != 3 || s.Anomaly.Score(s.Traits.Row(c)) < 0.6 {
			t.Errorf("score %.2f by %+v", s.Anomaly.Score(s.Traits.Row(c)), list)
		}
		for _, u := range list {
			if u.Value != m.Value(u.Trait) || u.Drop <= 0 {
				t.Errorf("%+v", u)
			}
		}
		nearest, differ, ok := s.Anomaly.Nearest(c)
		if !ok || s.Traits.Measure(nearest).Account != m.Account || len(differ) == 0 {
			t.Errorf("nearest %d, %v, %v", nearest, differ, ok)
		}
	}
	if odd != 1 {
		t.Errorf("%d injected", odd)
	}
}

// However many workers there are, a matrix is the same, and each connection is
// measured as when it is asked for alone.
func TestSameWithAnyWorkers(t *testing.T) {
	s := analyse(t)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var first *trait.Matrix
	for _, workers := range []int{1, 2, 7} {
		runtime.GOMAXPROCS(workers)
		var lock sync.Mutex
		visited := map[int]trait.Measures{}
		m, err := trait.Of(context.Background(), &s.Log, s.History, s.Detections, func(x *trait.Measures) {
			lock.Lock()
			y := *x
			y.Statements = slices.Clone(x.Statements)
			visited[x.Connection] = y
			lock.Unlock()
		})
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = m
		}
		if m.Len() != first.Len() || len(visited) != m.Connections() {
			t.Fatalf("%d workers: %d rows, want %d; %d visited", workers, m.Len(), first.Len(), len(visited))
		}
		for c, x := range visited {
			if m.Row(c) != first.Row(c) || !same(m.Measure(c), x) {
				t.Fatalf("%d workers, connection %d: row %d, want %d", workers, c, m.Row(c), first.Row(c))
			}
		}
	}
}

func same(a, b trait.Measures) bool {
	statements := slices.Equal(a.Statements, b.Statements)
	a.Statements, b.Statements = nil, nil
	return statements && reflect.DeepEqual(a, b)
}
