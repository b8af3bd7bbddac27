package forest

import (
	"fmt"
	"testing"
)

// benchmarkCells returns n cells of a data set shaped like a log: about 300
// distinct rows, some of them far more frequent than others, one entry in a
// hundred of the second class.
func benchmarkCells(n int) (Matrix, []uint16) {
	const rows = 300
	m := Matrix{Features: 4}
	for r := range int32(rows) {
		m.Values = append(m.Values, r, r%9, r%7, r*7%43)
	}
	state := uint64(1)
	next := func(bound uint64) uint64 {
		state = state*6364136223846793005 + 1442695040888963407
		return state >> 33 % bound
	}
	cells := make([]uint16, n)
	for i := range cells {
		row := next(rows) * next(rows) / rows
		class := uint64(0)
		if row%10 == 3 && next(10) == 0 {
			class = 1
		}
		cells[i] = uint16(row*2 + class)
	}
	return m, cells
}

func BenchmarkTrainRandom(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		m, cells := benchmarkCells(n)
		for _, workers := range []int{1, 2} {
			b.Run(fmt.Sprintf("entries=%d/workers=%d", n, workers), func(b *testing.B) {
				b.SetBytes(int64(n))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := TrainRandom(b.Context(), m, 2, cells[n/5:], RandomConfig{Trees: 100, Seed: 42, Workers: workers}, nil); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func BenchmarkBootstrap(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000, 2_000_000, 3_000_000, 4_000_000, 8_000_000} {
		_, cells := benchmarkCells(n)
		for _, bucketed := range []bool{false, true} {
			b.Run(fmt.Sprintf("entries=%d/bucketed=%v", n, bucketed), func(b *testing.B) {
				b.SetBytes(int64(n))
				draws := newDrawer(newUrn[uint16](cells, 600), len(cells))
				draws.setBuckets(bucketed)
				for b.Loop() {
					if _, err := draws.draw(b.Context(), 7); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/draw")
			})
		}
	}
}

func BenchmarkSplit(b *testing.B) {
	_, cells := benchmarkCells(1_000_000)
	b.SetBytes(int64(len(cells)))
	for b.Loop() {
		if _, err := Split(b.Context(), cells, 0.2, 42); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTrainIsolation(b *testing.B) {
	const n = 1_000_000
	m, cells := benchmarkCells(n)
	multiplicity := make([]int, m.Rows())
	for _, c := range cells {
		multiplicity[c/2]++
	}
	b.SetBytes(n)
	b.ReportAllocs()
	for b.Loop() {
		_, err := TrainIsolation(b.Context(), m, n, func(i int) int32 { return int32(cells[i] / 2) }, multiplicity,
			IsolationConfig{Trees: 100, Samples: 256, Contamination: 0.01, Seed: 42}, nil)
		if err != nil {
			b.Fatal(err)
		}
	}
}
