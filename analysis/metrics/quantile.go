package metrics

import "math"

// Group is a value and how often it occurs.
type Group struct {
	Value float64
	Count int
}

// Quantile returns the q-quantile, 0 <= q <= 1, of groups in ascending order
// of value, by NumPy's linear interpolation between neighbours; with NumPy's
// rounding too. It is NaN if nothing is counted. Counts must not be negative.
func Quantile(groups []Group, q float64) float64 {
	n := 0
	for _, g := range groups {
		n += g.Count
	}
	if n == 0 {
		return math.NaN()
	}
	position := float64(n-1) * q
	k := math.Floor(position)
	below, above := neighbours(groups, int(k))
	return interpolate(below, above, position-k)
}

// neighbours returns the k-th and the (k+1)-th smallest value, counted from 0,
// or the k-th twice if it is the last.
func neighbours(groups []Group, k int) (below, above float64) {
	before := 0
	for i, g := range groups {
		if k >= before+g.Count {
			before += g.Count
			continue
		}
		below, above = g.Value, g.Value
		if k+1 < before+g.Count {
			return below, above
		}
		for _, next := range groups[i+1:] {
			if next.Count > 0 {
				return below, next.Value
			}
		}
		return below, above
	}
	return math.NaN(), math.NaN()
}

// interpolate goes from the nearer end, so that it is exact at both.
func interpolate(a, b, t float64) float64 {
	d := b - a
	if t < 0.5 {
		return a + float64(d*t)
	}
	return b - float64(d*(1-t))
}
