package suspicion

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"

	"sqleuth/analysis/label"
	"sqleuth/analysis/parallel"
)

// Given is what an analyst gave: labels, and what was learnt from them.
type Given struct {
	Labels label.Set
	// Learned is how sure a model that labels trained is that a connection is none of
	// the normal ones, 0 to 1; nil without labels.
	Learned func(c uint32) float64
}

// Ranking is the order in which an analyst should read connections and entries. It is
// immutable; of a nil Ranking nothing is suspicious.
type Ranking struct {
	*Assessment
	given Given
	score []float32 // by connection
	order []uint32  // of those with evidence, most suspicious first
	first []Suspect
}

// Suspect is a connection that an analyst should read.
type Suspect struct {
	Connection uint32
	Score      float64
	Class      string // label.Normal without a label
	Reasons    []string
}

// Shown is how many suspects a screen shows at most.
const Shown = 1000

// Least is the lowest score that files list, some four times that of a connection or
// an entry without any evidence. In a log of any size what lies below it is most of
// what is new or rare, and nothing that anybody reads a list down to.
const Least = 0.02

// Rank orders the connections with any evidence against them; those that are labelled
// normal come last. Of equal scores those
// that got in come first, what they did being worth more than how often they tried,
// then those with more evidence, then the earlier ones. The error is that of ctx.
func (a *Assessment) Rank(ctx context.Context, given Given) (*Ranking, error) {
	r := &Ranking{Assessment: a, given: given, score: make([]float32, len(a.odds))}
	labelled := given.Labels.Labelled() > 0
	for c, odds := range a.odds {
		if c%(1<<14) == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		some := odds > noOdds
		if x := r.learned(uint32(c)); x > 0 {
			if !some {
				odds = float32(a.weights.Bias)
			}
			some = true
			odds += float32(a.weights.Kinds[Learned] * x)
		}
		if !some {
			continue
		}
		score := logistic(float64(odds))
		if labelled && r.readNormal(c) {
			r.score[c] = 0 // somebody has read it: it comes after all others
		} else {
			r.score[c] = float32(rounded(score))
		}
		r.order = append(r.order, uint32(c))
	}
	conns := a.in.Log.Connections
	did := func(c uint32) int {
		if conns.Peek(int(c)).Outcome.Refused() {
			return 1
		}
		return 0
	}
	slices.SortFunc(r.order, func(c, d uint32) int {
		return cmp.Or(cmp.Compare(r.score[d], r.score[c]), did(c)-did(d), cmp.Compare(a.odds[d], a.odds[c]), cmp.Compare(c, d))
	})
	r.findFirst()
	return r, ctx.Err()
}

// findFirst words what speaks against the first suspects, a share of them on each
// processor.
func (r *Ranking) findFirst() {
	r.first = make([]Suspect, min(Shown, r.Len()))
	workers := parallel.Workers()
	parallel.Do(workers, func(w int) {
		reasons := r.Reasons()
		for i := w; i < len(r.first); i += workers {
			c, score := r.At(i)
			r.first[i] = Suspect{c, score, r.Class(c), reasons(c)}
		}
	})
}

// First returns the first Shown suspects. The slice must not be written to.
func (r *Ranking) First() []Suspect {
	if r == nil {
		return nil
	}
	return r.first
}

// rounded keeps three decimals: weights are not known better, and what differs by less
// is a tie. Nothing is certain.
func rounded(score float64) float64 { return min(0.999, max(0.001, math.Round(score*1000)/1000)) }

// learned is the evidence of labels.
func (r *Ranking) learned(c uint32) float64 {
	if r.given.Learned == nil {
		return 0
	}
	return above(r.given.Learned(c), 0.5)
}

func (r *Ranking) readNormal(c int) bool {
	v, ok := r.given.Labels.Verdict(r.in.Log.Connections.Ref(c))
	return ok && v.Class == label.Normal
}

// Len returns how many connections there is any evidence against.
func (r *Ranking) Len() int {
	if r == nil {
		return 0
	}
	return len(r.order)
}

// Listed returns how many of them files list, and their places: those with a score of
// Least and more, and those that are labelled normal, whose score is 0.
func (r *Ranking) Listed() (n int, place func(i int) int) {
	least := sort.Search(r.Len(), func(i int) bool { return r.Score(r.order[i]) < Least })
	normal := sort.Search(r.Len(), func(i int) bool { return r.Score(r.order[i]) == 0 })
	return least + r.Len() - normal, func(i int) int {
		if i < least {
			return i
		}
		return normal + i - least
	}
}

// At returns the connection at a place, most suspicious first, and its score.
func (r *Ranking) At(i int) (conn uint32, score float64) {
	return r.order[i], r.Score(r.order[i])
}

// Score returns the score of a connection, 0 to 0.999, and 0 for one without evidence or
// labelled normal.
func (r *Ranking) Score(conn uint32) float64 {
	if r == nil {
		return 0
	}
	return math.Round(float64(r.score[conn])*1000) / 1000
}

// Class returns the class of a connection, label.Normal without a label.
func (r *Ranking) Class(conn uint32) string {
	return r.given.Labels.Class(r.in.Log.Connections.Ref(int(conn)))
}

// Learned returns the prediction of the model that labels trained for a connection,
// false without one.
func (r *Ranking) Learned(conn uint32) (float64, bool) {
	if r.given.Learned == nil {
		return 0, false
	}
	return r.given.Learned(conn), true
}

// early is the part of a log, a day of three weeks, that shows too little of what is
// ordinary.
const early = 0.05

// FromTheStart reports whether something suspicious, a score above one half, is at
// the beginning of the log: what was ordinary before it is then not known.
func (r *Ranking) FromTheStart() bool {
	for i := range r.Len() {
		c, score := r.At(i)
		if score <= 0.5 {
			break
		}
		if r.Traits.Learned().Place(int(r.in.Log.Connections.Peek(int(c)).First)) < early {
			return true
		}
	}
	return false
}

// Flagged returns how many entries have a score of their own of Least and more.
func (r *Ranking) Flagged() int {
	if r == nil {
		return 0
	}
	return len(r.flagged)
}

// Entry returns the entry at a place, most suspicious first, and its score.
func (r *Ranking) Entry(i int) (entry int, score float64) {
	f := r.flagged[i]
	return int(f.entry), rounded(logistic(float64(f.odds)))
}

// ListOf returns a ranking of a list alone, first of so many connections: what screens
// are tested with. Nothing but the list can be asked of it.
func ListOf(first []Suspect, total int) *Ranking {
	return &Ranking{first: first, order: make([]uint32, total)}
}
