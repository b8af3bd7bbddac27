package forest

import (
	"context"

	"sqleuth/analysis/forest/internal/numpyrand"
)

// The bootstrap is nearly all the work of a random forest on a large log: one
// draw per entry and tree, each from anywhere in the entries.
const (
	// bucketFrom is the number of entries from which draws are sorted into
	// buckets before they are looked up, because the cells no longer stay in
	// the L2 cache: 2 MB of them. BenchmarkBootstrap shows the two ways; which
	// number is best depends on the machine and on what else it does.
	bucketFrom = 1 << 20
	// bucketBits makes a bucket of 65,536 neighbouring entries, so that an
	// offset into it fits 16 bits.
	bucketBits = 16
	// bucketDraws is how many draws a bucket holds before they are counted,
	// and bufferDraws how many all buckets may hold together.
	bucketDraws = 1 << 15
	bufferDraws = 1 << 23

	// lanes interleaved counters keep runs of equal cells from waiting for
	// each other; beyond laneCells cells such runs are rare and the memory is
	// worth more.
	lanes     = 4
	laneCells = 1 << 13

	// cancelBlocks is the number of generator blocks between two looks at the
	// context: below a millisecond.
	cancelBlocks = 64
)

// bootstrap draws, for one tree after another, as many of its entries as there
// are, with replacement, and counts how often each cell was met.
type bootstrap[C Cell] struct {
	cells  []C
	counts [lanes][]uint32 // all but the first nil beyond laneCells

	// draws by bucket, of which there are none below bucketFrom
	offsets []uint16
	fill    []int
	size    int // draws that one bucket holds
}

// newBootstrap takes the cells of the training entries, each below kinds.
func newBootstrap[C Cell](cells []C, kinds int) *bootstrap[C] {
	b := &bootstrap[C]{cells: cells}
	b.counts[0] = make([]uint32, kinds)
	if kinds <= laneCells {
		for i := 1; i < lanes; i++ {
			b.counts[i] = make([]uint32, kinds)
		}
	}
	b.setBuckets(len(cells) >= bucketFrom)
	return b
}

// setBuckets switches between looking draws up at once and collecting them.
// The counts are the same.
func (b *bootstrap[C]) setBuckets(on bool) {
	b.offsets, b.fill = nil, nil
	if on {
		buckets := (len(b.cells)-1)>>bucketBits + 1
		b.size = min(bucketDraws, bufferDraws/buckets)
		b.offsets = make([]uint16, buckets*b.size)
		b.fill = make([]int, buckets)
	}
}

// draw returns how often each cell is drawn for the tree with the given seed.
// The result is overwritten by the next draw.
func (b *bootstrap[C]) draw(ctx context.Context, seed uint32) ([]uint32, error) {
	for _, lane := range b.counts {
		clear(lane)
	}
	clear(b.fill)
	err := eachDraw(ctx, seed, len(b.cells), func(entries []uint32) {
		if b.fill == nil {
			tally(&b.counts, b.cells, entries)
		} else {
			b.collect(entries)
		}
	})
	if err != nil {
		return nil, err
	}
	for bucket := range b.fill {
		b.flush(bucket)
	}
	for _, lane := range b.counts[1:] {
		for cell, n := range lane {
			b.counts[0][cell] += n
		}
	}
	return b.counts[0], nil
}

// eachDraw calls use with n draws from n entries, in their order and in
// portions that use may overwrite.
func eachDraw(ctx context.Context, seed uint32, n int, use func(entries []uint32)) error {
	var accepted [numpyrand.BlockSize]uint32
	if n == 1 { // the only bound for which RandomState draws nothing
		use(accepted[:1])
		return nil
	}
	rng := numpyrand.New(seed)
	top := uint32(n - 1)
	mask := numpyrand.Mask(top)
	for block, missing := 0, n; missing > 0; block++ {
		if block%cancelBlocks == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		k := 0
		for _, pair := range rng.Block() {
			// Written first and kept only if they are in bounds: a branch
			// here would be mispredicted in up to half of the cases.
			v := uint32(pair) & mask
			accepted[k] = v
			if v <= top {
				k++
			}
			v = uint32(pair>>32) & mask
			accepted[k] = v
			if v <= top {
				k++
			}
		}
		k = min(k, missing)
		use(accepted[:k])
		missing -= k
	}
	return nil
}

// tally counts the cells of entries.
func tally[C Cell, E uint16 | uint32](counts *[lanes][]uint32, cells []C, entries []E) {
	counts0, counts1, counts2, counts3 := counts[0], counts[1], counts[2], counts[3]
	if counts1 == nil {
		for _, e := range entries {
			counts0[cells[e]]++
		}
		return
	}
	for len(entries) >= lanes {
		counts0[cells[entries[0]]]++
		counts1[cells[entries[1]]]++
		counts2[cells[entries[2]]]++
		counts3[cells[entries[3]]]++
		entries = entries[lanes:]
	}
	for _, e := range entries {
		counts0[cells[e]]++
	}
}

// collect puts draws into their buckets and counts those that become full.
func (b *bootstrap[C]) collect(entries []uint32) {
	offsets, fill, size := b.offsets, b.fill, b.size
	for _, e := range entries {
		bucket := int(e >> bucketBits)
		at := fill[bucket]
		offsets[bucket*size+at] = uint16(e)
		at++
		fill[bucket] = at
		if at == size {
			b.flush(bucket)
		}
	}
}

// flush counts the draws of one bucket.
func (b *bootstrap[C]) flush(bucket int) {
	from := bucket * b.size
	entries := b.offsets[from : from+b.fill[bucket]]
	b.fill[bucket] = 0
	tally(&b.counts, b.cells[bucket<<bucketBits:], entries)
}
