package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/count"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/suspicion"
)

// The make-up of a synthetic log.
const (
	perConnection = 100   // entries
	largeTables   = 300   // tables
	largeKeys     = 2_000 // distinct rows and templates
	deniedEvery   = 20    // connections from one refused login to the next
	labelledEvery = 40    // connections from one labelled one to the next
	stolen        = "user_pass"
)

var largeActions = []string{"-", "SELECT", "INSERT", "UPDATE", "DELETE", "SET", "SHOW"}

// grown makes a snapshot of n entries in n/100 connections, as it is while a
// log is being read. One distinct row in 40, so 2.5 % of the entries, asks for
// passwords.
func grown(n int) *pipeline.Snapshot {
	var columns store.Columns
	rows, tracker := store.NewRows(), connection.NewTracker()
	commands, actions, tables := store.NewLimitedDict(1<<20), store.NewLimitedDict(1<<20), store.NewLimitedDict(1<<20)
	s := &pipeline.Snapshot{}
	for _, a := range largeActions {
		actions.Intern(a)
	}
	tables.Intern("-")
	keys := make([]store.Key, largeKeys)
	for k := range keys {
		verb, table, column := largeActions[1+k%(len(largeActions)-1)], fmt.Sprintf("wp_table_%d", k%largeTables), "post_title"
		if k%40 == 7 {
			column = stolen
		}
		keys[k] = store.Key{Cluster: int32(k), Command: commands.Intern("Query"), Action: actions.Intern(verb), Table: tables.Intern(table)}
		s.TemplateOf = append(s.TemplateOf, int32(k))
		s.Templates = append(s.Templates, loaded.Template{EventID: fmt.Sprintf("%08x", k*2654435761),
			Text: fmt.Sprintf("%s %s FROM %s AS t%d LEFT JOIN wp_term_relationships ON (t%d.ID = <*>) WHERE post_status = <*> AND post_type IN (<*>) ORDER BY post_date DESC LIMIT <*>, <*>", verb, column, table, k, k)})
	}
	login, quit := store.Key{Cluster: largeKeys, Command: commands.Intern("Connect")}, store.Key{Cluster: largeKeys + 1, Command: commands.Intern("Quit")}
	s.TemplateOf = append(s.TemplateOf, largeKeys, largeKeys+1)
	s.Templates = append(s.Templates, loaded.Template{EventID: "c0111ec7", Text: "<*> on wordpress using Socket"}, loaded.Template{EventID: "0000dead", Text: "-"})
	for i := range n {
		c := i / perConnection
		key, command, text := keys[(i*7+c)%len(keys)], "Query", []byte(nil)
		switch i % perConnection {
		case 0:
			key, command = login, "Connect"
			text = fmt.Appendf(nil, "user%d@10.0.0.%d on wordpress using Socket", c%50, c%250)
			if c%deniedEvery == 3 {
				text = fmt.Appendf(nil, "Access denied for user 'root'@'10.9.9.%d' (using password: YES)", c%8)
			}
		case perConnection - 1:
			key, command = quit, "Quit"
		}
		conn := tracker.Observe(i, uint64(c+1), command, text)
		columns.Append(store.Entry{Offset: int64(i) * 200, Time: 1720589105000000 + int64(i)*30_000, Connection: conn, Row: rows.Add(key, i)})
		t := &s.Templates[key.Cluster]
		if t.Count++; t.Count == 1 {
			t.First = i
		}
		t.Last = i
	}
	s.Entries, s.Connections, s.Rows = columns.View(), tracker.View(), rows.Copy()
	s.Commands, s.Actions, s.Tables = commands.Texts(), actions.Texts(), tables.Texts()
	s.Files = []loaded.File{{Name: "general.log", Text: int64(n) * 200}}
	s.Coverage.EntryBytes = int64(n) * 200
	var hours count.Hours
	hours.Add(s.Entries, s.Rows)
	s.Counts = count.Count(&s.Log, &hours)
	return s
}

// analysed adds to a grown log what all stages find: groups, thresholds, the
// matrix, detections with tens of thousands of connections, findings about the
// log, and both forests, trained on the labels that it returns.
func analysed(tb testing.TB, loading *pipeline.Snapshot) (*pipeline.Snapshot, label.Set) {
	tb.Helper()
	n := *loading
	s := &n
	s.Loaded = true
	s.ByConnection = store.GroupByConnection(s.Entries, s.Connections.Len())
	s.Timeline = count.NewTimeline(s.Entries, 240)
	var err error
	if s.Counts, err = s.Counts.WithThresholds(tb.Context(), &s.Log); err != nil {
		tb.Fatal(err)
	}
	rows := make([]feature.Row, len(s.Rows))
	for k, r := range s.Rows {
		rows[k] = feature.Row{Count: r.Count, First: r.First, Cells: [4]feature.Cell{
			{Text: s.Templates[s.TemplateOf[r.Cluster]].EventID}, {Text: s.Commands[r.Command]}, {Text: s.Actions[r.Action]}, {Text: s.Tables[r.Table]},
		}}
	}
	s.Encoding = feature.Encode(rows)
	addDetections(s)
	s.Facts, s.Digests = []fact.Set{""}, []string{"-"}

	var records []label.Record
	for c := 3; c < s.Connections.Len(); c += labelledEvery {
		records = append(records, label.Record{Ref: s.Connections.Ref(c), Verdict: label.Verdict{Class: label.StandardClasses()[1+c/labelledEvery%2], Source: label.ByAnalyst}})
	}
	labels, err := label.NewSet(nil, records)
	if err != nil {
		tb.Fatal(err)
	}
	if s.History, err = principal.Learn(tb.Context(), &s.Log, principal.Options{}); err != nil {
		tb.Fatal(err)
	}
	if s.Assessment, err = suspicion.Assess(tb.Context(), suspicion.In{Log: &s.Log, History: s.History}); err != nil {
		tb.Fatal(err)
	}
	params := pipeline.DefaultParams()
	params.Trees = 10 // what they know does not matter here
	if s, err = pipeline.Judge(tb.Context(), params, s, labels, func(pipeline.Event) {}); err != nil {
		tb.Fatal(err)
	}
	return s, labels
}

// addDetections gives every rule a detection, the first one every refused
// connection, and adds findings about the log.
func addDetections(s *pipeline.Snapshot) {
	rules := detect.Builtin().Rules
	for k := range rules {
		d := detect.Detection{Rule: rules[k], Severity: rules[k].Level, User: "root", Host: "10.9.9.3", Summary: "something happened " + strings.Repeat("and again ", 10)}
		for c := 3 + k*deniedEvery; c < s.Connections.Len(); c += deniedEvery * (1 + 10*min(k, 1)) {
			d.Connections = append(d.Connections, uint32(c))
			d.Entries = append(d.Entries, s.Connections.Peek(c).First)
		}
		if len(d.Entries) == 0 {
			continue
		}
		d.Count = len(d.Connections)
		d.Time, d.Last = s.Moment(int(d.Entries[0])), s.Moment(int(d.Entries[len(d.Entries)-1]))
		s.Detections = append(s.Detections, d)
	}
	for k := range 30 {
		i := (k + 1) * s.Len() / 40
		s.Integrity.Findings = append(s.Integrity.Findings, integrity.Finding{Kind: integrity.Forged, Severity: rule.High, First: i, Last: i + 1,
			Time: s.Moment(i), Until: s.Moment(i + 1), Count: 1, Entries: []int{i, i + 1}, Summary: "an entry may be text of the statement before it"})
		s.Integrity.Embedded = append(s.Integrity.Embedded, integrity.Embedded{Opener: i, Last: i + 1})
	}
	for range 12 {
		s.Integrity.Limits = append(s.Integrity.Limits, "The log says what was sent, not what was answered, and not what other servers saw of it.")
	}
}

// silent is an analysis that finds nothing; the text of an entry is its
// template.
type silent struct{}

func (silent) Record(l *loaded.Log, i int) (reading.Record, error) {
	k := l.Rows[l.Entries.Row(i)].Cluster
	text := []byte(l.Templates[l.TemplateOf[k]].Text)
	return reading.Record{Command: []byte("Query"), Text: text, Raw: text}, nil
}
func (silent) Rejected(*loaded.Log, genlog.Reject) ([]byte, error) { return nil, nil }
func (silent) Run(context.Context, model.Params, func(*pipeline.Snapshot) (label.Set, error), func(pipeline.Event)) (*pipeline.Snapshot, error) {
	return nil, nil
}
func (silent) Judge(context.Context, model.Params, *pipeline.Snapshot, label.Set, func(pipeline.Event)) (*pipeline.Snapshot, error) {
	return nil, nil
}
func (silent) Statements(l *loaded.Log) filter.TextReader { return templateText{l} }
func (silent) Export(context.Context, *pipeline.Snapshot, string, bool, func(string)) ([]string, error) {
	return nil, nil
}

// templateText reads templates for statements.
type templateText struct{ log *loaded.Log }

func (t templateText) Scan(ctx context.Context, from, to int, want func(i int) bool, fn func(i int, text []byte) bool) error {
	var buf []byte
	for i := from; i < to; i++ {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if !want(i) {
			continue
		}
		k := t.log.Rows[t.log.Entries.Row(i)].Cluster
		buf = append(buf[:0], t.log.Templates[t.log.TemplateOf[k]].Text...)
		if !fn(i, buf) {
			return nil
		}
	}
	return nil
}
