package main

import (
	"runtime"
	"testing"
)

// From leastGarbage to maxGarbage may pile up: less while that were more than firstPercent,
// more once it is less than leastPercent.
func TestGarbagePercent(t *testing.T) {
	garbage := func(live uint64) uint64 { return live * uint64(garbagePercent(live)) / 100 }
	for live := uint64(1 << 20); live < 16<<30; live += live / 8 {
		got, rounded := garbage(live), live/100+1
		least, most := min(leastGarbage, live*firstPercent/100), max(maxGarbage, live*leastPercent/100)
		if got+rounded < least || got > most {
			t.Errorf("%d bytes in use: %d of garbage, want %d to %d", live, got, least, most)
		}
	}
	if got := garbagePercent(0); got != firstPercent {
		t.Errorf("nothing in use: %d %%", got)
	}
}

// The limit leaves room for all that the share allows, above which the collector keeps 3 %
// of a limit free, whatever else there is.
func TestLimitIsAboveTheShare(t *testing.T) {
	for _, live := range []uint64{limitFrom, 500 << 20, 64 << 30} {
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
