package metrics

import "math"

// Histogram is the distribution of scores over bins of equal width.
type Histogram struct {
	Low, High float64 // ends of the first and the last bin
	Bins      []Bin
}

// Bin counts the observations of one interval. It holds its lower end but not
// its upper one; the last bin holds both.
type Bin struct {
	Positives, Negatives int
}

// NewHistogram distributes groups over a number of bins between their lowest
// and their highest score. Equal scores are given an interval of width 1
// around them, as NumPy does. Without groups or bins there is nothing to
// distribute, and the result is empty. Scores must be finite.
func NewHistogram(groups []ScoredGroup, bins int) Histogram {
	if len(groups) == 0 || bins <= 0 {
		return Histogram{}
	}
	h := Histogram{Low: math.Inf(1), High: math.Inf(-1), Bins: make([]Bin, bins)}
	for _, g := range groups {
		h.Low, h.High = min(h.Low, g.Score), max(h.High, g.Score)
	}
	if h.Low == h.High {
		h.Low, h.High = h.Low-0.5, h.High+0.5
	}
	for _, g := range groups {
		at := int((g.Score - h.Low) / (h.High - h.Low) * float64(bins))
		at = min(max(at, 0), bins-1)
		h.Bins[at].Positives += g.Positives
		h.Bins[at].Negatives += g.Negatives
	}
	return h
}
