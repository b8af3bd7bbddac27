package learned

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"sqleuth/analysis/forest"
	"sqleuth/analysis/trait"
)

// Model is a forest that can be applied to another log, with what its own log was like.
type Model struct {
	Format      string   `json:"format"`
	Version     int      `json:"version"`
	Classes     []string `json:"classes"`
	Seed        uint32   `json:"seed"`
	Connections int      `json:"connections"`
	Labelled    []int    `json:"labelled"` // connections by class
	Traits      []Known  `json:"traits"`
	Trees       []Tree   `json:"trees"`
}

// Known is a trait as the model knows it.
type Known struct {
	Name  string    `json:"name"`
	Steps []float64 `json:"steps"`
	// Shares are the shares of the connections by step.
	Shares []float64 `json:"shares"`
}

// Tree is a tree in node order, the root first. A node without children has -1.
type Tree struct {
	Left    []int32   `json:"left"`
	Right   []int32   `json:"right"`
	Trait   []int32   `json:"trait"` // index in Traits
	AtMost  []int32   `json:"at_most"`
	Classes []float64 `json:"classes"` // shares of the classes, by node
}

const (
	modelFormat  = "sqleuth model"
	modelVersion = 1
	maxModel     = 256 << 20 // bytes of a file
)

func newModel(m *trait.Matrix, l *Labels, list []*forest.Random, p Params) *Model {
	x := &Model{Format: modelFormat, Version: modelVersion, Classes: l.Classes, Seed: p.Seed, Connections: len(l.Of), Labelled: make([]int, len(l.Classes))}
	for _, k := range l.Of {
		if k != Unknown {
			x.Labelled[k]++
		}
	}
	x.Traits = knownOf(m)
	for _, f := range list {
		for k := range f.Trees {
			x.Trees = append(x.Trees, treeOf(&f.Trees[k]))
		}
	}
	return x
}

// knownOf describes the traits of a log.
func knownOf(m *trait.Matrix) []Known {
	list := make([]Known, len(trait.Traits()))
	for k, t := range trait.Traits() {
		list[k] = Known{t.Name, t.Steps, make([]float64, len(t.Steps)+1)}
	}
	for row := range m.Len() {
		for k, step := range m.Steps(row) {
			list[k].Shares[step] += float64(m.Count(row))
		}
	}
	for k := range list {
		for s := range list[k].Shares {
			list[k].Shares[s] /= float64(max(1, m.Connections()))
		}
	}
	return list
}

func treeOf(t *forest.Tree) Tree {
	out := Tree{Left: slices.Clone(t.Left), Right: slices.Clone(t.Right), Trait: slices.Clone(t.Feature)}
	for node := range t.Nodes() {
		at := int32(-1)
		if t.Left[node] != forest.NoChild {
			at = int32(t.Threshold[node]) // steps are whole: what is at most 2.5 is at most 2
		} else {
			out.Trait[node] = -1
		}
		out.AtMost = append(out.AtMost, at)
		for _, v := range t.Value[node*t.Outputs : (node+1)*t.Outputs] {
			out.Classes = append(out.Classes, v/t.Weight[node])
		}
	}
	return out
}

// Save writes a model as JSON: the same bytes for the same model.
func (x *Model) Save(w io.Writer) error {
	if err := json.NewEncoder(w).Encode(x); err != nil {
		return fmt.Errorf("save the model: %w", err)
	}
	return nil
}

// Load reads what Save wrote. An error names the place in the file.
func Load(r io.Reader) (*Model, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxModel+1))
	if err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	if len(data) > maxModel {
		return nil, fmt.Errorf("read the model: longer than %d MiB, which no model is", maxModel>>20)
	}
	x := &Model{}
	if err := json.Unmarshal(data, x); err != nil {
		if e, ok := errors.AsType[*json.SyntaxError](err); ok {
			return nil, fmt.Errorf("read the model: byte %d: %w; name a file that sqleuth model save wrote", e.Offset, err)
		}
		return nil, fmt.Errorf("read the model: %w; name a file that sqleuth model save wrote", err)
	}
	if x.Format != modelFormat {
		return nil, fmt.Errorf("read the model: format is %.40q, want %q; name a file that sqleuth model save wrote", x.Format, modelFormat)
	}
	if x.Version > modelVersion {
		return nil, fmt.Errorf("read the model: version %d was written by a newer sqleuth", x.Version)
	}
	if err := x.check(); err != nil {
		return nil, fmt.Errorf("read the model: %w", err)
	}
	return x, nil
}

// check returns why a model cannot be applied, so that what is not ours ends in no
// panic.
func (x *Model) check() error {
	if len(x.Classes) < 2 || len(x.Trees) == 0 || len(x.Labelled) != len(x.Classes) {
		return errors.New("no classes or trees")
	}
	for _, t := range x.Traits {
		if len(t.Shares) != len(t.Steps)+1 {
			return fmt.Errorf("trait %q: %d shares of %d steps", t.Name, len(t.Shares), len(t.Steps)+1)
		}
	}
	for k, t := range x.Trees {
		n := len(t.Left)
		if n == 0 || len(t.Right) != n || len(t.Trait) != n || len(t.AtMost) != n || len(t.Classes) != n*len(x.Classes) {
			return fmt.Errorf("tree %d is not whole", k)
		}
		for node := range n {
			if t.Left[node] < 0 {
				continue
			}
			// Children follow their parents, so that no path is endless.
			if l, r := int(t.Left[node]), int(t.Right[node]); l <= node || r <= node || l >= n || r >= n || t.Trait[node] < 0 || int(t.Trait[node]) >= len(x.Traits) {
				return fmt.Errorf("tree %d: node %d leads nowhere", k, node)
			}
		}
	}
	return nil
}

// Drift is how a log differs from the one that a model was learnt on.
type Drift struct {
	// Traits are those whose values are spread otherwise, the most different first.
	Traits []Differing
	// Missing are traits of the model that this program does not have, or measures in
	// other steps.
	Missing []string
	// Outside is how many connections have a value that none had there.
	Outside, Connections int
}

// Differing is a trait whose values are spread otherwise than in the model's log.
type Differing struct {
	Name     string
	Distance float64 // half the sum of differences of shares, 0 to 1
	Outside  int     // connections with a step that none had there
}

// much is from which distance on a trait counts as different.
const much = 0.5

// Apply applies a model to a log. labels may be nil; with them the result has
// scores.
func (x *Model) Apply(m *trait.Matrix, labels *Labels) *Result {
	r := &Result{Classes: x.Classes, Model: x, matrix: m}
	at := make([]int, len(x.Traits)) // trait of ours for each of the model's, -1 for none
	here := knownOf(m)
	for k, t := range x.Traits {
		at[k] = slices.IndexFunc(here, func(h Known) bool { return h.Name == t.Name && slices.Equal(h.Steps, t.Steps) })
	}
	n := len(x.Classes)
	list := make([]float32, m.Len()*n)
	sums := make([]float64, n)
	for row := range m.Len() {
		steps := m.Steps(row)
		clear(sums)
		for k := range x.Trees {
			t := &x.Trees[k]
			node := int32(0)
			for t.Left[node] >= 0 {
				step := int32(0)
				if a := at[t.Trait[node]]; a >= 0 {
					step = int32(steps[a])
				}
				if step <= t.AtMost[node] {
					node = t.Left[node]
				} else {
					node = t.Right[node]
				}
			}
			for c := range sums {
				sums[c] += t.Classes[int(node)*n+c]
			}
		}
		for c := range sums {
			list[row*n+c] = float32(sums[c] / float64(len(x.Trees)))
		}
	}
	r.probabilities = [][]float32{list}
	r.Drift = x.drift(m, here, at)
	if labels != nil && slices.Equal(labels.Classes, x.Classes) {
		r.score(labels)
	}
	return r
}

func (x *Model) drift(m *trait.Matrix, here []Known, at []int) *Drift {
	d := &Drift{Connections: m.Connections()}
	outside := make([]int, len(x.Traits))
	for row := range m.Len() {
		steps, any := m.Steps(row), false
		for k, a := range at {
			if a >= 0 && x.Traits[k].Shares[steps[a]] == 0 {
				outside[k] += m.Count(row)
				any = true
			}
		}
		if any {
			d.Outside += m.Count(row)
		}
	}
	for k, a := range at {
		if a < 0 {
			d.Missing = append(d.Missing, x.Traits[k].Name)
			continue
		}
		distance := 0.0
		for s, share := range x.Traits[k].Shares {
			distance += max(share-here[a].Shares[s], here[a].Shares[s]-share) / 2
		}
		if distance >= much || outside[k] > 0 {
			d.Traits = append(d.Traits, Differing{x.Traits[k].Name, distance, outside[k]})
		}
	}
	slices.SortStableFunc(d.Traits, func(a, b Differing) int {
		switch {
		case a.Distance > b.Distance:
			return -1
		case a.Distance < b.Distance:
			return 1
		}
		return 0
	})
	return d
}
