package filter

import (
	"context"

	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
)

// Subject is what a filter can ask about: a log with what is known of it. Nothing
// of it may change while a Program made from it is used.
type Subject struct {
	*loaded.Log
	Labels label.Set

	// Isolation returns the score of a row of Rows, 0 to 1, the higher the more
	// abnormal; Random returns its probability of an anomaly. They are nil as long
	// as there is no such model.
	Isolation func(row int) float64
	Random    func(row int) float64

	// Score returns what a connection is ranked by, Anomaly how unlike the others it
	// is, Learned the probability, from labels, that it is not normal; 0 to 1, nil
	// where it is not known.
	Score   func(conn int) float64
	Anomaly func(conn int) float64
	Learned func(conn int) float64

	// Detections is nil until the rules have run.
	Detections []Detection

	// Incidents is nil until they were looked for.
	Incidents []Incident

	// Text reads statements. It may be nil where none can be read.
	Text TextReader
}

// Detection is what a rule found, possibly one of several finds.
type Detection struct {
	Rule        string   // id
	Connections []uint32 // all of their entries belong to it
	Entries     []uint32 // further entries, in any order
}

// Incident is what one actor did.
type Incident struct {
	ID, Letter string   // either names it; that of a stage ends in "/" and its name
	Entries    []uint32 // ascending
}

// TextReader reads the statements of entries: for each the text that the
// screens show as its statement, without time, id and command, without the line
// end before the next entry.
//
// Scan calls fn with the text of every entry i, from <= i < to, for which
// want(i) is true, in ascending order, and returns nil after the last one or as
// soon as fn returns false. The text is lent for the call only. Where a text cannot
// be had, Scan returns an error that names the entry and the reason; when ctx is
// done, it returns ctx.Err() within a few milliseconds.
//
// A Program calls Scan from several goroutines at once, each time for a range
// of its own of at most store.SpanLen entries and about 8 MiB of text, in
// ascending order of the log but for the calls that run side by side. To begin
// in the midst of the log must therefore be cheap against reading such a range.
// want may be called any number of times for the same entry, and it is fast;
// fn and want are called on the goroutine that called Scan.
type TextReader interface {
	Scan(ctx context.Context, from, to int, want func(i int) bool, fn func(i int, text []byte) bool) error
}

// eventIDs returns the ids of the templates, by index.
func (s *Subject) eventIDs() []string {
	ids := make([]string, len(s.Templates))
	for i, t := range s.Templates {
		ids[i] = t.EventID
	}
	return ids
}
