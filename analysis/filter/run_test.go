package filter

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// plainly decides about entry i by looking at it, term by term, as the
// documentation of the language has it.
func plainly(n node, log *Subject, text []byte, i int) bool {
	e := log.Entries.At(i)
	row := log.Rows[e.Row]
	conn := log.Connections.At(int(e.Connection))
	switch n := n.(type) {
	case conjunction:
		for _, k := range n {
			if !plainly(k, log, text, i) {
				return false
			}
		}
		return true
	case disjunction:
		for _, k := range n {
			if plainly(k, log, text, i) {
				return true
			}
		}
		return false
	case negation:
		return !plainly(n.of, log, text, i)
	case textTerm:
		return strings.Contains(plainFold(string(text)), plainFold(n.text))
	case regexpTerm:
		return n.compiled.Match(text)
	case idTerm:
		for _, r := range n.ranges {
			if r.first <= conn.ID && conn.ID <= r.last && (r.epoch == 0 || r.epoch == conn.Epoch) {
				return true
			}
		}
		return false
	case timeTerm:
		if e.Time == store.NoTime {
			return false
		}
		at := time.UnixMicro(e.Time).UTC().Format("2006-01-02T15:04:05.000000")[cuts[n.since()].bytes:]
		first, last := n.first.String(), n.last.String()
		begun, goesOn := n.openFirst || at >= first, n.openLast || at[:min(len(at), len(last))] <= last
		if !n.openFirst && !n.openLast && last < first { // over midnight, or the end of a year
			return begun || goesOn
		}
		return begun && goesOn
	case scoreTerm:
		score := log.Isolation(int(e.Row))
		if n.field == fieldRandom {
			score = log.Random(int(e.Row))
		}
		switch n.op {
		case "<":
			return score < n.bound
		case "<=":
			return !(score > n.bound)
		case ">":
			return score > n.bound
		}
		return !(score < n.bound)
	case valueTerm:
		like := func(s string) bool { return plainGlob(n.value, plainFold(s)) }
		id := connection.Identity{User: conn.User, Host: conn.Host, Database: conn.Database}
		if k := int(log.Entries.At(i).Connection); log.Connections.Changes(k) {
			id = log.Connections.Who(k, i)
		}
		switch n.field {
		case fieldUser:
			return like(log.Connections.Text(id.User))
		case fieldHost:
			return like(log.Connections.Text(id.Host))
		case fieldDatabase:
			return like(log.Connections.Text(id.Database))
		case fieldCommand:
			return like(log.Commands[row.Command])
		case fieldAction:
			return like(log.Actions[row.Action])
		case fieldTable:
			names := append([]string{log.Tables[row.Table]}, log.OtherTables[row.Cluster]...)
			return slices.ContainsFunc(names, func(name string) bool {
				_, behind, qualified := strings.Cut(name, ".")
				if !qualified && name != "-" && strings.Contains(strings.Join(n.value.parts, "*"), ".") {
					database := log.Connections.Text(log.Connections.Who(int(e.Connection), i).Database)
					if database != "-" && like(database+"."+name) {
						return true
					}
				}
				return like(name) || qualified && like(behind)
			})
		case fieldTemplate:
			id := log.Templates[log.TemplateOf[row.Cluster]].EventID
			for k := range len(id) + 1 {
				if like(id[:k]) {
					return true
				}
			}
			return false
		case fieldDigest:
			digest := log.Digests[row.Digest]
			if row.Digest == 0 {
				return like("-")
			}
			for from := range len(digest) + 1 {
				for to := from; to <= len(digest); to++ {
					if like(digest[from:to]) {
						return true
					}
				}
			}
			if digest == store.Others {
				return false
			}
			hash := fmt.Sprintf("%x", sha256.Sum256([]byte(digest)))
			for k := range len(hash) + 1 {
				if like(hash[:k]) {
					return true
				}
			}
			return false
		case fieldLabel:
			ref := log.Connections.Ref(int(e.Connection))
			_, judged := log.Labels.Verdict(ref)
			return like(log.Labels.Class(ref)) || !judged && like("-")
		case fieldDetection:
			for _, d := range log.Detections {
				if like(d.Rule) && (slices.Contains(d.Connections, e.Connection) || slices.Contains(d.Entries, uint32(i))) {
					return true
				}
			}
			return false
		case fieldError:
			switch code := log.Outcomes.At(i); {
			case code < 0:
				return like("-")
			case code == 0:
				return like("none") || like("0")
			default:
				return like("any") || like(fmt.Sprint(code))
			}
		case fieldLogin:
			switch log.Connections.Peek(int(e.Connection)).Outcome {
			case connection.Unseen:
				return like("unseen")
			case connection.Pending:
				return like("pending")
			case connection.Accepted:
				return like("accepted")
			case connection.Denied:
				return like("denied") || like("refused")
			}
			return like("failed") || like("refused")
		}
	}
	panic(fmt.Sprintf("no rule for %#v", n))
}

// plainFold takes the largest of the letters that differ in case, and gives
// bytes that are not UTF-8 places beyond the characters in use.
func plainFold(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == utf8.RuneError && size == 1:
			b.WriteRune(0x10FF00 + rune(s[0])) // not a character
		case r < 0x80:
			b.WriteRune(unicode.ToUpper(r))
		default:
			most := r
			for f := unicode.SimpleFold(r); f != r; f = unicode.SimpleFold(f) {
				most = max(most, f)
			}
			b.WriteRune(most)
		}
		s = s[size:]
	}
	return b.String()
}

func plainGlob(g glob, s string) bool {
	first := plainFold(g.parts[0])
	if len(g.parts) == 1 {
		return s == first
	}
	rest, ok := strings.CutPrefix(s, first)
	if !ok {
		return false
	}
	for k := 0; k <= len(rest); k++ {
		if plainGlob(glob{g.parts[1:]}, rest[k:]) {
			return true
		}
	}
	return false
}

// randomFilter writes a filter of up to the given depth.
func randomFilter(rng *rand.Rand, depth int) string {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	if depth > 0 && rng.IntN(3) > 0 {
		a, b := randomFilter(rng, depth-1), randomFilter(rng, depth-1)
		switch rng.IntN(4) {
		case 0:
			return "(" + a + ") " + "(" + b + ")"
		case 1:
			return a + " or " + b
		case 2:
			return "not (" + a + ")"
		}
		return "(" + a + " or " + b + ") and not (" + randomFilter(rng, depth-1) + ")"
	}
	word := func() string { return words[rng.IntN(len(words))] }
	switch rng.IntN(16) {
	case 0:
		return Term("text", word())
	case 1:
		return Term("text", pick("oo", "XW", "1", "=", "ä", " ", "\xff", "p_", "5)s"))
	case 2:
		return "/" + pick("^r", "o+t", "(?i)WP_", "[^a-z]1", `\d$`, "Ä") + "/" + pick("", "i")
	case 3:
		return "id:" + pick("1", "1-3", "2@1", "1,4-6@2,3", "4-9", "0-99999")
	case 4, 5:
		return pick("user", "host", "db", "action", "table") + ":" + pick("wp*", "*o*", "*", "-", `*"a*b"`, "r*t", "nobody", "*s")
	case 6:
		return Term(pick("user", "host", "db", "action", "table"), word())
	case 13:
		return pick("table", "-table") + ":" + pick("wp.*", "root.wp_posts", "*.wp_users", "wp*.*o*", "*.*", "mysql.wp", "*.", "wp.root,*o*.s")
	case 7:
		return "cmd:" + pick("query", "Connect", `"init db"`, "Q*") + " " + "template:" + pick("3f", "3f2a0001", "DEAD", "*01", "3*1", "x")
	case 14:
		return pick("digest", "-digest") + ":" + pick("root", "users", "ärger", "select*?", "*VALUES", "others", "4813494", "48*49", `"( ? )"`, "-", "zz")
	case 8:
		return "label:" + pick("normal", "login_attack", "-", "*", "get*", "nosuch")
	case 9:
		return "detection:" + pick("*", "dump", "brute*", "nosuch")
	case 11:
		return "error:" + pick("1045", "10*", "any", "none", "0", "-", "7")
	case 15:
		return "login:" + pick("denied", "refused", "accepted", "*e*", "pending,unseen", "Failed", "nosuch")
	case 10:
		return pick("iforest", "rforest") + pick(">", ">=", "<", "<=") + pick("0.5", "0", "1", "0.75")
	}
	return "time:" + pick("2025", "2025-03-12", "2025-03-12T13", "2025-03-12T13:10", "..2025-03-12T14:00:10", "2025-03-12T15..2025-03-12T17:30:20.5", "2026..", "2025-03-13T01..",
		"13:06", "03-12 13:10", "03-12 13:06..14:30:05", "23:00..01:30", "..13:00", "15:30..", "03-13", "11-05..03-12", "03-12 15..", "..03-12")
}

func mustParse(tb testing.TB, text string) Filter {
	tb.Helper()
	f, err := Parse(text)
	if err != nil {
		tb.Fatalf("Parse(%q): %v", text, err)
	}
	return f
}

func run(tb testing.TB, log *Subject, f Filter) *Selection {
	tb.Helper()
	p, err := Compile(context.Background(), f, log)
	if err != nil {
		tb.Fatalf("%s: %v", f, err)
	}
	s, err := p.Run(context.Background(), nil)
	if err != nil {
		tb.Fatalf("%s: %v", f, err)
	}
	return s
}

func TestSelectionIsWhatTheLanguageSays(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	rounds := 60
	if testing.Short() {
		rounds = 6
	}
	for round := range rounds {
		log, text := testLog(t, []int{1, 63, 64, 65, 500, 1500}[round%6], uint64(round))
		for range 25 {
			f := mustParse(t, randomFilter(rng, 3))
			s := run(t, log, f)
			if s.Covered() != log.Entries.Len() || s.Total() != log.Entries.Len() {
				t.Fatalf("%s: looked at %d of %d entries", f, s.Covered(), log.Entries.Len())
			}
			opposite := run(t, log, f.Not())
			for i := range log.Entries.Len() {
				want := plainly(f.root, log, text.texts[i], i)
				if s.Contains(i) != want {
					t.Fatalf("%s: entry %d %+v, text %q: selected %v, want %v", f, i, log.Entries.At(i), text.texts[i], !want, want)
				}
				if opposite.Contains(i) == want {
					t.Fatalf("%s: entry %d is in the selection and in the opposite one, or in none", f, i)
				}
			}
		}
	}
}

// Over several spans, with every processor count, the same entries.
func TestSelectionDoesNotDependOnWorkers(t *testing.T) {
	log, text := testLog(t, 2*store.SpanLen+1000, 5)
	for _, source := range []string{"user:root", "o (table:wp* or /wp.*s/) time:..2025-03-15", "detection:* or sleep(5)"} {
		f := mustParse(t, source)
		var first []int
		for _, procs := range []int{1, 3} {
			before := runtime.GOMAXPROCS(procs)
			got := slices.Collect(run(t, log, f).From(0))
			runtime.GOMAXPROCS(before)
			if first == nil {
				first = got
			}
			if !slices.Equal(first, got) {
				t.Errorf("%s: %d entries with one processor, %d with %d", f, len(first), len(got), procs)
			}
		}
		k := 0
		for i := range log.Entries.Len() {
			if plainly(f.root, log, text.texts[i], i) {
				if k >= len(first) || first[k] != i {
					t.Fatalf("%s: entry %d is missing", f, i)
				}
				k++
			}
		}
		if k != len(first) || k == 0 {
			t.Errorf("%s: %d entries, want %d", f, len(first), k)
		}
	}
}

func TestColumnsDecideWhichTextIsRead(t *testing.T) {
	log, text := testLog(t, 2000, 8)
	for _, c := range []struct{ source, candidates string }{
		{"root action:wp", "action:wp"},
		{"root or action:wp", "not action:wp"},
		{"not (root or user:wp)", "not user:wp"},
		{"action:wp or (/o/ user:root)", "user:root not action:wp"},
		{"user:nobody-has-this root", "user:nobody-has-this"},
	} {
		text.read.Store(0)
		run(t, log, mustParse(t, c.source))
		if want := run(t, log, mustParse(t, c.candidates)).Len(); int(text.read.Load()) != want {
			t.Errorf("%s: %d statements were read, want the %d of %s", c.source, text.read.Load(), want, c.candidates)
		}
	}
}

func TestPublishedSelectionsGrow(t *testing.T) {
	log, text := testLog(t, 3*store.SpanLen/2, 6)
	// Long texts, so that spans are read in several jobs.
	var columns store.Columns
	for i := range log.Entries.Len() {
		e := log.Entries.At(i)
		e.Offset = int64(i) * 1000
		columns.Append(e)
	}
	log.Entries = columns.View()
	for _, source := range []string{"o", "user:root"} {
		f := mustParse(t, source)
		p, err := Compile(context.Background(), f, log)
		if err != nil {
			t.Fatal(err)
		}
		var published []*Selection
		last, err := p.Run(context.Background(), func(s *Selection) { published = append(published, s) })
		if err != nil {
			t.Fatal(err)
		}
		if n := len(published); n == 0 || published[n-1].Covered() < log.Entries.Len() || published[n-1].Len() != last.Len() {
			t.Fatalf("%s: the last of %d published selections is not the result", f, n)
		}
		for k, s := range published {
			if k > 0 && s.Covered() <= published[k-1].Covered() {
				t.Errorf("%s: publication %d covers %d entries, the one before %d", f, k, s.Covered(), published[k-1].Covered())
			}
			checkSelection(t, s, func(i int) bool { return i < s.Covered() && plainly(f.root, log, text.texts[i], i) })
		}
	}
}

// Jobs are consecutive, none holds much more text than asked for, and the first
// one little, so that it soon has hits.
func TestJobsAreCutByText(t *testing.T) {
	const size, n = 100_000, 3 * store.SpanLen / 2
	var columns store.Columns
	for i := range n {
		columns.Append(store.Entry{Offset: int64(i) * size})
	}
	for _, text := range []bool{true, false} {
		p := &Program{log: &Subject{Log: &loaded.Log{Entries: columns.View()}}, text: text}
		at, long := 0, 0
		for _, j := range p.jobs() {
			first, end := j.span*store.SpanLen+j.from, j.span*store.SpanLen+j.to
			if first != at || end <= at || j.from%64 != 0 || j.last != (end%store.SpanLen == 0 || end == n) {
				t.Fatalf("job %+v behind entry %d", j, at)
			}
			most := textPerJob
			if first == 0 {
				most = textOfFirst
			}
			if (end-first)*size >= most+64*size {
				long++
			}
			at = end
		}
		if at != n || text == (long > 0) {
			t.Errorf("text %v: the jobs end at entry %d of %d, %d are too long", text, at, n, long)
		}
	}
}

// endless blocks in the midst of a log until the context is done.
type endless struct{ started chan struct{} }

func (e endless) Scan(ctx context.Context, from, _ int, _ func(int) bool, _ func(int, []byte) bool) error {
	if from < store.SpanLen {
		return nil
	}
	close(e.started)
	<-ctx.Done()
	return ctx.Err()
}

func TestCancel(t *testing.T) {
	log, _ := testLog(t, store.SpanLen+10, 7)
	e := endless{make(chan struct{})}
	log.Text = e
	p, err := Compile(context.Background(), mustParse(t, "x or user:root"), log)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-e.started
		cancel()
	}()
	s, err := p.Run(ctx, nil)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, want that of the context", err)
	}
	if s.Covered() == s.Total() || s.Covered() > store.SpanLen {
		t.Errorf("%d of %d entries are covered", s.Covered(), s.Total())
	}
	if s.Covered() == store.SpanLen && s.Len() == 0 {
		t.Error("what was found before is lost")
	}
	if s, err := p.Run(ctx, func(*Selection) { t.Error("published after cancellation") }); !errors.Is(err, context.Canceled) || s.Covered() != 0 {
		t.Errorf("a run that was cancelled before it began: %d entries, %v", s.Covered(), err)
	}
	for _, source := range []string{"user:root", "table:wp", "label:normal"} {
		if _, err := Compile(ctx, mustParse(t, source), log); !errors.Is(err, context.Canceled) {
			t.Errorf("Compile(%s) with a done context: %v", source, err)
		}
	}
}

func TestTextThatCannotBeRead(t *testing.T) {
	log, text := testLog(t, 2*store.SpanLen, 3)
	text.broken = store.SpanLen + 77
	p, err := Compile(context.Background(), mustParse(t, "o"), log)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.Run(context.Background(), nil)
	if !errors.Is(err, errBroken) || !strings.Contains(err.Error(), strconv.Itoa(store.SpanLen+1)) {
		t.Errorf("error %v, want the reader's with the entries", err)
	}
	if s.Covered() != store.SpanLen || s.Len() == 0 {
		t.Errorf("%d entries in %d covered, want what stands before the damage", s.Len(), s.Covered())
	}
}

func TestUnavailable(t *testing.T) {
	log, _ := testLog(t, 10, 1)
	log.Isolation, log.Random, log.Detections, log.Text, log.Outcomes = nil, nil, nil, nil, store.Outcomes{}
	for _, source := range []string{"iforest>0.5", "not rforest>0.5", "detection:*", "error:any", "text", "/re/", "user:root or x"} {
		_, err := Compile(context.Background(), mustParse(t, source), log)
		if !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", source, err)
		}
	}
	if s := run(t, log, mustParse(t, "user:* id:1-999 time:2025..")); s.Len() != 10 {
		t.Errorf("columns select %d entries, want all 10", s.Len())
	}
}

func TestEmptyLog(t *testing.T) {
	for _, source := range []string{"", "user:root", "not label:normal"} {
		s := run(t, &Subject{Log: &loaded.Log{}}, mustParse(t, source))
		checkSelection(t, s, func(int) bool { return false })
		if s.Covered() != s.Total() {
			t.Errorf("%q: not done", source)
		}
	}
}

func TestZeroFilterShowsEverything(t *testing.T) {
	log, _ := testLog(t, 100, 1)
	if s := run(t, log, Filter{}); s.Len() != 100 {
		t.Errorf("%d of 100 entries", s.Len())
	}
}

// A label may be given to a connection that no entry of this snapshot has.
func TestLabelsOfOtherConnections(t *testing.T) {
	log, _ := testLog(t, 50, 1)
	var err error
	log.Labels, err = label.NewSet(nil, []label.Record{{Ref: label.Ref{Epoch: 9, ID: 1 << 60}, Verdict: label.Verdict{Class: label.LoginAttack, Source: label.ByFile}}})
	if err != nil {
		t.Fatal(err)
	}
	if n := run(t, log, mustParse(t, "label:login_attack")).Len(); n != 0 {
		t.Errorf("%d entries", n)
	}
	if n := run(t, log, mustParse(t, "label:normal label:-")).Len(); n != 50 {
		t.Errorf("%d of 50 entries are unlabelled", n)
	}
}

// broken panics in the midst of a log.
type broken struct{}

func (broken) Scan(context.Context, int, int, func(int) bool, func(int, []byte) bool) error {
	panic("broken")
}

// A panic of a reader reaches the caller of Run, on the caller's goroutine.
func TestAPanicIsTheCallers(t *testing.T) {
	log, _ := testLog(t, 3000, 5)
	log.Text = broken{}
	p, err := Compile(t.Context(), mustParse(t, "wp"), log)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if v := recover(); v != "broken" {
			t.Errorf("recovered %v", v)
		}
	}()
	_, err = p.Run(t.Context(), nil)
	t.Errorf("Run returned %v", err)
}

// A login is also where a connection changes its user.
func TestLoginOfChangedUser(t *testing.T) {
	log, _ := testLog(t, 1, 1)
	tracker := connection.NewTracker()
	for i, e := range []struct {
		id            uint64
		command, text string
	}{
		{1, "Connect", "web@h on "}, {1, "Query", "SELECT 1"}, {2, "Connect", "web@h on "}, {2, "Query", "SELECT 1"},
		{2, "Change user", "admin@h on "}, {2, "Change user", "Access denied for user 'admin'@'h' (using password: YES)"}, {2, "Query", "SELECT 1"},
	} {
		tracker.Observe(i, e.id, e.command, []byte(e.text))
	}
	var columns store.Columns
	rows := store.NewRows()
	row := rows.Add(store.Key{}, 0)
	for i, conn := range []uint32{0, 0, 1, 1, 1, 1, 1} {
		columns.Append(store.Entry{Offset: int64(i), Connection: conn, Row: row})
	}
	log.Entries, log.Rows, log.Connections = columns.View(), rows.Copy(), tracker.View()
	for text, want := range map[string]int{"login:denied": 5, "login:accepted": 7, "not login:refused": 2} {
		if got := run(t, log, mustParse(t, text)).Len(); got != want {
			t.Errorf("%s selects %d entries, want %d", text, got, want)
		}
	}
}

// A score of connections selects all entries of those that it holds for, and is
// missing, not 0, as long as it is not known.
func TestScoresOfConnections(t *testing.T) {
	log, _ := testLog(t, 500, 3)
	of := func(conn int) float64 { return float64(conn%7) / 10 }
	for field, set := range map[string]*func(conn int) float64{"score": &log.Score, "anomaly": &log.Anomaly, "learned": &log.Learned} {
		f := mustParse(t, field+">0.4")
		*set = nil
		if _, err := Compile(t.Context(), f, log); !errors.Is(err, ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", f, err)
		}
		log.Score, log.Anomaly, log.Learned = nil, nil, nil
		*set = of
		s, hits := run(t, log, f), 0
		for i := range log.Entries.Len() {
			want := of(int(log.Entries.At(i).Connection)) > 0.4
			if want {
				hits++
			}
			if s.Contains(i) != want {
				t.Fatalf("%s: entry %d of connection %d is selected: %v", f, i, log.Entries.At(i).Connection, s.Contains(i))
			}
		}
		if hits == 0 {
			t.Errorf("%s: the log has no connection to select", f)
		}
	}
}
