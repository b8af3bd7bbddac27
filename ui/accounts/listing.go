package accounts

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"sqleuth/analysis/account"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/selection"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
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
	actors   map[int32]string // what incidents a row belongs to, in words
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
		return data{t, l.snapshot, l.table, l.rows, l.actors, open}, shown.Bits(), ctx.Err()
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
	actors, err := actors(ctx, l.snapshot, rows)
	if err != nil {
		return err
	}
	l.table, l.rows, l.actors = table, rows, actors
	return nil
}

// actors joins what the rows part: for each the incidents that it has a part in, and how
// often, at how many users and from how many hosts each of their actors tried. The error
// is that of ctx.
func actors(ctx context.Context, s *pipeline.Snapshot, rows map[string]int32) (map[int32]string, error) {
	words, several := map[int32]string{}, map[int32][]string{}
	text := s.Connections.Text
	for k := range s.Incidents {
		users, hosts, refused, mine := map[string]bool{}, map[string]bool{}, 0, map[int32]bool{}
		for n, c := range s.Incidents[k].Connections {
			if n%checkEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			conn := s.Connections.Peek(int(c))
			user, host, server := text(conn.User), text(conn.Host), s.ServerOfConnection(int(c))
			users[user], hosts[host] = true, true
			if conn.Outcome.Refused() {
				refused++
			}
			for _, r := range []account.Row{{User: user, Server: server}, {Host: host, Server: server}, {User: user, Host: host, Server: server}} {
				if row, ok := rows[name(&r)]; ok {
					mine[row] = true
				}
			}
		}
		said := fmt.Sprintf("incident %s: %s at %s from %s", incident.Letter(k), widget.Number(refused, "refused login", "refused logins"),
			widget.Number(len(users), "user", "users"), widget.Number(len(hosts), "host", "hosts"))
		if refused == 0 {
			said = "incident " + incident.Letter(k)
		}
		for row := range mine {
			words[row] = said
			several[row] = append(several[row], incident.Letter(k))
		}
	}
	for row, letters := range several {
		if len(letters) > 1 {
			words[row] = "incidents " + strings.Join(letters, ", ")
		}
	}
	return words, nil
}

// checkEvery is how many connections are looked at between two looks at whether the work
// is still wanted.
const checkEvery = 1 << 12

// name is what a row is known by in other tables of its kind.
func name(r *account.Row) string {
	return r.User + "\x00" + r.Host + "\x00" + strconv.Itoa(r.Server)
}
