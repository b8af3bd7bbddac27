package metrics

import "math"

// Summary describes values as the describe of pandas does. Figures that have
// no value are NaN: all but the count where there is none, and the standard
// deviation of a single value.
type Summary struct {
	Count     int
	Mean      float64
	Std       float64 // of a sample: divided by Count-1
	Min, Max  float64
	Quantiles []float64 // in the order asked for
}

// Describe summarises groups in ascending order of value. Quantiles are
// interpolated linearly, in pandas' bits; mean and standard deviation may
// differ from pandas' in the last places, because that adds value by value.
func Describe(groups []Group, quantiles ...float64) Summary {
	nan := math.NaN()
	s := Summary{Mean: nan, Std: nan, Min: nan, Max: nan, Quantiles: make([]float64, len(quantiles))}
	var sum float64
	for _, g := range groups {
		if g.Count == 0 {
			continue
		}
		if s.Count == 0 {
			s.Min = g.Value
		}
		s.Max = g.Value
		s.Count += g.Count
		sum += float64(g.Value * float64(g.Count))
	}
	for i, q := range quantiles {
		s.Quantiles[i] = Quantile(groups, q)
	}
	if s.Count == 0 {
		return s
	}
	s.Mean = sum / float64(s.Count)
	if s.Count == 1 {
		return s
	}
	var squares float64
	for _, g := range groups {
		d := g.Value - s.Mean
		squares += float64(d * d * float64(g.Count))
	}
	s.Std = math.Sqrt(squares / float64(s.Count-1))
	return s
}

// Groups joins equal neighbours of values in ascending order.
func Groups(sorted []float64) []Group {
	var groups []Group
	for i, v := range sorted {
		if i > 0 && v == sorted[i-1] {
			groups[len(groups)-1].Count++
		} else {
			groups = append(groups, Group{v, 1})
		}
	}
	return groups
}
