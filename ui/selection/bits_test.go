package selection

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBitsAgreeWithAList compares with a sorted list.
func TestBitsAgreeWithAList(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 63, 64, 65, 1023, 1024, 1025, 5000} {
		for _, share := range []float64{0, 0.01, 0.5, 1} {
			b, want := NewBuilder(n), []int{}
			for i := range n {
				if rng.Float64() < share {
					b.Add(i)
					want = append(want, i)
				}
			}
			s := b.Bits()
			if s.Len() != len(want) {
				t.Fatalf("%d of %d selected, want %d", s.Len(), n, len(want))
			}
			for k, i := range want {
				if s.At(k) != i {
					t.Fatalf("At(%d) = %d, want %d", k, s.At(k), i)
				}
			}
			for i := -2; i < n+70; i++ {
				wantK, wantOK := slices.BinarySearch(want, i)
				if k, ok := s.Find(i); k != wantK || ok != wantOK {
					t.Fatalf("n %d: Find(%d) = %d, %v, want %d, %v", n, i, k, ok, wantK, wantOK)
				}
			}
		}
	}
}

func TestBitsDoNotFollowTheirBuilder(t *testing.T) {
	b := NewBuilder(10)
	b.Add(3)
	s := b.Bits()
	b.Add(4)
	if s.Len() != 1 {
		t.Errorf("%d selected, want 1", s.Len())
	}
}
