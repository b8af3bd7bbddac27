package account

import (
	"fmt"
	"strings"

	"sqleuth/analysis/wording"
)

// maxPaced is how many hosts or users with a constant rate a sentence names.
const maxPaced = 2

// whyPair explains why a user with a host is at its place.
func (a *Accounts) whyPair(p *Pair) string {
	var parts []string
	switch {
	case p.Level == GotIn && p.novelty == newHost:
		parts = append(parts, fmt.Sprintf("new host, refused %d, then in", p.before))
	case p.Level == NewHost:
		parts = append(parts, "in from a new host")
	case p.refusedFirst():
		parts = append(parts, fmt.Sprintf("refused %d, then in", p.before))
	case p.strange():
		text := plain(&p.Figures)
		if p.tried > 1 {
			text += ", like " + wording.Counted(p.tried-1, "other user", "other users") + " from there"
		}
		parts = append(parts, text)
	case p.In > 0 && p.novelty == newInKnown:
		parts = append(parts, "in from a new host of its network")
	}
	if p.pace.every > 0 {
		parts = append(parts, a.paced(p))
	}
	if p.mistyped > 0 && p.novelty != newHost {
		parts = append(parts, mistyped(p.mistyped, p.Refused))
	}
	if len(parts) == 0 {
		parts = append(parts, plain(&p.Figures))
	}
	return strings.Join(parts, "; ")
}

// paced returns the rate at which a pair was refused, and what that may be.
func (a *Accounts) paced(p *Pair) string {
	s := a.spans[a.log.ServerOf(p.First)]
	text := p.pace.String() + ", " + p.pace.lasting(s.hi-s.lo)
	if p.In > 0 && p.before == 0 {
		text = fmt.Sprintf("%d refused, %s: old password?", p.Refused, text)
	}
	return text
}

// mistyped reports that all or some refusals were followed by a login.
func mistyped(n, refused int) string {
	text := fmt.Sprintf("refused %d, in shortly after: mistyped?", n)
	if more := refused - n; more > 0 {
		text = fmt.Sprintf("refused %d, %d of them with a login shortly after: mistyped?", refused, n)
	}
	return text
}

// plain describes what is neither new nor guessed.
func plain(f *Figures) string {
	switch {
	case f.Refused > 0 && f.In > 0:
		return fmt.Sprintf("in %d, refused %d", f.In, f.Refused)
	case f.Refused == f.Tries:
		return "refused only"
	case f.Refused > 0:
		return fmt.Sprintf("refused %d, %d without an outcome", f.Refused, f.Silent)
	case f.In == f.Tries:
		return "in each time"
	case f.In > 0:
		return fmt.Sprintf("in, but for %d without an outcome", f.Silent)
	}
	return "no outcome logged"
}

// group is the pairs of a row, sorted by what can be stated of them.
type group struct {
	Figures
	fresh, known, guessed, late []*Pair
	paced                       []*Pair
	mistyped, typed             int // refusals, and refusals of those pairs
	before, guesses             int
}

// why explains by its pairs why a user or a host is at its place.
func (a *Accounts) why(by By, of []*Pair) string {
	if len(of) == 1 {
		return a.whyPair(of[0])
	}
	g := group{Figures: none()}
	for _, p := range of {
		g.gather(&p.Figures)
		switch {
		case p.In > 0 && p.novelty == newHost:
			g.fresh, g.before = append(g.fresh, p), g.before+p.before
		case p.strange():
			g.guessed, g.guesses = append(g.guessed, p), g.guesses+p.Refused
		case p.refusedFirst():
			g.late = append(g.late, p)
		case p.In > 0 && p.novelty == newInKnown:
			g.known = append(g.known, p)
		}
		if p.pace.every > 0 {
			g.paced = append(g.paced, p)
		}
		if p.mistyped > 0 && p.novelty != newHost {
			g.mistyped, g.typed = g.mistyped+p.mistyped, g.typed+p.Refused
		}
	}
	text := a.log.Connections.Text
	other := func(p *Pair) string { return wording.Name(text(p.Host)) }
	if by == ByHost {
		other = func(p *Pair) string { return wording.Name(text(p.User)) }
	}
	var parts []string
	if n := len(g.fresh); n > 0 {
		s := "in from " + wording.Counted(n, "new host", "new hosts")
		if by == ByHost {
			s = "in as " + other(g.fresh[0]) + ", new here"
			if n > 1 {
				s = fmt.Sprintf("in as %d users, new here", n)
			}
		}
		if g.before > 0 {
			s += fmt.Sprintf(" after %d refused", g.before)
		}
		parts = append(parts, s)
	}
	for _, p := range g.late[:min(len(g.late), maxPaced)] {
		parts = append(parts, fmt.Sprintf("%s: refused %d, then in", other(p), p.before))
	}
	if n := len(g.late) - maxPaced; n > 0 {
		parts = append(parts, fmt.Sprintf("%d more so", n))
	}
	if len(g.guessed) > 0 {
		parts = append(parts, guessed(by, &g, len(g.guessed) == len(of)))
	}
	if n := len(g.known); n > 0 {
		s := fmt.Sprintf("in from %d new hosts of its network", n)
		if n == 1 {
			s = "in from a new host of its network"
		}
		if by == ByHost {
			s = "in as " + wording.Counted(n, "user", "users") + " of its network, new here"
		}
		parts = append(parts, s)
	}
	for _, p := range g.paced[:min(len(g.paced), maxPaced)] {
		parts = append(parts, other(p)+": "+a.paced(p))
	}
	if n := len(g.paced) - maxPaced; n > 0 {
		parts = append(parts, fmt.Sprintf("%d more at a constant rate", n))
	}
	if g.mistyped > 0 {
		parts = append(parts, mistyped(g.mistyped, g.typed))
	}
	if len(parts) == 0 {
		parts = append(parts, plain(&g.Figures))
	}
	return strings.Join(parts, "; ")
}

// guessed describes what was refused each time; only: nothing else was tried.
func guessed(by By, g *group, only bool) string {
	n := len(g.guessed)
	switch only = only && g.Refused == g.Tries; {
	case only && by == ByHost:
		return "refused only, as " + wording.Counted(n, "user", "users")
	case only:
		return "refused only, by " + wording.Counted(n, "host", "hosts")
	case by == ByHost:
		return fmt.Sprintf("%s at %s", wording.Counted(g.guesses, "guess", "guesses"), wording.Counted(n, "user", "users"))
	}
	return fmt.Sprintf("%s from %s", wording.Counted(g.guesses, "guess", "guesses"), wording.Counted(n, "new host", "new hosts"))
}
