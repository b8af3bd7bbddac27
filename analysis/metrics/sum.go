package metrics

// Sum adds in the order in which NumPy's sum of a contiguous float64 array
// does: plainly below 8 elements, in 8 interleaved sums up to 128, and by
// halves beyond (pairwise summation). Report and the forests use it to arrive
// at the same last bits.
func Sum(x []float64) float64 {
	const unrolled, block = 8, 128
	n := len(x)
	switch {
	case n < unrolled:
		var s float64
		for _, v := range x {
			s += v
		}
		return s
	case n <= block:
		r := [unrolled]float64(x)
		i := unrolled
		for ; i+unrolled <= n; i += unrolled {
			for j := range r {
				r[j] += x[i+j]
			}
		}
		s := ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
		for _, v := range x[i:] {
			s += v
		}
		return s
	default:
		half := n / 2
		half -= half % unrolled
		return Sum(x[:half]) + Sum(x[half:])
	}
}
