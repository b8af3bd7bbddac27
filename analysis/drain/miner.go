package drain

import (
	"math"
)

// A Miner sorts lines into clusters. It is not safe for concurrent use; take a
// [Snapshot] to look at templates elsewhere.
type Miner struct {
	cfg     Config
	levels  int // leading tokens that choose the leaf
	scanner scanner

	trees    map[uint32]*tree
	lastTree *tree // of lastGroup
	lastOf   uint32

	clusters  []*cluster
	bytes     int64    // of the templates when their clusters were made
	overflow  *cluster // nil while there is room
	published published
}

// New returns a Miner without clusters. The error names the parameter that is out
// of range, or is that of [NewMasks].
func New(cfg Config) (*Miner, error) {
	if err := cfg.validate(); err != nil {
		return nil, err
	}
	masker, err := NewMasks(cfg.Masks)
	if err != nil {
		return nil, err
	}
	m := &Miner{
		cfg:     cfg,
		levels:  cfg.Depth - 3,
		scanner: scanner{masker: masker},
		trees:   make(map[uint32]*tree),
	}
	return m, nil
}

// Add takes a line and returns the id of its cluster: the number of clusters
// before it was made. It is AddGroup of group 0.
func (m *Miner) Add(line []byte) int32 { return m.AddGroup(0, line) }

// AddGroup takes a line into the tree of a group and returns the id of its
// cluster. Groups share nothing but the ids: each is mined as if it were alone.
//
// Drain searches a cluster that is similar enough, and makes one if there is
// none. Two kinds of clusters are never found again: those with no more
// tokens than levels, because Drain stores them nowhere, and those of lines with
// fewer literals than the threshold asks for, because only literals count. (A
// cluster that is found and loses literals keeps as many as have just reached the
// threshold.) In Drain each such line makes a cluster of its own, whose
// template stays the line's masked text. Here lines with equal text share one
// cluster, and no leaf holds it; event ids and templates are the same.
func (m *Miner) AddGroup(group uint32, line []byte) int32 { return m.AddHeld(group, line).id }

// Held is the answer to a line, with what it rests on: see [Miner.Again].
type Held struct {
	id          int32
	length      *lengthNode // nil: the answer holds for ever
	lengthAsOf  int         // version of length
	leaf        *leaf       // nil: no leaf was found
	leafVersion int
	joined      bool // a cluster of the leaf, so by tokens and not by the whole text
}

// ID returns the cluster that the line joined.
func (h Held) ID() int32 { return h.id }

// Again takes a line that was taken before, without looking at it: h is what
// AddHeld gave for it. It does so only if the answer must be the same, else it
// returns false and has done nothing.
//
// An answer rests on the leaf that the line finds, and on the clusters there. The
// leaf can only change when nodes are made for lines of its length, the clusters
// when one is added or loses literals; versions count both. If neither has
// happened, the same cluster wins again, and the line takes nothing from its
// template that it did not take before: right after the line has joined, all
// literals of the template are the line's, so that no other cluster can have
// become better by that.
func (m *Miner) Again(h Held) bool {
	if !m.Holds(h) {
		return false
	}
	m.published.count(h.id)
	return true
}

// Holds reports whether Again would take the line.
func (m *Miner) Holds(h Held) bool {
	return h.length == nil || h.length.version == h.lengthAsOf && (h.leaf == nil || h.leaf.version == h.leafVersion)
}

// hold returns the answer id for a line of a length that is found in a leaf, nil
// for none, as of now.
func hold(id int32, ln *lengthNode, lf *leaf) Held {
	h := Held{id: id, length: ln, lengthAsOf: ln.version, leaf: lf}
	if lf != nil {
		h.leafVersion = lf.version
	}
	return h
}

// AddHeld is AddGroup with what the answer rests on.
func (m *Miner) AddHeld(group uint32, line []byte) Held {
	text, ends := m.scanner.scan(line)
	l := scanned{text, ends}
	t := m.tree(group)
	n := len(ends)
	if n <= m.levels {
		return Held{id: m.addFixed(t, group, l)}
	}
	ln := t.length(n)
	if ln == nil {
		ln = &lengthNode{least: leastMatches(n, m.cfg.Similarity)}
		t.addLength(n, ln)
	}
	lf := ln.find(l, m.levels)
	if lf != nil {
		if c := lf.find(l, ln.least); c != nil {
			if next := c.template.generalise(l); next != c.template {
				c.template = next
				lf.version++
				m.published.setText(c.id, next.text)
			}
			m.published.count(c.id)
			h := hold(c.id, ln, lf)
			h.joined = true
			return h
		}
	}
	if l.literals() < ln.least {
		// The walk makes nodes, which use up children: it must not be left out. A
		// second walk of the same tokens would make none.
		if id, ok := t.fixed[string(text)]; ok {
			m.published.count(id)
			return hold(id, ln, lf)
		}
		lf = ln.insert(l, m.levels, m.cfg.MaxChildren)
		return hold(m.addFixed(t, group, l), ln, lf)
	}
	c := m.newCluster(group, l)
	if c == m.overflow {
		return hold(c.id, ln, lf)
	}
	lf = ln.insert(l, m.levels, m.cfg.MaxChildren)
	lf.add(c, ln.least)
	return hold(c.id, ln, lf)
}

// addFixed takes a line whose cluster no other text can join.
func (m *Miner) addFixed(t *tree, group uint32, l scanned) int32 {
	if id, ok := t.fixed[string(l.text)]; ok {
		m.published.count(id)
		return id
	}
	c := m.newCluster(group, l)
	if c == m.overflow {
		return c.id
	}
	if t.fixed == nil {
		t.fixed = make(map[string]int32)
	}
	t.fixed[c.template.text] = c.id
	return c.id
}

// newCluster makes the cluster of a line. All clusters are made here.
func (m *Miner) newCluster(group uint32, l scanned) *cluster {
	if m.overflow != nil {
		m.published.count(m.overflow.id)
		return m.overflow
	}
	if m.cfg.MaxClusters > 0 && len(m.clusters) >= m.cfg.MaxClusters || m.cfg.MaxBytes > 0 && m.bytes+int64(len(l.text)) > m.cfg.MaxBytes {
		group, l = 0, scanned{text: []byte(Overflow), ends: []int32{int32(len(Overflow))}}
		m.overflow = m.makeCluster(group, l)
		return m.overflow
	}
	return m.makeCluster(group, l)
}

func (m *Miner) makeCluster(group uint32, l scanned) *cluster {
	text := string(l.text)
	m.bytes += int64(len(text))
	c := &cluster{
		id:       int32(len(m.clusters)),
		template: newTemplate(text, append([]int32(nil), l.ends...)),
		rivalsOf: -1,
	}
	m.clusters = append(m.clusters, c)
	m.published.add(group, text)
	return c
}

func (m *Miner) tree(group uint32) *tree {
	if m.lastTree != nil && m.lastOf == group {
		return m.lastTree
	}
	t := m.trees[group]
	if t == nil {
		t = &tree{}
		m.trees[group] = t
	}
	m.lastTree, m.lastOf = t, group
	return t
}

// Full reports whether lines have gone to the cluster of [Overflow].
func (m *Miner) Full() bool { return m.overflow != nil }

// Len returns the number of clusters; ids are 0 to Len()-1.
func (m *Miner) Len() int { return len(m.clusters) }

// Template returns the template of a cluster as it is now.
func (m *Miner) Template(id int32) string { return m.clusters[id].template.text }

// leastMatches returns the least count with count/n >= similarity, in the float64
// arithmetic of the reference.
func leastMatches(n int, similarity float64) int {
	count := int(math.Ceil(similarity * float64(n)))
	for count > 0 && float64(count-1)/float64(n) >= similarity {
		count--
	}
	for float64(count)/float64(n) < similarity {
		count++
	}
	return count
}
