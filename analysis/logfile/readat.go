package logfile

import (
	"fmt"
	"io"
	"sort"
	"sync"
)

// ReadAt reads len(p) bytes of text at offset off of the set. It may be called
// from any goroutine and while Read is still going on, for everything delivered.
//
// With n < len(p) the error is io.EOF at the end of the set, wraps ErrNotRead at
// the end of what has been delivered so far, and else explains why the bytes cannot
// be had: a file that was cut short or overwritten while open, a temporary file
// that could not be written (see Degraded).
func (s *Set) ReadAt(p []byte, off int64) (n int, err error) {
	if off < 0 {
		return 0, fmt.Errorf("read text at %d: negative offset", off)
	}
	// In this order: what is finished is delivered.
	finished := s.finished.Load()
	end := s.delivered.Load()
	for n < len(p) {
		at := off + int64(n)
		if at >= end {
			if finished {
				return n, io.EOF
			}
			return n, fmt.Errorf("read text at %d: %w", at, ErrNotRead)
		}
		e := s.extentAt(at, end)
		k, err := s.readExtent(p[n:], e, at-e.base)
		n += k
		if err != nil {
			return n, fmt.Errorf("read text at %d (byte %d of %q): %w", at, at-e.base, e.name, err)
		}
	}
	return n, nil
}

// extent is a file's text as far as it can be read now.
type extent struct {
	*source
	i     int
	name  string
	base  int64
	size  int64
	spool *spool
}

// extentAt returns the file that holds the byte at, which lies before end.
func (s *Set) extentAt(at, end int64) extent {
	s.mu.RLock()
	defer s.mu.RUnlock()
	// A base of -1 ends the known ones. Of several files that begin at one place
	// all but the last are empty.
	i := max(0, sort.Search(len(s.files), func(i int) bool { b := s.files[i].info.Base; return b < 0 || b > at })-1)
	src := s.files[i]
	return extent{
		source: src, i: i, name: src.info.Name, base: src.info.Base,
		size:  min(src.info.Size, end-src.info.Base),
		spool: src.spool,
	}
}

// readExtent reads some of the text at off of the file, as much as one source
// gives at once.
func (s *Set) readExtent(p []byte, e extent, off int64) (int, error) {
	p = p[:min(int64(len(p)), e.size-off)]
	switch {
	case e.spool != nil && off >= e.spool.base:
		i := int((off - e.spool.base) / int64(s.sizes.piece))
		start := e.spool.base + int64(i)*int64(s.sizes.piece)
		return s.readPiece(p, off, pieceKey{e.i, start}, e.size, func(buf []byte) error {
			return e.spool.readPiece(buf, i)
		})
	case e.resume != nil:
		if len(p) >= s.sizes.piece {
			// A caller that reads that much scans, and would only flush the cache.
			return whole(p, e.resume.readAt(p, off))
		}
		start := off - off%int64(s.sizes.piece)
		return s.readPiece(p, off, pieceKey{e.i, start}, e.size, func(buf []byte) error {
			return e.resume.readAt(buf, start)
		})
	}
	return e.file.ReadAt(p, off)
}

// Raw is the bytes of a file as they are on the disk.
type Raw struct {
	io.ReaderAt
	Name string // that of the archive for a file in one
	Size int64
	// Plain reports that the text of the file is these bytes.
	Plain bool
}

// Raw returns the raw bytes of a file, by its index in Files. There are none of
// standard input, which is read once.
func (s *Set) Raw(file int) (Raw, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	src := s.files[file]
	switch {
	case src.archive != nil && src.archive.file != nil:
		return Raw{src.archive.file, src.archive.name, src.archive.size, false}, true
	case src.archive == nil && src.file != nil:
		return Raw{src.file, src.info.Name, src.file.size, src.codec == Plain}, true
	}
	return Raw{}, false
}

// whole is the result of a read that fills p or fails.
func whole(p []byte, err error) (int, error) {
	if err != nil {
		return 0, err
	}
	return len(p), nil
}

// readPiece reads from the piece of a file that begins at key.start and holds off,
// through the cache. fill reads the piece from its beginning. size is how much
// text the file has so far.
func (s *Set) readPiece(p []byte, off int64, key pieceKey, size int64, fill func([]byte) error) (int, error) {
	n := min(int64(s.sizes.piece), size-key.start)
	within := off - key.start
	p = p[:min(int64(len(p)), n-within)]
	if s.cache.copy(p, key, within, n) {
		return len(p), nil
	}
	buf := s.cache.buffer()[:n]
	if err := fill(buf); err != nil {
		return 0, err
	}
	copy(p, buf[within:])
	s.cache.put(key, buf)
	return len(p), nil
}

// cachePieces is how many pieces the cache holds: 8 MiB, a few screens of
// neighbouring entries and some hundred jumps.
const cachePieces = 128

// pieceKey is a piece's file and text offset in it.
type pieceKey struct {
	file  int
	start int64
}

// pieceCache keeps the pieces used last. A piece at the end of the text so far is
// kept as it was, and replaced when more of it is asked for.
type pieceCache struct {
	size int

	mu      sync.Mutex
	entries []cached // least recently used first
	spare   [][]byte
}

type cached struct {
	key  pieceKey
	text []byte
}

func newPieceCache(size int) *pieceCache { return &pieceCache{size: size} }

// copy fills p from a cached piece, if at least n bytes of that are there.
func (c *pieceCache) copy(p []byte, key pieceKey, within, n int64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.entries) - 1; i >= 0; i-- {
		e := c.entries[i]
		if e.key != key || int64(len(e.text)) < n {
			continue
		}
		copy(p, e.text[within:])
		copy(c.entries[i:], c.entries[i+1:])
		c.entries[len(c.entries)-1] = e
		return true
	}
	return false
}

// buffer returns room for a piece, the caller's until put.
func (c *pieceCache) buffer() []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.spare); n > 0 {
		buf := c.spare[n-1]
		c.spare = c.spare[:n-1]
		return buf
	}
	return make([]byte, c.size)
}

// put keeps a piece in place of an older state of it, or of the piece used longest ago.
func (c *pieceCache) put(key pieceKey, text []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := -1
	for i, e := range c.entries {
		if e.key == key {
			out = i
			break
		}
	}
	if out < 0 && len(c.entries) == cachePieces {
		out = 0
	}
	if out >= 0 {
		old := c.entries[out].text
		c.spare = append(c.spare, old[:cap(old)])
		c.entries = append(c.entries[:out], c.entries[out+1:]...)
	}
	c.entries = append(c.entries, cached{key, text})
}
