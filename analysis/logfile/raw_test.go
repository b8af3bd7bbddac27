package logfile

import (
	"context"
	"crypto/sha256"
	"hash/crc32"
	"io"
	"sync/atomic"
	"testing"
)

// TestDrainWaitsForHash has a source that gives its end together with its last
// bytes, which are read before they are hashed.
func TestDrainWaitsForHash(t *testing.T) {
	data := logText(50, 1<<20)
	for range 10 {
		var print fingerprint
		var done atomic.Int64
		r := startRaw(context.Background(), &endsWithBytes{data}, &print, &done, len(data))
		if n, err := io.Copy(io.Discard, r); err != nil || n != int64(len(data)) {
			t.Fatalf("read %d bytes, %v", n, err)
		}
		r.drain()
		if n, sum := print.sum(); n != int64(len(data)) || sum != sha256.Sum256(data) || done.Load() != n {
			t.Fatalf("hashed %d bytes of %d, progress %d", n, len(data), done.Load())
		}
	}
}

type endsWithBytes struct{ data []byte }

func (r *endsWithBytes) Read(p []byte) (int, error) {
	n := copy(p, r.data)
	r.data = r.data[n:]
	if len(r.data) == 0 {
		return n, io.EOF
	}
	return n, nil
}

// TestFingerprintSpans writes in lengths around the borders of spans.
func TestFingerprintSpans(t *testing.T) {
	data := logText(51, 3*sumSpan+77)
	for _, step := range []int{1000, sumSpan - 1, sumSpan, sumSpan + 1, len(data)} {
		var print fingerprint
		for rest := data; len(rest) > 0; rest = rest[min(step, len(rest)):] {
			write(t, &print, rest[:min(step, len(rest))])
		}
		for i := range int64(5) {
			want := data[min(len(data), int(i)*sumSpan):min(len(data), int(i+1)*sumSpan)]
			if sum, n := print.spanSum(i); n != len(want) || sum != crc32.Checksum(want, castagnoli) {
				t.Errorf("steps of %d: span %d has %d bytes with sum %08x, want %d with %08x",
					step, i, n, sum, len(want), crc32.Checksum(want, castagnoli))
			}
		}
		if _, sum := print.sum(); sum != sha256.Sum256(data) {
			t.Errorf("steps of %d: wrong SHA-256", step)
		}
	}
}
