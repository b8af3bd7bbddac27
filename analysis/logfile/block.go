package logfile

import (
	"context"
	"sync"
	"sync/atomic"
)

// Block is a run of decompressed bytes of one file. Blocks arrive in order and
// without gaps, cut anywhere, and no longer than 512 KiB.
type Block struct {
	File   int   // index into Set.Files
	Offset int64 // of Data[0]

	// Data is the text, valid until Release. With Options.Deferred the bytes of
	// a plain file are not there before Load.
	Data []byte

	ring *ring
	refs atomic.Int32
	buf  []byte

	// Of a deferred block: where its bytes are, until one of the consumer and the
	// fingerprint has loaded them for both.
	mu      sync.Mutex
	src     *rawFile
	at      int64 // in src
	rawDone *atomic.Int64
	n       int
	err     error
}

// Load returns the text, which it reads if that was left to the consumer. What
// it returns is shorter than Data only with an error: the file was cut short
// since it was opened, or cannot be read. The File's Damage has it too.
func (b *Block) Load() ([]byte, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.src != nil {
		b.n, b.err = b.src.readFirst(b.Data, b.at)
		b.rawDone.Add(int64(b.n))
		b.src = nil
	}
	return b.Data[:b.n], b.err
}

// set makes b the block of n bytes at off; held is the number of Releases that
// free it.
func (b *Block) set(file int, off int64, n int, held int32) {
	b.File, b.Offset, b.Data = file, off, b.buf[:n]
	b.src, b.n, b.err = nil, n, nil
	b.refs.Store(held)
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
			b.buf = make([]byte, r.size)
		}
		return b, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
