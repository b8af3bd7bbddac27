package main

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/gzip"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/drain"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
	"sqleuth/testdata"
)

// short is a capture small enough for hundreds of rounds: two server runs with
// ids 3 to 5 and 3 to 4, and an attack in the second.
const short = `/usr/sbin/mysqld, Version: 5.7.12-0ubuntu1 ((Ubuntu)). started with:
Tcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock
Time                 Id Command    Argument
2025-03-11T05:53:05.006361Z    3 Connect	a@127.0.0.9 on  using TCP/IP
2025-03-11T05:53:05.006362Z    5 Connect	a@127.0.0.9 on  using TCP/IP
2025-03-11T05:53:06.000001Z    5 Query	SELECT 1234,
2025-03-11 5 "` + "\xff" + `"
2025-03-11T05:53:07.000001Z    3 Quit	
/usr/sbin/mysqld, Version: 5.7.12-0ubuntu1 ((Ubuntu)). started with:
Tcp port: 3306  Unix socket: /var/run/mysqld/mysqld.sock
Time                 Id Command    Argument
2025-03-12T05:53:05.006361Z    4 Connect	Access denied for user 'b'@'127.0.0.66' (using password: YES)
2025-03-12T05:53:05.006361Z    3 Connect	b@127.0.0.66 on  using TCP/IP
2025-03-12T05:53:05.999999Z    3 Query	SELECT * FROM wp_users LIMIT 10
`

const shortEntries = 7

func compress(text string) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

func inflate(t *testing.T, compressed []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func mustRead(t *testing.T, compressed []byte) *capture {
	t.Helper()
	c, err := readCapture(compressed)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var readIncident = sync.OnceValues(func() (*capture, error) { return readCapture(testdata.Incident) })

// incident returns the built-in incident, taken apart once for all tests:
// generators only read it.
func incident(t *testing.T) *capture {
	t.Helper()
	c, err := readIncident()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func generate(t *testing.T, c *capture, seed uint64, n int) (log, labels []byte) {
	t.Helper()
	var l, f bytes.Buffer
	if err := newGenerator(c, seed).write(&l, &f, int64(n)); err != nil {
		t.Fatal(err)
	}
	return l.Bytes(), f.Bytes()
}

func scan(log []byte, banner func(), record func(r *genlog.Record)) genlog.Coverage {
	var cov genlog.Coverage
	genlog.Scan(genlog.Chunk{Data: log, First: true, Last: true}, &cov, genlog.Handler{Banner: banner, Record: record})
	return cov
}

func TestSameSeedSameBytes(t *testing.T) {
	c := incident(t)
	n := len(c.entries) + 5000
	log, labels := generate(t, c, 7, n)
	again, labelsAgain := generate(t, c, 7, n)
	if !bytes.Equal(log, again) || !bytes.Equal(labels, labelsAgain) {
		t.Error("the same seed gave other bytes")
	}
	if other, _ := generate(t, c, 8, n); bytes.Equal(log, other) {
		t.Error("another seed gave the same bytes")
	}
}

func TestShorterLogIsPrefix(t *testing.T) {
	whole := incident(t)
	round := len(whole.entries)
	for _, tt := range []struct {
		name    string
		capture *capture
		n, more int
	}{
		{"nothing", whole, 0, 1},
		{"first round", whole, 1000, 2000},
		{"before a round ends", whole, round - 1, round},
		{"a round", whole, round, round + 1},
		{"at a restart", mustRead(t, compress(short)), 4, 5},
		{"many rounds", mustRead(t, compress(short)), 99 * shortEntries, 300*shortEntries + 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log, labels := generate(t, tt.capture, 1, tt.n)
			longer, moreLabels := generate(t, tt.capture, 1, tt.more)
			if len(longer) <= len(log) || !bytes.HasPrefix(longer, log) {
				t.Errorf("the log of %d entries is not the beginning of the one of %d", tt.n, tt.more)
			}
			if !bytes.HasPrefix(moreLabels, labels) {
				t.Error("its labels are not the beginning of the other's")
			}
		})
	}
}

// TestEntries reads generated logs back: as many entries as asked for, no byte
// left over, times that go on, ids as the server prints them and in six digits.
func TestEntries(t *testing.T) {
	whole := incident(t)
	for _, tt := range []struct {
		name      string
		capture   *capture
		n         int
		highestID uint64
	}{
		{"nothing", whole, 0, 0},
		{"one", whole, 1, 0},
		{"two rounds", whole, len(whole.entries) * 2, 10_000},
		{"many rounds", mustRead(t, compress(short)), 500*shortEntries + 3, 100_000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log, _ := generate(t, tt.capture, 1, tt.n)
			n, last, highest := 0, int64(0), uint64(0)
			cov := scan(log, func() {}, func(r *genlog.Record) {
				n++
				if r.Time < last {
					t.Fatalf("entry %d is earlier than the one before: %.60q", n, r.Raw)
				}
				last = r.Time
				highest = max(highest, r.ID)
				if want := fmt.Sprintf("Z%5d %s\t", r.ID, r.Command); !bytes.HasPrefix(r.Raw[len("2025-03-11T05:53:05.006361"):], []byte(want)) {
					t.Fatalf("entry %d: head of %.60q is not %q", n, r.Raw, want)
				}
			})
			if n != tt.n {
				t.Errorf("%d entries, want %d", n, tt.n)
			}
			if cov.Rejects != 0 || cov.Bytes() != int64(len(log)) {
				t.Errorf("%d rejects, %d of %d bytes accounted for", cov.Rejects, cov.Bytes(), len(log))
			}
			if highest < tt.highestID {
				t.Errorf("highest id %d, want at least %d", highest, tt.highestID)
			}
		})
	}
}

// TestFirstRound compares a whole first round with the capture byte by byte.
func TestFirstRound(t *testing.T) {
	want := inflate(t, testdata.Incident)
	c := incident(t)
	got, _ := generate(t, c, 1, len(c.entries))
	if len(got) != len(want) {
		t.Fatalf("%d bytes, the capture has %d", len(got), len(want))
	}
	// Numbers are looked for in the text of each entry, as the generator does
	// once; what is left must be equal.
	var changed, numbers int
	var expected, variance float64
	next, body, num := int64(0), 0, 0
	entry := 0
	scan(want, func() {}, func(r *genlog.Record) {
		e := c.entries[entry]
		at := r.Offset + int64(len(r.Raw)) - int64(int(e.bodyEnd)-body)
		for _, number := range c.numbers[num:e.numbersEnd] {
			start := at + int64(number.offset())
			end := start + int64(number.digits())
			if !bytes.Equal(got[next:start], want[next:start]) {
				t.Fatalf("entry %d differs outside its numbers: %.200q", entry, r.Raw)
			}
			choices := 10.0
			if number.digits() > 1 {
				choices = math.Pow10(number.digits() - 1)
				if want[start] != '0' {
					choices *= 9
				}
			}
			if (got[start] == '0') != (want[start] == '0') && number.digits() > 1 {
				t.Fatalf("entry %d: %s became %s", entry, want[start:end], got[start:end])
			}
			p := 0.2 * (1 - 1/choices)
			expected += p
			variance += p * (1 - p)
			numbers++
			if !bytes.Equal(got[start:end], want[start:end]) {
				changed++
			}
			next = end
		}
		body, num = int(e.bodyEnd), int(e.numbersEnd)
		entry++
	})
	if !bytes.Equal(got[next:], want[next:]) {
		t.Error("the end differs")
	}
	if numbers == 0 || math.Abs(float64(changed)-expected) > 5*math.Sqrt(variance) {
		t.Errorf("%d of %d numbers changed, expected %.0f", changed, numbers, expected)
	}
}

// TestDistinctStatements: statements must not repeat more than they do in the
// capture, and grow with the log.
func TestDistinctStatements(t *testing.T) {
	c := incident(t)
	share := func(log []byte) float64 {
		seen := map[string]struct{}{}
		n := 0
		scan(log, func() {}, func(r *genlog.Record) {
			if hasStatement(r.Command) {
				n++
				seen[string(r.Argument)] = struct{}{}
			}
		})
		return float64(len(seen)) / float64(n)
	}
	recorded := share(inflate(t, testdata.Incident))
	log, _ := generate(t, c, 1, 3*len(c.entries))
	got := share(log)
	t.Logf("distinct statements: %.3f of all in the capture, %.3f after three rounds", recorded, got)
	if got < 0.9*recorded {
		t.Errorf("%.3f of the statements are distinct, %.3f in the capture", got, recorded)
	}
}

// TestTemplates: numbers drawn anew must not make templates that a real log
// would not have.
func TestTemplates(t *testing.T) {
	c := incident(t)
	events := func(log []byte) int {
		miner, err := drain.New(drain.DefaultConfig())
		if err != nil {
			t.Fatal(err)
		}
		scan(log, func() {}, func(r *genlog.Record) { miner.Add(r.Argument) })
		list, _ := miner.Snapshot().Events()
		return len(list)
	}
	log, _ := generate(t, c, 1, 500_000)
	once := bytes.Index(log, []byte("\n2025-03-15"))
	recorded, one, four := events(inflate(t, testdata.Incident)), events(log[:once]), events(log)
	t.Logf("templates: %d in the capture, %d after one round, %d after 500,000 entries", recorded, one, four)
	if one < recorded || one > recorded*5/4 || four < one || four > recorded*2 {
		t.Errorf("%d templates after one round, %d after 500,000 entries; the capture has %d", one, four, recorded)
	}
}

func TestLabelsOfTheCapture(t *testing.T) {
	f, err := os.Open("../../testdata/wordpress-bruteforce/labels.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := label.Read(f)
	if err != nil {
		t.Fatal(err)
	}
	c := incident(t)
	_, labels := generate(t, c, 1, len(c.entries))
	got, err := label.Read(bytes.NewReader(labels))
	if err != nil {
		t.Fatal(err)
	}
	classes := map[uint64]string{}
	for _, r := range want.Rows {
		classes[r.Ref.ID] = r.Class
	}
	if len(got.Rows) != len(classes) {
		t.Errorf("%d labels, want %d", len(got.Rows), len(classes))
	}
	for _, r := range got.Rows {
		if r.Class != classes[r.Ref.ID] || r.Ref.Epoch != 2 {
			t.Errorf("%v is %q, want %q", r.Ref, r.Class, classes[r.Ref.ID])
		}
	}
}

// TestLabels follows the connections of generated logs: every label must name
// one, of the attacker's, and every one of the attacker's must have a label.
func TestLabels(t *testing.T) {
	whole := incident(t)
	for _, tt := range []struct {
		name    string
		capture *capture
		n       int
		runs    uint32
	}{
		{"two rounds and a half", whole, len(whole.entries) * 5 / 2, 2},
		{"many rounds", mustRead(t, compress(short)), 200*shortEntries + 6, 200 / (runRounds + moreRunRounds)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			log, labels := generate(t, tt.capture, 1, tt.n)
			tracker, n := connection.NewTracker(), 0
			scan(log, tracker.Banner, func(r *genlog.Record) {
				tracker.Observe(n, r.ID, string(r.Command), r.Argument)
				n++
			})
			view := tracker.View()
			if view.Runs < tt.runs {
				t.Errorf("%d server runs, want at least %d", view.Runs, tt.runs)
			}
			checkLabels(t, view, labels)
		})
	}
}

func TestNumbers(t *testing.T) {
	for _, tt := range []string{
		"LIMIT [0], [10]",
		"([1],[22],[333],[4444],55555)",
		"a:[3]:{i:1741671601;s:[8]:\"x\"}",
		"wp_2 utf8mb4 t1 1a $P$1 `7` \\0 @5 #6 0x1F é1",
		"'2025-03-11 05:54:00.123' 12:30 2025/03/11",
		"127.0.0.1 '10.1.2.3:80' [1].[5] [6].[1].[9]",
		"-[5] +[6] =[7]% post-[12] [0012]",
		"[1]",
		"",
	} {
		var got strings.Builder
		text := strings.NewReplacer("[", "", "]", "").Replace(tt)
		at := 0
		for _, n := range appendNumbers(nil, []byte(text)) {
			fmt.Fprintf(&got, "%s[%s]", text[at:n.offset()], text[n.offset():n.offset()+n.digits()])
			at = n.offset() + n.digits()
		}
		got.WriteString(text[at:])
		if got.String() != tt {
			t.Errorf("numbers of %q: %s, want %s", text, got.String(), tt)
		}
	}
}

func TestSetNumber(t *testing.T) {
	for _, tt := range []struct{ from, low, high string }{
		{"5", "0", "9"},
		{"0", "0", "9"},
		{"10", "10", "99"},
		{"07", "00", "09"},
		{"999", "100", "999"},
		{"1234", "1000", "9999"},
		{"0012", "0000", "0999"},
	} {
		low, high := []byte(tt.from), []byte(tt.from)
		setNumber(low, 0)
		setNumber(high, math.MaxUint32)
		if string(low) != tt.low || string(high) != tt.high {
			t.Errorf("%s becomes %s to %s, want %s to %s", tt.from, low, high, tt.low, tt.high)
		}
	}
}

func TestBadCapture(t *testing.T) {
	_, entries, _ := strings.Cut(short, "Argument\n")
	for name, b := range map[string][]byte{
		"not gzip":  []byte(short),
		"cut":       compress(short)[:100],
		"empty":     compress(""),
		"no banner": compress(entries),
		"rejects":   compress("text\n" + short),
	} {
		if _, err := readCapture(b); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	c, err := readCapture(testdata.Incident)
	if err != nil {
		b.Fatal(err)
	}
	n := int64(len(c.entries))
	b.SetBytes(int64(len(c.bodies)) + n*int64(len("2025-03-11T05:53:05.006361Z12345 ")))
	b.ReportAllocs()
	for b.Loop() {
		if err := newGenerator(c, 1).write(io.Discard, io.Discard, n); err != nil {
			b.Fatal(err)
		}
	}
}
