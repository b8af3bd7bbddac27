package logfile

import (
	"bufio"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/klauspost/compress/gzip"
)

// benchLen is long enough for some resume points and short enough to be made in a second.
const benchLen = 32 << 20

func benchFile(b *testing.B, container Container) string {
	text := logText(40, benchLen)
	switch container {
	case Gzip:
		text = gzipBytes(b, text, 0)
	case Zstd:
		text = zstdBytes(b, text)
	case XZ:
		text = xzBytes(b, text)
	}
	return writeFile(b, "log", text)
}

func BenchmarkRead(b *testing.B) {
	for _, container := range []Container{Plain, Gzip, Zstd, XZ} {
		b.Run(container.String(), func(b *testing.B) {
			path, dir := benchFile(b, container), b.TempDir()
			b.SetBytes(benchLen)
			b.ReportAllocs()
			for b.Loop() {
				s, err := Open([]string{path}, Options{TempDir: dir})
				check(b, err)
				check(b, s.Read(context.Background(), func(b *Block) error { b.Release(); return nil }))
				check(b, s.Close())
			}
		})
	}
}

// BenchmarkGzipAlone is what BenchmarkRead/gzip is measured against: klauspost's
// reader without resume points, hash and blocks.
func BenchmarkGzipAlone(b *testing.B) {
	path := benchFile(b, Gzip)
	buf := make([]byte, 1<<20)
	b.SetBytes(benchLen)
	b.ReportAllocs()
	for b.Loop() {
		f, err := os.Open(path)
		check(b, err)
		z, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
		check(b, err)
		for err == nil {
			_, err = z.Read(buf)
		}
		if err != io.EOF {
			b.Fatal(err)
		}
		check(b, f.Close())
	}
}

func BenchmarkReadAt(b *testing.B) {
	for _, container := range []Container{Plain, Gzip, Zstd} {
		s, err := Open([]string{benchFile(b, container)}, Options{TempDir: b.TempDir()})
		check(b, err)
		check(b, s.Read(context.Background(), func(b *Block) error { b.Release(); return nil }))
		p := make([]byte, 300)
		b.Run(container.String()+"/random", func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.ReadAt(p, rng.Int64N(benchLen-int64(len(p))))
				check(b, err)
			}
		})
		b.Run(container.String()+"/neighbours", func(b *testing.B) {
			off := int64(benchLen / 2)
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.ReadAt(p, off)
				check(b, err)
				off = (off + int64(len(p))) % (benchLen - int64(len(p)))
			}
		})
		b.Run(container.String()+"/scan", func(b *testing.B) {
			big := make([]byte, 1<<20)
			var off int64
			b.SetBytes(int64(len(big)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := s.ReadAt(big, off)
				check(b, err)
				off = (off + int64(len(big))) % benchLen
			}
		})
		check(b, s.Close())
	}
}
