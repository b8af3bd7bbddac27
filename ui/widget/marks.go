package widget

import (
	"iter"
	"slices"
	"sort"
)

// Marks is a set of row positions as ranges, so that marking ten million rows
// costs what marking one does. The zero value is empty. It is a value: methods
// that change it return the changed set.
type Marks struct {
	ranges []span // ascending, disjoint, not touching
	n      int
}

type span struct{ from, to int } // to is not included

// MarksOf marks some rows, given in any order. Adding them one by one would cost
// the square of their number.
func MarksOf(rows []int) Marks {
	if !slices.IsSorted(rows) {
		rows = slices.Sorted(slices.Values(rows))
	}
	var ranges []span
	for _, row := range rows {
		if last := len(ranges) - 1; last >= 0 && row <= ranges[last].to {
			ranges[last].to = row + 1
		} else {
			ranges = append(ranges, span{row, row + 1})
		}
	}
	return counted(ranges)
}

// Len returns how many rows are marked.
func (m Marks) Len() int { return m.n }

// Has reports whether row i is marked.
func (m Marks) Has(i int) bool {
	k := sort.Search(len(m.ranges), func(k int) bool { return m.ranges[k].to > i })
	return k < len(m.ranges) && m.ranges[k].from <= i
}

// Add marks the rows from to to-1.
func (m Marks) Add(from, to int) Marks {
	if from >= to {
		return m
	}
	lo := sort.Search(len(m.ranges), func(k int) bool { return m.ranges[k].to >= from })
	hi := sort.Search(len(m.ranges), func(k int) bool { return m.ranges[k].from > to })
	if lo < hi {
		from, to = min(from, m.ranges[lo].from), max(to, m.ranges[hi-1].to)
	}
	return counted(slices.Concat(m.ranges[:lo], []span{{from, to}}, m.ranges[hi:]))
}

// Remove takes the marks of the rows from to to-1 away.
func (m Marks) Remove(from, to int) Marks {
	if from >= to {
		return m
	}
	var out []span
	for _, r := range m.ranges {
		if r.from < min(from, r.to) {
			out = append(out, span{r.from, min(from, r.to)})
		}
		if max(to, r.from) < r.to {
			out = append(out, span{max(to, r.from), r.to})
		}
	}
	return counted(out)
}

// Toggle marks row i, or takes its mark away.
func (m Marks) Toggle(i int) Marks {
	if m.Has(i) {
		return m.Remove(i, i+1)
	}
	return m.Add(i, i+1)
}

// Each calls f with every range of marked rows, to not included, ascending,
// until f returns false.
func (m Marks) Each(f func(from, to int) bool) {
	for _, r := range m.ranges {
		if !f(r.from, r.to) {
			return
		}
	}
}

// Rows yields every marked row, ascending.
func (m Marks) Rows() iter.Seq[int] {
	return func(yield func(row int) bool) {
		for _, r := range m.ranges {
			for i := r.from; i < r.to; i++ {
				if !yield(i) {
					return
				}
			}
		}
	}
}

func counted(ranges []span) Marks {
	m := Marks{ranges: ranges}
	for _, r := range ranges {
		m.n += r.to - r.from
	}
	return m
}
