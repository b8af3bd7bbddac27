package report

import (
	"context"
	"fmt"

	"sqleuth/analysis/account"
	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// The most accounts of the text, and of the JSON object.
const (
	maxAccounts     = 20
	maxAccountsJSON = 1 << 12
)

// accounts are who tried to log in, in JSON.
type accounts struct {
	Users   int          `json:"users"`
	Hosts   int          `json:"hosts"`
	Total   int          `json:"total"` // users with a host; List has the first of them
	Tries   int          `json:"tries"`
	Refused int          `json:"refused"`
	In      int          `json:"in"`
	NotKept int          `json:"tries_not_listed"` // of accounts of which there are too many
	Unseen  int          `json:"logins_not_in_log"`
	List    []accountRow `json:"list"`
}

type accountRow struct {
	User    string   `json:"user"`
	Host    string   `json:"host"`
	Oddness string   `json:"oddness"`
	Tries   int      `json:"tries"`
	Refused int      `json:"refused"`
	In      int      `json:"in"`
	Silent  int      `json:"no_outcome"`
	FirstIn *string  `json:"first_in"`
	First   *string  `json:"first"`
	Last    *string  `json:"last"`
	Kinds   []string `json:"asked_for_kinds"`
	Tables  []string `json:"asked_for_tables"`
	Why     string   `json:"why"`
	Server  string   `json:"server,omitempty"`
}

func newAccounts(ctx context.Context, s *pipeline.Snapshot, t clock) (accounts, error) {
	table, err := export.AccountsOf(ctx, s, account.ByPair)
	if err != nil {
		return accounts{}, err
	}
	moment := func(entry int) *string {
		if entry < 0 {
			return nil
		}
		return t.json(s.Moment(entry))
	}
	out := accounts{
		table.Users, table.Hosts, table.Pairs, table.Total.Tries, table.Total.Refused, table.Total.In, table.Left.Tries, table.Unseen, []accountRow{},
	}
	for k := range table.Rows[:min(len(table.Rows), maxAccountsJSON)] {
		r := &table.Rows[k]
		out.List = append(out.List, accountRow{
			visible.JSON(r.User), visible.JSON(r.Host), r.Level.String(), r.Tries, r.Refused, r.In, r.Silent, moment(r.FirstIn), moment(r.First), moment(r.Last),
			each(r.Asked.Kinds, visible.JSON), each(r.Asked.Tables, visible.JSON), visible.JSON(r.Why), visible.JSON(s.ServerName(r.Server)),
		})
	}
	return out, nil
}

// writeAccounts lists users, the oddest first.
func writeAccounts(p *page, s *pipeline.Snapshot) error {
	t, err := export.AccountsOf(context.Background(), s, account.ByUser)
	if err != nil || t.Users == 0 {
		return err
	}
	p.title("Accounts")
	p.wrap("", fmt.Sprintf("%s from %s, %d of %s refused. The oddest first: in from a host that is new to the user, then guesses, then failures that something explains.",
		wording.Counted(t.Users, "user", "users"), wording.Counted(t.Hosts, "host", "hosts"), t.Total.Refused, wording.Counted(t.Total.Tries, "try", "tries")))
	rows := newTable(3, "tries", "refused", "in", "first in", "user", "why")
	listed := 0
	for k := range t.Rows {
		r := &t.Rows[k]
		if r.Parent >= 0 || listed == maxAccounts {
			continue
		}
		listed++
		first := "-"
		if r.FirstIn >= 0 {
			first = clockOf(s).brief(s.Moment(r.FirstIn))
		}
		rows.add(number(r.Tries), number(r.Refused), number(r.In), first, shown(r.Name()+at(s, r.Server)), shown(r.Why))
	}
	p.table("  ", rows)
	p.more("  ", t.Users-listed)
	if t.Left.Tries > 0 {
		p.wrap("", fmt.Sprintf("%s of accounts behind the first %d are in no list.", wording.Counted(t.Left.Tries, "try", "tries"), account.MaxPairs))
	}
	if t.Unseen > 0 {
		p.wrap("", fmt.Sprintf("The log does not hold the login of %s; they are not counted.", wording.Counted(t.Unseen, "connection", "connections")))
	}
	return nil
}
