package export

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"sqleuth/analysis/filelock"
	"sqleuth/analysis/wholefile"
	"sqleuth/analysis/wording"
)

// folder is a folder that an export is written to. Files are made in a folder in
// it (the stage) and moved when all of them are complete:
//
//	DIR/.sqleuth.lock     there while an export writes to DIR
//	DIR/.sqleuth-123      the stage
//	DIR/.sqleuth-123/old  what an earlier export left, until the new files are in place
type folder struct {
	dir, stage string
	made       bool         // by this export
	unlock     func() error // nil on a file system without locks
}

const (
	lockName    = ".sqleuth.lock"
	stagePrefix = ".sqleuth-" // digits follow
	oldName     = "old"
)

// openFolder makes the folder if it is missing, and takes it for one export.
func openFolder(dir string) (*folder, error) {
	made, err := makeDir(dir)
	if err != nil {
		return nil, err
	}
	f := &folder{dir: dir, made: made}
	unlock, claimed, err := filelock.Claim(filepath.Join(dir, lockName))
	switch {
	case errors.Is(err, errors.ErrUnsupported):
	case err != nil:
		return nil, errors.Join(wording.Pathless(err), f.close(false))
	case !claimed:
		return nil, fmt.Errorf("another export is writing there (%s); wait for it, or name another folder", lockName)
	default:
		f.unlock = unlock
		f.clear()
	}
	if f.stage, err = os.MkdirTemp(dir, stagePrefix); err != nil {
		return nil, errors.Join(wording.Pathless(err), f.close(false))
	}
	return f, nil
}

// clear removes the stages of exports that were killed. The folder is locked, so
// nobody is writing to them. One that cannot be removed, such as another user's,
// is no reason not to export.
func (f *folder) clear() {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), stagePrefix)
		if ok && e.IsDir() && digits != "" && strings.Trim(digits, "0123456789") == "" {
			_ = os.RemoveAll(filepath.Join(f.dir, e.Name()))
		}
	}
}

// close removes the stage, and the folder if this export made it in vain.
func (f *folder) close(done bool) error {
	var errs []error
	if f.stage != "" {
		errs = append(errs, os.RemoveAll(f.stage))
	}
	if f.unlock != nil {
		errs = append(errs, f.unlock())
	}
	if f.made && !done {
		errs = append(errs, os.Remove(f.dir))
	}
	return errors.Join(errs...)
}

func (f *folder) staged(name string) string { return filepath.Join(f.stage, filepath.FromSlash(name)) }

// tops returns the names at the top of a folder that files with slashes in their names
// make, each once.
func tops(names []string) (out []string) {
	for _, name := range names {
		top, _, _ := strings.Cut(name, "/")
		if !slices.Contains(out, top) {
			out = append(out, top)
		}
	}
	return out
}

// write makes a file of the stage.
func (f *folder) write(name string, write func(io.Writer) error) error {
	path := f.staged(name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return wording.Pathless(err)
	}
	return wholefile.Target{Path: path}.Write(write)
}

// admits returns why an export may not be written here, or nil.
func (f *folder) admits(opt Options) error { return admits(f.dir, opt) }

// replace moves what an earlier export left out of the folder and the complete
// files into it. The manifest comes last: where it is, the others are. What was
// moved is moved back after an error.
func (f *folder) replace(names []string) (err error) {
	type move struct {
		from, to string
		maybe    bool // there may be no such file
	}
	var moves []move
	for _, name := range slices.Backward(everyName()) {
		moves = append(moves, move{filepath.Join(f.dir, name), filepath.Join(f.stage, oldName, name), true})
	}
	for _, name := range tops(names) {
		moves = append(moves, move{f.staged(name), filepath.Join(f.dir, name), false})
	}
	if err := os.Mkdir(filepath.Join(f.stage, oldName), 0o700); err != nil {
		return wording.Pathless(err)
	}
	var done []move
	for _, m := range moves {
		if err = os.Rename(m.from, m.to); err == nil {
			done = append(done, m)
		} else if !m.maybe || !errors.Is(err, fs.ErrNotExist) {
			err = fmt.Errorf("%s: %w", filepath.Base(m.to), wording.Pathless(err))
			for _, m := range slices.Backward(done) {
				err = errors.Join(err, os.Rename(m.to, m.from))
			}
			return err
		}
	}
	return nil
}

// everyName lists the names that any export writes at the top of its folder, the
// manifest last.
func everyName() []string {
	var names []string
	for _, f := range Schema() {
		names = append(names, f.Name)
	}
	return tops(names)
}

// admits returns why an export may not be written into a folder, or nil: a file of
// an earlier one is there and Force was not given, or what would be replaced is
// something else.
func admits(dir string, opt Options) error {
	if err := spares(dir, opt.Reads); err != nil {
		return err
	}
	for _, name := range everyName() {
		info, err := os.Lstat(filepath.Join(dir, name))
		switch {
		case err != nil:
		case name == inputsName && info.IsDir():
			if err := admitsInputs(filepath.Join(dir, name), opt); err != nil {
				return err
			}
		case info.IsDir():
			return fmt.Errorf("%s is a folder; name another folder to export to", name)
		case !opt.Force:
			return fmt.Errorf("%s %w; give --force to replace what an earlier export left, or another folder", name, ErrExists)
		}
	}
	return nil
}

// admitsInputs is admits of the folder of inputs.
func admitsInputs(dir string, opt Options) error {
	if !opt.Force {
		return fmt.Errorf("the folder %s %w; give --force to replace what an earlier export left, or another folder", inputsName, ErrExists)
	}
	inside, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range inside {
		if !carriedName.MatchString(e.Name()) || !e.Type().IsRegular() {
			return fmt.Errorf("%s/%s is no file of an export; name another folder to export to", inputsName, e.Name())
		}
	}
	return nil
}

// spares returns an error that names a file which is read and which an export would
// replace, or nil.
func spares(dir string, reads []string) error {
	here, err := os.Stat(dir)
	if err != nil {
		return nil // nothing is there
	}
	type file struct {
		name string
		info fs.FileInfo
	}
	var there []file
	names := everyName()
	if inside, err := os.ReadDir(filepath.Join(dir, inputsName)); err == nil {
		for _, e := range inside {
			names = append(names, inputsName+"/"+e.Name())
		}
	}
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(name))); err == nil {
			there = append(there, file{name, info})
		}
	}
	for _, path := range reads {
		read, err := os.Stat(path)
		if err != nil {
			continue
		}
		if os.SameFile(read, here) {
			return errors.New("case files are kept there; name another folder")
		}
		for _, f := range there {
			if os.SameFile(read, f.info) {
				return fmt.Errorf("%s is %q, which is read; name another folder", f.name, path)
			}
		}
	}
	return nil
}

func makeDir(dir string) (made bool, err error) {
	info, err := os.Stat(dir)
	switch {
	case err == nil && !info.IsDir():
		return false, errors.New("there is a file of that name; name a folder")
	case err == nil:
		return false, nil
	case !errors.Is(err, fs.ErrNotExist):
		return false, wording.Pathless(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return false, fmt.Errorf("the folder cannot be made: %w; name another one", wording.Pathless(err))
	}
	return true, nil
}

// Check fails where Write would fail for a reason that is known before a log is
// read: the folder cannot be made or written to, or an earlier export or a file
// that is read is in it.
func Check(dir string, opt Options) error {
	there, err := nearest(dir)
	if err != nil {
		return fmt.Errorf("export to %q: %w", dir, wording.Pathless(err))
	}
	probe, err := os.MkdirTemp(there, stagePrefix)
	if err != nil {
		return fmt.Errorf("export to %q: nothing can be written into %q: %w; name another folder", dir, there, wording.Pathless(err))
	}
	// Another export may take it for one that was left behind.
	if err := os.Remove(probe); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("export to %q: %w", dir, wording.Pathless(err))
	}
	if err := admits(dir, opt); err != nil {
		return fmt.Errorf("export to %q: %w", dir, err)
	}
	return nil
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
