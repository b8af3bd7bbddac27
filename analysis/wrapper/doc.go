// Package wrapper takes off what platforms put around the lines of a log: bytes of
// a file in, the text of the log out, with a map that leads each byte of it back to
// the file.
//
//	file --encoding--> text --prefix before each line | value in a container--> text --...--> log
//
// Which wrappers a file has is found out from the head of its bytes, never from its
// name: one is taken off if entries come to light by it and there are none without.
// Wrappers stack (a grep of a docker log, written by PowerShell as UTF-16). A new
// wrapper is a value in the table (table.go).
//
// Taking off goes on block by block in bounded memory, and does not depend on where
// blocks end. It can begin again at any entry's offset, so that single entries are
// read back in the same way.
package wrapper
