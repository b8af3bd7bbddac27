package learned_test

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/label"
	"sqleuth/analysis/learned"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
)

// incident is the built-in one with the classes of its connections, analysed once.
func incident(t *testing.T) (*pipeline.Snapshot, *learned.Labels) {
	t.Helper()
	if analysed == nil {
		const dir = "../../testdata/wordpress-bruteforce/"
		cfg := pipeline.DefaultConfig()
		cfg.Params.Trees = 10
		analysed, _ = pipelinetest.Run(t, cfg, dir+"labels.csv", dir+"general.log.gz")
	}
	return analysed, pipeline.Labels(analysed.Truth)
}

var analysed *pipeline.Snapshot

var params = learned.Params{Trees: 20, Seed: 42}

// One label is enough to find its like: those that nobody labelled score above one
// half as well, and hardly any other connection does.
func TestOneLabelFindsItsLike(t *testing.T) {
	s, all := incident(t)
	class := int32(slices.Index(all.Classes, label.LoginAttack))
	one := &learned.Labels{Classes: []string{label.Normal, label.LoginAttack}, Of: make([]int32, len(all.Of))}
	alike, labelled := 0, map[int]bool{}
	for c, k := range all.Of {
		if k == class && len(labelled) < 3 {
			one.Of[c], labelled[c] = 1, true
		}
	}
	r, err := learned.CrossValidate(context.Background(), s.Traits, one, params)
	if err != nil {
		t.Fatal(err)
	}
	found, others := 0, 0
	for c, k := range all.Of {
		switch {
		case labelled[c]:
		case k == class:
			alike++
			if r.Anomaly(c) > 0.5 {
				found++
			}
		case k == 0 && r.Anomaly(c) > 0.5:
			others++
		}
	}
	if alike == 0 || found*4 < alike*3 || others > 5 {
		t.Errorf("%d of %d alike are found, and %d normal ones", found, alike, others)
	}
}

// Predictions are of forests that have not seen the connection, the same each time.
func TestCrossValidate(t *testing.T) {
	s, l := incident(t)
	var first *learned.Result
	for range 2 {
		r, err := learned.CrossValidate(context.Background(), s.Traits, l, params)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = r
		}
		if !reflect.DeepEqual(r.Scores, first.Scores) {
			t.Errorf("%+v, then %+v", first.Scores, r.Scores)
		}
		for c := range l.Of {
			if !slices.Equal(r.Probabilities(c), first.Probabilities(c)) {
				t.Fatalf("connection %d: %v, then %v", c, first.Probabilities(c), r.Probabilities(c))
			}
			if a, u := r.Anomaly(c), r.Uncertain(c); a < 0 || a > 1 || u < 0 || u > 1 || (a == 0.5) != (u == 1) {
				t.Fatalf("connection %d: anomaly %v, uncertain %v", c, a, u)
			}
		}
	}
	for _, c := range first.Scores {
		if c.Connections >= 20 && c.F1 < 0.95 {
			t.Errorf("%+v", c)
		}
	}
	// A single connection of a class is trained with in all folds but its own, which
	// cannot know it.
	single := &learned.Labels{Classes: []string{label.Normal, "odd"}, Of: make([]int32, len(l.Of))}
	single.Of[0] = 1
	r, err := learned.CrossValidate(context.Background(), s.Traits, single, params)
	if err != nil || r.Anomaly(0) != 0 {
		t.Errorf("the only one of its class: %v, %v", r.Anomaly(0), err)
	}
	single.Of[0] = 0
	if _, err := learned.CrossValidate(context.Background(), s.Traits, single, params); !errors.Is(err, learned.ErrNoLabels) {
		t.Errorf("without labels: %v", err)
	}
	if _, err := learned.Train(context.Background(), s.Traits, single, params); !errors.Is(err, learned.ErrNoLabels) {
		t.Errorf("without labels: %v", err)
	}
}

// A log of a single connection teaches nothing about it.
func TestOneConnection(t *testing.T) {
	set, err := logfile.OpenBytes("log", []byte("2026-03-02T10:00:00.000000Z\t    1 Connect\ta@h on d using TCP/IP\n2026-03-02T10:00:01.000000Z\t    1 Query\tSELECT 1\n"), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, func(*pipeline.Snapshot) (label.Set, error) {
		return label.NewSet(nil, []label.Record{{Ref: label.Ref{Epoch: 1, ID: 1}, Verdict: label.Verdict{Class: label.Attack, Source: label.ByFile}}})
	}, func(pipeline.Event) {})
	if err != nil || s.Learned == nil || s.Learned.Anomaly(0) != 0 {
		t.Errorf("%v", err)
	}
}

// A model that was saved is the one that was learnt; applied to its own log it
// predicts what its forest predicts, and nothing of the log is outside.
func TestModel(t *testing.T) {
	s, l := incident(t)
	m, err := learned.Train(context.Background(), s.Traits, l, params)
	if err != nil {
		t.Fatal(err)
	}
	var file, again bytes.Buffer
	if err := m.Save(&file); err != nil {
		t.Fatal(err)
	}
	saved := bytes.Clone(file.Bytes())
	loaded, err := learned.Load(&file)
	if err != nil || !reflect.DeepEqual(loaded, m) {
		t.Fatalf("read back: %v, %v", loaded == nil, err)
	}
	if err := loaded.Save(&again); err != nil || !bytes.Equal(saved, again.Bytes()) {
		t.Error("saved again it is another file")
	}
	r := loaded.Apply(s.Traits, l)
	if r.Drift.Outside != 0 || len(r.Drift.Missing) != 0 || len(r.Drift.Traits) != 0 {
		t.Errorf("its own log differs: %+v", r.Drift)
	}
	for _, c := range r.Scores {
		if c.F1 < 0.95 {
			t.Errorf("on what it was trained with: %+v", c)
		}
	}
	// A trait that this program does not have is reported, and no reason to fail.
	loaded.Traits[3].Name = "of tomorrow"
	loaded.Traits[5].Shares[0], loaded.Traits[5].Shares[1] = 0, 1
	if d := loaded.Apply(s.Traits, nil).Drift; !slices.Equal(d.Missing, []string{"of tomorrow"}) || d.Outside == 0 || len(d.Traits) == 0 {
		t.Errorf("%+v", d)
	}
}

func TestLoadWhatIsNoModel(t *testing.T) {
	s, l := incident(t)
	m, err := learned.Train(context.Background(), s.Traits, l, learned.Params{Trees: 1, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	spoilt := func(change func(m *learned.Model)) string {
		c := *m
		c.Trees = slices.Clone(m.Trees)
		c.Traits = slices.Clone(m.Traits)
		change(&c)
		var out bytes.Buffer
		if err := c.Save(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	for name, text := range map[string]string{
		"empty": "", "no JSON": "{", "another file": `{"format":"sqleuth case"}`, "newer": `{"format":"sqleuth model","version":99}`, "nothing": `{"format":"sqleuth model","version":1}`,
		"a circle": spoilt(func(m *learned.Model) {
			m.Trees[0].Left = slices.Clone(m.Trees[0].Left)
			m.Trees[0].Left[0] = 0
		}),
		"a node that is not there": spoilt(func(m *learned.Model) {
			m.Trees[0].Right = slices.Clone(m.Trees[0].Right)
			m.Trees[0].Right[0] = 1 << 20
		}),
		"a trait that is not there": spoilt(func(m *learned.Model) { m.Traits = m.Traits[:1] }),
		"half a tree":               spoilt(func(m *learned.Model) { m.Trees[0].AtMost = nil }),
		"shares":                    spoilt(func(m *learned.Model) { m.Traits[0].Shares = nil }),
	} {
		if _, err := learned.Load(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), "read the model: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
