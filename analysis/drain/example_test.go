package drain_test

import (
	"fmt"

	"sqleuth/analysis/drain"
)

// Lines that are alike share a template; what differs becomes a wildcard.
func ExampleMiner() {
	m, err := drain.New(drain.DefaultConfig())
	if err != nil {
		panic(err)
	}
	for _, line := range []string{
		"SELECT name FROM users WHERE login = 'ann'",
		"SELECT name FROM users WHERE login = 'bob'",
	} {
		id := m.Add([]byte(line))
		fmt.Println(id, m.Template(id))
	}
	// Output:
	// 0 SELECT name FROM users WHERE login = 'ann'
	// 0 SELECT name FROM users WHERE login = <*>
}
