package screentest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/screen"
)

// Incident is the analysed small log, and the way to its text.
type Incident struct {
	Log screen.Log
	// Loading is the log half read: no models, no groups, no timeline.
	Loading *pipeline.Snapshot
	// Plain is the log analysed without labels.
	Plain *pipeline.Snapshot
	// Labelled is the log with its attack labelled, all models trained.
	Labelled *pipeline.Snapshot
	// Labels are those of Labelled: the refused logins of 127.0.0.66 are
	// login_attack, the connection that reads wp_users is get_user_table.
	Labels label.Set
}

// Open writes the small log into a file and opens it.
func Open(t testing.TB) *logfile.Set {
	t.Helper()
	path := filepath.Join(t.TempDir(), "general.log")
	if err := os.WriteFile(path, []byte(incident()), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	return set
}

// text is the text of a log as screens ask for it.
type text struct{ pipeline.Text }

// Statements is pipeline.Text's.
func (t text) Statements(l *loaded.Log) filter.TextReader { return t.Text.Statements(l) }

// Load returns the small log analysed, once for all tests: nobody may change what it
// is made of. Its file is called general.log on every machine.
func Load(t testing.TB) Incident {
	t.Helper()
	in, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return in
}

var load = sync.OnceValues(func() (in Incident, err error) {
	set, err := logfile.OpenBytes("general.log", []byte(incident()), logfile.Options{})
	if err != nil {
		return in, err
	}
	in.Log = text{pipeline.NewText(set)}
	cfg := pipeline.DefaultConfig()
	in.Plain, err = pipeline.Run(context.Background(), cfg, set, nil, func(e pipeline.Event) {
		if f, ok := e.(pipeline.StageFinished); ok && f.Stage == pipeline.Load {
			half := *f.Snapshot
			half.Loaded = false
			in.Loading = &half
		}
	})
	if err != nil {
		return in, err
	}
	if in.Labels, err = labels(in.Plain); err != nil {
		return in, err
	}
	in.Labelled, err = pipeline.Judge(context.Background(), cfg.Params, in.Plain, in.Labels, func(pipeline.Event) {})
	return in, err
})

// Tampered analyses a small log that many things speak against: see tampered.
// The parts of the incident that need labels or a half-read log are not set.
func Tampered(t testing.TB) Incident {
	t.Helper()
	set, err := logfile.OpenBytes("general.log", []byte(tampered()), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	plain, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return Incident{Log: text{pipeline.NewText(set)}, Plain: plain}
}

// labels gives the attacker's connections their classes.
func labels(s *pipeline.Snapshot) (label.Set, error) {
	var records []label.Record
	at := time.Date(2024, 7, 11, 9, 0, 0, 0, time.UTC)
	for i := range s.Connections.Len() {
		c := s.Connections.Peek(i)
		if s.Connections.Text(c.Host) != "127.0.0.66" {
			continue
		}
		class := label.LoginAttack
		if c.Entries > 1 {
			class = label.GetUserTable
		}
		records = append(records, label.Record{
			Ref:     s.Connections.Ref(i),
			Verdict: label.Verdict{Class: class, Source: label.ByAnalyst, At: at},
		})
	}
	return label.NewSet(nil, records)
}
