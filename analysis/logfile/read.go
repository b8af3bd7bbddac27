package logfile

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// Read delivers the whole set to fn in blocks, in order, on the caller's
// goroutine, while decompressing runs ahead on others. It can be called once.
//
// fn owns the block until Block.Release, which may happen later and elsewhere; see
// Options.Workers for how many it may hold. Blocks still held when Read returns
// stay valid.
//
// The error is fn's, the context's, or wraps ErrEmpty. A damaged file is none:
// see File.Damage. After an error the files are not Done. All goroutines have
// ended when Read returns, except one that waits inside Options.Stdin for a byte
// or an end.
func (s *Set) Read(ctx context.Context, fn func(*Block) error) error {
	if !s.started.CompareAndSwap(false, true) {
		return errors.New("read logs: already read")
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if err := s.Unpack(ctx, nil); err != nil {
		return err
	}

	// Beside what the consumer holds, one block is being filled, one ready, and two
	// are still with a tap.
	ring := newRing(2*s.opts.Workers+4, s.sizes.block)
	r := &reading{Set: s, ctx: ctx, ring: ring, out: make(chan *Block, cap(ring.free))}
	var failed error
	go func() {
		defer close(r.out)
		failed = r.readAll()
	}()

	var stopped error
	for b := range r.out {
		if stopped == nil {
			stopped = ctx.Err()
		}
		if stopped != nil {
			b.Release()
			continue
		}
		s.delivered.Store(b.Offset + int64(len(b.Data)))
		if stopped = fn(b); stopped != nil {
			cancel()
		}
	}
	switch {
	case stopped != nil:
		return stopped
	case failed != nil:
		return failed
	}
	s.finished.Store(true)
	if s.delivered.Load() == 0 {
		return s.emptyError()
	}
	return nil
}

// emptyError explains for the first file why it has no text.
func (s *Set) emptyError() error {
	f := s.Files()[0]
	if len(f.Damage) > 0 {
		return fmt.Errorf("read log %q: %w: %v", f.Name, ErrEmpty, f.Damage[0])
	}
	if a := s.files[0].archive; a != nil {
		return fmt.Errorf("read log %q: %w: no file in this %v archive can be read", f.Name, ErrEmpty, a.kind)
	}
	return fmt.Errorf("read log %q: %w: the file is empty", f.Name, ErrEmpty)
}

// reading is one run of Read on the producing side. Its methods run on one
// goroutine, except where documented otherwise.
type reading struct {
	*Set
	ctx  context.Context
	ring *ring
	out  chan *Block // has room for the whole ring, so that sending never waits
	end  int64       // offset of the next byte
}

func (r *reading) readAll() error {
	var hashing sync.WaitGroup
	defer hashing.Wait()
	for _, a := range r.archives {
		if a.sum == nil {
			a.sum = make(chan struct{})
			hashing.Go(func() { a.fingerprint(r.ctx) })
		}
	}
	for i, src := range r.files {
		r.update(src, func(f *File) { f.Base = r.end })
		var err error
		switch {
		case src.hollow:
			err = r.done(src)
		case src.file != nil && src.codec == Plain:
			err = r.readPlain(i, src)
		default:
			err = r.readStream(i, src)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// count is where raw bytes of a source are counted.
func (r *reading) count(src *source) *atomic.Int64 {
	if src.archive != nil && src.archive.counted {
		return new(atomic.Int64)
	}
	return &r.rawDone
}

func (r *reading) update(src *source, do func(*File)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	do(&src.info)
}

func (r *reading) damage(src *source, d Damage) {
	r.update(src, func(f *File) { f.addDamage(d) })
}

// done ends a source whose fingerprint is complete. That of a member is its
// archive's, which may have to be waited for.
func (r *reading) done(src *source) error {
	print := &src.print
	if a := src.archive; a != nil {
		print = a.print
		select {
		case <-a.sum:
		case <-r.ctx.Done():
		}
		if r.ctx.Err() != nil {
			return r.ctx.Err()
		}
	}
	n, sum := print.sum()
	r.update(src, func(f *File) { f.RawSize, f.SHA256, f.Done = n, sum, true })
	return nil
}

// remaining returns how much text may still be delivered, at most n.
func (r *reading) remaining(n int64) int64 {
	if r.opts.MaxExpanded <= 0 {
		return n
	}
	return max(0, min(n, r.opts.MaxExpanded-r.end))
}

func (r *reading) limitDamage(raw, text int64) Damage {
	return Damage{Kind: Limit, Raw: raw, Text: text, Err: fmt.Errorf("%d bytes of text were asked for at most", r.opts.MaxExpanded)}
}

// deliver hands a filled block to the tap, if there is one, and to the consumer.
func (r *reading) deliver(src *source, b *Block, t *tap) {
	r.end += int64(len(b.Data))
	r.update(src, func(f *File) { f.Size += int64(len(b.Data)) })
	if t != nil {
		t.blocks <- b
	}
	r.out <- b
}

// tap sees all blocks of a file in order, on a goroutine of its own beside the
// consumer's.
type tap struct {
	blocks chan *Block
	wg     sync.WaitGroup
}

func (r *reading) startTap(see func(*Block)) *tap {
	t := &tap{blocks: make(chan *Block, cap(r.ring.free))}
	t.wg.Go(func() {
		for b := range t.blocks {
			see(b)
			b.Release()
		}
	})
	return t
}

// stop waits until the tap has seen everything.
func (t *tap) stop() {
	close(t.blocks)
	t.wg.Wait()
}

// readPlain reads a plain file into blocks. The fingerprint sees them on the side.
func (r *reading) readPlain(i int, src *source) error {
	t := r.startTap(func(b *Block) { src.print.Write(b.Data) })
	wanted, counter := r.remaining(src.file.size), r.count(src)
	last := src.file.size // the fingerprint is of all raw bytes
	if src.archive != nil {
		last = wanted
	}
	var off int64
	var failed error
	for off < last && failed == nil {
		b, err := r.ring.get(r.ctx)
		if err != nil {
			t.stop()
			return err
		}
		end, held := wanted, int32(2)
		if off >= wanted {
			end, held = last, 1 // behind the limit, for the fingerprint only
		}
		var n int
		n, failed = src.file.readFirst(b.space()[:min(int64(len(b.space())), end-off)], off)
		b.set(i, r.end, n, held)
		off += int64(n)
		counter.Add(int64(n))
		if n == 0 || held == 1 {
			b.refs.Store(1)
			t.blocks <- b
			continue
		}
		r.deliver(src, b, t)
	}
	t.stop()
	if failed != nil {
		r.damage(src, Damage{Kind: shrunkOr(Unreadable, failed), Raw: off, Text: off, Err: failed})
	}
	if wanted < src.file.size {
		r.damage(src, r.limitDamage(wanted, wanted))
	}
	return r.done(src)
}

func shrunkOr(kind DamageKind, err error) DamageKind {
	if errors.Is(err, errShrunk) {
		return Truncated
	}
	return kind
}

// inBuffer is the length of the buffer between raw chunks and a decoder.
const inBuffer = 64 << 10

// readStream reads what cannot be read at an offset: compressed files and
// standard input.
func (r *reading) readStream(i int, src *source) error {
	var from io.Reader
	if src.file != nil {
		from = &firstRead{file: src.file}
	} else {
		from = src.stdin
	}
	ctx, cancel := context.WithCancel(r.ctx)
	raw := startRaw(ctx, from, &src.print, r.count(src), r.sizes.chunk)
	if src.file != nil {
		defer raw.wait()
	}
	defer cancel()

	again := &rewinder{raw: raw, file: src.file, keeps: src.file == nil}
	t := &text{reading: r, i: i, src: src, raw: raw, again: again, in: bufio.NewReaderSize(again, inBuffer)}
	ended := t.read()
	if t.tap != nil {
		t.tap.stop()
		t.spool.close()
	}
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	if ended != nil {
		r.damage(src, *ended)
	}
	if src.file == nil && ended != nil && ended.Kind == Limit {
		r.update(src, func(f *File) { f.RawSize, f.Done = ended.Raw, true })
		return nil
	}
	raw.drain()
	if r.ctx.Err() != nil {
		return r.ctx.Err()
	}
	return r.done(src)
}

// text is the text of one stream on its way into blocks.
type text struct {
	*reading
	i     int
	src   *source
	raw   *rawStream
	again *rewinder // of raw, what in reads
	in    *bufio.Reader
	dec   decoder
	size  int64
	spool *spool // nil: not kept (yet)
	tap   *tap   // writes to spool
}

// begin makes the decoder, or returns why there is none.
func (t *text) begin() *Damage {
	var err error
	if t.src.codec == Gzip {
		t.dec = newGzipDecoder(t.in, t.again, t.src.resume, func(d Damage) { t.damage(t.src, d) })
	} else {
		t.again.keeps, t.again.last = false, nil
		if t.dec, err = newDecoder(t.src.codec, t.in); err != nil {
			return t.damageOf(err)
		}
	}
	return nil
}

// read delivers the text and returns what ended it, nil if that is its proper end.
func (t *text) read() *Damage {
	if t.src.file == nil {
		head, _ := t.in.Peek(sniffLen)
		t.src.codec = containerOf(head)
		t.update(t.src, func(f *File) { f.Container = t.src.codec })
	}
	if d := t.begin(); d != nil {
		return d
	}
	defer t.dec.close()
	if t.src.resume == nil {
		t.keep()
	}

	for {
		if t.remaining(1) == 0 {
			return t.atLimit()
		}
		b, err := t.ring.get(t.ctx)
		if err != nil {
			return nil // readStream sees it in the context
		}
		n, err := t.fill(b.space()[:t.remaining(int64(len(b.space())))])
		if t.src.resume != nil && t.spool == nil && t.size+int64(n)-t.src.resume.last() > t.sizes.gap {
			t.keep()
		}
		held := int32(1)
		if t.tap != nil {
			held = 2
		}
		b.set(t.i, t.end, n, held)
		if n > 0 {
			t.size += int64(n)
			t.deliver(t.src, b, t.tap)
		} else {
			b.refs.Store(1)
			b.Release()
		}
		if err != nil {
			return t.damageOf(err)
		}
	}
}

// keep begins to keep the text in the temporary file, from the next block on.
func (t *text) keep() {
	t.spool = newSpool(t.store, t.size, t.sizes.piece)
	t.mu.Lock()
	t.src.spool = t.spool
	t.mu.Unlock()
	t.tap = t.startTap(func(b *Block) { t.spool.write(b.Data) })
}

// maxEmptyReads is how often a decoder may return neither bytes nor an error.
const maxEmptyReads = 100

// fill reads until buf is full or the text ends. Of standard input it takes what
// is there, so that a log that is being written shows up as it grows.
func (t *text) fill(buf []byte) (n int, err error) {
	empty := 0
	for n < len(buf) && err == nil {
		if err := t.ctx.Err(); err != nil {
			return n, err
		}
		var k int
		k, err = readGuarded(t.dec, buf[n:])
		n += k
		if k > 0 {
			empty = 0
		} else if empty++; empty > maxEmptyReads && err == nil {
			err = io.ErrNoProgress
		}
		if n > 0 && t.src.file == nil && t.in.Buffered() == 0 && t.raw.waiting() {
			break
		}
	}
	return n, err
}

// atLimit distinguishes a text that is longer than allowed from one that ends just
// there.
func (t *text) atLimit() *Damage {
	d := t.limitDamage(t.at(), t.size)
	var one [1]byte
	if n, err := t.fill(one[:]); n == 0 {
		return t.damageOf(err)
	}
	return &d
}

// at returns the number of raw bytes that the decoder has taken.
func (t *text) at() int64 { return t.again.taken() - int64(t.in.Buffered()) }

// damageOf turns the error that ended the text into a Damage, nil for its proper end.
func (t *text) damageOf(err error) *Damage {
	d := Damage{Kind: Corrupt, Raw: t.at(), Text: t.size, Err: err}
	if e, ok := errors.AsType[*ended](err); ok {
		err = e.err
		d.Raw, d.From, d.Until, d.Err = e.raw, e.from, e.until, e.err
	}
	switch {
	case t.raw.err != nil && t.raw.err != io.EOF:
		d.Kind, d.Err = shrunkOr(Unreadable, t.raw.err), t.raw.err
	case err == io.EOF:
		return nil
	case errors.Is(err, errTrailing):
		d.Kind = Trailing
	case errors.Is(err, io.ErrUnexpectedEOF):
		d.Kind = Truncated
	}
	if d.Kind != Corrupt {
		d.From = 0
	}
	return &d
}
