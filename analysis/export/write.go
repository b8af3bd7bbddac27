package export

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"
	"strings"

	"sqleuth/analysis/handover"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/schema"
)

// Options are how files are written.
type Options struct {
	Force   bool     // replace what an earlier export left in the folder
	Raw     bool     // leave cells as they are in the log
	Files   Files    // which ones
	Filter  string   // entries that it selects are written too; empty for none
	Version string   // of the program, for the manifest
	Options []Option // as given by the user, for the manifest
	Case    handover.Case

	// Redaction is what is hidden, nil for nothing, and nothing to hold a redacted copy
	// against either.
	Redaction *Redaction
	redactor  *redact.Redactor
	// Committed are the commitments of an export that is written again without its key,
	// and their file.
	Committed *Commitments
	Commits   Output

	// Elsewhere are the paths of files that are not at the names under which they were
	// read.
	Elsewhere map[string]string

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
// progress, unless nil, is called with each name before its file is written.
func Write(ctx context.Context, dir string, s *pipeline.Snapshot, text pipeline.Text, opt Options, progress func(name string)) (written []string, err error) {
	fail := func(err error) ([]string, error) { return nil, fmt.Errorf("export to %q: %w", dir, err) }
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
	err = Each(ctx, s, text, opt, func(name string, write func(io.Writer) error) error {
		if progress != nil {
			progress(name)
		}
		if err := f.write(name, write); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		written = append(written, name)
		return nil
	})
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return fail(err)
	}
	if err := f.admits(opt); err != nil {
		return fail(err)
	}
	if err := f.replace(written); err != nil {
		return fail(err)
	}
	return written, nil
}

// Each hands every file of an export to do, the manifest last: its name, in which slashes
// part folders, and what writes it, which do may call before it returns, also more than
// once; of a file that was not written the manifest knows nothing. The
// same snapshot and options give the same bytes. The error is that of do, of reading or of
// ctx.
func Each(ctx context.Context, s *pipeline.Snapshot, texts pipeline.Text, opt Options, do func(name string, write func(io.Writer) error) error) error {
	if err := opt.Hides(s.Reading); err != nil {
		return err
	}
	var err error
	if opt.redactor, err = opt.Redaction.Redactor(ctx, s, texts); err != nil {
		return err
	}
	manifest := newManifest(s, opt)
	inputs, copies, err := carry(s, opt)
	if err != nil {
		return err
	}
	manifest.Carried = inputs
	files := append(plan(ctx, s, texts, opt), copies...)
	files = append(files, csvFile(BlocksName, opt.cellText(), blockColumns(), blockRows(ctx, s, texts, &manifest.Blocks)))
	switch {
	case opt.Committed != nil:
		manifest.Commitments, manifest.Files = opt.Committed, []Output{opt.Commits}
	case opt.commits():
		files = append(files, jsonlFile(CommitmentsName, cellText{}, commitmentColumns(), commitmentRows(ctx, s, texts, opt, &manifest.Commitments)))
	}
	hashed := func(f file) (out Output, err error) {
		err = do(f.Name, func(w io.Writer) error {
			c := &counter{w: w, hash: sha256.New()}
			buffered := bufio.NewWriterSize(c, 1<<18)
			if err := f.write(buffered); err != nil {
				return err
			}
			err := buffered.Flush()
			out = Output{f.Name, c.n, hex.EncodeToString(c.hash.Sum(nil))}
			return err
		})
		return out, err
	}
	for _, f := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		out, err := hashed(f)
		if err != nil {
			return err
		}
		manifest.Files = append(manifest.Files, out)
		if f.notes != nil {
			manifest.Notes = append(manifest.Notes, f.notes()...)
		}
	}
	slices.SortFunc(manifest.Files, func(a, b Output) int { return strings.Compare(a.Name, b.Name) })
	var text bytes.Buffer
	if err := WriteJSON(&text, manifest); err != nil {
		return err
	}
	if _, err := hashed(ready(ManifestSumName, ManifestSum(text.Bytes()))); err != nil {
		return err
	}
	_, err = hashed(ready(ManifestName, text.Bytes()))
	return err
}

// ready is a file whose bytes are known.
func ready(name string, data []byte) file {
	return file{schema.File{Name: name, Format: schema.Copy}, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}, nil}
}

// ManifestSum returns what ManifestSumName holds for a manifest.
func ManifestSum(manifest []byte) []byte {
	return fmt.Appendf(nil, "%x  %s\n", sha256.Sum256(manifest), ManifestName)
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

// cellText returns what cells of log origin go through.
func (opt Options) cellText() cellText {
	if opt.Raw {
		return cellText{raw, opt.redactor}
	}
	return cellText{Guard, opt.redactor}
}
