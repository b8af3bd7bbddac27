// Package ui is the terminal investigator.
//
//	            keys, sizes                         facts (message.Snapshot, Labels, Filtered, ...)
//	terminal ---------------> root model (app.go) ------------------------------------> every screen
//	                            |        ^      \---- keys that are not global -------> the focused one
//	         runs, effects      |        |
//	  pipeline.Run, Judge,  <---'        '--- requests (message.Label, OpenEntries, ...): what a
//	  filter, case file,                      screen's command returns; the root acts, and answers
//	  export, clipboard                       with facts
//
// Everything that grows with the log happens in the background: the root asks
// for it by a command, the answer comes back as a message with the number of
// the question, and an answer to a question that was asked anew is dropped.
// Update decides, View draws; both cost the same for a thousand entries and for
// ten million.
//
// Where things are:
//
//	ui.go       Run and its Config
//	app.go      the root model: size, mode, screen, routing
//	frame.go    header and footer
//	screens.go  the one list of screens
//	keys.go     global keys
//	burst.go    keys that arrive together
//	run.go      the pipeline in the background, as messages
//	effects.go  requests that change or write something: labels, case, export, copy
//	suspend.go  ctrl+z, and SIGTSTP from outside
//	filters.go  the stack of filters, run in the background
//	layer.go    a filter of the stack as it is shown
//	command.go  the ':' command line with its completion
//	language.go what a filter can say, for help.go and the prompt
//	message/    every message between screens and root
//	screen/     the contract of a screen, its work in the background, and screentest, its test kit
//	theme/      every style and sign
//	quiet/      keeps Bubble Tea from asking the terminal while the program starts
//	widget/     table and the pane below it, prompt, gauges, text in cells
//	overview/ connections/ entries/ templates/ charts/ models/ detections/ findings/
package ui
