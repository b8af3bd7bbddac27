package stream

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
)

// connectionRow is a connection as the columns see it.
type connectionRow struct {
	c int
	*connection.Connection
	rules []string
}

// connectionWorker makes lines of connections; one goroutine uses it.
type connectionWorker struct {
	s          *pipeline.Snapshot
	want       func(entry int) bool
	connection connectionRow
}

func newConnectionWorker(s *pipeline.Snapshot, opt Options) *connectionWorker {
	return &connectionWorker{s: s, want: opt.Want}
}

// at makes a connection the current one, and reports whether it is wanted.
func (w *connectionWorker) at(hits []hit, c int) bool {
	x := &w.connection
	x.c, x.Connection, x.rules = c, w.s.Connections.Peek(c), x.rules[:0]
	wanted := w.want == nil
	for _, e := range w.s.ByConnection.Entries(c) {
		wanted = wanted || w.want(int(e))
		if len(hits) == 0 {
			continue
		}
		n, _ := slices.BinarySearchFunc(hits, e, func(h hit, e uint32) int { return cmp.Compare(h.entry, e) })
		for ; n < len(hits) && hits[n].entry == e; n++ {
			if !slices.Contains(x.rules, hits[n].rule) {
				x.rules = append(x.rules, hits[n].rule)
			}
		}
	}
	slices.Sort(x.rules)
	return wanted
}

// columns are the columns of a line about a connection.
func (w *connectionWorker) columns() []column[*connectionRow] {
	s := w.s
	type row = *connectionRow
	score := func(name string, of func(x row) float64) column[row] {
		return column[row]{schema.Column{Name: name, Type: schema.Number, Null: true}, false, func(dst []byte, x row) []byte {
			v := of(x)
			if math.IsNaN(v) {
				return dst
			}
			return strconv.AppendFloat(dst, v, 'g', -1, 64)
		}}
	}
	list := []column[row]{
		text("server", true, func(x row) string { return s.ServerName(s.ServerOfConnection(x.c)) }),
		number("run", func(x row) uint64 { return uint64(x.Epoch) }),
		number("id", func(x row) uint64 { return x.ID }),
	}
	list = append(list, moment("first", func(x row) int64 { return s.Entries.Time(int(x.First)) })...)
	list = append(list, moment("last", func(x row) int64 { return s.Entries.Time(int(x.Last)) })...)
	return append(list,
		number("first_entry", func(x row) uint64 { return uint64(x.First) + 1 }),
		number("entries", func(x row) uint64 { return uint64(x.Entries) }),
		text("user", true, func(x row) string { return s.Connections.Text(x.User) }),
		text("host", true, func(x row) string { return s.Connections.Text(x.Host) }),
		text("db", true, func(x row) string { return s.Connections.Text(x.Database) }),
		text("outcome", true, func(x row) string { return x.Outcome.String() }),
		text("reason", false, func(x row) string { return s.Connections.Text(x.Reason) }),
		text("class", true, func(x row) string {
			v, _ := s.Truth.Labels.Verdict(s.Connections.Ref(x.c))
			return v.Class
		}),
		score("score", func(x row) float64 { return s.Ranking.Score(uint32(x.c)) }),
		score("anomaly", func(x row) float64 {
			if s.Anomaly == nil {
				return math.NaN()
			}
			return s.Anomaly.Score(s.Traits.Row(x.c))
		}),
		text("incident", true, func(x row) string {
			if k := s.IncidentOf(uint32(x.c)); k >= 0 {
				return s.Incidents[k].ID
			}
			return ""
		}),
		column[row]{schema.Column{Name: "rules", Type: schema.Texts}, true, func(dst []byte, x row) []byte { return appendList(dst, x.rules) }},
	)
}
