package forest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// cellsOf returns the distinct rows of entries and the cell of each.
func cellsOf(d plainData) (Matrix, []uint32) {
	distinct := slices.Clone(d.rows)
	slices.SortFunc(distinct, slices.Compare)
	distinct = slices.CompactFunc(distinct, slices.Equal)
	cells := make([]uint32, len(d.rows))
	for i, row := range d.rows {
		at, _ := slices.BinarySearchFunc(distinct, row, slices.Compare)
		cells[i] = uint32(at*d.classes + d.class[i])
	}
	return Matrix{Features: len(d.rows[0]), Values: slices.Concat(distinct...)}, cells
}

// randomData makes entries with few or many distinct values, ties, constant
// columns and values that are equal as float32.
func randomData(rng *rand.Rand) plainData {
	d := plainData{classes: 1 + rng.IntN(4)}
	bounds := make([]int, 1+rng.IntN(9))
	scale := make([]int32, len(bounds))
	for f := range bounds {
		bounds[f] = 1 + rng.IntN([]int{1, 3, 12, 200}[rng.IntN(4)])
		scale[f] = []int32{1, 1, 1000, 1<<24 + 1}[rng.IntN(4)]
	}
	for range 1 + rng.IntN(300) {
		row := make([]int32, len(bounds))
		for f := range row {
			row[f] = int32(rng.IntN(bounds[f])) * scale[f]
			if scale[f] > 1000 {
				row[f] = 1<<24 + int32(rng.IntN(bounds[f]))
			}
		}
		class := 0
		if rng.IntN(3) == 0 {
			class = rng.IntN(d.classes)
		}
		d.rows, d.class = append(d.rows, row), append(d.class, class)
	}
	return d
}

func TestRandomEqualsPlainForest(t *testing.T) {
	for seed := range uint64(150) {
		rng := rand.New(rand.NewPCG(seed, 0))
		d := randomData(rng)
		m, cells := cellsOf(d)
		cfg := RandomConfig{Trees: 4, Seed: uint32(seed), Keep: 4}
		f, err := TrainRandom(t.Context(), m, d.classes, cells, cfg, nil)
		if err != nil {
			t.Fatal(err)
		}
		name := fmt.Sprintf("seed %d: %d entries, %d rows, %d features, %d classes", seed, len(cells), m.Rows(), m.Features, d.classes)
		ok := t.Run(name, func(t *testing.T) {
			sums := make([][]float64, len(d.rows))
			for i := range sums {
				sums[i] = make([]float64, d.classes)
			}
			for k, treeSeed := range treeSeeds(cfg.Seed, cfg.Trees) {
				want := plainRandomTree(d, treeSeed)
				samples, err := NodeSamples(t.Context(), m, cells, &f.Trees[k])
				if err != nil {
					t.Fatal(err)
				}
				expectTree(t, &f.Trees[k], samples, want)
				for i := range sums {
					leaf, _ := plainLeaf(want, d, i)
					for c, v := range want[leaf].value {
						sums[i][c] += v / want[leaf].weight
					}
				}
			}
			for i, cell := range cells {
				for c := range sums[i] {
					sums[i][c] /= float64(cfg.Trees)
				}
				if got := f.Probabilities(int(cell) / d.classes); !slices.Equal(got, sums[i]) {
					t.Fatalf("probabilities of entry %d: got %v, want %v", i, got, sums[i])
				}
			}
		})
		if !ok {
			return
		}
	}
}

func TestRandomDoesNotDependOnWorkersOrCellType(t *testing.T) {
	m, narrow := benchmarkCells(30_000)
	wide, signed := make([]uint32, len(narrow)), make([]int32, len(narrow))
	for i, c := range narrow {
		wide[i], signed[i] = uint32(c), int32(c)
	}
	cfg := RandomConfig{Trees: 30, Seed: 7, Workers: 1, Keep: 30}
	want, err := TrainRandom(t.Context(), m, 2, narrow, cfg, nil)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Workers = 8
	for name, train := range map[string]func() (*Random, error){
		"uint16": func() (*Random, error) { return TrainRandom(t.Context(), m, 2, narrow, cfg, nil) },
		"uint32": func() (*Random, error) { return TrainRandom(t.Context(), m, 2, wide, cfg, nil) },
		"int32":  func() (*Random, error) { return TrainRandom(t.Context(), m, 2, signed, cfg, nil) },
	} {
		got, err := train()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("8 workers on %s cells differ from 1 worker on uint16", name)
		}
	}
}

// A tree is grown from as many entries as Samples has, and no more than there are.
func TestSamplesOfATree(t *testing.T) {
	m, train := benchmarkCells(3_000)
	for samples, want := range map[int]int{0: len(train), 100: 100, len(train) - 1: len(train) - 1, 1 << 30: len(train)} {
		f, err := TrainRandom(t.Context(), m, 2, train, RandomConfig{Trees: 2, Keep: 2, Samples: samples}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, tree := range f.Trees {
			if tree.Weight[0] != float64(want) {
				t.Errorf("samples %d: a tree of %v entries, want %d", samples, tree.Weight[0], want)
			}
		}
	}
}

func TestRandomOnDistinctRows(t *testing.T) {
	const n = 20_000
	rng := rand.New(rand.NewPCG(1, 2))
	m := Matrix{Features: 5}
	train := make([]uint32, n)
	for i := range n {
		m.Values = append(m.Values, int32(i*7919%n), rng.Int32N(n), rng.Int32N(50), rng.Int32N(3), rng.Int32())
		train[i] = uint32(2 * i)
		if rng.IntN(50) == 0 {
			train[i]++
		}
	}
	f, err := TrainRandom(t.Context(), m, 2, train, RandomConfig{Trees: 5, Seed: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Trees) != 0 {
		t.Errorf("kept %d trees, want none", len(f.Trees))
	}
	// A row that no tree has drawn is rare, so nearly all are remembered.
	wrong := 0
	for _, cell := range train {
		if f.Predict(int(cell/2)) != int(cell%2) {
			wrong++
		}
	}
	if wrong > n/20 {
		t.Errorf("%d of %d training entries predicted wrong", wrong, n)
	}
}

func TestRandomEdges(t *testing.T) {
	one := Matrix{Features: 2, Values: []int32{3, 4}}
	three := Matrix{Features: 1, Values: []int32{0, 1, 2}}
	tests := []struct {
		name          string
		matrix        Matrix
		classes       int
		train         []uint16
		present       []int
		probabilities [][]float64 // by row; nil if not fixed by hand
		importances   []float64
	}{
		{"single entry", one, 2, []uint16{1}, []int{1}, [][]float64{{0, 1}}, []float64{0, 0}},
		{"one class", three, 1, []uint16{0, 1, 2, 2}, []int{0}, [][]float64{{1}, {1}, {1}}, []float64{0}},
		{"class absent from training", three, 3, []uint16{1, 4, 8, 8, 8, 8}, []int{1, 2}, nil, []float64{1}},
		{"row absent from training", three, 2, []uint16{0, 0, 0, 0}, []int{0}, [][]float64{{1, 0}, {1, 0}, {1, 0}}, []float64{0}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f, err := TrainRandom(t.Context(), test.matrix, test.classes, test.train, RandomConfig{Trees: 20, Seed: 3}, nil)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(f.Classes, test.present) {
				t.Errorf("classes %v, want %v", f.Classes, test.present)
			}
			if !slices.Equal(f.Importances(), test.importances) {
				t.Errorf("importances %v, want %v", f.Importances(), test.importances)
			}
			for row, want := range test.probabilities {
				if got := f.Probabilities(row); !slices.Equal(got, want) {
					t.Errorf("probabilities of row %d: %v, want %v", row, got, want)
				}
			}
			for row := range test.matrix.Rows() {
				for c, p := range f.Probabilities(row) {
					if p != 0 && !slices.Contains(test.present, c) {
						t.Errorf("row %d has probability %v of the absent class %d", row, p, c)
					}
				}
			}
		})
	}
}

func TestIdenticalRowsGiveOneMixedLeaf(t *testing.T) {
	m := Matrix{Features: 4, Values: []int32{1, 1, 1, 1}}
	train := []uint16{0, 0, 0, 1, 0, 1, 0, 0, 0, 0}
	f, err := TrainRandom(t.Context(), m, 2, train, RandomConfig{Trees: 10, Seed: 1, Keep: 10}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range f.Trees {
		if n := f.Trees[i].Nodes(); n != 1 {
			t.Errorf("tree %d has %d nodes, want a single leaf", i, n)
		}
	}
	if p := f.Probabilities(0); p[0] <= p[1] || p[1] == 0 || f.Predict(0) != 0 {
		t.Errorf("probabilities %v, predicted %d", p, f.Predict(0))
	}
}

func TestPredictTakesTheLowerOfEqualClasses(t *testing.T) {
	f := &Random{classes: 3, probabilities: []float64{0.2, 0.4, 0.4}}
	if got := f.Predict(0); got != 1 {
		t.Errorf("predicted %d, want 1", got)
	}
}

func TestImportancesWithoutGain(t *testing.T) {
	f := &Random{importances: []float64{0, 0}}
	f.finish(3, 2) // two trees were split, but nothing was gained
	if !slices.Equal(f.Importances(), []float64{0, 0}) {
		t.Errorf("importances %v, want zeros", f.Importances())
	}
}

func TestTrainRandomRefuses(t *testing.T) {
	good := Matrix{Features: 2, Values: []int32{1, 2, 3, 4}}
	tests := []struct {
		name    string
		matrix  Matrix
		classes int
		train   []int32
		cfg     RandomConfig
		want    string
	}{
		{"samples below 0", Matrix{Values: []int32{1}, Features: 1}, 2, []int32{0}, RandomConfig{Trees: 1, Samples: -1}, "-1 entries for a tree"},
		{"no features", Matrix{Values: []int32{1}}, 2, []int32{0}, RandomConfig{Trees: 1}, "0 features"},
		{"no rows", Matrix{Features: 2}, 2, []int32{0}, RandomConfig{Trees: 1}, "no rows"},
		{"ragged rows", Matrix{Features: 2, Values: []int32{1}}, 2, []int32{0}, RandomConfig{Trees: 1}, "not a multiple"},
		{"no entries", good, 2, nil, RandomConfig{Trees: 1}, "no entries"},
		{"no classes", good, 0, []int32{0}, RandomConfig{Trees: 1}, "0 classes"},
		{"no trees", good, 2, []int32{0}, RandomConfig{}, "0 trees"},
		{"keep less than none", good, 2, []int32{0}, RandomConfig{Trees: 1, Keep: -1}, "-1 trees"},
		{"cell too high", good, 2, []int32{0, 4}, RandomConfig{Trees: 1}, "entry 1 has cell 4"},
		{"cell negative", good, 2, []int32{-1}, RandomConfig{Trees: 1}, "cell -1"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := TrainRandom(t.Context(), test.matrix, test.classes, test.train, test.cfg, nil)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one about %q", err, test.want)
			}
		})
	}
}

func TestTrainRandomTellsProgressAndIsCancelled(t *testing.T) {
	m, cells := benchmarkCells(20_000)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var told []int
	_, err := TrainRandom(ctx, m, 2, cells, RandomConfig{Trees: 1000, Workers: 3}, func(done, total int) {
		if total != 1000 {
			t.Errorf("progress of %d trees, want 1000", total)
		}
		told = append(told, done)
		if done == 5 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want %v", err, context.Canceled)
	}
	for i, done := range told {
		if done != i+1 {
			t.Fatalf("progress %v does not count up", told)
		}
	}
	if len(told) < 5 || len(told) > 5+3 {
		t.Errorf("%d trees were finished although 3 workers were cancelled after 5", len(told))
	}
}
