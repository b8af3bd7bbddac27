package store

// Groups lists the entries of each connection in order of the log: a counting
// sort of the entry indices, 4 bytes an entry.
type Groups struct {
	start   []uint32 // start[c] is where connection c's entries begin; one more at the end
	entries []uint32
}

// GroupByConnection groups the entries of a view whose connections have the
// indices 0 to connections-1.
func GroupByConnection(v View, connections int) Groups {
	g := Groups{start: make([]uint32, connections+1), entries: make([]uint32, v.Len())}
	for s := range v.Spans() {
		for _, c := range v.Span(s).Connection {
			g.start[c+1]++
		}
	}
	for c := range connections {
		g.start[c+1] += g.start[c]
	}
	next := append([]uint32(nil), g.start[:connections]...)
	for s := range v.Spans() {
		span := v.Span(s)
		for j, c := range span.Connection {
			g.entries[next[c]] = uint32(span.First + j)
			next[c]++
		}
	}
	return g
}

// Len returns the number of connections.
func (g Groups) Len() int { return max(0, len(g.start)-1) }

// Entries returns the indices of connection c's entries, ascending. The slice
// must not be written to.
func (g Groups) Entries(c int) []uint32 { return g.entries[g.start[c]:g.start[c+1]:g.start[c+1]] }
