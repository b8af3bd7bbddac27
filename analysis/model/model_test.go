package model

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// fixture is a log of n connections with a few entries each. Entries of guilty
// connections mostly, but not always, have events of their own.
func fixture(t *testing.T, r reading.Reading, classes map[string]int, n int) (*Encoded, *Truth, connection.View) {
	t.Helper()
	rng := rand.New(rand.NewPCG(1, 2))
	var columns store.Columns
	rows := store.NewRows()
	tracker := connection.NewTracker()
	var records []label.Record
	class := make([]string, n)
	at := 0
	for _, name := range []string{label.LoginAttack, label.GetUserTable, "other"} {
		for range classes[name] {
			class[at] = name
			records = append(records, label.Record{Ref: label.Ref{Epoch: 1, ID: uint64(at + 1)}, Verdict: label.Verdict{Class: name, Source: label.ByAnalyst}})
			at++
		}
	}
	for c := range n {
		for range 1 + rng.IntN(6) {
			i := columns.Len()
			key := store.Key{Cluster: int32(rng.IntN(4)), Command: uint32(rng.IntN(2))}
			if class[c] != "" && rng.IntN(5) > 0 {
				key.Cluster = 4
			}
			columns.Append(store.Entry{Connection: tracker.Observe(i, uint64(c+1), "Query", nil), Row: rows.Add(key, i)})
		}
	}
	var encode []feature.Row
	for _, row := range rows.Copy() {
		encode = append(encode, feature.Row{Count: row.Count, First: row.First, Cells: [4]feature.Cell{
			{Text: fmt.Sprint("event", row.Cluster)}, {Text: fmt.Sprint("command", row.Command)}, {Text: "-"}, {Text: "-"},
		}})
	}
	conns := tracker.View()
	set, err := label.NewSet(nil, records)
	if err != nil {
		t.Fatal(err)
	}
	log := &Encoded{Log: &loaded.Log{Reading: r, Entries: columns.View(), ByConnection: store.GroupByConnection(columns.View(), conns.Len())}, Encoding: feature.Encode(encode)}
	return log, NewTruth(r, conns, set), conns
}

var params = Params{Seed: 7, Contamination: 0.05, Trees: 20, Keep: 1}

// In the default reading no connection is on both sides, each class gives a
// fifth of its connections to the test, and a class's only connection is
// trained on and named.
func TestSplitByConnection(t *testing.T) {
	classes := map[string]int{label.LoginAttack: 23, label.GetUserTable: 5, "other": 1}
	log, truth, conns := fixture(t, reading.Correct, classes, 120)
	m, err := TrainRandom(context.Background(), log, truth, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	test, train, err := m.TestPositions(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(test)+len(train) != log.Entries.Len() || len(test) != m.Test || len(train) != m.Train {
		t.Errorf("%d tested and %d trained of %d entries; the model says %d and %d", len(test), len(train), log.Entries.Len(), m.Test, m.Train)
	}
	inTest := map[uint32]bool{}
	for _, i := range test {
		inTest[log.Entries.Connection(int(i))] = true
	}
	for _, i := range train {
		if c := log.Entries.Connection(int(i)); inTest[c] {
			t.Fatalf("connection %d is on both sides", c)
		}
	}
	tested := map[string]int{}
	for c := range inTest {
		tested[truth.Names[truth.Class[c]]]++
	}
	want := map[string]int{label.LoginAttack: 5, label.GetUserTable: 1, label.Normal: 19} // a fifth, rounded up
	for name, n := range want {
		if tested[name] != n {
			t.Errorf("%d connections of %s are tested, want %d", tested[name], name, n)
		}
	}
	if !slices.Equal(m.Untested, []string{"other"}) || tested["other"] != 0 {
		t.Errorf("untested %v, with %d tested", m.Untested, tested["other"])
	}
	is, err := m.Tested(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i := range log.Entries.Len() {
		if is(i) != inTest[log.Entries.Connection(i)] {
			t.Fatalf("entry %d: tested is %v", i, is(i))
		}
	}
	// The recall of each class is what predicting its tested entries gives.
	for _, r := range m.Recall {
		n, found := 0, 0
		for _, i := range test {
			if c := log.Entries.Connection(int(i)); truth.Names[truth.Class[c]] == r.Class {
				n++
				if m.Predicted(int(log.row(int(i)))) {
					found++
				}
			}
		}
		if r.Tested != n || r.Found != found {
			t.Errorf("%s: %d of %d found, want %d of %d", r.Class, r.Found, r.Tested, found, n)
		}
	}
	other := params
	other.Seed++
	m2, err := TrainRandom(context.Background(), log, truth, other, nil)
	if err != nil {
		t.Fatal(err)
	}
	if test2, _, _ := m2.TestPositions(context.Background()); slices.Equal(test, test2) {
		t.Error("another seed draws the same connections")
	}
	if conns.Len() != 120 {
		t.Fatalf("%d connections", conns.Len())
	}
}

// The matrix counts each tested entry once, under its class and its prediction.
func TestConfusionCountsTestedEntries(t *testing.T) {
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		log, truth, _ := fixture(t, r, map[string]int{label.LoginAttack: 30, "other": 4}, 150)
		m, err := TrainRandom(context.Background(), log, truth, params, nil)
		if err != nil {
			t.Fatal(err)
		}
		tested, err := m.Tested(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		var want [2][2]int
		for i := range log.Entries.Len() {
			if !tested(i) {
				continue
			}
			class, predicted := Normal, Normal
			if truth.Anomaly(log.Entries.Connection(i)) {
				class = Anomaly
			}
			if m.Predicted(int(log.row(i))) {
				predicted = Anomaly
			}
			want[class][predicted]++
		}
		for class := range 2 {
			for predicted := range 2 {
				if got := m.Confusion.Count(class, predicted); got != want[class][predicted] {
					t.Errorf("%v reading, class %d predicted as %d: %d, want %d", r, class, predicted, got, want[class][predicted])
				}
			}
		}
		if r == reading.Notebook && truth.Positive && truth.AnomalyClass(3) {
			t.Error("the notebook's reading takes a class of the analyst for an anomaly")
		}
		samples, err := m.NodeSamples(context.Background(), 0)
		if err != nil {
			t.Fatal(err)
		}
		if samples[0] <= 0 || samples[0] > m.Train {
			t.Errorf("%v reading: the root of the first tree holds %d of %d training entries", r, samples[0], m.Train)
		}
	}
}

func TestIsolationFollowsLabelsWithoutTraining(t *testing.T) {
	log, truth, conns := fixture(t, reading.Correct, map[string]int{label.LoginAttack: 20}, 100)
	m, err := TrainIsolation(context.Background(), log, truth, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	flagged, missed := 0, 0
	for i := range log.Entries.Len() {
		out := m.Outlier[log.row(i)]
		if out {
			flagged++
		} else if truth.Anomaly(log.Entries.Connection(i)) {
			missed++
		}
	}
	if flagged != m.Flagged || missed != m.Confusion.Count(Anomaly, Normal) {
		t.Errorf("flagged %d, missed %d; the model says %d and %d", flagged, missed, m.Flagged, m.Confusion.Count(Anomaly, Normal))
	}
	n, err := m.Compare(log, NewTruth(reading.Correct, conns, label.Set{}))
	if err != nil {
		t.Fatal(err)
	}
	if n.Forest != m.Forest || n.Confusion != nil || m.Confusion == nil {
		t.Error("comparing with other labels changes the forest, or the model it was asked of")
	}
}

func TestNoAnomalyNoForest(t *testing.T) {
	log, truth, _ := fixture(t, reading.Correct, nil, 30)
	m, err := TrainRandom(context.Background(), log, truth, params, nil)
	if err != nil || m.Why == "" || m.Forest != nil {
		t.Errorf("why %q, error %v", m.Why, err)
	}
	if is, err := m.Tested(context.Background()); err != nil || is(0) {
		t.Error("something was tested")
	}
}

func TestMixEvents(t *testing.T) {
	log, truth, _ := fixture(t, reading.Correct, map[string]int{label.LoginAttack: 20}, 100)
	m, err := TrainIsolation(context.Background(), log, truth, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	bad, good := map[string]bool{}, map[string]bool{}
	for i := range log.Entries.Len() {
		e := log.Encoding
		id := e.Classes[0][e.Matrix.Values[int(log.row(i))*4]].Text
		if truth.Anomaly(log.Entries.Connection(i)) {
			bad[id] = true
		} else {
			good[id] = true
		}
	}
	mixed := MixEvents(log, m.Anomalies)
	for _, id := range mixed.Both {
		if !bad[id] || !good[id] {
			t.Errorf("%s is not in both classes", id)
		}
	}
	for _, id := range mixed.AnomalyOnly {
		if !bad[id] || good[id] {
			t.Errorf("%s is not in anomalies only", id)
		}
	}
	if len(mixed.Both)+len(mixed.AnomalyOnly)+mixed.NormalOnly != len(log.Encoding.Classes[0]) {
		t.Error("an event is missing")
	}
}

func TestParamsAreBounded(t *testing.T) {
	for _, tt := range []struct {
		contamination float64
		trees         int
		ok            bool
	}{
		{0.01, 100, true}, {0.5, MaxTrees, true}, {math.SmallestNonzeroFloat64, 1, true},
		{0.01, MaxTrees + 1, false}, {0.01, 0, false}, {0, 100, false}, {0.51, 100, false}, {math.NaN(), 100, false},
	} {
		if err := (Params{Contamination: tt.contamination, Trees: tt.trees}).Check(); (err == nil) != tt.ok {
			t.Errorf("contamination %v and %d trees: %v", tt.contamination, tt.trees, err)
		}
	}
}
