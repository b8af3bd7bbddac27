package export

import (
	"context"

	"sqleuth/analysis/account"
	"sqleuth/analysis/pipeline"
)

// accountColumns are the columns of accounts.csv.
func accountColumns(s *pipeline.Snapshot) []column[*account.Row] {
	type row = *account.Row
	entry := func(name string, of func(r row) int) column[row] {
		return own(name, func(r row) string {
			if of(r) < 0 {
				return ""
			}
			return stamp(s.Moment(of(r)))
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

// writeAccounts writes a row for each user with a host that tried to log in.
func writeAccounts(ctx context.Context, w sheet, s *pipeline.Snapshot) error {
	t, err := AccountsOf(ctx, s, account.ByPair)
	if err != nil {
		return err
	}
	return writeRows(w, accountColumns(s), pointers(t.Rows))
}
