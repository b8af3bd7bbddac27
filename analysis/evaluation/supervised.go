package evaluation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"sqleuth/analysis/label"
	"sqleuth/analysis/learned"
	"sqleuth/analysis/pipeline"
)

// Few is from how many connections on the F1 of a class is no matter of chance.
const Few = 20

// Labels returns the truth about n connections as it is learnt from: normal first, then
// the other classes by name. What is left out is learned.Unknown, labelled or not.
func (t *Truth) Labels(n int) *learned.Labels {
	l := &learned.Labels{Classes: []string{label.Normal}, Of: make([]int32, n)}
	for _, class := range t.Class {
		if !slices.Contains(l.Classes, class) {
			l.Classes = append(l.Classes, class)
		}
	}
	slices.Sort(l.Classes[1:])
	for c, class := range t.Class {
		l.Of[c] = int32(slices.Index(l.Classes, class))
	}
	for c := range t.LeftOut {
		l.Of[c] = learned.Unknown
	}
	return l
}

// Learn adds how well the classes are predicted, all predictions of five folds together,
// which are dealt by connection and class. Where nothing is labelled it adds nothing.
// The error is that of ctx.
func (r *Result) Learn(ctx context.Context, s *pipeline.Snapshot, t *Truth, p learned.Params) error {
	if s.Traits == nil {
		return nil
	}
	x, err := learned.CrossValidate(ctx, s.Traits, t.Labels(s.Connections.Len()), p)
	switch {
	case errors.Is(err, learned.ErrNoLabels):
		return nil
	case err != nil:
		return err
	}
	r.Learned = x.Scores
	return nil
}

// learned writes how well classes are predicted by what labels teach.
func (p *printer) learned(r *Result) {
	if len(r.Learned) == 0 {
		return
	}
	p.line("  with labels, %d folds by class:", learned.Folds)
	for _, c := range r.Learned {
		few := ""
		if c.Connections < Few {
			few = fmt.Sprintf("; fewer than %d", Few)
		}
		p.line("    %-14s F1 %.3f, precision %.3f, recall %.3f of %d connections%s", c.Class, c.F1, c.Precision, c.Recall, c.Connections, few)
	}
}

// Transfer is how a model does that was learnt on one capture and applied to another.
type Transfer struct {
	From, To *Capture
	// Class is the average precision of the connections of the class by how probable the
	// model holds it, Any that of all attacks by how improbable it holds normal.
	Class, Any float64
	// HasClass reports whether both captures have connections of the class.
	HasClass bool
}

// Transfers applies a model of each capture with an attack to each other one. The error
// is that of ctx.
func Transfers(ctx context.Context, captures []*Capture, class string, p learned.Params) ([]Transfer, error) {
	var list []Transfer
	for _, from := range captures {
		if len(from.Truth.Class) == 0 {
			continue
		}
		m, err := learned.Train(ctx, from.Snapshot.Traits, from.Truth.Labels(from.Snapshot.Connections.Len()), p)
		if err != nil {
			return nil, err
		}
		number := slices.Index(m.Classes, class)
		for _, to := range captures {
			if to == from || len(to.Truth.Class) == 0 {
				continue
			}
			x := Transfer{From: from, To: to}
			r := m.Apply(to.Snapshot.Traits, nil)
			x.Any = to.precision(func(c uint32) bool { return true }, r.Anomaly)
			wanted := func(c uint32) bool { return to.Truth.Class[c] == class }
			if x.HasClass = number >= 0 && to.has(class); x.HasClass {
				x.Class = to.precision(wanted, func(c int) float64 { return float64(r.Probabilities(c)[number]) })
			}
			list = append(list, x)
		}
	}
	return list, nil
}

// has reports whether a capture has connections of a class.
func (c *Capture) has(class string) bool {
	for _, k := range c.Truth.Class {
		if k == class {
			return true
		}
	}
	return false
}

// precision returns the average precision of a score for the attacks that wanted
// selects, among them and all else; equal scores count as read together.
func (c *Capture) precision(wanted func(c uint32) bool, score func(c int) float64) float64 {
	n := c.Snapshot.Connections.Len()
	order, hostiles := make([]int, n), 0
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(score(b), score(a)) })
	kindOf := func(k int) kind {
		_, attack := c.Truth.Class[uint32(k)]
		switch {
		case attack && wanted(uint32(k)):
			return hostile
		case c.Truth.LeftOut[uint32(k)]:
			return neither
		}
		return normal
	}
	for k := range order {
		if kindOf(k) == hostile {
			hostiles++
		}
	}
	return measure(n, hostiles, n-hostiles-len(c.Truth.LeftOut), true, func(i int) (kind, float64) {
		return kindOf(order[i]), score(order[i])
	}).AveragePrecision
}
