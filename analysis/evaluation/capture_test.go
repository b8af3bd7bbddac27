package evaluation

import (
	"bytes"
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"sqleuth/analysis/label"
	"sqleuth/analysis/learned"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/suspicion"
)

const testdata = "../../testdata/"

// attacked are the captures with an attack.
var attacked = []string{"webapp-sqli", "exposed-root", "slow-insider-and-noise", "mysql56", "wordpress-bruteforce"}

// capture returns the capture of a name, which the tests share.
func capture(t *testing.T, name string) *Capture {
	t.Helper()
	read, _ := captures.LoadOrStore(name, sync.OnceValues(func() (*Capture, error) { return ReadCapture(context.Background(), testdata+name) }))
	c, err := read.(func() (*Capture, error))()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// captures holds by name the functions that read captures when they are first wanted.
// None is closed.
var captures sync.Map

// What is found without labels, by the weights in use and by weights that were chosen
// without the capture.
func TestCaptures(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute under the race detector and starts no goroutine that other tests do not")
	}
	ctx := context.Background()
	var captures []*Capture
	for _, name := range append([]string{"quiet"}, attacked...) {
		captures = append(captures, capture(t, name))
	}
	fitted, err := Fit(ctx, captures)
	if err != nil {
		t.Fatal(err)
	}
	// The weights in use are those that cmd/weights gives, but for what a change of rules
	// or traits makes of them.
	used := suspicion.Fitted()
	for k, w := range fitted.All.Kinds {
		if math.Abs(w-used.Kinds[k]) > 0.15 {
			t.Errorf("weight of %s is %.2f, the fit gives %.2f", suspicion.Kind(k), used.Kinds[k], w)
		}
	}
	sum := 0.0
	for k, c := range captures {
		with := Measure(c.Snapshot, &c.Truth)
		without, err := c.Measure(ctx, &fitted.Without[k])
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: average precision %.4f, without it %.4f; above one half %.3f, %.3f; of the honest ones %d, %d", c.Name,
			with.Ranking.AveragePrecision, without.Ranking.AveragePrecision, with.Ranking.Above, without.Ranking.Above, with.Ranking.FalseAbove, without.Ranking.FalseAbove)
		if in := with.Incidents; in.Worst > 0.02 || in.First != in.Stages || c.Name == "quiet" && in.AboveLow > 0 {
			t.Errorf("%s: incidents %+v", c.Name, in)
		}
		for _, r := range []*Result{with, without} {
			if c.Name == "quiet" {
				if r.Ranking.FalseAbove > 5 {
					t.Errorf("%s: %d connections score above one half", c.Name, r.Ranking.FalseAbove)
				}
				continue
			}
			if r.Ranking.AveragePrecision < 0.95 || r.Ranking.Above < 0.95 {
				t.Errorf("%s: average precision %.3f, %.3f of the attack above one half", c.Name, r.Ranking.AveragePrecision, r.Ranking.Above)
			}
			if e := r.Entries; e != nil && e.Ranking.AveragePrecision < 0.97 {
				t.Errorf("%s: average precision of entries %.3f", c.Name, e.Ranking.AveragePrecision)
			}
		}
		sum += without.Ranking.AveragePrecision
	}
	if mean := sum / float64(len(attacked)); mean < 0.98 {
		t.Errorf("average precision %.3f in the mean", mean)
	}
}

// params are the ones in use.
var params = pipeline.LearnedParams(pipeline.DefaultParams())

// With labels, predictions of connections that a forest has not seen are right, of each
// class that has more than a few.
func TestLearn(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute under the race detector and starts no goroutine that other tests do not")
	}
	ctx := context.Background()
	for _, name := range attacked {
		c := capture(t, name)
		r := &Result{}
		if err := r.Learn(ctx, c.Snapshot, &c.Truth, params); err != nil {
			t.Fatal(err)
		}
		if len(r.Learned) < 2 {
			t.Errorf("%s: classes %+v", name, r.Learned)
		}
		for _, s := range r.Learned {
			t.Logf("%s: %s: F1 %.3f of %d", name, s.Class, s.F1, s.Connections)
			if s.Connections >= Few && s.F1 < 0.98 {
				t.Errorf("%s: F1 of %s is %.3f", name, s.Class, s.F1)
			}
		}
		var text bytes.Buffer
		if err := r.Text(&text, name); err != nil {
			t.Fatal(err)
		}
		if marked := strings.Contains(text.String(), "fewer than 20"); marked != (name != "webapp-sqli") {
			t.Errorf("%s: classes of few connections are marked: %v\n%s", name, marked, &text)
		}
	}
	r, quiet := &Result{}, capture(t, "quiet")
	if err := r.Learn(ctx, quiet.Snapshot, &quiet.Truth, params); err != nil || r.Learned != nil {
		t.Errorf("without labels: %+v, %v", r.Learned, err)
	}
}

// What is left out is neither learnt from nor scored.
func TestLabelsLeaveOut(t *testing.T) {
	truth := Truth{Class: map[uint32]string{1: "b", 2: "a", 3: "b"}, LeftOut: map[uint32]bool{0: true, 3: true}}
	l := truth.Labels(5)
	if want := []int32{learned.Unknown, 2, 1, learned.Unknown, 0}; !slices.Equal(l.Of, want) || !slices.Equal(l.Classes, []string{label.Normal, "a", "b"}) {
		t.Errorf("labels %v of %v, want %v", l.Of, l.Classes, want)
	}
	c := capture(t, "webapp-sqli")
	r := &Result{}
	if err := r.Learn(context.Background(), c.Snapshot, &c.Truth, params); err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, s := range r.Learned {
		n += s.Connections
	}
	if len(c.Truth.LeftOut) == 0 || n != c.Snapshot.Connections.Len()-len(c.Truth.LeftOut) {
		t.Errorf("%d connections are scored of %d, %d are left out", n, c.Snapshot.Connections.Len(), len(c.Truth.LeftOut))
	}
}

// A model that was learnt on one capture finds guessed passwords in others.
func TestTransfers(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute under the race detector and starts no goroutine that other tests do not")
	}
	var captures []*Capture
	for _, name := range attacked {
		captures = append(captures, capture(t, name))
	}
	list, err := Transfers(context.Background(), captures, label.LoginAttack, params)
	if err != nil || len(list) != len(attacked)*(len(attacked)-1) {
		t.Fatalf("%d pairs, %v", len(list), err)
	}
	for _, x := range list {
		t.Logf("%s to %s: %v %.3f, all of the attack %.3f", x.From.Name, x.To.Name, x.HasClass, x.Class, x.Any)
		if x.From.Name == "wordpress-bruteforce" && x.To.Name != "webapp-sqli" && (!x.HasClass || min(x.Class, x.Any) < 0.9) {
			t.Errorf("%s to %s: average precision %.3f, of all of the attack %.3f", x.From.Name, x.To.Name, x.Class, x.Any)
		}
		if x.To.Name == "webapp-sqli" && x.HasClass {
			t.Errorf("%s has no guessed passwords", x.To.Name)
		}
	}
}
