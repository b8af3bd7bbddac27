package reference

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"sqleuth/analysis/drain/drainref"
	"sqleuth/analysis/forest/forestref"
)

// Logs holds the paths of the logs that the reference was made from, by the name of
// their folder in it. A log in its reference folder needs none.
type Logs map[string]string

// Total is what a run has compared.
type Total struct {
	Comparisons int
	Differences int
}

// run prints as it compares.
type run struct {
	w io.Writer
	Total
}

// note prints the outcome of one comparison: what was compared, how much of it,
// and the first difference if there is one.
func (r *run) note(what, size string, difference error) {
	r.Comparisons++
	if difference == nil {
		fmt.Fprintf(r.w, "equal   %s: %s\n", what, size)
		return
	}
	r.Differences++
	fmt.Fprintf(r.w, "DIFFERS %s: %v\n", what, difference)
}

// Run compares everything in dir and prints a line for each comparison. The
// error is about what could not be compared at all.
func Run(ctx context.Context, dir string, logs Logs, w io.Writer) (Total, error) {
	r := &run{w: w}
	folders, err := filepath.Glob(filepath.Join(dir, "*", "counts_action.csv"))
	if err != nil {
		return r.Total, err
	}
	for _, of := range folders {
		name := filepath.Base(filepath.Dir(of))
		if err := r.notebook(ctx, dir, name, logs); err != nil {
			return r.Total, fmt.Errorf("compare with %s: %w", filepath.Join(dir, name), err)
		}
	}
	for _, group := range []string{"drain-edge", "loghub"} {
		if err := r.drain(filepath.Join(dir, group), group); err != nil {
			return r.Total, err
		}
	}
	if sk := filepath.Join(dir, "sklearn"); exists(sk) {
		for _, workers := range []int{1, 8} {
			result, err := forestref.Compare(ctx, sk, workers)
			if err != nil {
				return r.Total, err
			}
			var first error
			for i := range result.Differences {
				r.Differences++
				fmt.Fprintf(w, "DIFFERS sklearn: %v\n", &result.Differences[i])
				first = errors.New("see above")
			}
			if first != nil {
				r.Comparisons++
				continue
			}
			r.note("sklearn", fmt.Sprintf("%d values of %d sets with %d workers, %d of them within 1e-14", result.Values, result.Sets, workers, result.Close), nil)
		}
	}
	if r.Comparisons == 0 {
		return r.Total, fmt.Errorf("compare with %s: it holds no reference files", dir)
	}
	return r.Total, nil
}

// drain compares each folder of a group.
func (r *run) drain(dir, group string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	for _, name := range names {
		n, err := drainref.Compare(filepath.Join(dir, name))
		var d *drainref.Difference
		if err != nil && !errors.As(err, &d) {
			return err
		}
		r.note(group+"/"+name, fmt.Sprintf("%d values", n), err)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
