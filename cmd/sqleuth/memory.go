package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// How much garbage may pile up beside what is in use: a share of it, gcPercent, but
// leastGarbage where that were less and maxGarbage where it were more, unless this were
// less than leastPercent; how many bytes may be free, and from how many in use on. Nearly
// all in use is columns without pointers, which cost the collector nothing, so a small
// share keeps the promise on memory and takes no time. While little is in use it is mostly
// rules and what is known of statements, all of it pointers, and would be looked through
// for each few MiB.
const (
	gcPercent    = 25
	leastPercent = 4
	leastGarbage = 16 << 20
	maxGarbage   = 24 << 20
	spare        = 4 << 20
	limitFrom    = 64 << 20
)

// firstPercent is the share before the first collection, which with it comes at
// 32 MiB: on the way there, reading the rules for one, nearly all would be collecting.
const firstPercent = 800

// collectLater sets firstPercent until something was collected, and from then on after
// each collection the share that what is in use allows.
func collectLater() {
	debug.SetGCPercent(firstPercent)
	paceAfter(firstPercent)
}

// paceAfter sets the share after the next collection, and after each behind it; percent
// is what it is now. A limit follows, just above what the share allows: without one the
// runtime keeps a tenth more than the heap in pages that are free, for large columns too
// small.
func paceAfter(percent int) {
	gone := new([4]*byte)
	runtime.AddCleanup(gone, func(percent int) {
		m := readMemory()
		if next := garbagePercent(m.live); next != percent {
			debug.SetGCPercent(next)
			percent = next
		}
		debug.SetMemoryLimit(m.limit(percent))
		paceAfter(percent)
	}, percent)
}

// memory is what the runtime has taken from the system, in bytes.
type memory struct {
	live  uint64 // of the heap, in use at the last collection
	other uint64 // neither free nor objects of the heap
}

func readMemory() memory {
	m := []metrics.Sample{
		{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/memory/classes/heap/free:bytes"}, {Name: "/memory/classes/heap/released:bytes"},
	}
	metrics.Read(m)
	other := m[1].Value.Uint64()
	for _, part := range m[2:] {
		other -= part.Value.Uint64()
	}
	return memory{m[0].Value.Uint64(), other}
}

// limit is the limit for what is in use with a share of garbage: none while that is
// little, since what goes back to the system is soon asked for again. The collector keeps 3 %
// below it, so a limit without them would make it collect before the share is reached.
func (m memory) limit(percent int) int64 {
	if m.live < limitFrom {
		return math.MaxInt64
	}
	heap := m.live * uint64(100+percent) / 100
	return int64(m.other + heap + heap*3/100 + spare)
}

// garbagePercent is the share for so many bytes in use.
func garbagePercent(live uint64) int {
	percent := func(garbage int) int { return garbage * 100 / int(max(1, live)) }
	most := min(max(gcPercent, percent(leastGarbage)), percent(maxGarbage), firstPercent)
	return max(leastPercent, most)
}
