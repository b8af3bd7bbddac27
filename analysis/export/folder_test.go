package export

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/filelock"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
)

// content lists what is in a folder, by name.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			b = []byte("a folder")
		}
		out[e.Name()] = string(b)
	}
	return out
}

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, dir string, s *pipeline.Snapshot, text pipeline.Text, opt Options) []string {
	t.Helper()
	names, err := Write(context.Background(), dir, s, text, opt, nil)
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// A folder holds the files of one analysis, whatever was exported to it before,
// and what is not an export's stays.
func TestOneAnalysisInAFolder(t *testing.T) {
	labelled, labelledText := load(t, reading.Notebook, synthetic+"general.log.gz", synthetic+"labels.csv")
	plain, plainText := load(t, reading.Correct, synthetic+"general.log.gz", "")
	t.Chdir(t.TempDir())
	dir := "./out/../out/"
	write(t, dir, labelled, labelledText, Options{})
	put(t, filepath.Join(dir, "notes.txt"), "mine")
	before := content(t, dir)
	for _, opt := range []Options{{}, {Files: Evidence}} {
		if _, err := Write(context.Background(), dir, plain, plainText, opt, nil); !errors.Is(err, ErrExists) {
			t.Errorf("written into a folder of another export: %v", err)
		}
		if err := Check(dir, opt); !errors.Is(err, ErrExists) {
			t.Errorf("checked: %v", err)
		}
	}
	if got := content(t, dir); len(got) != len(before) {
		t.Errorf("a refused export left %d files of %d", len(got), len(before))
	}
	for _, opt := range []Options{{Force: true}, {Force: true, Files: Evidence}} {
		want := write(t, dir, plain, plainText, opt)
		want = append(want, "notes.txt")
		slices.Sort(want)
		var got []string
		for name := range content(t, dir) {
			got = append(got, name)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("the folder holds %q, want %q", got, want)
		}
	}
}

// Every name that an export of any kind writes is one that the next replaces.
func TestEveryName(t *testing.T) {
	for _, r := range []reading.Reading{reading.Correct, reading.Notebook} {
		s, text := load(t, r, synthetic+"general.log.gz", synthetic+"labels.csv")
		for _, name := range tops(write(t, t.TempDir(), s, text, Options{})) {
			if !slices.Contains(everyName(), name) {
				t.Errorf("%v: %s is not among %q", r, name, everyName())
			}
		}
	}
}

func TestFilesAreTheirOwnersAlone(t *testing.T) {
	s, text := load(t, reading.Notebook, synthetic+"general.log.gz", synthetic+"labels.csv")
	dir := t.TempDir()
	for _, name := range write(t, dir, s, text, Options{}) {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
}

// What is read is not replaced: the file itself, and whatever leads to it.
func TestWhatIsReadIsSpared(t *testing.T) {
	s, text := load(t, reading.Correct, synthetic+"general.log.gz", "")
	for name, lay := range map[string]func(read, dir string) error{
		"the file": func(read, dir string) error { return os.Rename(read, filepath.Join(dir, "labels.csv")) },
		"a symbolic link": func(read, dir string) error {
			return os.Symlink(read, filepath.Join(dir, "labels.csv"))
		},
		"a link":                    func(read, dir string) error { return os.Link(read, filepath.Join(dir, "preproc.log")) },
		"a file that is only moved": func(read, dir string) error { return os.Link(read, filepath.Join(dir, "split.json")) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			read := filepath.Join(t.TempDir(), "input")
			put(t, read, "evidence")
			if err := lay(read, dir); err != nil {
				t.Fatal(err)
			}
			if name == "the file" {
				read = filepath.Join(dir, ".", "labels.csv")
			}
			opt := Options{Force: true, Files: Evidence, Reads: []string{"-", "", filepath.Join(dir, "missing"), read}}
			if err := Check(dir, opt); err == nil || !strings.Contains(err.Error(), "which is read") {
				t.Errorf("checked: %v", err)
			}
			if _, err := Write(context.Background(), dir, s, text, opt, nil); err == nil || !strings.Contains(err.Error(), "which is read") {
				t.Errorf("written: %v", err)
			}
			if got := content(t, dir); len(got) != 1 {
				t.Errorf("the folder holds %q", got)
			}
		})
	}
	dir := t.TempDir()
	if err := Check(dir, Options{Reads: []string{dir}}); err == nil {
		t.Error("the folder of the case files is taken")
	}
}

// What a killed export has left goes with the next one; what only looks like it
// stays, and so does what another export is writing.
func TestWhatWasLeftBehind(t *testing.T) {
	s, text := load(t, reading.Correct, synthetic+"general.log.gz", "")
	dir := t.TempDir()
	for _, name := range []string{".sqleuth-4711", ".sqleuth-notes", ".sqleuth-"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		put(t, filepath.Join(dir, name, "structured.csv"), "half")
	}
	put(t, filepath.Join(dir, lockName), "")

	release, claimed, err := filelock.Claim(filepath.Join(dir, lockName))
	if err != nil || !claimed {
		t.Fatal(claimed, err)
	}
	if _, err := Write(context.Background(), dir, s, text, Options{}, nil); err == nil || !strings.Contains(err.Error(), "another export is writing there") {
		t.Errorf("written beside another export: %v", err)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	write(t, dir, s, text, Options{})
	got := content(t, dir)
	for name, want := range map[string]bool{".sqleuth-4711": false, lockName: false, ".sqleuth-notes": true, ".sqleuth-": true} {
		if _, there := got[name]; there != want {
			t.Errorf("%s is there: %v, want %v", name, there, want)
		}
	}
}

// An export that fails while files are moved leaves what was there.
func TestReplaceIsUndone(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "labels.csv"), "old")
	put(t, filepath.Join(dir, "split.json"), "old")
	f, err := openFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	put(t, f.staged("labels.csv"), "new")
	if err := f.replace([]string{"labels.csv", "connections.csv"}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is missing: %v", err)
	}
	if err := f.close(false); err != nil {
		t.Fatal(err)
	}
	if got := content(t, dir); len(got) != 2 || got["labels.csv"] != "old" || got["split.json"] != "old" {
		t.Errorf("the folder holds %q", got)
	}
}

// Only names of an export are replaced, and never a folder.
func TestAFolderOfTheName(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "preproc.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := Check(dir, Options{Force: true}); err == nil || !strings.Contains(err.Error(), "preproc.log is a folder") {
		t.Errorf("got %v", err)
	}
}
