// Package ui is the terminal investigator.
//
//	            keys, sizes                          facts (message.Snapshot, Labels, Filtered, ...)
//	terminal ---------------> root (app.go) ---------------------------------------> every screen
//	                            |    ^       \---- keys that are not global --------> the focused one
//	                            |    |
//	   facts, requests, answers |    '--- requests (message.Label, OpenEntries, ...), facts, work:
//	                            v         what the command of a screen or of a part returns
//	                          parts, each with its own Update
//
// The root runs a command at once: requests are done and facts heard before the
// next key, and what takes time (screen.Work) goes to the background.
//
// Everything that grows with the log happens in the background: the root asks
// for it by a command, the answer comes back as a message with the number of
// the question, and an answer to a question that was asked anew is dropped.
// Update decides, View draws; both cost the same for a thousand entries and for
// ten million.
//
// Where things are:
//
//	ui.go         Run and its Config
//	app.go        the root: whom a key, a request, a fact belongs to
//	actions.go    what global keys do, and when
//	part.go       the contract of its parts, and the facts that they send one another
//	run.go        the pipeline in the background
//	follow.go     a log that is being written, analysed again in the background
//	followed.go   the pipeline over such a log
//	labels.go     the analyst's labels
//	history.go    what u undoes and ctrl+r redoes: labels, filters, marks
//	case.go       the case file
//	filters.go    filters and what a place is narrowed to
//	lookahead.go  what a filter would leave that is being edited
//	layer.go      one of them, and how it is shown
//	query.go      the search for what they leave, in the background
//	export.go     exports
//	overlay.go    what lies over a screen: prompts.go, help.go, filterlist.go, rejects.go, score.go
//	navigate.go   places: the screens, where requests lead, and back
//	scope.go      how wide the view is around a row
//	idle.go       why a key does nothing
//	search.go     what is looked for on the screen that is shown
//	markings.go   the marks of the lists, for the case
//	quit.go       the end, once everything is saved
//	suspend.go    ctrl+z, and SIGTSTP from outside
//	copy.go       the clipboard
//	frame.go      header, footer, notices
//	keys.go       global keys
//	burst.go      keys that arrive together
//	screens.go    the one list of screens
//	line.go       a place in one line: typed, copied as a command, opened at the start
//	typed.go      what was typed into prompts, kept for later
//	paths.go      names of files, for completion
//	command.go    the ':' command line with its completion
//	goto.go       where :goto leads
//	language.go   the language of filters, for help and prompt
//	message/    every message between screens and root
//	screen/     the contract of a screen, its work in the background, and screentest, its test kit
//	theme/      every style and sign
//	quiet/      keeps Bubble Tea from asking the terminal while the program starts
//	list/       the list under every screen that has rows
//	statement/  the text of entries: read, searched, laid out
//	detail/     the pane that shows an entry or a message in full
//	stages/     an incident, opened: its stages over the Overview
//	timeline/   the log over time, under the Overview or over a screen
//	widget/     table and the pane below it, prompt, gauges, text in cells
//	overview/ connections/ entries/ templates/ charts/ models/ detections/ findings/
package ui
