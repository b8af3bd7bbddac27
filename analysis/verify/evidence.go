package verify

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/export"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/wording"
)

// Row is a row of the evidence: where an entry is in the log, and the hash of its bytes.
type Row struct {
	Entry      int64    `json:"entry"`
	File       string   `json:"file"`
	Offset     int64    `json:"offset"` // in the decompressed file
	Bytes      int64    `json:"bytes"`
	SHA256     string   `json:"sha256"`
	Rules      []string `json:"rules"`
	Score      *float64 `json:"score"`
	Text       string   `json:"text"`
	Connection string   `json:"connection"`
	Severity   string   `json:"severity"`
}

// Names of the files that hold the evidence, each with the same rows.
const (
	evidenceLines = "evidence.jsonl"
	evidenceSheet = "evidence.csv"
)

// eachEvidence calls fn with each row of a file of evidence. The error wraps
// os.ErrNotExist for an export that has no such file.
func (e *Export) eachEvidence(name string, fn func(Row) error) error {
	f, err := os.Open(filepath.Join(e.Dir, name))
	if err != nil {
		return withoutPath(name, err)
	}
	defer f.Close()
	if name == evidenceSheet {
		err = eachRow(f, func(cells map[string]string) error {
			row := Row{File: cells["file"], SHA256: cells["sha256"]}
			for column, to := range map[string]*int64{"entry": &row.Entry, "offset": &row.Offset, "bytes": &row.Bytes} {
				n, err := strconv.ParseInt(cells[column], 10, 64)
				if err != nil {
					return fmt.Errorf("column %s: %w", column, err)
				}
				*to = n
			}
			return fn(row)
		})
	} else {
		d := json.NewDecoder(bufio.NewReaderSize(f, 1<<18))
		for err == nil {
			var row Row
			if err = d.Decode(&row); err == nil {
				err = fn(row)
			}
		}
		if errors.Is(err, io.EOF) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Text is the decompressed text of the logs that an export is of.
type Text struct {
	set   *logfile.Set
	files map[string]*file // by their names as files of an export have them
}

// file is one that the manifest names.
type file struct {
	name string
	log  *Log          // that was given as it, or as the archive that it is in; nil for none
	text *logfile.File // nil where it is not in the log (any more)
}

// called names a file by the log that was given as it, whose bytes are read; one without a
// log as the manifest does.
func (f *file) called() string {
	if f.log == nil {
		return named(f.name)
	}
	return named(f.log.Given + strings.TrimPrefix(f.name, f.log.name)) // of an archive its member
}

// NewText returns the text of logs that were compared by Logs and read; those that were
// not opened with the set are missing.
func (e *Export) NewText(set *logfile.Set, logs []Log) Text {
	t := Text{set, map[string]*file{}}
	for _, in := range e.Manifest.Inputs {
		f, log := &file{name: in.Name}, in.Name
		if in.Archive != "" {
			log = in.Archive
		}
		if i := slices.IndexFunc(logs, func(l Log) bool { return l.name == log && l.opens() }); i >= 0 {
			f.log = &logs[i]
		}
		t.files[in.Name], t.files[export.Guard(in.Name)] = f, f
	}
	for _, known := range set.Files() {
		if f := t.files[jsonName(known.Name)]; f != nil {
			f.text, t.files[export.Guard(known.Name)] = &known, f
		}
	}
	return t
}

// sum returns the SHA-256 of bytes of a file.
func (t Text) sum(ctx context.Context, f *file, offset, n int64) (string, error) {
	if f.text == nil {
		return "", errNoText
	}
	if offset < 0 || n < 0 || offset > f.text.Size || n > f.text.Size-offset {
		return "", fmt.Errorf("the log has %d bytes of text", f.text.Size)
	}
	h := sha256.New()
	if _, err := io.Copy(h, reading{ctx, io.NewSectionReader(t.set, f.text.Base+offset, n)}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

var errNoText = errors.New("the log does not have it")

// Evidence compares each row of the evidence with the bytes of the log. Rows ascend by
// their entries, and both files of the evidence have the same.
func (e *Export) Evidence(ctx context.Context, text Text, r *Result) error {
	var first []lineSum // of the rows of one file, to compare the other with; nil for none
	for _, name := range []string{evidenceLines, evidenceSheet} {
		c := evidenceCheck{Export: e, text: text, name: name, list: listing{Result: r}, lost: map[*file]*lostRows{}}
		err := e.eachEvidence(name, func(row Row) error { return c.row(ctx, row, first) })
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, os.ErrNotExist):
			if !e.has(name) { // else the folder was compared
				r.notDone("%s: the export has no such file", name)
			}
			continue
		case err != nil:
			r.differs(Changed, "%v", err)
			continue
		}
		if len(c.rows) < len(first) {
			c.list.differs(Missing, "%s has %d rows, %s has %d", name, len(c.rows), evidenceLines, len(first))
		}
		c.end(first)
		first = c.rows
	}
	return nil
}

// evidenceCheck is the check of one file of evidence.
type evidenceCheck struct {
	*Export
	text Text
	name string
	list listing
	rows []lineSum
	last int64 // entry

	found, hidden, unread int
	lost                  map[*file]*lostRows // that are not in logs that were changed
}

// lostRows are rows whose bytes are not in a log any more.
type lostRows struct {
	n     int
	first string
}

// row checks a row against the log, or against the same row of the other file.
func (c *evidenceCheck) row(ctx context.Context, row Row, other []lineSum) error {
	f := c.text.files[row.File]
	place, last := row.place(f), c.last
	c.rows = append(c.rows, place)
	n := len(c.rows)
	what := fmt.Sprintf("row %d (entry %d)", n, row.Entry)
	if c.last = row.Entry; row.Entry <= last {
		c.list.differs(Moved, "%s, %s: entries ascend, the one before is %d", c.name, what, last)
	}
	switch {
	case other != nil && n <= len(other) && other[n-1] == place:
		c.found++
		return nil
	case other != nil:
		c.list.differs(Changed, "%s, %s: %s has another row there", c.name, what, evidenceLines)
		return nil
	}
	is, why, err := c.bytes(ctx, c.text, row)
	switch {
	case err != nil:
		return err
	case is == there:
		c.found++
	case is == hidden:
		c.hidden++
	case is == unread:
		c.unread++
	case f != nil && f.log.state == changed:
		if c.lost[f] == nil {
			c.lost[f] = &lostRows{first: what}
		}
		c.lost[f].n++
	default:
		c.list.differs(Changed, "%s, %s: %s", c.name, what, why)
	}
	return nil
}

// held is how the bytes of a row are in its log.
type held uint8

const (
	there  held = iota
	hidden      // not known: the row is redacted and has no hash of them
	unread      // not known: the log is not there
	others      // not as the row says
)

// bytes compares a row with the bytes of its log; why is what is wrong with others. The
// error is that of ctx.
func (e *Export) bytes(ctx context.Context, text Text, row Row) (is held, why string, err error) {
	f := text.files[row.File]
	switch {
	case row.SHA256 == "" && e.Manifest.Redacted != "":
		return hidden, "", nil
	case f == nil:
		return others, "the manifest has no log " + named(row.File), nil
	case f.log == nil:
		return unread, "", nil
	}
	sum, err := text.sum(ctx, f, row.Offset, row.Bytes)
	switch {
	case ctx.Err() != nil:
		return others, "", ctx.Err()
	case err != nil:
		return others, fmt.Sprintf("byte %d of %s: %v", row.Offset, f.called(), err), nil
	case sum != row.SHA256:
		return others, fmt.Sprintf("the %d bytes at byte %d of %s are others", row.Bytes, row.Offset, f.called()), nil
	}
	return there, "", nil
}

// end reports what was found in all rows, which were held only against those of the other
// file where that has any.
func (c *evidenceCheck) end(other []lineSum) {
	c.list.end(c.name, "rows")
	r, n := c.list.Result, len(c.rows)-c.hidden
	for _, in := range c.Manifest.Inputs {
		f := c.text.files[in.Name]
		if lost := c.lost[f]; lost != nil {
			delete(c.lost, f)
			r.differs(Changed, "%s: the bytes of %s are not in the log %s, the first is %s", c.name, wording.Counted(lost.n, "entry", "entries"), f.called(), lost.first)
		}
	}
	switch {
	case other != nil && c.found == len(c.rows) && len(c.rows) == len(other):
		r.passed("%s has the same %d entries as %s", c.name, c.found, evidenceLines)
	case other != nil:
	case c.found == n:
		r.passed("the bytes of %d entries are in the log where %s says", n, c.name)
	case c.found > 0:
		r.passed("the bytes of %d of %d entries are in the log where %s says", c.found, n, c.name)
	}
	if c.hidden > 0 {
		r.passed("%d rows of %s are redacted and have no hash of their bytes", c.hidden, c.name)
	}
	if c.unread > 0 {
		r.notDone("%s: the bytes of %d entries, whose log is not there", c.name, c.unread)
	}
}

// place is where the entry of a row is, in which file.
func (r Row) place(f *file) lineSum {
	name := ""
	if f != nil {
		name = f.name
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %s %s", r.Entry, r.Offset, r.Bytes, r.SHA256, name))
	return lineSum(sum[:])
}

// has reports whether the manifest lists a file.
func (e *Export) has(name string) bool {
	for _, f := range e.Manifest.Files {
		if f.Name == name {
			return true
		}
	}
	return false
}
