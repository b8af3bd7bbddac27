package evaluation

import (
	"cmp"
	"math"
	"slices"

	"sqleuth/analysis/pipeline"
)

// Baseline is a simpler order, what it is called, and how it does.
type Baseline struct {
	Name string
	Ranking
}

// BaselineNames are what the orders are called that a ranking is compared with.
var BaselineNames = []string{"new digest", "new digest, length, counts", "notebook's forest"}

// baselines measures three orders that need no rule and no profile: by how seldom a
// user sends a digest; that with how unusual the length of the statement and the number
// of the user's statements in that minute are; and by the notebook's Isolation Forest.
// The score of a connection is that of its most suspicious entry.
func (r *Result) baselines(s *pipeline.Snapshot, t *Truth) {
	for k, score := range []func(i int) float64{seldom(s), unusual(s), isolated(s)} {
		scores := make([]float64, s.Len())
		byConnection := make([]float64, s.Connections.Len())
		for i := range scores {
			scores[i] = score(i)
			c := s.Entries.Connection(i)
			byConnection[c] = max(byConnection[c], scores[i])
		}
		order := sorted(byConnection)
		r.Baselines = append(r.Baselines, Baseline{BaselineNames[k], connections(s, t, len(order), true, func(i int) (uint32, float64) {
			return uint32(order[i]), byConnection[order[i]]
		})})
		if r.Entries == nil {
			continue
		}
		order = sorted(scores)
		r.Entries.Baselines = append(r.Entries.Baselines, Baseline{BaselineNames[k], measure(len(order), r.Entries.Labelled, r.Entries.Other, true, func(i int) (kind, float64) {
			return t.kindOf(s, order[i]), scores[order[i]]
		})})
	}
}

// sorted returns the indices of scores, highest first.
func sorted(scores []float64) []int {
	order := make([]int, len(scores))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return order
}

// seldom scores an entry by how few times its account sends its digest.
func seldom(s *pipeline.Snapshot) func(i int) float64 {
	return func(i int) float64 {
		digest := s.Key(i).Digest
		if digest == 0 {
			return 0
		}
		sent := s.History.Of(s.History.Sender(i), digest)
		if sent == nil {
			return 0
		}
		return 1 / float64(sent.Entries)
	}
}

// unusual adds to seldom how far, in standard deviations, the logarithms of length and
// of the account's statements in the same minute lie from the account's means.
func unusual(s *pipeline.Snapshot) func(i int) float64 {
	type minute struct {
		account uint32
		at      int64
	}
	type moments struct{ n, sum, squares float64 }
	perMinute := map[minute]int{}
	lengths, counts := map[uint32]*moments{}, map[uint32]*moments{}
	add := func(of map[uint32]*moments, account uint32, x float64) {
		m := of[account]
		if m == nil {
			m = &moments{}
			of[account] = m
		}
		m.n++
		m.sum += x
		m.squares += x * x
	}
	key := func(i int) minute { return minute{s.History.Sender(i), s.Approximate(i) / 60e6} }
	length := func(i int) float64 { return math.Log(float64(1 + s.End(i) - s.Entries.Offset(i))) }
	count := func(i int) float64 { return math.Log(float64(perMinute[key(i)])) }
	for i := range s.Len() {
		perMinute[key(i)]++
	}
	for i := range s.Len() {
		account := key(i).account
		add(lengths, account, length(i))
		add(counts, account, count(i))
	}
	deviation := func(m *moments, x float64) float64 {
		mean := m.sum / m.n
		spread := math.Sqrt(max(0, m.squares/m.n-mean*mean))
		if spread < 1e-9 {
			return 0
		}
		return max(0, x-mean) / spread
	}
	first := seldom(s)
	return func(i int) float64 {
		account := key(i).account
		return first(i)*3 + deviation(lengths[account], length(i)) + deviation(counts[account], count(i))
	}
}

// isolated scores an entry by the notebook's Isolation Forest.
func isolated(s *pipeline.Snapshot) func(i int) float64 {
	return func(i int) float64 {
		if s.Isolation == nil {
			return 0
		}
		return s.Isolation.Score(s.EncodedRow(i))
	}
}
