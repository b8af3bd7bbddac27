package detect_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// input is a log with its texts.
type input struct {
	loaded.Log
	text loaded.Text
}

// load reads a log as the pipeline does, but for templates, which no rule asks for.
func load(t testing.TB, log []byte) *input {
	t.Helper()
	var (
		in       input
		columns  store.Columns
		rows     = store.NewRows()
		commands = store.NewLimitedDict(1 << 20)
		tables   = store.NewLimitedDict(1 << 20)
		facts    = store.NewLimitedDict(1 << 20)
		digests  = store.NewLimitedDict(1 << 20)
		tracker  = connection.NewTracker()
		texts    []string
		previous int64
		cov      genlog.Coverage
	)
	parser := reading.NewParser(reading.Correct)
	parser.Facts = true
	parser.Parse(genlog.Chunk{Data: log, First: true, Last: true}, &cov, reading.Handler{Banner: tracker.Banner, Record: func(r *reading.Record) {
		if r.Same {
			r.Time = previous
		}
		previous = r.Time
		i := columns.Len()
		key := store.Key{Command: commands.Intern(string(r.Command)), Table: tables.Intern(string(r.Table))}
		if r.Facts != "" {
			key.Fact = facts.Intern(string(r.Facts))
		}
		if r.Digest != "" {
			key.Digest = digests.Intern(r.Digest)
		}
		conn := tracker.Observe(i, r.ID, string(r.Command), r.Text)
		columns.Append(store.Entry{Offset: r.Offset, Time: r.Time, Connection: conn, Row: rows.Add(key, i)})
		texts = append(texts, string(r.Text))
	}})
	in.Entries, in.Rows, in.Commands, in.Tables, in.Digests, in.Connections = columns.View(), rows.Copy(), commands.Texts(), tables.Texts(), digests.Texts(), tracker.View()
	in.Facts = []fact.Set{""}
	for _, set := range facts.Texts()[1:] {
		in.Facts = append(in.Facts, fact.Set(set))
	}
	in.ByConnection = store.GroupByConnection(in.Entries, in.Connections.Len())
	in.text = func(i int) ([]byte, error) { return []byte(texts[i]), nil }
	in.Loaded = true
	return &in
}

func (in *input) run(t testing.TB, rules *rule.Set) []detect.Detection {
	t.Helper()
	opt := detect.DefaultOptions()
	opt.Rules = rules
	found, err := detect.Run(context.Background(), &in.Log, in.text, opt)
	if err != nil {
		t.Fatal(err)
	}
	return found.Detections
}

// script is a log that is being written.
type script struct {
	strings.Builder
	now time.Duration // since the midnight that it begins with
}

var midnight = time.Date(2025, 3, 3, 0, 0, 0, 0, time.UTC)

// at moves the clock.
func (s *script) at(now time.Duration) *script {
	s.now = now
	return s
}

func (s *script) entry(id int, command, text string) *script {
	fmt.Fprintf(s, "%s\t%5d %s\t%s\n", midnight.Add(s.now).Format("2006-01-02T15:04:05.000000Z"), id, command, text)
	return s
}

// accepted is a login that sends a statement.
func (s *script) accepted(id int, account string) *script {
	return s.entry(id, "Connect", account+" on  using TCP/IP").entry(id, "Query", "select 1")
}

// denied is a login that is refused, in two entries.
func (s *script) denied(id int, user, host string) *script {
	return s.entry(id, "Connect", user+"@"+host+" on  using TCP/IP").
		entry(id, "Connect", "Access denied for user '"+user+"'@'"+host+"' (using password: YES)")
}

func (s *script) query(id int, texts ...string) *script {
	for _, text := range texts {
		s.entry(id, "Query", text)
	}
	return s
}

// levels lists rules and levels of detections, each once, by name.
func levels(found []detect.Detection) string {
	var list []string
	for _, d := range found {
		list = append(list, d.Rule.Name+" "+d.Severity.String())
	}
	slices.Sort(list)
	return strings.Join(slices.Compact(list), ", ")
}
