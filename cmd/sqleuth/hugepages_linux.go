package main

import (
	"bytes"
	"os"
	"runtime/debug"
	"syscall"
)

// hugeHeap is in how much of the heap, in bytes, pages may be huge. It takes addresses
// only, and no more of them than an eighth of the memory that the machine has.
const hugeHeap = 512 << 20

// askForHugePages lets the system give the heap pages of 2 MiB, where it does so for who
// asks. Columns of millions of entries are written once from end to end, and each page
// that is touched first costs a fault: on a virtual machine those were a sixth of the time
// that a log takes.
//
// The runtime does not ask. But what was an object once is where others will be: so one is
// made as large as the heap may become, its addresses are marked, and the object is
// dropped before any of it was touched.
func askForHugePages() {
	if !givenToThoseWhoAsk() || addressesCount() {
		return
	}
	var machine syscall.Sysinfo_t
	if syscall.Sysinfo(&machine) != nil {
		return
	}
	size := min(hugeHeap, uint64(machine.Totalram)*uint64(machine.Unit)/8)
	// An error leaves the pages as they are.
	_ = syscall.Madvise(make([]byte, size), syscall.MADV_HUGEPAGE)
	debug.FreeOSMemory()
}

// givenToThoseWhoAsk reports whether the system has huge pages for what is marked.
func givenToThoseWhoAsk() bool {
	enabled, err := os.ReadFile("/sys/kernel/mm/transparent_hugepage/enabled")
	return err == nil && bytes.Contains(enabled, []byte("[madvise]"))
}

// addressesCount reports whether addresses that nothing is written to are limited like
// memory: the runtime ends a program that cannot have them.
func addressesCount() bool {
	if strict, err := os.ReadFile("/proc/sys/vm/overcommit_memory"); err != nil || bytes.HasPrefix(strict, []byte("2")) {
		return true
	}
	for _, resource := range []int{syscall.RLIMIT_AS, syscall.RLIMIT_DATA} {
		var limit syscall.Rlimit
		if syscall.Getrlimit(resource, &limit) != nil || limit.Cur != unlimited {
			return true
		}
	}
	return false
}

// unlimited is what a limit is where there is none.
const unlimited = ^uint64(0)
