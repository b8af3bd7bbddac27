package message

import (
	"context"

	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
)

// Rows is an immutable ascending selection of indices: a filter's result. Its
// methods cost the same for ten entries and for ten million.
type Rows interface {
	Len() int
	// At returns the k-th index, 0 <= k < Len.
	At(k int) int
	// Find returns the position of index i; where i is not selected, the
	// position of the next index that is (Len if there is none) and false.
	Find(i int) (k int, ok bool)
}

// All is the selection of the indices 0 to n-1.
type All int

// Len returns n.
func (n All) Len() int { return int(n) }

// At returns k.
func (n All) At(k int) int { return k }

// Find returns i, bounded by n.
func (n All) Find(i int) (int, bool) {
	if i >= 0 && i < int(n) {
		return i, true
	}
	return max(0, min(i, int(n))), false
}

// Target is what labels and notes will be given to: the connection under the
// cursor, or all marked ones. The zero Target is nothing.
type Target struct {
	// Text is what is meant, before it happens: "connection 2557",
	// "12 marked connections".
	Text string
	// Brief is the same where there is little room: "all 12 of incident A"; empty for
	// Text.
	Brief string
	// Connections returns the indices, ascending and each once. It runs in the
	// background on the snapshot it was made from: a million rows may be
	// marked.
	Connections func(ctx context.Context) ([]int, error)
	// Snapshot is the snapshot that the indices belong to.
	Snapshot *pipeline.Snapshot

	// Source is by what a label is given through the target.
	Source label.Source
	// Entry is the entry under the cursor plus one, 0 for none.
	Entry int
	// Named is the connection plus one that a row of several is named after, 0 for none.
	Named int

	single int // index+1 of the connection that One was made of
}

// One is the target of a single connection.
func One(s *pipeline.Snapshot, connection int) Target {
	return Target{
		Text:        "connection " + s.Connections.Name(connection),
		Snapshot:    s,
		Source:      label.ByKey,
		single:      connection + 1,
		Connections: func(context.Context) ([]int, error) { return []int{connection}, nil },
	}
}

// Empty reports whether the target is nothing.
func (t Target) Empty() bool { return t.Connections == nil }

// Connection returns the index of the connection of a target made by One.
func (t Target) Connection() (int, bool) { return t.single - 1, t.single > 0 }

// Refs returns the connections of the target as labels name them.
func (t Target) Refs(ctx context.Context) ([]label.Ref, error) {
	indices, err := t.Connections(ctx)
	if err != nil {
		return nil, err
	}
	refs := make([]label.Ref, len(indices))
	for i, c := range indices {
		refs[i] = t.Snapshot.Connections.Ref(c)
	}
	return refs, nil
}

// Single returns the connection of a target that One has made.
func (t Target) Single() (label.Ref, bool) {
	if t.single == 0 {
		return label.Ref{}, false
	}
	return t.Snapshot.Connections.Ref(t.single - 1), true
}

// Taken is the target of what is marked, which text names. Each calls add with the
// connection of every one of these rows, in any order and as often as it likes; it
// runs in the background, on values that nobody changes.
func Taken(s *pipeline.Snapshot, text string, each func(ctx context.Context, add func(connection int)) error) Target {
	return Target{
		Text:     text,
		Snapshot: s,
		Source:   label.ByRange,
		Connections: func(ctx context.Context) ([]int, error) {
			marked := make([]bool, s.Connections.Len())
			if err := each(ctx, func(connection int) { marked[connection] = true }); err != nil {
				return nil, err
			}
			var out []int
			for c, ok := range marked {
				if ok {
					out = append(out, c)
				}
			}
			return out, ctx.Err()
		},
	}
}
