package report

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/pipeline/pipelinetest"
	"sqleuth/analysis/reading"
)

const (
	wordpress = "../../testdata/wordpress-bruteforce/"
	reference = "../../testdata/reference/"
)

// load analyses a log, with the labels of a file unless its path is empty.
func load(t *testing.T, r reading.Reading, path, labels string) *pipeline.Snapshot {
	t.Helper()
	cfg := pipeline.DefaultConfig()
	cfg.Reading = r
	return loadFiles(t, cfg, labels, path)
}

func loadFiles(t *testing.T, cfg pipeline.Config, labels string, paths ...string) *pipeline.Snapshot {
	t.Helper()
	s, _ := pipelinetest.Run(t, cfg, labels, paths...)
	return s
}

// loadText analyses a log that is given as text.
func loadText(t *testing.T, r reading.Reading, text string) *pipeline.Snapshot {
	t.Helper()
	s := load(t, r, write(t, "general.log", []byte(text)), "")
	s.Files[0].Name = "general.log" // not the temporary folder
	return s
}

func write(t *testing.T, name string, content []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func text(t *testing.T, s *pipeline.Snapshot, opt Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Text(context.Background(), &b, s, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
