package pipeline

import "math"

// MaxScores returns the highest score of each forest among the entries of
// connection c: isolation 0 to 1 (minus score_samples), and the probability of
// an anomaly. NaN means a forest that is not trained.
func (s *Snapshot) MaxScores(c int) (isolation, random float64) {
	isolation, random = math.NaN(), math.NaN()
	hasIsolation, hasRandom := s.Isolation != nil, s.Random != nil && s.Random.Forest != nil
	if !hasIsolation && !hasRandom {
		return isolation, random
	}
	last := -1
	for _, i := range s.ByConnection.Entries(c) {
		u := s.EncodedRow(int(i))
		if u == last {
			continue
		}
		last = u
		if hasIsolation && !(s.Isolation.Score(u) <= isolation) {
			isolation = s.Isolation.Score(u)
		}
		if hasRandom && !(s.Random.Score(u) <= random) {
			random = s.Random.Score(u)
		}
	}
	return isolation, random
}
