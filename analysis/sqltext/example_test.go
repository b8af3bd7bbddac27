package sqltext_test

import (
	"fmt"

	"sqleuth/analysis/sqltext"
)

// A digest is a statement without its values and comments: the unit in which
// something is new to an account.
func ExampleAppendDigest() {
	var tokens sqltext.Tokens
	for _, sql := range []string{
		"SELECT name FROM users WHERE id IN (1, 2, 3) /* page 7 */",
		"select name from users where id in (42)",
	} {
		tokens.Lex([]byte(sql))
		fmt.Printf("%s\n", sqltext.AppendDigest(nil, &tokens))
	}
	// Output:
	// SELECT name FROM users WHERE id IN (?)
	// SELECT name FROM users WHERE id IN (?)
}
