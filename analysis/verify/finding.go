package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sqleuth/analysis/export"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// Finding derives one row of the evidence again from an analysis that was done again, and
// reports its rules and its score.
func (e *Export) Finding(ctx context.Context, d *Done, entry int64, r *Result) error {
	should, err := d.row(ctx, entry)
	if err != nil {
		return err
	}
	is, err := e.line(entry)
	switch {
	case err != nil:
		return err
	case should == nil:
		r.differs(New, "%s, entry %d: the analysis gives no such row", evidenceLines, entry)
		return nil
	case !bytes.Equal(is, should):
		r.differs(Changed, "%s, entry %d: %s", evidenceLines, entry, columns(should, is))
		return nil
	}
	var row Row
	if err := json.Unmarshal(is, &row); err != nil {
		return fmt.Errorf("%s, entry %d: %w", evidenceLines, entry, err)
	}
	r.passed("the analysis, done again by %s, gives the same row for entry %d, connection %s", e.Manifest.Tool, entry, quoted(row.Connection))
	for _, name := range row.Rules {
		if found := d.Snapshot.Rules.Named(name); found != nil {
			r.passed("rule %s (%s), level %s, %s:%d of SHA-256 %s, finds it", name, quoted(found.Title), found.Level, quoted(found.Source.File), found.Source.Line, found.Source.SHA256)
		}
	}
	if row.Score != nil {
		r.passed("its score is %v", *row.Score)
	}
	return nil
}

// Place checks that the bytes of an entry of the evidence are in a log, of which nothing
// else needs to be as it was.
func (e *Export) Place(ctx context.Context, text Text, entry int64, r *Result) error {
	row, err := e.row(entry)
	if err != nil {
		return err
	}
	is, why, err := e.bytes(ctx, text, row)
	if err != nil {
		return err
	}
	switch is {
	case unread:
		r.notDone("the bytes of entry %d: their log, %s, is not there", entry, named(row.File))
	case hidden:
		r.notDone("the bytes of entry %d: the row is redacted and has no hash of them", entry)
	case others:
		r.differs(Changed, "%s, entry %d: %s", evidenceLines, entry, why)
	case there:
		r.passed("the %d bytes of entry %d are in %s at byte %d, SHA-256 %s", row.Bytes, entry, text.files[row.File].called(), row.Offset, row.SHA256)
	}
	return nil
}

// row returns that of an entry as the analysis gives it, nil for none.
func (d *Done) row(ctx context.Context, entry int64) (row []byte, err error) {
	f := newLineFinder(entry)
	return f.row(export.Each(ctx, d.Snapshot, d.Text, d.Options, func(name string, write func(io.Writer) error) error {
		if name != evidenceLines {
			return nil
		}
		return write(f)
	}))
}

// line returns the row of an entry as the folder has it.
func (e *Export) line(entry int64) ([]byte, error) {
	in, err := os.Open(filepath.Join(e.Dir, evidenceLines))
	if err != nil {
		return nil, withoutPath(evidenceLines, err)
	}
	defer in.Close()
	f := newLineFinder(entry)
	_, err = io.Copy(f, in)
	row, err := f.row(err)
	if err == nil && row == nil {
		err = fmt.Errorf("%s has no entry %d", evidenceLines, entry)
	}
	return row, err
}

// lineFinder finds the line of an entry in what is written to it; the write that ends the
// line fails, since nothing behind it is needed.
type lineFinder struct {
	begins []byte
	line   []byte // as far as it was written
}

var errFound = errors.New("the line was found")

func newLineFinder(entry int64) *lineFinder {
	return &lineFinder{begins: fmt.Appendf(nil, `{"entry":%d,`, entry)}
}

func (f *lineFinder) Write(p []byte) (n int, err error) {
	for n < len(p) {
		end := bytes.IndexByte(p[n:], '\n') + 1
		if end == 0 {
			f.line = append(f.line, p[n:]...)
			break
		}
		f.line = append(f.line, p[n:n+end]...)
		if n += end; bytes.HasPrefix(f.line, f.begins) {
			return n, errFound
		}
		f.line = f.line[:0]
	}
	return len(p), nil
}

// row returns the line, nil where there is none, after writing ended with an error.
func (f *lineFinder) row(err error) ([]byte, error) {
	switch {
	case err != nil && !errors.Is(err, errFound):
		return nil, err
	case bytes.HasPrefix(f.line, f.begins): // a last line may lack its end
		return f.line, nil
	}
	return nil, nil
}

// columns names the columns in which two rows differ.
func columns(should, is []byte) string {
	var a, b map[string]json.RawMessage
	if json.Unmarshal(should, &a) != nil || json.Unmarshal(is, &b) != nil {
		return "the row is damaged"
	}
	var names []string
	for name, value := range a {
		if !bytes.Equal(value, b[name]) {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	if len(names) == 0 {
		return "the row is written otherwise"
	}
	return "others in " + strings.Join(names, ", ")
}

// Alone reports which of a row's rules find its entry when there is nothing but its
// bytes, and names those that need the log around it.
func (e *Export) Alone(ctx context.Context, part []byte, cfg pipeline.Config, entry int64, r *Result) error {
	row, err := e.row(entry)
	if err != nil || len(row.Rules) == 0 {
		return err
	}
	cfg.Order, cfg.Baseline = nil, pipeline.Baseline{}
	var by, others []string
	if set, err := logfile.OpenBytes("entry", part, logfile.Options{}); err == nil {
		defer set.Close()
		s, err := pipeline.Run(ctx, cfg, set, nil, func(pipeline.Event) {})
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err == nil { // else the bytes are no log by themselves
			for i := range s.Detections {
				if name := s.Detections[i].Rule.Name; slices.Contains(row.Rules, name) && !slices.Contains(by, name) {
					by = append(by, name)
				}
			}
		}
	}
	for _, name := range row.Rules {
		if !slices.Contains(by, name) {
			others = append(others, name)
		}
	}
	if len(by) > 0 {
		r.passed("these bytes alone are found by %s", strings.Join(by, ", "))
	}
	if len(others) > 0 {
		r.passed("that %s find it rests on the log around it too, and is what %s says", strings.Join(others, ", "), evidenceLines)
	}
	return nil
}
