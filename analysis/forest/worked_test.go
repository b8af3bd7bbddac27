package forest

import (
	"slices"
	"testing"
)

// workedData is an example small enough to write down, with more distinct rows
// (743) than a log would have. The expected figures below are scikit-learn's.
func workedData() plainData {
	d := plainData{classes: 2}
	for i := range int32(1000) {
		row := []int32{i * i % 7, 3 * i % 5, i / 10 % 4, i * i % 11 * i % 11}
		class := 1
		if (i*i+row[0])%37 == 3 {
			class = 0
		}
		d.rows, d.class = append(d.rows, row), append(d.class, class)
	}
	return d
}

const workedSeed = 42

func expectAll[T comparable](t *testing.T, what string, got, want []T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %v\nwant %v", what, got, want)
	}
}

func TestWorkedSplitAndRandomForest(t *testing.T) {
	d := workedData()
	m, cells := cellsOf(d)
	if m.Rows() != 743 {
		t.Fatalf("%d distinct rows, want 743", m.Rows())
	}
	order := make([]int32, len(cells))
	for i := range order {
		order[i] = int32(i)
	}
	nTest, err := Split(t.Context(), order, 0.2, workedSeed)
	if err != nil {
		t.Fatal(err)
	}
	expectAll(t, "test entries", order[:5], []int32{521, 737, 740, 660, 411})
	expectAll(t, "training entries", order[nTest:nTest+5], []int32{29, 535, 695, 557, 836})
	if _, err := Split(t.Context(), cells, 0.2, workedSeed); err != nil {
		t.Fatal(err)
	}

	f, err := TrainRandom(t.Context(), m, d.classes, cells[nTest:], RandomConfig{Trees: 100, Seed: workedSeed, Keep: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	tree := &f.Trees[0]
	expectAll(t, "seed and splitter", []uint32{tree.Seed, tree.Splitter}, []uint32{1608637542, 1952926171})
	expectAll(t, "features", tree.Feature[:8], []int32{1, 3, 0, 3, 2, Leaf, 3, 2})
	expectAll(t, "thresholds", tree.Threshold[:8], []float64{1.5, 9.5, 0.5, 2.5, 1.5, Leaf, 1.5, 2.5})
	expectAll(t, "root impurity", tree.Impurity[:1], []float64{0x1.56b851eb851e8p-4})
	expectAll(t, "root counts", tree.Value[:2], []float64{35, 765})
	nodes := 0
	for _, s := range f.Shapes {
		nodes += s.Nodes
	}
	expectAll(t, "nodes of the first, last and all trees", []int{f.Shapes[0].Nodes, f.Shapes[99].Nodes, nodes}, []int{173, 119, 14_238})
	expectAll(t, "importances", f.Importances(),
		[]float64{0x1.0128a3e6c231ap-3, 0x1.d8c8900614e8dp-3, 0x1.c98d9f8b28aeap-3, 0x1.ae409644001b7p-2})

	var first []float64
	var confusion [2][2]int
	for i, cell := range cells[:nTest] {
		row, class := int(cell)/d.classes, int(cell)%d.classes
		if i < 3 {
			first = append(first, f.Probabilities(row)[0])
		}
		confusion[1-class][1-f.Predict(row)]++
	}
	expectAll(t, "probabilities of the first test entries", first, []float64{0, 0x1.eb851eb851eb8p-5, 0})
	if want := [2][2]int{{189, 2}, {9, 0}}; confusion != want {
		t.Errorf("confusion matrix %v, want %v", confusion, want)
	}
}

func TestWorkedIsolationForest(t *testing.T) {
	d := workedData()
	f, m, rows := trainOn(t, d, IsolationConfig{Trees: 100, Samples: 256, Contamination: 0.01, Seed: workedSeed})
	tree := &f.Trees[0]
	expectAll(t, "seeds", []uint32{tree.DrawSeed, tree.Seed, tree.Splitter}, []uint32{1608637542, 1952926171, 478008666})
	expectAll(t, "sample", tree.Drawn[:4], []int32{804, 892, 686, 678})
	expectAll(t, "features", tree.Feature[:4], []int32{1, 3, 1, 0})
	expectAll(t, "thresholds", tree.Threshold[:3], []float64{0x1.ec1de7bbd83bdp+0, 0x1.0ea3dd829d47cp+3, 0x1.509ebda2a13d8p-3})
	expectAll(t, "root impurity", tree.Impurity[:1], []float64{0x1.6397b961e369ap-4})
	nodes := 0
	for i := range f.Trees {
		nodes += f.Trees[i].Nodes()
	}
	expectAll(t, "nodes of the first and all trees", []int{tree.Nodes(), nodes}, []int{231, 26_694})
	var scores []float64
	for i := range 3 {
		scores = append(scores, f.Scores()[rows[i]])
	}
	// NumPy computed these with the C library's log and power.
	expectAll(t, "scores", scores, []float64{-0x1.47d8ffe166d6bp-1, -0x1.1c9ac83879fccp-1, -0x1.2449ed7fbf85fp-1})
	expectAll(t, "offset", []float64{f.Offset}, []float64{-0x1.3f68eda808afep-1})
	outliers := 0
	for _, row := range rows {
		if f.Predict(int(row)) < 0 {
			outliers++
		}
	}
	expectAll(t, "rows and outliers", []int{m.Rows(), outliers}, []int{743, 10})
}
