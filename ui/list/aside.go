package list

import (
	"regexp"
	"sort"

	"sqleuth/ui/message"
)

// An Aside describes lines that are between the rows and are none: the cursor can be
// on one, but it is never marked, labelled or counted. They are shown where all rows
// are, in their own order. An aside is an index into the data, as a row is; where
// either can be meant, aside k is ^k.
type Aside[D any] struct {
	Name string // what one is called: "message"
	Len  func(d D) int
	// Next is the row that follows aside k, Len of the rows for behind the last;
	// it never falls as k grows, and that of an aside never changes.
	Next func(d D, k int) int
	// Match returns a test of asides, for a search.
	Match func(d D, re *regexp.Regexp) func(k int) bool
	// Copy is what y copies of an aside.
	Copy func(d D, k int) message.Copy
}

// asides are those among the rows that are shown.
type asides struct {
	n    int
	next func(k int) int
}

// among returns the asides among ascending rows: none where a filter leaves some.
func (a *Aside[D]) among(d D, set message.Rows) asides {
	all, ok := set.(message.All)
	if a == nil || !ok || all == 0 {
		return asides{}
	}
	next := func(k int) int { return a.Next(d, k) }
	// The data may know a later log than the filters have seen.
	return asides{sort.Search(a.Len(d), func(k int) bool { return next(k) > int(all) }), next}
}

// before returns how many asides are before a position.
func (a asides) before(position int) int {
	return sort.Search(a.n, func(k int) bool { return a.position(k) >= position })
}

// position is where aside k is shown.
func (a asides) position(k int) int { return a.next(k) + k }

// behind returns the position of the row that would be at k without asides.
func (a asides) behind(k int) int {
	return k + sort.Search(a.n, func(j int) bool { return a.next(j) > k })
}

// CurrentAside returns the aside under the cursor, false where there is none.
func (l *List[D]) CurrentAside() (k int, ok bool) {
	if l.cursor >= l.rows.len() {
		return 0, false
	}
	row := l.rows.at(l.cursor)
	return ^row, row < 0
}
