package numpyrand

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// The expected values of these tests were computed by NumPy 1.24.2 and
// scikit-learn 1.2.1; package forestref compares longer streams.

func draw[T any](n int, next func() T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = next()
	}
	return out
}

func expect[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %v\nwant %v", what, got, want)
	}
}

func positions(n int) []int32 {
	p := make([]int32, n)
	for i := range p {
		p[i] = int32(i)
	}
	return p
}

func TestStreamOfSeed42(t *testing.T) {
	expect(t, "words", draw(4, New(42).Word), []uint32{1608637542, 3421126067, 4083286876, 787846414})
	expect(t, "doubles", draw(2, New(42).Double), []float64{0x1.7f8771e5f51ecp-2, 0x1.e6c4068bbd654p-1})
	expect(t, "seeds", draw(4, New(42).Seed31), []uint32{1608637542, 1273642419, 1935803228, 787846414})
	g := New(42)
	expect(t, "below 10", draw(10, func() uint32 { return g.Below(10) }), []uint32{6, 3, 7, 4, 6, 9, 2, 6, 7, 4})
	p := positions(10)
	if err := Shuffle(t.Context(), New(42), p); err != nil {
		t.Fatal(err)
	}
	expect(t, "permutation", p, []int32{8, 1, 5, 0, 7, 2, 9, 4, 3, 6})
}

func TestBelowOneDrawsNothing(t *testing.T) {
	g := New(42)
	for range 10 {
		if v := g.Below(1); v != 0 {
			t.Fatalf("Below(1) = %d", v)
		}
	}
	if got, want := g.Word(), New(42).Word(); got != want {
		t.Errorf("first word after Below(1) is %d, want %d", got, want)
	}
}

func TestBlocksAndSkipsAreTheSameStream(t *testing.T) {
	words, blocks := New(7), New(7)
	for block := range 5 {
		want := draw(BlockSize, words.Word)
		if block%2 == 1 {
			blocks.Skip()
			continue
		}
		var got []uint32
		for _, pair := range blocks.Block() {
			got = append(got, uint32(pair), uint32(pair>>32))
		}
		expect(t, "block", got, want)
	}
}

func TestSeedRestarts(t *testing.T) {
	g := New(1)
	draw(1000, g.Word)
	g.Seed(42)
	expect(t, "words", draw(700, g.Word), draw(700, New(42).Word))
}

func TestSample(t *testing.T) {
	tests := []struct {
		name  string
		n, k  int
		start []int32
	}{
		{"by rejection", 100_000, 5, []int32{68268, 43567, 42613, 45891, 21243}},
		{"by permutation", 1000, 256, []int32{993, 859, 298, 553, 672}},
		{"all", 4, 4, []int32{0, 1, 2, 3}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := Sample(t.Context(), New(0), test.n, test.k)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != test.k {
				t.Fatalf("%d positions, want %d", len(got), test.k)
			}
			expect(t, "start", got[:len(test.start)], test.start)
		})
	}
	t.Run("by reservoir", func(t *testing.T) {
		got, err := Sample(t.Context(), New(0), 257, 256)
		if err != nil {
			t.Fatal(err)
		}
		want := positions(256)
		want[172] = 256
		expect(t, "sample", got, want)
	})
}

func TestSampleHasNoRepeats(t *testing.T) {
	for _, n := range []int{1, 2, 255, 256, 257, 258, 259, 1000, 25_599, 25_600, 25_601} {
		got, err := Sample(t.Context(), New(3), n, min(n, 256))
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		if len(slices.Compact(got)) != min(n, 256) || got[0] < 0 || int(got[len(got)-1]) >= n {
			t.Errorf("sample of %d is not %d different positions", n, min(n, 256))
		}
	}
}

func TestXorshift(t *testing.T) {
	want := []int{270369, 67634689, 499951813, 307599695}
	for _, state := range []Xorshift{0, 1} { // 0 would stay 0 and is replaced
		expect(t, "stream", draw(4, func() int { return state.Int(0, 1<<31) }), want)
	}
}

func TestShuffleIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Shuffle(ctx, New(1), positions(100_000)); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
}
