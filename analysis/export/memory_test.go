package export

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"sqleuth/analysis/reading"
)

// A statement with a parameter for every third word is written with memory for a
// few copies of it, and none for each word: what is allocated in all, over several
// statements, is a small multiple of their text, and the stack does not grow.
func TestStructuredTakesLittleMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, with which -short goes, empties pools at random")
	}
	const statements, words = 6, 400_000
	var log bytes.Buffer
	for i := range statements {
		log.WriteString("2024-05-01T08:00:00.000000Z\t    7 Query\tSELECT ")
		log.Write(bytes.Repeat([]byte{'a', ' ', 'a', ' ', byte('b' + i), ' '}, words/3))
		log.WriteByte('\n')
	}
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, log.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	s, text := load(t, reading.Correct, path, "")
	if len(s.Templates) != 1 {
		t.Fatalf("%d templates, want one with a parameter for every third word", len(s.Templates))
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if err := writeRows(newSheet(io.Discard, cellText{guard: Guard}), structuredColumns(s), replay(t.Context(), s, text)); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	size := uint64(log.Len())
	if got := after.TotalAlloc - before.TotalAlloc; got > 20*size {
		t.Errorf("%d bytes are allocated for %d bytes of statements, %.1f times as much", got, size, float64(got)/float64(size))
	} else {
		t.Logf("%.1f times the text", float64(got)/float64(size))
	}
	if got := int64(after.StackSys - before.StackSys); got > 1<<20 {
		t.Errorf("the stack grew by %d bytes", got)
	}
}
