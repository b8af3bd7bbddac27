package statement

import (
	"context"
	"errors"
	"slices"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"testing"
)

// TestScanCoversEveryEntryOnce of those that are shown.
func TestScanCoversEveryEntryOnce(t *testing.T) {
	const n = 3*partEntries + 100
	for _, part := range [][2]int{{0, n}, {1, 2}, {partEntries - 1, partEntries + 1}, {5, n - 7}} {
		seen := make([]int, n)
		hits, err := Scan(t.Context(), bulkOf(counting(seen)), many(n), message.Search{Text: "SELECT"}, message.All(n), part[0], part[1])
		if err != nil || len(hits) != part[1]-part[0] || !slices.IsSorted(hits) {
			t.Errorf("%v: %d hits, %v", part, len(hits), err)
		}
		for i, times := range seen {
			if inside := part[0] <= i && i < part[1]; times != map[bool]int{true: 1}[inside] {
				t.Errorf("%v: entry %d was looked at %d times", part, i, times)
				break
			}
		}
	}
}

// bulkLog is a log that reads statements by a reader.
type bulkLog struct {
	screen.Log
	reader filter.TextReader
}

func bulkOf(r filter.TextReader) screen.Log { return bulkLog{reader: r} }

func (b bulkLog) Statements(*loaded.Log) filter.TextReader { return b.reader }

// many is a log of n entries.
func many(n int) *pipeline.Snapshot {
	var c store.Columns
	for range n {
		c.Append(store.Entry{})
	}
	return &pipeline.Snapshot{Log: loaded.Log{Entries: c.View()}}
}

// counting counts how often each entry is read.
type counting []int

func (c counting) Scan(_ context.Context, from, to int, want func(int) bool, fn func(int, []byte) bool) error {
	for i := from; i < to; i++ {
		if want(i) {
			c[i]++
			fn(i, []byte("SELECT 1"))
		}
	}
	return nil
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, text string
		want          bool
	}{
		{"users", "select * from WP_USERS", true},
		{"Ünï", "SELECT 'ünÏ'", true},
		{"/user_(login|pass)/", "SELECT User_Pass", true},
		{"/", "a/b", true},
		{".*", "ab", false},
		{"union", "UNLOCK", false},
	} {
		p, err := newPattern(message.Search{Text: c.pattern})
		if err != nil {
			t.Fatal(err)
		}
		if got := p.matcher()([]byte(c.text)); got != c.want || p.re.MatchString(c.text) != c.want {
			t.Errorf("%q in %q: %v, want %v", c.pattern, c.text, got, c.want)
		}
	}
}

type panicking struct{}

func (panicking) Scan(context.Context, int, int, func(int) bool, func(int, []byte) bool) error {
	panic("broken")
}

func TestAPanicWhileSearchingIsAnError(t *testing.T) {
	var internal *pipeline.PanicError
	if _, err := Scan(t.Context(), bulkOf(panicking{}), many(10), message.Search{Text: "x"}, message.All(10), 0, 10); !errors.As(err, &internal) {
		t.Errorf("the error is %v", err)
	}
}
