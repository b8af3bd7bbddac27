package export

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sqleuth/analysis/handover"
	"sqleuth/analysis/pipeline"
)

// Options say how files are written.
type Options struct {
	Force   bool     // replace what an earlier export left in the folder
	Raw     bool     // leave cells as they are in the log
	Files   Files    // which ones
	Version string   // of the program, for the manifest
	Options []Option // as given by the user, for the manifest

	// Reads are the paths of what is read: logs, a labels file, the folder of the
	// case files. None of them is ever replaced, whatever it is called and with
	// Force too. A path of no file, such as "-", counts for nothing.
	Reads []string
}

// Option is a setting that the figures depend on.
type Option struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Settings writes options as a report shows them.
func Settings(options []Option) (list []handover.Setting) {
	for _, o := range options {
		value, err := json.Marshal(o.Value)
		if err != nil {
			value = fmt.Append(nil, o.Value)
		}
		list = append(list, handover.Setting{Name: o.Name, Value: string(value)})
	}
	return list
}

// KeptTrees is how many trees of the Random Forest rforest.json holds whole;
// train with model.Params.Keep of at least this.
const KeptTrees = 3

// ErrExists is wrapped by the error of Write for a file that is there already.
var ErrExists = errors.New("exists already")

// Write writes every file of an export into dir, which is made if it is
// missing, and returns their names. Files appear under their names only when
// all of them are complete, in place of those of an earlier export (Force): a
// failed export leaves the folder as it was, and no folder holds files of two.
// progress, unless nil, is told each name before its file is written.
func Write(ctx context.Context, dir string, s *pipeline.Snapshot, text pipeline.Text, opt Options, progress func(name string)) (written []string, err error) {
	fail := func(err error) ([]string, error) { return nil, fmt.Errorf("export to %q: %w", dir, cause(err)) }
	f, err := openFolder(dir)
	if err != nil {
		return fail(err)
	}
	defer func() {
		if e := f.close(err == nil); err == nil && e != nil {
			written, err = fail(e)
		}
	}()
	if err := f.admits(opt); err != nil {
		return fail(err)
	}
	manifest := newManifest(s, opt)
	for _, file := range plan(ctx, s, text, opt) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if progress != nil {
			progress(file.Name)
		}
		sum, n, err := writeFile(f.staged(file.Name), file.write)
		if err != nil {
			return fail(fmt.Errorf("write %s: %w", file.Name, cause(err)))
		}
		manifest.Files = append(manifest.Files, output{file.Name, n, sum})
		if file.notes != nil {
			manifest.Notes = append(manifest.Notes, file.notes()...)
		}
		written = append(written, file.Name)
	}
	slices.SortFunc(manifest.Files, func(a, b output) int { return strings.Compare(a.Name, b.Name) })
	if _, _, err := writeFile(f.staged(manifestName), func(w io.Writer) error { return WriteJSON(w, manifest) }); err != nil {
		return fail(fmt.Errorf("write %s: %w", manifestName, cause(err)))
	}
	written = append(written, manifestName)
	if err := f.admits(opt); err != nil {
		return fail(err)
	}
	if err := f.replace(written); err != nil {
		return fail(err)
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

// writeFile creates a file for its owner alone, since nearly all of them hold
// statements, and returns the SHA-256 and length of what was written, once it has
// reached the disk.
func writeFile(path string, write func(io.Writer) error) (sum string, n int64, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
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
