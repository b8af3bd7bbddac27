package export

import (
	"context"

	"sqleuth/analysis/account"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
)

// accountColumns are the columns of accounts.csv.
func accountColumns(s *pipeline.Snapshot) []column[*account.Row] {
	type row = *account.Row
	entry := func(name string, of func(r row) int) column[row] {
		return dated(name, func(r row) store.Moment {
			if of(r) < 0 {
				return store.Unknown
			}
			return s.Moment(of(r))
		})
	}
	return []column[row]{
		logged("user", func(r row) string { return r.User }),
		logged("host", func(r row) string { return r.Host }),
		own("oddness", func(r row) string { return r.Level.String() }),
		number("tries", func(r row) int64 { return int64(r.Tries) }),
		number("refused", func(r row) int64 { return int64(r.Refused) }),
		number("in", func(r row) int64 { return int64(r.In) }),
		number("no_outcome", func(r row) int64 { return int64(r.Silent) }),
		entry("first_in", func(r row) int { return r.FirstIn }),
		entry("first", func(r row) int { return r.First }),
		entry("last", func(r row) int { return r.Last }),
		logged("asked_for", func(r row) string { return r.Asked.String() }),
		logged("why", func(r row) string { return r.Why }),
		own("zone", func(row) string { return Zone(s) }),
		logged("server", func(r row) string { return s.ServerName(r.Server) }),
	}
}

// AccountsOf lists the accounts of a log, the oddest first.
func AccountsOf(ctx context.Context, s *pipeline.Snapshot, by account.By) (*account.Table, error) {
	a, err := account.Of(ctx, &s.Log, s.History, nil)
	if err != nil {
		return nil, err
	}
	return a.By(ctx, by)
}

// accountRows lists each user with a host that tried to log in.
func accountRows(ctx context.Context, s *pipeline.Snapshot) rows[*account.Row] {
	return func(add func(*account.Row) error) error {
		t, err := AccountsOf(ctx, s, account.ByPair)
		if err != nil {
			return err
		}
		return pointers(t.Rows)(add)
	}
}
