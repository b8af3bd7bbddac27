// Package integrity finds what a loaded log shows of its own trustworthiness, and
// what it cannot show: columns, connections and the account of bytes in, findings
// and limits out.
//
//	times         --> steps back, silences against the log's own rhythm
//	files         --> those that several servers wrote, and copies
//	thread ids    --> ids that never connected, ids that are missing
//	banners       --> restarts, reopened logs, ids that begin again without one
//	facts         --> logging that was switched off or redirected
//	bytes         --> holes, damaged files, headers of several forms
//	open quotes   --> entries that may be text of the statement before them
//
// Nothing is dropped or corrected on the way: a finding points at entries and
// explains how else they could be read. A finding is a reason to look, not a proof;
// each of these things also happens on honest servers.
//
// Entries and connections are passed over a few times, column by column; the
// text of a handful of entries is read back.
package integrity
