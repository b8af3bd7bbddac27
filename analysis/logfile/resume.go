package logfile

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"sort"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/s2"
)

// point is a place in a gzip file at which inflating can begin: the end of a
// deflate block or the beginning of a member. The idea is that of zlib's
// examples/zran.c.
type point struct {
	text   int64  // decompressed bytes of the file before it
	raw    int64  // raw offset of the byte in which it lies
	bit    uint8  // bits of that byte before it
	window []byte // windowLen bytes of text before it, compressed with s2; empty at a member's beginning
	jump   bool   // what is before it in the file does not lead to it
}

// windowLen is how far back deflate can refer.
const windowLen = 32 << 10

// closer is how many points of a file lie at half the distance: a file of ordinary length
// has few.
const closer = 256

// resumer gives the text of a gzip file at any offset that Read has passed.
type resumer struct {
	file  *rawFile
	every int64

	mu     sync.Mutex
	points []point // ascending
	packed []byte  // memory for compressing a window
	jumps  []int64 // text offsets of those that are jumps
	idle   []*inflater
}

// maxIdle is the number of inflaters kept for the next ReadAt, 100 KiB each.
// A caller that reads a file in order, or several ranges of it at once, finds one
// where it goes on.
const maxIdle = 4

func newResumer(file *rawFile, sz sizes) *resumer {
	return &resumer{file: file, every: sz.point}
}

// add records a point if it is far enough from the last one. The raw distance
// counts too, because a hostile file can be long without any text. The window is copied.
func (r *resumer) add(p point, window []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n := len(r.points); n > 0 {
		last, every := &r.points[n-1], r.every
		if n < closer {
			every /= 2
		}
		if p.text-last.text < every && p.raw-last.raw < every && !p.jump {
			return
		}
		if p.text == last.text {
			p.jump = p.jump || last.jump
			r.points = r.points[:n-1] // no offset would start there any more
		}
	}
	if k := len(r.jumps); p.jump && (k == 0 || r.jumps[k-1] != p.text) {
		r.jumps = append(r.jumps, p.text)
	}
	if len(window) > 0 {
		if r.packed == nil {
			r.packed = make([]byte, s2.MaxEncodedLen(windowLen))
		}
		p.window = bytes.Clone(s2.Encode(r.packed, window)) // whose memory is for the worst case
	}
	r.points = append(r.points, p)
}

// last returns the text offset of the last point.
func (r *resumer) last() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.points) == 0 {
		return 0
	}
	return r.points[len(r.points)-1].text
}

// readAt fills p with the text at off, which the caller knows to exist.
func (r *resumer) readAt(p []byte, off int64) error {
	for {
		// Nothing can be inflated across a jump.
		r.mu.Lock()
		_, next := r.jumpsAround(off)
		r.mu.Unlock()
		n := int(min(int64(len(p)), next-off))
		if err := r.readStretch(p[:n], off); err != nil {
			return err
		}
		if n == len(p) {
			return nil
		}
		p, off = p[n:], off+int64(n)
	}
}

// jumpsAround returns the last jump at or before off and the first one behind it.
// The caller holds mu.
func (r *resumer) jumpsAround(off int64) (last, next int64) {
	next = math.MaxInt64
	i := sort.Search(len(r.jumps), func(i int) bool { return r.jumps[i] > off })
	if i > 0 {
		last = r.jumps[i-1]
	}
	if i < len(r.jumps) {
		next = r.jumps[i]
	}
	return last, next
}

// readStretch is readAt for text without a jump in it.
func (r *resumer) readStretch(p []byte, off int64) error {
	f, err := r.inflaterFor(off)
	if err != nil {
		return err
	}
	if err := f.readAt(p, off); err != nil {
		return err // and f is in a state that nobody knows
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.idle) == maxIdle {
		copy(r.idle, r.idle[1:])
		r.idle = r.idle[:maxIdle-1]
	}
	r.idle = append(r.idle, f)
	return nil
}

// inflaterFor takes the idle inflater that is nearest before off, or starts one
// at the resume point that is, whichever is nearer.
func (r *resumer) inflaterFor(off int64) (*inflater, error) {
	r.mu.Lock()
	i := sort.Search(len(r.points), func(i int) bool { return r.points[i].text > off }) - 1
	if i < 0 {
		r.mu.Unlock()
		return nil, fmt.Errorf("no resume point before byte %d", off)
	}
	p := r.points[i]
	jump, _ := r.jumpsAround(off)
	best := -1
	for j, f := range r.idle {
		if at := f.text; at <= off && at >= p.text && f.started >= jump && (best < 0 || at > r.idle[best].text) {
			best = j
		}
	}
	resumes := best < 0
	if resumes && len(r.idle) == maxIdle {
		best = 0 // the longest unused; start it anew
	}
	var f *inflater
	if best >= 0 {
		f = r.idle[best]
		r.idle = append(r.idle[:best], r.idle[best+1:]...)
	}
	r.mu.Unlock()

	if f == nil {
		f = newInflater(r.file)
	}
	if resumes {
		return f, f.start(p)
	}
	return f, nil
}

// inflater reads on from a resume point.
type inflater struct {
	gzipDecoder
	section firstReadAgain
	buf     *bufio.Reader
	window  []byte
	skip    []byte
	started int64 // text offset of the resume point
}

// firstReadAgain is a rawFile's bytes in order from some offset on, verified.
type firstReadAgain struct {
	file *rawFile
	off  int64
}

func (r *firstReadAgain) Read(p []byte) (int, error) {
	p = p[:max(0, min(int64(len(p)), r.file.size-r.off))]
	if len(p) == 0 {
		return 0, io.EOF
	}
	n, err := r.file.ReadAt(p, r.off)
	r.off += int64(n)
	return n, err
}

func newInflater(file *rawFile) *inflater {
	f := &inflater{section: firstReadAgain{file: file}, skip: make([]byte, 32<<10)}
	f.buf = bufio.NewReaderSize(&f.section, 32<<10)
	f.gzipDecoder = gzipDecoder{
		in:       f.buf,
		consumed: func() int64 { return f.section.off },
		fl:       flate.NewReader(f.buf),
	}
	return f
}

func (f *inflater) start(p point) error {
	f.window = f.window[:0]
	if len(p.window) > 0 {
		window, err := s2.Decode(f.window[:cap(f.window)], p.window)
		if err != nil {
			return fmt.Errorf("resume point of byte %d: %w", p.text, err)
		}
		f.window = window
	}
	f.section.off = p.raw
	f.buf.Reset(&f.section)
	f.state, f.text, f.started = inBody, p.text, p.text
	r, ok := f.fl.(interface {
		ResetCP(io.Reader, flate.InflateCheckpoint) error
	})
	if !ok {
		return fmt.Errorf("resume point of byte %d: this flate reader cannot resume", p.text)
	}
	return r.ResetCP(f.buf, flate.InflateCheckpoint{BitOffset: p.bit, Window: f.window})
}

func (f *inflater) readAt(p []byte, off int64) error {
	for f.text < off {
		if _, err := f.Read(f.skip[:min(int64(len(f.skip)), off-f.text)]); err != nil {
			return f.failed(err)
		}
	}
	if _, err := io.ReadFull(f, p); err != nil {
		return f.failed(err)
	}
	return nil
}

// failed explains an error in bytes that could be inflated before.
func (f *inflater) failed(err error) error {
	return fmt.Errorf("inflate at raw byte %d: %w", f.raw(), err)
}
