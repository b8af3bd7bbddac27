package suspicion_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/store"
	"sqleuth/analysis/suspicion"
	"sqleuth/analysis/wording"
)

// counted is what one reads in a log about logins and statements, by plain means.
type counted struct {
	s          *pipeline.Snapshot
	accepted   map[[2]string][]int // entries, by user and host
	users      map[string]map[string]bool
	hosts      map[string]map[string]bool
	strangers  map[string]int
	everIn     map[string]bool
	halfHours  map[uint32]map[int64]bool // of accounts
	sent       map[[2]uint32]map[int64]bool
	firstSent  map[[2]uint32]int
	firstTries map[[2]string]int
}

func count(s *pipeline.Snapshot) *counted {
	k := &counted{s: s, accepted: map[[2]string][]int{}, users: map[string]map[string]bool{}, hosts: map[string]map[string]bool{}, strangers: map[string]int{}, everIn: map[string]bool{},
		halfHours: map[uint32]map[int64]bool{}, sent: map[[2]uint32]map[int64]bool{}, firstSent: map[[2]uint32]int{}, firstTries: map[[2]string]int{}}
	for c := range s.Connections.Len() {
		x := s.Connections.Peek(c)
		user, host := s.Connections.Text(x.User), s.Connections.Text(x.Host)
		pair := [2]string{user, host}
		if _, ok := k.firstTries[pair]; !ok && x.Outcome != connection.Unseen && x.Outcome != connection.Pending {
			k.firstTries[pair] = int(x.First)
		}
		switch {
		case x.Outcome == connection.Accepted:
			k.accepted[pair] = append(k.accepted[pair], int(x.First))
			k.everIn[user] = true
		case (x.Outcome == connection.Denied || x.Outcome == connection.Failed) && len(k.accepted[pair]) == 0:
			k.strangers[host]++
			add(k.users, host, user)
			add(k.hosts, user, host)
		}
	}
	for i := range s.Len() {
		x := s.Connections.Peek(int(s.Entries.Connection(i)))
		if x.Outcome == connection.Denied || x.Outcome == connection.Failed || x.Outcome == connection.Pending || s.Entries.Time(i) == store.NoTime {
			continue
		}
		account, half, digest := s.History.Sender(i), s.Entries.Time(i)/1_800_000_000, s.Key(i).Digest
		add(k.halfHours, account, half)
		if digest == 0 {
			continue
		}
		at := [2]uint32{account, digest}
		add(k.sent, at, half)
		if _, ok := k.firstSent[at]; !ok {
			k.firstSent[at] = i
		}
	}
	return k
}

func add[K, V comparable](of map[K]map[V]bool, key K, value V) {
	if of[key] == nil {
		of[key] = map[V]bool{}
	}
	of[key][value] = true
}

// Each reason is true of its connection and its entry: its figures are counted again in
// the log.
func TestReasonsAreTrue(t *testing.T) {
	seen := map[suspicion.Kind]int{}
	for _, name := range []string{"exposed-root", "slow-insider-and-noise", "webapp-sqli", "quiet"} {
		s := capture(t, name).Snapshot
		k := count(s)
		for i := range s.Ranking.Len() {
			if i > 200 && i%5 != 0 {
				continue
			}
			conn, _ := s.Ranking.At(i)
			for _, p := range s.Ranking.Parts(conn) {
				if p.Weight == 0 {
					continue
				}
				seen[p.Kind]++
				if why := k.check(conn, p); why != "" {
					t.Fatalf("%s, connection %s: %s: %q: %s", name, s.Connections.Name(int(conn)), p.Kind, p.Words, why)
				}
			}
		}
	}
	for kind := suspicion.RefusedStranger; kind < suspicion.Learned; kind++ {
		if seen[kind] == 0 {
			t.Logf("no capture has %s", kind)
		}
	}
	if len(seen) < 18 {
		t.Errorf("only %d kinds of evidence: %v", len(seen), seen)
	}
}

// A password of a program that is used from a network where nobody had come from: each of
// its connections comes before all others, those that read by key too. An administrator
// who wrecks something is suspicious in the connections around it, not on other days.
func TestAwayAndSession(t *testing.T) {
	var log strings.Builder
	id := 0
	at := time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)
	login := func(account string, statements ...string) {
		id++
		for k, text := range append([]string{account + " on shop using TCP/IP"}, statements...) {
			command := "Query"
			if k == 0 {
				command = "Connect"
			}
			fmt.Fprintf(&log, "%s\t%5d %s\t%s\n", at.Format("2006-01-02T15:04:05.000000Z"), id, command, text)
			at = at.Add(time.Millisecond)
		}
		fmt.Fprintf(&log, "%s\t%5d Quit\t\n", at.Format("2006-01-02T15:04:05.000000Z"), id)
	}
	stolen, session, days := []string{}, []string{}, []string{}
	note := func(list *[]string, account string, statements ...string) {
		login(account, statements...)
		*list = append(*list, fmt.Sprint(id))
	}
	for half := range 4 * 48 {
		start := at
		login("app@10.0.0.5", fmt.Sprintf("SELECT * FROM customers WHERE id = %d", half))
		login("app@10.0.0.6", fmt.Sprintf("SELECT * FROM goods WHERE id = %d", half))
		switch half {
		case 20, 68:
			note(&days, "dba@10.0.9.3", "SHOW PROCESSLIST")
		case 100, 103, 110, 130:
			note(&stolen, "app@203.0.113.7", "SELECT * FROM customers LIMIT 100")
			at = at.Add(9 * time.Minute)
			note(&stolen, "app@203.0.113.7", "SELECT * FROM customers WHERE id = 5")
		case 170:
			note(&session, "dba@10.0.9.3", "SELECT COUNT(*) FROM orders")
			at = at.Add(9 * time.Minute)
			note(&session, "dba@10.0.9.3", "RESET MASTER", "DROP DATABASE shop", "DROP DATABASE hr")
		}
		at = start.Add(30 * time.Minute)
	}
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(log.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s, _ := pipelinetest.Run(t, pipeline.DefaultConfig(), "", path)
	k, rank, seen := count(s), map[string]int{}, map[suspicion.Kind]int{}
	for i := range s.Ranking.Len() {
		conn, _ := s.Ranking.At(i)
		rank[s.Connections.Name(int(conn))] = i + 1
		for _, p := range s.Ranking.Parts(conn) {
			seen[p.Kind]++
			if why := k.check(conn, p); p.Weight > 0 && why != "" {
				t.Errorf("connection %s: %s: %q: %s", s.Connections.Name(int(conn)), p.Kind, p.Words, why)
			}
		}
	}
	for _, id := range append(stolen, session...) {
		if r := rank[id]; r == 0 || r > len(stolen)+len(session) {
			t.Errorf("connection %s is at %d", id, r)
		}
	}
	for _, id := range days {
		if r := rank[id]; r > 0 && r <= len(stolen)+len(session) {
			t.Errorf("connection %s, an ordinary one, is at %d", id, r)
		}
	}
	if seen[suspicion.Away] != len(stolen) || seen[suspicion.Session] != 1 {
		t.Errorf("evidence: %v", seen)
	}
}

func (k *counted) check(conn uint32, p suspicion.Part) string {
	s := k.s
	x := s.Connections.Peek(int(conn))
	user, host := s.Connections.Text(x.User), s.Connections.Text(x.Host)
	pair := [2]string{user, host}
	refused := x.Outcome == connection.Denied || x.Outcome == connection.Failed
	if p.Entry != suspicion.NoEntry && s.Entries.Connection(p.Entry) != conn {
		return "the entry is of another connection"
	}
	want := func(text string) string {
		if !strings.Contains(p.Words, text) {
			return "want " + text
		}
		return ""
	}
	switch p.Kind {
	case suspicion.RefusedStranger:
		if before := k.accepted[pair]; !refused || len(before) > 0 && before[0] < int(x.First) {
			return "it got in before, or now"
		}
		return want(user)
	case suspicion.UsersTried:
		return want(fmt.Sprintf("%d users", len(k.users[host])))
	case suspicion.HostsTried:
		return want(fmt.Sprintf("from %d hosts", len(k.hosts[user])))
	case suspicion.ManyTries:
		return want(fmt.Sprintf("%d such refused logins from %s", k.strangers[host], host))
	case suspicion.NoSuchUser:
		if k.everIn[user] {
			return "it gets in"
		}
	case suspicion.NewAccount:
		lo, _, _ := s.Entries.Times()
		return want(fmt.Sprintf("came %s after the log began, and does something in %d of", wording.Duration(s.Entries.Time(k.firstTries[pair])-lo), len(k.halfHours[s.History.Number(x.User, x.Host)])))
	case suspicion.NewDigest, suspicion.NewRequest, suspicion.SeveralNew:
		at := [2]uint32{s.History.Sender(p.Entry), s.Key(p.Entry).Digest}
		half := len(k.halfHours[at[0]])
		if share := float64(len(k.sent[at])) / float64(half); share > 0.5 {
			return fmt.Sprintf("it is sent in %d of %d half hours", len(k.sent[at]), half)
		}
		if p.Kind == suspicion.NewDigest {
			return want(fmt.Sprintf("sent in %d of its %d half hour", len(k.sent[at]), half))
		}
		if p.Kind == suspicion.SeveralNew {
			n := 0
			t := s.Entries.Time(k.firstSent[at])
			for other, i := range k.firstSent {
				if d := s.Entries.Time(i) - t; other[0] == at[0] && d >= -900e6 && d < 900e6 {
					n++
				}
			}
			return want(fmt.Sprintf("one of %d statements", n))
		}
	case suspicion.Actor:
		var best float64
		for c := range s.Connections.Len() {
			if y := s.Connections.Peek(c); y.Host == x.Host && uint32(c) != conn {
				best = max(best, s.Ranking.Score(uint32(c)))
			}
		}
		var name string
		var by float64
		if _, err := fmt.Sscanf(p.Words, "connection %s from "+host+" has a score of %f by itself", &name, &by); err != nil || by > best+0.005 || by <= 0.5 {
			return fmt.Sprintf("the highest score of another one is %.3f (%v)", best, err)
		}
	case suspicion.Session:
		var name string
		var by float64
		if _, err := fmt.Sscanf(p.Words, "connection %s of "+user+"@"+host+", within an hour, has a score of %f by itself", &name, &by); err != nil || by <= 0.5 {
			return fmt.Sprintf("%v: %v", p.Words, err)
		}
		for c := range s.Connections.Len() {
			y := s.Connections.Peek(c)
			if d := s.Log.Approximate(int(y.First)) - s.Log.Approximate(int(x.First)); s.Connections.Name(c) == name && y.User == x.User && y.Host == x.Host && uint32(c) != conn && max(d, -d) <= 3600e6 {
				return ""
			}
		}
		return "no such connection"
	case suspicion.Away:
		before, from := 0, map[string]bool{}
		for other, entries := range k.accepted {
			for _, e := range entries {
				if other[0] == user && e < k.firstTries[pair] {
					before++
					from[principal.NetworkOf(other[1])] = true
				}
			}
		}
		return want(fmt.Sprintf("had got in %d times, from %d network", before, len(from)))
	case suspicion.Unlike:
		return want(fmt.Sprintf("(%.2f)", s.Ranking.Anomaly(int(conn))))
	case suspicion.Company:
		account, t, n := s.History.Sender(p.Entry), s.Entries.Time(p.Entry), 0
		for i := range s.Ranking.Flagged() {
			entry, score := s.Ranking.Entry(i)
			if d := s.Entries.Time(entry) - t; score > 0.4 && s.History.Sender(entry) == account && math.Abs(float64(d)) <= 900e6 {
				n++
			}
		}
		var entry, said int
		if _, err := fmt.Sscanf(p.Words, "entry %d: %d suspicious statement", &entry, &said); err != nil || said > n || said == 0 || entry != p.Entry+1 {
			return fmt.Sprintf("there are %d (%v)", n, err)
		}
	case suspicion.Guessing, suspicion.Access, suspicion.Injection, suspicion.Discovery, suspicion.Collection, suspicion.Persistence, suspicion.Impact, suspicion.Hiding:
		for k := range s.Detections {
			d := &s.Detections[k]
			for _, c := range d.Connections {
				if c == conn && strings.HasPrefix(p.Words, d.Rule.Name+" ") {
					return ""
				}
			}
		}
		return "no detection says so"
	}
	return ""
}
