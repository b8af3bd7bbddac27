package casefile

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"sqleuth/analysis/filelock"
	"sqleuth/analysis/label"
)

// File is a case file on disk. Its methods may be called from any goroutine.
type File struct {
	path string
	key  Key

	mu sync.Mutex // one save at a time, and guards what follows
	// What is on disk is mostly what was there the last time; it is recognised by
	// its digest, and then need not be parsed again.
	digest  [sha256.Size]byte
	parsed  Case
	version int // of the format of what was read
}

// CorruptError reports that a case file cannot be read. Nothing was done to it
// yet: the next Save moves it aside.
type CorruptError struct {
	Path string
	Err  error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("case file %s is damaged: %v; it will be kept as %s.corrupt-N when labels are next saved", e.Path, e.Err, filepath.Base(e.Path))
}

func (e *CorruptError) Unwrap() error { return e.Err }

// Open reads the case of a log in the folder dir (see DefaultDir). It writes
// nothing, not even the folder: a case that does not exist yet is empty.
//
// A program that already holds labels when the log's digest becomes known joins
// them with book.Absorb(label.Set{}, opened.Labels).
//
// With a *CorruptError the File can be used nevertheless, and begins empty. On
// any other error (no permission, a file of a newer sqleuth) it is nil.
func Open(dir string, key Key) (*File, Case, error) {
	f := &File{path: filepath.Join(dir, key.String()+".json"), key: key}
	c, err := f.read()
	switch _, corrupt := errors.AsType[*CorruptError](err); {
	case err == nil, corrupt:
		return f, c, err
	case errors.Is(err, fs.ErrNotExist):
		return f, Case{}, nil
	}
	return nil, Case{}, fmt.Errorf("open case file: %w", err)
}

// Path returns where the case file is or will be.
func (f *File) Path() string { return f.path }

// Saved is what a Save wrote.
type Saved struct {
	// Case is what the file now holds: ours, and what other programs wrote since
	// seen. Its Labels are == to those of ours where that was nothing.
	Case Case
	// Conflicts are the connections about which ours and another program's
	// changes disagreed (see label.Merge).
	Conflicts []label.Ref
	// SetAside is the new path of a damaged case file that was in the way.
	SetAside string
}

// Save writes ours, joined with what other programs wrote to the same case.
//
// Seen is the last Case that Open or Save returned and that ours contains: what
// differs between seen and ours is what the analyst did here, and what differs
// between seen and the file is what was done elsewhere. So a program saves one
// Case at a time, and lets its Book Absorb the result before the next:
//
//	sent := Case{Labels: book.Set(), Filters: filters}
//	saved, err := file.Save(ctx, seen, sent) // in the background
//	book.Absorb(sent.Labels, saved.Case.Labels)
//	seen = saved.Case
//
// The file is replaced at once and as a whole. On an error it is as it was,
// unless the error is about syncing the folder; ours is then as unsaved as
// before, and seen stays what it was. A lock that another process holds is
// waited for until ctx ends, ten seconds at most. A damaged file is kept under
// another name, and one of an earlier format; a file that someone removed is written again.
func (f *File) Save(ctx context.Context, seen, ours Case) (Saved, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	saved, err := f.save(ctx, seen, ours)
	if err != nil {
		return Saved{}, fmt.Errorf("save case file %s: %w", f.path, err)
	}
	return saved, nil
}

// lockWait is far longer than any save takes, and short enough for an analyst
// to learn that a stopped process holds the lock.
const lockWait = 10 * time.Second

func (f *File) save(ctx context.Context, seen, ours Case) (saved Saved, err error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return Saved{}, err
	}
	waiting, cancel := context.WithTimeout(ctx, lockWait)
	defer cancel()
	unlock, err := filelock.Lock(waiting, f.path+".lock")
	if errors.Is(err, context.DeadlineExceeded) {
		return Saved{}, fmt.Errorf("another sqleuth is saving it and does not finish: %w", err)
	}
	if err != nil {
		return Saved{}, err
	}
	defer func() { err = errors.Join(err, unlock()) }()

	theirs, err := f.read()
	onDisk := err == nil
	switch _, corrupt := errors.AsType[*CorruptError](err); {
	case err == nil:
	case corrupt:
		if saved.SetAside, err = setAside(f.path); err != nil {
			return Saved{}, err
		}
		theirs = seen
	case errors.Is(err, fs.ErrNotExist):
		// A file that is gone is no sign that its labels were meant to go.
		theirs = seen
	default:
		return Saved{}, err
	}

	saved.Case, saved.Conflicts = merge(seen, ours, theirs)
	data, err := Encode(f.key, saved.Case)
	if err != nil {
		return Saved{}, err
	}
	digest := sha256.Sum256(data)
	if !onDisk || digest != f.digest {
		if err = ctx.Err(); err == nil && onDisk {
			err = f.keepOlder()
		}
		if err == nil {
			err = replace(f.path, data)
		}
		if err != nil && saved.SetAside != "" {
			err = fmt.Errorf("%w (the damaged file was moved to %s)", err, saved.SetAside)
		}
		if err != nil {
			return Saved{}, err
		}
	}
	f.digest, f.parsed, f.version = digest, saved.Case, formatVersion
	return saved, nil
}

// keepOlder keeps a file of an earlier format beside what replaces it, as
// PATH.version-N. One that is kept already stays: it is the first that was found.
func (f *File) keepOlder() error {
	if f.version == 0 || f.version >= formatVersion {
		return nil
	}
	err := os.Link(f.path, f.path+".version-"+strconv.Itoa(f.version))
	if err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	data, err := os.ReadFile(f.path) // a file system without links
	if err != nil {
		return err
	}
	return replace(f.path+".version-"+strconv.Itoa(f.version), data)
}

// read returns what the file holds.
func (f *File) read() (Case, error) {
	data, err := os.ReadFile(f.path)
	if err != nil {
		return Case{}, err
	}
	digest := sha256.Sum256(data)
	if digest == f.digest {
		return f.parsed, nil
	}
	c, err := Decode(f.key, data)
	switch {
	case errors.Is(err, errNewer):
		return Case{}, fmt.Errorf("%s: %w", f.path, err)
	case err != nil:
		return Case{}, &CorruptError{Path: f.path, Err: err}
	}
	f.digest, f.parsed, f.version = digest, c, versionOf(data)
	return c, nil
}

// setAside gives a damaged file the first free name of PATH.corrupt-1, -2, ...
// The caller holds the lock, so no other sqleuth takes the same name.
func setAside(path string) (string, error) {
	for n := 1; ; n++ {
		aside := path + ".corrupt-" + strconv.Itoa(n)
		_, err := os.Lstat(aside)
		if errors.Is(err, fs.ErrNotExist) {
			return aside, os.Rename(path, aside)
		}
		if err != nil {
			return "", err
		}
	}
}

// replace makes data the content of path, wholly or not at all. The new content
// is on disk before it gets the name, and the name is on disk before replace
// returns. The caller holds the lock, so the one temporary name is enough, and
// what is under it was left behind by a process that was killed.
func replace(path string, data []byte) (err error) {
	temp := path + ".tmp"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	out, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(temp) // the error at hand is more useful than one from here
		}
	}()
	_, err = out.Write(data)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	if err = os.Rename(temp, path); err != nil {
		return err
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		return fmt.Errorf("written, but perhaps not yet on disk: %w", err)
	}
	return nil
}
