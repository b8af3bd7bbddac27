// Package entries is the screen that shows the log itself: a list of the entries that
// the filters leave, with messages of the server between them, or the transcript of a
// single connection. Package detail shows one of its rows in full.
//
//	Filtered.Entries --(rows on the screen)--> statement.Heads --> cells
//	row under the cursor --> detail.Pane
package entries
