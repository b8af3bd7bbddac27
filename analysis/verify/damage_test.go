package verify

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"sqleuth/analysis/export"
)

// compressed writes a log in every container that is read, and a set of two in archives.
func compressed(t *testing.T, whole []byte) (paths []string) {
	t.Helper()
	dir := t.TempDir()
	packed := func(name string, w func(io.Writer) (io.WriteCloser, error), content []byte) string {
		var b bytes.Buffer
		c, err := w(&b)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Write(content)
		if err = errors.Join(err, c.Close()); err != nil {
			t.Fatal(err)
		}
		return put(t, filepath.Join(dir, name), b.Bytes())
	}
	zipped := func(w io.Writer) (io.WriteCloser, error) {
		z := gzip.NewWriter(w)
		z.Name = "general.log"
		return z, nil
	}
	zstandard := func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }
	xzip := func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) }
	half := len(whole)/2 + bytes.Index(whole[len(whole)/2:], []byte("\n2")) + 1
	older := packed("general.log.1.gz", zipped, whole[:half])
	newer := put(t, filepath.Join(dir, "general.log"), whole[half:])
	var tarred, zips bytes.Buffer
	toTar, toZip := tar.NewWriter(&tarred), zip.NewWriter(&zips)
	for _, part := range []string{newer, older} {
		content, err := os.ReadFile(part)
		name := "mysql/" + filepath.Base(part)
		if err == nil {
			err = toTar.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: int64(len(content))})
		}
		if err == nil {
			_, err = toTar.Write(content)
		}
		var w io.Writer
		if err == nil {
			w, err = toZip.Create(name)
		}
		if err == nil {
			_, err = w.Write(content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(toTar.Close(), toZip.Close()); err != nil {
		t.Fatal(err)
	}
	return []string{
		put(t, filepath.Join(dir, "plain.log"), whole),
		packed("one.log.gz", zipped, whole), packed("one.log.zst", zstandard, whole), packed("one.log.xz", xzip, whole), small + ".bz2",
		put(t, filepath.Join(dir, "set.tar"), tarred.Bytes()), packed("set.tar.gz", zipped, tarred.Bytes()), packed("set.tar.zst", zstandard, tarred.Bytes()),
		put(t, filepath.Join(dir, "set.zip"), zips.Bytes()),
	}
}

// A log in any container is checked, and so is a rotated set in an archive; and one of
// which a byte was changed, anywhere, is found, its block is named, and what the change
// leaves readable is checked all the same.
func TestCompressed(t *testing.T) {
	whole, err := os.ReadFile(small)
	if err != nil {
		t.Fatal(err)
	}
	for _, log := range compressed(t, whole) {
		t.Run(filepath.Base(log), func(t *testing.T) {
			t.Parallel()
			cfg := config()
			out := exported(t, export.Options{Files: export.Evidence}, cfg, "", log)
			e, err := Open(out)
			if err != nil {
				t.Fatal(err)
			}
			if got, want := e.Manifest.Counts.Entries, bytes.Count(whole, []byte("\n2")); got != want {
				t.Fatalf("%d entries, want %d", got, want)
			}
			check(t, out, analysis(cfg), log).nothing(t)
			was, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			now := filepath.Join(t.TempDir(), filepath.Base(log))
			rng := rand.New(rand.NewPCG(14, uint64(len(was))))
			for n := range 40 {
				at := rng.IntN(len(was))
				switch { // magic numbers, times, names; checksums, lengths
				case n < 12:
					at = n
				case n < 24:
					at = len(was) - 1 - (n - 12)
				}
				is := bytes.Clone(was)
				is[at] ^= byte(1 + rng.IntN(255))
				r := check(t, out, analysis(cfg), put(t, now, is))
				if err := damaged(r, now, len(was)); err != nil {
					t.Errorf("byte %d was changed: %v: %q, %q", at, err, r.Differences, r.NotDone)
				}
			}
			for _, n := range []int{0, 1, len(was) / 2, len(was) - 1} {
				r := check(t, out, analysis(cfg), put(t, now, was[:n]))
				if err := damaged(r, now, len(was)); err != nil {
					t.Errorf("%d bytes are left: %v: %q, %q", n, err, r.Differences, r.NotDone)
				}
			}
			r := check(t, out, analysis(cfg), put(t, now, append(bytes.Clone(was), 'x')))
			if len(r.Differences) > 0 || !slices.Equal(r.NotDone, []string{grownBy(now, "1 byte", len(was))}) {
				t.Errorf("one byte more: %q, %q", r.Differences, r.NotDone)
			}
			r = check(t, out, analysis(cfg), now+".gone")
			r.names(t, Missing, fmt.Sprintf("log %q: ", now+".gone"))
		})
	}
}

// damaged returns what is not reported of a log whose bytes were changed.
func damaged(r *Result, log string, size int) error {
	has := func(list []string, parts ...string) bool {
		return slices.ContainsFunc(list, func(s string) bool {
			return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(s, part) })
		})
	}
	var differences []string
	for _, d := range r.Differences {
		differences = append(differences, d.String())
	}
	rows := []string{"the bytes of ", " entries are "}
	switch {
	case !has(r.Passed, "files are as the manifest says"):
		return errors.New("the folder was not checked")
	case !has(differences, fmt.Sprintf("changed: log %q: it", log)):
		return errors.New("the log is not named")
	case !has(differences, fmt.Sprintf("log %q: block 0 (bytes 0 to %d)", log, size-1)):
		return errors.New("the block is not named")
	case !has(r.NotDone, "the analysis was not done again: the logs are not those of the export"):
		return errors.New("the analysis is not named")
	case !has(r.Passed, rows...) && !has(differences, rows...):
		return errors.New("the evidence was not checked")
	}
	return nil
}

func grownBy(log, more string, was int) string {
	return fmt.Sprintf("what has come to log %q since: it has grown by %s; the part that was exported, the first %d, is unchanged", log, more, was)
}

// A log to which entries have come is checked as far as it was exported, and a finding in
// it is derived again. Its rotated neighbour that is missing or changed is named.
func TestGrown(t *testing.T) {
	whole := long(export.BlockSize + 1000)
	end := bytes.LastIndexByte(whole[:len(whole)-1], '\n') + 1
	half := bytes.IndexByte(whole[len(whole)/2:], '\n') + len(whole)/2 + 1
	dir := t.TempDir()
	older := put(t, filepath.Join(dir, "general.log.1"), append([]byte(nil), whole[:half]...))
	newer := put(t, filepath.Join(dir, "general.log"), append(bytes.Clone(whole[half:]), whole[end:]...))
	cfg := config()
	out := exported(t, export.Options{Files: export.Evidence}, cfg, "", older, newer)
	was, err := os.ReadFile(newer)
	if err != nil {
		t.Fatal(err)
	}
	more := bytes.Repeat(whole[end:], 3)
	put(t, newer, append(bytes.Clone(was), more...))
	r := check(t, out, analysis(cfg), older, newer)
	if len(r.Differences) > 0 || !slices.Equal(r.NotDone, []string{grownBy(newer, fmt.Sprintf("%d bytes", len(more)), len(was))}) {
		t.Errorf("%q, %q", r.Differences, r.NotDone)
	}
	if last := r.Passed[len(r.Passed)-1]; !strings.HasPrefix(last, "the analysis, done again by sqleuth test, gives the same bytes for ") {
		t.Errorf("%q", r.Passed)
	}
	// Without the older one the evidence in it is there all the same.
	r = check(t, out, analysis(cfg), newer)
	r.names(t, Missing, fmt.Sprintf("log %q, SHA-256", older))
	if !slices.Contains(r.Passed, "the bytes of 485 of 970 entries are in the log where evidence.jsonl says") {
		t.Errorf("%q, %q", r.Passed, r.NotDone)
	}
	r = check(t, out, analysis(cfg), older)
	r.names(t, Missing, fmt.Sprintf("log %q, SHA-256", newer))
	if !slices.Contains(r.NotDone, "evidence.jsonl: the bytes of 485 entries, whose log is not there") {
		t.Errorf("%q, %q", r.Passed, r.NotDone)
	}
	is := bytes.Clone(was)
	is[10] ^= 1
	r = check(t, out, analysis(cfg), older, put(t, newer, append(is, more...)))
	r.names(t, Changed, fmt.Sprintf("log %q: it has %d bytes, the manifest says %d", newer, len(is)+len(more), len(was)))
	// One that is shorter has not grown, even if the manifest gives no hash of it.
	tamper(t, out, "manifest.json", func(rows []string) []string {
		for i := range rows {
			rows[i] = strings.ReplaceAll(rows[i], fmt.Sprintf("%x", sha256.Sum256(was)), "")
		}
		return rows
	})
	r = check(t, out, analysis(cfg), older, put(t, newer, was[:len(was)/2]))
	for _, line := range slices.Concat(r.NotDone, r.Passed) {
		if strings.Contains(line, "grown") || strings.Contains(line, "the first ") {
			t.Errorf("of a shorter log: %s", line)
		}
	}
}

// What of a text cannot be read back is not known to be another: it is not checked, and
// what was read is compared.
func TestTextsThatCannotBeReadBack(t *testing.T) {
	text, _ := across()
	log := put(t, filepath.Join(t.TempDir(), "general.log"), text)
	e, logText := opened(t, exported(t, export.Options{Files: export.Evidence}, config(), "", log), log)
	if err := os.Truncate(log, export.BlockSize+5); err != nil {
		t.Fatal(err)
	}
	r := &Result{}
	if err := e.texts(t.Context(), logText, r); err != nil {
		t.Fatal(err)
	}
	if len(r.Differences) > 0 || len(r.NotDone) != 1 || !strings.Contains(r.NotDone[0], "from byte 1048576 on") || len(r.Passed) != 1 {
		t.Errorf("differences %v, not done %q, passed %q", r.Differences, r.NotDone, r.Passed)
	}
}

// A sheet that lacks its last rows is not said to have the same ones.
func TestShortSheet(t *testing.T) {
	dir := exported(t, export.Options{Files: export.Evidence}, config(), "", small)
	sheet := filepath.Join(dir, evidenceSheet)
	data, err := os.ReadFile(sheet)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(sheet, data[:bytes.LastIndexByte(data[:len(data)-1], '\n')+1], 0o600); err != nil {
		t.Fatal(err)
	}
	e, text := opened(t, dir, small)
	r := &Result{}
	if err := e.Evidence(t.Context(), text, r); err != nil {
		t.Fatal(err)
	}
	if len(r.Differences) != 1 || slices.ContainsFunc(r.Passed, func(s string) bool { return strings.Contains(s, "has the same") }) {
		t.Errorf("differences %v, passed %q", r.Differences, r.Passed)
	}
}
