package suspicion

import "math"

// Sample is a connection of which it is known whether it is part of an attack.
type Sample struct {
	Evidence
	Attack bool
	Weight float64 // how much it counts
}

// Fit returns the weights that make the samples most likely, none below 0: logistic
// regression with a penalty of l2/2 times the squares of how far they are from prior,
// by Newton steps on one weight after the other. A kind that no sample has keeps the
// prior, and one that few have stays near it.
func Fit(samples []Sample, l2 float64, prior *Weights) Weights {
	w := *prior
	z := make([]float64, len(samples))
	step := func(x func(s *Sample) float64, at *float64, prior, l2, least float64) (moved float64) {
		gradient, curve := l2*(*at-prior), l2+1e-9
		for i := range samples {
			s := &samples[i]
			v := x(s)
			if v == 0 {
				continue
			}
			p := logistic(z[i])
			y := 0.0
			if s.Attack {
				y = 1
			}
			gradient += s.Weight * (p - y) * v
			curve += s.Weight * max(p*(1-p), 1e-4) * v * v
		}
		to := max(least, *at-min(1, max(-1, gradient/curve)))
		moved = to - *at
		if moved != 0 {
			for i := range samples {
				z[i] += moved * x(&samples[i])
			}
			*at = to
		}
		return math.Abs(moved)
	}
	for i := range samples {
		z[i] = w.logOdds(&samples[i].Evidence)
	}
	for range 2000 {
		moved := step(func(*Sample) float64 { return 1 }, &w.Bias, prior.Bias, l2, math.Inf(-1))
		for k := range w.Kinds {
			moved = max(moved, step(func(s *Sample) float64 { return s.Evidence[k] }, &w.Kinds[k], prior.Kinds[k], l2, 0))
		}
		if moved < 1e-6 {
			break
		}
	}
	return w
}
