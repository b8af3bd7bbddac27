package metrics_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"sqleuth/analysis/metrics"
)

func ExampleNewCurve() {
	c := metrics.NewCurve([]metrics.ScoredGroup{
		{Score: 0.9, Positives: 2},
		{Score: 0.7, Positives: 1, Negatives: 1},
		{Score: 0.1, Positives: 1, Negatives: 95},
	})
	for _, p := range c.Points {
		fmt.Printf("%.1f precision %.2f recall %.2f\n", p.Threshold, c.Precision(p), c.Recall(p))
	}
	// Output:
	// 0.9 precision 1.00 recall 0.50
	// 0.7 precision 0.75 recall 0.75
	// 0.1 precision 0.04 recall 1.00
}

func randomGroups(rng *rand.Rand) []metrics.ScoredGroup {
	groups := make([]metrics.ScoredGroup, 1+rng.IntN(12))
	for i := range groups {
		groups[i] = metrics.ScoredGroup{Score: float64(rng.IntN(8)), Positives: rng.IntN(4), Negatives: rng.IntN(4)}
	}
	return groups
}

// TestCurveAgainstDefinitions counts every threshold, and every pair of a
// positive and a negative, from the start.
func TestCurveAgainstDefinitions(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 300 {
		groups := randomGroups(rng)
		before := slices.Clone(groups)
		c := metrics.NewCurve(groups)
		if !slices.Equal(groups, before) {
			t.Fatal("the groups were modified")
		}
		var wins, pairs float64
		for _, a := range groups {
			for _, b := range groups {
				n := float64(a.Positives * b.Negatives)
				pairs += n
				switch {
				case a.Score > b.Score:
					wins += n
				case a.Score == b.Score:
					wins += n / 2
				}
			}
		}
		if got := c.ROCArea(); pairs > 0 && math.Abs(got-wins/pairs) > 1e-12 || pairs == 0 && !math.IsNaN(got) {
			t.Fatalf("%v: area %v, want %v", groups, got, wins/pairs)
		}
		last, precision := 0, 0.0
		for i, p := range c.Points {
			if i > 0 && p.Threshold >= c.Points[i-1].Threshold {
				t.Fatalf("%v: thresholds do not descend", groups)
			}
			want := metrics.CurvePoint{Threshold: p.Threshold}
			for _, g := range groups {
				if g.Score >= p.Threshold {
					want.TruePositives += g.Positives
					want.FalsePositives += g.Negatives
				}
			}
			if p != want {
				t.Fatalf("%v: point %+v, want %+v", groups, p, want)
			}
			precision += c.Precision(p) * float64(p.TruePositives-last) / float64(c.Positives)
			last = p.TruePositives
		}
		if got := c.AveragePrecision(); c.Positives > 0 && math.Abs(got-precision) > 1e-12 || c.Positives == 0 && !math.IsNaN(got) {
			t.Fatalf("%v: average precision %v, want %v", groups, got, precision)
		}
	}
}

func TestHistogram(t *testing.T) {
	h := metrics.NewHistogram([]metrics.ScoredGroup{
		{Score: 0, Positives: 1}, {Score: 0.24, Negatives: 2}, {Score: 0.25, Positives: 4}, {Score: 1, Negatives: 8},
	}, 4)
	want := []metrics.Bin{{Positives: 1, Negatives: 2}, {Positives: 4}, {}, {Negatives: 8}}
	if !slices.Equal(h.Bins, want) {
		t.Errorf("bins %v, want %v", h.Bins, want)
	}
	if h.Low != 0 || h.High != 1 {
		t.Errorf("from %v to %v, want 0 to 1", h.Low, h.High)
	}
}

func TestHistogramEdges(t *testing.T) {
	if h := metrics.NewHistogram(nil, 10); len(h.Bins) != 0 {
		t.Errorf("histogram of nothing has %d bins", len(h.Bins))
	}
	if h := metrics.NewHistogram([]metrics.ScoredGroup{{Score: 1}}, 0); len(h.Bins) != 0 {
		t.Errorf("histogram without bins has %d", len(h.Bins))
	}
	h := metrics.NewHistogram([]metrics.ScoredGroup{{Score: 3, Positives: 2}, {Score: 3, Negatives: 1}}, 3)
	if h.Low != 2.5 || h.High != 3.5 || h.Bins[1] != (metrics.Bin{Positives: 2, Negatives: 1}) {
		t.Errorf("histogram of equal scores: %+v", h)
	}
	rng := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		groups := randomGroups(rng)
		var want, got metrics.Bin
		for _, g := range groups {
			want.Positives += g.Positives
			want.Negatives += g.Negatives
		}
		h := metrics.NewHistogram(groups, 1+rng.IntN(9))
		for _, b := range h.Bins {
			got.Positives += b.Positives
			got.Negatives += b.Negatives
		}
		if got != want {
			t.Fatalf("%v: %+v in the bins, want %+v", groups, got, want)
		}
	}
}
