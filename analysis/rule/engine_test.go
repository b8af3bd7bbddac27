package rule

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// correlationCase is a case of testdata/correlations.yml.
type correlationCase struct {
	Name    string
	C, D, E map[string]any
	Events  string
	Want    string
}

// baseRules are what the cases correlate.
func baseRules() string {
	var out strings.Builder
	for _, name := range []string{"a", "b", "c1"} {
		fmt.Fprintf(&out, "---\ntitle: t\nname: %s\ndetection: {s: {event.action: %s}, condition: s}\n", name, name)
	}
	return out.String()
}

func (c correlationCase) set(t *testing.T) *Set {
	t.Helper()
	text := baseRules()
	for name, body := range map[string]map[string]any{"c": c.C, "d": c.D, "e": c.E} {
		if body == nil {
			continue
		}
		doc, err := yaml.Marshal(map[string]any{"title": "t", "name": name, "correlation": body})
		if err != nil {
			t.Fatal(err)
		}
		text += "---\n" + string(doc)
	}
	set, problems := NewSet(read(t, "x.yml", text))
	if problems != nil {
		t.Fatal(problems)
	}
	return set
}

var shortFields = strings.NewReplacer("u=", "user.name=", "h=", "source.ip=", "t=", "statement.tables=", "d=", "db.namespace=", "u?", "user.name?")

// feed adds the events of a case to an engine.
func (c correlationCase) feed(t *testing.T, set *Set, e *Engine) {
	t.Helper()
	for i, line := range strings.Split(c.Events, ";") {
		words := strings.Fields(line)
		seconds, err := strconv.Atoi(words[0])
		if err != nil {
			t.Fatal(err)
		}
		event := eventOf(t, shortFields.Replace(strings.Join(words[2:], ";")))
		for _, name := range strings.Split(words[1], "+") {
			e.Add(set.Named(name), Hit{Time: int64(seconds) * 1e6, Entry: i}, event)
		}
	}
}

func describe(matches []*Match) string {
	entries := func(hits []Hit) string {
		var list []string
		for _, h := range hits {
			list = append(list, strconv.Itoa(h.Entry))
		}
		return strings.Join(list, " ")
	}
	var out []string
	for _, m := range matches {
		text := m.Rule.Name
		if len(m.Group) > 0 {
			text += " " + strings.Join(m.Group, "/")
		}
		text += fmt.Sprintf(": %s, max %d", entries(m.Hits), m.Maximum)
		if len(m.Parts) > 0 {
			text += ", all " + entries(m.Evidence())
			if slices.ContainsFunc(m.Parts[1:], func(p *Match) bool { return p == m.Parts[0] }) {
				text += ", a part twice"
			}
		}
		out = append(out, text)
	}
	return strings.Join(out, " | ")
}

func TestCorrelations(t *testing.T) {
	text, err := os.ReadFile("testdata/correlations.yml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []correlationCase
	if err := yaml.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 60 {
		t.Errorf("%d cases", len(cases))
	}
	for _, c := range cases {
		set := c.set(t)
		engine := NewEngine(set)
		if engine.Wants(set.Named("c")) || !engine.Wants(set.Named("a")) {
			t.Errorf("%s: the engine wants what no correlation refers to, or not what one does", c.Name)
		}
		c.feed(t, set, engine)
		matches, left := engine.Matches()
		if got := describe(matches); got != c.Want || len(left) > 0 {
			t.Errorf("%s: %v\n%s, left %v\nwant\n%s", c.Name, c.Events, got, left, c.Want)
		}
	}
}

// TestHitsAreBounded: a flood of one group costs no hit of another.
func TestHitsAreBounded(t *testing.T) {
	c := correlationCase{C: map[string]any{"type": "event_count", "rules": []string{"a"}, "group-by": []string{"user.name"}, "timespan": "1h", "condition": map[string]int{"gte": 2}}}
	set := c.set(t)
	engine := NewEngine(set)
	engine.MaxHits = 2000
	for i := range 10_000 {
		engine.Add(set.Named("a"), Hit{Time: int64(i), Entry: i}, Values{UserName: {"flood"}})
	}
	for i := range 3 {
		engine.Add(set.Named("a"), Hit{Time: int64(20_000 + i), Entry: 20_000 + i}, Values{UserName: {"quiet"}})
	}
	matches, left := engine.Matches()
	if len(matches) != 2 || len(matches[0].Hits) != 2000 || matches[0].Count != 10_000 || matches[1].Count != 3 {
		t.Errorf("matches: %d", len(matches))
	}
	if left[set.Named("a")] != 8000 {
		t.Errorf("left out: %v", left)
	}
}

// TestWindowsAgainstDefinition holds counts and temporal correlations to what they
// mean, tried out on all windows and all chains of random hits.
func TestWindowsAgainstDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const span = 10
	for round := range 500 {
		n := 1 + r.IntN(12)
		times, names := make([]int, n), make([]string, n)
		var events []string
		for i := range n {
			times[i], names[i] = r.IntN(60), []string{"a", "b", "c1"}[r.IntN(3)]
			events = append(events, fmt.Sprintf("%d %s", times[i], names[i]))
		}
		c := correlationCase{
			C:      map[string]any{"type": "event_count", "rules": []string{"a", "b", "c1"}, "timespan": "10s", "condition": map[string]int{"gte": 3}},
			D:      map[string]any{"type": "temporal_ordered", "rules": []string{"a", "b", "c1"}, "timespan": "10s"},
			E:      map[string]any{"type": "temporal", "rules": []string{"a", "b", "c1"}, "timespan": "10s"},
			Events: strings.Join(events, ";"),
		}
		set := c.set(t)
		engine := NewEngine(set)
		c.feed(t, set, engine)
		got := map[string][]int{}
		matches, _ := engine.Matches()
		for _, m := range matches {
			for _, h := range m.Hits {
				got[m.Rule.Name] = append(got[m.Rule.Name], h.Entry)
			}
		}
		want := map[string][]int{}
		before := func(i, j int) bool { return times[i] < times[j] || times[i] == times[j] && i < j }
		for i := range n {
			if inWindow(times, i, span, func(hits []int) bool { return len(hits) >= 3 }) {
				want["c"] = append(want["c"], i)
			}
			if inWindow(times, i, span, func(hits []int) bool {
				seen := map[string]bool{}
				for _, j := range hits {
					seen[names[j]] = true
				}
				return len(seen) == 3
			}) {
				want["e"] = append(want["e"], i)
			}
			for a := range n {
				for b := range n {
					for z := range n {
						chain := names[a] == "a" && names[b] == "b" && names[z] == "c1" && before(a, b) && before(b, z) && times[z]-times[a] <= span
						if chain && (i == a || i == b || i == z) && !slices.Contains(want["d"], i) {
							want["d"] = append(want["d"], i)
						}
					}
				}
			}
		}
		for _, name := range []string{"c", "d", "e"} {
			slices.Sort(got[name])
			if !slices.Equal(got[name], want[name]) {
				t.Fatalf("round %d, %s: %s\nfound %v, want %v", round, name, c.Events, got[name], want[name])
			}
		}
	}
}

// inWindow reports whether hit i lies in a window whose hits are enough.
func inWindow(times []int, i, span int, enough func(hits []int) bool) bool {
	for _, start := range times {
		var hits []int
		for j, at := range times {
			if at >= start && at <= start+span {
				hits = append(hits, j)
			}
		}
		if slices.Contains(hits, i) && enough(hits) {
			return true
		}
	}
	return false
}

// TestGroupsOfConnections: connections are told apart by their numbers, without a text
// for each; what is found is what groups by a text of the same number would be.
func TestGroupsOfConnections(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	found := 0
	for round := range 200 {
		var hits []Hit
		var users []string
		for i := range 40 {
			hits = append(hits, Hit{Time: int64(i) * 1e6, Entry: i, Connection: uint32(r.IntN(5))})
			users = append(users, string(rune('x'+r.IntN(2))))
		}
		run := func(field string) string {
			fields := func(names ...string) []string {
				return strings.Split(strings.ReplaceAll(strings.Join(names, " "), "connection.id", field), " ")
			}
			inner := map[string]any{"type": "event_count", "rules": []string{"a"}, "group-by": fields("user.name", "connection.id"), "timespan": "10s", "condition": map[string]int{"gte": 3}}
			c := correlationCase{
				C: inner,
				D: map[string]any{"type": "temporal", "rules": []string{"c", "b"}, "group-by": fields("connection.id"), "timespan": "10s"},
				E: map[string]any{"type": "value_count", "rules": []string{"b"}, "group-by": []string{"who"}, "timespan": "20s", "condition": map[string]any{"field": field, "gte": 3},
					"aliases": map[string]any{"who": map[string]string{"b": "user.name"}}},
			}
			if round%2 == 0 { // one rule's connection beside another field of the other
				c.D["group-by"] = []string{"both"}
				c.D["aliases"] = map[string]any{"both": map[string]string{"c": field, "b": "source.ip"}}
			}
			set := c.set(t)
			e := NewEngine(set)
			e.MaxHits = 15
			e.Name = func(n uint32) string { return fmt.Sprint("c", n) }
			for i, h := range hits {
				name := fmt.Sprint("c", h.Connection)
				event := Values{UserName: {users[i]}, ConnectionID: {name}, Namespace: {name}, SourceIP: {name}}
				e.Add(set.Named("a"), h, event)
				if i%7 == 0 {
					e.Add(set.Named("b"), h, event)
				}
			}
			matches, left := e.Matches()
			return fmt.Sprint(describe(matches), left[set.Named("a")])
		}
		got, want := run("connection.id"), run("db.namespace")
		if got != want {
			t.Fatalf("round %d\n%s\nwant\n%s", round, got, want)
		}
		found += strings.Count(got, "|")
	}
	if found < 500 {
		t.Errorf("%d matches", found)
	}
}
