package account

import (
	"context"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/store"
)

// Figures count logins. Entries are -1 for none.
type Figures struct {
	Tries   int // logins, and changes of the user within a connection
	Refused int
	In      int
	// Silent are those whose outcome the log does not hold.
	Silent int

	First, Last int // entries of the first and the last try
	FirstIn     int // of the first that got in
}

func none() Figures { return Figures{First: -1, Last: -1, FirstIn: -1} }

// add counts an attempt, which comes behind those before it.
func (f *Figures) add(a *connection.Attempt) {
	f.Tries++
	if f.First < 0 {
		f.First = int(a.Entry)
	}
	f.Last = int(a.Entry)
	switch {
	case a.Outcome.Refused():
		f.Refused++
	case a.Outcome == connection.Accepted:
		f.In++
		if f.FirstIn < 0 {
			f.FirstIn = int(a.Entry)
		}
	default:
		f.Silent++
	}
}

// gather adds the figures of others, whenever they were.
func (f *Figures) gather(o *Figures) {
	f.Tries, f.Refused, f.In, f.Silent = f.Tries+o.Tries, f.Refused+o.Refused, f.In+o.In, f.Silent+o.Silent
	f.First, f.FirstIn = earlier(f.First, o.First), earlier(f.FirstIn, o.FirstIn)
	f.Last = max(f.Last, o.Last)
}

func earlier(a, b int) int {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// Level is how odd an account is, the higher the odder.
type Level uint8

// The levels.
const (
	Ordinary  Level = iota + 1
	Explained       // refused at a constant rate, or mistyped; a new host of a known network
	Refused         // turned away each time, and nobody of that name ever got in
	Guessed         // turned away each time, where the user gets in from elsewhere or the host tries several
	NewHost         // in from a host from which it never had
	GotIn           // the same after refusals there, or from any host after more than somebody mistypes
)

var levelText = [...]string{Ordinary: "ordinary", Explained: "explained", Refused: "refused", Guessed: "guessed", NewHost: "new host", GotIn: "got in"}

// String names a level as files have it.
func (l Level) String() string { return levelText[l] }

// Sign is the sign of a level: "!", "." or none.
func (l Level) Sign() string {
	switch {
	case l >= Guessed:
		return "!"
	case l >= Explained:
		return "."
	}
	return ""
}

// novelty is whether a user was new at a host when it first got in.
type novelty uint8

const (
	familiar   novelty = iota
	newInKnown         // a host of a network that it had got in from
	newHost
)

// Pair is a user with a host.
type Pair struct {
	User, Host uint32 // numbers of connection.View.Text
	Figures
	Level Level

	everIn    bool // in all of the log
	elsewhere bool // the user got in from another host, in all of the log or the baseline
	novelty   novelty
	before    int  // refused before it first got in
	mistyped  int  // refused shortly before it got in, see maxTyped
	pace      pace // of what was refused
	tried     int  // users that were turned away each time at its host
}

// Refusals are taken for typing mistakes where no more than maxTyped in a row come
// within typedWithin of a login that got in.
const (
	maxTyped    = 3
	typedWithin = 10 * minute
)

// manyTried is from how many users on, of which none ever got in there, a host guesses.
const manyTried = 3

// settled is the part of a log after which an account that appears is new.
const settled = 0.25

// Accounts are all who tried to log in.
type Accounts struct {
	Pairs []Pair
	Total Figures // of all of them
	// Left counts the attempts of pairs that are not kept.
	Left Figures
	// Unseen are the connections whose login the log does not hold; they count nowhere.
	Unseen int

	log     *loaded.Log
	history *principal.History
	spans   []span         // by server
	users   map[uint32]int // by user, hosts it got in from, in all of the log
}

// span is from when to when the log of a server goes.
type span struct{ lo, hi int64 }

// Of lists who tried to log in in the connections that are shown, nil for all. The
// history of the log may be nil: then there is no baseline, and nothing is known of what
// accounts asked for. The error is ctx.Err().
func Of(ctx context.Context, l *loaded.Log, h *principal.History, shown Shown) (*Accounts, error) {
	a := &Accounts{Total: none(), Left: none(), log: l, history: h, users: map[uint32]int{}}
	for k := range max(1, len(l.Servers)) {
		lo, hi, _ := l.TimesOf(k)
		a.spans = append(a.spans, span{lo, hi})
	}
	list, keys, unseen, err := attempts(ctx, l)
	if err != nil {
		return nil, err
	}
	a.Unseen = unseen
	pairs := make([]Pair, len(keys))
	for n, k := range keys {
		pairs[n] = Pair{User: k.user, Host: k.host, Figures: none()}
	}
	a.recognise(list, pairs)
	only, err := marked(ctx, shown, l.Connections.Len())
	if err != nil {
		return nil, err
	}
	if only != nil {
		list = slices.DeleteFunc(list, func(x attempt) bool { return !only[l.Connections.Attempt(x.Place).Connection] })
	}
	of := store.NewLists(len(pairs), func(yield func(pair, at uint32) bool) {
		for i := range list {
			if p := list[i].pair; p != noPair && !yield(p, uint32(i)) {
				return
			}
		}
	})
	for _, x := range list {
		at := l.Connections.Attempt(x.Place)
		if x.pair == noPair {
			a.Left.add(&at)
		}
		a.Total.add(&at)
	}
	for n := range pairs {
		if n%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if tries := of.Of(n); len(tries) > 0 {
			a.count(&pairs[n], list, tries)
			a.Pairs = append(a.Pairs, pairs[n])
		}
	}
	a.compare()
	return a, ctx.Err()
}

// recognise finds, in all attempts of a log, from which hosts each user got in, and
// where it was new.
func (a *Accounts) recognise(list []attempt, pairs []Pair) {
	type network struct {
		user uint32
		name string
	}
	networks, names := map[network]bool{}, map[uint32]string{}
	denied := make([]bool, len(pairs))
	for _, x := range list {
		if x.pair == noPair {
			continue
		}
		p, at := &pairs[x.pair], a.log.Connections.Attempt(x.Place)
		if at.Outcome.Refused() {
			denied[x.pair] = true
		}
		if at.Outcome != connection.Accepted || p.everIn {
			continue
		}
		p.everIn = true
		name, ok := names[p.Host]
		if !ok {
			name = principal.NetworkOf(a.log.Connections.Text(p.Host))
			names[p.Host] = name
		}
		p.novelty = a.noveltyOf(p, int(at.Entry), denied[x.pair], networks[network{p.User, name}])
		if p.novelty != newHost { // else the second host of an intruder is no news
			networks[network{p.User, name}] = true
		}
		a.users[p.User]++
	}
	for n := range pairs {
		p := &pairs[n]
		others := a.users[p.User]
		if p.everIn {
			others--
		}
		p.elsewhere = others > 0 || a.history != nil && a.history.Baseline != nil && a.history.UserLogins(p.User, 0).Accepted > 0
	}
}

// noveltyOf is the novelty of a pair that first gets in at an entry. Those that appear
// while the log settles are new only where they were turned away first.
func (a *Accounts) noveltyOf(p *Pair, entry int, denied, network bool) novelty {
	established, settling := a.users[p.User] > 0, a.part(entry) <= settled
	if h := a.history; h != nil && h.Baseline != nil {
		if h.PairLogins(p.User, p.Host, entry).Accepted > 0 {
			return familiar
		}
		established, settling = established || h.UserLogins(p.User, entry).Accepted > 0, false
	}
	switch {
	case !established, settling && !denied:
		return familiar
	case network && !denied:
		return newInKnown
	}
	return newHost
}

// part is in which part of the log of its server an entry is, 0 to 1: by its time, or
// where that is not known, by its place.
func (a *Accounts) part(entry int) float64 {
	server := a.log.ServerOf(entry)
	if s, t := a.spans[server], a.log.Entries.Time(entry); t != store.NoTime && s.hi > s.lo {
		return float64(t-s.lo) / float64(s.hi-s.lo)
	}
	from, to := a.log.EntriesOf(server)
	return float64(entry-from) / float64(max(1, to-from))
}

// count counts the attempts of a pair, given by their indices.
func (a *Accounts) count(p *Pair, list []attempt, of []uint32) {
	var times []int64 // of what was refused
	timed := true
	run := []int64{} // of refusals not followed by a login yet
	for _, i := range of {
		x := a.log.Connections.Attempt(list[i].Place)
		in := p.In
		p.add(&x)
		t := a.log.Entries.Time(int(x.Entry))
		timed = timed && t != store.NoTime
		switch {
		case x.Outcome.Refused():
			times, run = append(times, t), append(run, t)
		case x.Outcome == connection.Accepted:
			if in == 0 {
				p.before = p.Refused
			}
			if n := len(run); timed && 0 < n && n <= maxTyped && t-run[0] <= typedWithin {
				p.mistyped += n
			}
			run = run[:0]
		}
	}
	if timed && slices.IsSorted(times) {
		p.pace, _ = paceOf(times)
	}
	if p.refusedFirst() || p.mistyped*2 < p.Refused {
		p.mistyped = 0 // the others are what counts
	}
}

// compare finds how odd each pair is.
func (a *Accounts) compare() {
	tried := map[uint32]int{}
	for n := range a.Pairs {
		if p := &a.Pairs[n]; p.strange() {
			tried[p.Host]++
		}
	}
	for n := range a.Pairs {
		p := &a.Pairs[n]
		p.tried = tried[p.Host]
		p.Level = p.level()
	}
}

// strange reports whether it was turned away each time, not at a constant rate.
func (p *Pair) strange() bool { return p.Refused > 0 && !p.everIn && p.pace.every == 0 }

func (p *Pair) level() Level {
	switch {
	case p.In > 0 && p.novelty == newHost && p.before > 0:
		return GotIn
	case p.refusedFirst():
		return GotIn
	case p.In > 0 && p.novelty == newHost:
		return NewHost
	case p.strange() && (p.elsewhere || p.tried >= manyTried):
		return Guessed
	case p.strange():
		return Refused
	case p.Refused > 0, p.In > 0 && p.novelty == newInKnown:
		return Explained
	}
	return Ordinary
}

// refusedFirst reports whether it got in after more refusals than somebody mistypes.
func (p *Pair) refusedFirst() bool { return p.In > 0 && p.before > maxTyped && p.pace.every == 0 }
