package filekind_test

import (
	"fmt"

	"sqleuth/analysis/filekind"
)

// A file that is no general log is named, with what would make it readable.
func ExampleOf() {
	f := filekind.Of([]byte("\xfebin\x1f\x43\x5a\x66"))
	fmt.Println(f)
	// Output: a MySQL binary log (byte 0): turn it into text with mysqlbinlog and read that there; for sqleuth give the general query log: the file that SELECT @@general_log_file names, or the rows of mysql.general_log as CSV
}
