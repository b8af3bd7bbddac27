// Package detail is the pane that shows one row of Entries in full, an entry or a
// message of the server, beside the list, below it, or instead of it.
//
//	row under the cursor --(content.go, in a command)--> text, parameters, evidence, lines
//	content, snapshot and labels of now --(document.go)--> the lines of the pane
//	body, list --(pane.go)--> both, side by side or one below the other
package detail
