package detect

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// Options are what is evaluated, and how.
type Options struct {
	Rules *rule.Set
	// Pause is the longest pause between hits of one detection where the rule
	// gives none.
	Pause time.Duration
	// Baseline is what is ordinary; nil where the log is compared with itself.
	Baseline *principal.Baseline
	// Texts is how many texts of entries may be read for summaries.
	Texts int
}

// DefaultOptions returns the built-in rules and the documented defaults.
func DefaultOptions() Options {
	return Options{Rules: Builtin(), Pause: 30 * time.Minute, Texts: 256}
}

// Builtin returns the rules that are part of the program.
var Builtin = sync.OnceValue(func() *rule.Set {
	set, problems := rule.Load(rule.Sources{}, rule.Options{Natives: Natives()})
	if len(problems) > 0 {
		panic(problems)
	}
	return set
})

// Detection is what a rule found. Everything in it that was read from the log is
// attacker-written text.
type Detection struct {
	Rule        *rule.Rule
	Severity    rule.Severity
	Time        store.Moment  // of the first entry
	Last        store.Moment  // of the last entry
	User        string        // empty where several or not known
	Host        string        // empty where several or not known
	Users       []string      // all of them, most entries first
	Hosts       []string      // all of them, most entries first
	Connections []uint32      // indices, ascending
	Entries     []uint32      // indices, ascending: all the evidence
	Logins      bool          // the evidence are logins, not statements
	Count       int           // failed or accepted logins, or entries
	Before      string        // who, in front of What in Summary; empty where What names them
	What        string        // what was done, to follow a name: "asked for wp_users without WHERE"
	After       string        // how much of it, and what is to be added, behind What in Summary
	Summary     string        // one sentence: Before, What and After
	Site        *rule.Filter  // of the site, which sets it aside; nil for none
	Rated       rule.Severity // what Severity is without that filter
}

// Result is what the rules found.
type Result struct {
	Detections []Detection // in order of time, those of one moment in the order of the rules
	// Filtered counts, for each filter of the site, the detections that it sets aside.
	Filtered []Filtered
	// Full names what there was more of than is followed, in words.
	Full []string
	// History is what was known of principals.
	History *principal.History
}

// Filtered is what a filter of the site did.
type Filtered struct {
	Filter     *rule.Filter
	Detections int
}

// Run evaluates the rules on a log. text may be nil; it is called Options.Texts
// times at most, by several goroutines, and once for each entry that a rule with
// keywords looks into. The error is that of ctx.
func Run(ctx context.Context, log *loaded.Log, text loaded.Text, opt Options) (*Result, error) {
	r, err := newRun(ctx, log, text, opt)
	if err != nil {
		return nil, err
	}
	for _, stage := range []func(context.Context) error{r.evaluateRows, r.evaluateEvents, r.correlate, r.natives} {
		if err := stage(ctx); err != nil {
			return nil, err
		}
	}
	r.closeEpisodes()
	r.applySite()
	r.fold()
	r.readStatements()
	out := &Result{Detections: make([]Detection, 0, len(r.evidence)), Full: append(r.full, r.history.Full...), History: r.history}
	for _, ev := range r.evidence {
		out.Detections = append(out.Detections, r.detection(ev))
	}
	aside := map[*rule.Filter]int{}
	for k := range out.Detections {
		aside[out.Detections[k].Site]++
	}
	for _, f := range r.filters {
		out.Filtered = append(out.Filtered, Filtered{f, aside[f]})
	}
	slices.SortStableFunc(out.Detections, r.compare)
	return out, nil
}

// newRun learns what the principals and logins of a log are.
func newRun(ctx context.Context, log *loaded.Log, text loaded.Text, opt Options) (*run, error) {
	history, err := principal.Learn(ctx, log, principal.Options{Baseline: opt.Baseline})
	if err != nil {
		return nil, err
	}
	r := &run{
		Log: log, readText: text, texts: opt.Texts, pause: opt.Pause.Microseconds(), history: history, logins: listLogins(log),
		rules: opt.Rules.Rules, filters: opt.Rules.Filters, order: map[*rule.Rule]int{}, hours: map[uint32]*hours{}, calendars: map[int64]*calendar{},
		loginEpisodes: episodes{open: map[episodeKey]*evidence{}}, statementEpisodes: episodes{open: map[episodeKey]*evidence{}},
	}
	r.strangers = sync.OnceValue(r.listStrangers)
	for k, rl := range r.rules {
		r.order[rl] = k
	}
	r.engines = make([]*rule.Engine, max(1, len(log.Servers)))
	for k := range r.engines {
		r.engines[k] = rule.NewEngine(opt.Rules)
		r.engines[k].Name = func(c uint32) string { return log.Connections.Name(int(c)) }
	}
	return r, nil
}

// compare orders detections by time, those of one moment by their rules.
func (r *run) compare(a, b Detection) int {
	return cmp.Or(cmp.Compare(a.Time.Micros, b.Time.Micros), cmp.Compare(r.order[a.Rule], r.order[b.Rule]),
		slices.Compare(a.Connections[:min(1, len(a.Connections))], b.Connections[:min(1, len(b.Connections))]))
}

// run is the state of one Run.
type run struct {
	*loaded.Log
	readText   loaded.Text
	texts      int                  // how many may be read
	statements map[*evidence][]byte // the first of each detection that quotes it, as far as they may be read
	pause      int64
	history    *principal.History
	logins     loginList
	strangers  func() map[uint32]*strangers // by host, made when a rule asks for them
	asked      sync.Mutex                   // guards hours
	hours      map[uint32]*hours            // by user, of those who were asked for
	rules      []*rule.Rule
	order      map[*rule.Rule]int

	sets        []verdict              // by number of facts, in no database
	depends     []bool                 // by number of facts: whether the database matters
	placed      map[placed]verdict     // where it does
	resolved    map[placed]*rule.Facts // of entries that rules asked lately
	builder     fact.Builder           // resolves sets of facts
	interesting []bool                 // by row: a rule may be true of its entries
	engines     []*rule.Engine         // by server: what is found of one would be found of it alone

	loginEpisodes, statementEpisodes episodes

	evidence  []*evidence
	filters   []*rule.Filter      // of the site
	calendars map[int64]*calendar // of the evidence, by resolution
	dumps     map[dumpHour][]string
	objects   map[object]*life
	full      []string
}

// account names a principal.
func (r *run) account(user, host uint32) string {
	if host == 0 {
		return "somebody whose login the log does not show"
	}
	return wording.Name(r.Connections.Text(user)) + "@" + wording.Name(r.Connections.Text(host))
}

// Guessing reports whether a detection is about failed logins.
func (d *Detection) Guessing() bool {
	return d.Logins && slices.Contains(d.Rule.Tactics, "credential-access")
}
