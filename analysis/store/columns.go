package store

import (
	"math"
	"slices"
	"sort"
)

// chunkBits sets the entries per chunk: 65,536 entries of 20 bytes are
// 1.25 MiB, small against a large log and large against the cost of a chunk.
const (
	chunkBits = 16
	chunkLen  = 1 << chunkBits
	chunkMask = chunkLen - 1
)

// Entry is what the columns hold of one log entry.
type Entry struct {
	Offset     int64  // of its first byte in the decompressed log
	Time       int64  // microseconds since 1970-01-01T00:00:00Z, NoTime for none
	Connection uint32 // index into the connections of the same snapshot
	Row        uint32 // index into Rows of the same view
}

type chunk struct {
	base   int64            // offset of the first entry
	offset [chunkLen]uint32 // from base
	far    *[chunkLen]int64 // from base, where that takes more than 32 bits; else nil
	time   [chunkLen]int64
	conn   [chunkLen]uint32
	row    [chunkLen]uint32
}

// offsetOf returns the offset of an entry of the chunk.
func (k *chunk) offsetOf(i int) int64 {
	if k.far != nil {
		return k.base + k.far[i]
	}
	return k.base + int64(k.offset[i])
}

// spread returns a copy of a chunk of n entries that has room for any offsets.
func (k *chunk) spread(n int) *chunk {
	out := *k
	out.far = new([chunkLen]int64)
	for i := range n {
		out.far[i] = int64(k.offset[i])
	}
	return &out
}

// Columns is the writer's side. It is not safe for concurrent use; views are.
type Columns struct {
	chunks []*chunk
	n      int
	lo, hi int64 // earliest and latest time; lo > hi for none
	// untimed are the bounds of the runs of entries without a time: where one
	// begins, where it ends, in turn. It only ever grows at its end, so that views
	// can share it.
	untimed []int
}

// Append adds one entry and returns its index.
func (c *Columns) Append(e Entry) int {
	i := c.n & chunkMask
	if i == 0 {
		c.chunks = append(c.chunks, new(chunk))
		if c.n == 0 {
			c.lo, c.hi = math.MaxInt64, math.MinInt64
		}
	}
	if inside := len(c.untimed)&1 != 0; inside != (e.Time == NoTime) {
		c.untimed = append(c.untimed, c.n)
	}
	if e.Time != NoTime {
		c.lo, c.hi = min(c.lo, e.Time), max(c.hi, e.Time)
	}
	k := c.chunks[len(c.chunks)-1]
	if i == 0 {
		k.base = e.Offset
	}
	from := e.Offset - k.base
	if k.far == nil && from != int64(uint32(from)) {
		k = k.spread(i)
		c.chunks = append(slices.Clone(c.chunks[:len(c.chunks)-1]), k) // views have the old ones
	}
	if k.far != nil {
		k.far[i] = from
	}
	k.offset[i], k.time[i], k.conn[i], k.row[i] = uint32(from), e.Time, e.Connection, e.Row
	c.n++
	return c.n - 1
}

// Len returns the number of entries appended so far.
func (c *Columns) Len() int { return c.n }

// View returns the entries appended so far as a value nobody writes to again.
func (c *Columns) View() View {
	return View{chunks: c.chunks[:len(c.chunks):len(c.chunks)], n: c.n, lo: c.lo, hi: c.hi, untimed: c.untimed[:len(c.untimed):len(c.untimed)]}
}

// View is an immutable prefix of the columns. The zero View is empty.
type View struct {
	chunks  []*chunk
	n       int
	lo, hi  int64
	untimed []int
}

// Len returns the number of entries.
func (v View) Len() int { return v.n }

// Times returns the earliest and the latest time of all entries that have one,
// which need not be those of the first and the last one; false where none has.
func (v View) Times() (earliest, latest int64, ok bool) {
	if v.n == 0 || v.lo > v.hi {
		return 0, 0, false
	}
	return v.lo, v.hi, true
}

// Untimed returns the number of entries without a time.
func (v View) Untimed() int {
	n := 0
	for k := 0; k < len(v.untimed); k += 2 {
		end := v.n
		if k+1 < len(v.untimed) {
			end = v.untimed[k+1]
		}
		n += end - v.untimed[k]
	}
	return n
}

// TimedFrom returns the first entry from i on that has a time, false for none.
func (v View) TimedFrom(i int) (int, bool) {
	k := sort.SearchInts(v.untimed, i+1) // bounds up to i
	if k&1 != 0 {
		if k == len(v.untimed) {
			return v.n, false
		}
		i = v.untimed[k]
	}
	return i, i < v.n
}

// TimedBefore returns the last entry before i that has a time, false for none.
func (v View) TimedBefore(i int) (int, bool) {
	i--
	if k := sort.SearchInts(v.untimed, i+1); k&1 != 0 {
		i = v.untimed[k-1] - 1
	}
	return i, i >= 0
}

// At returns entry i, 0 <= i < Len.
func (v View) At(i int) Entry {
	k, j := v.chunks[i>>chunkBits], i&chunkMask
	return Entry{k.offsetOf(j), k.time[j], k.conn[j], k.row[j]}
}

// Offset returns the offset of entry i's first byte.
func (v View) Offset(i int) int64 { return v.chunks[i>>chunkBits].offsetOf(i & chunkMask) }

// Time returns entry i's time in microseconds since 1970 UTC, NoTime for none.
func (v View) Time(i int) int64 { return v.chunks[i>>chunkBits].time[i&chunkMask] }

// Connection returns the index of entry i's connection.
func (v View) Connection(i int) uint32 { return v.chunks[i>>chunkBits].conn[i&chunkMask] }

// Row returns the index of entry i's distinct row.
func (v View) Row(i int) uint32 { return v.chunks[i>>chunkBits].row[i&chunkMask] }

// Span is a run of consecutive entries as plain slices, for loops over a whole
// log that cannot afford an index computation per entry.
type Span struct {
	First      int // index of the first entry
	Time       []int64
	Connection []uint32
	Row        []uint32
}

// SpanLen is the number of entries in each span but the last: span s begins at
// entry s*SpanLen.
const SpanLen = chunkLen

// Spans returns how many spans the view has; their entries follow each other.
func (v View) Spans() int { return (v.n + chunkLen - 1) >> chunkBits }

// Span returns span s, 0 <= s < Spans. The slices must not be written to.
func (v View) Span(s int) Span {
	k, first := v.chunks[s], s<<chunkBits
	m := min(chunkLen, v.n-first)
	return Span{first, k.time[:m:m], k.conn[:m:m], k.row[:m:m]}
}
