package evaluation

import (
	"context"
	"math"
	"slices"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/suspicion"
)

// pull is how strongly weights are drawn to what they are before a log is looked at; a
// log weighs 2.
const pull = 0.1

// Assess assesses the log of a capture by other weights.
func (c *Capture) Assess(ctx context.Context, w *suspicion.Weights) (*suspicion.Assessment, error) {
	s := c.Snapshot
	return suspicion.Assess(ctx, suspicion.In{Log: &s.Log, History: s.History, Detections: detect.Standing(s.Detections), Weights: w})
}

// Measure measures the ranking of a capture by other weights.
func (c *Capture) Measure(ctx context.Context, w *suspicion.Weights) (*Result, error) {
	a, err := c.Assess(ctx, w)
	if err != nil {
		return nil, err
	}
	s := *c.Snapshot
	s.Assessment = a
	if s.Ranking, err = a.Rank(ctx, suspicion.Given{}); err != nil {
		return nil, err
	}
	return Measure(&s, &c.Truth), nil
}

// Samples returns the connections of a capture as weights are fitted to them. What
// Company and Actor rest on is scored by prior. The attack weighs as much as all that
// is honest, each of its stages alike; connections with the same evidence count by the
// logarithm of their number where they are honest, so that a pool with a million pages
// does not outvote a job that runs once.
func (c *Capture) Samples(ctx context.Context, prior *suspicion.Weights) ([]suspicion.Sample, error) {
	a, err := c.Assess(ctx, prior)
	if err != nil {
		return nil, err
	}
	type key struct {
		suspicion.Evidence
		stage string // empty: honest
	}
	counts, stages := map[key]int{}, map[string]int{}
	var keys []key
	for k := range c.Snapshot.Connections.Len() {
		if c.Truth.LeftOut[uint32(k)] {
			continue
		}
		at := key{a.Evidence(k), c.Truth.Stage[uint32(k)]}
		for i, x := range at.Evidence {
			at.Evidence[i] = math.Round(x*100) / 100
		}
		if counts[at] == 0 {
			keys = append(keys, at)
		}
		counts[at]++
		stages[at.stage]++
	}
	honest := 0.0
	for _, k := range keys {
		if k.stage == "" {
			honest += math.Log2(1 + float64(counts[k]))
		}
	}
	attacks := len(stages)
	if stages[""] > 0 {
		attacks--
	}
	samples := make([]suspicion.Sample, len(keys))
	for i, k := range keys {
		samples[i] = suspicion.Sample{Evidence: k.Evidence, Attack: k.stage != ""}
		if samples[i].Attack {
			samples[i].Weight = float64(counts[k]) / float64(stages[k.stage]*attacks)
		} else {
			samples[i].Weight = math.Log2(1+float64(counts[k])) / honest
		}
	}
	return samples, nil
}

// Fitted are weights fitted to captures: to all, and for each to the others.
type Fitted struct {
	All     suspicion.Weights
	Without []suspicion.Weights
}

// Fit fits weights to captures.
func Fit(ctx context.Context, captures []*Capture) (*Fitted, error) {
	prior := suspicion.Prior()
	samples := make([][]suspicion.Sample, len(captures))
	for k, c := range captures {
		var err error
		if samples[k], err = c.Samples(ctx, &prior); err != nil {
			return nil, err
		}
	}
	f := &Fitted{All: suspicion.Fit(slices.Concat(samples...), pull, &prior)}
	for k := range captures {
		others := slices.Concat(slices.Concat(samples[:k]...), slices.Concat(samples[k+1:]...))
		f.Without = append(f.Without, suspicion.Fit(others, pull, &prior))
	}
	return f, nil
}
