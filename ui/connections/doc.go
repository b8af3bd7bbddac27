// Package connections is the screen that lists who connected: one row per
// connection, sorted by any column.
//
//	Filtered.Connections --(ui/list)----------------> rows
//	rows on the screen   --(summary.go, in a command)---> actions, tables, rarest template,
//	                                                      scores, detections --> cells
package connections
