package wrapper

import (
	"encoding/binary"
	"math/bits"

	"sqleuth/analysis/stops"
	"sqleuth/analysis/textmap"
)

// piece is text of a value that is not mapped yet.
type piece struct {
	in   *Text
	out  *output
	from int // where it begins in the document
	text int // where it begins in the text
	// Where the document is a stretch of the log from offset raw on, bytes that come
	// from one or two of the log are mapped together: held of them wait, those in
	// pairs come from two.
	flat  bool
	raw   int64
	held  int
	pairs uint64
}

func newPiece(in *Text, out *output, from int) piece {
	p := piece{in: in, out: out, from: from, text: len(out.Data)}
	p.raw, p.flat = in.Map.Flat()
	return p
}

// take appends bytes at the start of b that mean themselves in a string, and pairs of bytes
// that mean one, holds them, and returns how many it took: most of them.
func (p *piece) take(b []byte, how *quoting) (n int) {
	const most = 9 // bytes in one turn
	to := p.out.Data[len(p.out.Data):cap(p.out.Data)]
	written, held, pairs := 0, p.held, p.pairs
	for n+most < len(b) && written+most < len(to) {
		if held > textmap.MaxPaired-most {
			p.held, p.pairs = held, pairs
			p.flush()
			held, pairs = 0, 0
		}
		// As in copyPlain.
		w := binary.LittleEndian.Uint64(b[n:])
		binary.LittleEndian.PutUint64(to[written:], w)
		found := how.stops.In(w)
		plain := 8
		if found != 0 {
			plain = bits.TrailingZeros64(found) / 8
		}
		n, written, held = n+plain, written+plain, held+plain
		if found == 0 {
			continue
		}
		if b[n] != how.lead || how.stands[b[n+1]] == 0 {
			break
		}
		to[written] = how.stands[b[n+1]]
		pairs |= 1 << held
		n, written, held = n+2, written+1, held+1
	}
	p.held, p.pairs = held, pairs
	p.out.Data = p.out.Data[:len(p.out.Data)+written]
	return n
}

// run maps it as bytes that mean themselves if all of them behind those that are
// held do.
func (p *piece) run(to int) {
	n := len(p.out.Data) - p.text - p.held
	begin := p.from + p.held + bits.OnesCount64(p.pairs)
	if n != to-begin {
		p.end(to)
		return
	}
	if p.flat && p.held+n <= textmap.MaxPaired {
		p.held += n
		return
	}
	p.flush()
	p.out.Map.Run(&p.in.Map, p.from, to)
	p.from, p.text = to, len(p.out.Data)
}

// pair maps its last byte, all of which but those that are held it is, as one that
// comes from the two before to.
func (p *piece) pair(to int) {
	if !p.flat {
		p.end(to)
		return
	}
	if p.held == textmap.MaxPaired {
		p.flush()
	}
	p.pairs |= 1 << p.held
	p.held++
}

// flush maps the bytes that are held.
func (p *piece) flush() {
	if p.held > 0 {
		p.out.Map.Paired(p.held, p.raw+int64(p.from), p.pairs)
		p.from, p.text = p.from+p.held+bits.OnesCount64(p.pairs), p.text+p.held
		p.held, p.pairs = 0, 0
	}
}

// end maps all of it, what is not held as a whole.
func (p *piece) end(to int) {
	p.flush()
	switch n := len(p.out.Data) - p.text; {
	case n == 0:
	case p.flat:
		p.out.Map.Together(n, p.raw+int64(p.from), to-p.from)
	default:
		p.out.Map.As(&p.in.Map, n, p.from, to)
	}
	p.from, p.text = to, len(p.out.Data)
}

// close ends a value at its quote, which counts as the line end if there is none in
// the value.
func (p *piece) close(quote int, lineEnd, coarse bool) {
	switch {
	case !lineEnd:
		p.end(quote)
	case coarse:
		p.out.Data = append(p.out.Data, '\n')
		p.end(quote + 1)
	default:
		p.end(quote)
		p.out.as(p.in, quote, quote+1, '\n')
	}
}

// quoting is how a text in quotes holds bytes that do not mean themselves.
type quoting struct {
	stops  stops.Stops // the bytes that do not mean themselves
	lead   byte        // of a pair, and
	stands [256]byte   // by the byte behind it what the two mean, 0 for nothing
}

var (
	jsonStops   = stops.At('"', '\\', '\n')
	jsonQuoting = quoting{jsonStops, '\\', escaped}
	csvQuoting  = quoting{stops.At('"', '"', '"'), '"', [256]byte{'"': '"'}}
)
