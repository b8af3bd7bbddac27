// Package label holds the analyst's verdicts about connections: which class a
// connection was given, by whom and when, and what was noted about it; and what was
// decided of incidents. What these replaced is kept: each is the newest of a history,
// and two analysts' histories of one log join into one.
//
// A labels file becomes rows (Read), rows become records of the connections
// that the log really holds (File.Resolve), records and key presses become
// steps of a Book, and a Book hands out immutable Sets, which models, screens
// and exports read without locks. Write turns a Set back into a labels file.
//
// A connection without a verdict counts as Normal; a verdict of Normal is a
// statement of its own and is kept, shown and exported like any other.
package label
