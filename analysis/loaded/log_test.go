package loaded

import (
	"testing"

	"sqleuth/analysis/store"
)

// made returns a log of files with entries at the given times, one byte each.
func made(files ...[]int64) *Log {
	var c store.Columns
	l := &Log{}
	for _, times := range files {
		l.Files = append(l.Files, File{Base: int64(c.Len()), Text: int64(len(times))})
		for _, t := range times {
			c.Append(store.Entry{Offset: int64(c.Len()), Time: t})
		}
	}
	l.Entries = c.View()
	return l
}

const none = store.NoTime

func TestMoments(t *testing.T) {
	before := func(t int64) store.Moment { return store.Moment{Micros: t, Before: true} }
	l := made([]int64{none, none, 500, 600}, []int64{none, 550, none, 700}, []int64{none, none})
	for i, want := range []store.Moment{
		before(500), before(500), store.At(500), store.At(600),
		before(550), store.At(550), before(700), store.At(700),
		store.Unknown, store.Unknown,
	} {
		if got := l.Moment(i); got != want {
			t.Errorf("entry %d: %v, want %v", i, got, want)
		}
	}
}

// TestApproximate: times to compute with are those of the log where it has any,
// keep the order of the entries between them, and are never far away.
func TestApproximate(t *testing.T) {
	for _, tt := range []struct {
		name  string
		files [][]int64
		want  []int64
	}{
		{"before the first", [][]int64{{none, none, 500, 600}}, []int64{498, 499, 500, 600}},
		{"of a second file", [][]int64{{400}, {none, none, 500}}, []int64{400, 498, 499, 500}},
		{"between two", [][]int64{{400, none, 500}}, []int64{400, 499, 500}},
		{"behind the last", [][]int64{{400, none}, {none, none}}, []int64{400, 401, 402, 403}},
		{"of a first file without times", [][]int64{{none, none}, {none, 500}}, []int64{497, 498, 499, 500}},
		{"none at all", [][]int64{{none, none}, {none}}, []int64{0, 1, 2}},
	} {
		l := made(tt.files...)
		for i, want := range tt.want {
			if got := l.Approximate(i); got != want {
				t.Errorf("%s: entry %d at %d, want %d", tt.name, i, got, want)
			}
		}
	}
}

func TestSpanWithoutTimes(t *testing.T) {
	if _, _, ok := made([]int64{none, none}).Span(); ok {
		t.Error("a log without times has a span")
	}
	if first, last, ok := made([]int64{none, 7, 5}).Span(); !ok || first.UnixMicro() != 5 || last.UnixMicro() != 7 {
		t.Errorf("from %v to %v", first, last)
	}
}

// An offset lies in the last file that begins at it or before; an empty one holds none
// but its own beginning, and one that is not read yet none at all.
func TestFile(t *testing.T) {
	l := Log{Files: []File{{Base: 0, Text: 10}, {Base: 10, Text: 0}, {Base: 10, Text: 5}, {Base: 15, Text: 7}, {Base: -1}, {Base: -1}}}
	for _, c := range [][3]int64{{0, 0, 0}, {9, 0, 9}, {10, 2, 0}, {14, 2, 4}, {15, 3, 0}, {21, 3, 6}, {30, 3, 15}} {
		if file, at := l.File(c[0]); int64(file) != c[1] || at != c[2] {
			t.Errorf("offset %d lies at %d of file %d, want %d of %d", c[0], at, file, c[2], c[1])
		}
	}
	if file, at := (&Log{}).File(7); file != 0 || at != 7 {
		t.Errorf("without files: %d of %d", at, file)
	}
}
