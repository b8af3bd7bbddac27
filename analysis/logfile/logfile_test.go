package logfile

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tiny makes a text of some kilobytes meet every border: blocks, chunks, pieces
// and resume points that divide neither each other nor the text.
var tiny = sizes{block: 4099, chunk: 1021, piece: 509, point: 5003, gap: 1 << 20}

// logText returns n bytes that look like a general log and do not repeat exactly.
func logText(seed uint64, n int) []byte {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b bytes.Buffer
	for b.Len() < n {
		fmt.Fprintf(&b, "2024-01-%02dT%02d:%02d:%02d.%06dZ\t%5d Query\tSELECT option_value FROM wp_options WHERE option_id = %d LIMIT 1\n",
			1+rng.IntN(28), rng.IntN(24), rng.IntN(60), rng.IntN(60), rng.IntN(1e6), rng.IntN(1e4), rng.IntN(1e5))
	}
	return b.Bytes()[:n]
}

// The text of testdata/log.bz2, for which Go has no writer. The file was made by
// bzip2 -1 in two streams, the first of bzip2Split bytes.
const (
	bzip2Len   = 250_000
	bzip2Split = 120_000
)

func bzip2Text() []byte { return logText(2, bzip2Len) }

// gzipBytes compresses text in one member, with a block end every flush bytes, or
// where the compressor puts them if flush is 0.
func gzipBytes(t testing.TB, text []byte, flush int) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name, w.Comment, w.Extra = "general.log", "a comment", []byte{1, 2, 3}
	for len(text) > 0 {
		n := len(text)
		if flush > 0 {
			n = min(n, flush)
		}
		write(t, w, text[:n])
		if flush > 0 {
			check(t, w.Flush())
		}
		text = text[n:]
	}
	check(t, w.Close())
	return b.Bytes()
}

func zstdBytes(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	check(t, err)
	write(t, w, text)
	check(t, w.Close())
	return b.Bytes()
}

func xzBytes(t testing.TB, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := xz.NewWriter(&b)
	check(t, err)
	write(t, w, text)
	check(t, w.Close())
	return b.Bytes()
}

func write(t testing.TB, w io.Writer, p []byte) {
	t.Helper()
	_, err := w.Write(p)
	check(t, err)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// writeFile puts data into a file of a temporary directory and returns its path.
func writeFile(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	check(t, os.WriteFile(path, data, 0o600))
	return path
}

func openTiny(t testing.TB, opts Options, paths ...string) *Set {
	t.Helper()
	s, err := open(paths, opts, tiny)
	check(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// readAll reads the set and checks on the way what every consumer relies on:
// blocks in order and without gaps, and File indexes and bases that agree.
func readAll(t testing.TB, s *Set) []byte {
	t.Helper()
	var text []byte
	err := s.Read(context.Background(), func(b *Block) error {
		defer b.Release()
		data := b.Data
		if b.Offset != int64(len(text)) || len(data) == 0 {
			t.Errorf("block of %d bytes at %d, want some at %d", len(data), b.Offset, len(text))
		}
		f := s.Files()[b.File]
		if f.Base < 0 || b.Offset < f.Base || b.Offset+int64(len(data)) > f.Base+f.Size {
			t.Errorf("block of %d bytes at %d lies outside of its file %+v", len(data), b.Offset, f)
		}
		text = append(text, data...)
		return nil
	})
	if err != nil && !errors.Is(err, ErrEmpty) {
		t.Fatal(err)
	}
	return text
}

// checkReadAt compares random ranges, and the ends, with the text.
func checkReadAt(t testing.TB, s *Set, text []byte, n int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, uint64(len(text))))
	for i := range n {
		off := rng.IntN(len(text) + 1)
		p := make([]byte, rng.IntN(1<<rng.IntN(14)))
		switch i {
		case 0:
			off, p = 0, make([]byte, len(text))
		case 1:
			off, p = len(text)-min(len(text), 3), make([]byte, 10)
		}
		want := text[off:min(len(text), off+len(p))]
		got, err := s.ReadAt(p, int64(off))
		if len(want) < len(p) && err != io.EOF || len(want) == len(p) && err != nil {
			t.Fatalf("ReadAt(%d bytes, %d) = %d, %v", len(p), off, got, err)
		}
		if !bytes.Equal(p[:got], want) {
			t.Fatalf("ReadAt(%d bytes, %d) differs from the text", len(p), off)
		}
	}
}

func checkWhole(t testing.TB, f File, raw []byte, size int) {
	t.Helper()
	if len(f.Damage) > 0 {
		t.Errorf("damage of a whole file: %v", f.Damage)
	}
	checkRead(t, f, raw, size)
}

func checkRead(t testing.TB, f File, raw []byte, size int) {
	t.Helper()
	if !f.Done || f.Size != int64(size) || f.RawSize != int64(len(raw)) || f.SHA256 != sha256.Sum256(raw) {
		t.Errorf("got %+v, want %d bytes of text, %d raw bytes and their SHA-256", f, size, len(raw))
	}
}

func TestContainers(t *testing.T) {
	text := logText(1, 100_000)
	bz, err := os.ReadFile("testdata/log.bz2")
	check(t, err)
	members := slices.Concat(gzipBytes(t, text[:30_001], 700), gzipBytes(t, nil, 0), gzipBytes(t, text[30_001:], 0))
	small := gzipBytes(t, text[:1], 0)
	for i := 1; i < 2000; i++ {
		small = append(small, gzipBytes(t, text[i:i+1], 0)...)
	}
	for _, test := range []struct {
		name      string
		container Container
		raw, text []byte
	}{
		{"plain", Plain, text, text},
		{"one byte", Plain, text[:1], text[:1]},
		{"gzip", Gzip, gzipBytes(t, text, 0), text},
		{"gzip with many blocks", Gzip, gzipBytes(t, text, 300), text},
		{"gzip of three members", Gzip, members, text},
		{"gzip of 2000 members", Gzip, small, text[:2000]},
		{"zstd", Zstd, zstdBytes(t, text), text},
		{"zstd of two frames", Zstd, slices.Concat(zstdBytes(t, text[:777]), zstdBytes(t, text[777:])), text},
		{"zstd behind a skippable frame", Zstd, slices.Concat([]byte{0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9}, zstdBytes(t, text)), text},
		{"xz", XZ, xzBytes(t, text), text},
		{"xz of two streams", XZ, slices.Concat(xzBytes(t, text[:777]), xzBytes(t, text[777:])), text},
		{"bzip2 of two streams", Bzip2, bz, bzip2Text()},
	} {
		verify := func(t *testing.T, s *Set) {
			got := readAll(t, s)
			if !bytes.Equal(got, test.text) {
				t.Fatalf("got %d bytes, want %d others", len(got), len(test.text))
			}
			f := s.Files()[0]
			checkWhole(t, f, test.raw, len(test.text))
			if f.Container != test.container || f.Base != 0 {
				t.Errorf("container %v, base %d, want %v, 0", f.Container, f.Base, test.container)
			}
			checkReadAt(t, s, test.text, 300)
			if done, total := s.Progress(); done != int64(len(test.raw)) || total != done && total != -1 {
				t.Errorf("progress %d of %d, want all of %d", done, total, len(test.raw))
			}
			if err := s.Degraded(); err != nil {
				t.Error(err)
			}
		}
		t.Run(test.name, func(t *testing.T) {
			verify(t, openTiny(t, Options{}, writeFile(t, "log", test.raw)))
		})
		t.Run(test.name+", standard input", func(t *testing.T) {
			verify(t, openTiny(t, Options{Stdin: bytes.NewReader(test.raw)}, "-"))
		})
		t.Run(test.name+", default sizes", func(t *testing.T) {
			s, err := Open([]string{writeFile(t, "log", test.raw)}, Options{})
			check(t, err)
			defer s.Close()
			verify(t, s)
		})
	}
}

func TestContainerOf(t *testing.T) {
	for _, test := range []struct {
		head string
		want Container
	}{
		{"", Plain},
		{"\x1f\x8b", Plain},
		{"\x1f\x8b\x08", Gzip},
		{"\x1f\x8b\x07", Plain},
		{"\x50\x2a\x4d\x18", Zstd},
		{"\x60\x2a\x4d\x18", Plain},
		{"BZh9", Bzip2},
		{"BZh9\x31\x41\x59\x26\x53\x59", Bzip2},
		{"BZh9\x17\x72\x45\x38\x50\x90", Bzip2},
		{"BZh9 is text", Plain},
		{"BZh0\x31\x41\x59\x26\x53\x59", Plain},
		{"\xfd7zXZ\x00", XZ},
		{"\xfd7zXZ", Plain},
		{"/usr/sbin/mysqld, Version: 5.7.33", Plain},
	} {
		if got := containerOf([]byte(test.head)); got != test.want {
			t.Errorf("containerOf(%q) = %v, want %v", test.head, got, test.want)
		}
	}
}

// TestTimeline reads a rotated set with standard input and an empty file in it.
func TestTimeline(t *testing.T) {
	text := logText(4, 90_000)
	parts := [][]byte{text[:20_000], text[20_000:41_001], text[41_001:41_001], text[41_001:60_000], text[60_000:]}
	dir := t.TempDir()
	path := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		check(t, os.WriteFile(path, data, 0o600))
		return path
	}
	p3 := path("general.log.3.gz", gzipBytes(t, parts[0], 0))
	p2 := path("general.log.2.zst", zstdBytes(t, parts[1]))
	p1 := path("general.log.1", parts[2])
	p0 := path("general.log", parts[3])

	s := openTiny(t, Options{Stdin: bytes.NewReader(parts[4])}, p0, p1, p2, p3, "-")
	if _, total := s.Progress(); total != -1 {
		t.Errorf("total %d with standard input, want -1", total)
	}
	if got := readAll(t, s); !bytes.Equal(got, text) {
		t.Fatal("the files do not add up to the text")
	}
	var base int64
	for i, f := range s.Files() {
		if want := []string{p3, p2, p1, p0, "-"}[i]; f.Name != want || f.Base != base || f.Size != int64(len(parts[i])) || !f.Done {
			t.Errorf("file %d is %+v, want %q at %d", i, f, want, base)
		}
		base += f.Size
	}
	checkReadAt(t, s, text, 500)
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	file := writeFile(t, "general.log", []byte("x"))
	link := filepath.Join(dir, "link")
	check(t, os.Symlink(file, link))
	missing := filepath.Join(dir, "missing.log")
	for _, test := range []struct {
		name  string
		paths []string
		want  string
	}{
		{"nothing", nil, "no file given"},
		{"missing", []string{file, missing}, fmt.Sprintf("open log %q: ", missing)},
		{"directory", []string{dir}, "is a directory"},
		{"device", []string{os.DevNull}, "not a regular file"},
		{"twice", []string{file, link}, "the same file"},
		{"standard input twice", []string{"-", "-"}, "standard input given twice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := Open(test.paths, Options{})
			if err == nil {
				s.Close()
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %q, want %q in it", err, test.want)
			}
		})
	}
	if _, err := Open([]string{missing}, Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v does not wrap fs.ErrNotExist", err)
	}
}

func TestEmpty(t *testing.T) {
	for _, test := range []struct {
		name   string
		raw    []byte
		damage int
	}{
		{"plain", nil, 0},
		{"gzip of nothing", gzipBytes(t, nil, 0), 0},
		{"gzip cut in its header", gzipBytes(t, []byte("x"), 0)[:5], 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, s := range []*Set{
				openTiny(t, Options{}, writeFile(t, "log", test.raw)),
				openTiny(t, Options{Stdin: bytes.NewReader(test.raw)}, "-"),
			} {
				err := s.Read(context.Background(), func(*Block) error { return errors.New("a block") })
				if !errors.Is(err, ErrEmpty) {
					t.Errorf("error %v, want ErrEmpty", err)
				}
				f := s.Files()[0]
				if checkRead(t, f, test.raw, 0); len(f.Damage) != test.damage {
					t.Errorf("damage %v, want %d", f.Damage, test.damage)
				}
				if n, err := s.ReadAt(make([]byte, 1), 0); n != 0 || err != io.EOF {
					t.Errorf("ReadAt = %d, %v, want 0, EOF", n, err)
				}
			}
		})
	}
}

func TestReadTwice(t *testing.T) {
	s := openTiny(t, Options{Stdin: strings.NewReader("x")}, "-")
	readAll(t, s)
	if err := s.Read(context.Background(), func(*Block) error { return nil }); err == nil {
		t.Error("no error for the second Read")
	}
}

func TestMaxExpanded(t *testing.T) {
	text := logText(5, 50_000)
	for _, container := range []struct {
		name string
		raw  []byte
	}{
		{"plain", text}, {"gzip", gzipBytes(t, text, 0)}, {"zstd", zstdBytes(t, text)},
	} {
		for _, limit := range []int64{1, 4098, 4099, 4100, 20_000, 49_999, 50_000, 50_001, 99_999, 100_000} {
			t.Run(fmt.Sprintf("%s to %d", container.name, limit), func(t *testing.T) {
				s := openTiny(t, Options{MaxExpanded: limit},
					writeFile(t, "a", container.raw), writeFile(t, "b", container.raw))
				want := slices.Concat(text, text)[:min(limit, 100_000)]
				if got := readAll(t, s); !bytes.Equal(got, want) {
					t.Fatalf("got %d bytes, want %d", len(got), len(want))
				}
				checkReadAt(t, s, want, 50)
				for i, f := range s.Files() {
					size := min(50_000, max(0, limit-f.Base))
					checkRead(t, f, container.raw, int(size))
					limited := len(f.Damage) == 1 && f.Damage[0].Kind == Limit && f.Damage[0].Text == size
					if limited != (size < 50_000) || !limited && len(f.Damage) > 0 {
						t.Errorf("file %d of %d bytes: damage %v", i, size, f.Damage)
					}
				}
			})
		}
	}
}

// TestBomb stops at the limit in files that expand a thousandfold, and on a
// standard input without end.
func TestBomb(t *testing.T) {
	const limit = 100_000
	zeros := make([]byte, 10<<20)
	for name, raw := range map[string][]byte{"gzip": gzipBytes(t, zeros, 0), "zstd": zstdBytes(t, zeros), "xz": xzBytes(t, zeros)} {
		t.Run(name, func(t *testing.T) {
			s := openTiny(t, Options{MaxExpanded: limit}, writeFile(t, "log", raw))
			if got := readAll(t, s); !bytes.Equal(got, zeros[:limit]) {
				t.Errorf("got %d bytes, want %d", len(got), limit)
			}
			f := s.Files()[0]
			if checkRead(t, f, raw, limit); len(f.Damage) != 1 || f.Damage[0].Kind != Limit {
				t.Errorf("damage %v, want the limit", f.Damage)
			}
		})
	}
	t.Run("endless", func(t *testing.T) {
		s := openTiny(t, Options{MaxExpanded: limit, Stdin: endless{}}, "-")
		if got := readAll(t, s); len(got) != limit {
			t.Errorf("got %d bytes, want %d", len(got), limit)
		}
		f := s.Files()[0]
		if f.RawSize != limit || f.SHA256 != [32]byte{} || !f.Done {
			t.Errorf("got %+v, want %d raw bytes without a hash", f, limit)
		}
	})
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestStdinGrows wants text as soon as it is there, not when a block is full.
func TestStdinGrows(t *testing.T) {
	in, out := io.Pipe()
	s := openTiny(t, Options{Stdin: in}, "-")
	lines := []string{"first line\n", "second line\n", "third line\n"}
	go write(t, out, []byte(lines[0]))
	var got []string
	err := s.Read(context.Background(), func(b *Block) error {
		got = append(got, string(b.Data))
		b.Release()
		if len(got) < len(lines) {
			go write(t, out, []byte(lines[len(got)]))
		} else {
			out.Close()
		}
		return nil
	})
	check(t, err)
	if !slices.Equal(got, lines) {
		t.Errorf("blocks %q, want %q", got, lines)
	}
}

func TestStdinError(t *testing.T) {
	broken := errors.New("input/output error")
	text := logText(6, 10_000)
	for name, raw := range map[string][]byte{"plain": text, "gzip": gzipBytes(t, text, 500), "zstd": zstdBytes(t, text)} {
		in := io.MultiReader(bytes.NewReader(raw[:len(raw)-20]), errorReader{broken})
		s := openTiny(t, Options{Stdin: in}, "-")
		got := readAll(t, s)
		if !bytes.HasPrefix(text, got) {
			t.Errorf("%s: the text is another", name)
		}
		f := s.Files()[0]
		if len(f.Damage) != 1 || f.Damage[0].Kind != Unreadable || !errors.Is(f.Damage[0].Err, broken) {
			t.Errorf("%s: damage %v, want %v", name, f.Damage, broken)
		}
	}
}

type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) { return 0, r.err }

// TestCancel stops in all places where a reader can wait; goleak sees whether it did.
func TestCancel(t *testing.T) {
	text := logText(7, 200_000)
	for name, raw := range map[string][]byte{"plain": text, "gzip": gzipBytes(t, text, 0), "xz": xzBytes(t, text)} {
		t.Run(name+" by context", func(t *testing.T) {
			s := openTiny(t, Options{}, writeFile(t, "log", raw))
			ctx, cancel := context.WithCancel(context.Background())
			blocks := 0
			err := s.Read(ctx, func(b *Block) error {
				if blocks++; blocks == 3 {
					cancel()
				}
				b.Release()
				return nil
			})
			if !errors.Is(err, context.Canceled) || blocks != 3 {
				t.Errorf("error %v after %d blocks, want context.Canceled after 3", err, blocks)
			}
			if f := s.Files()[0]; f.Done {
				t.Error("the file counts as done")
			}
		})
		t.Run(name+" while the consumer holds all blocks", func(t *testing.T) {
			s := openTiny(t, Options{}, writeFile(t, "log", raw))
			ctx, cancel := context.WithCancel(context.Background())
			var once sync.Once
			err := s.Read(ctx, func(b *Block) error {
				once.Do(func() { go func() { cancel() }() })
				return nil // and never released
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("error %v, want context.Canceled", err)
			}
		})
		t.Run(name+" by the consumer", func(t *testing.T) {
			enough := errors.New("enough")
			s := openTiny(t, Options{}, writeFile(t, "log", raw))
			err := s.Read(context.Background(), func(b *Block) error {
				b.Release()
				return enough
			})
			if err != enough {
				t.Errorf("error %v, want the consumer's", err)
			}
		})
	}
	t.Run("standard input that gives nothing", func(t *testing.T) {
		in, out := io.Pipe()
		defer out.Close()
		s := openTiny(t, Options{Stdin: in}, "-")
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Read(ctx, func(*Block) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want context.Canceled", err)
		}
	})
}

// TestWorkers holds as many blocks as allowed on several goroutines.
func TestWorkers(t *testing.T) {
	const workers = 4
	text := logText(8, 300_000)
	s := openTiny(t, Options{Workers: workers}, writeFile(t, "log", text))
	got := make([]byte, len(text))
	work := make(chan *Block)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			var last *Block
			for b := range work {
				copy(got[b.Offset:], b.Data)
				if last != nil {
					last.Release()
				}
				last = b
			}
			if last != nil {
				last.Release()
			}
		})
	}
	check(t, s.Read(context.Background(), func(b *Block) error {
		work <- b
		return nil
	}))
	close(work)
	wg.Wait()
	if !bytes.Equal(got, text) {
		t.Error("the text is another")
	}
	checkWhole(t, s.Files()[0], text, len(text))
}

func TestOpenIsBounded(t *testing.T) {
	if _, err := Open(make([]string, MaxFiles+1), Options{}); err == nil || !strings.Contains(err.Error(), "at most 10000") {
		t.Errorf("got %v", err)
	}
}

// What is carried over from one block is in front of the next one's text as long as
// there is room, and changes neither that text nor what is read of it elsewhere.
func TestBehind(t *testing.T) {
	text := logText(9, 100_000)
	s := openTiny(t, Options{}, writeFile(t, "log", text))
	check(t, s.Read(context.Background(), func(b *Block) error {
		defer b.Release()
		want := bytes.Clone(b.Data)
		for _, n := range []int{0, 1, 1000, room} {
			head := bytes.Repeat([]byte{'x'}, n)
			if got := b.Behind(head); !bytes.Equal(got, slices.Concat(head, want)) || !bytes.Equal(b.Data, want) {
				t.Errorf("%d bytes in front of %d: got %d, or others", n, len(want), len(got))
			}
		}
		if got := b.Behind(make([]byte, room+1)); got != nil {
			t.Errorf("%d bytes had room", room+1)
		}
		return nil
	}))
	if f := s.Files()[0]; f.SHA256 != sha256.Sum256(text) {
		t.Error("the digest is another")
	}
}
