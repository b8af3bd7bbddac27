// Package pipelinetest analyses the logs of other packages' tests.
package pipelinetest

import (
	"context"
	"os"
	"testing"

	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// Run analyses logs as one, with the labels of a file unless its path is empty. The
// logs stay open until the test ends.
func Run(t testing.TB, cfg pipeline.Config, labels string, logs ...string) (*pipeline.Snapshot, pipeline.Text) {
	t.Helper()
	set, err := logfile.Open(logs, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	s, err := pipeline.Run(context.Background(), cfg, set, func(s *pipeline.Snapshot) (label.Set, error) {
		if labels == "" {
			return label.Set{}, nil
		}
		f, err := os.Open(labels)
		if err != nil {
			return label.Set{}, err
		}
		defer f.Close()
		file, err := label.Read(f)
		if err != nil {
			return label.Set{}, err
		}
		records, _ := file.Resolve(s.Connections.Epochs())
		return label.NewSet(nil, records)
	}, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s, pipeline.NewText(set)
}
