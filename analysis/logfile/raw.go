package logfile

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"sync"
	"sync/atomic"
)

var (
	errShrunk  = errors.New("file became shorter while open")
	errChanged = errors.New("file changed since it was read")
)

// sumSpan is how many raw bytes one sum of a fingerprint covers. It is what a
// rawFile reads at least, once it has to verify: 20 microseconds.
const sumSpan = 64 << 10

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// fingerprint takes a file's raw bytes in order and identifies them, as a whole
// by SHA-256 and in spans by CRC-32C, against which bytes that are read again
// can be verified.
type fingerprint struct {
	off bool // nobody asks for it: what goes through is not raw bytes of a file

	mu    sync.Mutex
	sha   hash.Hash
	n     int64
	spans []uint32
	span  uint32 // sum of the span that n lies in
}

// Write never fails.
func (f *fingerprint) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.off {
		f.n += int64(len(p))
		return len(p), nil
	}
	if f.sha == nil {
		f.sha = sha256.New()
	}
	f.sha.Write(p)
	for rest := p; len(rest) > 0; {
		n := min(len(rest), int(sumSpan-f.n%sumSpan))
		f.span = crc32.Update(f.span, castagnoli, rest[:n])
		f.n += int64(n)
		rest = rest[n:]
		if f.n%sumSpan == 0 {
			f.spans = append(f.spans, f.span)
			f.span = 0
		}
	}
	return len(p), nil
}

// sum returns the number of bytes taken so far and their SHA-256.
func (f *fingerprint) sum() (n int64, sum [sha256.Size]byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.sha == nil {
		return 0, sha256.Sum256(nil)
	}
	f.sha.Sum(sum[:0])
	return f.n, sum
}

// spanSum returns the sum of span i and the length that it covers, 0 for a span
// that has not been taken.
func (f *fingerprint) spanSum(i int64) (sum uint32, n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case i < int64(len(f.spans)):
		return f.spans[i], sumSpan
	case i == int64(len(f.spans)):
		return f.span, int(f.n % sumSpan)
	}
	return 0, 0
}

// openFile is what a rawFile needs of a file: an os.File, or memory.
type openFile interface {
	io.ReaderAt
	io.Closer
	Stat() (fs.FileInfo, error)
}

// rawFile is an open regular file as it was when it was opened: bytes appended
// later do not exist.
type rawFile struct {
	f    openFile
	stat fs.FileInfo // at opening
	size int64
	sums *fingerprint
}

func openRaw(path string) (*rawFile, error) {
	// Asked before opening, because opening a named pipe waits for a writer.
	stat, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	switch {
	case stat.IsDir():
		return nil, errors.New("is a directory, give the log file in it")
	case !stat.Mode().IsRegular():
		return nil, errors.New("is not a regular file, pipe it to standard input and give -")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if stat, err = f.Stat(); err == nil && !stat.Mode().IsRegular() {
		err = errShrunk // exchanged between the two calls
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return &rawFile{f: f, stat: stat, size: stat.Size()}, nil
}

func (r *rawFile) Close() error { return r.f.Close() }

func (r *rawFile) sniff() (Container, error) {
	var head [sniffLen]byte
	n, err := r.f.ReadAt(head[:], 0)
	if err != nil && err != io.EOF {
		return Plain, err
	}
	return containerOf(head[:n]), nil
}

// readFirst reads for the first time; what it returns is what the fingerprint takes.
// The error of a short read is never io.EOF within the file's size.
func (r *rawFile) readFirst(p []byte, off int64) (int, error) {
	p = p[:max(0, min(int64(len(p)), r.size-off))]
	if len(p) == 0 {
		return 0, io.EOF
	}
	n, err := r.f.ReadAt(p, off)
	if n == len(p) {
		return n, nil
	}
	if err == io.EOF {
		err = errShrunk
	}
	return n, err
}

// ReadAt reads again. If the file was written to since it was opened, which a
// log that is still in use is all the time, the bytes are compared with the
// fingerprint and the error wraps errShrunk or errChanged if they are others.
func (r *rawFile) ReadAt(p []byte, off int64) (int, error) {
	stat, err := r.f.Stat()
	if err != nil {
		return 0, err
	}
	if stat.Size() == r.size && stat.ModTime().Equal(r.stat.ModTime()) {
		return r.readFirst(p, off)
	}
	for done := 0; done < len(p); {
		n, err := r.readVerified(p[done:], off+int64(done))
		done += n
		if err != nil {
			return done, err
		}
	}
	return len(p), nil
}

// spanBuffers keeps the spans that are being verified off the garbage collector.
var spanBuffers = sync.Pool{New: func() any { return new([sumSpan]byte) }}

// readVerified reads up to the end of the span that off lies in.
func (r *rawFile) readVerified(p []byte, off int64) (int, error) {
	i := off / sumSpan
	sum, n := r.sums.spanSum(i)
	within := int(off % sumSpan)
	if n <= within {
		return r.readFirst(p[:min(len(p), sumSpan-within)], off) // nothing to compare with yet
	}
	buf := spanBuffers.Get().(*[sumSpan]byte)
	defer spanBuffers.Put(buf)
	if _, err := r.readFirst(buf[:n], i*sumSpan); err != nil {
		return 0, err
	}
	if crc32.Checksum(buf[:n], castagnoli) != sum {
		return 0, fmt.Errorf("bytes %d to %d: %w", i*sumSpan, i*sumSpan+int64(n), errChanged)
	}
	return copy(p, buf[within:n]), nil
}

// firstRead is a rawFile's bytes in order.
type firstRead struct {
	file *rawFile
	off  int64
}

func (r *firstRead) Read(p []byte) (int, error) {
	n, err := r.file.readFirst(p, r.off)
	r.off += int64(n)
	return n, err
}

// chunks is the number of raw chunks between reading and decoding.
const chunks = 4

type chunk struct {
	buf []byte
	n   int
	err error // met behind the n bytes
}

// rawStream is a source's raw bytes in order, read and fingerprinted on a
// goroutine of its own. Only one goroutine may use it.
type rawStream struct {
	ctx  context.Context
	out  chan *chunk
	free chan *chunk

	cur      *chunk
	pos      int
	consumed int64 // bytes given out

	// err is why the bytes ended: io.EOF, an error of the operating system, or the
	// context's. nil while they have not.
	err error
}

// startRaw starts the goroutine. It ends when src does or with ctx, but cannot
// be interrupted while it waits in src.Read.
func startRaw(ctx context.Context, src io.Reader, print *fingerprint, done *atomic.Int64, size int) *rawStream {
	r := &rawStream{ctx: ctx, out: make(chan *chunk, chunks), free: make(chan *chunk, chunks)}
	for range chunks {
		r.free <- &chunk{}
	}
	go func() {
		defer close(r.out)
		for {
			var c *chunk
			select {
			case c = <-r.free:
			case <-ctx.Done():
				return
			}
			if ctx.Err() != nil {
				return
			}
			if c.buf == nil {
				c.buf = make([]byte, size)
			}
			c.n, c.err = src.Read(c.buf)
			done.Add(int64(c.n))
			data, last := c.buf[:c.n], c.err != nil
			// The decoder may have the chunk before it is hashed: only this
			// goroutine writes to it, and not before the hash is done.
			r.out <- c
			print.Write(data)
			if last {
				return
			}
		}
	}()
	return r
}

// Read returns io.EOF for every end but that of the context, because decoders
// recognise a cut stream by it; err is what it really was.
func (r *rawStream) Read(p []byte) (int, error) {
	for r.cur == nil || r.pos == r.cur.n {
		if !r.next() {
			if r.ctx.Err() != nil {
				return 0, r.ctx.Err()
			}
			return 0, io.EOF
		}
	}
	n := copy(p, r.cur.buf[r.pos:r.cur.n])
	r.pos += n
	r.consumed += int64(n)
	return n, nil
}

func (r *rawStream) next() bool {
	if r.err != nil {
		return false
	}
	if r.cur != nil {
		r.err = r.cur.err
		r.free <- r.cur
		r.cur = nil
		if r.err != nil {
			return false
		}
	}
	select {
	case c, ok := <-r.out:
		if !ok {
			r.err = context.Cause(r.ctx)
			return false
		}
		r.cur, r.pos = c, 0
		return true
	case <-r.ctx.Done():
		r.err = context.Cause(r.ctx)
		return false
	}
}

// waiting reports whether the next Read would have to wait for the source.
func (r *rawStream) waiting() bool {
	return r.err == nil && (r.cur == nil || r.pos == r.cur.n) && len(r.out) == 0
}

// drain lets the rest of the raw bytes be fingerprinted, unread. Afterwards the
// goroutine has ended, unless ctx has.
func (r *rawStream) drain() {
	for r.next() {
	}
	// The last chunk is given out before it is hashed.
	if r.ctx.Err() == nil {
		for range r.out {
		}
	}
}

// wait returns when the goroutine has ended, which takes the end of ctx or of the source.
func (r *rawStream) wait() {
	for range r.out {
	}
}
