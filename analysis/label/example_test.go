package label_test

import (
	"fmt"
	"strings"

	"sqleuth/analysis/label"
)

// A labels file has a header with id and class; a connection of a later run of the
// server has the run behind its id.
func ExampleRead() {
	file, err := label.Read(strings.NewReader("id,class\n2988,get_user_table\n17@2,login_attack\n"))
	if err != nil {
		panic(err)
	}
	for _, row := range file.Rows {
		fmt.Println(row.Ref.String(true), row.Class)
	}
	// Output:
	// 2988 get_user_table
	// 17@2 login_attack
}
