package inflate

import (
	"bufio"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/iotest"
)

// text returns text as in a log: literals, and matches near and far, short and long.
func text(seed uint64, n int) []byte {
	rng := rand.New(rand.NewPCG(seed, 1))
	var b []byte
	for len(b) < n {
		switch rng.IntN(4) {
		case 0:
			b = append(b, bytes.Repeat([]byte{byte(rng.IntN(256))}, rng.IntN(400))...)
		case 1:
			from := rng.IntN(len(b) + 1)
			b = append(b, b[from:min(len(b), from+rng.IntN(500))]...)
		default:
			b = fmt.Appendf(b, "2025-03-11T05:53:05.%06dZ %4d Query\tSELECT %x\n", rng.IntN(1e6), len(b)/1000, rng.Uint64N(1<<rng.IntN(64)))
		}
	}
	return b[:n]
}

func deflate(t testing.TB, text []byte, level int) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, level)
	if err != nil {
		t.Fatal(err)
	}
	for len(text) > 0 {
		n := min(len(text), 150_000)
		if _, err := w.Write(text[:n]); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil { // which ends a block and stores an empty one
			t.Fatal(err)
		}
		text = text[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// inflate reads a stream that is followed by something else, and returns what of raw it took.
func inflate(raw []byte, size int) (text []byte, taken int, err error) {
	in := bufio.NewReaderSize(bytes.NewReader(raw), size)
	r := new(Reader)
	r.Reset(in)
	text, err = io.ReadAll(r)
	rest, _ := io.ReadAll(in)
	return text, len(raw) - len(rest), err
}

// levels are those of compress/flate that write unlike blocks.
var levels = []int{flate.HuffmanOnly, flate.NoCompression, flate.BestSpeed, flate.DefaultCompression, flate.BestCompression}

func TestReader(t *testing.T) {
	for _, level := range levels {
		for seed, n := range []int{0, 1, 10, 300, 70_000, 600_000} {
			want := text(uint64(seed), n)
			raw := deflate(t, want, level)
			for _, size := range []int{16, 100, 4096, 64 << 10} {
				got, taken, err := inflate(append(raw, "behind"...), size)
				if err != nil || !bytes.Equal(got, want) || taken != len(raw) {
					t.Fatalf("level %d, %d bytes, buffer of %d: %d bytes, equal %v, error %v; took %d of %d bytes", level, n, size, len(got), bytes.Equal(got, want), err, taken, len(raw))
				}
			}
		}
	}
}

// TestBlockEnds begins again at each end of a block.
func TestBlockEnds(t *testing.T) {
	for _, level := range levels {
		want := text(7, 400_000)
		raw := deflate(t, want, level)
		in := bytes.NewReader(raw)
		buffered := bufio.NewReader(in)
		type end struct {
			BlockEnd
			raw int
		}
		var ends []end
		r := &Reader{BlockEnd: func(e BlockEnd) {
			e.Window = slices.Clone(e.Window)
			ends = append(ends, end{e, len(raw) - in.Len() - buffered.Buffered()})
		}}
		r.Reset(buffered)
		if _, err := io.Copy(io.Discard, r); err != nil {
			t.Fatal(err)
		}
		if len(ends) < 2 {
			t.Errorf("level %d: %d ends of blocks", level, len(ends))
		}
		for _, e := range ends {
			r.Resume(bufio.NewReader(bytes.NewReader(raw[e.raw:])), e.Bit, e.Window)
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, want[e.Text:]) {
				t.Fatalf("level %d, resumed at byte %d, bit %d: %d bytes, want %d, error %v", level, e.raw, e.Bit, len(got), len(want)-int(e.Text), err)
			}
		}
	}
}

// TestCut gives of a stream that is cut all text whose codes are there.
func TestCut(t *testing.T) {
	want := text(3, 3000)
	for _, level := range levels {
		raw := deflate(t, want, level)
		before := 0
		for n := range raw {
			got, _, err := inflate(raw[:n], 64)
			if err != io.ErrUnexpectedEOF || !bytes.HasPrefix(want, got) || len(got) < before {
				t.Fatalf("level %d cut at %d: %d bytes after %d, error %v", level, n, len(got), before, err)
			}
			before = len(got)
		}
		if before < len(want)-1 {
			t.Errorf("level %d: %d bytes of %d without the last byte", level, before, len(want))
		}
	}
}

// TestSlowInput gives what can be had of the input before it waits for more.
func TestSlowInput(t *testing.T) {
	want := text(5, 100_000)
	raw := deflate(t, want, flate.DefaultCompression)
	broken := errors.New("broken")
	for _, wrap := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.HalfReader, iotest.DataErrReader} {
		r := new(Reader)
		r.Reset(bufio.NewReader(wrap(bytes.NewReader(raw))))
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%d bytes, error %v", len(got), err)
		}
		r.Reset(bufio.NewReader(io.MultiReader(wrap(bytes.NewReader(raw[:len(raw)/2])), iotest.ErrReader(broken))))
		if got, err := io.ReadAll(r); err != broken || len(got) == 0 || !bytes.HasPrefix(want, got) {
			t.Errorf("%d bytes, error %v", len(got), err)
		}
	}
}

// FuzzReader reads what is no stream too as the standard library does, which stops at
// an error some codes earlier.
func FuzzReader(f *testing.F) {
	for _, level := range levels {
		f.Add(deflate(f, text(1, 2000), level), uint8(0))
	}
	f.Add([]byte{3, 0}, uint8(1))
	f.Fuzz(func(t *testing.T, raw []byte, size uint8) {
		got, taken, err := inflate(raw, int(size))
		in := bytes.NewReader(raw)
		want, wantErr := io.ReadAll(flate.NewReader(in))
		if (err == nil) != (wantErr == nil) || !bytes.HasPrefix(got, want) {
			t.Fatalf("%d bytes, error %v; the standard library's reader gives %d, error %v", len(got), err, len(want), wantErr)
		}
		if err == nil && (len(got) != len(want) || taken != len(raw)-in.Len()) {
			t.Fatalf("%d bytes of %d raw ones; the standard library's reader gives %d of %d", len(got), taken, len(want), len(raw)-in.Len())
		}
	})
}

func BenchmarkReader(b *testing.B) {
	want := text(2, 4<<20)
	raw := deflate(b, want, flate.DefaultCompression)
	b.SetBytes(int64(len(want)))
	r := new(Reader)
	for b.Loop() {
		r.Reset(bufio.NewReaderSize(bytes.NewReader(raw), 64<<10))
		if _, err := io.Copy(io.Discard, r); err != nil {
			b.Fatal(err)
		}
	}
}
