package drain

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

func randomConfig(g lineMaker) Config {
	cfg := Config{
		Depth:       3 + g.IntN(4),
		Similarity:  []float64{0, 0.2, 0.3, 0.39, 0.5, 0.6, 0.7, 1}[g.IntN(8)],
		MaxChildren: []int{1, 2, 3, 5, 100}[g.IntN(5)],
		Masks:       DefaultMasks(),
	}
	switch g.IntN(4) {
	case 0:
		cfg.Masks = []string{""}
	case 1:
		cfg.Masks = []string{`\d+\w?`, hexMask}
	}
	return cfg
}

func checkAgainstPlain(t *testing.T, cfg Config, lines []string) {
	t.Helper()
	got, want, m, err := mineBoth(cfg, lines)
	if err != nil {
		t.Fatal(err)
	}
	for i := range lines {
		if got[i] != want[i] {
			t.Fatalf("%+v: line %d of %d %q\n got template %q\nwant template %q", cfg, i+1, len(lines), lines[i], got[i], want[i])
		}
	}
	checkSnapshot(t, m, got)
}

// checkSnapshot compares a final snapshot with the final templates of all lines.
func checkSnapshot(t *testing.T, m *Miner, templates []string) {
	t.Helper()
	s := m.Snapshot()
	events, of := s.Events()
	if len(s.texts) != m.Len() || len(of) != m.Len() {
		t.Fatalf("snapshot of %d clusters has %d, %d mapped", m.Len(), len(s.texts), len(of))
	}
	occurrences := map[string]int64{}
	var order []string
	first := map[string]int64{}
	for i, text := range templates {
		if occurrences[text] == 0 {
			order = append(order, text)
			first[text] = int64(i)
		}
		occurrences[text]++
	}
	if len(order) != len(events) {
		t.Fatalf("%d events, want %d", len(events), len(order))
	}
	for i, text := range order {
		want := Event{EventID(text), text, occurrences[text], first[text]}
		if events[i] != want {
			t.Fatalf("event %d: got %+v, want %+v", i, events[i], want)
		}
	}
	for id := range int32(len(s.texts)) {
		if s.texts[id] != m.Template(id) || events[of[id]].Template != s.texts[id] {
			t.Fatalf("cluster %d: snapshot %q, miner %q, event %q", id, s.texts[id], m.Template(id), events[of[id]].Template)
		}
	}
}

func TestMinerEqualsPlain(t *testing.T) {
	rounds := 1000
	if testing.Short() {
		rounds = 150
	}
	for seed := range uint64(rounds) {
		g := newLineMaker(seed)
		cfg := randomConfig(g)
		lines := g.similar(1 + g.IntN(120))
		for range g.IntN(30) {
			lines = append(lines, g.line(6))
		}
		checkAgainstPlain(t, cfg, lines)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

// Leaves so full that they get an index.
func TestIndexEqualsPlain(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	indexed := 0
	for seed := range uint64(20) {
		g := newLineMaker(seed)
		cfg := Config{Depth: 3 + g.IntN(2), Similarity: []float64{0.3, 0.5, 0.7, 1}[g.IntN(4)], MaxChildren: 100, Masks: DefaultMasks()}
		words := 3 + g.IntN(20)
		lines := make([]string, 1200)
		for i := range lines {
			tokens := make([]string, 6+g.IntN(2))
			for k := range tokens {
				tokens[k] = string(rune('a' + g.IntN(words)))
				if g.IntN(20) == 0 {
					tokens[k] = Wildcard
				}
			}
			tokens[0] = "SELECT"
			lines[i] = strings.Join(tokens, " ")
			if i > 0 && g.IntN(3) == 0 {
				lines[i] = lines[g.IntN(i)]
			}
		}
		got, want, m, err := mineBoth(cfg, lines)
		if err != nil {
			t.Fatal(err)
		}
		for i := range lines {
			if got[i] != want[i] {
				t.Fatalf("seed %d: line %d %q\n got template %q\nwant template %q", seed, i+1, lines[i], got[i], want[i])
			}
		}
		if m.Len() > 2*2*maxScanned {
			indexed++
		}
	}
	if indexed < 5 {
		t.Errorf("only %d logs with full leaves: the test tests little", indexed)
	}
}

func FuzzMiner(f *testing.F) {
	f.Add([]byte("a b c\na b d\n12345 1.2.3.4\n\nx"), uint8(4), uint8(5), uint8(100))
	f.Add([]byte("a 1\na 2\nb 1\nb 2\nc c"), uint8(3), uint8(3), uint8(2))
	f.Fuzz(func(t *testing.T, text []byte, depth, similarity, maxChildren uint8) {
		cfg := Config{Depth: 3 + int(depth%5), Similarity: float64(similarity%11) / 10, MaxChildren: 1 + int(maxChildren), Masks: DefaultMasks()}
		checkAgainstPlain(t, cfg, strings.Split(string(text), "\n"))
	})
}

// A scanTest compares scanner and Masker with the plain way from line to tokens.
type scanTest struct {
	patterns []string
	masker   *Masker
	plain    *plainMiner
	scanner  scanner
}

func newScanTest(t testing.TB, patterns []string) *scanTest {
	masker, err := NewMasks(patterns)
	if err != nil {
		t.Fatal(err)
	}
	return &scanTest{patterns, masker, newPlainMiner(Config{Masks: patterns}), scanner{masker: masker}}
}

func (st *scanTest) check(t *testing.T, line string) {
	t.Helper()
	masked := st.plain.mask(line)
	if got := string(st.masker.Append([]byte("x"), []byte(line))); got != "x"+masked {
		t.Fatalf("masks %q: Append(%q)\n got %q\nwant %q", st.patterns, line, got[1:], masked)
	}
	tokens := plainSplit(masked)
	text, ends := st.scanner.scan([]byte(line))
	if string(text) != strings.Join(tokens, " ") || len(ends) != len(tokens) {
		t.Fatalf("masks %q: scan(%q)\n got %q, %d tokens\nwant %q, %d tokens", st.patterns, line, text, len(ends), strings.Join(tokens, " "), len(tokens))
	}
	l := scanned{text, ends}
	for i, token := range tokens {
		if string(l.token(i)) != token {
			t.Fatalf("scan(%q): token %d is %q, want %q", line, i, l.token(i), token)
		}
	}
}

// Masks that the scanner finds itself, the same one by one, and others.
var scanPatterns = [][]string{DefaultMasks(), {hexMask}, {decimalMask}, {addressMask}, {addressMask, hexMask}, {""}, {`\w+\.\w+`}}

func TestScanEqualsPlain(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	var tests []*scanTest
	for _, patterns := range scanPatterns {
		tests = append(tests, newScanTest(t, patterns))
	}
	for _, line := range []string{
		"", " ", "a", " a ", "a  b", "a\tb", "a\x1fb\x1b", "1234567", "12345678", "123456789", "1.2.3.4", "1 2 3 4", "1234 567",
		"1\n2.3.4.5", "1.2\n3.4", "1.2.3.4.5.6.7.8", "1.2.3.45678", "12.34.56.7 8.9", "111.222.333.444.555", "1<*>2.3.4.5", "1111111", "111111",
		"feedbeef1.2.3.4", "1.2.3.feedbeef", "123é4é5é6", "1\u00a02\u00a03\u00a04", "٣.٣.٣.٣", "٣٣٣٣٣٣٣٣", "٣٣٣٣٣", "1234.5678.1234.5678",
		"1.2.3.4 12345 1.2.3.4", "2025-03-11 05:53:05.123456", "'2025-03-11 05:53:05', '2025-03-11 05:53:05'", "1\xff2\xff3\xff4", "é1é2é",
		"12345  feedbeef 1.2.3.4", "12345\tfeedbeef", "1 2 3 4  ", "日本語 1.2.3.4 日本語12345",
	} {
		// At every place of a word and of a block, and over their borders.
		for pad := range 66 {
			tests[0].check(t, strings.Repeat("-", pad)+line)
			tests[0].check(t, strings.Repeat("x", pad)+" "+line+" y")
		}
		for _, st := range tests {
			st.check(t, line)
		}
	}
	for i := range 6000 {
		g := newLineMaker(uint64(i))
		tests[i%len(tests)].check(t, g.line(30))
		// Dense digits, where the masks meet.
		var b strings.Builder
		for range g.IntN(150) {
			b.WriteByte("0123456789fF. -\nx"[g.IntN(17)])
		}
		tests[0].check(t, b.String())
	}
}

// hasSpecial must know the lead bytes of every character that it looks for.
func TestSpecialLeads(t *testing.T) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if (isDigit(r) || isPythonSpace(r)) && !specialLead[string(r)[0]] {
			t.Errorf("%U begins with %#x, which is not in the table", r, string(r)[0])
		}
	}
}

func FuzzScan(f *testing.F) {
	f.Add("SELECT * FROM wp_posts WHERE ID = 12345 AND post_date > '2025-03-11 05:53:05'", uint8(0))
	f.Add("1.2.3.4 feedbeef", uint8(3))
	f.Fuzz(func(t *testing.T, line string, which uint8) {
		newScanTest(t, scanPatterns[int(which)%len(scanPatterns)]).check(t, line)
	})
}

func TestGroupsAreApart(t *testing.T) {
	g := newLineMaker(7)
	lines := g.similar(400)
	both, err := New(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	var single [3]*Miner
	for i := range single {
		if single[i], err = New(DefaultConfig()); err != nil {
			t.Fatal(err)
		}
	}
	type pair struct{ both, single int32 }
	var ids [3][]pair
	for i, line := range lines {
		group := i * i % 3
		ids[group] = append(ids[group], pair{both.AddGroup(uint32(group), []byte(line)), single[group].Add([]byte(line))})
	}
	s := both.Snapshot()
	for group := range single {
		for _, p := range ids[group] {
			if got, want := s.texts[p.both], single[group].Template(p.single); got != want || s.Group(p.both) != uint32(group) {
				t.Fatalf("group %d: cluster %d of group %d is %q, alone %q", group, p.both, s.Group(p.both), got, want)
			}
		}
	}
	// Events know no groups.
	alone := map[string]int64{}
	for _, m := range single {
		events, _ := m.Snapshot().Events()
		for _, e := range events {
			alone[e.Template] += e.Occurrences
		}
	}
	events, _ := s.Events()
	if len(events) != len(alone) || len(events) >= len(s.texts) {
		t.Errorf("%d events of %d clusters, alone %d", len(events), len(s.texts), len(alone))
	}
	for _, e := range events {
		if e.Occurrences != alone[e.Template] {
			t.Errorf("%q occurs %d times, alone %d", e.Template, e.Occurrences, alone[e.Template])
		}
	}
}

// Lines that Drain never finds again must not fill memory.
func TestFixedLinesShareClusters(t *testing.T) {
	m, err := New(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	for i := range 1000 {
		m.Add([]byte("COMMIT"))
		m.Add(nil)
		m.Add([]byte(fmt.Sprintf("%d %d x", 10000+i, 20000+i)))
	}
	if m.Len() != 3 {
		t.Errorf("%d clusters, want 3", m.Len())
	}
}

// A snapshot stays what it was, whatever is added later, and may be read at the
// same time (which the race detector checks).
func TestSnapshotStays(t *testing.T) {
	g := newLineMaker(3)
	m, err := New(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	write := func(s Snapshot) string {
		var b strings.Builder
		for id := range int32(len(s.texts)) {
			fmt.Fprintln(&b, s.Group(id), s.firsts[id], s.counts[id], s.texts[id])
		}
		return b.String()
	}
	var readers sync.WaitGroup
	for i, line := range g.similar(600) {
		m.AddGroup(uint32(i%2), []byte(line))
		if i%7 == 0 {
			s := m.Snapshot()
			before := write(s)
			readers.Go(func() {
				for range 20 {
					if now := write(s); now != before {
						t.Errorf("snapshot after line %d changed from\n%s\nto\n%s", i+1, before, now)
						return
					}
					runtime.Gosched()
				}
			})
		}
	}
	readers.Wait()
}

func TestAddDoesNotAllocate(t *testing.T) {
	m, err := New(DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	lines := [][]byte{
		[]byte("SELECT option_value FROM wp_options WHERE option_name = 'siteurl' LIMIT 1"),
		[]byte("UPDATE wp_posts SET post_date = '2025-03-11 05:53:05' WHERE ID = 123456 AND hash = 'feedbeef00'"),
		[]byte("INSERT wp_posts SET post_date  =\t'2025-03-11 05:53:05' WHERE ID = 123456 AND hash = 'feedbeef00'"),
		[]byte("SELECT option_value FROM wp_options WHERE option_name = 'grüße' LIMIT 1"),
		[]byte("COMMIT"),
		[]byte("12345 23456 34567 x"),
		nil,
	}
	add := func() {
		for i, line := range lines {
			m.AddGroup(uint32(i%2), line)
		}
	}
	add()
	add()
	if n := testing.AllocsPerRun(100, add); n != 0 {
		t.Errorf("%v allocations for %d lines", n, len(lines))
	}
}

func TestConfigErrors(t *testing.T) {
	for _, tt := range []struct {
		change func(*Config)
		want   string
	}{
		{func(c *Config) { c.Depth = 2 }, "depth"},
		{func(c *Config) { c.Similarity = 1.5 }, "similarity"},
		{func(c *Config) { c.Similarity = -0.1 }, "similarity"},
		{func(c *Config) { c.MaxChildren = 0 }, "max children"},
		{func(c *Config) { c.Masks = []string{"("} }, "mask 1"},
	} {
		cfg := DefaultConfig()
		tt.change(&cfg)
		if _, err := New(cfg); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("New(%+v): error %v, want one about %s", cfg, err, tt.want)
		}
	}
}

func TestLeastMatches(t *testing.T) {
	for _, similarity := range []float64{0, 0.1, 0.3, 0.39, 0.5, 0.6, 0.7, 0.9, 1} {
		for n := 1; n < 500; n++ {
			want := 0
			for float64(want)/float64(n) < similarity {
				want++
			}
			if got := leastMatches(n, similarity); got != want {
				t.Fatalf("leastMatches(%d, %v) = %d, want %d", n, similarity, got, want)
			}
		}
	}
}

// Lines that are taken again without being looked at must join the cluster that
// looking at them gives.
func TestAgainIsTheAnswerOfAdd(t *testing.T) {
	words := []string{"a", "b", "c", "d", "e1", "<*>", "f", "g2"}
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 11))
		cfg := DefaultConfig()
		cfg.Depth = 3 + rng.IntN(3)
		cfg.MaxChildren = 1 + rng.IntN(6)
		cfg.Similarity = []float64{0, 0.3, 0.5, 0.8, 1}[rng.IntN(5)]
		plain, remembering := newMiner(t, cfg), newMiner(t, cfg)
		held := map[string]Held{}
		again := 0
		for k := range 600 {
			n := rng.IntN(6)
			var line []byte
			for range n {
				line = append(append(line, words[rng.IntN(len(words))]...), ' ')
			}
			group := uint32(rng.IntN(2))
			key := fmt.Sprint(group, string(line))
			want := plain.AddGroup(group, line)
			h, ok := held[key]
			if ok && remembering.Again(h) {
				again++
			} else {
				h = remembering.AddHeld(group, line)
				held[key] = h
			}
			if h.ID() != want {
				t.Fatalf("seed %d, line %d %q: cluster %d, want %d", seed, k, line, h.ID(), want)
			}
		}
		if again == 0 {
			t.Errorf("seed %d: no line was taken again", seed)
		}
		a, b := plain.Snapshot(), remembering.Snapshot()
		for id := range int32(len(a.texts)) {
			if a.texts[id] != b.texts[id] || a.counts[id] != b.counts[id] {
				t.Fatalf("seed %d: cluster %d is %q with %d lines, want %q with %d", seed, id, b.texts[id], b.counts[id], a.texts[id], a.counts[id])
			}
		}
	}
}

func newMiner(t *testing.T, cfg Config) *Miner {
	t.Helper()
	m, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Where there is no room for another cluster, lines go to one last one, and the
// clusters that are there go on as before.
func TestFullMiner(t *testing.T) {
	cfg := DefaultConfig()
	cfg.MaxClusters = 3
	m := newMiner(t, cfg)
	for k := range 50 {
		for _, line := range []string{"a b c", "x y z", "q"} {
			m.Add([]byte(line))
		}
		m.Add(fmt.Appendf(nil, "w%d is a new line of its own kind", k*1000+k))
		m.Add(fmt.Appendf(nil, "v%d", k))
		if h := m.AddHeld(0, []byte("never seen")); !m.Again(h) {
			t.Error("a line of the overflow is looked at again although nothing changed")
		}
	}
	if !m.Full() || m.Len() != 4 {
		t.Fatalf("full %v with %d clusters", m.Full(), m.Len())
	}
	s := m.Snapshot()
	total := int64(0)
	for id := range int32(len(s.texts)) {
		total += s.counts[id]
	}
	if total != m.published.lines {
		t.Errorf("%d lines in clusters, %d were taken", total, m.published.lines)
	}
	if s.texts[3] != Overflow || s.counts[3] != 50*4 {
		t.Errorf("the last cluster is %q with %d lines", s.texts[3], s.counts[3])
	}
	for id, want := range []string{"a b c", "x y z", "q"} {
		if s.texts[int32(id)] != want || s.counts[int32(id)] != 50 {
			t.Errorf("cluster %d is %q with %d lines", id, s.texts[int32(id)], s.counts[int32(id)])
		}
	}
}

func TestConfigIsBounded(t *testing.T) {
	for _, tt := range []struct {
		what   string
		change func(*Config)
		ok     bool
	}{
		{"the deepest tree", func(c *Config) { c.Depth = MaxDepth }, true},
		{"deeper", func(c *Config) { c.Depth = MaxDepth + 1 }, false},
		{"too flat", func(c *Config) { c.Depth = 2 }, false},
		{"the most children", func(c *Config) { c.MaxChildren = MaxChildren }, true},
		{"more children", func(c *Config) { c.MaxChildren = MaxChildren + 1 }, false},
		{"no similarity", func(c *Config) { c.Similarity = math.NaN() }, false},
		{"the most masks", func(c *Config) { c.Masks = slices.Repeat([]string{"x"}, MaxMasks) }, true},
		{"more masks", func(c *Config) { c.Masks = slices.Repeat([]string{"x"}, MaxMasks+1) }, false},
		{"the longest mask", func(c *Config) { c.Masks = []string{strings.Repeat("x", MaxMask)} }, true},
		{"a longer mask", func(c *Config) { c.Masks = []string{strings.Repeat("x", MaxMask+1)} }, false},
	} {
		c := DefaultConfig()
		tt.change(&c)
		if _, err := New(c); (err == nil) != tt.ok {
			t.Errorf("%s: %v", tt.what, err)
		}
	}
}
