package verify

import (
	"fmt"

	"sqleuth/analysis/visible"
)

// A Kind is how something differs from an export.
type Kind string

// The kinds of differences.
const (
	Changed Kind = "changed"
	Missing Kind = "missing"
	New     Kind = "new"
	Moved   Kind = "moved"
)

// A Difference is something that is not as the export has it.
type Difference struct {
	Kind Kind
	Text string // what, and how it differs
}

func (d Difference) String() string { return string(d.Kind) + ": " + d.Text }

// Result is what a check has found so far.
type Result struct {
	Differences []Difference
	Passed      []string // what was checked and is as the export has it, in sentences
	// NotDone is what was not checked and why, in sentences. It may be asked for again
	// with what it names.
	NotDone []string
}

// maxListed is how many differences of one file are named; the others are counted.
const maxListed = 10

func (r *Result) differs(k Kind, format string, args ...any) {
	r.Differences = append(r.Differences, Difference{k, fmt.Sprintf(format, args...)})
}

func (r *Result) passed(format string, args ...any) {
	r.Passed = append(r.Passed, fmt.Sprintf(format, args...))
}

func (r *Result) notDone(format string, args ...any) {
	r.NotDone = append(r.NotDone, fmt.Sprintf(format, args...))
}

// listing names differences of one file up to maxListed.
type listing struct {
	*Result
	n int
}

func (l *listing) differs(k Kind, format string, args ...any) {
	if l.n++; l.n <= maxListed {
		l.Result.differs(k, format, args...)
	}
}

// end counts what was not named.
func (l *listing) end(file, what string) {
	if l.n > maxListed {
		l.Result.differs(Changed, "%s: %d more %s", file, l.n-maxListed, what)
	}
}

// quoted is text of a file, made visible, at most 60 bytes of it.
func quoted(text string) string { return visibly(text, 60) }

// named is the name of a log, made visible, the end of which is more useful than its
// beginning.
func named(path string) string { return visibly(path, 4096) }

func visibly(text string, most int) string {
	line, cut := visible.Unicode.Line(text, most)
	if cut {
		line += "…"
	}
	return `"` + line + `"`
}
