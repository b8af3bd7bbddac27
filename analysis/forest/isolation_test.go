package forest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/forest/internal/numpyrand"
)

// trainOn trains an isolation forest on entries of one class.
func trainOn(t *testing.T, d plainData, cfg IsolationConfig) (*Isolation, Matrix, []uint32) {
	t.Helper()
	d.classes, d.class = 1, make([]int, len(d.rows))
	m, cells := cellsOf(d)
	multiplicity := make([]int, m.Rows())
	for _, c := range cells {
		multiplicity[c]++
	}
	f, err := TrainIsolation(t.Context(), m, len(cells), func(i int) int32 { return int32(cells[i]) }, multiplicity, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	return f, m, cells
}

func TestIsolationEqualsPlainForest(t *testing.T) {
	power := powers()
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 1))
		d := randomData(rng)
		cfg := IsolationConfig{Trees: 5, Samples: []int{1, 20, 256}[seed%3], Contamination: 0.05, Seed: uint32(seed)}
		f, m, rows := trainOn(t, d, cfg)
		name := fmt.Sprintf("seed %d: %d entries, %d rows, %d features", seed, len(rows), m.Rows(), m.Features)
		ok := t.Run(name, func(t *testing.T) {
			target := make([]float64, len(d.rows))
			stream := numpyrand.New(cfg.Seed)
			for i := range target {
				target[i] = stream.Double()
			}
			lengths := make([]float64, len(d.rows))
			for k := range f.Trees {
				tree := &f.Trees[k]
				want := plainIsolationTree(d, tree.Drawn, target, tree.DrawSeed)
				samples := make([]int, tree.Nodes())
				for i, w := range tree.Weight {
					samples[i] = int(w)
				}
				expectTree(t, &tree.Tree, samples, want)
				for i := range lengths {
					leaf, depth := plainLeaf(want, d, i)
					lengths[i] += float64(depth) + 1 + averagePathLength(want[leaf].samples) - 1
					nodes, inLeaf := tree.Path(m, int(rows[i]))
					if nodes != depth+1 || inLeaf != want[leaf].samples {
						t.Fatalf("path of entry %d: %d nodes, %d samples in the leaf, want %d, %d", i, nodes, inLeaf, depth+1, want[leaf].samples)
					}
				}
			}
			scores := make([]float64, len(lengths))
			for i, length := range lengths {
				exponent := -1.0
				if scale := float64(cfg.Trees) * averagePathLength(f.Samples); scale != 0 {
					exponent = -(length / scale)
				}
				scores[i] = -power.pow(exponent)
				if got := f.Scores()[rows[i]]; got != scores[i] {
					t.Fatalf("score of entry %d is %v, want %v", i, got, scores[i])
				}
			}
			want := plainPercentile(scores, cfg.Contamination)
			if f.Offset != want {
				t.Fatalf("offset %v, want %v", f.Offset, want)
			}
			for i, score := range scores {
				if got := f.Predict(int(rows[i])); (got == -1) != (score < want) || got != -1 && got != 1 {
					t.Fatalf("label of entry %d is %d, score %v, offset %v", i, got, score, want)
				}
			}
		})
		if !ok {
			return
		}
	}
}

// plainPercentile interpolates between single scores.
func plainPercentile(scores []float64, share float64) float64 {
	sorted := slices.Sorted(slices.Values(scores))
	position := float64(len(sorted)-1) * (100 * share / 100)
	k := int(position)
	a, b := sorted[k], sorted[min(k+1, len(sorted)-1)]
	if g := position - float64(k); g < 0.5 {
		return a + float64((b-a)*g)
	} else {
		return b - float64((b-a)*(1-g))
	}
}

func TestIsolationDoesNotDependOnWorkers(t *testing.T) {
	m, cells := benchmarkCells(30_000)
	multiplicity := make([]int, m.Rows())
	for _, c := range cells {
		multiplicity[c/2]++
	}
	train := func(workers int) *Isolation {
		f, err := TrainIsolation(t.Context(), m, len(cells), func(i int) int32 { return int32(cells[i] / 2) }, multiplicity,
			IsolationConfig{Trees: 50, Samples: 256, Contamination: 0.01, Seed: 1, Workers: workers}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	if !reflect.DeepEqual(train(1), train(8)) {
		t.Error("8 workers differ from 1")
	}
}

func TestIsolationOnMoreRowsThanABlock(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	d := plainData{}
	for i := range 3*rowBlock + 17 {
		d.rows = append(d.rows, []int32{int32(i), rng.Int32N(100)})
	}
	cfg := IsolationConfig{Trees: 10, Samples: 256, Contamination: 0.01}
	f, m, _ := trainOn(t, d, cfg)
	for row := range m.Rows() {
		var length float64
		for k := range f.Trees {
			nodes, samples := f.Trees[k].Path(m, row)
			length += float64(nodes) + averagePathLength(samples) - 1
		}
		if got := f.PathLengths()[row]; got != length {
			t.Fatalf("path length of row %d is %v, want %v", row, got, length)
		}
	}
}

func TestIsolationEdges(t *testing.T) {
	cfg := IsolationConfig{Trees: 10, Samples: 256, Contamination: 0.01, Seed: 5}
	t.Run("single entry", func(t *testing.T) {
		f, _, _ := trainOn(t, plainData{rows: [][]int32{{1, 2}}}, cfg)
		if f.Scores()[0] != -0.5 || f.Offset != -0.5 || f.Predict(0) != 1 {
			t.Errorf("score %v, offset %v, label %d; want -0.5, -0.5, 1", f.Scores()[0], f.Offset, f.Predict(0))
		}
	})
	t.Run("identical rows", func(t *testing.T) {
		f, _, _ := trainOn(t, plainData{rows: slices.Repeat([][]int32{{1, 2}}, 1000)}, cfg)
		if f.Offset != f.Scores()[0] || f.Predict(0) != 1 {
			t.Errorf("score %v, offset %v, label %d; want the same score and 1", f.Scores()[0], f.Offset, f.Predict(0))
		}
		for i := range f.Trees {
			if n := f.Trees[i].Nodes(); n != 1 {
				t.Errorf("tree %d has %d nodes, want a single leaf", i, n)
			}
		}
	})
}

func TestTrainIsolationRefuses(t *testing.T) {
	good := Matrix{Features: 1, Values: []int32{1, 2}}
	fine := IsolationConfig{Trees: 1, Samples: 256, Contamination: 0.1}
	with := func(change func(*IsolationConfig)) IsolationConfig {
		cfg := fine
		change(&cfg)
		return cfg
	}
	tests := []struct {
		name         string
		matrix       Matrix
		n            int
		multiplicity []int
		cfg          IsolationConfig
		row          int32
		want         string
	}{
		{"no rows", Matrix{Features: 1}, 1, nil, fine, 0, "no rows"},
		{"no entries", good, 0, []int{0, 0}, fine, 0, "no entries"},
		{"no trees", good, 2, []int{1, 1}, with(func(c *IsolationConfig) { c.Trees = 0 }), 0, "0 trees"},
		{"no samples", good, 2, []int{1, 1}, with(func(c *IsolationConfig) { c.Samples = 0 }), 0, "0 samples"},
		{"no contamination", good, 2, []int{1, 1}, with(func(c *IsolationConfig) { c.Contamination = 0 }), 0, "contamination 0"},
		{"contamination not a number", good, 2, []int{1, 1}, with(func(c *IsolationConfig) { c.Contamination = math.NaN() }), 0, "contamination NaN"},
		{"too much contamination", good, 2, []int{1, 1}, with(func(c *IsolationConfig) { c.Contamination = 0.6 }), 0, "contamination 0.6"},
		{"multiplicity missing", good, 2, []int{2}, fine, 0, "1 multiplicities for 2 rows"},
		{"multiplicity negative", good, 2, []int{3, -1}, fine, 0, "row 1 occurs -1 times"},
		{"multiplicities too few", good, 3, []int{1, 1}, fine, 0, "2 times in all"},
		{"row too high", good, 2, []int{1, 1}, fine, 2, "entry 0 has row 2 of 2"},
		{"row negative", good, 2, []int{1, 1}, fine, -1, "row -1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := TrainIsolation(t.Context(), test.matrix, test.n, func(int) int32 { return test.row }, test.multiplicity, test.cfg, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
}

func TestTrainIsolationIsCancelled(t *testing.T) {
	m, cells := benchmarkCells(300_000)
	multiplicity := make([]int, m.Rows())
	for _, c := range cells {
		multiplicity[c/2]++
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := 0
	_, err := TrainIsolation(ctx, m, len(cells), func(i int) int32 { return int32(cells[i] / 2) }, multiplicity,
		IsolationConfig{Trees: 500, Samples: 256, Contamination: 0.01, Workers: 2}, func(n, _ int) {
			done = n
			if n == 5 {
				cancel()
			}
		})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	if done > 5+2 {
		t.Errorf("%d trees were finished although 2 workers were cancelled after 5", done)
	}
}

// TestOffsetOfRuns holds the percentile of groups against that of single
// scores where a run of equal scores spans it.
func TestOffsetOfRuns(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 200 {
		scores := make([]float64, 1+rng.IntN(6))
		multiplicity := make([]int, len(scores))
		var single []float64
		for i := range scores {
			scores[i] = -float64(rng.IntN(5)) / 7
			multiplicity[i] = rng.IntN(4)
			single = append(single, slices.Repeat(scores[i:i+1], multiplicity[i])...)
		}
		if len(single) == 0 {
			continue
		}
		share := rng.Float64() / 2
		if got, want := offset(scores, multiplicity, share), plainPercentile(single, share); cmp.Compare(got, want) != 0 {
			t.Fatalf("offset of %v x %v at %v: got %v, want %v", scores, multiplicity, share, got, want)
		}
	}
}
