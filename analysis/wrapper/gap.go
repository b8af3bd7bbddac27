package wrapper

import "bytes"

// position is where in a document a layer is, between tokens.
type position struct {
	depth int    // lists and objects that are open
	on    int    // of those, how many from the outside in are on the way
	lists uint32 // which of the open ones are lists, by bit
	key   bool   // the next string is a key
	match bool   // the last key is the one of the way
	named bool   // the last key is fieldKey, beside the one of the way
	begun bool   // the line has begun
	found bool   // the open document has a place for a value
	item  int    // of the innermost list, from 1 on; 0 behind what was open in it
	// sides are those of the layer's sides, and streams what they have named in the
	// open record.
	sides   [maxSides]sidePosition
	streams streamID
}

// gap is what was between two values that are wanted, the last time that a layer
// went on from one position to such a value. Most documents of a file differ in
// strings and numbers only that nothing depends on: bytes that are the same but for
// these lead from the same position to the same.
type gap struct {
	from, to           position
	fromField, toField []byte // the field of the open object
	text               []byte // with the quote of the value
	holes              []hole
	ends               bool     // a record ended in it
	ended              streamID // then the stream of the first that did
	others             int      // documents without a value
}

// hole is a part of a gap that may be other bytes: a string, without its quotes, or
// digits.
type hole struct {
	from, to int
	digits   bool
}

// maxGap and maxHoles bound what is remembered of a gap.
const (
	maxGap   = 4 << 10
	maxHoles = 64
)

// in returns how many bytes at the start of data are like the gap; 0 where they are
// not, or do not hold all of it.
func (g *gap) in(data []byte) int {
	pos, at := 0, 0
	for _, h := range g.holes {
		same := g.text[at:h.from]
		if !bytes.HasPrefix(data[pos:], same) {
			return 0
		}
		pos, at = pos+len(same), h.to
		if !h.digits {
			pos += plainLen(data[pos:]) // to a quote, or what follows is not the same
			continue
		}
		for pos < len(data) && isDigit(data[pos]) {
			pos++
		}
	}
	if !bytes.HasPrefix(data[pos:], g.text[at:]) {
		return 0
	}
	return pos + len(g.text) - at
}

// leave lets a gap begin at a position.
func (g *gap) leave(p position, field []byte) {
	g.from, g.fromField, g.text, g.holes, g.ends = p, append(g.fromField[:0], field...), g.text[:0], g.holes[:0], false
	g.others = 0
}

// end notes that a record of a stream ended.
func (g *gap) end(of streamID) {
	if !g.ends {
		g.ends, g.ended = true, of
	}
}

// hole adds a part that may be other bytes.
func (g *gap) hole(from, to int, digits bool) {
	if len(g.holes) <= maxHoles {
		g.holes = append(g.holes, hole{from, to, digits})
	}
}

// reach ends a gap at a value. One that is too long to be remembered is like nothing.
func (g *gap) reach(p position, field, text []byte) {
	if len(text) > maxGap || len(g.holes) > maxHoles {
		return
	}
	g.to, g.toField, g.text = p, append(g.toField[:0], field...), append(g.text[:0], text...)
}

// known reports whether the gap leads on from a position.
func (g *gap) known(p position, field []byte) bool {
	return len(g.text) > 0 && g.from == p && bytes.Equal(g.fromField, field)
}
