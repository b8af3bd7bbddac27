// Package fact finds what a statement asks for, by its own tokens and with no rule
// in sight: its verb, its tables and how much of them, functions, files, what
// injection leaves behind.
//
// A Set holds kinds, classes and names, never the value of a literal, so that
// statements which differ in literals only have one Set. It depends on the bytes
// of the statement alone; what depends on the current database is derived by
// Resolve when the set is used.
package fact
