package pipeline

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"sqleuth/analysis/count"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/model"
	"sqleuth/analysis/parallel"
	"sqleuth/analysis/store"
	"sqleuth/analysis/suspicion"
)

// timelineBuckets is how finely the timeline is counted; no screen has more
// columns.
const timelineBuckets = 240

// Run reads a log and analyses it. emit is called with facts in order and never
// by two goroutines at once; the last StageFinished has the snapshot that Run
// returns. labels gives the labels once the connections are known, before there are
// detections; nil means none.
func Run(ctx context.Context, cfg Config, set *logfile.Set, labels func(*Snapshot) (label.Set, error), emit func(Event)) (_ *Snapshot, err error) {
	defer rescue(&err)
	s, err := read(ctx, cfg, set, emit)
	if err != nil {
		return nil, err
	}
	var l label.Set
	if s, err = tabulate(s, emit, func() (err error) {
		if labels != nil {
			l, err = labels(s)
		}
		return err
	}); err != nil {
		return nil, err
	}
	models := s.train(ctx, cfg.Params, model.NewTruth(s.Reading, s.Connections, l))
	defer models.stop()
	if s, err = analyse(ctx, s, NewText(set), cfg, emit); err != nil {
		return nil, err
	}
	return judge(ctx, cfg.Params, s, l, models, emit)
}

// Judge trains and measures the models of an analysed log with other labels or
// parameters. What does not depend on them is kept from the snapshot.
func Judge(ctx context.Context, params model.Params, s *Snapshot, labels label.Set, emit func(Event)) (_ *Snapshot, err error) {
	defer rescue(&err)
	models := s.train(ctx, params, model.NewTruth(s.Reading, s.Connections, labels))
	defer models.stop()
	return judge(ctx, params, s, labels, models, emit)
}

func rescue(err *error) {
	switch v := recover().(type) {
	case nil:
	case *parallel.Panic:
		*err = &PanicError{v.Value, v.Stack}
	default:
		*err = &PanicError{v, debug.Stack()}
	}
}

// stage runs one stage between its two events. work returns the snapshot with
// what it has found.
func stage(st Stage, total int64, emit func(Event), work func() (*Snapshot, error)) (*Snapshot, error) {
	emit(StageStarted{st, total})
	s, err := work()
	if err != nil {
		return nil, err
	}
	emit(StageFinished{st, s})
	return s, nil
}

func read(ctx context.Context, cfg Config, set *logfile.Set, emit func(Event)) (*Snapshot, error) {
	_, total := set.Progress()
	return stage(Load, max(0, total), emit, func() (*Snapshot, error) {
		var p pace
		if err := unpack(ctx, set, func() {
			if p.due() {
				done, total := set.Progress()
				emit(Progress{Load, done, total})
				p.took(0)
			}
		}); err != nil {
			return nil, err
		}
		order, err := orderFiles(ctx, set, cfg)
		if err != nil {
			return nil, err
		}
		left := leftOut(set)
		known := func(rec *recorder) *Snapshot {
			s := &Snapshot{Log: rec.log()}
			s.Files = files(set)
			s.Order, s.Left = order, left
			for k, layout := range rec.layouts {
				s.Files[k].Table = layout
			}
			for k, around := range rec.wrappers {
				s.Files[k].Wrapper = around
			}
			for k := range min(len(s.Files), len(rec.forms)) {
				s.Files[k].Forms = rec.forms[k]
			}
			s.Counts = rec.counts(&s.Log)
			return s
		}
		rec, err := load(ctx, cfg, set, func(rec *recorder) {
			if !p.due() {
				return
			}
			began := time.Now()
			done, total := set.Progress()
			emit(Progress{Load, done, total})
			if !cfg.Unwatched {
				emit(Updated{known(rec)})
			}
			p.took(time.Since(began))
		})
		if err != nil {
			return nil, err
		}
		s := known(rec)
		s.Loaded = true
		nameEmpty(&s.Log, set)
		return s, nil
	})
}

// tabulate groups the entries and makes the matrix of the models, and beside it does what
// needs nothing of that: all that follows waits for both.
func tabulate(s *Snapshot, emit func(Event), beside func() error) (*Snapshot, error) {
	return stage(Count, 0, emit, func() (_ *Snapshot, err error) {
		n := *s
		parallel.Do(2, func(k int) {
			if k == 0 {
				err = beside()
				n.Encoding = encode(&n.Log)
				return
			}
			n.ByConnection = store.GroupByConnection(n.Entries, n.Connections.Len())
			n.Timeline = count.NewTimeline(n.Entries, timelineBuckets)
		})
		return &n, err
	})
}

// analyse finds what follows from the log alone. The thresholds and the checks of the log
// itself take a core while the rules take one, and neither needs the other: they run side
// by side.
func analyse(ctx context.Context, s *Snapshot, text Text, cfg Config, emit func(Event)) (*Snapshot, error) {
	return stage(Detect, 0, emit, func() (*Snapshot, error) {
		n := *s
		checked := make(chan error, 1)
		var counts *count.Tables
		var report integrity.Report
		go func() {
			var err error
			defer func() { checked <- err }()
			defer rescue(&err)
			if counts, err = s.Counts.WithThresholds(ctx, &s.Log); err == nil {
				report, err = integrity.Check(ctx, &s.Log, s.textBy(text))
			}
		}()
		err := judgeLog(ctx, &n, text, cfg)
		if e := <-checked; err == nil {
			err = e
		}
		n.Counts, n.Integrity = counts, report
		return &n, err
	})
}

// judgeLog evaluates the rules and what follows from them.
func judgeLog(ctx context.Context, n *Snapshot, text Text, cfg Config) (err error) {
	defer rescue(&err)
	opt := cfg.Detect
	if opt.Baseline, err = cfg.Baseline.learn(ctx, cfg); err != nil {
		return err
	}
	found, err := detect.Run(ctx, &n.Log, n.textBy(text), opt)
	if err != nil {
		return err
	}
	n.Rules, n.Detections, n.Filtered, n.History = opt.Rules, found.Detections, found.Filtered, found.History
	n.Full = append(slices.Clone(n.Full), found.Full...)
	n.Model, n.text = cfg.Model, text
	if n.Novel, err = n.History.Novel(ctx); err != nil {
		return err
	}
	if err := n.measure(ctx); err != nil {
		return err
	}
	return n.findIncidents(ctx, text, cfg.Before)
}

// measure assesses the connections by themselves, labels aside.
func (s *Snapshot) measure(ctx context.Context) (err error) {
	s.Assessment, err = suspicion.Assess(ctx, suspicion.In{Log: &s.Log, History: s.History, Detections: detect.Standing(s.Detections)})
	if err != nil {
		return err
	}
	s.Traits, s.Anomaly = s.Assessment.Traits, s.Assessment.Forest
	return nil
}

// encode makes the matrix of the models out of the distinct rows. Models know
// nothing of facts and digests.
func encode(l *loaded.Log) *feature.Encoding {
	merged, of := store.Merge(l.Rows)
	rows := make([]feature.Row, len(merged))
	cell := func(text string) feature.Cell { return feature.Cell{Text: text, Missing: l.Reading.Missing(text)} }
	for i, r := range merged {
		rows[i] = feature.Row{
			Cells: [4]feature.Cell{
				cell(l.Templates[l.TemplateOf[r.Cluster]].EventID), cell(l.Commands[r.Command]),
				cell(l.Actions[r.Action]), cell(l.Reading.FeatureTable(l.Tables[r.Table])),
			},
			Count: r.Count, First: r.First,
		}
	}
	e := feature.Encode(rows)
	split := make([]int32, len(of))
	for i, at := range of {
		split[i] = e.Of[at]
	}
	e.Of = split
	return e
}

func modelLog(s *Snapshot) *model.Encoded { return &model.Encoded{Log: &s.Log, Encoding: s.Encoding} }

// judge completes a snapshot with the models and all that is ranked by them.
func judge(ctx context.Context, params model.Params, s *Snapshot, labels label.Set, models *training, emit func(Event)) (*Snapshot, error) {
	s, err := accustom(ctx, s, labels)
	if err != nil {
		return nil, err
	}
	if models.isolation == nil {
		n := *s
		n.Truth = models.truth
		return &n, nil
	}
	trees := func(st Stage) func(done int) {
		return func(done int) { emit(Progress{st, int64(done), int64(params.Trees)}) }
	}
	s, err = stage(Isolation, int64(params.Trees), emit, func() (*Snapshot, error) {
		n := *s
		n.Truth = models.truth
		var err error
		if n.Isolation, err = models.isolation.wait(trees(Isolation)); err != nil {
			return nil, err
		}
		n.Mixed = model.MixEvents(modelLog(s), n.Isolation.Anomalies)
		return &n, nil
	})
	if err != nil {
		return nil, err
	}
	s, err = stage(Random, int64(params.Trees), emit, func() (*Snapshot, error) {
		n := *s
		var err error
		if n.Learned, err = n.learn(ctx, n.Truth, params); err != nil {
			return nil, err
		}
		n.Random, err = models.random.wait(trees(Random))
		return &n, err
	})
	if err != nil {
		return nil, err
	}
	return stage(Rank, 0, emit, func() (*Snapshot, error) {
		n := *s
		var err error
		if n.Ranking, err = n.Assessment.Rank(ctx, n.given(labels)); err != nil {
			return nil, fmt.Errorf("rank connections: %w", err)
		}
		return &n, nil
	})
}
