// Package list is the list that every screen with rows is made of. A screen
// describes its rows by a Spec, above all by its columns, and the list does the
// rest: drawing, keys, sorting, search, marks, and the pane about the row under
// the cursor.
//
//	Show, Load   data and rows --(arrange.go, in a command)--> order, place of cursor and marks
//	Update       keys          --(keys.go)-------------------> cursor, column cursor, marks, order
//	             Search        --(search.go, in commands)----> hits, counted
//	View         rows on the screen --(Column.Cell)----------> draw.go
//	Focus        marks, open range, or the row under the cursor --> what digits, +, - and y act on
//
// Three words: data (the type parameter D) is an immutable value of the screen
// that cells are made of; a row is an index into it; a position is where a row is
// shown, or an aside, which is between rows and is none. Cursor and marks stay with their rows,
// whatever their positions.
//
// Nothing here grows with the number of rows in Update or View, unless Spec.Few
// promises that there are few. Commands get values that nobody changes, and an answer
// that comes too late is dropped by its number.
package list
