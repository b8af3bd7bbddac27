package main

import (
	"runtime"
	"testing"
)

// A small heap may hold gcPercent of garbage, a large one maxGarbage or a little more.
func TestGarbagePercent(t *testing.T) {
	for live, want := range map[uint64]int{0: gcPercent, 16 << 20: gcPercent, 96 << 20: gcPercent, 128 << 20: 18, 256 << 20: 9, 512 << 20: 4, 8 << 30: leastPercent} {
		if got := garbagePercent(live); got != want {
			t.Errorf("%d bytes in use: %d %%, want %d", live, got, want)
		}
	}
}

// The limit leaves room for all that the share allows, above which the collector keeps 3 %
// of a limit free, whatever else there is.
func TestLimitIsAboveTheShare(t *testing.T) {
	for _, live := range []uint64{0, 4 << 20, 500 << 20, 64 << 30} {
		m := memory{live, live/50 + 1<<20}
		for _, percent := range []int{leastPercent, gcPercent, firstPercent} {
			heap := m.live * uint64(100+percent) / 100
			free := uint64(m.limit(percent)) - m.other
			if free-free*3/103 < heap || free > heap+heap/25+spare {
				t.Errorf("%d bytes in use, a share of %d %%: %d bytes for a heap of %d", live, percent, free, heap)
			}
		}
	}
}

// What is neither free nor an object is little, and none of it is counted twice.
func TestReadMemory(t *testing.T) {
	columns := make([]byte, 64<<20)
	runtime.GC()
	m := readMemory()
	if m.live < 64<<20 || m.other == 0 || m.other > 64<<20 {
		t.Errorf("%+v with %d bytes in use", m, len(columns))
	}
	runtime.KeepAlive(columns)
}
