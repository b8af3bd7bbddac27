package evaluation

import (
	"context"
	"math"
	"testing"

	"sqleuth/analysis/suspicion"
)

const testdata = "../../testdata/"

// attacked are the captures with an attack.
var attacked = []string{"webapp-sqli", "exposed-root", "slow-insider-and-noise", "mysql56", "wordpress-bruteforce"}

// What is found without labels, by the weights in use and by weights that were chosen
// without the capture.
func TestCaptures(t *testing.T) {
	ctx := context.Background()
	var captures []*Capture
	for _, name := range append([]string{"quiet"}, attacked...) {
		c, err := ReadCapture(ctx, testdata+name)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		captures = append(captures, c)
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
