// Package casefile keeps what an analyst did with a log (labels, notes,
// classes, decisions, filters) in a file of its own under the user's data directory, never
// beside the log: sqleuth/cases/KEY.json, where KEY is the log's SHA-256.
//
// Open turns a file into a Case; Save turns a Case into the file, joined with
// what another program wrote meanwhile. A save is all or nothing, whenever the
// process or the machine stops.
//
// Handed.Encode turns a Case into a file for another analyst of the same log, ReadHanded
// and Join make of it a part of theirs.
package casefile

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"sqleuth/analysis/label"
)

// Case is the analyst's state of one investigation.
type Case struct {
	Labels  label.Set
	Filters []Filter
	Marks   []Marks
	Columns []Columns
}

// Columns is how the columns of one list are arranged: their names from left to
// right, with a width in cells behind a colon where they have not their own.
type Columns struct {
	List    string   `json:"list"`
	Columns []string `json:"columns"`
}

// Equal reports whether two lists have the same columns.
func (c Columns) Equal(o Columns) bool { return c.List == o.List && slices.Equal(c.Columns, o.Columns) }

// Marks is the marked rows of one list, by number, or by name where rows have no
// number of their own. Both are of a reading of the log, and mean nothing in another.
type Marks struct {
	List    string   `json:"list"`            // "connections", "entries", "templates"
	Reading string   `json:"reading"`         // "default", "notebook"
	Ranges  [][2]int `json:"ranges,omitzero"` // rows, counted from 0, the second not included; ascending, apart
	Names   []string `json:"names,omitzero"`  // ascending
}

// Equal reports whether two lists have the same marks.
func (m Marks) Equal(o Marks) bool {
	return m.List == o.List && m.Reading == o.Reading && slices.Equal(m.Ranges, o.Ranges) && slices.Equal(m.Names, o.Names)
}

// compare orders by what list of which reading is marked.
func (m Marks) compare(o Marks) int {
	return cmp.Or(cmp.Compare(m.List, o.List), cmp.Compare(m.Reading, o.Reading))
}

// union returns what is marked in either.
func (m Marks) union(o Marks) Marks {
	u := Marks{List: m.List, Reading: m.Reading}
	ranges := slices.Concat(m.Ranges, o.Ranges)
	slices.SortFunc(ranges, func(a, b [2]int) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, r := range ranges {
		if n := len(u.Ranges); n > 0 && r[0] <= u.Ranges[n-1][1] {
			u.Ranges[n-1][1] = max(u.Ranges[n-1][1], r[1])
			continue
		}
		u.Ranges = append(u.Ranges, r)
	}
	u.Names = slices.Concat(m.Names, o.Names)
	slices.Sort(u.Names)
	u.Names = slices.Compact(u.Names)
	return u
}

// Len returns how many rows are marked.
func (m Marks) Len() int {
	n := len(m.Names)
	for _, r := range m.Ranges {
		n += r[1] - r[0]
	}
	return n
}

// valid reports whether ranges are ascending and apart.
func (m Marks) valid() bool {
	end := -1
	for _, r := range m.Ranges {
		if r[0] <= end || r[1] <= r[0] {
			return false
		}
		end = r[1]
	}
	return true
}

// Filter is one entry of the filter list.
type Filter struct {
	Term string `json:"term"` // as typed, UTF-8
	On   bool   `json:"on"`
}

// Key names the log that a case is about.
type Key [sha256.Size]byte

// KeyOf returns the key of a log from the SHA-256 digests of its raw files (as
// they lie on disk, before decompression). One file's key is its digest. The
// key of several is the SHA-256 of their digests, 32 bytes each, one after the
// other in the order of the timeline: server runs are numbered along it, so
// another order is another case.
func KeyOf(digests ...[sha256.Size]byte) Key {
	if len(digests) == 1 {
		return digests[0]
	}
	h := sha256.New()
	for _, d := range digests {
		h.Write(d[:])
	}
	return Key(h.Sum(nil))
}

// String returns 64 lower-case hexadecimal digits.
func (k Key) String() string { return hex.EncodeToString(k[:]) }

// merge joins two cases that grew out of base. Filters are one value, and so are marks
// and columns: the list of the side that changed it, ours where both did.
func merge(base, ours, theirs Case) (Case, []label.Ref) {
	merged := Case{Filters: ours.Filters, Marks: ours.Marks, Columns: ours.Columns}
	if slices.Equal(base.Filters, ours.Filters) {
		merged.Filters = theirs.Filters
	}
	if slices.EqualFunc(base.Marks, ours.Marks, Marks.Equal) {
		merged.Marks = theirs.Marks
	}
	if slices.EqualFunc(base.Columns, ours.Columns, Columns.Equal) {
		merged.Columns = theirs.Columns
	}
	var conflicts []label.Ref
	merged.Labels, conflicts = label.Merge(base.Labels, ours.Labels, theirs.Labels)
	return merged, conflicts
}
