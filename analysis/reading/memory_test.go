package reading

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// taken takes a record in and lets its free digits vary.
func taken(t *testing.T, tail string) *memory {
	t.Helper()
	m := newMemory()
	m.find([]byte(tail))
	slot, known, _ := m.find([]byte(tail))
	if slot < 0 || known {
		t.Fatalf("%q is not taken in when it comes for the second time: slot %d, known %v", tail, slot, known)
	}
	m.vary(slot)
	return m
}

func TestMemoryKnowsOtherDigits(t *testing.T) {
	for _, c := range []struct{ was, is string }{
		{"Query\tSELECT a FROM t WHERE id = 15\n", "Query\tSELECT a FROM t WHERE id = 99\n"},
		{"Query\tSELECT a FROM t1 WHERE id=5\n", "Query\tSELECT a FROM t1 WHERE id=7\n"},
		{"Execute\tSELECT '2025-03-11', 1.5, '10.0.0.1', -5\n", "Execute\tSELECT '1999-12-31', 2.7, '99.9.9.9', -6\n"},
		{"Query\tSELECT 1\n\n\t\t2 FROM wp_2_posts", "Query\tSELECT 8\n\n\t\t9 FROM wp_2_posts"},
		{"Query\tSELECT " + strings.Repeat("a, ", 200) + "5 , 'x'" + strings.Repeat(" ", 100), "Query\tSELECT " + strings.Repeat("a, ", 200) + "6 , 'x'" + strings.Repeat(" ", 100)},
	} {
		m := taken(t, c.was)
		if slot, known, varied := m.find([]byte(c.is)); slot < 0 || !known || !varied {
			t.Errorf("after %.60q, %.60q has slot %d, known %v, varied %v", c.was, c.is, slot, known, varied)
		}
		if _, known, varied := m.find([]byte(c.was)); !known || varied {
			t.Errorf("%.60q itself: known %v, varied %v", c.was, known, varied)
		}
	}
}

// TestMemoryOfLongRecords moves digits through a long record, and a letter: what comes
// with another one there is new.
func TestMemoryOfLongRecords(t *testing.T) {
	const before, step = "Query\tSELECT ", 64
	record := func(at int, what string) []byte {
		return []byte(before + strings.Repeat("a,", 200)[:140+at] + " " + what + " " + strings.Repeat(",b", 300-at/2))
	}
	for at := range 2 * step {
		m := taken(t, string(record(at, "1234567890")))
		if _, known, varied := m.find(record(at, "9087654321")); !known || !varied {
			t.Errorf("digits at %d: known %v, varied %v", at, known, varied)
		}
		if slot, _, _ := m.find(record(at, strings.Repeat("x", step))); slot >= 0 {
			t.Errorf("at %d: a record is taken in at once", at)
		}
		if slot, _, _ := m.find(record(at, strings.Repeat("y", step))); slot >= 0 {
			t.Errorf("at %d: a record is taken in for one that has the same head and end", at)
		}
	}
}

// Digits that are part of something else must be the same, and nothing but a digit
// may replace one.
func TestMemoryTellsApart(t *testing.T) {
	for _, c := range []struct{ was, is string }{
		{"Query\tSELECT a FROM t1 WHERE id = 5\n", "Query\tSELECT a FROM t2 WHERE id = 5\n"},
		{"Query\tSELECT a FROM t WHERE id = 5\n", "Query\tSELECT a FROM t WHERE id = x\n"},
		{"Query\tSELECT a FROM t WHERE id = 5\n", "Query\tSELECT a FROM t WHERE id = 55\n"},
		{"Query\tSELECT 5, 0x41\n", "Query\tSELECT 5, 0x42\n"}, {"Query\tSELECT 5, 0x41\n", "Query\tSELECT 5, 1x41\n"}, {"Query\tSELECT 5, 1e5\n", "Query\tSELECT 5, 1e6\n"},
		{"Query\tSELECT 5, b'01'\n", "Query\tSELECT 5, b'02'\n"}, {"Query\tSELECT 5, @1\n", "Query\tSELECT 5, @2\n"}, {"Query\tSELECT 5, `1`\n", "Query\tSELECT 5, `2`\n"},
		{"Query\t/*!50000 SELECT */ 5\n", "Query\t/*!99999 SELECT */ 5\n"}, {"Query\tSELECT 5 FROM a.5\n", "Query\tSELECT 5 FROM a.6\n"},
		{"Query\tSELECT 5 FROM a1.5\n", "Query\tSELECT 5 FROM a1.6\n"}, {"Query\tSELECT 5, é5\n", "Query\tSELECT 5, é6\n"}, {"Query\tSELECT 5, $5\n", "Query\tSELECT 5, $6\n"},
		{"Query\tSELECT 5, 5é\n", "Query\tSELECT 5, 6é\n"}, {"Query\tSELECT 5, 5a\n", "Query\tSELECT 5, 6a\n"},
		{"Query\tSELECT " + strings.Repeat("a, ", 200) + "5, " + strings.Repeat("a, ", 200) + "b\n", "Query\tSELECT " + strings.Repeat("a, ", 200) + "x, " + strings.Repeat("a, ", 200) + "b\n"},
		{"Connect\troot@10.0.0.1 on  using TCP/IP\n", "Connect\troot@10.0.0.2 on  using TCP/IP\n"},
		{"Query\tSELECT 5, " + strings.Repeat("a, ", 200) + "b\n", "Query\tSELECT 5, " + strings.Repeat("a, ", 100) + "c, " + strings.Repeat("a, ", 99) + "b\n"},
	} {
		m := taken(t, c.was)
		if _, known, _ := m.find([]byte(c.is)); known {
			t.Errorf("%.60q is taken for %.60q", c.is, c.was)
		}
	}
}

// TestMemoryAsDefined: whether a record is known, against the definition: it has digits
// in the places of free digits, and for the rest the same bytes.
func TestMemoryAsDefined(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	pieces := []string{"SELECT ", "5", "17", "20250311", " ", ",", "a", "a1", "1a", ".", "'", "b'01'", "x", "é", "@1", "$", "`2`", "=", "wp_2_posts"}
	const head = "Query\tSELECT "
	random := func() string {
		out := head
		for range r.IntN(40) {
			out += pieces[r.IntN(len(pieces))]
		}
		return out
	}
	for range 1000 {
		was := random()
		m := taken(t, was)
		slot, _, _ := m.find([]byte(was))
		free := make([]bool, len(was))
		eachFreeDigits([]byte(was), func(from, to int) bool {
			for i := from; i < to; i++ {
				free[i] = true
			}
			return true
		})
		for range 4 {
			is, want, other := []byte(was), true, false
			for range r.IntN(4) {
				i := len(head) + r.IntN(max(1, len(was)-len(head)))
				if i == len(was) {
					break
				}
				if c := was[i]; isDigit(c) && r.IntN(8) > 0 {
					is[i] = '0' + byte(r.IntN(10))
				} else if r.IntN(4) == 0 {
					is[i] = 'z'
				}
			}
			for i, c := range is {
				other = other || c != was[i]
				want = want && (c == was[i] || free[i] && isDigit(c))
			}
			if same, varied := m.slots[slot].matches(is); same != want || varied != (want && other) {
				t.Fatalf("after %q, %q: known %v, varied %v, want %v, %v", was, is, same, varied, want, want && other)
			}
		}
	}
}

// Without leave to vary every byte counts.
func TestMemoryOfExactRecords(t *testing.T) {
	m := newMemory()
	for range 2 {
		m.find([]byte("Query\tSET a = 5\n"))
	}
	if _, known, _ := m.find([]byte("Query\tSET a = 5\n")); !known {
		t.Error("the same record is not known")
	}
	if _, known, _ := m.find([]byte("Query\tSET a = 6\n")); known {
		t.Error("another record is known")
	}
}

// The long records that are held stay within their bound, and short ones are still
// taken in when it is reached.
func TestMemoryIsBounded(t *testing.T) {
	m := newMemory()
	for i := range 4 * maxLong / maxRemembered {
		tail := []byte("Query\tSELECT " + strings.Repeat(string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676)), maxRemembered/4))
		for range 2 {
			if slot, _, _ := m.find(tail); slot >= 0 {
				m.vary(slot)
			}
		}
	}
	held := 0
	for i := range m.slots {
		if n := len(m.slots[i].tail); n > isLong {
			held += n
		}
	}
	if held != m.long || held > maxLong || held < maxLong/2 {
		t.Errorf("%d bytes of long records are held, counted as %d, at most %d", held, m.long, maxLong)
	}
	for range 2 {
		m.find([]byte("Quit\t\n"))
	}
	if _, known, _ := m.find([]byte("Quit\t\n")); !known {
		t.Error("a short record is not taken in")
	}
}

func BenchmarkFind(b *testing.B) {
	for _, c := range []struct{ name, tail string }{
		{"Quit", "Quit\t\n"}, {"Select", "Query\tSELECT wp_posts.* FROM wp_posts WHERE 1=1 AND wp_posts.ID = 115 AND wp_posts.post_type = 'post' ORDER BY wp_posts.post_date DESC LIMIT 10\n"},
		{"Update", "Query\tUPDATE `wp_options` SET `option_value` = '" + strings.Repeat(`i:1741687385;a:1:{s:34:\"wp_privacy_delete_old_export_files\";`, 100) + "' WHERE `option_name` = 'cron'\n"},
	} {
		b.Run(c.name, func(b *testing.B) {
			m := newMemory()
			for range 2 {
				if slot, _, _ := m.find([]byte(c.tail)); slot >= 0 {
					m.vary(slot)
				}
			}
			b.SetBytes(int64(len(c.tail)))
			other := []byte(strings.ReplaceAll(c.tail, "1741687385", "1741687999"))
			for b.Loop() {
				if _, known, _ := m.find(other); !known {
					b.Fatal("not known")
				}
			}
		})
	}
}
