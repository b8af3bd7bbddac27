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
	"strconv"

	"sqleuth/analysis/export"
	"sqleuth/analysis/logfile"
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
	files map[string]logfile.File // by their names as files of an export have them
}

// NewText returns the text of logs that were read, under the names of the manifest.
func NewText(set *logfile.Set) Text {
	t := Text{set, map[string]logfile.File{}}
	for _, f := range set.Files() {
		t.files[f.Name], t.files[export.Guard(f.Name)] = f, f
		t.files[jsonName(f.Name)] = f
	}
	return t
}

// sum returns the SHA-256 of bytes of a file.
func (t Text) sum(ctx context.Context, file string, offset, n int64) (string, error) {
	f, ok := t.files[file]
	if !ok {
		return "", fmt.Errorf("there is no log %s", quoted(file))
	}
	if offset < 0 || n < 0 || offset > f.Size || n > f.Size-offset {
		return "", fmt.Errorf("the log has %d bytes of text", f.Size)
	}
	h := sha256.New()
	if _, err := io.Copy(h, reading{ctx, io.NewSectionReader(t.set, f.Base+offset, n)}); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// Evidence compares each row of the evidence with the bytes of the log. Rows ascend by
// their entries, and both files of the evidence have the same.
func (e *Export) Evidence(ctx context.Context, text Text, r *Result) error {
	var first []lineSum // of the rows of one file, to compare the other with
	for k, name := range []string{evidenceLines, evidenceSheet} {
		list := listing{Result: r}
		n, hidden, last := 0, 0, int64(0)
		err := e.eachEvidence(name, func(row Row) error {
			n++
			what := fmt.Sprintf("%s, row %d (entry %d)", name, n, row.Entry)
			if row.Entry <= last {
				list.differs(Moved, "%s: entries ascend, the one before is %d", what, last)
			}
			last = row.Entry
			place := row.place()
			if k == 0 {
				first = append(first, place)
			} else if n > len(first) || first[n-1] != place {
				list.differs(Changed, "%s: %s has another row there", what, evidenceLines)
			}
			if row.SHA256 == "" && e.Manifest.Redacted != "" {
				hidden++
				return nil
			}
			sum, err := text.sum(ctx, row.File, row.Offset, row.Bytes)
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				list.differs(Changed, "%s: byte %d of %s: %v", what, row.Offset, quoted(row.File), err)
			case sum != row.SHA256:
				list.differs(Changed, "%s: the %d bytes at byte %d of %s are others", what, row.Bytes, row.Offset, quoted(row.File))
			}
			return nil
		})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, os.ErrNotExist):
			if e.has(name) {
				continue // the folder was compared
			}
			r.notDone("%s: the export has no such file", name)
			continue
		case err != nil:
			r.differs(Changed, "%v", err)
			continue
		}
		if k == 1 && n < len(first) {
			list.differs(Missing, "%s has %d rows, %s has %d", name, n, evidenceLines, len(first))
		}
		list.end(name, "rows")
		if list.n == 0 {
			r.passed("the bytes of %d entries are in the log where %s says", n-hidden, name)
			if hidden > 0 {
				r.passed("%d rows of %s are redacted and have no hash of their bytes", hidden, name)
			}
		}
	}
	return nil
}

// place is where the entry of a row is.
func (r Row) place() lineSum {
	sum := sha256.Sum256(fmt.Appendf(nil, "%d %d %d %s", r.Entry, r.Offset, r.Bytes, r.SHA256))
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
