package learned

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/trait"
)

// Labels are the classes of connections.
type Labels struct {
	Classes []string // the first one is that of normal connections
	Of      []int32  // by connection, index in Classes, or Unknown
}

// Unknown is the class of connections that are neither trained with nor scored.
const Unknown = -1

// anomalies returns how many connections are of another class than the first.
func (l *Labels) anomalies() (n int) {
	for _, k := range l.Of {
		if k > 0 {
			n++
		}
	}
	return n
}

// Params are the parameters of the forest.
type Params struct {
	Trees   int
	Seed    uint32
	Workers int // goroutines; 0: as many as run at once. Does not change the result.
}

const (
	// Folds is in how many parts connections are dealt.
	Folds = 5
	// groups is how many draws of connections trees are trained with.
	groups = 20
	// fewest and most are how many connections of a class are drawn, the same ones
	// again where there are fewer.
	fewest = 16
	most   = 1 << 14
	// many is from how many labelled anomalies on all classes are drawn as often as
	// the normal one has connections.
	many = 64
)

// ErrNoLabels reports that there is nothing to learn from.
var ErrNoLabels = errors.New("no connection is labelled as an anomaly, so there is nothing to learn")

// leftOut are the traits that forests do not see, since what they say does not carry
// over to another log: how often somebody was refused, without the context that other
// traits have (an old password is refused forever), figures of all of a log, which grow
// with its length, where in the log somebody first came, which hangs on when the log
// begins, and how long connections are.
var leftOut = map[string]bool{
	"refused": true, "pair refused": true, "pair refused before": true, "host refused before": true, "host began refused": true,
	"strangers from host": true,
	"host first seen":     true, "pair first seen": true, "user first seen": true, "network first seen": true,
	"pair logins": true, "host logins": true, "user logins": true, "account days": true, "account share": true,
	"entries": true, "duration": true,
}

// LeftOut names the traits that forests do not see.
func LeftOut() []string { return slices.Sorted(maps.Keys(leftOut)) }

// matrixOf returns the rows of a matrix for a forest.
func matrixOf(m *trait.Matrix) forest.Matrix {
	traits := trait.Traits()
	hidden := make([]bool, len(traits))
	for k := range traits {
		hidden[k] = leftOut[traits[k].Name]
	}
	x := forest.Matrix{Features: len(traits), Values: make([]int32, 0, m.Len()*len(traits))}
	for row := range m.Len() {
		for k, step := range m.Steps(row) {
			if hidden[k] {
				step = 0
			}
			x.Values = append(x.Values, int32(step))
		}
	}
	return x
}

// deal deals the connections of each class into folds, by a draw.
func deal(l *Labels, seed uint32) []uint8 {
	byClass := make([][]uint32, len(l.Classes))
	for c, k := range l.Of {
		if k != Unknown {
			byClass[k] = append(byClass[k], uint32(c))
		}
	}
	rng := rand.New(rand.NewPCG(uint64(seed), 0x1ea4ed))
	fold := make([]uint8, len(l.Of))
	for _, list := range byClass {
		rng.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		for k, c := range list {
			fold[c] = uint8(k % Folds)
		}
	}
	return fold
}

// draw draws training cells of the connections that keep says: as many normal ones as
// others. Where few are labelled these are few, so that most trees have not seen the
// connections that are like them and nobody labelled.
func draw(m *trait.Matrix, l *Labels, rng *rand.Rand, keep func(c int) bool) []uint32 {
	classes := len(l.Classes)
	of := make([][]uint32, classes) // rows by class
	for c, k := range l.Of {
		if k != Unknown && keep(c) {
			of[k] = append(of[k], uint32(m.Row(c)))
		}
	}
	drawn, anomalies := make([]int, classes), 0
	for k := 1; k < classes; k++ {
		if len(of[k]) > 0 {
			drawn[k] = min(most, max(fewest, len(of[k])))
			anomalies += drawn[k]
		}
	}
	drawn[0] = max(fewest, anomalies)
	if anomalies >= many {
		// Those alike are labelled too, and every normal one counts.
		drawn[0] = max(drawn[0], min(most, len(of[0])))
		for k := range drawn {
			if drawn[k] > 0 {
				drawn[k] = drawn[0]
			}
		}
	}
	var out []uint32
	for k, rows := range of {
		n := drawn[k]
		for n > 0 && len(rows) > 0 {
			// All of them before any comes again.
			for i := range min(n, len(rows)) {
				j := i + rng.IntN(len(rows)-i)
				rows[i], rows[j] = rows[j], rows[i]
				out = append(out, rows[i]*uint32(classes)+uint32(k))
			}
			n -= len(rows)
		}
	}
	return out
}

// Train learns a model of all labels.
func Train(ctx context.Context, m *trait.Matrix, l *Labels, p Params, progress func(done, total int)) (*Model, error) {
	if l.anomalies() == 0 {
		return nil, ErrNoLabels
	}
	f, err := train(ctx, m, l, p, true, func(int) bool { return true }, progress)
	if err != nil {
		return nil, err
	}
	return newModel(m, l, f, p), nil
}

// forests are the groups of trees of a model, each trained with draws of its own.
type forests []*forest.Random

// probabilities returns the probabilities of the classes of a row. Who has seen
// nothing takes all for normal.
func (list forests) probabilities(row int, sums []float64) []float64 {
	clear(sums)
	if len(list) == 0 {
		sums[0] = 1
	}
	for _, f := range list {
		for k, v := range f.Probabilities(row) {
			sums[k] += v / float64(len(list))
		}
	}
	return sums
}

// train grows the forests of the connections that of says.
func train(ctx context.Context, m *trait.Matrix, l *Labels, p Params, keep bool, of func(c int) bool, progress func(done, total int)) (forests, error) {
	x := matrixOf(m)
	rng := rand.New(rand.NewPCG(uint64(p.Seed), 0xd4a7))
	groups := min(groups, p.Trees)
	var list forests
	for g := range groups {
		cfg := forest.RandomConfig{Trees: p.Trees / groups, Seed: p.Seed + uint32(g), Workers: p.Workers}
		if g < p.Trees%groups {
			cfg.Trees++
		}
		if keep {
			cfg.Keep = cfg.Trees
		}
		drawn := draw(m, l, rng, of)
		if len(drawn) == 0 {
			return nil, nil // the log has hardly a connection
		}
		f, err := forest.TrainRandom(ctx, x, len(l.Classes), drawn, cfg, nil)
		if err != nil {
			return nil, fmt.Errorf("learn from labels: %w", err)
		}
		list = append(list, f)
		if progress != nil {
			progress(g+1, groups)
		}
	}
	return list, nil
}

// CrossValidate learns from the labels and says of each connection what a forest says
// that has not seen it. Its error is ErrNoLabels, or that of ctx.
func CrossValidate(ctx context.Context, m *trait.Matrix, l *Labels, p Params, progress func(done, total int)) (*Result, error) {
	if l.anomalies() == 0 {
		return nil, ErrNoLabels
	}
	r := &Result{Classes: l.Classes, matrix: m, fold: deal(l, p.Seed)}
	tell := func(k int) func(done, total int) {
		return func(done, total int) {
			if progress != nil {
				progress(k*total+done, Folds*total)
			}
		}
	}
	for k := range uint8(Folds) {
		f, err := train(ctx, m, l, p, false, func(c int) bool { return r.fold[c] != k }, tell(int(k)))
		if err != nil {
			return nil, err
		}
		list, sums := make([]float32, 0, m.Len()*len(l.Classes)), make([]float64, len(l.Classes))
		for row := range m.Len() {
			for _, v := range f.probabilities(row, sums) {
				list = append(list, float32(v))
			}
		}
		r.probabilities = append(r.probabilities, list)
	}
	r.score(l)
	return r, nil
}
