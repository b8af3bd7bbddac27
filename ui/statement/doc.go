// Package statement is the text of entries as screens show it: beginnings for the
// rows of a list, all of it for a pane, and the search for what is typed.
//
//	rows on the screen --(heads.go, in a command)--> beginnings, cached --> cells
//	text of an entry --(lines.go)--> lines of a width, formatted or as sent
//	rows to be searched --(search.go, side by side)--> those that have a text
package statement
