package ui

import (
	"context"

	"sqleuth/analysis/export"
	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
)

// analysis is the real Analysis: the pipeline over a set of files.
type analysis struct {
	pipeline.Text
	set    *logfile.Set
	cfg    pipeline.Config
	export export.Options
}

// NewAnalysis analyses a set of files, which must stay open, with the options of
// cfg; the parameters of the models come with each run. opt is how exports are
// written.
func NewAnalysis(set *logfile.Set, cfg pipeline.Config, opt export.Options) Analysis {
	return &analysis{pipeline.NewText(set), set, cfg, opt}
}

func (n *analysis) Run(ctx context.Context, params model.Params, labels func(*pipeline.Snapshot) (label.Set, error), emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	cfg := n.cfg
	cfg.Params = params
	return pipeline.Run(ctx, cfg, n.set, labels, emit)
}

func (n *analysis) Judge(ctx context.Context, params model.Params, s *pipeline.Snapshot, labels label.Set, emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	return pipeline.Judge(ctx, params, s, labels, emit)
}

func (n *analysis) Statements(l *loaded.Log) filter.TextReader { return n.Text.Statements(l) }

func (n *analysis) Export(ctx context.Context, s *pipeline.Snapshot, dir string, force bool, progress func(name string)) ([]string, error) {
	opt := n.export
	opt.Force = force
	return export.Write(ctx, dir, s, n.Text, opt, progress)
}
