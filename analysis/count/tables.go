package count

import (
	"context"
	"slices"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// Tables are the notebook's tables of a log.
type Tables struct {
	Action          []Tally // in order of first appearance
	Table           []Tally
	Pairs           []Pair // most first
	HourAction      Hourly
	HourTable       Hourly
	ThresholdAction []Threshold // sorted by action; nil while a log is being read
	ThresholdTable  []Threshold
}

// Count returns the tables without thresholds, which need the whole log. hours
// must have seen the entries.
func Count(log *loaded.Log, hours *Hours) *Tables {
	action := func(k store.Key) uint32 { return k.Action }
	table := func(k store.Key) uint32 { return k.Table }
	return &Tables{
		Action:     tally(log.Rows, log.Actions, action),
		Table:      tally(log.Rows, log.Tables, table),
		Pairs:      pairs(log.Rows, log.Actions, log.Tables),
		HourAction: hours.table(log.Actions, action),
		HourTable:  hours.table(log.Tables, table),
	}
}

// WithThresholds returns the tables with the thresholds added.
func (t *Tables) WithThresholds(ctx context.Context, log *loaded.Log) (*Tables, error) {
	u := *t
	var err error
	u.ThresholdAction, u.ThresholdTable, err = describeIDs(ctx, log.Entries, log.ByConnection, log.Connections, log.Rows, nil, log.Actions, log.Tables)
	return &u, err
}

// Entries are some entries of a log, ascending.
type Entries interface {
	Len() int
	At(k int) int
	// Find reports whether an entry is among them.
	Find(entry int) (k int, ok bool)
}

// Of returns the tables of some entries of a log, with thresholds where it is known which
// entries a connection has. The error is ctx.Err().
func Of(ctx context.Context, log *loaded.Log, entries Entries) (*Tables, error) {
	rows := slices.Clone(log.Rows)
	hours := &Hours{}
	for k := range rows {
		r := &rows[k]
		r.Count, r.First = 0, 0
		hours.of = append(hours.of, hours.pair(r.Action, r.Table))
	}
	for k := range entries.Len() {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		i := entries.At(k)
		row := log.Entries.Row(i)
		r := &rows[row]
		if r.Count == 0 {
			r.First = i
		}
		r.Count++
		if t := log.Entries.Time(i); t != store.NoTime {
			hours.pairs[hours.of[row]].entries[hourOf(t)]++
		}
	}
	some := *log
	some.Rows = slices.DeleteFunc(slices.Clone(rows), func(r store.Row) bool { return r.Count == 0 })
	t := Count(&some, hours)
	if log.ByConnection.Len() == 0 {
		return t, nil
	}
	chosen := func(entry int) bool {
		_, ok := entries.Find(entry)
		return ok
	}
	var err error
	t.ThresholdAction, t.ThresholdTable, err = describeIDs(ctx, log.Entries, log.ByConnection, log.Connections, rows, chosen, log.Actions, log.Tables)
	return t, err
}

// checkEvery is how many entries are counted between two looks at whether the work is
// still wanted.
const checkEvery = 1 << 13
