package metrics_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"sqleuth/analysis/metrics"
)

// TestQuantileOfGroups holds groups against the same values one by one.
func TestQuantileOfGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		values := make([]float64, 1+rng.IntN(40))
		for i := range values {
			values[i] = float64(rng.IntN(9)) / 7
		}
		slices.Sort(values)
		q := rng.Float64()
		var single, groups []metrics.Group
		for i, v := range values {
			single = append(single, metrics.Group{Value: v, Count: 1})
			if i > 0 && v == values[i-1] {
				groups[len(groups)-1].Count++
			} else {
				groups = append(groups, metrics.Group{Value: v, Count: 1})
			}
		}
		got, want := metrics.Quantile(groups, q), metrics.Quantile(single, q)
		if got != want {
			t.Fatalf("%v-quantile of %v: %v from groups, %v from single values", q, values, got, want)
		}
	}
}

func TestSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{0, 1, 7, 8, 9, 127, 128, 129, 1000} {
		x := make([]float64, n)
		exact := 0.0
		for i := range x {
			x[i] = float64(rng.IntN(1 << 20)) // sums of integers do not round
			exact += x[i]
		}
		if got := metrics.Sum(x); got != exact {
			t.Errorf("sum of %d integers is %v, want %v", n, got, exact)
		}
	}
	// 8 interleaved sums: in a plain one, the ones would be lost one by one.
	x := slices.Repeat([]float64{1}, 16)
	x[0] = 1 << 53
	if got := metrics.Sum(x); got != 1<<53+14 {
		t.Errorf("sum %v, want %v", got, float64(1<<53+14))
	}
}
