package list

import (
	"iter"
	"math/bits"
	"slices"
)

// Marks is an immutable set of rows. It is a bitmap in chunks: a change copies
// the chunks that it touches and no others, so that one mark more costs the same
// beside ten million. The zero value is empty.
type Marks struct {
	chunks []*chunk // nil for a chunk without a mark
	n      int
}

// chunkRows is the rows of a chunk: of ten million rows, there are 300 chunks.
const chunkRows = 1 << 15

type chunk struct {
	words [chunkRows / 64]uint64
	n     int
}

// full is a chunk of which all rows are marked; nobody writes to it.
var full = func() *chunk {
	c := &chunk{n: chunkRows}
	for i := range c.words {
		c.words[i] = ^uint64(0)
	}
	return c
}()

// Len returns how many rows are marked.
func (m Marks) Len() int { return m.n }

// Has reports whether a row is marked.
func (m Marks) Has(row int) bool {
	c := row / chunkRows
	return row >= 0 && c < len(m.chunks) && m.chunks[c] != nil && m.chunks[c].words[row%chunkRows/64]>>(row%64)&1 == 1
}

// Rows yields every marked row, ascending.
func (m Marks) Rows() iter.Seq[int] {
	return func(yield func(row int) bool) {
		for k, c := range m.chunks {
			if c == nil {
				continue
			}
			for w, word := range c.words {
				for ; word != 0; word &= word - 1 {
					if !yield(k*chunkRows + w*64 + bits.TrailingZeros64(word)) {
						return
					}
				}
			}
		}
	}
}

// Same reports whether no mark has been changed between two sets. It compares by
// identity: a change makes new chunks.
func (m Marks) Same(o Marks) bool { return m.n == o.n && slices.Equal(m.chunks, o.chunks) }

// equal reports whether two sets have the same rows.
func (m Marks) equal(o Marks) bool {
	if m.n != o.n {
		return false
	}
	for row := range m.Rows() {
		if !o.Has(row) {
			return false
		}
	}
	return true
}

// Ranges returns the marked rows as ascending ranges, the second not included;
// false where there are more than most.
func (m Marks) Ranges(most int) (ranges [][2]int, ok bool) {
	add := func(from, to int) {
		if last := len(ranges) - 1; last >= 0 && ranges[last][1] == from {
			ranges[last][1] = to
		} else {
			ranges = append(ranges, [2]int{from, to})
		}
	}
	for k, c := range m.chunks {
		switch {
		case c == nil:
			continue
		case c.n == chunkRows:
			add(k*chunkRows, (k+1)*chunkRows)
			continue
		}
		for row := k * chunkRows; row < (k+1)*chunkRows && len(ranges) <= most; row++ {
			if m.Has(row) {
				add(row, row+1)
			}
		}
	}
	return ranges, len(ranges) <= most
}

// Toggle marks a row, or takes its mark away.
func (m Marks) Toggle(row int) Marks {
	e := m.edit()
	if m.Has(row) {
		e.remove(row)
	} else {
		e.add(row)
	}
	return e.marks
}

// Add marks the rows from to to-1.
func (m Marks) Add(from, to int) Marks {
	e := m.edit()
	for row := from; row < to; {
		if row%chunkRows == 0 && to-row >= chunkRows {
			e.fill(row / chunkRows)
			row += chunkRows
			continue
		}
		e.add(row)
		row++
	}
	return e.marks
}

// union is the rows of both.
func (m Marks) union(o Marks) Marks {
	if m.n == 0 {
		return o
	}
	e := m.edit()
	for k, c := range o.chunks {
		switch {
		case c == nil:
		case k >= len(e.marks.chunks) || e.marks.chunks[k] == nil:
			for k >= len(e.marks.chunks) {
				e.marks.chunks = append(e.marks.chunks, nil)
			}
			e.marks.chunks[k] = c
			e.marks.n += c.n
		default:
			mine := e.chunk(k)
			e.marks.n -= mine.n
			mine.n = 0
			for w := range mine.words {
				mine.words[w] |= c.words[w]
				mine.n += bits.OnesCount64(mine.words[w])
			}
			e.marks.n += mine.n
		}
	}
	return e.marks
}

// editor changes a copy of marks; chunks are copied before they are written to.
type editor struct {
	marks Marks
	own   map[int]bool
}

func (m Marks) edit() editor {
	return editor{Marks{append([]*chunk(nil), m.chunks...), m.n}, map[int]bool{}}
}

// chunk returns a chunk that may be written to.
func (e *editor) chunk(k int) *chunk {
	for k >= len(e.marks.chunks) {
		e.marks.chunks = append(e.marks.chunks, nil)
	}
	if !e.own[k] {
		e.own[k] = true
		c := &chunk{}
		if old := e.marks.chunks[k]; old != nil {
			*c = *old
		}
		e.marks.chunks[k] = c
	}
	return e.marks.chunks[k]
}

func (e *editor) add(row int) {
	if e.marks.Has(row) {
		return
	}
	c := e.chunk(row / chunkRows)
	c.words[row%chunkRows/64] |= 1 << (row % 64)
	c.n++
	e.marks.n++
}

func (e *editor) remove(row int) {
	if !e.marks.Has(row) {
		return
	}
	c := e.chunk(row / chunkRows)
	c.words[row%chunkRows/64] &^= 1 << (row % 64)
	c.n--
	e.marks.n--
}

// fill marks all rows of a chunk.
func (e *editor) fill(k int) {
	before := 0
	if k < len(e.marks.chunks) && e.marks.chunks[k] != nil {
		before = e.marks.chunks[k].n
	}
	for k >= len(e.marks.chunks) {
		e.marks.chunks = append(e.marks.chunks, nil)
	}
	e.marks.chunks[k] = full
	delete(e.own, k)
	e.marks.n += chunkRows - before
}
