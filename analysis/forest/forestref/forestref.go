// Package forestref compares package forest with what scikit-learn 1.2.1 gave:
// a folder of fixtures (csv and json, each plain or with .gz; its README.md lists
// what they hold) turns into a list of differences. Tests and the reference command
// run the same comparison.
package forestref

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
)

// scoreTolerance is the difference that isolation scores, their offset and
// what they are computed from may have: scikit-learn's own depend on the CPU.
const scoreTolerance = 1e-14

// Difference is the first element of one compared array that is not as
// scikit-learn has it.
type Difference struct {
	Set       string // data set, such as "n500"
	File      string // the part of the fixture's name behind the set
	Tree      int    // number of the tree, or -1
	Array     string // name of the array in the fixture
	Index     int    // element, the node for an array of a tree; or -1
	Want, Got string
}

// String returns where the difference is and what it is, on one line.
func (d Difference) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", d.Set, d.File)
	if d.Tree >= 0 {
		fmt.Fprintf(&b, " tree %d", d.Tree)
	}
	fmt.Fprintf(&b, " %s", d.Array)
	if d.Index >= 0 {
		fmt.Fprintf(&b, "[%d]", d.Index)
	}
	fmt.Fprintf(&b, ": want %s, got %s", d.Want, d.Got)
	return b.String()
}

// Result counts what was compared.
type Result struct {
	Sets        int // data sets found in the folder
	Values      int // single values compared
	Differences []Difference
	// Close is the number of values that differ within the tolerance.
	Close int
}

// Compare runs every fixture of a folder with the given number of workers (0
// means GOMAXPROCS). It fails if the folder lacks a fixture or a fixture
// cannot be read; a difference is no error.
func Compare(ctx context.Context, dir string, workers int) (Result, error) {
	c := &comparison{dir: dir, workers: workers}
	if err := c.run(ctx); err != nil {
		return c.result, fmt.Errorf("compare with scikit-learn fixtures in %s: %w", dir, err)
	}
	return c.result, nil
}

// comparison carries where we are, for the path of a difference.
type comparison struct {
	dir     string
	workers int
	result  Result

	set, file string
	tree      int
}

func (c *comparison) run(ctx context.Context) error {
	names, err := dataSets(c.dir)
	if err != nil {
		return err
	}
	c.result.Sets = len(names)
	if err := c.compareDraws(ctx); err != nil {
		return err
	}
	for _, name := range names {
		s, err := readSet(c.dir, name)
		if err != nil {
			return err
		}
		c.set = name
		if err := c.compareRandom(ctx, s); err != nil {
			return err
		}
		if err := c.compareSplit(ctx, s); err != nil {
			return err
		}
		for _, seed := range isolationSeeds {
			if err := c.compareIsolation(ctx, s, seed); err != nil {
				return err
			}
		}
	}
	return nil
}

// open reads a fixture and makes it the place of what is compared next.
func (c *comparison) open(set, file string, into any) error {
	c.set, c.file, c.tree = set, file, -1
	name := file + ".json"
	if set != "" {
		name = set + "." + name
	}
	return readJSON(c.dir, name, into)
}

func (c *comparison) differ(array string, index int, want, got any) {
	c.result.Differences = append(c.result.Differences, Difference{
		Set: c.set, File: c.file, Tree: c.tree, Array: array, Index: index,
		Want: fmt.Sprint(want), Got: fmt.Sprint(got),
	})
}

// equal compares two single values exactly.
func equal[T comparable](c *comparison, name string, want, got T) {
	c.result.Values++
	if want != got {
		c.differ(name, -1, want, got)
	}
}

// equalAll compares two arrays exactly, and their lengths.
func equalAll[T comparable](c *comparison, name string, want, got []T) {
	c.compareAll(name, len(want), len(got),
		func(i int) bool { return want[i] == got[i] },
		func(i int) (any, any) { return want[i], got[i] })
}

// near compares two arrays with the tolerance for scores.
func near(c *comparison, name string, want, got []float64) {
	c.compareAll(name, len(want), len(got),
		func(i int) bool {
			if want[i] != got[i] && math.Abs(want[i]-got[i]) <= scoreTolerance*max(1, math.Abs(want[i])) {
				c.result.Close++
				return true
			}
			return want[i] == got[i]
		},
		func(i int) (any, any) { return want[i], got[i] })
}

func (c *comparison) compareAll(name string, want, got int, same func(i int) bool, values func(i int) (want, got any)) {
	if want != got {
		c.differ("length of "+name, -1, want, got)
		return
	}
	c.result.Values += want
	for i := range want {
		if !same(i) {
			w, g := values(i)
			c.differ(name, i, w, g)
			return
		}
	}
}

// flatten joins rows of a matrix.
func flatten[T any](rows [][]T) []T { return slices.Concat(rows...) }
