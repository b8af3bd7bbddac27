// Package logfile turns paths (or standard input) into one stream of
// decompressed bytes, and gives the same bytes back at any offset afterwards.
//
//	paths -> order -> raw bytes -> container -> Blocks -> the consumer of Read
//	                     |             |
//	                  SHA-256    resume points, or pieces in a temporary file -> ReadAt
//
// An archive (tar, zip, compressed or not) is unpacked first: each member becomes a
// file of the set, whose raw bytes are a stretch of the archive, or of the temporary
// file where the archive is compressed or comes through standard input. Members'
// names are names and nothing else; nothing is ever written under them.
//
// The files of a server are one timeline. They follow each other, as do the servers of
// a set, in one space of decompressed offsets, and every offset in this package is of
// that space unless its doc names another.
//
// Input is evidence. It is opened read-only, nothing is written beside it, and
// it is never mapped into memory, so that a file which shrinks while it is open
// gives an error and not a signal. Whatever is wrong with it (cut, corrupt, a
// bomb) becomes a Damage of its File; all bytes before that are delivered.
package logfile

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"

	"sqleuth/analysis/wording"
)

// ErrEmpty is wrapped by the error of Read for a set without a single byte of text.
var ErrEmpty = errors.New("nothing to read")

// ErrNotRead is wrapped by the error of ReadAt for offsets that Read has not
// delivered yet.
var ErrNotRead = errors.New("not read yet")

// MaxFiles is how many files a set may have: each is kept open.
const MaxFiles = 10_000

// Options are the limits under which a set is read. The zero value is usable.
type Options struct {
	// MaxExpanded ends the reading after that many decompressed bytes of the
	// whole set; 0 means no limit. What was read is kept, and the file (and each
	// one behind it) gets a Damage of kind Limit.
	MaxExpanded int64

	// MaxTemp bounds the temporary file in bytes; 0 means no limit but the
	// disk's. Beyond it the stream goes on and ReadAt fails for what was not kept.
	MaxTemp int64

	// TempDir is where the temporary file goes; empty means os.TempDir.
	TempDir string

	// Workers is the number of goroutines among which the consumer shares out
	// blocks. Each may hold two at a time (the one it works on and the one
	// whose tail it carries over); Read stalls while all of them are held. 0
	// means 1.
	Workers int

	// Stdin is what the path "-" means; nil is os.Stdin.
	Stdin io.Reader

	// Names are the names of files by their paths, where they are to be called
	// otherwise: a log that is somewhere else now.
	Names map[string]string

	// Sizes are how much of files is read, in raw bytes, by their paths: what is behind
	// does not exist. A file that is shorter is read whole.
	Sizes map[string]int64

	// Servers are the servers that wrote the files, by their paths. Files of one
	// server follow each other; those of none are of one that has no name.
	Servers map[string]string
}

// name is what the file of a path is called.
func (o *Options) name(path string) string {
	if name, ok := o.Names[path]; ok {
		return name
	}
	return path
}

// sizes are the lengths in bytes that shape memory and speed. They are not
// options: the figures below were measured, and only tests need others.
type sizes struct {
	block int // of a Block
	chunk int // of one read of raw bytes
	piece int // of the text that the temporary file keeps as a unit, and of a cache entry

	// point is the distance between resume points in a gzip file. Half of it is
	// inflated in vain for a random ReadAt (about 1 ms), and each costs about
	// 6 KiB of memory, for its window: 16 MB at 2.7 GB of text.
	point int64

	// gap is the distance from the last resume point at which a gzip file counts
	// as one without block ends (some hardware compressors, and bombs, write a
	// single deflate block), and its text goes to the temporary file instead.
	gap int64
}

var defaultSizes = sizes{
	block: 1 << 19,
	chunk: 256 << 10,
	piece: 64 << 10,
	point: 1 << 20,
	gap:   32 << 20,
}

// Set is an ordered set of log files, open for reading. Its methods may be
// called from any goroutine.
type Set struct {
	opts  Options
	sizes sizes

	mu    sync.RWMutex // guards every source's info and spool
	files []*source

	unpacked  atomic.Bool
	started   atomic.Bool
	finished  atomic.Bool
	delivered atomic.Int64 // end of the last block given to the consumer
	rawDone   atomic.Int64
	rawTotal  int64

	store *store
	cache *pieceCache

	archives []*archive
	left     []Left // guarded by mu
	leftAll  int
}

// source is one file of a set with what is needed to read it.
type source struct {
	info File // guarded by Set.mu

	file   *rawFile    // nil: standard input
	stdin  io.Reader   // nil: a file
	codec  Container   // how its bytes are compressed; that of info may be an archive's
	resume *resumer    // nil: not a gzip file
	spool  *spool      // nil: no text of this file is in the temporary file; guarded by Set.mu
	print  fingerprint // of the raw bytes

	archive *archive // that it is a member of; nil for none
	hollow  bool     // an archive without a member that can be read, or a member that cannot
}

// Open opens the files of a set; "-" is standard input. Nothing but the first
// bytes, which decide the container, is read before Read.
//
// Files of one rotated set may be given in any order. Names that differ only
// in a rotation suffix and a compression suffix are one set: with rotation
// numbers (general.log.3.gz, general.log.2.gz, general.log.1) the highest comes
// first, with dates of six digits or more (general.log-20240101.gz) the lowest,
// and the name without a suffix comes last. A set is where its first member was given,
// and a server where its first file was; all else keeps the order as given.
//
// The error names the path that cannot be used: missing, a directory, not a regular
// file, or given twice. An empty file is an error of Read, and only if all are.
func Open(paths []string, opts Options) (*Set, error) {
	return open(paths, opts, defaultSizes)
}

// newSet returns a set without files.
func newSet(opts Options, sz sizes) *Set {
	if opts.Workers < 1 {
		opts.Workers = 1
	}
	return &Set{
		opts:  opts,
		sizes: sz,
		store: &store{dir: opts.TempDir, max: opts.MaxTemp},
		cache: newPieceCache(sz.piece),
	}
}

func open(paths []string, opts Options, sz sizes) (_ *Set, err error) {
	if len(paths) == 0 {
		return nil, errors.New("open logs: no file given")
	}
	if len(paths) > MaxFiles {
		return nil, fmt.Errorf("open logs: %d files given, at most %d are read at once", len(paths), MaxFiles)
	}
	s := newSet(opts, sz)
	defer func() {
		if err != nil {
			s.Close()
		}
	}()
	names, servers := make([]string, len(paths)), make([]string, len(paths))
	for i, path := range paths {
		names[i], servers[i] = opts.name(path), opts.Servers[path]
	}
	for _, k := range serverOrder(servers, timelineOrder(names)) {
		src, err := s.openSource(paths[k])
		if err != nil {
			return nil, err
		}
		s.files = append(s.files, src)
		if src.file == nil {
			s.rawTotal = -1
		} else if s.rawTotal >= 0 {
			s.rawTotal += src.file.size
		}
	}
	return s, nil
}

func (s *Set) openSource(path string) (*source, error) {
	if path == "-" {
		for _, other := range s.files {
			if other.file == nil {
				return nil, errors.New("open logs: standard input given twice")
			}
		}
		src := &source{info: File{Name: s.opts.name(path), Server: s.opts.Servers[path], Base: -1}, stdin: s.opts.Stdin}
		if src.stdin == nil {
			src.stdin = os.Stdin
		}
		return src, nil
	}

	file, err := openRaw(path)
	if err != nil {
		return nil, fmt.Errorf("open log %q: %w", path, wording.Pathless(err))
	}
	for _, other := range s.files {
		if other.file != nil && os.SameFile(file.stat, other.file.stat) {
			file.Close()
			return nil, fmt.Errorf("open log %q: the same file as %q, give it once", path, other.info.Name)
		}
	}
	if size, ok := s.opts.Sizes[path]; ok {
		file.size = min(file.size, size)
	}
	return s.newSource(path, file)
}

// newSource makes a source of an open file.
func (s *Set) newSource(path string, file *rawFile) (*source, error) {
	src := &source{file: file}
	file.sums = &src.print
	container, err := file.sniff()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("open log %q: read first bytes: %w", path, err)
	}
	src.info = File{Name: s.opts.name(path), Server: s.opts.Servers[path], Container: container, RawSize: file.size, Base: -1}
	src.codec = container
	if container == Gzip {
		src.resume = newResumer(file, s.sizes)
	}
	return src, nil
}

// Files returns the files in the order of the timeline, as far as they are
// known by now. The result is the caller's.
func (s *Set) Files() []File {
	s.mu.RLock()
	defer s.mu.RUnlock()
	files := make([]File, len(s.files))
	for i, src := range s.files {
		files[i] = src.info
		files[i].Damage = append([]Damage(nil), src.info.Damage...)
	}
	return files
}

// Progress returns how many raw bytes have been read and how many there are;
// total is -1 if standard input is among the files.
func (s *Set) Progress() (done, total int64) {
	return s.rawDone.Load(), s.rawTotal
}

// Degraded returns why ReadAt fails for part of the text (a full disk, or
// MaxTemp reached), or nil if it does not.
func (s *Set) Degraded() error {
	return s.store.failure()
}

// Close closes the files and removes the temporary file. Read must have
// returned. From then on ReadAt fails for what is not cached.
func (s *Set) Close() error {
	var errs []error
	for _, src := range s.files {
		if src.file != nil {
			errs = append(errs, src.file.Close())
		}
	}
	for _, a := range s.archives {
		if a.file != nil {
			errs = append(errs, a.file.Close())
		}
	}
	errs = append(errs, s.store.Close())
	return errors.Join(errs...)
}
