package detect_test

import (
	"compress/gzip"
	"context"
	"io"
	"os"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/drain"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// group is what statements share that are mined together.
type group struct {
	command, action, table uint32
	mark                   detect.Mark
}

// input is a log with its texts.
type input struct {
	loaded.Log
	text loaded.Text
}

// load reads a log as the pipeline does.
func load(t testing.TB, log []byte, r reading.Reading) *input {
	t.Helper()
	miner, err := drain.New(drain.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	var (
		columns  store.Columns
		rows     = store.NewRows()
		commands = store.NewDict()
		actions  = store.NewDict()
		tables   = store.NewDict()
		tracker  = connection.NewTracker()
		groups   = map[group]uint32{}
		marker   = detect.NewMarker()
		marks    []detect.Mark // by group
		texts    []string
		previous int64
		cov      genlog.Coverage
	)
	chunk := genlog.Chunk{Data: log, First: true, Last: true}
	reading.NewParser(r).Parse(chunk, &cov, reading.Handler{Banner: tracker.Banner, Record: func(rec *reading.Record) {
		if rec.Same {
			rec.Time = previous
		}
		previous = rec.Time
		key := group{commands.Intern(string(rec.Command)), actions.Intern(rec.Action), tables.Intern(string(rec.Table)),
			marker.Mark(rec.Command, rec.Table, rec.Text)}
		n := uint32(0)
		if r.Grouped() {
			var ok bool
			if n, ok = groups[key]; !ok {
				n = uint32(len(groups))
				groups[key] = n
				marks = append(marks, key.mark)
			}
		}
		i := columns.Len()
		conn := tracker.Observe(i, rec.ID, string(rec.Command), rec.Text)
		row := rows.Add(store.Key{Cluster: miner.AddGroup(n, rec.Text), Command: key.command, Action: key.action, Table: key.table}, i)
		columns.Append(store.Entry{Offset: rec.Offset, Time: rec.Time, Connection: conn, Row: row})
		texts = append(texts, string(rec.Text))
	}})
	mined := miner.Snapshot()
	events, of := mined.Events()
	in := &input{text: func(i int) ([]byte, error) { return []byte(texts[i]), nil }}
	in.Log = loaded.Log{Entries: columns.View(), Rows: rows.Copy(), Commands: commands.Texts(), Tables: tables.Texts(),
		Connections: tracker.View(), TemplateOf: of}
	if r.Grouped() {
		for cluster := range of {
			in.Marks = append(in.Marks, uint64(marks[mined.Group(int32(cluster))]))
		}
	}
	for _, e := range events {
		in.Templates = append(in.Templates, loaded.Template{Text: e.Template})
	}
	in.ByConnection = store.GroupByConnection(in.Entries, in.Connections.Len())
	return in
}

// capture reads the recorded incident.
func capture(t testing.TB) []byte {
	t.Helper()
	f, err := os.Open("../../testdata/wordpress-bruteforce/general.log.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	log, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return log
}

func run(t testing.TB, in *input) []detect.Detection {
	t.Helper()
	found, err := detect.Run(context.Background(), &in.Log, in.text, detect.DefaultOptions())
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func names(in *input, conns []uint32) (out []string) {
	for _, c := range conns {
		out = append(out, in.Connections.Name(int(c)))
	}
	return out
}
