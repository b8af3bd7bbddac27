package drain

import "slices"

// published is what a Miner hands out in snapshots. Slices are shared with
// snapshots as far as they are only appended to.
type published struct {
	lines  int64    // so far
	texts  []string // by cluster: template
	groups []uint32 // by cluster
	firsts []int64  // by cluster: number of its first line
	counts []int64  // by cluster: lines

	// textsShared: a snapshot reads texts, so it must be copied before an element
	// changes. Templates soon stop changing, counts never do.
	textsShared bool
}

func (p *published) add(group uint32, text string) {
	p.texts = append(p.texts, text)
	p.groups = append(p.groups, group)
	p.firsts = append(p.firsts, p.lines)
	p.counts = append(p.counts, 1)
	p.lines++
}

func (p *published) count(id int32) {
	p.counts[id]++
	p.lines++
}

func (p *published) setText(id int32, text string) {
	if p.textsShared {
		p.texts = slices.Clone(p.texts)
		p.textsShared = false
	}
	p.texts[id] = text
}

// A Snapshot is the state of a Miner at one moment. It does not change, and any
// goroutine may read it.
type Snapshot struct {
	texts  []string
	groups []uint32
	firsts []int64
	counts []int64
}

// Snapshot returns the present state. It copies eight bytes per cluster, and 16
// more if templates have changed since the last one.
func (m *Miner) Snapshot() Snapshot {
	p := &m.published
	p.textsShared = true
	return Snapshot{p.texts, p.groups, p.firsts, slices.Clone(p.counts)}
}

// Group returns the group of a cluster; see [Miner.AddGroup].
func (s Snapshot) Group(id int32) uint32 { return s.groups[id] }

// An Event is a template text with all lines of all clusters that have it.
type Event struct {
	ID          string // EventID of Template
	Template    string
	Occurrences int64 // lines
	First       int64 // number of the first line, from 0
}

// Events merges clusters with equal templates, of whatever group, and returns the
// templates in order of first appearance by line, as logparser lists them. The
// second value maps cluster ids to indices of the first.
func (s Snapshot) Events() ([]Event, []int32) {
	index := make(map[string]int32)
	var events []Event
	of := make([]int32, len(s.texts))
	// A cluster is made at its first line, so ids are in order of first lines.
	for id, text := range s.texts {
		at, ok := index[text]
		if !ok {
			at = int32(len(events))
			index[text] = at
			events = append(events, Event{ID: EventID(text), Template: text, First: s.firsts[id]})
		}
		events[at].Occurrences += s.counts[id]
		of[id] = at
	}
	return events, of
}
