package drain

import "slices"

// A cluster is a set of lines with one template.
type cluster struct {
	id       int32
	template *template

	// Other clusters of the leaf that can win although this one covers a line; valid
	// while rivalsOf is the leaf's version. See leaf.
	rivals   []*cluster
	rivalsOf int

	query int // of the index that has last looked at this cluster
}

// A leaf holds the clusters among which a line chooses.
//
// The choice is: most literal tokens of the template equal to the line's, then
// most <*> in the template, then the oldest. Drain looks at every cluster for it.
// Here most lines are settled by the first cluster that covers them, which means
// that all its literals are in the line: let c be that cluster, with n literals,
// so that its count is n. A cluster o that has a different literal than c at x
// positions misses x of its own literals for certain, and its count is at most
// its literals less x. Unless that bound reaches n, o loses. If the bound is equal to n,
// o has at least n literals, hence not more <*> than c, and wins only if it has
// as many and is older. The clusters that neither excludes are c's rivals:
// the winner is c or one of them. They depend on the templates of the leaf alone and are
// kept until one changes.
type leaf struct {
	clusters []*cluster // oldest first
	recent   []*cluster // the same, those that won lately first
	version  int        // counts changes of the clusters
	index    *index     // nil while there are few
}

// add adds a new cluster; least is as in find.
func (lf *leaf) add(c *cluster, least int) {
	lf.clusters = append(lf.clusters, c)
	lf.version++
	switch {
	case lf.index != nil:
		lf.index.add(c)
	case len(lf.clusters) > maxScanned && least > 0:
		lf.index = newIndex(lf.clusters)
		lf.recent = nil
	default:
		lf.recent = append(lf.recent, c)
	}
}

// find returns the cluster that the line joins, or nil if none has at least least
// tokens of it.
func (lf *leaf) find(l scanned, least int) *cluster {
	if lf.index != nil {
		return lf.index.search(l, least)
	}
	if c := lf.settle(l); c != nil {
		return c
	}
	return lf.search(l, least)
}

// A candidate is a cluster with its claim to a line.
type candidate struct {
	cluster *cluster
	matches int
}

// beats reports whether a wins over b; a and b have the same number of tokens.
func (a candidate) beats(b candidate) bool {
	if b.cluster == nil || a.matches != b.matches {
		return b.cluster == nil || a.matches > b.matches
	}
	if a.cluster.template.literals != b.cluster.template.literals {
		return a.cluster.template.literals < b.cluster.template.literals
	}
	return a.cluster.id < b.cluster.id
}

// settle returns the cluster that the line joins if some cluster of the leaf
// covers the line, else nil: then search must be asked. Clusters in a leaf have
// enough literals, so one that covers a line is similar enough to it.
func (lf *leaf) settle(l scanned) *cluster {
	for i, c := range lf.recent {
		if !c.template.covers(l) {
			continue
		}
		if i > 0 {
			// Step by step to the front: a cluster that wins once in a while does not
			// push away the one that wins often.
			lf.recent[i-1], lf.recent[i] = c, lf.recent[i-1]
		}
		if c.rivalsOf != lf.version {
			lf.findRivals(c)
		}
		best := candidate{c, c.template.literals}
		for _, r := range c.rivals {
			if rival := (candidate{r, r.template.matches(l)}); rival.beats(best) {
				best = rival
			}
		}
		return best.cluster
	}
	return nil
}

func (lf *leaf) findRivals(c *cluster) {
	c.rivals = c.rivals[:0]
	covering := candidate{c, c.template.literals}
	for _, o := range lf.clusters {
		if o == c || o.template.literals < c.template.literals {
			continue
		}
		bound := candidate{o, o.template.literals - c.template.conflicts(o.template)}
		if bound.beats(covering) {
			c.rivals = append(c.rivals, o)
		}
	}
	c.rivals = slices.Clip(c.rivals)
	c.rivalsOf = lf.version
}

// search returns the cluster that a line joins which none covers, by looking at
// all that could, or nil if none has at least least tokens of the line.
func (lf *leaf) search(l scanned, least int) *cluster {
	best := candidate{}
	for _, c := range lf.clusters {
		if c.template.literals <= best.matches { // and the line lacks one of them
			continue
		}
		if cand := (candidate{c, c.template.matches(l)}); cand.matches >= least && cand.beats(best) {
			best = cand
		}
	}
	return best.cluster
}
