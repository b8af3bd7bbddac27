package learned

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/parallel"
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
	Workers int // goroutines of Train; 0: as many as run at once. Does not change the result.
}

const (
	// Folds is in how many parts connections are dealt.
	Folds = 5
	// groups is how many draws of connections trees are trained with.
	groups = 20
	// fewest and most are how many connections of a class are drawn, the same ones
	// again where there are fewer.
	fewest = 16
	most   = 1 << 12
	// samples is how many of those drawn a tree is grown from: hundreds of trees see all.
	samples = 2048
	// many is from how many labelled anomalies on all classes are drawn as often as
	// the normal one has connections.
	many = 64
)

// ErrNoLabels reports that there is nothing to learn from.
var ErrNoLabels = errors.New("no connection is labelled as an anomaly, so there is nothing to learn")

// leftOut are the traits that forests do not see, since they do not carry over to
// another log: how often somebody was refused, without the context that other traits
// have (an old password is refused forever), figures of all of a log, which grow with
// its length, where in the log somebody first came, which hangs on when the log begins,
// and how long connections are.
var leftOut = map[string]bool{
	"refused": true, "pair refused": true, "pair refused before": true, "host refused before": true, "host began refused": true,
	"strangers from host": true,
	"host first seen":     true, "pair first seen": true, "user first seen": true, "network first seen": true,
	"pair logins": true, "host logins": true, "user logins": true, "account days": true, "account share": true,
	"entries": true, "duration": true,
}

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

// drawer draws training cells of connections, again and again.
type drawer struct {
	rng   *rand.Rand
	cells [][]uint32 // of the connections, by class
	drawn []int      // how many are drawn, by class
	out   []uint32
	swaps []int // with what each of the drawn ones changed places
}

// newDrawer returns a drawer of the connections that keep selects: as many normal ones as
// others. Where few are labelled these are few, so that most trees have not seen the
// connections that are like them and nobody labelled.
func newDrawer(m *trait.Matrix, l *Labels, seed uint32, keep func(c int) bool) *drawer {
	classes := len(l.Classes)
	d := &drawer{rng: rand.New(rand.NewPCG(uint64(seed), 0xd4a7)), cells: make([][]uint32, classes), drawn: make([]int, classes)}
	sizes := make([]int, classes)
	for _, k := range l.Of {
		if k != Unknown {
			sizes[k]++
		}
	}
	for k, n := range sizes {
		d.cells[k] = make([]uint32, 0, n)
	}
	for c, k := range l.Of {
		if k != Unknown && keep(c) {
			d.cells[k] = append(d.cells[k], uint32(m.Row(c)*classes)+uint32(k))
		}
	}
	anomalies := 0
	for k := 1; k < classes; k++ {
		if n := len(d.cells[k]); n > 0 {
			d.drawn[k] = min(most, max(fewest, n))
			anomalies += d.drawn[k]
		}
	}
	d.drawn[0] = max(fewest, anomalies)
	if anomalies >= many {
		// Those alike are labelled too, and every normal one counts.
		d.drawn[0] = max(d.drawn[0], min(most, len(d.cells[0])))
		for k := range d.drawn {
			if d.drawn[k] > 0 {
				d.drawn[k] = d.drawn[0]
			}
		}
	}
	d.out = make([]uint32, 0, classes*d.drawn[0])
	return d
}

// draw returns training cells, until the next draw: of a class all connections as often
// as they fit in, and some by a draw for the rest.
func (d *drawer) draw() []uint32 {
	d.out = d.out[:0]
	for k, cells := range d.cells {
		n := d.drawn[k]
		for ; n >= len(cells) && len(cells) > 0; n -= len(cells) {
			d.out = append(d.out, cells...)
		}
		d.swaps = d.swaps[:0]
		for i := range min(n, len(cells)) {
			j := i + d.rng.IntN(len(cells)-i)
			cells[i], cells[j] = cells[j], cells[i]
			d.out = append(d.out, cells[i])
			d.swaps = append(d.swaps, j)
		}
		// Each draw begins with them in order of the log, of which it takes a few.
		for i, j := range slices.Backward(d.swaps) {
			cells[i], cells[j] = cells[j], cells[i]
		}
	}
	return d.out
}

// Train learns a model of all labels.
func Train(ctx context.Context, m *trait.Matrix, l *Labels, p Params) (*Model, error) {
	if l.anomalies() == 0 {
		return nil, ErrNoLabels
	}
	ranked, err := forest.Rank(ctx, matrixOf(m))
	if err != nil {
		return nil, fmt.Errorf("learn from labels: %w", err)
	}
	var list []*forest.Random
	err = train(ctx, ranked, newDrawer(m, l, p.Seed, func(int) bool { return true }), p, true, func(f *forest.Random) { list = append(list, f) })
	if err != nil {
		return nil, err
	}
	return newModel(m, l, list, p), nil
}

// groupsOf returns how many groups of trees there are.
func groupsOf(p Params) int { return min(groups, p.Trees) }

// train grows a forest for each group of trees, with a draw of its own, and gives each
// to use; none where there is hardly a connection to draw. keep keeps their trees.
func train(ctx context.Context, m *forest.Ranked, from *drawer, p Params, keep bool, use func(f *forest.Random)) error {
	for g := range groupsOf(p) {
		cfg := forest.RandomConfig{Trees: p.Trees / groupsOf(p), Seed: p.Seed + uint32(g), Workers: p.Workers, Samples: samples}
		if g < p.Trees%groupsOf(p) {
			cfg.Trees++
		}
		if keep {
			cfg.Keep = cfg.Trees
		}
		drawn := from.draw()
		if len(drawn) == 0 {
			return nil
		}
		f, err := forest.TrainRanked(ctx, m, len(from.cells), drawn, cfg, nil)
		if err != nil {
			return fmt.Errorf("learn from labels: %w", err)
		}
		use(f)
	}
	return nil
}

// CrossValidate learns from the labels and predicts each connection by a forest that
// has not seen it. Its error is ErrNoLabels, or that of ctx.
func CrossValidate(ctx context.Context, m *trait.Matrix, l *Labels, p Params) (*Result, error) {
	if l.anomalies() == 0 {
		return nil, ErrNoLabels
	}
	ranked, err := forest.Rank(ctx, matrixOf(m))
	if err != nil {
		return nil, fmt.Errorf("learn from labels: %w", err)
	}
	r := &Result{Classes: l.Classes, matrix: m, fold: deal(l, p.Seed), probabilities: make([][]float32, Folds)}
	// A forest has too few trees to share out: there is a goroutine for each fold.
	p.Workers = 1
	errs := make([]error, Folds)
	parallel.Do(Folds, func(k int) {
		r.probabilities[k], errs[k] = r.without(ctx, ranked, l, p, uint8(k))
	})
	if err := cmp.Or(errs...); err != nil {
		return nil, err
	}
	r.score(l)
	return r, nil
}

// without returns the probabilities of the classes of each row by a forest that has not
// seen the connections of a fold. Where it has seen none, all are normal.
func (r *Result) without(ctx context.Context, m *forest.Ranked, l *Labels, p Params, fold uint8) ([]float32, error) {
	n := len(l.Classes)
	sums := make([]float64, r.matrix.Len()*n)
	seen := false
	err := train(ctx, m, newDrawer(r.matrix, l, p.Seed, func(c int) bool { return r.fold[c] != fold }), p, false, func(f *forest.Random) {
		seen = true
		for row := range r.matrix.Len() {
			for k, v := range f.Probabilities(row) {
				sums[row*n+k] += v / float64(groupsOf(p))
			}
		}
	})
	if err != nil {
		return nil, err
	}
	out := make([]float32, len(sums))
	for i, v := range sums {
		if !seen && i%n == 0 {
			v = 1
		}
		out[i] = float32(v)
	}
	return out, nil
}
