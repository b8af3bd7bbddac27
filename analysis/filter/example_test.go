package filter_test

import (
	"fmt"

	"sqleuth/analysis/filter"
)

// A filter is read once; an error names its place.
func ExampleParse() {
	f, err := filter.Parse("user:root and not host:10.0.0.0/8 time:13:06..13:20")
	fmt.Println(f, err)
	_, err = filter.Parse("usr:root")
	fmt.Println(err != nil)
	// Output:
	// user:root not host:10.0.0.0/8 time:13:06..13:20 <nil>
	// true
}
