package suspicion_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/analysis/suspicion"
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
		lo, hi, _ := s.Entries.Times()
		place := float64(s.Entries.Time(k.firstTries[pair])-lo) / float64(hi-lo)
		return want(fmt.Sprintf("after %.0f %% of the log, and does something in %d of", 100*place, len(k.halfHours[s.History.Number(x.User, x.Host)])))
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
