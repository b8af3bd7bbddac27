package store

// Lists are a list of items for each key, in 4 bytes an item and 4 a key.
type Lists struct {
	start []uint32 // start[k] is where the items of key k begin; one more at the end
	items []uint32
}

// NewLists lists items by keys from 0 to keys-1. each yields the key of every item, and
// the item; it is called twice, and the items of a key keep the order.
func NewLists(keys int, each func(yield func(key, item uint32) bool)) Lists {
	l := Lists{start: make([]uint32, keys+1)}
	for key := range each {
		l.start[key+1]++
	}
	l.counted()
	for key, item := range each {
		l.put(key, item)
	}
	l.filled()
	return l
}

// counted makes room for the items, which were counted one key further on; until filled,
// start is where the next item of a key goes.
func (l *Lists) counted() {
	for k := range l.Len() {
		l.start[k+1] += l.start[k]
	}
	l.items = make([]uint32, l.start[l.Len()])
}

func (l *Lists) put(key, item uint32) {
	l.items[l.start[key]] = item
	l.start[key]++ // in the end where the next key begins
}

func (l *Lists) filled() {
	copy(l.start[1:], l.start)
	l.start[0] = 0
}

// Len returns the number of keys.
func (l Lists) Len() int { return max(0, len(l.start)-1) }

// Of returns the items of a key. The slice must not be written to.
func (l Lists) Of(key int) []uint32 { return l.items[l.start[key]:l.start[key+1]:l.start[key+1]] }

// Groups lists the entries of each connection in order of the log.
type Groups struct{ Lists }

// GroupByConnection groups the entries of a view whose connections have the
// indices 0 to connections-1.
func GroupByConnection(v View, connections int) Groups {
	l := Lists{start: make([]uint32, connections+1)} // NewLists, without a call per entry
	for s := range v.Spans() {
		for _, c := range v.Span(s).Connection {
			l.start[c+1]++
		}
	}
	l.counted()
	for s := range v.Spans() {
		span := v.Span(s)
		for j, c := range span.Connection {
			l.put(c, uint32(span.First+j))
		}
	}
	l.filled()
	return Groups{l}
}

// Entries returns the indices of connection c's entries, ascending. The slice
// must not be written to.
func (g Groups) Entries(c int) []uint32 { return g.Of(c) }
