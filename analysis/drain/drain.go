// Package drain turns lines of text into templates: the words that many similar
// lines share, with <*> where they differ.
//
// The algorithm is Drain (Pinjia He, Jieming Zhu, Zibin Zheng, Michael R. Lyu:
// "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017) as
// the Python package logparser 1.0.5 implements it, and the result is equal to
// logparser's to the last character: event ids, templates and parameter lists.
//
//	line --Masker--> masked line --tokens--> tree --> leaf: clusters --> cluster id
//	                                                                        |
//	Snapshot.Events: distinct template texts  <-- final template <----------+
//	Extractor: the parameters of one line     <--'
//
// A [Miner] takes lines one by one and gives each the id of a cluster. The
// template of a cluster loses words while more lines arrive; the event id and
// the template that logparser reports for a line are those of the cluster's last
// template, so ask a [Snapshot] for them after the last line.
//
// What logparser does in linear time per line through lists that only grow is
// done here without looking at most of the clusters; comments at [leaf], [index] and
// [Miner.AddGroup] explain why the answers are the same.
package drain

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
)

// Wildcard is the token in place of what differs between the lines of a template,
// and the text that masks put in place of what they match.
const Wildcard = "<*>"

// Overflow is the template of the cluster that takes the lines for which there is
// no room; see [Config].MaxClusters. No line can have it: masks and tokens put
// nothing between the words but single spaces.
const Overflow = "(more  templates)"

// Config holds Drain's parameters. The defaults, of [DefaultConfig], are the
// notebook's.
type Config struct {
	// Depth is the depth of the tree, counted as logparser counts it: root, length
	// and leaf are levels, so Depth-3 leading tokens choose the leaf. Default 4: one
	// token. 3 to MaxDepth.
	Depth int

	// Similarity is the share of a line's tokens, 0 to 1, that must equal literal
	// tokens of a template before the line joins it. Default 0.5.
	Similarity float64

	// MaxChildren is how many children an inner node of the tree may have, the
	// wildcard's counted; further tokens go to the wildcard's. Default 100.
	// 1 to the constant of the same name.
	MaxChildren int

	// MaxClusters bounds the clusters, and MaxBytes the text of their templates when
	// they are made; lines that would make another one all go to one last cluster,
	// whose template is [Overflow]. 0 means no bound. A log can be written so that
	// every line is a cluster of its own. Default 0: logparser has no bound.
	MaxClusters int
	MaxBytes    int64

	// Masks are the regular expressions whose matches become <*> before a line is
	// cut into tokens, applied one after the other; see [NewMasks] for their syntax.
	// Default [DefaultMasks]. One empty text means no masks.
	Masks []string
}

// DefaultConfig returns the notebook's parameters.
func DefaultConfig() Config {
	return Config{Depth: 4, Similarity: 0.5, MaxChildren: 100, Masks: DefaultMasks()}
}

// Bounds of the parameters, far from all that make sense: beyond them a miner
// would only need more time and memory.
const (
	MaxDepth    = 100
	MaxChildren = 1_000_000
	MaxMasks    = 64
	MaxMask     = 1024 // bytes of one
)

// validate reports the first parameter that is out of its range.
func (c Config) validate() error {
	switch {
	case c.Depth < 3 || c.Depth > MaxDepth:
		return fmt.Errorf("drain: depth %d: it must be 3 to %d", c.Depth, MaxDepth)
	case !(c.Similarity >= 0 && c.Similarity <= 1): // so that NaN fails too
		return fmt.Errorf("drain: similarity %v: it must be 0 to 1", c.Similarity)
	case c.MaxChildren < 1 || c.MaxChildren > MaxChildren:
		return fmt.Errorf("drain: max children %d: it must be 1 to %d", c.MaxChildren, MaxChildren)
	case len(c.Masks) > MaxMasks:
		return fmt.Errorf("drain: there are %d masks, at most %d are taken", len(c.Masks), MaxMasks)
	}
	for i, m := range c.Masks {
		if len(m) > MaxMask {
			return fmt.Errorf("drain: mask %d has %d bytes, at most %d are taken", i+1, len(m), MaxMask)
		}
	}
	return nil
}

// EventID returns logparser's id of a template: the first 8 hexadecimal digits
// of the MD5 sum of its text.
func EventID(template string) string {
	sum := md5.Sum([]byte(template))
	return hex.EncodeToString(sum[:4])
}
