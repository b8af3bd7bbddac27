// Package entries is the screen that shows the log itself: a list of the
// entries that the filters leave, one of them in full in a pane beside it, and
// the transcript of a single connection.
//
//	Filtered.Entries --(rows on the screen)--> text.go: statements, read in a command, cached
//	                                            --> sql.go: tokens --> cells
//	entry under the cursor --(detail.go, in a command)--> statement, parameters, detections
//	                                            --> layout.go: lines --> pane
package entries
