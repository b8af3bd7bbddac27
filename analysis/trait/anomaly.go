package trait

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"sqleuth/analysis/forest"
)

// Forest is an isolation forest over the traits of all connections.
type Forest struct {
	matrix *Matrix
	forest *forest.Isolation
	usual  vector // the commonest step of each trait

	lock  sync.Mutex
	known map[int][]Unusual // by row, see lifts
}

// ordinary is the score of a connection that is as easily isolated as the average one.
const ordinary = 0.5

// TrainForest grows an isolation forest (Liu, Ting, Zhou 2008, as scikit-learn has it)
// over the connections. The same seed and trees give the same forest.
func (m *Matrix) TrainForest(ctx context.Context, trees int, seed uint32) (*Forest, error) {
	f := &Forest{matrix: m, known: map[int][]Unusual{}}
	if m.Len() == 0 {
		return f, nil
	}
	var err error
	f.forest, err = forest.TrainIsolation(ctx, m.values(), len(m.row), func(c int) int32 { return int32(m.row[c]) }, m.counts,
		forest.IsolationConfig{Trees: trees, Samples: 256, Contamination: 0.01, Seed: seed}, nil)
	if err != nil {
		return nil, fmt.Errorf("traits of connections: %w", err)
	}
	for k := range f.usual {
		var counts [16]int
		for row := range m.rows {
			counts[m.rows[row][k]] += m.counts[row]
		}
		f.usual[k] = uint8(slices.Index(counts[:], slices.Max(counts[:])))
	}
	return f, nil
}

func (m *Matrix) values() forest.Matrix {
	x := forest.Matrix{Features: unlabelled, Values: make([]int32, 0, len(m.rows)*unlabelled)}
	for row := range m.rows {
		for _, step := range m.rows[row][:unlabelled] {
			x.Values = append(x.Values, int32(step))
		}
	}
	return x
}

// Score returns how unlike the others a row is, 0 to 1; the average row has one half.
func (f *Forest) Score(row int) float64 { return -f.forest.Scores()[row] }

// Unusual is what makes a connection unlike the others.
type Unusual struct {
	Trait int
	Drop  float64 // how much lower the score is with the usual step
	Value float64 // of the connection
	Usual string  // the usual step, in words
}

// String returns what is unusual, in the words of a sentence.
func (u *Unusual) String() string { return traits[u.Trait].Say(u.Value) }

// Explain returns the traits that lift the score of a connection most, three at most.
func (f *Forest) Explain(x *Measures) []Unusual {
	list := slices.Clone(f.lifts(f.matrix.Row(x.Connection)))
	for i := range list {
		list[i].Value = x.Value(list[i].Trait)
	}
	return list
}

// lifts is Explain of a row, without values. It is kept.
func (f *Forest) lifts(row int) []Unusual {
	f.lock.Lock()
	list, ok := f.known[row]
	f.lock.Unlock()
	if ok {
		return list
	}
	list = f.findLifts(row) // of which others need not wait
	f.lock.Lock()
	f.known[row] = list
	f.lock.Unlock()
	return list
}

func (f *Forest) findLifts(row int) []Unusual {
	m := f.matrix
	var changed []vector
	var list []Unusual
	for k, step := range m.rows[row] {
		if step != f.usual[k] {
			v := m.rows[row]
			v[k] = f.usual[k]
			changed, list = append(changed, v), append(list, Unusual{Trait: k, Usual: stepWords(k, f.usual[k])})
		}
	}
	if len(changed) == 0 {
		return nil
	}
	scores, err := f.forest.ScoresOf((&Matrix{rows: changed}).values())
	if err != nil {
		panic(err) // the matrix has the columns of the forest
	}
	for i := range list {
		list[i].Drop = f.Score(row) + scores[i]
	}
	slices.SortStableFunc(list, func(a, b Unusual) int { return cmp.Compare(b.Drop, a.Drop) })
	list = list[:min(3, len(list))]
	return slices.Clip(slices.DeleteFunc(list, func(u Unusual) bool { return u.Drop <= 0 }))
}

// stepWords writes the values of a step.
func stepWords(k int, step uint8) string {
	steps := traits[k].Steps
	switch {
	case traits[k].Unit == "yes or no" && step == 0:
		return "no"
	case traits[k].Unit == "yes or no":
		return "yes"
	case step == 0:
		return fmt.Sprintf("below %g", steps[0])
	case int(step) == len(steps):
		return fmt.Sprintf("%g and more", steps[step-1])
	}
	return fmt.Sprintf("%g to below %g", steps[step-1], steps[step])
}

// Nearest returns the ordinary connection of the same account that is most like c, the
// one that differs by the fewest steps, and the traits in which they differ; false
// where the account has none.
func (f *Forest) Nearest(c int) (nearest int, differ []int, ok bool) {
	m := f.matrix
	conns := m.learned.log.Connections
	of, best := conns.Peek(c), -1
	for d := range m.row {
		k := conns.Peek(d)
		if d == c || k.User != of.User || k.Host != of.Host || f.Score(m.Row(d)) >= ordinary {
			continue
		}
		if n := m.distance(c, d); best < 0 || n < best {
			nearest, best = d, n
		}
		if best == 0 {
			break
		}
	}
	if best < 0 {
		return 0, nil, false
	}
	for k := range traits {
		if m.rows[m.row[c]][k] != m.rows[m.row[nearest]][k] {
			differ = append(differ, k)
		}
	}
	return nearest, differ, true
}

// distance is by how many steps two connections differ.
func (m *Matrix) distance(c, d int) (n int) {
	a, b := &m.rows[m.row[c]], &m.rows[m.row[d]]
	for k := range a {
		n += max(int(a[k]), int(b[k])) - min(int(a[k]), int(b[k]))
	}
	return n
}
