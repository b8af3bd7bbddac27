package forest

import (
	"context"
	"math"

	"sqleuth/analysis/forest/internal/numpyrand"
)

// The bootstrap is nearly all the work of a random forest on a large log: one
// draw per entry and tree, each from anywhere in the entries.
const (
	// bucketFrom is the number of entries from which draws are sorted into
	// buckets before they are looked up, because the cells are too far from the
	// processor: 8 MB of them. BenchmarkBootstrap shows the two ways; which
	// number is best depends on the machine and on what else it does.
	bucketFrom = 1 << 22
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

// drawsOf returns a function that makes a bootstrap of the cells of the training
// entries, each below kinds, for a goroutine of its own. At most so many are drawn, or,
// with 0, as many as there are.
func drawsOf[C Cell](cells []C, kinds, most int) func() bootstrap {
	if most == 0 || most > len(cells) {
		most = len(cells)
	}
	if kinds <= math.MaxUint16 {
		u := newUrn[uint16](cells, kinds)
		return func() bootstrap { return newDrawer(u, most) }
	}
	u := newUrn[uint32](cells, kinds)
	return func() bootstrap { return newDrawer(u, most) }
}

// bootstrap draws entries for one tree after another, with replacement.
type bootstrap interface {
	// draw returns how often each cell is drawn for the tree with the given seed. The
	// result is overwritten by the next draw.
	draw(ctx context.Context, seed uint32) ([]uint32, error)
}

// urn holds the cells of the training entries as a bootstrap draws them. RandomState
// cuts a word to the bits that an entry's number needs and draws again while that is
// too large: beyond the entries the urn holds blanks up to what those bits can hold, so
// that nothing is compared. An urn is not written to.
type urn[C Cell] struct {
	cells   []C
	entries int
	blank   C // the number of kinds of cells
}

// newUrn takes the cells of the training entries, each below kinds, which fits C.
func newUrn[C, From Cell](cells []From, kinds int) *urn[C] {
	u := &urn[C]{cells: make([]C, int(numpyrand.Mask(uint32(len(cells)-1)))+1), entries: len(cells), blank: C(kinds)}
	for i, c := range cells {
		u.cells[i] = C(c)
	}
	for i := len(cells); i < len(u.cells); i++ {
		u.cells[i] = u.blank
	}
	return u
}

// drawer is the bootstrap of an urn.
type drawer[C Cell] struct {
	*urn[C]
	drawn  int             // entries for a tree
	counts [lanes][]uint32 // by cell, blanks too; all but the first nil beyond laneCells

	// draws by bucket, of which there are none below bucketFrom
	offsets []uint16
	fill    []int
	size    int // draws that one bucket holds
}

func newDrawer[C Cell](u *urn[C], drawn int) *drawer[C] {
	d := &drawer[C]{urn: u, drawn: drawn}
	d.counts[0] = make([]uint32, int(u.blank)+1)
	if int(u.blank) <= laneCells {
		for i := 1; i < lanes; i++ {
			d.counts[i] = make([]uint32, int(u.blank)+1)
		}
	}
	d.setBuckets(u.entries >= bucketFrom)
	return d
}

// setBuckets switches between looking draws up at once and collecting them.
// The counts are the same.
func (d *drawer[C]) setBuckets(on bool) {
	d.offsets, d.fill = nil, nil
	if on {
		buckets := (len(d.cells)-1)>>bucketBits + 1
		d.size = min(bucketDraws, bufferDraws/buckets)
		d.offsets = make([]uint16, buckets*d.size)
		d.fill = make([]int, buckets)
	}
}

func (d *drawer[C]) draw(ctx context.Context, seed uint32) ([]uint32, error) {
	for _, lane := range d.counts {
		clear(lane)
	}
	counts := d.counts[0]
	if d.entries == 1 { // the only bound for which RandomState draws nothing
		counts[d.cells[0]]++
		return counts[:d.blank], nil
	}
	var rng numpyrand.MT19937
	rng.Seed(seed)
	missing := d.drawn
	for missing >= numpyrand.BlockSize {
		// So many blocks are needed even if none of their words is a blank.
		blocks, blanks := missing/numpyrand.BlockSize, d.blanks()
		for block := range blocks {
			if block%cancelBlocks == 0 {
				if err := ctx.Err(); err != nil {
					clear(d.fill)
					return nil, err
				}
			}
			if d.fill == nil {
				d.count(rng.Block())
			} else {
				d.collect(rng.Block())
			}
		}
		for bucket := range d.fill {
			d.flush(bucket)
		}
		missing -= blocks*numpyrand.BlockSize - (d.blanks() - blanks)
	}
	for ; missing > 0; missing-- {
		counts[d.cells[rng.Below(uint32(d.entries))]]++
	}
	for _, lane := range d.counts[1:] {
		for cell, n := range lane {
			counts[cell] += n
		}
	}
	return counts[:d.blank], nil
}

// blanks returns how many blanks were met.
func (d *drawer[C]) blanks() (n int) {
	for _, lane := range d.counts {
		if lane != nil {
			n += int(lane[d.blank])
		}
	}
	return n
}

// count counts the cells of a block of draws. All are looked up before any is counted:
// as long as a processor does not know which counter changes it reads no other ahead. What
// is looked up is kept in 32 bits: stores of 16 take longer (BenchmarkBootstrap).
func (d *drawer[C]) count(words *[numpyrand.BlockPairs]uint64) {
	var met [numpyrand.BlockSize]uint32
	cells := d.cells
	mask := uint32(len(cells) - 1)
	for i, pair := range words {
		met[2*i] = uint32(cells[uint32(pair)&mask])
		met[2*i+1] = uint32(cells[uint32(pair>>32)&mask])
	}
	tally(&d.counts, met[:])
}

// tally counts cells.
func tally(counts *[lanes][]uint32, cells []uint32) {
	counts0, counts1, counts2, counts3 := counts[0], counts[1], counts[2], counts[3]
	if counts1 == nil {
		for _, c := range cells {
			counts0[c]++
		}
		return
	}
	for len(cells) >= lanes {
		counts0[cells[0]]++
		counts1[cells[1]]++
		counts2[cells[2]]++
		counts3[cells[3]]++
		cells = cells[lanes:]
	}
	for _, c := range cells {
		counts0[c]++
	}
}

// collect puts draws into their buckets and counts those that become full.
func (d *drawer[C]) collect(words *[numpyrand.BlockPairs]uint64) {
	offsets, fill, size := d.offsets, d.fill, d.size
	mask := uint32(len(d.cells) - 1)
	for _, pair := range words {
		for _, e := range [2]uint32{uint32(pair) & mask, uint32(pair>>32) & mask} {
			bucket := int(e >> bucketBits)
			at := fill[bucket]
			offsets[bucket*size+at] = uint16(e)
			at++
			fill[bucket] = at
			if at == size {
				d.flush(bucket)
			}
		}
	}
}

// flush counts the draws of one bucket.
func (d *drawer[C]) flush(bucket int) {
	from := bucket * d.size
	draws := d.offsets[from : from+d.fill[bucket]]
	d.fill[bucket] = 0
	cells := d.cells[bucket<<bucketBits:]
	var met [numpyrand.BlockSize]uint32
	for len(draws) > 0 {
		n := min(len(draws), len(met))
		for i, e := range draws[:n] {
			met[i] = uint32(cells[e])
		}
		tally(&d.counts, met[:n])
		draws = draws[n:]
	}
}
