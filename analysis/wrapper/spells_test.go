package wrapper

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// Two servers in one output are two logs: the one that begins more entries is read, the
// other is named, wherever their lines are.
func TestServersBesideEachOther(t *testing.T) {
	line := func(stream string, i int) string {
		return fmt.Sprintf("%-9s| 2024-07-10T05:25:05.%06dZ\t    8 Query\tSELECT '%s',\n%-9s|   %d\n", stream, i, stream, stream, i)
	}
	// parts takes a line of each in turns, so that statements break into each other.
	parts := func(of ...string) string {
		var b strings.Builder
		rest := make([][]string, len(of))
		for k := range of {
			rest[k] = strings.SplitAfter(of[k], "\n")
		}
		for i := range strings.Count(strings.Join(of, ""), "\n") {
			for k := range rest {
				if i < len(rest[k]) {
					b.WriteString(rest[k][i])
				}
			}
		}
		return b.String()
	}
	several := func(stream string, from, n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(line(stream, from+i))
		}
		return b.String()
	}
	long := several("db", 0, HeadSize/40)
	for _, c := range []struct{ name, raw, named, streams string }{
		{"in turns", parts(several("db", 0, 20), several("db2", 0, 20)), "(stream db; a general log of another stream is left out: db2)", "db"},
		{"fewer first", parts(several("db2", 0, 8), several("db", 0, 20)) + several("db2", 8, 1), "(stream db; a general log of another stream is left out: db2)", "db"},
		{"forged in front", line("web", 0) + parts(several("db", 0, 20), "web      | x\nweb      | y\n"+line("web", 1)), "(stream db; a general log of another stream is left out: web)", "db"},
		{"one behind the other", several("db", 0, 20) + several("db-1", 20, 20), "(streams db, db-1)", "db db-1"},
		{"started anew, late", long + several("db-1", 0, 9), "(streams db, db-1)", "db db-1"},
		{"beside, late", long + several("db2", 0, 1) + several("db", 0, 1) + several("db2", 1, 5) + several("db", 2, 1), "(stream db; a general log of another stream is left out: db2)", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			raw := []byte(c.raw)
			s, _ := Recognise(raw, true)
			text, u := unwrap(s, raw, whole)
			if name := u.Stack().Name(); name != "docker compose prefix "+c.named {
				t.Errorf("named %q, want %q", name, c.named)
			}
			if c.streams != "" {
				var want strings.Builder
				for _, line := range strings.SplitAfter(c.raw, "\n") {
					stream, rest, _ := strings.Cut(line, "| ")
					if strings.Contains(" "+c.streams+" ", " "+strings.TrimSpace(stream)+" ") {
						want.WriteString(rest)
					}
				}
				if string(text.Data) != want.String() {
					t.Errorf("the text differs: %s", difference(text.Data, []byte(want.String())))
				}
			}
			if sum := text.Map.Raw() + u.WrapperBytes; sum != int64(len(raw)) {
				t.Errorf("%d bytes accounted for of %d", sum, len(raw))
			}
			readBack(t, u.Stack(), raw, text)
			rng := rand.New(rand.NewPCG(1, 2))
			cut, by := unwrap(s, raw, func() int { return rng.IntN(100) })
			if string(cut.Data) != string(text.Data) || sameAccount(by, u) != "" {
				t.Errorf("blocks matter: %s", difference(cut.Data, text.Data))
			}
		})
	}
	// Behind the head of the file a server that comes is read until the other goes on.
	raw := long + several("db2", 0, 1) + several("db", 0, 1) + several("db2", 1, 5)
	s, _ := Recognise([]byte(raw), true)
	text, _ := unwrap(s, []byte(raw), whole)
	if n := strings.Count(string(text.Data), "'db2'"); n != 1 {
		t.Errorf("%d entries of the other server, want the first", n)
	}
}
