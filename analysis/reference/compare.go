package reference

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
)

// tolerance is how far isolation scores and offset_ may lie apart: scikit-learn
// itself differs by that much from one kind of CPU to another.
const tolerance = 1e-14

// read returns a file, or the content of the same file gzip-compressed.
func read(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if !os.IsNotExist(err) {
		return b, err
	}
	f, err := os.Open(path + ".gz")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s.gz: %w", path, err)
	}
	return io.ReadAll(z)
}

// text compares line by line.
func text(want, got []byte) (size string, err error) {
	w, g := bytes.Split(want, []byte{'\n'}), bytes.Split(got, []byte{'\n'})
	size = fmt.Sprintf("%d lines, %d bytes", len(w)-1, len(want))
	for i := range max(len(w), len(g)) {
		switch {
		case i >= len(g):
			return size, fmt.Errorf("line %d is missing, want %q", i+1, short(w[i]))
		case i >= len(w):
			return size, fmt.Errorf("line %d is one too many: %q", i+1, short(g[i]))
		case !bytes.Equal(w[i], g[i]):
			at := 0
			for at < min(len(w[i]), len(g[i])) && w[i][at] == g[i][at] {
				at++
			}
			return size, fmt.Errorf("line %d, byte %d: got %q, want %q", i+1, at+1, short(g[i][at:]), short(w[i][at:]))
		}
	}
	return size, nil
}

func short[T string | []byte](s T) string {
	if len(s) > 80 {
		return string(s[:80]) + "..."
	}
	return string(s)
}

// summation reports whether two unequal cells differ by the order of summation
// only, which the columns mean and std of the thresholds may.
func summation(column, want, got string) bool {
	if column != "mean" && column != "std" {
		return false
	}
	w, err1 := strconv.ParseFloat(want, 64)
	g, err2 := strconv.ParseFloat(got, 64)
	return err1 == nil && err2 == nil && math.Abs(w-g) <= 1e-12*math.Abs(w)
}

// table returns a comparison of CSV files, byte for byte but for the cells in which
// free allows a difference. A difference is reported by line and column.
func table(free func(column, want, got string) bool) func(want, got []byte) (string, error) {
	return func(want, got []byte) (string, error) {
		size := fmt.Sprintf("%d rows, %d bytes", bytes.Count(want, []byte{'\n'})-1, len(want))
		if bytes.Equal(want, got) {
			return size, nil
		}
		w, err := rows(want)
		if err != nil {
			return size, err
		}
		g, err := rows(got)
		if err != nil {
			return size, err
		}
		if err := compareRows(w, g, free); err != nil {
			return size, err
		}
		if free == nil {
			return size, errors.New("the cells are equal, but they are written in another way")
		}
		return size, nil
	}
}

func rows(b []byte) ([][]string, error) {
	r := csv.NewReader(bytes.NewReader(b))
	r.FieldsPerRecord = -1
	return r.ReadAll()
}

func compareRows(want, got [][]string, free func(column, want, got string) bool) error {
	for i := range max(len(want), len(got)) {
		switch {
		case i >= len(got):
			return fmt.Errorf("line %d is missing, want %q", i+1, want[i])
		case i >= len(want):
			return fmt.Errorf("line %d is one too many: %q", i+1, got[i])
		case len(want[i]) != len(got[i]):
			return fmt.Errorf("line %d: %d columns, want %d", i+1, len(got[i]), len(want[i]))
		}
		for c, cell := range want[i] {
			if cell == got[i][c] {
				continue
			}
			column := strconv.Itoa(c + 1)
			if c < len(want[0]) {
				column = want[0][c]
			}
			if i > 0 && free != nil && free(column, cell, got[i][c]) {
				continue
			}
			return fmt.Errorf("line %d, column %s: got %q, want %q", i+1, column, short(got[i][c]), short(cell))
		}
	}
	return nil
}

// patterns compares frequent_patterns.csv, where pandas leaves the order of
// equal counts open: theirs is brought into our order first.
func patterns(want, got []byte) (string, error) {
	w, err := rows(want)
	if err != nil {
		return "", err
	}
	g, err := rows(got)
	if err != nil {
		return "", err
	}
	size := fmt.Sprintf("%d rows", len(w)-1)
	body := w[1:]
	count := func(row []string) int { n, _ := strconv.Atoi(row[2]); return n }
	if !slices.IsSortedFunc(body, func(a, b []string) int { return cmp.Compare(count(b), count(a)) }) {
		return size, errors.New("the reference is not sorted by counts")
	}
	slices.SortFunc(body, func(a, b []string) int {
		return cmp.Or(cmp.Compare(count(b), count(a)), strings.Compare(a[0], b[0]), strings.Compare(a[1], b[1]))
	})
	return size, compareRows(w, g, nil)
}

// ignored are members of reference files that describe the run that made them.
var ignored = map[string]bool{"max_score_spread_inside_equal_rows": true}

// values compares JSON files: every value of the reference must be there and be
// the same number, text or null.
func values(want, got []byte) (string, error) {
	var w, g any
	if err := decode(want, &w); err != nil {
		return "", fmt.Errorf("reference: %w", err)
	}
	if err := decode(got, &g); err != nil {
		return "", err
	}
	n := 0
	err := compareValues("", w, g, &n)
	return fmt.Sprintf("%d values", n), err
}

func decode(b []byte, to *any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	return d.Decode(to)
}

func compareValues(path string, want, got any, n *int) error {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Errorf("%s: got %s, want an object", path, brief(got))
		}
		keys := make([]string, 0, len(w))
		for k := range w {
			if !ignored[k] {
				keys = append(keys, k)
			}
		}
		slices.Sort(keys)
		for _, k := range keys {
			v, ok := g[k]
			if !ok {
				return fmt.Errorf("%s is missing", path+"."+k)
			}
			if err := compareValues(path+"."+k, w[k], v, n); err != nil {
				return err
			}
		}
		return nil
	case []any:
		g, ok := got.([]any)
		if !ok {
			return fmt.Errorf("%s: got %s, want a list", path, brief(got))
		}
		for i := range min(len(w), len(g)) {
			if err := compareValues(fmt.Sprintf("%s[%d]", path, i), w[i], g[i], n); err != nil {
				return err
			}
		}
		if len(w) != len(g) {
			return fmt.Errorf("%s: %d elements, want %d", path, len(g), len(w))
		}
		return nil
	}
	*n++
	if same(path, want, got) {
		return nil
	}
	return fmt.Errorf("%s: got %s, want %s", strings.TrimPrefix(path, "."), brief(got), brief(want))
}

// same reports whether two scalars are equal: numbers as float64 bit for bit, but
// for isolation scores and their offset.
func same(path string, want, got any) bool {
	w, ok := want.(json.Number)
	if !ok {
		return want == got
	}
	g, ok := got.(json.Number)
	if !ok {
		return false
	}
	a, err1 := w.Float64()
	b, err2 := g.Float64()
	if err1 != nil || err2 != nil {
		return w == g
	}
	if strings.HasSuffix(path, ".score_samples") || strings.HasSuffix(path, ".offset_") {
		return math.Abs(a-b) <= tolerance
	}
	return a == b
}

func brief(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return short(string(b))
}
