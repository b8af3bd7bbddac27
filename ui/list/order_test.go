package list

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"sqleuth/ui/message"
)

func TestAscendingIsAStableSort(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, bits := range []int{0, 1, 8, 33, 64} {
		for _, n := range []int{0, 1, 2, 1000} {
			keys, want := make([]uint64, n), make([]uint32, n)
			for k := range keys {
				want[k] = uint32(k)
				if bits > 0 {
					keys[k] = r.Uint64() >> (64 - bits)
				}
			}
			slices.SortStableFunc(want, func(a, b uint32) int {
				switch {
				case keys[a] < keys[b]:
					return -1
				case keys[a] > keys[b]:
					return 1
				}
				return 0
			})
			got, err := ascending(context.Background(), keys)
			if err != nil || !slices.Equal(got, want) {
				t.Errorf("%d keys of %d bits: %v, %v", n, bits, got, err)
			}
		}
	}
}
func BenchmarkAscending(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	keys := make([]uint64, 1_000_000)
	for k := range keys {
		keys[k] = r.Uint64() >> 30
	}
	b.SetBytes(int64(8 * len(keys)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ascending(context.Background(), keys); err != nil {
			b.Fatal(err)
		}
	}
}

func TestSortingCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d := numbered(2 * checkEvery)
	for _, by := range []Sort[names]{nameColumn.Sort, lengthColumn.Sort, Compare(func(names, int, int) int { return 0 })} {
		if _, err := sorted(ctx, by, d, len(d), message.All(len(d)), false); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	}
}

// TestCompare keeps equal rows in order, in both directions.
func TestCompare(t *testing.T) {
	d := names{"bb", "a", "cc", "dd", "e"}
	by := Compare(func(d names, a, b int) int { return len(d[a]) - len(d[b]) })
	for descending, want := range map[bool][]uint32{false: {1, 4, 0, 3}, true: {0, 3, 1, 4}} {
		got, err := sorted(t.Context(), by, d, len(d), some{0, 1, 3, 4}, descending)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("descending %v: %v, want %v, %v", descending, got, want, err)
		}
	}
}

// TestNested: rows follow their own, and keep their order beside each other.
func TestNested(t *testing.T) {
	parents := map[int]int{1: 0, 2: 0, 4: 3, 5: 3}
	parent := func(row int) int {
		if p, ok := parents[row]; ok {
			return p
		}
		return -1
	}
	for _, c := range []struct{ order, want []uint32 }{
		{[]uint32{0, 1, 2, 3, 4, 5}, []uint32{0, 1, 2, 3, 4, 5}},
		{[]uint32{5, 4, 3, 2, 1, 0}, []uint32{3, 5, 4, 0, 2, 1}},
		{[]uint32{4, 6, 0, 2, 5, 3, 1}, []uint32{6, 0, 2, 1, 3, 4, 5}},
		{[]uint32{6, 3, 0}, []uint32{6, 3, 0}},
	} {
		got, err := nested(t.Context(), slices.Clone(c.order), parent)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%v becomes %v, want %v (%v)", c.order, got, c.want, err)
		}
	}
}
