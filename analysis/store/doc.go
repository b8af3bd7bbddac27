// Package store holds a log in columns: what the scanner finds of each entry goes
// in, immutable views come out.
//
// One writer appends while any number of readers look at views taken earlier.
// A view costs a few slices, not a copy of the log: columns are cut into
// chunks that are never moved, and a reader looks only at entries that were
// there when its view was taken. Statement text is not here; an entry knows
// the offset at which its text begins.
//
// An entry costs 20 bytes. Everything that repeats (command, action, table,
// template) is once in the table of distinct rows, and an entry names its row.
package store
