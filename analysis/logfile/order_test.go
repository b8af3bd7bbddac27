package logfile

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"
)

// The head of a file is that of its text in any container, and taking it does not
// count as reading.
func TestHead(t *testing.T) {
	text := logText(60, 100_000)
	bz, err := os.ReadFile("testdata/log.bz2")
	check(t, err)
	cut := gzipBytes(t, text, 1000)
	for _, test := range []struct {
		name      string
		raw, text []byte
		n         int
	}{
		{"plain", text, text, 5000},
		{"gzip", gzipBytes(t, text, 0), text, 5000},
		{"gzip of two members", append(gzipBytes(t, text[:100], 0), gzipBytes(t, text[100:], 0)...), text, 5000},
		{"zstd", zstdBytes(t, text), text, 5000},
		{"xz", xzBytes(t, text), text, 5000},
		{"bzip2", bz, bzip2Text(), 5000},
		{"shorter than asked for", gzipBytes(t, text, 0), text, 200_000},
		{"cut", cut[:len(cut)/2], text[:1000], 1000},
		{"empty", nil, nil, 5000},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := openTiny(t, Options{}, writeFile(t, "log", test.raw))
			got, err := s.Head(0, test.n)
			if err != nil || !bytes.Equal(got, test.text[:min(len(test.text), test.n)]) {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
			if done, _ := s.Progress(); done != 0 {
				t.Errorf("%d bytes count as read", done)
			}
			if test.name != "cut" {
				if got := readAll(t, s); !bytes.Equal(got, test.text) {
					t.Error("the text is another afterwards")
				}
			}
		})
	}
	s := openTiny(t, Options{Stdin: bytes.NewReader(text)}, "-")
	if _, err := s.Head(0, 10); err == nil {
		t.Error("standard input has a head")
	}
}

func TestReorder(t *testing.T) {
	a, b := writeFile(t, "a", []byte("a\n")), writeFile(t, "b", gzipBytes(t, []byte("b\n"), 0))
	s := openTiny(t, Options{Stdin: strings.NewReader("c\n")}, a, "-", b)
	for _, order := range [][]int{{0, 1}, {0, 1, 1}, {0, 1, 3}, {-1, 0, 1}, {0, 1, 2, 2}, nil} {
		if s.Reorder(order) == nil {
			t.Errorf("%v is taken for an order", order)
		}
	}
	check(t, s.Reorder([]int{2, 0, 1}))
	if got := readAll(t, s); string(got) != "b\na\nc\n" {
		t.Errorf("read %q", got)
	}
	var names []string
	for _, f := range s.Files() {
		names = append(names, f.Name)
	}
	if want := []string{b, a, "-"}; !slices.Equal(names, want) {
		t.Errorf("files %q, want %q", names, want)
	}
	checkReadAt(t, s, []byte("b\na\nc\n"), 20)
	if s.Reorder([]int{0, 1, 2}) == nil {
		t.Error("reordered behind Read")
	}
}

// FuzzHead wants no panic and no endless loop.
func FuzzHead(f *testing.F) {
	f.Add(gzipBytes(f, logText(61, 500), 100))
	f.Add(xzBytes(f, logText(61, 500)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := openTiny(t, Options{}, writeFile(t, "log", raw))
		head, err := s.Head(0, 1000)
		if len(head) > 1000 {
			t.Errorf("%d bytes, %v", len(head), err)
		}
		// Nothing of it may disturb the reading.
		if err := s.Read(context.Background(), func(b *Block) error { b.Release(); return nil }); err == nil && len(head) == 0 && s.Files()[0].Size > 0 && len(s.Files()[0].Damage) == 0 {
			t.Error("a file with text has no head")
		}
	})
}
