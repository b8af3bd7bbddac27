package integrity_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/drain"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/store"
)

// input is a log with its texts.
type input struct {
	loaded.Log
	text loaded.Text
}

// load reads a log, as the pipeline does, out of the texts of
// one or more files.
func load(t testing.TB, files ...string) *input {
	t.Helper()
	miner, err := drain.New(drain.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	type group struct{ command, action, table uint32 }
	var (
		in       input
		columns  store.Columns
		rows     = store.NewRows()
		commands = store.NewLimitedDict(1 << 20)
		actions  = store.NewLimitedDict(1 << 20)
		tables   = store.NewLimitedDict(1 << 20)
		tracker  = connection.NewTracker()
		groups   = map[group]uint32{}
		facts    = store.NewLimitedDict(1 << 20)
		texts    [][]byte
		previous int64
		base     int64
		tokens   sqltext.Tokens
		parsed   sqltext.Statement
		asked    fact.Builder
	)
	for k, log := range files {
		file := loaded.File{Name: string(rune('a'+k)) + ".log", Base: base, Text: int64(len(log))}
		var cov genlog.Coverage
		genlog.Scan(genlog.Chunk{Data: []byte(log), Offset: base, First: true, Last: true}, &cov, genlog.Handler{Banner: tracker.Banner, Record: func(r *genlog.Record) {
			switch {
			case r.Form == genlog.FormSame:
				r.Time = previous
			case r.Form == genlog.FormShort:
				in.Unzoned = true
			}
			previous = r.Time
			action, table := "-", []byte("-")
			tokens.Lex(r.Argument)
			tokens.Parse(&parsed)
			fact.Of(r.Command, &tokens, &parsed, &asked)
			if c := string(r.Command); c == "Query" || c == "Execute" {
				action = parsed.Action.String()
				if len(parsed.Tables) > 0 {
					table = parsed.Tables[0].AppendName(nil, r.Argument)
				}
				if tokens.Open != sqltext.Closed {
					in.OpenEnds = append(in.OpenEnds, uint32(columns.Len()))
				}
			}
			key := group{commands.Intern(string(r.Command)), actions.Intern(action), tables.Intern(string(table))}
			n, ok := groups[key]
			if !ok {
				n = uint32(len(groups))
				groups[key] = n
			}
			i := columns.Len()
			conn := tracker.Observe(i, r.ID, string(r.Command), r.Argument)
			if n := len(in.OpenEnds); n > 0 && int(in.OpenEnds[n-1]) == i {
				tracker.EndsOpen()
			}
			row := rows.Add(store.Key{Cluster: miner.AddGroup(n, r.Argument), Command: key.command, Action: key.action, Table: key.table, Fact: facts.Intern(string(asked.Set()))}, i)
			columns.Append(store.Entry{Offset: r.Offset, Time: r.Time, Connection: conn, Row: row})
			texts = append(texts, bytes.Clone(r.Argument))
		}})
		file.Forms = cov.Forms
		in.Coverage.Add(&cov)
		in.Files = append(in.Files, file)
		base += int64(len(log))
	}
	mined := miner.Snapshot()
	events, of := mined.Events()
	in.Entries, in.Rows, in.Commands, in.Tables, in.Connections, in.TemplateOf = columns.View(), rows.Copy(), commands.Texts(), tables.Texts(), tracker.View(), of
	in.ByConnection = store.GroupByConnection(in.Entries, in.Connections.Len())
	in.text = func(i int) ([]byte, error) { return texts[i], nil }
	for _, e := range events {
		in.Templates = append(in.Templates, loaded.Template{Text: e.Template})
	}
	for _, set := range facts.Texts() {
		in.Facts = append(in.Facts, fact.Set(set))
	}
	in.Reading = reading.Correct
	return &in
}

// capture reads a recorded log.
func capture(t testing.TB, name string) string {
	t.Helper()
	f, err := os.Open("../../testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			t.Fatal(err)
		}
	}
	log, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(log)
}

func examine(t testing.TB, in *input) integrity.Report {
	t.Helper()
	r, err := integrity.Check(context.Background(), &in.Log, in.text)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
