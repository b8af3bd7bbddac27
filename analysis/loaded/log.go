// Package loaded holds a log as all analysis sees it: what reading has given, in
// columns and dictionaries, with nothing that rules or models add.
//
// A Log is a value at one moment; nothing in it is written again.
package loaded

import (
	"sort"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/store"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/wrapper"
)

// Log is what reading has given so far. The zero value is an empty log.
type Log struct {
	Reading     reading.Reading
	Files       []File
	Servers     []Server // whose logs they are, in the order of Files; nil where none was named
	Order       string   // in which the files were read, in words; empty for a single one
	Left        string   // what of archives was not read, in words; empty for nothing
	Loaded      bool     // every file was read to its end, or to its damage
	Entries     store.View
	Rows        []store.Row // distinct rows; store.Entry.Row is an index into it
	Commands    []string    // texts of store.Key.Command
	Actions     []string    // texts of store.Key.Action
	Tables      []string    // texts of store.Key.Table
	Facts       []fact.Set  // by store.Key.Fact; 0 is the empty set
	Digests     []string    // texts of store.Key.Digest, "-" for what is no statement
	Connections connection.View
	// ByConnection lists the entries of each connection; empty until the log is
	// loaded.
	ByConnection store.Groups
	Templates    []Template // distinct template texts in order of first appearance
	TemplateOf   []int32    // by store.Key.Cluster, index into Templates
	// OtherTables are the tables that statements name beside their main one, by
	// store.Key.Cluster; nil where the reading mines all statements together.
	OtherTables [][]string
	Lines       Lines // empty until the log is loaded
	Coverage    genlog.Coverage
	Outcomes    store.Outcomes // the server's answers to entries, where the log holds them
	// OpenEnds are the entries whose statement ends inside a quote or comment,
	// ascending, the first ones; none in the notebook's reading.
	OpenEnds []uint32
	// Messages are those of the server between the entries, in order of the log, the
	// first ones; Coverage counts all. None in the notebook's reading.
	Messages []Message
	// Full names what the log has more of than is distinguished: "templates",
	// "tables", ... The rest counts as one, and the figures of the notebook's
	// reading are then no longer the notebook's, but for "digests" and "facts", on
	// which none rests; of "facts" the rest keeps the gravest.
	Full      []string
	Backwards int  // entries whose time lies before that of the entry before, of one server
	Unzoned   bool // times are local to the server and no zone was given
}

// Template is a distinct template text.
type Template struct {
	EventID string
	Text    string
	Count   int // entries
	First   int // index of the first of them
	Last    int // index of the last of them
}

// Text reads the argument of entry i back from the log. It may be slow.
type Text func(i int) ([]byte, error)

// Zone names the zone of the log's times: "UTC", or "local" where they are the
// server's, whose zone nobody named.
func (l *Log) Zone() string {
	if l.Unzoned {
		return "local"
	}
	return "UTC"
}

// Len returns the number of entries.
func (l *Log) Len() int { return l.Entries.Len() }

// Span returns the earliest and the latest time of a log, false for a log without
// times. Times step back where clocks were set, logs joined or entries forged, so
// that these need not be the times of its first and last entry.
func (l *Log) Span() (first, last time.Time, ok bool) {
	lo, hi, ok := l.Entries.Times()
	return time.UnixMicro(lo).UTC(), time.UnixMicro(hi).UTC(), ok
}

// Moment returns the time of entry i as far as it is known. An entry without a
// time was before the next one of its file that has a time.
func (l *Log) Moment(i int) store.Moment {
	if t := l.Entries.Time(i); t != store.NoTime {
		return store.At(t)
	}
	next, ok := l.Entries.TimedFrom(i)
	if !ok || !l.together(i, next) {
		return store.Unknown
	}
	return store.Moment{Micros: l.Entries.Time(next), Before: true}
}

// Approximate returns a time of entry i to compute with, never to show: that of
// entries without a time is made up so that they keep their order and are no gap.
// They follow each other by a microsecond up to the next entry of their file that
// has a time; else from the one before them in the log, or up to the next one of
// another file; in a log without times from 1970 on.
func (l *Log) Approximate(i int) int64 {
	if t := l.Entries.Time(i); t != store.NoTime {
		return t
	}
	next, after := l.Entries.TimedFrom(i)
	before, ok := l.Entries.TimedBefore(i)
	switch {
	case after && (!ok || l.together(i, next)):
		return l.Entries.Time(next) - int64(next-i)
	case ok:
		return l.Entries.Time(before) + int64(i-before)
	}
	return int64(i)
}

// together reports whether two entries are of one file.
func (l *Log) together(i, j int) bool {
	a, _ := l.File(l.Entries.Offset(i))
	b, _ := l.File(l.Entries.Offset(j))
	return a == b
}

// Key returns what the columns of distinct rows hold of entry i.
func (l *Log) Key(i int) store.Key { return l.Rows[l.Entries.Row(i)].Key }

// Command returns the command of entry i.
func (l *Log) Command(i int) string { return l.Commands[l.Key(i).Command] }

// Action returns the action of entry i, "-" for none.
func (l *Log) Action(i int) string { return l.Actions[l.Key(i).Action] }

// Table returns the table of entry i, "-" for none.
func (l *Log) Table(i int) string { return l.Tables[l.Key(i).Table] }

// Digest returns the digest of entry i, "-" for none.
func (l *Log) Digest(i int) string {
	if n := l.Key(i).Digest; n > 0 {
		return l.Digests[n]
	}
	return "-"
}

// DistinctDigests returns how many digests are distinguished.
func (l *Log) DistinctDigests() int {
	n := len(l.Digests)
	if n > 1 && l.Digests[n-1] == store.Others {
		n--
	}
	return max(0, n-1)
}

// QualifiedTable returns the table of entry i with its schema, where the statement
// names none that of the current database of its connection; "-" for no table. What
// the notebook takes for a table is left as it is.
func (l *Log) QualifiedTable(i int) string {
	if l.Reading == reading.Notebook {
		return l.Table(i)
	}
	id := l.Connections.Who(int(l.Entries.Connection(i)), i)
	return sqltext.Qualify(l.Table(i), l.Connections.Text(id.Database))
}

// Template returns the index in Templates of entry i's template.
func (l *Log) Template(i int) int { return int(l.TemplateOf[l.Key(i).Cluster]) }

// End returns an offset behind entry i that is not behind the next one: banners and
// rejects may lie between.
func (l *Log) End(i int) int64 {
	if i+1 < l.Entries.Len() {
		return l.Entries.Offset(i + 1)
	}
	var end int64
	for _, f := range l.Files {
		end = max(end, f.Base+f.Text)
	}
	return end
}

// File returns the index in Files of the file that an offset lies in, and the
// offset in that file's own (decompressed) text.
func (l *Log) File(offset int64) (file int, at int64) {
	// Files that are not read yet have no base, and are the last.
	k := sort.Search(len(l.Files), func(k int) bool { b := l.Files[k].Base; return b < 0 || b > offset }) - 1
	if k <= 0 {
		return 0, offset
	}
	return k, offset - l.Files[k].Base
}

// Layout returns the layout of the dump that holds entry i, nil for a log.
func (l *Log) Layout(i int) *tablelog.Layout {
	file, _ := l.File(l.Entries.Offset(i))
	if file >= len(l.Files) {
		return nil
	}
	return l.Files[file].Table
}

// Wrapper returns what is around the log where an offset lies, nil for nothing.
func (l *Log) Wrapper(offset int64) *wrapper.Stack {
	file, _ := l.File(offset)
	if file >= len(l.Files) {
		return nil
	}
	return l.Files[file].Wrapper
}

// Begins reports whether entry i is the first of its file with nothing but
// banners before it. Only the notebook reads such an entry in another way; the
// default reading has none.
func (l *Log) Begins(i int) bool {
	if l.Reading != reading.Notebook {
		return false
	}
	file, _ := l.File(l.Entries.Offset(i))
	if i > 0 {
		if before, _ := l.File(l.Entries.Offset(i - 1)); before == file {
			return false
		}
	}
	for _, r := range l.Coverage.First {
		if k, _ := l.File(r.Offset); k == file && r.Reason == genlog.BeforeFirst && r.Offset < l.Entries.Offset(i) {
			return false
		}
	}
	return true
}
