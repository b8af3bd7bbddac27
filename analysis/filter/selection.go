package filter

import (
	"iter"
	"math/bits"
	"sort"

	"sqleuth/analysis/store"
)

// Selection is the set of entries that match a filter, as far as a log has been
// looked through: a bitmap with a directory of counts, about n/8 bytes for n
// entries. It is immutable. A nil Selection is empty.
type Selection struct {
	chunks  []*chunk // by span of the store, nil where nothing matches
	before  []int    // by span, matches before it
	tail    *chunk   // of the span behind chunks, which was looked through in part
	hits    int
	covered int
	total   int
}

const (
	wordsPerChunk = store.SpanLen / 64
	wordsPerGroup = 16
	groups        = wordsPerChunk / wordsPerGroup
)

// A chunk holds the matches of one span.
type chunk struct {
	words [wordsPerChunk]uint64
	// ranks counts the matches before each group of words; the last count is
	// below store.SpanLen, so it fits.
	ranks [groups]uint16
	hits  int
}

// count fills in the directory.
func (c *chunk) count() {
	c.hits = 0
	for g := range c.ranks {
		c.ranks[g] = uint16(c.hits)
		for _, w := range c.words[g*wordsPerGroup : (g+1)*wordsPerGroup] {
			c.hits += bits.OnesCount64(w)
		}
	}
}

// rank returns the matches among the first n entries of the span.
func (c *chunk) rank(n int) int {
	if n == store.SpanLen {
		return c.hits
	}
	word := n >> 6
	g := word / wordsPerGroup
	r := int(c.ranks[g])
	for _, w := range c.words[g*wordsPerGroup : word] {
		r += bits.OnesCount64(w)
	}
	return r + bits.OnesCount64(c.words[word]&(1<<(n&63)-1))
}

// nth returns the position of match k, 0 <= k < hits.
func (c *chunk) nth(k int) int {
	g := groups - 1
	for low := 0; low < g; {
		mid := (low + g + 1) / 2
		if int(c.ranks[mid]) <= k {
			low = mid
		} else {
			g = mid - 1
		}
	}
	k -= int(c.ranks[g])
	for i := g * wordsPerGroup; ; i++ {
		w := c.words[i]
		if n := bits.OnesCount64(w); k >= n {
			k -= n
			continue
		}
		for range k {
			w &= w - 1
		}
		return i<<6 + bits.TrailingZeros64(w)
	}
}

// Len returns how many of the entries looked at match.
func (s *Selection) Len() int {
	if s == nil {
		return 0
	}
	return s.hits
}

// Covered returns how many entries were looked at: the first ones of the log.
func (s *Selection) Covered() int {
	if s == nil {
		return 0
	}
	return s.covered
}

// Total returns how many entries the log has.
func (s *Selection) Total() int {
	if s == nil {
		return 0
	}
	return s.total
}

// chunk returns the matches of a span, nil for none.
func (s *Selection) chunk(span int) *chunk {
	if span < len(s.chunks) {
		return s.chunks[span]
	}
	return s.tail
}

// matchesBefore returns the matches before a span.
func (s *Selection) matchesBefore(span int) int {
	if span < len(s.before) {
		return s.before[span]
	}
	if s.tail == nil {
		return s.hits
	}
	return s.hits - s.tail.hits
}

// Contains reports whether entry i was looked at and matches.
func (s *Selection) Contains(i int) bool {
	if s == nil || i < 0 || i >= s.covered {
		return false
	}
	c := s.chunk(i / store.SpanLen)
	if c == nil {
		return false
	}
	i %= store.SpanLen
	return c.words[i>>6]>>(i&63)&1 != 0
}

// Rank returns how many entries before entry i match, so that Nth(Rank(i)) is
// the first match from i on. Outside the log it counts as at its ends.
func (s *Selection) Rank(i int) int {
	switch {
	case s == nil || i <= 0:
		return 0
	case i >= s.covered:
		return s.hits
	}
	span := i / store.SpanLen
	r := s.matchesBefore(span)
	if c := s.chunk(span); c != nil {
		r += c.rank(i % store.SpanLen)
	}
	return r
}

// Nth returns the index of the entry that is match k, counted from 0, or -1
// where there is none: k < 0 or k >= Len.
func (s *Selection) Nth(k int) int {
	if s == nil || k < 0 || k >= s.hits {
		return -1
	}
	// The last span with at most k matches before it.
	span := len(s.before)
	if s.tail == nil || s.matchesBefore(span) > k {
		span = sort.SearchInts(s.before, k+1) - 1
	}
	return span*store.SpanLen + s.chunk(span).nth(k-s.matchesBefore(span))
}

// From yields the matching entries from match k on, ascending. A step costs a
// tenth of what Nth does.
func (s *Selection) From(k int) iter.Seq[int] {
	return func(yield func(int) bool) {
		first := s.Nth(k)
		if first < 0 {
			return
		}
		j := first % store.SpanLen
		keep := ^uint64(0) << (j & 63) // of the word of the first one
		for span := first / store.SpanLen; span*store.SpanLen < s.covered; span++ {
			if c := s.chunk(span); c != nil {
				for w := j >> 6; w < len(c.words); w++ {
					for word := c.words[w] & keep; word != 0; word &= word - 1 {
						if !yield(span*store.SpanLen + w<<6 + bits.TrailingZeros64(word)) {
							return
						}
					}
					keep = ^uint64(0)
				}
			}
			j = 0
		}
	}
}

// grower builds a Selection from the parts of a log in order. What snapshot
// returned stays as it was: full spans are shared and never written again, and
// the one in progress is copied.
type grower struct {
	sel  Selection // without tail and its matches
	part *chunk    // matches of the span in progress
}

// add takes the words of the next entries, up to entry end, which is the end of
// a span where full is set. words is nil for no matches; it is kept.
func (g *grower) add(words *chunk, end int, full bool) {
	switch {
	case g.part == nil:
		g.part = words
	case words != nil:
		for i, w := range words.words {
			g.part.words[i] |= w
		}
	}
	g.sel.covered = end
	if !full {
		return
	}
	if g.part != nil {
		g.part.count()
	}
	g.sel.chunks = append(g.sel.chunks, g.part)
	g.sel.before = append(g.sel.before, g.sel.hits)
	if g.part != nil {
		g.sel.hits += g.part.hits
	}
	g.part = nil
}

func (g *grower) snapshot() *Selection {
	s := g.sel
	if g.part != nil {
		tail := *g.part
		tail.count()
		s.tail = &tail
		s.hits += tail.hits
	}
	return &s
}
