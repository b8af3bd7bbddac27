package count

import (
	"context"

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
	u.ThresholdAction, u.ThresholdTable, err = describeIDs(ctx, log.Entries, log.ByConnection, log.Connections, log.Rows, log.Actions, log.Tables)
	return &u, err
}
