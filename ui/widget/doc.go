// Package widget holds the building blocks of screens: the pane that shows a row in
// full, a prompt, gauges, bars, spark lines, and the fitting of text into cells.
//
// Every function that takes text takes it as it is in the log and makes it
// visible itself (package visible), so no byte of a log reaches the terminal
// through a widget. Widths are in terminal cells.
package widget
