package accounts

import (
	"context"
	"sync"

	"sqleuth/analysis/account"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/selection"
	"sqleuth/ui/theme"
)

// listing is a table that is counted when it is first asked for, in the background, and
// then known for as long as connections and filters are the same.
type listing struct {
	snapshot *pipeline.Snapshot
	shown    account.Shown // nil for all
	by       account.By

	counting sync.Mutex
	table    *account.Table
	rows     map[string]int32 // of the table, by name
}

func newListing(s *pipeline.Snapshot, filtered message.Filtered, by account.By) *listing {
	l := &listing{snapshot: s, by: by}
	if len(filtered.Active) > 0 {
		l.shown = filtered.Connections
	}
	return l
}

// source lists the rows that are shown where some of them are open.
func (l *listing) source(t *theme.Theme, open map[string]bool) list.Source[data] {
	return func(ctx context.Context) (data, message.Rows, error) {
		if err := l.count(ctx); err != nil {
			return data{}, nil, err
		}
		shown := selection.NewBuilder(len(l.table.Rows))
		for k := range l.table.Rows {
			if r := &l.table.Rows[k]; r.Parent < 0 || open[name(&l.table.Rows[r.Parent])] {
				shown.Add(k)
			}
		}
		return data{t, l.snapshot, l.table, l.rows, open}, shown.Bits(), ctx.Err()
	}
}

func (l *listing) count(ctx context.Context) error {
	l.counting.Lock()
	defer l.counting.Unlock()
	if l.table != nil {
		return nil
	}
	a, err := account.Of(ctx, &l.snapshot.Log, l.snapshot.History, l.shown)
	if err != nil {
		return err
	}
	table, err := a.By(ctx, l.by)
	if err != nil {
		return err
	}
	rows := make(map[string]int32, len(table.Rows))
	for k := range table.Rows {
		rows[name(&table.Rows[k])] = int32(k)
	}
	l.table, l.rows = table, rows
	return nil
}

// name is what a row is known by in other tables of its kind.
func name(r *account.Row) string { return r.User + "\x00" + r.Host }
