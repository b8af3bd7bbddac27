package logfile

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestReadAtWhileReading reads back, on several goroutines, what has been delivered
// while more of it comes.
func TestReadAtWhileReading(t *testing.T) {
	text := logText(20, 400_000)
	for name, raw := range map[string][]byte{"plain": text, "gzip": gzipBytes(t, text, 2000), "zstd": zstdBytes(t, text)} {
		t.Run(name, func(t *testing.T) {
			s := openTiny(t, Options{}, writeFile(t, "log", raw))
			if _, err := s.ReadAt(make([]byte, 1), 0); !errors.Is(err, ErrNotRead) {
				t.Errorf("error %v before Read, want ErrNotRead", err)
			}
			var end atomic.Int64
			stop := make(chan struct{})
			var wg sync.WaitGroup
			for seed := range uint64(4) {
				wg.Go(func() {
					rng := rand.New(rand.NewPCG(seed, 0))
					p := make([]byte, 3000)
					for {
						select {
						case <-stop:
							return
						default:
						}
						known := end.Load()
						if known == 0 {
							continue
						}
						off := rng.Int64N(known)
						if seed == 0 {
							off = max(0, known-100) // the fresh end
						}
						n, err := s.ReadAt(p[:rng.IntN(len(p))], off)
						if err != nil && err != io.EOF && !errors.Is(err, ErrNotRead) {
							t.Error(err)
							return
						}
						if err != nil && off+int64(n) < known {
							t.Errorf("ReadAt at %d ended at %d, %d bytes were delivered", off, off+int64(n), known)
							return
						}
						if !bytes.Equal(p[:n], text[off:off+int64(n)]) {
							t.Errorf("ReadAt at %d differs from the text", off)
							return
						}
					}
				})
			}
			check(t, s.Read(context.Background(), func(b *Block) error {
				seam := b.Offset
				known := seam + int64(len(b.Data))
				b.Release()
				// Across the end that was read to when the last block came.
				for _, r := range [][2]int64{{max(0, seam-9), seam + 1}, {known - 9, known}} {
					p := make([]byte, r[1]-r[0])
					if _, err := s.ReadAt(p, r[0]); err != nil || !bytes.Equal(p, text[r[0]:r[1]]) {
						t.Errorf("ReadAt of %d to %d with %d delivered: %q, %v", r[0], r[1], known, p, err)
					}
				}
				end.Store(known)
				return nil
			}))
			close(stop)
			wg.Wait()
			checkReadAt(t, s, text, 50)
		})
	}
}

// TestChangedFile does to a file what happens to logs, after it was read.
func TestChangedFile(t *testing.T) {
	const span = sumSpan
	text := logText(21, 4*span)
	rewrite := func(t *testing.T, path string, at int64, data []byte) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		check(t, err)
		_, err = f.WriteAt(data, at)
		check(t, err)
		check(t, f.Close())
	}
	for _, test := range []struct {
		name   string
		change func(t *testing.T, path string)
		good   []int64 // offsets that still read as they were
		bad    []int64
		want   error
	}{
		{"appended to", func(t *testing.T, path string) {
			rewrite(t, path, int64(len(text)), text)
		}, []int64{0, 2*span - 50, 4*span - 100}, nil, nil},
		{"cut short", func(t *testing.T, path string) {
			check(t, os.Truncate(path, 2*span))
		}, []int64{0, span - 50}, []int64{2 * span, 2*span - 50, 4*span - 100}, errShrunk},
		{"overwritten", func(t *testing.T, path string) {
			rewrite(t, path, 2*span+10, []byte("never happened"))
		}, []int64{0, span, 3 * span}, []int64{2 * span, 3*span - 50}, errChanged},
		{"cut short and grown again", func(t *testing.T, path string) {
			check(t, os.Truncate(path, 0))
			rewrite(t, path, 0, logText(22, 5*span))
		}, nil, []int64{0, 3 * span}, errChanged},
		{"replaced", func(t *testing.T, path string) {
			other := path + ".new"
			check(t, os.WriteFile(other, []byte("another log"), 0o600))
			check(t, os.Rename(other, path))
		}, []int64{0, 4*span - 100}, nil, nil},
		{"removed", func(t *testing.T, path string) {
			check(t, os.Remove(path))
		}, []int64{0, 4*span - 100}, nil, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := writeFile(t, "log", text)
			past := time.Unix(1e9, 0) // so that any change is one of the time too
			check(t, os.Chtimes(path, past, past))
			s := openTiny(t, Options{}, path)
			readAll(t, s)
			test.change(t, path)
			p := make([]byte, 100)
			for _, off := range test.good {
				if n, err := s.ReadAt(p, off); err != nil || !bytes.Equal(p[:n], text[off:off+100]) {
					t.Errorf("ReadAt at %d = %d, %v, want the text as it was", off, n, err)
				}
			}
			for _, off := range test.bad {
				if _, err := s.ReadAt(p, off); !errors.Is(err, test.want) {
					t.Errorf("ReadAt at %d: error %v, want %v", off, err, test.want)
				}
			}
		})
	}
}

// TestChangedGzip wants an error, never other text, from a gzip file that was
// overwritten.
func TestChangedGzip(t *testing.T) {
	text := logText(23, 300_000)
	path := writeFile(t, "log.gz", gzipBytes(t, text, 5000))
	past := time.Unix(1e9, 0)
	check(t, os.Chtimes(path, past, past))
	s := openTiny(t, Options{}, path)
	readAll(t, s)
	check(t, os.WriteFile(path, gzipBytes(t, logText(24, 300_000), 5000), 0o600))
	for off := int64(0); off < 300_000; off += 10_000 {
		if _, err := s.ReadAt(make([]byte, 100), off); !errors.Is(err, errChanged) && !errors.Is(err, errShrunk) {
			t.Errorf("ReadAt at %d: error %v, want the file's change", off, err)
		}
	}
}

// TestCutWhileReading shortens a file in the middle of Read.
func TestCutWhileReading(t *testing.T) {
	text := logText(25, 300_000)
	for name, raw := range map[string][]byte{"plain": text, "gzip of stored blocks": klauspostLevel(t, text, 0)} {
		path := writeFile(t, "log", raw)
		next := writeFile(t, "next", []byte("next"))
		s := openTiny(t, Options{}, path, next)
		var got []byte
		var last string
		check(t, s.Read(context.Background(), func(b *Block) error {
			defer b.Release()
			if b.Offset == 0 {
				check(t, os.Truncate(path, 150_000))
			}
			if last = string(b.Data); b.File == 0 {
				got = append(got, b.Data...)
			}
			return nil
		}))
		if !bytes.HasPrefix(text, got) || len(got) > 150_000 || len(got) < 140_000 {
			t.Errorf("%s: got %d bytes of text, want those before the cut", name, len(got))
		}
		f := s.Files()[0]
		if len(f.Damage) != 1 || f.Damage[0].Kind != Truncated || !errors.Is(f.Damage[0].Err, errShrunk) || f.Damage[0].Raw != 150_000 || !f.Done {
			t.Errorf("%s: got %+v, want one damage at 150000", name, f)
		}
		if last != "next" {
			t.Errorf("%s: the next file gave %q", name, last)
		}
	}
}

func TestStoreLimit(t *testing.T) {
	text := logText(26, 200_000)
	s := openTiny(t, Options{MaxTemp: 10_000}, writeFile(t, "log", zstdBytes(t, text)))
	if got := readAll(t, s); !bytes.Equal(got, text) {
		t.Error("the text is another")
	}
	if f := s.Files()[0]; len(f.Damage) > 0 || !f.Done {
		t.Errorf("the temporary file damaged the log: %+v", f)
	}
	if err := s.Degraded(); err == nil {
		t.Error("no word about the limit")
	}
	p := make([]byte, 100)
	if _, err := s.ReadAt(p, 5000); err != nil || !bytes.Equal(p, text[5000:5100]) {
		t.Errorf("the text before the limit: %v", err)
	}
	if _, err := s.ReadAt(p, 190_000); err == nil || err == io.EOF {
		t.Errorf("the text behind the limit: error %v", err)
	}
}

func TestStoreUnwritable(t *testing.T) {
	text := logText(27, 50_000)
	missing := filepath.Join(t.TempDir(), "missing")
	s := openTiny(t, Options{TempDir: missing, Stdin: bytes.NewReader(text)}, "-")
	if got := readAll(t, s); !bytes.Equal(got, text) {
		t.Error("the text is another")
	}
	if err := s.Degraded(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("error %v, want that the directory is missing", err)
	}
	if _, err := s.ReadAt(make([]byte, 1), 0); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("ReadAt: error %v, want that the directory is missing", err)
	}
}

// TestStoreLeavesNothing looks at the directory while the set is in use, which is
// what a killed process leaves, and afterwards.
func TestStoreLeavesNothing(t *testing.T) {
	dir, text := t.TempDir(), logText(28, 50_000)
	s := openTiny(t, Options{TempDir: dir, Stdin: bytes.NewReader(text)}, "-")
	readAll(t, s)
	checkReadAt(t, s, text, 20)
	for _, when := range []string{"while open", "after Close"} {
		if entries, err := os.ReadDir(dir); err != nil || len(entries) > 0 {
			t.Errorf("%s: %v, %v in the directory", when, entries, err)
		}
		check(t, s.Close())
	}
}

func TestCacheIsBounded(t *testing.T) {
	text := logText(29, 3*cachePieces*tiny.piece)
	s := openTiny(t, Options{}, writeFile(t, "log", gzipBytes(t, text, 0)))
	readAll(t, s)
	p := make([]byte, 10)
	for off := 0; off+len(p) < len(text); off += 300 {
		if _, err := s.ReadAt(p, int64(off)); err != nil || !bytes.Equal(p, text[off:off+len(p)]) {
			t.Fatalf("ReadAt at %d: %v", off, err)
		}
	}
	if n := len(s.cache.entries); n != cachePieces {
		t.Errorf("%d pieces cached, want %d", n, cachePieces)
	}
	if n := len(s.cache.spare); n > 1 {
		t.Errorf("%d spare buffers", n)
	}
	if n := len(s.files[0].resume.idle); n > maxIdle {
		t.Errorf("%d idle inflaters, want %d", n, maxIdle)
	}
}

// FuzzRead reads hostile bytes in every container: whatever Read delivers, ReadAt
// gives again, and the file is accounted for.
func FuzzRead(f *testing.F) {
	text := logText(30, 600)
	f.Add([]byte(nil))
	f.Add(text)
	f.Add(gzipBytes(f, text, 0))
	f.Add(append(gzipBytes(f, text[:300], 100), gzipBytes(f, text[300:], 0)...))
	f.Add(zstdBytes(f, text))
	f.Add(xzBytes(f, text))
	bz, err := os.ReadFile("testdata/log.bz2")
	check(f, err)
	f.Add(bz[:1000])
	f.Fuzz(func(t *testing.T, raw []byte) {
		const limit = 200_000
		file := openTiny(t, Options{MaxExpanded: limit}, writeFile(t, "log", raw))
		got := readAll(t, file)
		checkRead(t, file.Files()[0], raw, len(got))
		checkReadAt(t, file, got, 8)

		stdin := openTiny(t, Options{MaxExpanded: limit, Stdin: bytes.NewReader(raw)}, "-")
		if again := readAll(t, stdin); !bytes.Equal(again, got) {
			t.Errorf("standard input gives %d bytes, the file %d", len(again), len(got))
		}
		checkReadAt(t, stdin, got, 8)
	})
}
