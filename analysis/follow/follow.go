// Package follow watches a log that is being written: it reports when there is more
// of it, and makes a set of files of what there is.
//
//	paths --Open--> Log --Look, now and then--> News
//	                 |
//	                 '--Set--> logfile.Set of what the last Look has seen
//
// A Log is an ordered list of files of which the last is being written. That one counts
// up to its last whole line: the rest waits for the next Look. All are kept open, so
// that one which was rotated away is read whether it is renamed, compressed or removed
// afterwards. The text of a later set begins with that of an earlier one, byte for
// byte, unless News.Lost reports otherwise.
package follow

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"sqleuth/analysis/logfile"
)

// Log is a log that is being written. Its methods may be called from any goroutine.
type Log struct {
	path string // of the file that is written, which may not exist
	opts logfile.Options

	mu    sync.Mutex
	files []*file // in the order of the timeline; the last is being written
	taken int64   // bytes of the last Set
}

// News is what a Look has found.
type News struct {
	// Waiting is that there is no whole line to read yet.
	Waiting bool
	// More is how many bytes there are that the last Set had not.
	More int64
	// Rotated are the names that files have got which are not written any more.
	Rotated []string
	// Removed is that one of them is nowhere beside the log any more. It is read all
	// the same, as long as it is open.
	Removed bool
	// Lost is how many bytes that were read are gone: the file was emptied, and
	// there is no copy of it beside it. The next set begins without them.
	Lost int64
}

// Open opens the files of a log. Of several paths the newest by the names of rotated
// files, as logfile.Open orders them, is the one that is written; it may not exist yet.
// The error names the path that cannot be used.
func Open(paths []string, opts logfile.Options) (*Log, error) {
	var there, missing []string
	for _, path := range paths {
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			missing = append(missing, path)
			continue
		}
		there = append(there, path)
	}
	l := &Log{opts: opts}
	if len(there) > 0 {
		set, err := logfile.Open(there, opts)
		if err != nil {
			return nil, err
		}
		ordered := set.Files()
		if err := set.Close(); err != nil {
			return nil, err
		}
		for k, f := range ordered {
			there[k] = f.Name
		}
		if last := ordered[len(ordered)-1]; len(missing) == 0 {
			if last.Container != logfile.Plain {
				return nil, fmt.Errorf("follow %q: it is compressed (%v), and nothing writes to it any more", last.Name, last.Container)
			}
			l.path, there = last.Name, there[:len(there)-1]
		}
	}
	switch {
	case len(missing) > 1:
		return nil, fmt.Errorf("follow %q: there is neither it nor %q", missing[0], missing[1])
	case len(missing) == 1:
		l.path = missing[0]
	}
	for _, name := range there {
		f, err := openFile(name)
		if err != nil {
			l.Close()
			return nil, err
		}
		f.size = f.stat.Size()
		l.files = append(l.files, f)
	}
	return l, nil
}

// Path returns the path of the file that is written.
func (l *Log) Path() string { return l.path }

// Look looks what has come to the log.
func (l *Log) Look() (News, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var news News
	err := l.look(&news)
	total := l.size()
	news.Waiting, news.More = total == 0, max(0, total-l.taken)
	if err != nil {
		err = fmt.Errorf("follow %q: %w", l.path, err)
	}
	return news, err
}

// Set returns a set of what the last Look has seen, which may be read as long as the
// log is not closed.
func (l *Log) Set() (*logfile.Set, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	var files []logfile.Opened
	for _, f := range l.files {
		if f.size > 0 {
			files = append(files, logfile.Opened{Name: f.name, File: f.f, Size: f.size})
		}
	}
	l.taken = l.size()
	return logfile.OpenFiles(files, l.opts)
}

// Close closes the files.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	err := closeAll(l.files)
	l.files = nil
	return err
}

// closeAll closes files.
func closeAll(files []*file) error {
	var errs []error
	for _, f := range files {
		errs = append(errs, f.f.Close())
	}
	return errors.Join(errs...)
}

func (l *Log) size() (n int64) {
	for _, f := range l.files {
		n += f.size
	}
	return n
}

func (l *Log) look(news *News) error {
	stat, err := os.Stat(l.path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	missing := err != nil
	now := l.written()
	switch {
	case now == nil && missing:
		return nil
	case now == nil:
		return l.add()
	case missing: // between two files: the server may still write to this one
		return now.grow()
	case !os.SameFile(stat, now.stat):
		return l.rotate(news)
	}
	same, err := now.same()
	if err != nil {
		return err
	}
	if !same {
		return l.emptied(news)
	}
	return now.grow()
}

// written is the file that is being written, nil before there is one.
func (l *Log) written() *file {
	if n := len(l.files); n > 0 && l.files[n-1].grows {
		return l.files[n-1]
	}
	return nil
}

// add opens what is at the path, the next file of the log.
func (l *Log) add() error {
	next, err := l.next()
	if next != nil {
		l.files = append(l.files, next)
	}
	return err
}

// next opens what is at the path; nil for nothing.
func (l *Log) next() (*file, error) {
	f, err := openFile(l.path)
	if errors.Is(err, fs.ErrNotExist) { // since the look
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	f.grows = true
	if err := f.grow(); err != nil {
		f.f.Close()
		return nil, err
	}
	return f, nil
}

// rotate goes on with another file that is at the path now. As long as that has no whole
// line the server may not have opened it yet, and writes to the one before. On an error
// the log is what it was, and the next look tries again.
func (l *Log) rotate(news *News) error {
	now := l.written()
	next, err := l.next()
	if err != nil {
		return err
	}
	if next == nil {
		return now.grow()
	}
	if next.size == 0 {
		return errors.Join(next.f.Close(), now.grow())
	}
	between, err := l.between(now, next)
	if err == nil {
		err = now.end()
	}
	if err != nil {
		closeAll(append(between, next))
		return err
	}
	known := len(l.files) - 1
	l.files = append(append(l.files, between...), next)
	beside := l.beside()
	for _, f := range l.files[known : len(l.files)-1] {
		if !f.rename(beside) {
			f.name, news.Removed = l.path+" (removed)", true
		}
		news.Rotated = append(news.Rotated, f.name)
	}
	return nil
}

// between opens the files that were written between one that is known and the one at
// the path, next: there are some where nobody has looked for long.
func (l *Log) between(known, next *file) (files []*file, err error) {
	paths := l.beside()
	from := -1
	for k, path := range paths {
		if is, err := known.is(path); err == nil && is {
			from = k
		}
	}
	last, err := known.f.Stat()
	if from < 0 || err != nil {
		return nil, err
	}
	for _, path := range paths[from+1:] {
		f, err := openFile(path)
		if err != nil {
			return files, err
		}
		if l.has(f) || os.SameFile(f.stat, next.stat) || f.stat.ModTime().Before(last.ModTime()) { // names of two kinds have no order
			f.f.Close()
			continue
		}
		f.size = f.stat.Size()
		files = append(files, f)
	}
	return files, nil
}

// emptied goes on where the file has been emptied in place. What was in it is in a copy,
// or lost. On an error the log is what it was, as in rotate.
func (l *Log) emptied(news *News) error {
	now := l.written()
	copied, err := l.copyOf(now)
	if err != nil {
		return err
	}
	next, err := l.next()
	if err != nil {
		if copied != nil {
			copied.f.Close()
		}
		return err
	}
	l.files = l.files[:len(l.files)-1]
	if copied != nil {
		if copied.size < now.size { // compressed: the sizes of before are those of another form
			l.taken = min(l.taken, l.size())
		}
		l.files = append(l.files, copied)
		news.Rotated = append(news.Rotated, copied.name)
	} else if now.size > 0 {
		news.Lost = now.size
		l.taken = 0
	}
	if next != nil {
		l.files = append(l.files, next)
	}
	now.f.Close() // it was only read
	return nil
}

// copyOf opens the copy of a file beside it, the newest of several, nil for none.
func (l *Log) copyOf(now *file) (*file, error) {
	if now.size == 0 {
		return nil, nil
	}
	for _, path := range slices.Backward(l.beside()) {
		if is, err := now.is(path); err != nil || !is {
			continue // it may be gone by now
		}
		f, err := openFile(path)
		if err != nil {
			return nil, err
		}
		f.size = f.stat.Size()
		if !l.has(f) {
			return f, nil
		}
		f.f.Close()
	}
	return nil, nil
}

// has reports whether a file is one of the log.
func (l *Log) has(f *file) bool {
	for _, have := range l.files {
		if os.SameFile(have.stat, f.stat) {
			return true
		}
	}
	return false
}

// beside returns the paths of older files of the log, the oldest first. Of one that is
// just being compressed there are two, of which one is not whole yet.
func (l *Log) beside() (paths []string) {
	var all []string
	list, err := os.ReadDir(filepath.Dir(l.path))
	if err != nil {
		return nil // a folder that cannot be listed has none to show
	}
	for _, e := range list {
		if path := filepath.Join(filepath.Dir(l.path), e.Name()); e.Type().IsRegular() && e.Name() != filepath.Base(l.path) {
			all = append(all, path)
		}
	}
	for _, path := range logfile.Rotated(filepath.Clean(l.path), all) {
		if stem := strings.TrimSuffix(path, filepath.Ext(path)); !slices.Contains(all, stem) {
			paths = append(paths, path)
		}
	}
	return paths
}

// markLen is how many bytes at both ends of what was read a file is known by.
const markLen = 16 << 10

// file is a file of a log.
type file struct {
	name  string
	f     *os.File
	stat  fs.FileInfo // at opening
	size  int64       // that counts
	grows bool
	// head and tail are both ends of what counts, of a file that grows.
	head, tail []byte
}

func openFile(path string) (*file, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	stat, err := f.Stat()
	if err == nil && !stat.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &file{name: path, f: f, stat: stat}, nil
}

// grow takes in what was written since, up to the last whole line.
func (f *file) grow() error {
	stat, err := f.f.Stat()
	if err != nil {
		return err
	}
	for end := stat.Size(); end > f.size; {
		buf := make([]byte, min(markLen, end-f.size))
		n, err := f.f.ReadAt(buf, end-int64(len(buf)))
		if err != nil && err != io.EOF {
			return err
		}
		if n < len(buf) { // emptied since; the next look sees it
			return nil
		}
		if at := bytes.LastIndexByte(buf, '\n'); at >= 0 {
			return f.reach(end - int64(len(buf)) + int64(at) + 1)
		}
		end -= int64(len(buf))
	}
	return nil
}

// end takes in all that was written: nothing follows.
func (f *file) end() error {
	stat, err := f.f.Stat()
	if err != nil {
		return err
	}
	if stat.Size() > f.size {
		err = f.reach(stat.Size())
	}
	f.grows = err != nil
	return err
}

// reach makes the first bytes of the file count.
func (f *file) reach(size int64) error {
	head := f.head
	var err error
	if len(head) < markLen {
		if head, err = f.read(0, min(markLen, size)); err != nil {
			return err
		}
	}
	tail, err := f.read(size-min(markLen, size), min(markLen, size))
	if err == nil {
		f.size, f.head, f.tail = size, head, tail
	}
	return err
}

func (f *file) read(from, n int64) ([]byte, error) {
	buf := make([]byte, n)
	n2, err := f.f.ReadAt(buf, from)
	if err == io.EOF {
		err = nil // it is another file by now, as same will see
	}
	return buf[:n2], err
}

// same reports whether the file still holds what was read of it.
func (f *file) same() (bool, error) {
	tail, err := f.read(f.size-int64(len(f.tail)), int64(len(f.tail)))
	return bytes.Equal(tail, f.tail), err
}

// is reports whether what is at a path is this file, or a copy of it, compressed or not.
func (f *file) is(path string) (bool, error) {
	stat, err := os.Stat(path)
	if err != nil {
		return false, err
	}
	if os.SameFile(stat, f.stat) {
		return true, nil
	}
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		return false, err
	}
	defer set.Close()
	head, err := set.Head(0, len(f.head))
	if err != nil || len(f.head) == 0 || !bytes.Equal(head, f.head) {
		return false, err
	}
	raw, _ := set.Raw(0)
	if !raw.Plain {
		return true, nil
	}
	tail := make([]byte, len(f.tail))
	n, err := raw.ReadAt(tail, f.size-int64(len(tail)))
	if err == io.EOF {
		err = nil
	}
	return bytes.Equal(tail[:n], f.tail), err
}

// rename gives a file the name that it has by now; false where it is not found.
func (f *file) rename(beside []string) bool {
	for _, path := range beside {
		if is, err := f.is(path); err == nil && is {
			f.name = path
			return true
		}
	}
	return false
}
