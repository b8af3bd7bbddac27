package incident

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// Kind is what an actor is known by.
type Kind uint8

// The kinds of actors.
const (
	Host    Kind = iota // one host
	Hosts               // several hosts that are taken for one actor
	Account             // an account with a past of its own, which somebody else speaks through
	Strays              // hosts with few refused logins each, not taken for one actor
	Sitting             // what an account that is seldom active did about the same time
)

// String returns the kind in one word.
func (k Kind) String() string { return [...]string{"host", "hosts", "account", "strays", "sitting"}[k] }

// Actor is who acted, as far as the log shows.
type Actor struct {
	Kind     Kind
	Hosts    []string // most connections first
	Users    []string // that got in, or were spoken through; else those that were tried; most connections first
	Inferred bool     // that the hosts are one actor is inferred
	Why      string   // from what, in words; empty where nothing is inferred
}

// unnamed is a user or host that the log does not name.
const unnamed = "-"

// String names the actor: "root@192.0.2.7", "192.0.2.7", "5 hosts".
func (a Actor) String() string {
	host := ""
	switch len(a.Hosts) {
	case 0:
	case 1:
		host = a.Hosts[0]
	default:
		return fmt.Sprintf("%d hosts", len(a.Hosts))
	}
	if len(a.Users) == 1 {
		if a.Users[0] == unnamed && host == unnamed {
			return "an unknown account"
		}
		return a.Users[0] + "@" + host
	}
	return host
}

// StageName is a step of an attack.
type StageName uint8

// The stages, in the order in which an attack goes.
const (
	Reconnaissance StageName = iota
	Guessing
	Injection
	Access
	Enumeration
	Collection
	Persistence
	Destruction
	CoveringTracks
	stageNames
)

// String returns the name of the stage.
func (s StageName) String() string {
	return [...]string{"reconnaissance", "guessing", "injection", "access", "enumeration", "collection", "persistence", "destruction", "covering tracks"}[s]
}

// MarshalText writes the name of the stage.
func (s StageName) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// MaxTelling is how many statements of a stage are listed.
const MaxTelling = 3

// Stage is what an actor did of one kind.
type Stage struct {
	Name        StageName
	Connections []uint32 // indices, ascending
	Entries     []uint32 // the actor's own, ascending
	First, Last store.Moment
	Telling     []uint32 // the entries to read first, at most MaxTelling
	Detections  []int    // indices into In.Detections, ascending
	After       []After  // "then sent", after its own entries
}

// Login is how an account was tried.
type Login struct {
	User, Host string
	Server     string // that was tried, empty where none was named
	Tries      int
	Refused    int
	In         int          // got past login
	First      store.Moment // of the first that got past login, store.Unknown for none
}

// Incident is what one actor did. It is immutable.
type Incident struct {
	ID          string   // 8 hexadecimal digits, the same for the same log and options
	Formerly    []string // IDs of before, see Continue
	Severity    rule.Severity
	Actor       Actor
	First, Last store.Moment
	Stages      []Stage  // by first entry
	Servers     []string // at which he acted, in the order of the log; nil where none was named
	Connections []uint32 // indices, ascending
	Entries     []uint32 // the actor's own, ascending
	Logins      []Login  // that got in first, then most tries first; empty for an account spoken through
	Tables      []string // that its statements name, most entries first
	Asked       string   // what was asked for, the gravest first: "DROP of 8 tables"; "nothing"
	How         string   // by which way: "1 of 2 guesses", "SQL injection"
	Through     string   // whom, or from where
	After       []After  // "then sent": what may speak of an outcome
	Twins       []Twin   // of telling statements that were put into others
	Honest      []string // what speaks for or against an honest cause, in sentences
	Unknown     []string // what the log does not show of it
}

// Stage returns the stage of a name, nil for none.
func (x *Incident) Stage(name StageName) *Stage {
	for i := range x.Stages {
		if x.Stages[i].Name == name {
			return &x.Stages[i]
		}
	}
	return nil
}

// Gravest returns the gravest stage: destruction before code, data before guesses.
func (x *Incident) Gravest() StageName {
	best := Reconnaissance
	for i := range x.Stages {
		if gravity[x.Stages[i].Name] > gravity[best] {
			best = x.Stages[i].Name
		}
	}
	return best
}

// gravity is the order in which somebody must hear of stages.
var gravity = [stageNames]int{Reconnaissance: 0, Guessing: 1, Injection: 2, Access: 3, Enumeration: 4, CoveringTracks: 5, Collection: 6, Persistence: 7, Destruction: 8}

// In is what incidents are found in.
type In struct {
	Log        *loaded.Log
	Detections []detect.Detection
	Score      func(connection uint32) float64 // 0 to 1, how suspicious; nil where it is not known
	History    *principal.History              // nil where it is not known: twins, and who is away from home, are not looked for
	Text       loaded.Text                     // nil where no text can be read
}

// Find returns the incidents of a log, the most severe first, then those that reached
// furthest, then in order of time. A connection is in one host's incident at most.
// The cost is linear in connections, detections and the entries of the actors. The
// error is that of ctx.
func Find(ctx context.Context, in In) ([]Incident, error) {
	f := &finder{In: in, Log: in.Log}
	if f.Score == nil {
		f.Score = func(uint32) float64 { return 0 }
	}
	f.seed()
	if err := f.pairs(ctx, f.hosts); err != nil {
		return nil, err
	}
	f.members()
	if err := f.reuse(ctx); err != nil {
		return nil, err
	}
	if err := f.scouts(ctx); err != nil {
		return nil, err
	}
	f.join()
	if err := f.strays(ctx); err != nil {
		return nil, err
	}
	f.sittings()
	if err := f.followMade(ctx); err != nil {
		return nil, err
	}
	f.followEvents()
	f.mark()
	f.bursts()
	f.loginDetections()
	if err := f.census(ctx); err != nil {
		return nil, err
	}
	list := make([]Incident, 0, len(f.actors))
	for k := range f.actors {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if a := &f.actors[k]; len(a.connections) > 0 {
			list = append(list, f.incident(a))
		}
	}
	slices.SortStableFunc(list, func(a, b Incident) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(gravity[b.Gravest()], gravity[a.Gravest()]),
			cmp.Compare(a.Entries[0], b.Entries[0]))
	})
	f.findTwins(list)
	distinguish(list)
	return list, nil
}

// name makes the ID of an incident.
func (f *finder) name(x *Incident) string {
	h := sha256.New()
	// Not the offset: the same log in a wrapper has others.
	fmt.Fprintf(h, "%s %q %q %d", x.Actor.Kind, x.Actor.Hosts, x.Actor.Users, x.Entries[0])
	return hex.EncodeToString(h.Sum(nil)[:4])
}

// Letter is what an incident is called by its place in a list, from 0: A to Z, then
// AA, AB, ...
func Letter(k int) string {
	if k >= 26 {
		return Letter(k/26-1) + Letter(k%26)
	}
	return string(rune('A' + k))
}

// distinguish sees to it that no two incidents read alike.
func distinguish(list []Incident) {
	seen := map[string]int{}
	for i := range list {
		x := &list[i]
		words := x.Asked + "\x00" + x.How + "\x00" + x.Through
		if seen[words]++; seen[words] > 1 {
			x.How = fmt.Sprintf("%s, %s time", x.How, ordinal(seen[words]))
		}
	}
}

func ordinal(n int) string {
	if n >= 2 && n <= 3 {
		return [...]string{"second", "third"}[n-2]
	}
	return fmt.Sprintf("%dth", n)
}
