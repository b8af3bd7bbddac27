package logfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Behind a member that cannot be read to its end, the raw bytes are searched for
// the next one. Inflating does not stop at the first wrong bit, it may run on
// into members that are whole, so that the search begins a little before the
// place at which it did stop.
const (
	// lookBehind is how far before that place the search begins. A broken stream
	// runs on to the end of a deflate block, some tens of kilobytes; what lies
	// further back belongs to a member that was read.
	lookBehind = 256 << 10

	// freeRereads is how many bytes may be read twice in any file, beside as many
	// as the file has. Without a bound, headers that are hidden in each other would
	// be inflated to the same end again and again.
	freeRereads = 1 << 20

	// A place that looks like a header is probed by inflating probeText bytes,
	// which takes some 20 microseconds. There may be one for every ten bytes, so
	// there are freeProbes probes and one more for each probeEvery raw bytes, which
	// bounds how often the reading goes on, too.
	probeText  = 4 << 10
	freeProbes = 256
	probeEvery = 4 << 10
)

// rewinder is a raw stream that can give its last bytes once more.
type rewinder struct {
	raw   *rawStream
	file  *rawFile // nil: standard input
	keeps bool     // standard input, of which last is kept
	last  []byte   // the last bytes that raw gave
	again []byte   // to be given before those of raw
}

func (r *rewinder) Read(p []byte) (int, error) {
	if len(r.again) > 0 {
		n := copy(p, r.again)
		r.again = r.again[n:]
		return n, nil
	}
	n, err := r.raw.Read(p)
	if r.keeps {
		r.keep(p[:n])
	}
	return n, err
}

// keep keeps what rewind may be asked for.
func (r *rewinder) keep(p []byte) {
	const enough = lookBehind + inBuffer
	if r.last == nil {
		r.last = make([]byte, 0, 2*enough)
	}
	if len(r.last)+len(p) > cap(r.last) {
		n := copy(r.last, r.last[max(0, len(r.last)-enough):])
		r.last = r.last[:n]
	}
	r.last = append(r.last, p[max(0, len(p)-enough):]...)
}

// taken returns how many raw bytes have been given, without those to come again.
func (r *rewinder) taken() int64 { return r.raw.consumed - int64(len(r.again)) }

// rewind makes the bytes from a raw offset on come again.
func (r *rewinder) rewind(from int64) bool {
	n := int(r.raw.consumed - from)
	again := make([]byte, n)
	if r.file != nil {
		if _, err := r.file.ReadAt(again, from); err != nil {
			return false
		}
	} else if copy(again, r.last[max(0, len(r.last)-n):]) < n {
		return false
	}
	r.again = again
	return true
}

// ended is the error that ended a gzip file's text, with what is known beside it.
type ended struct {
	err       error
	raw, from int64 // see Damage
	until     int64
}

func (e *ended) Error() string { return e.err.Error() }
func (e *ended) Unwrap() error { return e.err }

// goOn looks for a member to go on with behind an error. It returns what ended the
// text if there is none.
func (g *gzipDecoder) goOn(cause error) error {
	if g.source == nil || cause == io.EOF {
		return cause
	}
	at, from := g.raw(), g.text
	search := at
	if g.state != inHeader {
		from = g.member // no checksum has confirmed its text
	}
	if g.state != inHeader || g.mismatched {
		search = max(g.deflateRaw, at-lookBehind)
	}
	if g.mismatched && cause == errTrailing {
		cause = errors.New("no gzip member follows the one with the wrong checksum")
	}
	if back := at - search; back > 0 && g.reread+back <= at+freeRereads && g.source.rewind(search) {
		g.reread += back
		g.in.Reset(g.source)
	}
	if !g.findMember() {
		return &ended{err: cause, raw: at, from: from, until: max(at, g.raw())}
	}
	g.jump, g.state, g.mismatched = true, inHeader, false
	g.damage(Damage{Kind: Corrupt, Raw: at, Text: g.text, From: from, Until: g.raw(), Resumed: true, Err: cause})
	return nil
}

var gzipMagic = []byte{0x1f, 0x8b, 0x08}

// findMember passes over raw bytes up to the next member, or to their end.
func (g *gzipDecoder) findMember() bool {
	for {
		window, err := g.in.Peek(g.in.Size())
		for at := 0; ; at++ {
			i := bytes.Index(window[at:], gzipMagic)
			if i < 0 {
				break
			}
			at += i
			if g.probes >= freeProbes+g.raw()/probeEvery {
				continue
			}
			g.probes++
			// What is peeked is valid up to the next read only.
			_, _ = g.in.Discard(at)
			window, err = g.in.Peek(g.in.Size())
			at = 0
			if g.probe(window) {
				return true
			}
		}
		if err != nil {
			_, _ = g.in.Discard(len(window))
			return false
		}
		_, _ = g.in.Discard(len(window) - len(gzipMagic) + 1)
	}
}

// probe reports whether raw begins with a member: one that its checksum confirms,
// or the beginning of one with text in it.
func (g *gzipDecoder) probe(raw []byte) bool {
	var wrong bool
	p := &gzipDecoder{in: bufio.NewReaderSize(bytes.NewReader(raw), 512), consumed: func() int64 { return 0 }, fl: g.prober, first: true, damage: func(Damage) { wrong = true }}
	if p.readHeader() != nil || p.startBody() != nil {
		return false
	}
	g.prober = p.fl
	text, n := make([]byte, probeText), 0
	for n < len(text) && p.state == inBody {
		k, err := p.fl.Read(text[n:])
		p.took(text[n : n+k])
		n += k
		switch {
		case err == io.EOF:
			return p.readTrailer() == nil && !wrong
		case err == io.ErrUnexpectedEOF:
			return looksLikeText(text[:n])
		case err != nil:
			return false
		}
	}
	return looksLikeText(text[:n])
}

// looksLikeText allows for some control bytes, which a statement may hold, and for
// holes in a log, which are NUL bytes. Of random bytes every ninth is another
// control byte.
func looksLikeText(p []byte) bool {
	control := 0
	for _, c := range p {
		if c < ' ' && c != 0 && c != '\n' && c != '\r' && c != '\t' || c == 0x7f {
			control++
		}
	}
	return len(p) > 0 && control*20 <= len(p)
}
