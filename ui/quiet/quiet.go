// Package quiet keeps a library from asking the terminal questions before main
// runs.
//
// Bubble Tea asks for the colour of the background when it is initialised, in
// every program that links it, whatever its command, and waits up to five seconds
// for each answer. Serial lines, some terminals over SSH and scripts answer
// nothing, and what is answered late would be taken for keys. The library asks no
// terminal that is dumb, so for as long as packages are initialised TERM is that of
// one. Nothing else reads TERM meanwhile; package theme decides the look from the
// environment, later.
//
// That this package comes first is by the language: packages are initialised in
// order of their paths, each as soon as its imports are. This one imports os
// only; Bubble Tea also needs package strings, which comes behind "sqleuth". A
// test of cmd/sqleuth looks at what the program writes to a terminal.
package quiet

import "os"

var term, known = os.LookupEnv("TERM")

func init() { _ = os.Setenv("TERM", "dumb") }

// End gives the program its TERM back. The package that imports Bubble Tea calls
// it when it is initialised itself.
func End() {
	if !known {
		_ = os.Unsetenv("TERM")
		return
	}
	_ = os.Setenv("TERM", term)
}
