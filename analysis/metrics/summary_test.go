package metrics_test

import (
	"compress/gzip"
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"sqleuth/analysis/metrics"
)

func TestDescribe(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name   string
		groups []metrics.Group
		want   metrics.Summary
	}{
		{"nothing", nil, metrics.Summary{Mean: nan, Std: nan, Min: nan, Max: nan, Quantiles: []float64{nan, nan}}},
		{"only empty groups", []metrics.Group{{Value: 3}}, metrics.Summary{Mean: nan, Std: nan, Min: nan, Max: nan, Quantiles: []float64{nan, nan}}},
		{"one value", []metrics.Group{{Value: 3, Count: 1}}, metrics.Summary{Count: 1, Mean: 3, Std: nan, Min: 3, Max: 3, Quantiles: []float64{3, 3}}},
		{"equal values", []metrics.Group{{Value: 3, Count: 4}}, metrics.Summary{Count: 4, Mean: 3, Std: 0, Min: 3, Max: 3, Quantiles: []float64{3, 3}}},
		{"empty groups around", []metrics.Group{{Value: 0}, {Value: 1, Count: 1}, {Value: 2}, {Value: 3, Count: 1}, {Value: 9}},
			metrics.Summary{Count: 2, Mean: 2, Std: math.Sqrt2, Min: 1, Max: 3, Quantiles: []float64{2, 2.5}}},
		{"interpolated", []metrics.Group{{Value: 1, Count: 2}, {Value: 2, Count: 1}, {Value: 5, Count: 1}},
			metrics.Summary{Count: 4, Mean: 2.25, Std: math.Sqrt(10.75 / 3), Min: 1, Max: 5, Quantiles: []float64{1.5, 2.75}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := metrics.Describe(test.groups, 0.5, 0.75)
			same := func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }
			if got.Count != test.want.Count || !same(got.Mean, test.want.Mean) || !same(got.Std, test.want.Std) ||
				!same(got.Min, test.want.Min) || !same(got.Max, test.want.Max) ||
				!slices.EqualFunc(got.Quantiles, test.want.Quantiles, same) {
				t.Errorf("got  %+v\nwant %+v", got, test.want)
			}
		})
	}
}

// TestQuantileOfGroups holds groups against the same values one by one.
func TestQuantileOfGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 500 {
		values := make([]float64, 1+rng.IntN(40))
		for i := range values {
			values[i] = float64(rng.IntN(9)) / 7
		}
		slices.Sort(values)
		q := rng.Float64()
		single := make([]metrics.Group, len(values))
		for i, v := range values {
			single[i] = metrics.Group{Value: v, Count: 1}
		}
		got, want := metrics.Quantile(metrics.Groups(values), q), metrics.Quantile(single, q)
		if got != want {
			t.Fatalf("%v-quantile of %v: %v from groups, %v from single values", q, values, got, want)
		}
	}
}

// TestDescribeEqualsPandas describes the connection ids of the structured
// reference by action, which is the notebook's threshold table.
func TestDescribeEqualsPandas(t *testing.T) {
	ids := structuredIDs(t)
	file, err := os.Open(filepath.Join(reference, "synthetic/thresholds_action.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) < 2 {
		t.Fatal("no thresholds to compare")
	}
	for _, row := range rows[1:] {
		values := ids[row[0]]
		slices.Sort(values)
		got := metrics.Describe(metrics.Groups(values), 0.01, 0.5, 0.99)
		figures := append([]float64{float64(got.Count), got.Mean, got.Std, got.Min}, append(got.Quantiles, got.Max)...)
		for i, text := range row[1:] {
			want := math.NaN()
			if text != "" {
				if want, err = strconv.ParseFloat(text, 64); err != nil {
					t.Fatal(err)
				}
			}
			column, tolerance := rows[0][i+1], 0.0
			if column == "mean" || column == "std" { // pandas adds in another order
				tolerance = 1e-12
			}
			if math.IsNaN(want) != math.IsNaN(figures[i]) || math.Abs(figures[i]-want) > tolerance*math.Abs(want) {
				t.Errorf("%s of action %s: %v, want %v", column, row[0], figures[i], want)
			}
		}
	}
}

func TestSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, n := range []int{0, 1, 7, 8, 9, 127, 128, 129, 1000} {
		x := make([]float64, n)
		exact := 0.0
		for i := range x {
			x[i] = float64(rng.IntN(1 << 20)) // sums of integers do not round
			exact += x[i]
		}
		if got := metrics.Sum(x); got != exact {
			t.Errorf("sum of %d integers is %v, want %v", n, got, exact)
		}
	}
	// 8 interleaved sums: in a plain one, the ones would be lost one by one.
	x := slices.Repeat([]float64{1}, 16)
	x[0] = 1 << 53
	if got := metrics.Sum(x); got != 1<<53+14 {
		t.Errorf("sum %v, want %v", got, float64(1<<53+14))
	}
}

// structuredIDs returns the connection ids of the structured reference by
// action.
func structuredIDs(t *testing.T) map[string][]float64 {
	t.Helper()
	f, err := os.Open(filepath.Join(reference, "synthetic/structured.csv.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	id, action := slices.Index(rows[0], "Id"), slices.Index(rows[0], "Action")
	ids := make(map[string][]float64)
	for _, row := range rows[1:] {
		v, err := strconv.ParseFloat(row[id], 64)
		if err != nil {
			t.Fatal(err)
		}
		ids[row[action]] = append(ids[row[action]], v)
	}
	return ids
}
