package metrics

import (
	"cmp"
	"math"
	"slices"
)

// ScoredGroup is a number of observations that share a score. The higher the
// score, the likelier they are positive.
type ScoredGroup struct {
	Score                float64
	Positives, Negatives int // what they truly are
}

// Curve is how a classifier fares at every threshold that makes a difference:
// the points of a precision-recall curve and of a ROC curve.
type Curve struct {
	Positives, Negatives int          // all observations
	Points               []CurvePoint // by descending threshold
}

// A CurvePoint holds what is found if every score of at least Threshold counts as
// positive.
type CurvePoint struct {
	Threshold                     float64
	TruePositives, FalsePositives int
}

// NewCurve computes the curve of scored observations. Groups may come in any
// order and share scores; they are not modified. Scores must not be NaN.
func NewCurve(groups []ScoredGroup) Curve {
	sorted := slices.SortedFunc(slices.Values(groups), func(a, b ScoredGroup) int { return cmp.Compare(b.Score, a.Score) })
	var c Curve
	for i, g := range sorted {
		c.Positives += g.Positives
		c.Negatives += g.Negatives
		if last := i == len(sorted)-1; last || sorted[i+1].Score != g.Score {
			c.Points = append(c.Points, CurvePoint{g.Score, c.Positives, c.Negatives})
		}
	}
	return c
}

// Precision returns the share of true positives among what is found; 1 if
// nothing is.
func (c *Curve) Precision(p CurvePoint) float64 {
	if p.TruePositives+p.FalsePositives == 0 {
		return 1
	}
	return float64(p.TruePositives) / float64(p.TruePositives+p.FalsePositives)
}

// Recall returns the share of all positives that is found, the true positive
// rate; NaN if there are no positives.
func (c *Curve) Recall(p CurvePoint) float64 {
	return float64(p.TruePositives) / float64(c.Positives)
}

// AveragePrecision returns the mean of the precision over the recall that each
// point adds, without interpolation; NaN if there are no positives.
func (c *Curve) AveragePrecision() float64 {
	if c.Positives == 0 {
		return math.NaN()
	}
	var sum float64
	found := 0
	for _, p := range c.Points {
		sum += float64(c.Precision(p) * float64(p.TruePositives-found))
		found = p.TruePositives
	}
	return sum / float64(c.Positives)
}

// ROCArea returns the area under the ROC curve: the chance that a positive
// scores higher than a negative, an equal score counting half. It is NaN
// unless there are both.
func (c *Curve) ROCArea() float64 {
	if c.Positives == 0 || c.Negatives == 0 {
		return math.NaN()
	}
	var area float64
	var before CurvePoint
	for _, p := range c.Points {
		width := float64(p.FalsePositives - before.FalsePositives)
		area += float64(width * float64(p.TruePositives+before.TruePositives) / 2)
		before = p
	}
	return area / float64(c.Positives) / float64(c.Negatives)
}
