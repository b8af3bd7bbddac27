package logfile

import (
	"bytes"
	stdgzip "compress/gzip"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// lookahead is how many bytes of text the standard library's reader may be ahead of
// ours at an error in these files; see gzipDecoder.
const lookahead = 100

// TestGzipCut cuts a file of two members behind every byte. The standard library's
// reader decides what text remains.
func TestGzipCut(t *testing.T) {
	text := logText(10, 3000)
	first := gzipBytes(t, text[:2000], 150)
	whole := slices.Concat(first, gzipBytes(t, text[2000:], 0))
	for n := 3; n < len(whole); n++ { // shorter ones count as plain
		raw := whole[:n]
		want := stdGunzip(raw)
		s := openTiny(t, Options{}, writeFile(t, "log", raw))
		got := readAll(t, s)
		if !bytes.HasPrefix(want, got) || len(got)+lookahead < len(want) {
			t.Fatalf("cut at %d: got %d bytes of text, want %d", n, len(got), len(want))
		}
		f := s.Files()[0]
		checkRead(t, f, raw, len(got))
		switch {
		case n == len(first):
			if len(f.Damage) > 0 {
				t.Errorf("cut between members: damage %v", f.Damage)
			}
		case n == len(first)+1:
			// One byte of magic is no member.
			checkDamage(t, f, Trailing, int64(len(first)), 2000)
		default:
			checkDamage(t, f, Truncated, int64(n), int64(len(got)))
		}
		if n%50 == 0 {
			checkReadAt(t, s, got, 5)
		}
	}
}

func stdGunzip(raw []byte) []byte {
	z, err := stdgzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	text, _ := io.ReadAll(z)
	return text
}

func checkDamage(t *testing.T, f File, kind DamageKind, raw, text int64) {
	t.Helper()
	if len(f.Damage) != 1 || f.Damage[0].Kind != kind || f.Damage[0].Raw != raw || f.Damage[0].Text != text || f.Damage[0].Err == nil {
		t.Errorf("damage %v, want %v at byte %d, %d bytes of text", f.Damage, kind, raw, text)
	}
}

// TestGzipCorrupt changes every byte of a file in turn. What the standard
// library's reader gives, which stops at the first error, ours gives too.
func TestGzipCorrupt(t *testing.T) {
	text := logText(11, 2500)
	first := gzipBytes(t, text[:1500], 200)
	whole := slices.Concat(first, gzipBytes(t, text[1500:], 0))
	for i := 3; i < len(whole); i++ {
		raw := slices.Clone(whole)
		raw[i] ^= 0x15
		s := openTiny(t, Options{}, writeFile(t, "log", raw))
		got := readAll(t, s)
		if want := stdGunzip(raw); !bytes.HasPrefix(got, want[:max(0, len(want)-lookahead)]) {
			t.Fatalf("byte %d changed: %d bytes of text do not begin with the %d before the error", i, len(got), len(want))
		}
		f := s.Files()[0]
		checkRead(t, f, raw, len(got))
		if !bytes.Equal(got, text) && len(f.Damage) == 0 {
			t.Errorf("byte %d changed the text without a damage", i)
		}
		for _, d := range f.Damage {
			if d.Raw < 0 || d.Raw > int64(len(raw)) || d.Text < 0 || d.Text > f.Size {
				t.Errorf("byte %d changed: damage %v lies outside of the file", i, d)
			}
		}
		if i%20 == 0 && len(got) > 0 {
			checkReadAt(t, s, got, 5)
		}
	}
}

func TestGzipBehindMembers(t *testing.T) {
	text := logText(12, 5000)
	a, b := gzipBytes(t, text[:3000], 0), gzipBytes(t, text[3000:], 0)
	wrongCRC, wrongSize := slices.Clone(a), slices.Clone(a)
	wrongCRC[len(a)-8]++
	wrongSize[len(a)-4]++
	zeros := make([]byte, 70_000)
	for _, test := range []struct {
		name   string
		raw    []byte
		text   []byte
		damage string // kinds
	}{
		{"zeros", slices.Concat(a, zeros), text[:3000], ""},
		{"zeros between", slices.Concat(a, zeros, b), text, ""},
		{"garbage", slices.Concat(a, b, []byte("garbage")), text, "trailing bytes"},
		{"garbage behind zeros", slices.Concat(a, zeros, []byte("garbage")), text[:3000], "trailing bytes"},
		{"wrong checksum", slices.Concat(wrongCRC, b), text, "checksum mismatch"},
		{"wrong length", slices.Concat(wrongSize, b), text, "checksum mismatch"},
		{"wrong checksum and cut", slices.Concat(wrongCRC, b[:len(b)-1]), text, "checksum mismatch, truncated"},
		{"unknown method", slices.Concat(a, []byte{0x1f, 0x8b, 9, 0, 0, 0, 0, 0, 0, 0}), text[:3000], "corrupt"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openTiny(t, Options{}, writeFile(t, "log", test.raw))
			if got := readAll(t, s); !bytes.Equal(got, test.text) {
				t.Fatalf("got %d bytes of text, want %d", len(got), len(test.text))
			}
			f := s.Files()[0]
			checkRead(t, f, test.raw, len(test.text))
			var kinds []string
			for _, d := range f.Damage {
				kinds = append(kinds, d.Kind.String())
			}
			if got := strings.Join(kinds, ", "); got != test.damage {
				t.Errorf("damage %q, want %q", got, test.damage)
			}
			checkReadAt(t, s, test.text, 20)
		})
	}
}

// TestManyDamages bounds what is kept of a file of broken members.
func TestManyDamages(t *testing.T) {
	member := gzipBytes(t, []byte("x"), 0)
	member[len(member)-8]++
	raw := append(bytes.Repeat(member, 3*maxDamage), "garbage"...)
	s := openTiny(t, Options{}, writeFile(t, "log", raw))
	readAll(t, s)
	d := s.Files()[0].Damage
	if len(d) != maxDamage || d[0].Kind != Mismatch || d[maxDamage-1].Kind != Corrupt {
		t.Errorf("%d damages, want %d, the last one for the garbage: %v", len(d), maxDamage, d)
	}
}

// TestGzipWithoutBlockEnds reads a deflate stream of one long block, in which
// there is no resume point.
func TestGzipWithoutBlockEnds(t *testing.T) {
	// A fixed Huffman block of zeros: a literal, then matches of length 258 and
	// distance 1, which are the codes 11000101 and 00000.
	const matches = 40_000
	var w bitWriter
	w.write(1, 1)         // final
	w.write(0b01, 2)      // fixed codes
	w.code(0b00110000, 8) // literal 0
	for range matches {
		w.code(0b11000101, 8) // length 258
		w.code(0, 5)          // distance 1
	}
	w.code(0, 7) // end of block
	w.flush()
	text := make([]byte, 1+258*matches)
	other := gzipBytes(t, text, 0) // for its trailer
	raw := slices.Concat([]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0}, w.bytes, other[len(other)-8:])

	s := openTiny(t, Options{}, writeFile(t, "log", raw))
	if got := readAll(t, s); !bytes.Equal(got, text) {
		t.Fatalf("got %d bytes of text, want %d zeros", len(got), len(text))
	}
	checkWhole(t, s.Files()[0], raw, len(text))
	checkKept(t, s)
	checkReadAt(t, s, text, 30)
}

// TestGzipLongAfterTiny hides a long member behind so many tiny ones that it has no
// resume points.
func TestGzipLongAfterTiny(t *testing.T) {
	text := logText(17, 2<<20)
	var raw []byte
	for i := range maxTinyRun {
		raw = append(raw, gzipBytes(t, text[i:i+1], 0)...)
	}
	raw = append(raw, gzipBytes(t, text[maxTinyRun:], 0)...)
	s := openTiny(t, Options{}, writeFile(t, "log", raw))
	if got := readAll(t, s); !bytes.Equal(got, text) {
		t.Fatalf("got %d bytes of text, want %d others", len(got), len(text))
	}
	checkWhole(t, s.Files()[0], raw, len(text))
	checkKept(t, s)
	checkReadAt(t, s, text, 30)
}

// checkKept wants the text in the temporary file from the place on where resume
// points are too far away.
func checkKept(t *testing.T, s *Set) {
	t.Helper()
	sp := s.files[0].spool
	if sp == nil || sp.base > tiny.gap+int64(2*tiny.block) {
		t.Fatalf("the text behind %d bytes without a resume point is not kept", tiny.gap)
	}
}

// bitWriter writes a deflate stream.
type bitWriter struct {
	bytes []byte
	acc   uint64
	n     uint
}

// write appends the low n bits of v, lowest first.
func (w *bitWriter) write(v uint64, n uint) {
	w.acc |= v << w.n
	for w.n += n; w.n >= 8; w.n -= 8 {
		w.bytes = append(w.bytes, byte(w.acc))
		w.acc >>= 8
	}
}

// code appends a Huffman code, highest bit first.
func (w *bitWriter) code(v uint64, n uint) {
	for i := n; i > 0; i-- {
		w.write(v>>(i-1)&1, 1)
	}
}

func (w *bitWriter) flush() { w.write(0, 7) }

// TestGzipLevels resumes in the blocks of all compression levels, of stored blocks
// and of two compressors.
func TestGzipLevels(t *testing.T) {
	text := logText(13, 300_000)
	for level := flate.HuffmanOnly; level <= flate.BestCompression; level++ {
		for name, raw := range map[string][]byte{"klauspost": klauspostLevel(t, text, level), "standard": standardLevel(t, text, level)} {
			s := openTiny(t, Options{}, writeFile(t, "log", raw))
			if got := readAll(t, s); !bytes.Equal(got, text) {
				t.Fatalf("%s level %d: the text is another", name, level)
			}
			checkWhole(t, s.Files()[0], raw, len(text))
			checkReadAt(t, s, text, 60)
			if n := len(s.files[0].resume.points); n < 2 {
				t.Errorf("%s level %d: %d resume points", name, level, n)
			}
		}
	}
}

func klauspostLevel(t *testing.T, text []byte, level int) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, level)
	check(t, err)
	write(t, w, text)
	check(t, w.Close())
	return b.Bytes()
}

func standardLevel(t *testing.T, text []byte, level int) []byte {
	var b bytes.Buffer
	w, err := stdgzip.NewWriterLevel(&b, level)
	check(t, err)
	write(t, w, text)
	check(t, w.Close())
	return b.Bytes()
}

// TestCut cuts the other containers in some places.
func TestCut(t *testing.T) {
	text := logText(14, 40_000)
	bz, err := os.ReadFile("testdata/log.bz2")
	check(t, err)
	for _, test := range []struct {
		name      string
		raw, text []byte
	}{
		{"zstd", zstdBytes(t, text), text},
		{"xz", xzBytes(t, text), text},
		{"bzip2", bz, bzip2Text()},
	} {
		for _, n := range []int{7, 11, 13, 20, 40, len(test.raw) / 3, len(test.raw) / 2, len(test.raw) - 30, len(test.raw) - 1} {
			s := openTiny(t, Options{}, writeFile(t, "log", test.raw[:n]))
			got := readAll(t, s)
			if !bytes.HasPrefix(test.text, got) {
				t.Errorf("%s cut at %d: the text is another", test.name, n)
			}
			f := s.Files()[0]
			checkRead(t, f, test.raw[:n], len(got))
			checkDamage(t, f, Truncated, int64(n), int64(len(got)))
			checkReadAt(t, s, got, 10)
		}
	}
}

// TestCorrupt changes bytes of the other containers.
func TestCorrupt(t *testing.T) {
	text := logText(15, 20_000)
	bz, err := os.ReadFile("testdata/log.bz2")
	check(t, err)
	for _, test := range []struct {
		name      string
		raw, text []byte
	}{
		{"zstd", zstdBytes(t, text), text},
		{"xz", xzBytes(t, text), text},
		{"bzip2", bz, bzip2Text()},
	} {
		for i := 12; i < len(test.raw); i += len(test.raw) / 40 {
			raw := slices.Clone(test.raw)
			raw[i] ^= 0x15
			s := openTiny(t, Options{}, writeFile(t, "log", raw))
			got := readAll(t, s)
			f := s.Files()[0]
			checkRead(t, f, raw, len(got))
			if !bytes.Equal(got, test.text) && len(f.Damage) == 0 {
				t.Errorf("%s: byte %d changed the text without a damage", test.name, i)
			}
			checkReadAt(t, s, got, 5)
		}
	}
}

func TestTrailing(t *testing.T) {
	text := logText(16, 20_000)
	bz, err := os.ReadFile("testdata/log.bz2")
	check(t, err)
	for name, raw := range map[string][]byte{"zstd": zstdBytes(t, text), "bzip2": bz} {
		text := text
		if name == "bzip2" {
			text = bzip2Text()
		}
		s := openTiny(t, Options{}, writeFile(t, "log", slices.Concat(raw, []byte("garbage"))))
		if got := readAll(t, s); !bytes.Equal(got, text) {
			t.Errorf("%s: the text is another", name)
		}
		if d := s.Files()[0].Damage; len(d) != 1 || d[0].Kind != Trailing {
			t.Errorf("%s: damage %v, want trailing bytes", name, d)
		}
	}
}

// Windows are taken up to that of zstd --long=29; beyond, the damage names what to do.
func TestZstdWindow(t *testing.T) {
	text := logText(31, 20_000)
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithWindowSize(1<<20), zstd.WithSingleSegment(false), zstd.WithEncoderConcurrency(1))
	check(t, err)
	write(t, w, text[:10_000])
	check(t, w.Flush()) // so that the length is not known
	write(t, w, text[10_000:])
	check(t, w.Close())
	const descriptor = 5 // exponent and mantissa of the window
	for log, ok := range map[int]bool{20: true, 27: true, 29: true, 30: false, 31: false, 41: false} {
		raw := bytes.Clone(b.Bytes())
		raw[descriptor] = byte(log-10) << 3
		s := openTiny(t, Options{TempDir: t.TempDir()}, writeFile(t, "a.zst", raw))
		got := readAll(t, s)
		switch damage := s.Files()[0].Damage; {
		case ok && (len(damage) > 0 || !bytes.Equal(got, text)):
			t.Errorf("a window of 2^%d: %v, %d bytes", log, damage, len(got))
		case !ok && (len(damage) != 1 || !strings.Contains(damage[0].String(), "zstd -d --long=31")):
			t.Errorf("a window of 2^%d: %v", log, damage)
		}
	}
}
