package drain

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"os"
	"testing"
)

// captureStatements returns the arguments of the entries of the recorded incident:
// real statements, many of several lines.
func captureStatements(tb testing.TB) [][]byte {
	tb.Helper()
	f, err := os.Open("../../testdata/wordpress-bruteforce/general.log.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var lines [][]byte
	s := bufio.NewScanner(z)
	s.Buffer(nil, 1<<24)
	for s.Scan() {
		line := s.Bytes()
		// 2025-03-11T05:53:05.006361Z    3 Connect<TAB>argument
		if len(line) > 27 && line[10] == 'T' && line[26] == 'Z' {
			_, argument, _ := bytes.Cut(line, []byte("\t"))
			lines = append(lines, bytes.Clone(argument))
		} else if n := len(lines); n > 0 {
			lines[n-1] = append(append(lines[n-1], '\n'), line...)
		}
	}
	if err := s.Err(); err != nil {
		tb.Fatal(err)
	}
	if len(lines) == 0 {
		tb.Fatal("no statements in the capture")
	}
	return lines
}

func averageLength(lines [][]byte) int64 {
	total := 0
	for _, line := range lines {
		total += len(line)
	}
	return int64(total / len(lines))
}

// One operation is one statement.
func BenchmarkAdd(b *testing.B) {
	lines := captureStatements(b)
	m, err := New(DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(averageLength(lines))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		m.Add(lines[i%len(lines)])
	}
}

func BenchmarkScan(b *testing.B) {
	lines := captureStatements(b)
	masker, err := NewMasks(DefaultMasks())
	if err != nil {
		b.Fatal(err)
	}
	s := scanner{masker: masker}
	b.SetBytes(averageLength(lines))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.scan(lines[i%len(lines)])
	}
}

func BenchmarkExtract(b *testing.B) {
	lines := captureStatements(b)
	m, err := New(DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	ids := make([]int32, len(lines))
	for i, line := range lines {
		ids[i] = m.Add(line)
	}
	extractors := make([]*Extractor, m.Len())
	for id := range extractors {
		extractors[id] = NewExtractor(m.Template(int32(id)))
	}
	b.SetBytes(averageLength(lines))
	b.ReportAllocs()
	var text []byte
	for i := 0; b.Loop(); i++ {
		k := i % len(lines)
		text = extractors[ids[k]].AppendPyRepr(text[:0], lines[k])
	}
}

func BenchmarkSnapshot(b *testing.B) {
	lines := captureStatements(b)
	m, err := New(DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	for _, line := range lines {
		m.Add(line)
	}
	b.ReportAllocs()
	for b.Loop() {
		m.Snapshot()
	}
}

// On real statements, too, Miner must give what the plain algorithm gives.
func TestCaptureEqualsPlain(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	lines := captureStatements(t)
	text := make([]string, 0, len(lines)/8)
	for i := range lines {
		if i%8 == 0 {
			text = append(text, string(lines[i]))
		}
	}
	checkAgainstPlain(t, DefaultConfig(), text)
}
