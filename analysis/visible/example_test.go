package visible_test

import (
	"fmt"

	"sqleuth/analysis/visible"
)

// What a client sent is shown, not obeyed: this would clear the screen.
func ExampleNotation_Text() {
	fmt.Println(visible.Unicode.Text("SELECT '\x1b[2J'\nDROP TABLE t"))
	// Output: SELECT '␛[2J'␊DROP TABLE t
}
