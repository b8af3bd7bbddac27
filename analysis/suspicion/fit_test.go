package suspicion

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Weights that made samples are found again, kinds that speak for honesty get none, and
// a kind that no sample has keeps what it was.
func TestFitFindsWeights(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	truth := Weights{Bias: -2}
	truth.Kinds[Injection], truth.Kinds[NewDigest] = 4, 1.5
	samples := make([]Sample, 20000)
	for i := range samples {
		s := &samples[i]
		s.Evidence[Injection], s.Evidence[NewDigest], s.Evidence[NewAccount] = float64(rng.IntN(2)), rng.Float64(), rng.Float64()
		s.Attack = rng.Float64() < logistic(truth.logOdds(&s.Evidence)-2*s.Evidence[NewAccount])
		s.Weight = 1
	}
	prior := Prior()
	w := Fit(samples, 1e-3, &prior)
	if math.Abs(w.Kinds[Injection]-4) > 0.4 || math.Abs(w.Kinds[NewDigest]-1.5) > 0.3 || w.Kinds[NewAccount] != 0 || w.Kinds[Actor] != prior.Kinds[Actor] {
		t.Errorf("weights %+v", w)
	}
	// Drawn to the prior as strongly as can be, they are the prior.
	if w := Fit(samples, 1e9, &prior); math.Abs(w.Kinds[Injection]-prior.Kinds[Injection]) > 1e-3 || math.Abs(w.Bias-prior.Bias) > 1e-3 {
		t.Errorf("weights %+v, want the prior", w)
	}
}
