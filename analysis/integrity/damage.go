package integrity

import (
	"fmt"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

const (
	// hugeEntry is the size from which on an entry is asked whether it is made of
	// what a broken stream was inflated to.
	hugeEntry = 1 << 20
	// beyondLargest is how many times larger than every entry before it that is.
	beyondLargest = 4
)

// damaged adds a finding about a file that could not be read whole, or not
// rightly. Text that no checksum confirms is worse than text that is missing.
func (c *check) damaged(f *loaded.File) {
	finding := Finding{Kind: Damaged, Severity: rule.Medium, Count: 1, Summary: fmt.Sprintf("%s: %s", wording.Name(f.Name), f.Damaged())}
	var at []int
	for _, r := range f.Doubtful() {
		finding.Severity = rule.High
		i, size := c.outOfSize(f.Base+r.From, f.Base+r.To)
		if i < 0 || len(at) > 0 && at[len(at)-1] >= i {
			continue
		}
		at = append(at, i)
		finding.Summary += fmt.Sprintf("; entry %d has %d bytes: the damage may begin there, or before", i+1, size)
	}
	c.add(finding, at...)
}

// outOfSize returns the first entry between two offsets that is huge beside all
// before it there, -1 for none. A statement in which text and garbage run
// together hardly ever ends.
func (c *check) outOfSize(from, to int64) (i int, size int64) {
	largest := int64(0)
	for i, n := c.entryBehind(from), c.Entries.Len(); i < n && c.Entries.Offset(i) < to; i++ {
		end := to
		if i+1 < n {
			end = min(end, c.Entries.Offset(i+1))
		}
		size := end - c.Entries.Offset(i)
		if size >= hugeEntry && size >= beyondLargest*largest {
			return i, size
		}
		largest = max(largest, size)
	}
	return -1, 0
}
