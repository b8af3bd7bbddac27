package forest

import (
	"context"
	"errors"
	"fmt"

	"sqleuth/analysis/forest/internal/numpyrand"
	"sqleuth/analysis/metrics"
)

// RandomConfig holds the parameters of a random forest. All others are
// scikit-learn's defaults: Gini impurity, sqrt(D) features per split, trees
// grown until their leaves are pure, bootstrap of all training entries.
type RandomConfig struct {
	Trees   int    // n_estimators, at least 1
	Seed    uint32 // random_state
	Workers int    // goroutines; 0 means GOMAXPROCS. Does not change the result.
	// Samples is how many training entries are drawn for a tree at most, max_samples; 0
	// means as many as there are.
	Samples int
	// Keep is the number of leading trees whose nodes Random.Trees keeps. A
	// tree is otherwise dropped once it has voted: on rows that are nearly
	// all distinct the nodes of all trees can be far larger than the data.
	Keep int
}

// Random is a trained random forest together with its verdict on every row of
// the matrix it was trained on. It is not written to after training.
type Random struct {
	Classes []int  // the classes that occur in the training part, ascending
	Trees   []Tree // the first RandomConfig.Keep trees
	Shapes  []TreeShape

	classes       int
	importances   []float64
	probabilities []float64 // row-major, rows x classes
}

// TreeShape is what remains of every tree.
type TreeShape struct {
	Seed  uint32 // random_state of the tree
	Nodes int
	Depth int // greatest depth of a leaf; the root has depth 0
}

// TrainRandom grows a random forest and lets it vote on every row of m. train
// holds one cell, row*classes + class, per training entry, in the order in
// which scikit-learn would get them; it is not modified. Classes that do not
// occur in train are possible; their probability is zero.
//
// Progress, unless nil, is called after each tree, never by two goroutines at
// once. A cancelled context ends the training with its error, within
// milliseconds unless millions of rows are distinct.
func TrainRandom[C Cell](ctx context.Context, m Matrix, classes int, train []C, cfg RandomConfig, progress func(done, total int)) (*Random, error) {
	ranked, err := Rank(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("train random forest: %w", err)
	}
	return TrainRanked(ctx, ranked, classes, train, cfg, progress)
}

// TrainRanked is TrainRandom for a matrix that several forests are trained on.
func TrainRanked[C Cell](ctx context.Context, m *Ranked, classes int, train []C, cfg RandomConfig, progress func(done, total int)) (*Random, error) {
	f, err := trainRandom(ctx, m, classes, train, cfg, progress)
	if err != nil {
		return nil, fmt.Errorf("train random forest: %w", err)
	}
	return f, nil
}

func trainRandom[C Cell](ctx context.Context, ranked *Ranked, classes int, train []C, cfg RandomConfig, progress func(done, total int)) (*Random, error) {
	m := ranked.matrix
	if cfg.Trees < 1 {
		return nil, fmt.Errorf("%d trees, needs at least one", cfg.Trees)
	}
	if cfg.Keep < 0 {
		return nil, fmt.Errorf("cannot keep %d trees", cfg.Keep)
	}
	if cfg.Samples < 0 {
		return nil, fmt.Errorf("cannot draw %d entries for a tree", cfg.Samples)
	}
	present, err := presentClasses(m.Rows(), classes, train)
	if err != nil {
		return nil, err
	}

	rows := m.Rows()
	f := &Random{
		Classes:       present,
		Trees:         make([]Tree, min(cfg.Keep, cfg.Trees)),
		Shapes:        make([]TreeShape, cfg.Trees),
		classes:       classes,
		importances:   make([]float64, m.Features),
		probabilities: make([]float64, rows*classes),
	}
	seeds := treeSeeds(cfg.Seed, cfg.Trees)
	tally := meter{total: cfg.Trees, tell: progress}
	grownTrees := 0 // with more than one node
	// voted[t] is closed when the trees before t have voted: float64 sums
	// depend on their order.
	voted := make([]chan struct{}, cfg.Trees+1)
	for t := range voted {
		voted[t] = make(chan struct{})
	}
	close(voted[0])

	newDraws := drawsOf(train, rows*classes, cfg.Samples)
	err = inParallel(ctx, cfg.Trees, cfg.Workers, func() func(context.Context, int) error {
		draws := newDraws()
		grower := newGiniGrower(ranked, classes)
		leaves := make([]int32, rows)
		return func(ctx context.Context, t int) error {
			counts, err := draws.draw(ctx, seeds[t])
			if err != nil {
				return err
			}
			tree, err := grower.grow(ctx, seeds[t], counts)
			if err != nil {
				return err
			}
			if err := findLeaves(ctx, m, tree, leaves); err != nil {
				return err
			}
			importances := tree.importances(m.Features)

			select {
			case <-voted[t]:
			case <-ctx.Done():
				return ctx.Err()
			}
			f.vote(tree, leaves)
			if tree.Nodes() > 1 {
				grownTrees++
				for i, v := range importances {
					f.importances[i] += v
				}
			}
			f.Shapes[t] = TreeShape{tree.Seed, tree.Nodes(), tree.Depth}
			if t < len(f.Trees) {
				f.Trees[t] = tree.clone()
			}
			close(voted[t+1])
			tally.step()
			return nil
		}
	})
	if err != nil {
		return nil, err
	}
	f.finish(cfg.Trees, grownTrees)
	return f, nil
}

// presentClasses checks the training cells and returns the classes among them.
func presentClasses[C Cell](rows, classes int, train []C) ([]int, error) {
	if err := checkPositions(len(train)); err != nil {
		return nil, err
	}
	if classes < 1 {
		return nil, fmt.Errorf("%d classes, needs at least one", classes)
	}
	cells := rows * classes
	seen := make([]bool, cells)
	for i, c := range train {
		if int(c) < 0 || int(c) >= cells {
			return nil, fmt.Errorf("training entry %d has cell %d, not one of the %d of %d rows and %d classes",
				i, c, cells, rows, classes)
		}
		seen[c] = true
	}
	occurs := make([]bool, classes)
	for c, s := range seen {
		if s {
			occurs[c%classes] = true
		}
	}
	var present []int
	for class, o := range occurs {
		if o {
			present = append(present, class)
		}
	}
	return present, nil
}

// treeSeeds draws the seeds of a forest's trees from the forest's own.
func treeSeeds(seed uint32, trees int) []uint32 {
	rng := numpyrand.New(seed)
	seeds := make([]uint32, trees)
	for t := range seeds {
		seeds[t] = rng.Seed31()
	}
	return seeds
}

// findLeaves sets leaves[row] to the node of the tree in which the row ends.
func findLeaves(ctx context.Context, m Matrix, tree *Tree, leaves []int32) error {
	for row := range leaves {
		if row%rowBlock == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		leaves[row], _ = tree.leaf(m, int32(row))
	}
	return nil
}

// vote adds the class shares of every row's leaf.
func (f *Random) vote(tree *Tree, leaves []int32) {
	for row, leaf := range leaves {
		sums := f.probabilities[row*f.classes:][:f.classes]
		for c, n := range tree.Value[int(leaf)*f.classes:][:f.classes] {
			sums[c] += n / tree.Weight[leaf]
		}
	}
}

// finish turns the sums over trees into means.
func (f *Random) finish(trees, grownTrees int) {
	for i := range f.probabilities {
		f.probabilities[i] /= float64(trees)
	}
	if grownTrees == 0 {
		return
	}
	for i := range f.importances {
		f.importances[i] /= float64(grownTrees)
	}
	sum := metrics.Sum(f.importances)
	if sum == 0 { // splits without any gain; scikit-learn divides and gets NaN
		return
	}
	for i := range f.importances {
		f.importances[i] /= sum
	}
}

// importances returns the share of each feature in the tree's total loss of
// impurity; zeros if there is none.
func (t *Tree) importances(features int) []float64 {
	out := make([]float64, features)
	for i, f := range t.Feature {
		if f == Leaf {
			continue
		}
		l, r := t.Left[i], t.Right[i]
		out[f] += float64(t.Weight[i]*t.Impurity[i]) -
			float64(t.Weight[l]*t.Impurity[l]) - float64(t.Weight[r]*t.Impurity[r])
	}
	for f := range out {
		out[f] /= t.Weight[0]
	}
	if sum := metrics.Sum(out); sum > 0 {
		for f := range out {
			out[f] /= sum
		}
	}
	return out
}

// Probabilities returns the probability of each class (of all, also of those
// absent from training) for a row of the matrix. The slice must not be written
// to.
func (f *Random) Probabilities(row int) []float64 {
	return f.probabilities[row*f.classes : (row+1)*f.classes : (row+1)*f.classes]
}

// Predict returns the most probable class of a row of the matrix, the lowest
// one of equals.
func (f *Random) Predict(row int) int {
	best := 0
	p := f.Probabilities(row)
	for c := range p {
		if p[c] > p[best] {
			best = c
		}
	}
	return best
}

// Importances returns the mean decrease of impurity by feature; the shares sum
// to 1, or are all 0 where no tree could be split. The slice must not be
// written to.
func (f *Random) Importances() []float64 { return f.importances }

// NodeSamples returns scikit-learn's n_node_samples of one tree of a forest
// that TrainRandom grew from the same arguments: how many different training
// entries its bootstrap brought to each node. Nothing else needs it, so it is
// computed on request by drawing the bootstrap again.
func NodeSamples[C Cell](ctx context.Context, m Matrix, train []C, tree *Tree) ([]int, error) {
	if err := errors.Join(m.check(), checkPositions(len(train))); err != nil {
		return nil, fmt.Errorf("count node samples: %w", err)
	}
	met := make([]bool, len(train))
	rng := numpyrand.New(tree.Seed)
	for i := range train {
		if i%rowBlock == 0 && ctx.Err() != nil {
			return nil, fmt.Errorf("count node samples: %w", ctx.Err())
		}
		met[rng.Below(uint32(len(train)))] = true
	}
	different := make([]int, m.Rows())
	for i, c := range train {
		if !met[i] {
			continue
		}
		row := int(c) / tree.Outputs
		if row < 0 || row >= len(different) {
			return nil, fmt.Errorf("count node samples: training entry %d has row %d of %d", i, row, len(different))
		}
		different[row]++
	}
	samples := make([]int, tree.Nodes())
	for row, n := range different {
		leaf, _ := tree.leaf(m, int32(row))
		samples[leaf] += n
	}
	// Children have higher numbers than their parents.
	for node := tree.Nodes() - 1; node >= 0; node-- {
		if tree.Left[node] != NoChild {
			samples[node] = samples[tree.Left[node]] + samples[tree.Right[node]]
		}
	}
	return samples, nil
}
