package export

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// Options say how files are written.
type Options struct {
	Force    bool     // overwrite files that exist
	Raw      bool     // leave cells as they stand in the log
	Evidence bool     // the evidence and the manifest only: structured.csv alone is as large as the log
	Version  string   // of the program, for the manifest
	Options  []Option // as given by the user, for the manifest
}

// Option is a setting that the figures depend on.
type Option struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// KeptTrees is how many trees of the Random Forest rforest.json holds whole;
// train with model.Params.Keep of at least this.
const KeptTrees = 3

// ErrExists is wrapped by the error of Write for a file that is there already.
var ErrExists = errors.New("exists already")

// file is one file of an export. write gets a buffered writer.
type file struct {
	name  string
	write func(w io.Writer) error
}

// Write writes every file of an export into dir, which is made if it is
// missing, and returns their names. Files appear under their names only when
// all of them are complete: a failed export leaves nothing half-written.
// progress, unless nil, is told each name before its file is written.
func Write(ctx context.Context, dir string, s *pipeline.Snapshot, text pipeline.Text, opt Options, progress func(name string)) (written []string, err error) {
	made, err := makeDir(dir)
	if err != nil {
		return nil, fmt.Errorf("export to %q: %w", dir, err)
	}
	list := plan(ctx, s, text, opt)
	if err := vacant(dir, names(list), opt); err != nil {
		return nil, err
	}
	stage, err := os.MkdirTemp(dir, ".sqleuth-")
	if err != nil {
		return nil, fmt.Errorf("export to %q: %w", dir, cause(err))
	}
	defer func() {
		os.RemoveAll(stage)
		if err != nil && made {
			os.Remove(dir)
		}
	}()
	manifest := newManifest(s, opt)
	for _, f := range list {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(f.name)
		}
		sum, n, err := writeFile(filepath.Join(stage, f.name), f.write)
		if err != nil {
			return nil, fmt.Errorf("export to %q: write %s: %w", dir, f.name, cause(err))
		}
		manifest.Files = append(manifest.Files, output{f.name, n, sum})
		written = append(written, f.name)
	}
	slices.SortFunc(manifest.Files, func(a, b output) int { return strings.Compare(a.Name, b.Name) })
	if _, _, err := writeFile(filepath.Join(stage, manifestName), func(w io.Writer) error { return WriteJSON(w, manifest) }); err != nil {
		return nil, fmt.Errorf("export to %q: write %s: %w", dir, manifestName, cause(err))
	}
	written = append(written, manifestName)
	// The manifest comes last: where it stands, the others do.
	for _, name := range written {
		if err := os.Rename(filepath.Join(stage, name), filepath.Join(dir, name)); err != nil {
			return nil, fmt.Errorf("export to %q: %w", dir, cause(err))
		}
	}
	return written, nil
}

// cause drops the name of a temporary file from an error.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	var l *os.LinkError
	if errors.As(err, &l) {
		return fmt.Errorf("%s: %w", filepath.Base(l.New), l.Err)
	}
	return err
}

func makeDir(dir string) (made bool, err error) {
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return false, errors.New("there is a file of that name; name a folder")
	case err == nil:
		return false, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, cause(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return false, fmt.Errorf("the folder cannot be made: %w; name another one", cause(err))
	}
	return true, nil
}

// vacant fails if a file to be written is there already and must not be.
func vacant(dir string, names []string, opt Options) error {
	if opt.Force {
		return nil
	}
	for _, name := range append(names, manifestName) {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return fmt.Errorf("export to %q: %s %w; give --force to overwrite it, or another folder", dir, name, ErrExists)
		}
	}
	return nil
}

// Check fails where Write would fail for a reason that is known before a log is
// read: the folder cannot be made or written to, or holds a file of that name.
func Check(dir string, r reading.Reading, opt Options) error {
	there, err := nearest(dir)
	if err != nil {
		return fmt.Errorf("export to %q: %w", dir, cause(err))
	}
	probe, err := os.MkdirTemp(there, ".sqleuth-")
	if err != nil {
		return fmt.Errorf("export to %q: nothing can be written into %q: %w; name another folder", dir, there, cause(err))
	}
	if err := os.Remove(probe); err != nil {
		return fmt.Errorf("export to %q: %w", dir, cause(err))
	}
	empty := &pipeline.Snapshot{Log: loaded.Log{Reading: r}, Verdicts: pipeline.Verdicts{Truth: &model.Truth{Positive: true}}}
	return vacant(dir, names(plan(context.Background(), empty, pipeline.Text{}, opt)), opt)
}

// nearest returns the folder itself or, where it is still to be made, the one
// above it that is there.
func nearest(dir string) (string, error) {
	for {
		info, err := os.Stat(dir)
		switch above := filepath.Dir(dir); {
		case err == nil && info.IsDir():
			return dir, nil
		case err == nil:
			return "", fmt.Errorf("%q is a file; name a folder", dir)
		case above == dir:
			return "", err
		default:
			dir = above
		}
	}
}

func names(list []file) (out []string) {
	for _, f := range list {
		out = append(out, f.name)
	}
	return out
}

// writeFile creates a file and returns the SHA-256 and length of what was
// written, once it has reached the disk.
func writeFile(path string, write func(io.Writer) error) (sum string, n int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return "", 0, err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	c := &counter{w: f, hash: sha256.New()}
	w := bufio.NewWriterSize(c, 1<<18)
	if err := write(w); err != nil {
		return "", 0, err
	}
	if err := w.Flush(); err != nil {
		return "", 0, err
	}
	if err := f.Sync(); err != nil {
		return "", 0, err
	}
	return hex.EncodeToString(c.hash.Sum(nil)), c.n, nil
}

// counter hashes and counts what goes through it.
type counter struct {
	w    io.Writer
	hash hash.Hash
	n    int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.hash.Write(p[:n])
	c.n += int64(n)
	return n, err
}

// plan lists the files of an export in the order in which they are written.
func plan(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, opt Options) []file {
	guard := Guard
	if opt.Raw {
		guard = raw
	}
	// The notebook's files are compared with the notebook's: always as they are.
	table := guard
	if s.Reading == reading.Notebook {
		table = raw
	}
	csv := func(name string, guard func(string) string, write func(s sheet) error) file {
		return file{name, func(w io.Writer) error { return write(newSheet(w, guard)) }}
	}
	list := []file{
		csv("findings.csv", guard, func(w sheet) error { return writeFindings(ctx, w, s) }),
		csv("labels.csv", guard, func(w sheet) error { return writeLabels(w, s) }),
		csv("connections.csv", guard, func(w sheet) error { return writeConnections(w, s) }),
		csv("detections.csv", guard, func(w sheet) error { return writeDetections(w, s) }),
	}
	if opt.Evidence {
		return list
	}
	list = append(list,
		csv("templates.csv", table, func(w sheet) error { return writeTemplates(w, s.Templates) }),
		csv("counts_action.csv", table, func(w sheet) error { return writeTally(w, "action", s.Counts.Action) }),
		csv("counts_table.csv", table, func(w sheet) error { return writeTally(w, "table", s.Counts.Table) }),
		csv("hourly_action.csv", table, func(w sheet) error { return writeHourly(w, s.Counts.HourAction) }),
		csv("hourly_table.csv", table, func(w sheet) error { return writeHourly(w, s.Counts.HourTable) }),
		csv("frequent_patterns.csv", table, func(w sheet) error { return writePairs(w, s.Counts.Pairs) }),
		csv("thresholds_action.csv", table, func(w sheet) error { return writeThresholds(w, "action", s.Counts.ThresholdAction) }),
		csv("thresholds_table.csv", table, func(w sheet) error { return writeThresholds(w, "table", s.Counts.ThresholdTable) }),
		file{"encoders.json", func(w io.Writer) error { return WriteJSON(w, encoders(s.Encoding)) }},
	)
	if s.Isolation != nil { // a log without entries trains no forest
		list = append(list, file{"iforest.json", func(w io.Writer) error {
			v, err := IsolationJSON(s)
			if err != nil {
				return err
			}
			return WriteJSON(w, v)
		}})
	}
	if s.Truth.Positive {
		list = append(list,
			file{"rforest.json", func(w io.Writer) error {
				v, err := RandomJSON(ctx, s, true)
				if err != nil {
					return err
				}
				return WriteJSON(w, v)
			}},
			file{"mixed.json", func(w io.Writer) error { return WriteJSON(w, MixedJSON(s.Mixed)) }},
			file{"split.json", func(w io.Writer) error { return writeSplit(ctx, w, s) }},
		)
	}
	list = append(list, csv("structured.csv", table, func(w sheet) error { return writeStructured(ctx, s, text, w) }))
	if s.Reading == reading.Notebook {
		list = append(list, file{"preproc.log", func(w io.Writer) error { return writePreprocessed(ctx, s, text, w) }})
	}
	return list
}
