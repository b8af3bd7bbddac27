package integrity

import (
	"context"
	"fmt"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// Kind is what a finding is about.
type Kind uint8

// The kinds, roughly from what happens to what somebody must do.
const (
	Damaged        Kind = iota // a file is truncated or corrupt
	Hole                       // runs of NUL bytes
	Unread                     // bytes that belong to no entry
	MixedForms                 // headers of several forms in one file
	Restarted                  // the server was started again
	Reopened                   // a banner, and ids go on
	RunWithout                 // ids begin again without a banner
	StoppedNot                 // entries go on behind a Shutdown
	Backwards                  // time steps back
	Silence                    // a pause against the rhythm of the log
	LoggingChanged             // somebody asked to log less or elsewhere
	NeverConnected             // ids without a Connect
	MissingIDs                 // ids between others that no entry has
	Forged                     // an entry that may be text of the statement before it
	Ambiguous                  // logins that can be read as those of two accounts
	Displaced                  // connections that may be of another server run
	Survivors                  // connections that seem to go on behind a restart
	OpenEnded                  // statements that end inside a quote or comment
	Mingled                    // files that several servers seem to have written
	Copied                     // a file that is in another one
	kinds
)

var kindText = [kinds]string{
	"damaged file", "hole", "bytes outside entries", "mixed header forms", "server restarted", "log reopened", "server run without banner",
	"entries behind shutdown", "time steps back", "silence", "logging changed", "id never connected", "missing ids", "possible forged entry", "ambiguous login", "logins out of order", "entries behind restart", "open-ended statements",
	"several servers", "copied file",
}

// String returns the kind in words.
func (k Kind) String() string { return kindText[k] }

// MarshalText writes the kind in words.
func (k Kind) MarshalText() ([]byte, error) {
	if k >= kinds {
		return nil, fmt.Errorf("kind of finding %d does not exist", k)
	}
	return []byte(k.String()), nil
}

// MaxEntries is how many entries a finding keeps.
const MaxEntries = 20

// A Finding is one thing that the log shows about itself. Names in its summary are
// attacker-written text.
type Finding struct {
	Kind     Kind
	Severity rule.Severity
	First    int          // index of the first entry it is about, -1 where it is about none
	Last     int          // index of the last one
	Time     store.Moment // of First, store.Unknown where there is none
	Until    store.Moment // of Last
	Count    int          // of what the kind counts: steps, ids, entries, runs of bytes
	Entries  []int        // indices, ascending, the first MaxEntries
	Summary  string
}

// Report is what Check has found.
type Report struct {
	Findings []Finding // in order of the log; those about no entry come first
	Limits   []string  // what this log cannot show, a sentence each
	// Embedded is every run of entries that may be forged, ascending, also those
	// that no finding lists.
	Embedded []Embedded
	// Servers are those that seem to have written the files, where several have and none
	// was named; nil elsewhere.
	Servers []Group
}

// Check examines a log. text may be nil; it is
// called maxTexts times at most. The error is that of ctx.
func Check(ctx context.Context, log *loaded.Log, text loaded.Text) (Report, error) {
	c := &check{Log: log, readText: text, texts: maxTexts, doubtful: map[int]bool{}, mingled: map[int]bool{}}
	c.mapBanners()
	c.mapConnections()
	for _, step := range []func() error{
		c.bytes, c.openings, func() error { return c.apart(ctx) }, func() error { return c.times(ctx) }, c.logging, c.cutNames, c.neverConnected, c.forgeries, c.ambiguous, c.displaced, c.survivors, c.missingIDs,
	} {
		if err := ctx.Err(); err != nil {
			return Report{}, err
		}
		if err := step(); err != nil {
			return Report{}, err
		}
	}
	slices.SortStableFunc(c.found, func(a, b Finding) int { return a.First - b.First })
	return Report{Findings: c.found, Limits: c.limits(), Embedded: c.embedded, Servers: c.servers}, nil
}

// maxTexts bounds how often texts of entries are read.
const maxTexts = 256

const (
	second = int64(1_000_000) // microseconds
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// check is the state of one Check.
type check struct {
	*loaded.Log
	readText loaded.Text
	texts    int // how often a text may still be called
	opened   []opening
	runs     []serverRun
	segments []segment
	silenced []uint32     // connections that asked for sql_log_off
	unseen   int          // connections that were there before the log
	doubtful map[int]bool // connections whose first entry may be forged
	embedded []Embedded
	servers  []Group
	mingled  map[int]bool // files whose time is in others too, as servers or copies explain
	found    []Finding
}

// add appends a finding about entries, which are ascending. count may be higher
// than their number.
func (c *check) add(f Finding, entries ...int) {
	f.First, f.Last, f.Time, f.Until = -1, -1, store.Unknown, store.Unknown
	if len(entries) > 0 {
		f.First, f.Last = entries[0], entries[len(entries)-1]
		f.Time, f.Until = c.Moment(f.First), c.Moment(f.Last)
		f.Entries = entries[:min(len(entries), MaxEntries):min(len(entries), MaxEntries)]
	}
	c.found = append(c.found, f)
}

// text reads the text of an entry, as long as there are texts left.
func (c *check) text(i int) ([]byte, bool) {
	if c.readText == nil || c.texts == 0 {
		return nil, false
	}
	c.texts--
	text, err := c.readText(i)
	return text, err == nil // without it the columns have to do
}

func (c *check) command(i int) string { return c.Commands[c.Rows[c.Entries.Row(i)].Command] }

// entryBehind returns the first entry at or behind an offset, Len for none.
func (c *check) entryBehind(offset int64) int {
	lo, hi := 0, c.Entries.Len()
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if c.Entries.Offset(mid) < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// fileStart returns the index of the file that entry i is the first entry of.
func (c *check) fileStart(i int) (k int, ok bool) {
	k, at := c.File(c.Entries.Offset(i))
	return k, i == 0 || at < c.Entries.Offset(i)-c.Entries.Offset(i-1)
}

// few keeps the first MaxEntries entries and the last one of a series without
// holding all of it.
type few struct {
	list  []int
	count int
}

func (f *few) add(i int) {
	f.count++
	if len(f.list) <= MaxEntries {
		f.list = append(f.list, i)
		return
	}
	f.list[MaxEntries] = i
}
