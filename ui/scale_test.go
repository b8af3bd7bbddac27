package ui

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/count"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// grown makes a snapshot of n entries in n/100 connections, as it is while a
// log is being read.
func grown(n int) *pipeline.Snapshot {
	var columns store.Columns
	rows, tracker := store.NewRows(), connection.NewTracker()
	dicts := [3]*store.Dict{store.NewDict(), store.NewDict(), store.NewDict()}
	keys := make([]store.Key, 500)
	for k := range keys {
		keys[k] = store.Key{Cluster: int32(k), Command: dicts[0].Intern("Query"), Action: dicts[1].Intern("SELECT"),
			Table: dicts[2].Intern(fmt.Sprintf("wp_table_%d", k))}
	}
	s := &pipeline.Snapshot{}
	for i := range n {
		command, text := "Query", []byte(nil)
		if i%100 == 0 {
			command, text = "Connect", []byte("wordpress@localhost on wordpress using Socket")
		}
		c := tracker.Observe(i, uint64(i/100+1), command, text)
		row := rows.Add(keys[i%len(keys)], i)
		columns.Append(store.Entry{Offset: int64(i) * 200, Time: 1720589105000000 + int64(i)*1000, Connection: c, Row: row})
	}
	s.Entries, s.Connections, s.Rows = columns.View(), tracker.View(), rows.Copy()
	s.Commands, s.Actions, s.Tables = dicts[0].Texts(), dicts[1].Texts(), dicts[2].Texts()
	for k := range keys {
		s.TemplateOf = append(s.TemplateOf, int32(k))
		s.Templates = append(s.Templates, pipeline.Template{EventID: fmt.Sprintf("%08x", k), Text: "SELECT * FROM <*>", Count: n / len(keys), First: k, Last: n - 1})
	}
	s.ByConnection = store.GroupByConnection(s.Entries, s.Connections.Len())
	s.Timeline = count.NewTimeline(s.Entries, 240)
	s.Files = []pipeline.File{{Name: "general.log", Text: int64(n) * 200}}
	return s
}

// silent is an analysis of nothing.
type silent struct{}

func (silent) Record(*pipeline.Log, int) (reading.Record, error) {
	return reading.Record{Command: []byte("Query"), Text: []byte("SELECT 1")}, nil
}
func (silent) Rejected(genlog.Reject) ([]byte, error) { return nil, nil }
func (silent) Run(context.Context, model.Params, func(*pipeline.Snapshot) (label.Set, error), func(pipeline.Event)) (*pipeline.Snapshot, error) {
	return nil, nil
}
func (silent) Judge(context.Context, model.Params, *pipeline.Snapshot, label.Set, func(pipeline.Event)) (*pipeline.Snapshot, error) {
	return nil, nil
}
func (silent) Statements(*pipeline.Log) filter.TextReader { return nil }
func (silent) Export(context.Context, *pipeline.Snapshot, string, bool, func(string)) ([]string, error) {
	return nil, nil
}

// BenchmarkKey presses keys on every screen of a short and of a long log, and
// reports the slowest of 100 answers (Update and View): it has to lie below one
// frame, 16 ms, and must not depend on the length of the log.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{1_000, 10_000_000} {
		s := grown(n)
		for at := range message.Screens {
			a := newApp(b.Context(), Config{Analysis: silent{}, Theme: theme.Plain()})
			a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
			a.at = at
			feed(a, a.show(s))
			b.Run(fmt.Sprintf("%s/%d", a.screens[at].Title(), n), func(b *testing.B) {
				keys := []tea.KeyMsg{}
				for _, name := range []string{"down", "pgdown", "G", "pgup", "v", "g", "v", "esc", "s", "S", "right", " "} {
					keys = append(keys, screentest.Key(name))
				}
				var took []time.Duration
				i := 0
				for b.Loop() {
					began := time.Now()
					a.Update(keys[i%len(keys)])
					_ = a.View()
					took = append(took, time.Since(began))
					i++
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}
