package suspicion

import (
	"math"

	"sqleuth/analysis/trait"
)

// saturating is 0 for none and rises to 1, one half at half.
func saturating(n int, half float64) float64 {
	if n <= 0 {
		return 0
	}
	return float64(n) / (float64(n) + half)
}

// above is the part of x that lies above a bound, 0 to 1.
func above(x, bound float64) float64 { return min(1, max(0, (x-bound)/(1-bound))) }

// bySeverity is how strongly a detection speaks. Context is worth knowing beside others
// only, and low is what honest administrators do too.
var bySeverity = [...]float64{0, 0, 0.15, 0.6, 0.9, 1}

// ofLogin is the evidence that a login is.
func (x *Evidence) ofLogin(m *trait.Measures) {
	switch {
	case m.Usual:
	case m.Refused:
		base := foreign(m)
		x[RefusedStranger] = base
		x[UsersTried] = base * saturating(m.HostUsers-1, 2)
		x[HostsTried] = base * saturating(m.UserHosts-1, 2)
		x[ManyTries] = base * saturating(m.HostStrangers-1, 4)
		if m.User.Ever == 0 {
			x[NoSuchUser] = base
		}
	case m.Accepted:
		x[NewAccount] = above(m.PairNew, noise)
		x[NewNetwork] = above(m.NetworkNew, noise)
		x[Away] = m.Away
	}
	x[Guessing] = bySeverity[m.Rules.Of(trait.Guessing)]
	x[Access] = bySeverity[m.Rules.Of(trait.Access)]
}

// noise is what novelty honest accounts have: below it, it is no evidence.
const noise = 0.3

// foreign is how little a refused login looks like a mistake: 0 for a user that had
// got in from the host before, for one of many who share it, for a program that tries at a steady pace, and for a
// user that gets in a little later, after few tries.
func foreign(m *trait.Measures) float64 {
	if m.Pair.Accepted > 0 || m.Mistyped {
		return 0
	}
	strange := 1.0
	if m.HostUsers <= 1 {
		strange *= min(1, above(m.Pace, steady)*2)
	}
	switch {
	case m.HostUsers <= 2:
		strange *= 1 - fading(m.Settled)*(1-saturating(m.PairRefused-1, 2))
	case m.Settled <= settles && m.Pair.Refused < fewTries && m.Days >= someDays:
		return 0 // an owner's, also among guesses
	}
	return strange
}

// Who gets in within settles seconds, after fewTries at most, and comes on someDays, is the
// owner of the account: the figures are those of the rules, which count such logins as
// nobody's guess, and of what is ordinary.
const (
	settles  = 600
	fewTries = 3
	someDays = 3
)

// fading is 1 for what follows at once and one half for what follows after six hours.
func fading(seconds float64) float64 { return 1 / (1 + seconds/(6*3600)) }

// steady is the pace below which refused logins are a program's: half as bad as random
// gaps have it.
const steady = 0.4

// ofStatement takes in what a statement is, as far as its facts and its account show.
// stranger is how new the account is.
func (x *Evidence) ofStatement(s *trait.Statement, stranger float64) {
	grave := s.Asked.Gravity()
	novelty := above(s.Novelty, noise)
	x[NewDigest] = max(x[NewDigest], novelty)
	x[SeveralNew] = max(x[SeveralNew], novelty*saturating(s.Burst-1, 4))
	x[NewRequest] = max(x[NewRequest], novelty*grave)
	x[StrangeRequest] = max(x[StrangeRequest], stranger*grave)
}

// ofRules takes in the detections about statements.
func (x *Evidence) ofRules(s trait.Severities) {
	for g := trait.Injection; g < trait.Groups; g++ {
		k := kindOf(g)
		x[k] = max(x[k], bySeverity[s.Of(g)])
	}
}

// like is how much a statement is of the kind that comes in series: an injection, or
// new to its account.
func (x *Evidence) like() float64 { return min(1, x[Injection]/bySeverity[3]+x[NewDigest]) }

// logOdds adds up evidence.
func (w *Weights) logOdds(x *Evidence) float64 {
	sum := w.Bias
	for k, v := range x {
		sum += w.Kinds[k] * v
	}
	return sum
}

// logistic turns log-odds into a score between 0 and 1.
func logistic(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// any reports whether a kind of evidence is there that counts.
func (w *Weights) any(x *Evidence) bool {
	for k, v := range x {
		if v*w.Kinds[k] > 0 {
			return true
		}
	}
	return false
}
