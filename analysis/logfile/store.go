package logfile

import (
	"errors"
	"fmt"
	"os"
	"sync"

	"github.com/klauspost/compress/s2"
)

// store is a set's temporary file, in which the text lies that cannot be had
// from the input a second time. It is created with the first write. The operating
// system removes it when the process ends in whatever way; see createTemp.
type store struct {
	dir string
	max int64

	mu     sync.Mutex
	f      *os.File
	remove func() error
	end    int64
	err    error // sticky
}

var errStoreClosed = errors.New("temporary store: closed")

// append writes a record and returns its place. After the first error it fails
// for good: a hole would be harder to explain than an end.
func (s *store) append(record []byte) (int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return 0, s.err
	}
	if err := s.write(record); err != nil {
		s.err = fmt.Errorf("temporary store in %q: %w", s.dirName(), err)
		return 0, s.err
	}
	at := s.end
	s.end += int64(len(record))
	return at, nil
}

func (s *store) write(record []byte) error {
	if s.max > 0 && s.end+int64(len(record)) > s.max {
		return fmt.Errorf("limit of %d bytes reached", s.max)
	}
	if s.f == nil {
		var err error
		if s.f, s.remove, err = createTemp(s.dirName()); err != nil {
			return err
		}
	}
	_, err := s.f.WriteAt(record, s.end)
	return err
}

func (s *store) dirName() string {
	if s.dir == "" {
		return os.TempDir()
	}
	return s.dir
}

func (s *store) readAt(p []byte, off int64) error {
	s.mu.Lock()
	f := s.f
	s.mu.Unlock()
	if f == nil {
		return errStoreClosed
	}
	if _, err := f.ReadAt(p, off); err != nil {
		return fmt.Errorf("temporary store: %w", err)
	}
	return nil
}

// failure returns why the store takes no more, nil if it does.
func (s *store) failure() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == errStoreClosed {
		return nil
	}
	return s.err
}

func (s *store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.f
	s.f = nil
	if s.err == nil {
		s.err = errStoreClosed
	}
	if f == nil {
		return nil
	}
	return errors.Join(f.Close(), s.remove())
}

// spool is one file's text in the store, from some offset of the file on, in
// pieces of equal length that are compressed with s2.
type spool struct {
	store *store
	base  int64 // text offset in the file of the first byte
	piece int

	mu     sync.Mutex
	grown  sync.Cond
	pieces []record
	tail   []byte // text behind the last whole piece
	closed bool
	err    error // text behind the pieces is lost

	enc []byte // scratch for compressing
}

// record is where the store keeps a piece.
type record struct {
	at int64
	n  int // compressed
}

func newSpool(st *store, base int64, piece int) *spool {
	sp := &spool{store: st, base: base, piece: piece}
	sp.grown.L = &sp.mu
	return sp
}

// write appends text.
func (sp *spool) write(p []byte) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.tail == nil {
		sp.tail = make([]byte, 0, sp.piece)
	}
	for len(p) > 0 && sp.err == nil {
		n := min(len(p), sp.piece-len(sp.tail))
		sp.tail = append(sp.tail, p[:n]...)
		p = p[n:]
		if len(sp.tail) == sp.piece {
			sp.flush()
		}
	}
	sp.grown.Broadcast()
}

// close ends the text.
func (sp *spool) close() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if len(sp.tail) > 0 && sp.err == nil {
		sp.flush()
	}
	sp.tail, sp.enc, sp.closed = nil, nil, true
	sp.grown.Broadcast()
}

func (sp *spool) flush() {
	if sp.enc == nil {
		sp.enc = make([]byte, s2.MaxEncodedLen(sp.piece))
	}
	enc := s2.Encode(sp.enc, sp.tail)
	at, err := sp.store.append(enc)
	if err != nil {
		sp.err, sp.tail = err, nil
		return
	}
	sp.pieces = append(sp.pieces, record{at, len(enc)})
	sp.tail = sp.tail[:0]
}

// readPiece fills p with the beginning of piece i, which the caller knows to be
// that long. It waits for text that was delivered but is not written yet. The
// capacity of p serves as room for the rest of the piece.
func (sp *spool) readPiece(p []byte, i int) error {
	sp.mu.Lock()
	for i >= len(sp.pieces) {
		switch {
		case sp.err != nil:
			sp.mu.Unlock()
			return sp.err
		case i == len(sp.pieces) && len(sp.tail) >= len(p):
			copy(p, sp.tail)
			sp.mu.Unlock()
			return nil
		case sp.closed:
			sp.mu.Unlock()
			return errStoreClosed
		}
		sp.grown.Wait()
	}
	rec := sp.pieces[i]
	sp.mu.Unlock()

	enc := recordBuffers.Get().(*[]byte)
	defer recordBuffers.Put(enc)
	if cap(*enc) < rec.n {
		*enc = make([]byte, s2.MaxEncodedLen(sp.piece))
	}
	buf := (*enc)[:rec.n]
	if err := sp.store.readAt(buf, rec.at); err != nil {
		return err
	}
	text, err := s2.Decode(p[:cap(p)], buf)
	switch {
	case err != nil:
		return fmt.Errorf("temporary store: piece %d: %w", i, err)
	case len(text) < len(p):
		return fmt.Errorf("temporary store: piece %d has %d bytes, want %d", i, len(text), len(p))
	}
	if len(text) > 0 && &text[0] != &p[0] {
		copy(p, text) // the piece is longer than the room
	}
	return nil
}

// recordBuffers keeps compressed pieces off the garbage collector.
var recordBuffers = sync.Pool{New: func() any { return new([]byte) }}
