package wholefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// text writes a text, and returns an error behind it.
func text(s string, err error) func(io.Writer) error {
	return func(w io.Writer) error {
		_, failed := io.WriteString(w, s)
		return errors.Join(failed, err)
	}
}

// folder returns a folder with a file that is there and a log, which is read under
// another name too.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"there", "log"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Mkdir(filepath.Join(dir, "sub"), 0o700), os.Link(filepath.Join(dir, "log"), filepath.Join(dir, "alias"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// holds compares a folder with what its files are to hold.
func holds(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || string(got) != text {
			t.Errorf("%s holds %q, %v; want %q", name, got, err, text)
		}
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != len(want)+1 { // and sub
		t.Errorf("there are %v, %v", list, err)
	}
}

func TestWrite(t *testing.T) {
	dir := folder(t)
	for name, force := range map[string]bool{"new": false, "there": true} {
		if err := (Target{filepath.Join(dir, name), force, []string{filepath.Join(dir, "log")}}).Write(text("text", nil)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	holds(t, dir, map[string]string{"new": "text", "there": "text", "log": "log", "alias": "log"})
}

// TestWriteRefuses: what was there stays, and nothing is left beside it. An error names
// what it is about, and not the temporary file.
func TestWriteRefuses(t *testing.T) {
	full := errors.New("no space left on device")
	log := &fs.PathError{Op: "read", Path: "app.log", Err: full}
	for name, c := range map[string]struct {
		name  string
		force bool
		write error
		want  string
	}{
		"there":        {"there", false, nil, fs.ErrExist.Error()},
		"read":         {"log", true, nil, `it is "DIR/log", which is read; name another file`},
		"read, linked": {"alias", true, nil, `it is "DIR/log", which is read; name another file`},
		"a folder":     {"sub", true, nil, "there is a folder of that name; name a file"},
		"full":         {"new", false, full, full.Error()},
		"full, there":  {"there", true, full, full.Error()},
		"of the log":   {"there", true, log, log.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t)
			log := filepath.Join(dir, "log")
			err := Target{filepath.Join(dir, c.name), c.force, []string{log}}.Write(text("half", c.write))
			if want := strings.ReplaceAll(c.want, `"DIR/log"`, strconv.Quote(log)); err == nil || err.Error() != want {
				t.Errorf("%v, want %s", err, want)
			}
			holds(t, dir, map[string]string{"there": "there", "log": "log", "alias": "log"})
		})
	}
}

// TestWritePathless: an error of the temporary file has no path, nor one of a folder that
// is not there.
func TestWritePathless(t *testing.T) {
	dir := folder(t)
	full := errors.New("no space left on device")
	err := Target{Path: filepath.Join(dir, "new")}.Write(func(io.Writer) error {
		names, err := filepath.Glob(filepath.Join(dir, ".new-*"))
		if err != nil || len(names) != 1 {
			t.Fatal(names, err)
		}
		return fmt.Errorf("write: %w", &fs.PathError{Op: "write", Path: names[0], Err: full})
	})
	if err != full {
		t.Error(err)
	}
	err = Target{Path: filepath.Join(dir, "gone", "new")}.Write(text("", nil))
	if !errors.Is(err, fs.ErrNotExist) || strings.Contains(err.Error(), "gone") {
		t.Error(err)
	}
}

// TestWriteLooksAgain: a file that came to be while it was written is not replaced.
func TestWriteLooksAgain(t *testing.T) {
	dir := folder(t)
	path := filepath.Join(dir, "new")
	err := Target{Path: path}.Write(func(io.Writer) error { return os.WriteFile(path, []byte("another's"), 0o600) })
	if !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	holds(t, dir, map[string]string{"new": "another's", "there": "there", "log": "log", "alias": "log"})
}
