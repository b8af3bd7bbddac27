package drain

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// redrawn returns line with each ASCII digit drawn anew with a probability.
func redrawn(rng *rand.Rand, line []byte, probability float64) []byte {
	out := bytes.Clone(line)
	for i, c := range out {
		if c >= '0' && c <= '9' && rng.Float64() < probability {
			out[i] = byte('0' + rng.IntN(10))
		}
	}
	return out
}

func outlineOf(line []byte) string {
	out := bytes.Clone(line)
	for i, c := range out {
		if c >= '0' && c <= '9' {
			out[i] = '0'
		}
	}
	return string(out)
}

// A line that differs from one that was mined in digits that do not decide must
// join the cluster that looking at it gives.
func TestOtherDigitsGiveTheSameAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	type known struct {
		held     Held
		line     []byte
		decisive []int32
		ok       bool
	}
	taken, refused, deciding := 0, 0, 0
	for seed := range uint64(400) {
		g := newLineMaker(seed)
		cfg := randomConfig(g)
		plain, remembering := newMiner(t, cfg), newMiner(t, cfg)
		lines := g.similar(40)
		memory := map[string]*known{}
		for k := range 400 {
			line := redrawn(g.Rand, []byte(lines[g.IntN(len(lines))]), []float64{0, 0.1, 1}[g.IntN(3)])
			want := plain.Add(line)
			at := outlineOf(line)
			m := memory[at]
			same := m != nil && (m.ok || bytes.Equal(m.line, line))
			if same {
				for _, p := range m.decisive {
					same = same && m.line[p] == line[p]
				}
			}
			if same && remembering.Again(m.held) {
				if !bytes.Equal(m.line, line) {
					taken++
				}
			} else {
				if m != nil {
					refused++
				}
				m = &known{held: remembering.AddHeld(0, line), line: line}
				m.decisive, m.ok = remembering.Decisive(nil, m.held, redrawn(g.Rand, line, 0.5))
				deciding += len(m.decisive)
				memory[at] = m
			}
			if got := m.held.ID(); got != want {
				t.Fatalf("seed %d, line %d %q: cluster %d, want %d (decisive %v)", seed, k, line, got, want, m.decisive)
			}
		}
		for id := range int32(plain.Len()) {
			if a, b := plain.Template(id), remembering.Template(id); a != b {
				t.Fatalf("seed %d: template %d is %q, want %q", seed, id, b, a)
			}
		}
	}
	if taken == 0 || refused == 0 || deciding == 0 {
		t.Errorf("%d lines with other digits taken, %d refused, %d decisive digits: the test does not see all cases", taken, refused, deciding)
	}
}

func TestDecisive(t *testing.T) {
	m := newMiner(t, DefaultConfig())
	for _, line := range []string{"SELECT a FROM t WHERE id = 15 LIMIT 1", "SELECT a FROM t WHERE id = 16 LIMIT 1"} {
		m.Add([]byte(line))
	}
	for _, c := range []struct{ line, decides string }{
		{"SELECT a FROM t WHERE id = 16 LIMIT 1", "1"},
		{"SELECT a FROM t WHERE id = 123456 LIMIT 1", "1"},
		{"SELECT a FROM t WHERE id = 1.2.3.4 LIMIT 1", "1"},
	} {
		h := m.AddHeld(0, []byte(c.line))
		at, ok := m.Decisive(nil, h, []byte(c.line))
		got := ""
		for _, p := range at {
			got += string(c.line[p])
		}
		if !ok || got != c.decides || len(at) != 1 || int(at[0]) != len(c.line)-1 {
			t.Errorf("%q: decisive digits %q at %v (%v), want only the last", c.line, got, at, ok)
		}
	}
	for _, line := range []string{"Quit", "x1", fmt.Sprint("a line of its own ", 1)} {
		if _, ok := m.Decisive(nil, m.AddHeld(0, []byte(line)), []byte(line)); ok {
			t.Errorf("%q: digits are told apart although the answer rests on the whole text", line)
		}
	}
}
