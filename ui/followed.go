package ui

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"

	"sqleuth/analysis/export"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/follow"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// Followed is an Analysis of a log that is being written. Run and Again analyse it as the
// last Look has seen it.
type Followed interface {
	Analysis
	io.ReaderAt // of the text, decompressed
	// Look looks what has come to the log.
	Look() (follow.News, error)
	// Again is Run of a log that was analysed before, with the incidents of then. Until
	// it returns, texts are read of the log as it was.
	Again(ctx context.Context, params model.Params, labels label.Set, before []incident.Incident) (*pipeline.Snapshot, error)
	// Path returns the path of the file that is written.
	Path() string
}

// followed is the real Followed: an analysis of another set of files each time.
type followed struct {
	log    *follow.Log
	cfg    pipeline.Config
	export export.Options
	// now is that of the snapshot that is shown. One of before is closed by nobody: an
	// export may still read its texts. Its files are the log's, and a temporary file
	// goes with the last reference to it.
	now atomic.Pointer[analysis]
	// refused is why the log cannot be followed, as its first analysis has found.
	refused atomic.Pointer[error]
}

// NewFollowed analyses a log that is being written, which must stay open, as
// NewAnalysis does a set.
func NewFollowed(log *follow.Log, cfg pipeline.Config, opt export.Options) Followed {
	return &followed{log: log, cfg: cfg, export: opt}
}

func (n *followed) Look() (follow.News, error) {
	if err := n.refused.Load(); err != nil {
		return follow.News{}, *err
	}
	return n.log.Look()
}

func (n *followed) Path() string { return n.log.Path() }

// take makes an analysis of the log as it is.
func (n *followed) take() (*analysis, error) {
	set, err := n.log.Set()
	if err != nil {
		return nil, err
	}
	return &analysis{pipeline.NewText(set), set, n.cfg, n.export}, nil
}

func (n *followed) Run(ctx context.Context, params model.Params, labels func(*pipeline.Snapshot) (label.Set, error), emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	a, err := n.take()
	if err != nil {
		return nil, err
	}
	n.now.Store(a)
	s, err := a.Run(ctx, params, labels, emit)
	if err != nil {
		return nil, err
	}
	if last := s.Files[len(s.Files)-1].Name; last != n.log.Path() {
		err := fmt.Errorf("%q is followed, but %q begins later: name the files of one server, of which the newest is written", n.log.Path(), last)
		n.refused.Store(&err)
		return nil, err
	}
	return s, nil
}

func (n *followed) Again(ctx context.Context, params model.Params, labels label.Set, before []incident.Incident) (*pipeline.Snapshot, error) {
	a, err := n.take()
	if err != nil {
		return nil, err
	}
	a.cfg.Before = before
	s, err := a.Run(ctx, params, func(*pipeline.Snapshot) (label.Set, error) { return labels, nil }, func(pipeline.Event) {})
	if err == nil {
		n.now.Store(a)
	}
	return s, err
}

func (n *followed) Judge(ctx context.Context, params model.Params, s *pipeline.Snapshot, labels label.Set, emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	return pipeline.Judge(ctx, params, s, labels, emit)
}

func (n *followed) ReadAt(p []byte, off int64) (int, error) { return n.now.Load().ReadAt(p, off) }

func (n *followed) Record(l *loaded.Log, i int) (reading.Record, error) {
	return n.now.Load().Record(l, i)
}

func (n *followed) Rejected(l *loaded.Log, r genlog.Reject) ([]byte, error) {
	return n.now.Load().Rejected(l, r)
}

func (n *followed) Statements(l *loaded.Log) filter.TextReader { return n.now.Load().Statements(l) }

func (n *followed) Export(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error) {
	return n.now.Load().Export(ctx, s, dir, force, progress)
}

func (n *followed) ExportAll(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error) {
	return n.now.Load().ExportAll(ctx, s, dir, force, progress)
}

func (n *followed) WriteEntries(ctx context.Context, s *pipeline.Snapshot, path string, force bool, want func(i int) bool) error {
	return n.now.Load().WriteEntries(ctx, s, path, force, want)
}
