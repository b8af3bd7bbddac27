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
	published published
}

// New returns a Miner without clusters. The error says which parameter is out of
// range, or is that of [NewMasks].
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
func (m *Miner) AddGroup(group uint32, line []byte) int32 {
	text, ends := m.scanner.scan(line)
	l := scanned{text, ends}
	t := m.tree(group)
	n := len(ends)
	if n <= m.levels {
		return m.addFixed(t, group, l)
	}
	ln := t.length(n)
	if ln == nil {
		ln = &lengthNode{least: leastMatches(n, m.cfg.Similarity)}
		t.addLength(n, ln)
	}
	if lf := ln.find(l, m.levels); lf != nil {
		if c := lf.find(l, ln.least); c != nil {
			if next := c.template.generalise(l); next != c.template {
				c.template = next
				lf.version++
				m.published.setText(c.id, next.text)
			}
			m.published.count(c.id)
			return c.id
		}
	}
	if l.literals() < ln.least {
		// The walk makes nodes, which use up children: it must not be left out. A
		// second walk of the same tokens would make none.
		if id, ok := t.fixed[string(text)]; ok {
			m.published.count(id)
			return id
		}
		ln.insert(l, m.levels, m.cfg.MaxChildren)
		return m.addFixed(t, group, l)
	}
	c := m.newCluster(group, l)
	ln.insert(l, m.levels, m.cfg.MaxChildren).add(c, ln.least)
	return c.id
}

// addFixed takes a line whose cluster no other text can join.
func (m *Miner) addFixed(t *tree, group uint32, l scanned) int32 {
	if id, ok := t.fixed[string(l.text)]; ok {
		m.published.count(id)
		return id
	}
	c := m.newCluster(group, l)
	if t.fixed == nil {
		t.fixed = make(map[string]int32)
	}
	t.fixed[c.template.text] = c.id
	return c.id
}

// newCluster makes the cluster of a line. All clusters are made here.
func (m *Miner) newCluster(group uint32, l scanned) *cluster {
	text := string(l.text)
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
