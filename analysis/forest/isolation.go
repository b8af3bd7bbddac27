package forest

import (
	"cmp"
	"context"
	"fmt"
	"math/bits"
	"slices"

	"sqleuth/analysis/forest/internal/numpyrand"
	"sqleuth/analysis/metrics"
)

// IsolationConfig holds the parameters of an isolation forest. All others are
// scikit-learn's defaults: all features, sampling without replacement.
type IsolationConfig struct {
	Trees         int     // n_estimators, at least 1
	Samples       int     // entries per tree, at least 1; scikit-learn's is 256
	Contamination float64 // expected share of outliers, above 0 and at most 0.5
	Seed          uint32  // random_state
	Workers       int     // goroutines; 0 means GOMAXPROCS. Does not change the result.
}

// Isolation is a trained isolation forest together with its verdict on every
// row of the matrix it was trained on. It is not written to after training.
type Isolation struct {
	Trees   []IsolationTree
	Samples int     // entries per tree: IsolationConfig.Samples, or all if there are fewer
	Offset  float64 // the score below which a row is an outlier

	lengths     [][]float64 // see leafLengths
	pathLengths []float64
	scores      []float64
}

// IsolationTree is one tree and the entries it was grown from.
type IsolationTree struct {
	Tree
	DrawSeed uint32  // random_state from which the sample was drawn
	Drawn    []int32 // positions of the sampled entries, in the order of the draw
}

// TrainIsolation grows an isolation forest from n entries and scores every row
// of m. row returns the row of the entry at a position in [0, n); it is called
// for the sampled ones only, by one goroutine. multiplicity holds, for each
// row, how many of the n entries have it; the offset depends on it.
//
// Progress, unless nil, is called after each tree, never by two goroutines at
// once. A cancelled context ends the training with its error, within
// milliseconds.
func TrainIsolation(ctx context.Context, m Matrix, n int, row func(position int) int32, multiplicity []int, cfg IsolationConfig, progress func(done, total int)) (*Isolation, error) {
	f, err := trainIsolation(ctx, m, n, row, multiplicity, cfg, progress)
	if err != nil {
		return nil, fmt.Errorf("train isolation forest: %w", err)
	}
	return f, nil
}

func trainIsolation(ctx context.Context, m Matrix, n int, row func(position int) int32, multiplicity []int, cfg IsolationConfig, progress func(done, total int)) (*Isolation, error) {
	if err := checkIsolation(m, n, multiplicity, cfg); err != nil {
		return nil, err
	}
	f := &Isolation{
		Trees:       make([]IsolationTree, cfg.Trees),
		Samples:     min(cfg.Samples, n),
		pathLengths: make([]float64, m.Rows()),
		scores:      make([]float64, m.Rows()),
	}
	if err := f.drawSamples(ctx, n, cfg); err != nil {
		return nil, err
	}
	entries, err := f.sampledEntries(ctx, m, row, cfg.Seed)
	if err != nil {
		return nil, err
	}
	if err := f.grow(ctx, m, entries, cfg.Workers, progress); err != nil {
		return nil, err
	}
	f.lengths = f.leafLengths()
	if err := f.score(ctx, m, cfg.Workers); err != nil {
		return nil, err
	}
	f.Offset = offset(f.scores, multiplicity, cfg.Contamination)
	return f, nil
}

func checkIsolation(m Matrix, n int, multiplicity []int, cfg IsolationConfig) error {
	if err := m.check(); err != nil {
		return err
	}
	if err := checkPositions(n); err != nil {
		return err
	}
	switch {
	case cfg.Trees < 1:
		return fmt.Errorf("%d trees, needs at least one", cfg.Trees)
	case cfg.Samples < 1:
		return fmt.Errorf("%d samples per tree, needs at least one", cfg.Samples)
	case !(cfg.Contamination > 0 && cfg.Contamination <= 0.5):
		return fmt.Errorf("contamination %v is not above 0 and at most 0.5", cfg.Contamination)
	case len(multiplicity) != m.Rows():
		return fmt.Errorf("%d multiplicities for %d rows", len(multiplicity), m.Rows())
	}
	total := 0
	for r, k := range multiplicity {
		if k < 0 {
			return fmt.Errorf("row %d occurs %d times", r, k)
		}
		total += k
	}
	if total != n {
		return fmt.Errorf("rows occur %d times in all, but there are %d entries", total, n)
	}
	return nil
}

// drawSamples chooses the entries of every tree.
func (f *Isolation) drawSamples(ctx context.Context, n int, cfg IsolationConfig) error {
	seeds := treeSeeds(cfg.Seed, cfg.Trees)
	return inParallel(ctx, cfg.Trees, cfg.Workers, func() func(context.Context, int) error {
		var rng numpyrand.MT19937
		return func(ctx context.Context, t int) error {
			rng.Seed(seeds[t])
			drawn, err := numpyrand.Sample(ctx, &rng, n, f.Samples)
			// Cloned, because a sample may be the head of a permutation
			// of all positions.
			f.Trees[t].DrawSeed, f.Trees[t].Drawn = seeds[t], slices.Clone(drawn)
			return err
		}
	})
}

// sampledEntries returns the entries of every tree in ascending order of their
// positions, with their targets: position i has the i-th double of the stream
// of the forest's seed.
func (f *Isolation) sampledEntries(ctx context.Context, m Matrix, row func(position int) int32, seed uint32) ([][]isolated, error) {
	var positions []int32
	for _, t := range f.Trees {
		positions = append(positions, t.Drawn...)
	}
	slices.Sort(positions)
	positions = slices.Compact(positions)

	entries := make([]isolated, len(positions))
	rng := numpyrand.New(seed)
	const pairs = numpyrand.BlockPairs // one makes a target
	made := 0                          // blocks
	var block *[pairs]uint64
	for i, p := range positions {
		for ; made <= int(p)/pairs; made++ {
			if made%cancelBlocks == 0 {
				if err := ctx.Err(); err != nil {
					return nil, err
				}
			}
			if made < int(p)/pairs {
				rng.Skip()
			} else {
				block = rng.Block()
			}
		}
		r := row(int(p))
		if r < 0 || int(r) >= m.Rows() {
			return nil, fmt.Errorf("entry %d has row %d of %d", p, r, m.Rows())
		}
		entries[i] = isolated{r, numpyrand.Double(block[int(p)%pairs])}
	}

	byTree := make([][]isolated, len(f.Trees))
	for t := range f.Trees {
		drawn := slices.Sorted(slices.Values(f.Trees[t].Drawn))
		byTree[t] = make([]isolated, len(drawn))
		for i, p := range drawn {
			at, _ := slices.BinarySearch(positions, p)
			byTree[t][i] = entries[at]
		}
	}
	return byTree, nil
}

func (f *Isolation) grow(ctx context.Context, m Matrix, entries [][]isolated, workers int, progress func(done, total int)) error {
	tally := meter{total: len(f.Trees), tell: progress}
	// ceil(log2(samples)), at least 1: as deep as a balanced tree.
	maxDepth := bits.Len(uint(max(f.Samples, 2) - 1))
	return inParallel(ctx, len(f.Trees), workers, func() func(context.Context, int) error {
		grower := isolationGrower{matrix: m, maxDepth: maxDepth}
		return func(_ context.Context, t int) error {
			seed := numpyrand.FirstSeed31(f.Trees[t].DrawSeed)
			f.Trees[t].Tree = grower.grow(seed, entries[t]).clone()
			tally.step()
			return nil
		}
	})
}

// score walks every row through every tree.
func (f *Isolation) score(ctx context.Context, m Matrix, workers int) error {
	return f.walk(ctx, m, workers, f.pathLengths, f.scores)
}

// ScoresOf returns score_samples of the rows of another matrix with the same features.
func (f *Isolation) ScoresOf(m Matrix) ([]float64, error) {
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("score isolation forest: %w", err)
	}
	scores := make([]float64, m.Rows())
	if err := f.walk(context.Background(), m, 1, make([]float64, m.Rows()), scores); err != nil {
		return nil, fmt.Errorf("score isolation forest: %w", err)
	}
	return scores, nil
}

// walk adds up the paths of every row through every tree and scores them.
func (f *Isolation) walk(ctx context.Context, m Matrix, workers int, pathLengths, scores []float64) error {
	scale := float64(len(f.Trees)) * averagePathLength(f.Samples)
	power := powers()
	return inParallel(ctx, rowBlocks(m.Rows()), workers, func() func(context.Context, int) error {
		return func(_ context.Context, block int) error {
			from, to := block*rowBlock, min((block+1)*rowBlock, m.Rows())
			sums := pathLengths[from:to]
			for t := range f.Trees {
				for i := range sums {
					leaf, _ := f.Trees[t].leaf(m, int32(from+i))
					sums[i] += f.lengths[t][leaf]
				}
			}
			for i, sum := range sums {
				exponent := -1.0
				if scale != 0 {
					exponent = -(sum / scale)
				}
				scores[from+i] = -power.pow(exponent)
			}
			return nil
		}
	})
}

// leafLengths returns, for every tree, what each node counts for as the end of
// a path: its depth, and what a balanced tree of its samples would add.
func (f *Isolation) leafLengths() [][]float64 {
	average := make(map[float64]float64)
	lengths := make([][]float64, len(f.Trees))
	for t := range f.Trees {
		tree := &f.Trees[t].Tree
		depths := make([]int, tree.Nodes())
		lengths[t] = make([]float64, tree.Nodes())
		for node, left := range tree.Left {
			if left != NoChild {
				depths[left] = depths[node] + 1
				depths[tree.Right[node]] = depths[node] + 1
				continue
			}
			c, known := average[tree.Weight[node]]
			if !known {
				c = averagePathLength(int(tree.Weight[node]))
				average[tree.Weight[node]] = c
			}
			lengths[t][node] = (float64(depths[node]+1) + c) - 1
		}
	}
	return lengths
}

// averagePathLength is the average length of an unsuccessful search in a
// binary search tree of n keys.
func averagePathLength(n int) float64 {
	const eulerGamma = 0.5772156649015329
	switch {
	case n <= 1:
		return 0
	case n == 2:
		return 1
	}
	return float64(2*(logInt(n-1)+eulerGamma)) - 2*float64(n-1)/float64(n)
}

// offset returns the score below which the contaminated share of the entries
// lies. With heavy repetition it is the score of a whole group, none of which
// is then an outlier.
func offset(scores []float64, multiplicity []int, contamination float64) float64 {
	groups := make([]metrics.Group, 0, len(scores))
	for r, score := range scores {
		if multiplicity[r] > 0 {
			groups = append(groups, metrics.Group{Value: score, Count: multiplicity[r]})
		}
	}
	slices.SortFunc(groups, func(a, b metrics.Group) int { return cmp.Compare(a.Value, b.Value) })
	return metrics.Quantile(groups, 100*contamination/100) // as a percentage and back
}

// Scores returns score_samples of every row of the matrix: between -1 and 0,
// the lower the more abnormal. The slice must not be written to.
func (f *Isolation) Scores() []float64 { return f.scores }

// PathLengths returns, for every row of the matrix, the sum over the trees of
// the lengths of its paths. The slice must not be written to.
func (f *Isolation) PathLengths() []float64 { return f.pathLengths }

// Predict returns -1 if a row of the matrix is an outlier, else 1.
func (f *Isolation) Predict(row int) int {
	if f.scores[row]-f.Offset < 0 {
		return -1
	}
	return 1
}

// Path returns the number of nodes on a row's path through the tree, root and
// leaf included, and the number of sampled entries in the leaf.
func (t *IsolationTree) Path(m Matrix, row int) (nodes, samples int) {
	leaf, depth := t.leaf(m, int32(row))
	return depth + 1, int(t.Weight[leaf])
}
