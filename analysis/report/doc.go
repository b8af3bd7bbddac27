// Package report turns a finished snapshot into text that a responder reads in a
// terminal or a ticket, or into one JSON object.
//
//	Snapshot --Text--> default reading: what matters most first, then the counts and models
//	                   notebook's reading: the notebook's tables as its libraries print them
//	Snapshot --JSON--> one object, ASCII only
//
// The output depends on the snapshot and the options alone. Text of log origin
// reaches the text form through package visible only: what a terminal would act
// on is written out. In the JSON form a byte that is not UTF-8 is written as the
// four characters \xff, and everything beyond printable ASCII as a JSON escape.
package report
