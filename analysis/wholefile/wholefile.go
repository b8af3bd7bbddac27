// Package wholefile writes files that are there when they are whole: what was under the
// name before stays until then, whatever goes wrong, and no reader meets half of one.
package wholefile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"sqleuth/analysis/wording"
)

// Target is a file to be written.
type Target struct {
	Path  string
	Force bool     // what is there is replaced
	Reads []string // paths of what is read, none of which is replaced
}

// Check returns why the file must not be written, if that is known before: fs.ErrExist for
// one that is there. Errors name no path, as those of Write.
func (t Target) Check() error {
	there, err := os.Lstat(t.Path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return wording.Pathless(err)
	}
	if followed, err := os.Stat(t.Path); err == nil {
		there = followed
	}
	for _, name := range t.Reads {
		if read, err := os.Stat(name); err == nil && os.SameFile(read, there) {
			return fmt.Errorf("it is %q, which is read; name another file", name)
		}
	}
	switch {
	case there.IsDir():
		return errors.New("there is a folder of that name; name a file")
	case there.Mode()&(fs.ModeDevice|fs.ModeNamedPipe|fs.ModeSocket) != 0:
		return errors.New("it is a device or a pipe; name a file")
	case !t.Force:
		return fs.ErrExist
	}
	return nil
}

// Write makes the file of what a function writes, for its owner alone. It is written
// beside its name under another, and gets its own when it is on disk. The function's own
// errors are returned as they are.
func (t Target) Write(write func(io.Writer) error) error {
	if err := t.Check(); err != nil {
		return err
	}
	out, err := os.CreateTemp(filepath.Dir(t.Path), "."+filepath.Base(t.Path)+"-")
	if err != nil {
		return wording.Pathless(err)
	}
	defer os.Remove(out.Name())
	defer out.Close()
	w := bufio.NewWriterSize(out, 1<<18)
	if err := write(w); err != nil {
		if p, ok := errors.AsType[*fs.PathError](err); ok && p.Path == out.Name() {
			return p.Err
		}
		return err
	}
	for _, step := range []func() error{w.Flush, out.Sync, out.Close, t.Check} {
		if err := step(); err != nil {
			return wording.Pathless(err)
		}
	}
	return wording.Pathless(os.Rename(out.Name(), t.Path))
}
