package wording_test

import (
	"fmt"

	"sqleuth/analysis/wording"
)

// Durations are written as an analyst speaks of them.
func ExampleDuration() {
	for _, us := range []int64{1_500_000, 2_847_000_000, 93_600_000_000} {
		fmt.Println(wording.Duration(us))
	}
	fmt.Println(wording.Counted(1, "connection", "connections"))
	// Output:
	// 1.5s
	// 47m27s
	// 26h00m
	// 1 connection
}
