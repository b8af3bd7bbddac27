package models

import (
	"math"
	"strconv"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/screen"

	"sqleuth/analysis/metrics"
	"sqleuth/analysis/model"
)

// curve is a precision-recall curve, thinned out to what a screen can show, and
// what is read off the whole one.
type curve struct {
	precision []float64 // at recalls 0 to 1 in equal steps; nil without anomalies
	average   float64   // average precision
	area      float64   // under the ROC curve
}

// curveSteps is how many precisions are kept; no panel has more columns.
const curveSteps = 200

// drawn is what curves are of.
type drawn struct {
	isolation *model.Isolation
	random    *model.Random
}

// curvesDrawn is the answer to a question for curves.
type curvesDrawn struct {
	job       int
	curves    [numForests]curve
	threshold string // of the isolation scores, as precisely as it must be shown
}

// draw computes the curves of new forests; those on the screen stay until then.
func (m Model) draw() (Model, tea.Cmd) {
	now := drawn{m.snapshot.Isolation, m.snapshot.Random}
	if m.drawn == now {
		return m, nil
	}
	m.drawn = now
	m.drawing = m.drawing.Stop()
	number := m.drawing.Number
	var of [numForests]*model.Measured
	for f := range numForests {
		of[f] = m.measured(f)
	}
	return m, screen.Work(func() tea.Msg {
		out := curvesDrawn{job: number}
		if now.isolation != nil {
			out.threshold = threshold(now.isolation)
		}
		for f, measured := range of {
			if measured != nil && measured.Confusion != nil {
				out.curves[f] = newCurve(&measured.Curve)
			}
		}
		return out
	})
}

// threshold writes a score above which all are flagged and up to which none is,
// in as few digits as that takes: of two entries whose scores look alike one may
// be flagged and the other not.
func threshold(i *model.Isolation) string {
	low, high := math.Inf(-1), math.Inf(1)
	for row, outlier := range i.Outlier {
		if score := i.Score(row); outlier {
			high = min(high, score)
		} else {
			low = max(low, score)
		}
	}
	return between(low, high, -i.Forest.Offset)
}

// between writes a number with three digits behind the point, or as many more as
// it needs not to lie below low, nor at high or above. What no rounding leaves
// there is written in full.
func between(low, high, v float64) string {
	for digits := 3; digits < 17; digits++ {
		text := strconv.FormatFloat(v, 'f', digits, 64)
		if r, err := strconv.ParseFloat(text, 64); err == nil && low <= r && r < high {
			return text
		}
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func newCurve(c *metrics.Curve) curve {
	if c.Positives == 0 {
		return curve{}
	}
	out := curve{precision: make([]float64, curveSteps), average: c.AveragePrecision(), area: c.ROCArea()}
	k := 0
	for i := range out.precision {
		recall := float64(i) / (curveSteps - 1)
		for k < len(c.Points)-1 && c.Recall(c.Points[k]) < recall {
			k++
		}
		out.precision[i] = c.Precision(c.Points[k])
	}
	return out
}
