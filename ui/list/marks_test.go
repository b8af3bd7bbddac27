package list

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestMarks compares with a map.
func TestMarks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	want := map[int]bool{}
	var m Marks
	for range 60 {
		before, n := m, m.Len()
		switch from := r.IntN(5 * chunkRows); r.IntN(3) {
		case 0:
			m = m.Toggle(from)
			if want[from] {
				delete(want, from)
			} else {
				want[from] = true
			}
		case 1:
			to := from + r.IntN(100)
			m = m.Add(from, to)
			for i := from; i < to; i++ {
				want[i] = true
			}
		default:
			from -= from % chunkRows
			m = m.Add(from, from+chunkRows+3)
			for i := from; i < from+chunkRows+3; i++ {
				want[i] = true
			}
		}
		if got := slices.Collect(m.Rows()); m.Len() != len(want) || !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
			t.Fatalf("%d marks, want %d", m.Len(), len(want))
		}
		for range 100 {
			if i := r.IntN(6 * chunkRows); m.Has(i) != want[i] {
				t.Fatalf("row %d: %v", i, m.Has(i))
			}
		}
		if before.Len() != n || len(slices.Collect(before.Rows())) != n {
			t.Fatal("a change has changed the marks before")
		}
	}
}

func BenchmarkToggle(b *testing.B) {
	m := Marks{}.Add(0, 10_000_000)
	for b.Loop() {
		m = m.Toggle(5_000_000)
	}
}

func TestRanges(t *testing.T) {
	m := Marks{}.Add(3, 5).Add(5, 6).Add(chunkRows-1, 3*chunkRows+2)
	want := [][2]int{{3, 6}, {chunkRows - 1, 3*chunkRows + 2}}
	if got, ok := m.Ranges(2); !ok || !slices.Equal(got, want) {
		t.Errorf("%v, %v, want %v", got, ok, want)
	}
	if _, ok := m.Ranges(1); ok {
		t.Error("two ranges are no more than one")
	}
}
