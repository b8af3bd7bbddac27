package main

import (
	"bytes"
	"context"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/sqltext"
	"sqleuth/testdata"
)

func generateWith(t *testing.T, c *capture, o options) (log, labels []byte) {
	t.Helper()
	g, err := o.generator(c)
	if err != nil {
		t.Fatal(err)
	}
	var l, f bytes.Buffer
	if err := g.write(&l, &f, o.entries); err != nil {
		t.Fatal(err)
	}
	return l.Bytes(), f.Bytes()
}

// digest is a statement with its literals replaced.
func digest(sql []byte) string {
	var lex sqltext.Lexer
	lex.Reset(sql)
	var b strings.Builder
	for t, ok := lex.Next(); ok; t, ok = lex.Next() {
		switch t.Kind {
		case sqltext.String, sqltext.DoubleQuoted, sqltext.Number, sqltext.HexLiteral, sqltext.BitLiteral:
			b.WriteByte('?')
		case sqltext.Comment:
		default:
			b.Write(sql[t.Start:t.End])
		}
		b.WriteByte(' ')
	}
	return b.String()
}

// statements returns the distinct statements of a log, and their digests.
func statements(log []byte) (texts, digests map[string]bool) {
	texts, digests = map[string]bool{}, map[string]bool{}
	scan(log, func() {}, func(r *genlog.Record) {
		if hasStatement(r.Command) && !texts[string(r.Argument)] {
			texts[string(r.Argument)] = true
			digests[digest(r.Argument)] = true
		}
	})
	return texts, digests
}

// literalsOf returns the strings of a log that are long enough not to be equal
// by chance.
func literalsOf(log []byte) map[string]bool {
	strings := map[string]bool{}
	scan(log, func() {}, func(r *genlog.Record) {
		if hasStatement(r.Command) {
			for _, l := range appendLiterals(nil, r.Argument, 0) {
				if s := r.Argument[l.start:l.end]; bytes.ContainsFunc(s, func(c rune) bool { return c >= 'a' && c <= 'z' }) && len(s) > 8 {
					strings[string(s)] = true
				}
			}
		}
	})
	return strings
}

// TestDiverse: in every round of a diverse log the strings are others, as many
// of them, in the same statements.
func TestDiverse(t *testing.T) {
	c := incident(t)
	round := len(c.entries)
	recorded := inflate(t, testdata.Incident)
	log, _ := generateWith(t, c, options{entries: int64(2 * round), seed: 1, diverse: true})
	at := bytes.Index(log, []byte("\n2025-03-15")) + 1
	rounds := [][]byte{recorded, log[:at], log[at:]}
	_, digests := statements(recorded)
	seen := literalsOf(recorded)
	want := len(seen)
	for i, r := range rounds[1:] {
		_, d := statements(r)
		if !maps.Equal(d, digests) {
			t.Errorf("round %d has %d digests, the capture %d; or others", i, len(d), len(digests))
		}
		again, literals := 0, literalsOf(r)
		for s := range literals {
			if seen[s] {
				again++
			}
			seen[s] = true
		}
		t.Logf("round %d: %d strings, %d seen before; %d in the capture", i, len(literals), again, want)
		if again*100 > len(literals) {
			t.Errorf("round %d: %d of %d strings were there before", i, again, len(literals))
		}
	}
}

// analyse returns a log's templates and the detections by rule, in the default reading.
func analyse(t *testing.T, log []byte) (templates int, detections map[string]int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, log, 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set,
		func(*pipeline.Snapshot) (label.Set, error) { return label.Set{}, nil }, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	detections = map[string]int{}
	for _, d := range s.Detections {
		detections[d.Rule.Name]++
	}
	return len(s.Templates), detections
}

// TestDiverseAnalysis: a diverse log gives the templates and the detections of
// the capture. Some strings of the capture begin templates of their own, which
// those of other rounds then leave; as many more are allowed as they are.
func TestDiverseAnalysis(t *testing.T) {
	if testing.Short() {
		t.Skip("analyses the capture four times over")
	}
	const rounds = 3
	c := incident(t)
	templates, detections := analyse(t, inflate(t, testdata.Incident))
	log, _ := generateWith(t, c, options{entries: rounds * int64(len(c.entries)), seed: 1, diverse: true})
	got, found := analyse(t, log)
	t.Logf("templates: %d in the capture, %d after %d rounds", templates, got, rounds)
	if got < templates*19/20 || got > templates*11/10 {
		t.Errorf("%d templates after %d rounds, the capture has %d", got, rounds, templates)
	}
	for rule, n := range detections {
		// A rule may have one detection for all rounds: what an account does again
		// and again is taken together.
		if m := found[rule]; m < 1 || m > n*(rounds+1) {
			t.Errorf("%s: %d detections after %d rounds, the capture has %d", rule, m, rounds, n)
		}
	}
	if len(found) != len(detections) {
		t.Errorf("detections by rule: %v, the capture has %v", found, detections)
	}
}

func TestReplace(t *testing.T) {
	const seeds = 200
	for _, tt := range []struct {
		text   string
		number bool
		stays  string // x for a byte that never changes
	}{
		{"''", false, "xx"},
		{"'wp_%_Ab1'", false, "x  xxx   x"},
		{"'a\\'b\\n\\\\c'", false, "x xx xxxx x"},
		{"'2025-03-11 05:54:00.1 10.1.2.3:80'", false, strings.Repeat("x", 35)},
		{"'40cd750bba9870f1'", false, "x                x"},
		{"'new words here 12 of me@x.org, a1b2c3'", false, "x   xxxxxxxxxxxx  xxxx  x x   xx      x"},
		{"1.50e10", true, " x  x  "},
		{"0", true, " "},
		{"150", true, "   "},
		{"007", true, "x  "},
	} {
		var stays [64]bool
		for i := range tt.text {
			stays[i] = true
		}
		var c cipher
		keys := rand.NewPCG(1, 1)
		for range seeds {
			c.rekey(keys)
			got := []byte(tt.text)
			c.replace(got, tt.number)
			for i := range got {
				stays[i] = stays[i] && got[i] == tt.text[i]
				if a, b := class(tt.text[i]), class(got[i]); a != b {
					t.Fatalf("%s became %s: other forms", tt.text, got)
				}
			}
			if tt.text == "150" && got[0] == '0' {
				t.Errorf("%s became %s: a zero in front", tt.text, got)
			}
		}
		var b strings.Builder
		for i := range tt.text {
			if stays[i] {
				b.WriteByte('x')
			} else {
				b.WriteByte(' ')
			}
		}
		if b.String() != tt.stays {
			t.Errorf("bytes of %s that stay:\n%s, want\n%s", tt.text, b.String(), tt.stays)
		}
	}
}

// class is what a byte must be exchanged for: one of the same class.
func class(b byte) byte {
	switch {
	case digit(b):
		return '0'
	case wordByte(b):
		return 'A' | b&0x20
	}
	return b
}

// TestSessionsHaveTheirOwn: identifiers and mail addresses are a connection's own,
// other words and numbers those of a round.
func TestSessionsHaveTheirOwn(t *testing.T) {
	var c cipher
	c.rekey(rand.NewPCG(1, 1))
	replaced := func(session uint32, text string) string {
		c.session = session
		b := []byte(text)
		c.replace(b, false)
		return string(b)
	}
	for _, tt := range []struct {
		text string
		own  bool
	}{
		{"'40cd750bba9870f18aada2478b24840a'", true},
		{"'anna.berg@shop.example'", true},
		{"'WPLANG'", false},
		{"'1741671601'", false},
	} {
		first := replaced(3, tt.text)
		if again := replaced(3, tt.text); again != first {
			t.Errorf("%s became %s and %s in one session", tt.text, first, again)
		}
		if other := replaced(4, tt.text); (other != first) != tt.own {
			t.Errorf("%s became %s and %s in two sessions", tt.text, first, other)
		}
	}
}
