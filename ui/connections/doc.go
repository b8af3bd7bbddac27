// Package connections is the screen that lists who connected: one row per
// connection, sorted by any column.
//
//	Filtered.Connections --(rows, in order of the log)--> order.go: keys of the column, in a
//	                                                      command --> permutation --> rows shown
//	rows on the screen   --(summary.go, in a command)---> actions, tables, rarest template,
//	                                                      scores, detections --> cells
package connections
