package logfile

import (
	"context"
	"sync/atomic"
)

// Block is a run of decompressed bytes of one file. Blocks arrive in order and
// without gaps, cut anywhere, and no longer than 512 KiB.
type Block struct {
	File   int    // index into Set.Files
	Offset int64  // of Data[0]
	Data   []byte // the text, valid until Release; not to be written to

	ring *ring
	refs atomic.Int32
	buf  []byte // room bytes, and the ring's size behind them
}

// room is how many bytes in front of a block's text are for what a consumer carries over
// from the block before: what is cut off at a block's end, mostly part of a line.
const room = 32 << 10

// space is the memory for the block's text.
func (b *Block) space() []byte { return b.buf[room:] }

// set makes b the block of n bytes at off; held is the number of Releases that
// free it.
func (b *Block) set(file int, off int64, n int, held int32) {
	b.File, b.Offset, b.Data = file, off, b.space()[:n]
	b.refs.Store(held)
}

// Behind returns the block's text behind a copy of head, in the block's own memory and
// without copying Data, or nil where head is too long for that. It is valid until Release,
// and until Behind is called again.
func (b *Block) Behind(head []byte) []byte {
	if len(head) > room {
		return nil
	}
	text := b.buf[room-len(head) : room+len(b.Data)]
	copy(text, head)
	return text
}

// Release gives the block's memory back to the reader. The consumer calls it once
// for each block, from any goroutine, and uses neither the block nor its Data
// afterwards.
func (b *Block) Release() {
	if b.refs.Add(-1) == 0 {
		b.ring.free <- b
	}
}

// ring is the bounded set of blocks that are used again and again.
type ring struct {
	free chan *Block // has room for all of them, so that giving back never waits
	size int
}

func newRing(n, size int) *ring {
	r := &ring{free: make(chan *Block, n), size: size}
	for range n {
		r.free <- &Block{ring: r}
	}
	return r
}

// get waits for a block. Memory is allocated here, so that a small log does not
// pay for the whole ring.
func (r *ring) get(ctx context.Context) (*Block, error) {
	select {
	case b := <-r.free:
		if b.buf == nil {
			b.buf = make([]byte, room+r.size)
		}
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
