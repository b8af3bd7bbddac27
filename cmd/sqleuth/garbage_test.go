package main

import "testing"

// A small heap may hold gcPercent of garbage, a large one maxGarbage or a little more.
func TestGarbagePercent(t *testing.T) {
	for live, want := range map[uint64]int{0: gcPercent, 16 << 20: gcPercent, 128 << 20: gcPercent, 256 << 20: 12, 512 << 20: 6, 8 << 30: leastPercent} {
		if got := garbagePercent(live); got != want {
			t.Errorf("%d bytes in use: %d %%, want %d", live, got, want)
		}
	}
}
