package logfile

import (
	"bytes"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestGzipGoesOnBehindDamage breaks the first of three members in many places: the
// others must be there whatever inflating made of it, from a file and from
// standard input.
func TestGzipGoesOnBehindDamage(t *testing.T) {
	text := logText(50, 3*60_000)
	part := func(i int) []byte { return text[i*60_000 : (i+1)*60_000] }
	a, b, c := gzipBytes(t, part(0), 0), gzipBytes(t, part(1), 0), gzipBytes(t, part(2), 3000)
	rng := rand.New(rand.NewPCG(50, 0))
	resumed := 0
	for i := 50; i < len(a); i += 97 { // behind the header
		raw := slices.Concat(a, b, c)
		for k := range 8 {
			raw[i+k] = byte(rng.Uint32())
		}
		s := openTiny(t, Options{}, writeFile(t, "log", raw))
		got := readAll(t, s)
		f := s.Files()[0]
		if !bytes.HasSuffix(got, text[60_000:]) {
			t.Fatalf("byte %d changed: the text of the other members is lost: %v", i, f.Damage)
		}
		checkRead(t, f, raw, len(got))
		checkReadAt(t, s, got, 30)
		if len(f.Damage) == 0 {
			t.Fatalf("byte %d changed: no damage", i)
		}
		for _, d := range f.Damage {
			if d.Resumed {
				resumed++
				if want := int64(len(a)); d.Until != want {
					t.Errorf("byte %d changed: %v, want it to go on at byte %d", i, d, want)
				}
			}
			if d.Kind != Mismatch && !d.Resumed || d.Doubtful() && d.From != 0 {
				t.Errorf("byte %d changed: %v", i, d)
			}
		}
		stdin := openTiny(t, Options{Stdin: io.MultiReader(bytes.NewReader(raw[:100]), bytes.NewReader(raw[100:]))}, "-")
		if again := readAll(t, stdin); !bytes.Equal(again, got) {
			t.Errorf("byte %d changed: standard input gives %d bytes, the file %d", i, len(again), len(got))
		}
	}
	if resumed < 10 {
		t.Errorf("inflating failed %d times only", resumed)
	}
}

// TestGzipLostBytes names the raw bytes that are lost.
func TestGzipLostBytes(t *testing.T) {
	text := logText(51, 9000)
	a, b, c := gzipBytes(t, text[:3000], 0), gzipBytes(t, text[3000:6000], 0), gzipBytes(t, text[6000:], 0)
	withoutMagic := slices.Clone(b)
	withoutMagic[0]++
	fake := slices.Concat(gzipMagic, []byte{0, 1, 2, 3, 4, 0, 3}, bytes.Repeat([]byte{0xff}, 50))
	for _, test := range []struct {
		name    string
		raw     []byte
		text    []byte
		at      int
		until   int
		resumed bool
	}{
		{"no magic", slices.Concat(a, withoutMagic, c), slices.Concat(text[:3000], text[6000:]), len(a), len(a) + len(b), true},
		{"no header", slices.Concat(a, []byte("something else"), c), slices.Concat(text[:3000], text[6000:]), len(a), len(a) + 14, true},
		{"no member behind", slices.Concat(a, withoutMagic), text[:3000], len(a), len(a) + len(b), false},
		{"a header that is none", slices.Concat(a, []byte("x"), fake, c), slices.Concat(text[:3000], text[6000:]), len(a), len(a) + 1 + len(fake), true},
		{"cut behind", slices.Concat(a, []byte("x"), c[:len(c)-9]), nil, len(a), len(a) + 1, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openTiny(t, Options{}, writeFile(t, "log", test.raw))
			got := readAll(t, s)
			if test.text != nil && !bytes.Equal(got, test.text) {
				t.Errorf("got %d bytes of text, want %d", len(got), len(test.text))
			}
			d := s.Files()[0].Damage[0]
			if d.Raw != int64(test.at) || d.Until != int64(test.until) || d.Resumed != test.resumed || d.Text != 3000 || d.Doubtful() {
				t.Errorf("damage %+v, want bytes %d to %d", d, test.at, test.until)
			}
			if !strings.Contains(d.String(), "left out") {
				t.Errorf("%q does not say what was left out", d)
			}
			// Up to the jump, and on with what comes behind it.
			for off := 2400; off+600 <= len(got); off += 600 {
				p := make([]byte, 600)
				if _, err := s.ReadAt(p, int64(off)); err != nil || !bytes.Equal(p, got[off:off+600]) {
					t.Errorf("ReadAt at %d: %v", off, err)
				}
			}
			checkReadAt(t, s, got, 30)
		})
	}
}

// TestGzipRunsOver has a broken member whose inflating swallows the next one: a
// stored block that has lost most of its bytes.
func TestGzipRunsOver(t *testing.T) {
	text := logText(54, 200_000)
	b, c := gzipBytes(t, text[:100_000], 0), gzipBytes(t, text[100_000:], 0)
	swallowed := len(b) + 1000
	block := []byte{0, byte(swallowed), byte(swallowed >> 8), ^byte(swallowed), ^byte(swallowed >> 8)}
	raw := slices.Concat([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0}, block, []byte("few bytes\n"), b, c)
	for _, s := range []*Set{
		openTiny(t, Options{}, writeFile(t, "log", raw)),
		openTiny(t, Options{Stdin: bytes.NewReader(raw)}, "-"),
	} {
		got := readAll(t, s)
		if !bytes.HasSuffix(got, text) {
			t.Errorf("the text of the members behind is not there: %v", s.Files()[0].Damage)
		}
		d := s.Files()[0].Damage
		if len(d) != 1 || !d[0].Resumed || d[0].Until >= d[0].Raw || d[0].Until != 25 {
			t.Errorf("damage %v, want that the text goes on with an earlier byte", d)
		}
		checkReadAt(t, s, got, 30)
	}
}

// TestGzipMismatchSaysWhat names the text that a wrong checksum speaks against.
func TestGzipMismatchSaysWhat(t *testing.T) {
	text := logText(52, 9000)
	a, b := gzipBytes(t, text[:3000], 0), gzipBytes(t, text[3000:], 0)
	raw := slices.Concat(a, b)
	raw[len(raw)-8]++
	s := openTiny(t, Options{}, writeFile(t, "log", raw))
	readAll(t, s)
	d := s.Files()[0].Damage[0]
	if d.Kind != Mismatch || d.From != 3000 || d.Text != 9000 || !d.Doubtful() {
		t.Errorf("damage %+v, want one of text 3000 to 9000", d)
	}
	if want := "bytes 3000 to 9000 of the text are unconfirmed"; !strings.Contains(d.String(), want) {
		t.Errorf("%q does not say %q", d, want)
	}
}

// TestGzipHostileHeaders bounds the work for headers that lead nowhere, and for
// members hidden in each other, each of which would be inflated to the same end.
func TestGzipHostileHeaders(t *testing.T) {
	const n = 1 << 20
	lead := slices.Concat(gzipBytes(t, logText(53, 5000), 0), []byte("x"))
	// A header with a stored block of 64 KiB, which is the headers behind it.
	head := []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}
	long := gzipBytes(t, bytes.Repeat([]byte("a"), 2*probeText), 0)
	for name, unit := range map[string][]byte{
		"headers":              {0x1f, 0x8b, 8, 0},
		"broken":               slices.Concat(head[:10], []byte{7}),
		"wrong and apart":      append(long[:len(long)-8:len(long)-8], "no checksum"...),
		"hidden in each other": slices.Concat(head, bytes.Repeat([]byte("text "), 100)),
	} {
		t.Run(name, func(t *testing.T) {
			raw := slices.Concat(lead, bytes.Repeat(unit, n/len(unit)))
			s := openTiny(t, Options{}, writeFile(t, "log", raw))
			got := readAll(t, s)
			f := s.Files()[0]
			checkRead(t, f, raw, len(got))
			if name == "hidden in each other" && len(got) > 3*len(raw)+freeRereads {
				t.Errorf("%d raw bytes gave %d bytes of text", len(raw), len(got))
			}
			if len(f.Damage) == 0 || len(f.Damage) > maxDamage {
				t.Errorf("%d damages", len(f.Damage))
			}
			if n := len(s.files[0].resume.jumps); n > freeProbes+len(raw)/probeEvery {
				t.Errorf("went on %d times", n)
			}
			checkReadAt(t, s, got, 30)
		})
	}
}
