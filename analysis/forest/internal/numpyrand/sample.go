package numpyrand

import "context"

// Sample draws k of n positions (0 <= k <= n) without replacement, in the
// order in which scikit-learn's sample_without_replacement(n, k,
// method="auto") returns them. It picks the method by the ratio k/n as that
// function does: a permutation in the middle, rejection of repeats for a small
// share, a reservoir for nearly all.
func Sample(ctx context.Context, g *MT19937, n, k int) ([]int32, error) {
	// The thresholds are compared with the quotient in float64, so that
	// 256 of 25600 falls on the same side as in scikit-learn.
	ratio := float64(k) / float64(n)
	switch {
	case ratio > 0.01 && ratio < 0.99:
		p := make([]int32, n)
		for i := range p {
			p[i] = int32(i)
		}
		err := Shuffle(ctx, g, p)
		return p[:k:k], err
	case ratio < 0.2:
		return sampleByRejection(g, n, k), nil
	default:
		return sampleByReservoir(g, n, k), nil
	}
}

func sampleByRejection(g *MT19937, n, k int) []int32 {
	out := make([]int32, 0, k)
	taken := make(map[int32]struct{}, k)
	for len(out) < k {
		j := int32(g.Below(uint32(n)))
		if _, again := taken[j]; again {
			continue
		}
		taken[j] = struct{}{}
		out = append(out, j)
	}
	return out
}

func sampleByReservoir(g *MT19937, n, k int) []int32 {
	out := make([]int32, k)
	for i := range out {
		out[i] = int32(i)
	}
	for i := k; i < n; i++ {
		if j := int(g.Below(uint32(i) + 1)); j < k {
			out[j] = int32(i)
		}
	}
	return out
}
