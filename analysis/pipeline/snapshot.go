package pipeline

import (
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/count"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/finding"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/model"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
	"sqleuth/analysis/tablelog"
)

// Snapshot is what is known about a log at one moment. It is immutable: each
// stage copies the struct and sets what it has found, and nothing in a snapshot
// that was handed out is written again.
type Snapshot struct {
	Log
	Analysis
	Verdicts
}

// Log is what reading has given so far.
type Log struct {
	Reading     reading.Reading
	Files       []File
	Order       string // in which the files were read, in words; empty for a single one
	Loaded      bool   // every file was read to its end, or to its damage
	Entries     store.View
	Rows        []store.Row // distinct rows; store.Entry.Row is an index into it
	Commands    []string    // texts of store.Key.Command
	Actions     []string    // texts of store.Key.Action
	Tables      []string    // texts of store.Key.Table
	Connections connection.View
	Templates   []Template // distinct template texts in order of first appearance
	TemplateOf  []int32    // by store.Key.Cluster, index into Templates
	// Marks are what rules make of statements, by store.Key.Cluster; nil where
	// the reading mines all statements together.
	Marks []detect.Mark
	// OtherTables are the tables that statements name beside their main one, by
	// store.Key.Cluster; nil where the reading mines all statements together.
	OtherTables [][]string
	Coverage    genlog.Coverage
	// OpenEnds are the entries whose statement ends inside a quote or comment,
	// ascending, the first ones; none in the notebook's reading.
	OpenEnds []uint32
	// Full names what the log has more of than is told apart: "templates",
	// "tables", ... The rest counts as one, and the figures of the notebook's
	// reading are then no longer the notebook's.
	Full      []string
	Backwards int  // entries whose time lies before that of the entry before
	Unzoned   bool // times are local to the server and no zone was given
}

// File is one input file as far as it is known.
type File struct {
	Name      string
	Container string // plain, gzip, zstd, xz, bzip2
	Base      int64  // offset of its first byte in the decompressed log
	Text      int64  // decompressed bytes read so far
	Raw       int64  // bytes of the file itself
	SHA256    string // of the raw file in hexadecimal; empty until it was read
	Damage    string // what is wrong with it, empty for nothing
	// Doubtful is the text that may not be what was written, by Damage.
	Doubtful []integrity.Range
	Forms    genlog.Forms
	// Table is how the file is written where it is a dump of mysql.general_log,
	// nil where it is a log as a server writes it.
	Table *tablelog.Layout
}

// Template is a distinct template text.
type Template struct {
	EventID string
	Text    string
	Count   int // entries
	First   int // index of the first of them
	Last    int // index of the last of them
}

// Analysis is what follows from a loaded log alone. It is nil-valued until the
// log is loaded.
type Analysis struct {
	ByConnection store.Groups
	Counts       *count.Tables
	Timeline     *count.Timeline
	Encoding     *feature.Encoding
	Detections   []detect.Detection
	Integrity    integrity.Report
}

// Verdicts is what depends on labels and on model parameters. Isolation does
// not need labels, but what it is measured against does.
type Verdicts struct {
	Truth     *model.Truth
	Isolation *model.Isolation
	Random    *model.Random
	Mixed     *model.Mixed
	Suspects  []finding.Suspect
	// SuspectsTotal is how many there are in all; Suspects are the first of them.
	SuspectsTotal int
}

// Zone names the zone of the log's times: "UTC", or "local" where they are the
// server's and nobody said which zone that is.
func (l *Log) Zone() string {
	if l.Unzoned {
		return "local"
	}
	return "UTC"
}

// Len returns the number of entries.
func (s *Snapshot) Len() int { return s.Entries.Len() }

// Span returns the earliest and the latest time of a log, false for a log without
// entries. Times step back where clocks were set, logs joined or entries forged, so
// that these need not be the times of its first and last entry.
func (s *Snapshot) Span() (first, last time.Time, ok bool) {
	lo, hi, ok := s.Entries.Times()
	return time.UnixMicro(lo).UTC(), time.UnixMicro(hi).UTC(), ok
}

// Key returns cluster, command, action and table of entry i.
func (s *Snapshot) Key(i int) store.Key { return s.Rows[s.Entries.Row(i)].Key }

// Command returns the command of entry i.
func (s *Snapshot) Command(i int) string { return s.Commands[s.Key(i).Command] }

// Action returns the action of entry i, "-" for none.
func (s *Snapshot) Action(i int) string { return s.Actions[s.Key(i).Action] }

// Table returns the table of entry i, "-" for none.
func (s *Snapshot) Table(i int) string { return s.Tables[s.Key(i).Table] }

// Template returns the index in Templates of entry i's template.
func (s *Snapshot) Template(i int) int { return int(s.TemplateOf[s.Key(i).Cluster]) }

// EncodedRow returns the row of the feature matrix that entry i has. The log
// must have been encoded.
func (s *Snapshot) EncodedRow(i int) int { return int(s.Encoding.Of[s.Entries.Row(i)]) }
