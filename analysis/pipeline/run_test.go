package pipeline

import (
	"context"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const sample = "../../testdata/wordpress-bruteforce/sample.log"

func open(t testing.TB, paths ...string) *logfile.Set {
	t.Helper()
	set, err := logfile.Open(paths, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	return set
}

func openText(t testing.TB, text string) *logfile.Set {
	t.Helper()
	set, err := logfile.OpenBytes("log", []byte(text), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	return set
}

// guilty labels every connection of one host.
func guilty(host string) func(*Snapshot) (label.Set, error) {
	return func(s *Snapshot) (label.Set, error) {
		book := label.NewBook(label.Set{})
		for i := range s.Connections.Len() {
			if c := s.Connections.At(i); s.Connections.Text(c.Host) == host {
				if _, err := book.Import([]label.Record{{Ref: s.Connections.Ref(i), Verdict: label.Verdict{Class: label.LoginAttack, Source: label.ByFile}}}); err != nil {
					return label.Set{}, err
				}
			}
		}
		return book.Set(), nil
	}
}

func quiet(Event) {}

// One worker and eight must find the same, in both readings.
func TestWorkersDoNotShow(t *testing.T) {
	log, host := "../../testdata/wordpress-bruteforce/general.log.gz", "127.0.0.66"
	if testing.Short() { // still more blocks than workers
		log, host = "../../testdata/slow-insider-and-noise/general.log.gz", "127.20.3.41"
	}
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		var first *Snapshot
		for _, workers := range []int{1, 2, 8} {
			if testing.Short() && workers == 2 {
				continue
			}
			cfg := DefaultConfig()
			cfg.Reading, cfg.Workers, cfg.Params.Workers, cfg.Params.Trees = r, workers, workers, 10
			s, err := Run(context.Background(), cfg, open(t, log), guilty(host), quiet)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = s
				continue
			}
			for _, part := range []struct {
				name      string
				got, want any
			}{
				{"rows", s.Rows, first.Rows}, {"commands", s.Commands, first.Commands}, {"actions", s.Actions, first.Actions},
				{"tables", s.Tables, first.Tables}, {"facts", s.Facts, first.Facts}, {"digests", s.Digests, first.Digests}, {"templates", s.Templates, first.Templates}, {"coverage", s.Coverage, first.Coverage},
				{"counts", fmt.Sprint(*s.Counts), fmt.Sprint(*first.Counts)}, {"encoding", s.Encoding, first.Encoding}, {"suspects", s.Ranking.First(), first.Ranking.First()},
				{"importances", s.Random.Forest.Importances(), first.Random.Forest.Importances()},
				{"scores", s.Isolation.Forest.Scores(), first.Isolation.Forest.Scores()}, {"detections", s.Detections, first.Detections},
			} {
				if !reflect.DeepEqual(part.got, part.want) {
					t.Errorf("%v reading, %d workers: other %s", r, workers, part.name)
				}
			}
			for i := range s.Len() {
				if s.Entries.At(i) != first.Entries.At(i) {
					t.Fatalf("%v reading, %d workers: entry %d is %v, want %v", r, workers, i, s.Entries.At(i), first.Entries.At(i))
				}
			}
		}
	}
}

// Each stage is announced, finishes with a snapshot that holds more, and the last
// snapshot is what Run returns.
func TestEvents(t *testing.T) {
	var started, finished []Stage
	var last *Snapshot
	s, err := Run(context.Background(), DefaultConfig(), open(t, sample), guilty("127.0.0.66"), func(e Event) {
		switch e := e.(type) {
		case StageStarted:
			started = append(started, e.Stage)
		case StageFinished:
			finished = append(finished, e.Stage)
			last = e.Snapshot
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []Stage{Load, Count, Detect, Isolation, Random, Rank}
	if !reflect.DeepEqual(started, want) || !reflect.DeepEqual(finished, want) {
		t.Errorf("started %v, finished %v, want %v", started, finished, want)
	}
	if last != s {
		t.Error("Run returns another snapshot than the last stage's")
	}
}

// A run that is cancelled ends with the context's error, wherever it is, and
// leaves no goroutine behind (TestMain looks).
func TestCancelInEveryStage(t *testing.T) {
	for st := Load; st < Stages; st++ {
		ctx, cancel := context.WithCancel(context.Background())
		cfg := DefaultConfig()
		cfg.Params.Trees = 10
		_, err := Run(ctx, cfg, open(t, sample), guilty("127.0.0.66"), func(e Event) {
			if e, ok := e.(StageStarted); ok && e.Stage == st {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled in %v: error %v", st, err)
		}
		cancel()
	}
}

func TestPanicBecomesAnError(t *testing.T) {
	_, err := Run(context.Background(), DefaultConfig(), open(t, sample), func(*Snapshot) (label.Set, error) { panic("boom") }, quiet)
	var p *PanicError
	if !errors.As(err, &p) || p.Value != "boom" || len(p.Stack) == 0 {
		t.Errorf("error %v", err)
	}
}

// Other labels train again, and what does not depend on them stays.
func TestJudge(t *testing.T) {
	cfg := DefaultConfig()
	s, err := Run(context.Background(), cfg, open(t, sample), nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if s.Random.Why == "" || s.Random.Forest != nil {
		t.Error("there is a Random Forest without labels")
	}
	labels, err := guilty("127.0.0.66")(s)
	if err != nil {
		t.Fatal(err)
	}
	n, err := Judge(context.Background(), cfg.Params, s, labels, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if n.Isolation.Forest != s.Isolation.Forest {
		t.Error("the Isolation Forest was trained again for other labels")
	}
	if n.Random.Forest == nil || n.Isolation.Confusion == nil {
		t.Error("the models do not follow the labels")
	}
	if s.Isolation.Confusion != nil {
		t.Error("the first snapshot was written to")
	}
	params := cfg.Params
	params.Seed++
	if m, err := Judge(context.Background(), params, n, labels, quiet); err != nil || m.Isolation.Forest == n.Isolation.Forest {
		t.Errorf("another seed keeps the Isolation Forest, error %v", err)
	}
}

func TestNotALog(t *testing.T) {
	_, err := Run(context.Background(), DefaultConfig(), openText(t, strings.Repeat("no log at all\n", 1000)), nil, quiet)
	if !errors.Is(err, ErrNotALog) {
		t.Errorf("error %v", err)
	}
	const banner = "/usr/sbin/mysqld, Version: 8.0.43 (x). started with:\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n"
	s, err := Run(context.Background(), DefaultConfig(), openText(t, banner), nil, quiet)
	if err != nil || s.Len() != 0 || s.Coverage.BannerBytes != int64(len(banner)) {
		t.Errorf("a log of a banner only: error %v", err)
	}
}

// Where the temporary store is full the analysis goes on, and reports what it
// cannot do afterwards.
func TestFullTemporaryStoreIsTold(t *testing.T) {
	f, err := os.Open(sample)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	set, err := logfile.Open([]string{"-"}, logfile.Options{Stdin: f, MaxTemp: 1000})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := Run(context.Background(), DefaultConfig(), set, nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != 2000 || !strings.Contains(s.Files[0].Damaged(), "cannot be read back") {
		t.Errorf("%d entries, damage %q", s.Len(), s.Files[0].Damaged())
	}
}
