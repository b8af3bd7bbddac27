package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// What is made after the system was asked lies where pages may be huge. The heap of a
// process that ran other tests has room elsewhere: so it is one of its own.
func TestHugePages(t *testing.T) {
	if os.Getenv("HUGE_PAGES") == "" {
		own := exec.Command(os.Args[0], "-test.run=^TestHugePages$", "-test.v")
		own.Env = append(os.Environ(), "HUGE_PAGES=1")
		out, err := own.CombinedOutput()
		if err != nil {
			t.Errorf("%v: %s", err, out)
		}
		if bytes.Contains(out, []byte("SKIP")) {
			t.Skip("the system has no huge pages for who asks")
		}
		return
	}
	if !givenToThoseWhoAsk() || addressesCount() {
		t.Skip("the system has no huge pages for who asks")
	}
	askForHugePages()
	list := make([]byte, 8<<20)
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Skip(err)
	}
	var at, from, to uint64
	// It may begin in what is free in front of them.
	fmt.Sscanf(fmt.Sprintf("%p", &list[len(list)-1]), "0x%x", &at)
	for line := range strings.Lines(string(maps)) {
		if n, _ := fmt.Sscanf(line, "%x-%x ", &from, &to); n == 2 {
			continue
		}
		if flags, ok := strings.CutPrefix(line, "VmFlags:"); ok && from <= at && at < to {
			if !strings.Contains(flags, " hg") {
				t.Errorf("pages of a list of %d MiB cannot be huge: its flags are%s", len(list)>>20, flags)
			}
			return
		}
	}
	t.Errorf("the list at %x is in no mapping", at)
}
