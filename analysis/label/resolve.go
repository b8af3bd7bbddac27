package label

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/wording"
)

// A Resolution counts what became of a labels file's rows. Each list holds the
// first few of what its count counts, in the order of the file.
type Resolution struct {
	Unknown      int // different ids that name no connection of the log
	FirstUnknown []Ref

	Ambiguous      int // different bare ids that named several connections; all got the label
	FirstAmbiguous []uint64

	Unclassed int // rows without a class

	Repeated int // rows that repeat an earlier row

	Conflicts      int // rows that give another class than an earlier row; the later row holds
	FirstConflicts []Ref
}

// examplesKept is how many examples a Resolution keeps of each kind.
const examplesKept = 5

// Notices returns a line for each thing that an analyst should know about, in
// words: "3 ids are not in this log: 17, 99@2, 100".
func (r Resolution) Notices() []string {
	refText := func(ref Ref) string { return ref.String(true) }
	idText := func(id uint64) string { return strconv.FormatUint(id, 10) }
	var out []string
	if r.Unknown > 0 {
		out = append(out, fmt.Sprintf("%s not in this log: %s", wording.Counted(r.Unknown, "id is", "ids are"), examples(r.FirstUnknown, r.Unknown, refText)))
	}
	if r.Ambiguous > 0 {
		out = append(out, fmt.Sprintf("%s several connections, all labelled: %s", wording.Counted(r.Ambiguous, "bare id names", "bare ids name"), examples(r.FirstAmbiguous, r.Ambiguous, idText)))
	}
	if r.Unclassed > 0 {
		out = append(out, fmt.Sprintf("%s no class and no effect", wording.Counted(r.Unclassed, "row has", "rows have")))
	}
	if r.Repeated > 0 {
		out = append(out, fmt.Sprintf("%s an earlier one", wording.Counted(r.Repeated, "row repeats", "rows repeat")))
	}
	if r.Conflicts > 0 {
		out = append(out, fmt.Sprintf("%s an earlier one, the later holds: %s", wording.Counted(r.Conflicts, "row contradicts", "rows contradict"), examples(r.FirstConflicts, r.Conflicts, refText)))
	}
	return out
}

func examples[T any](first []T, count int, text func(T) string) string {
	texts := make([]string, 0, len(first)+1)
	for _, v := range first {
		texts = append(texts, text(v))
	}
	if count > len(first) {
		texts = append(texts, "...")
	}
	return strings.Join(texts, ", ")
}

// Resolve finds the connections that the rows name. Epochs returns the server runs
// in which an id occurs, ascending, none for an unknown id.
//
// A bare id names all its connections. A row with a server run overrules a bare
// one, wherever it is; among rows of the same kind the later holds, and a row that
// changes nothing leaves the earlier one's source and time. Notes follow the same
// rule. The records come by epoch and id.
func (f File) Resolve(epochs func(id uint64) []uint32) ([]Record, Resolution) {
	res := Resolution{Unclassed: f.Unclassed}
	found := make(map[Ref]*resolved, len(f.Rows))
	unknown := map[Ref]bool{}
	ambiguous := map[uint64]bool{}
	for _, row := range f.Rows {
		bare := row.Ref.Epoch == 0
		named := epochs(row.Ref.ID)
		if !bare {
			if slices.Contains(named, row.Ref.Epoch) {
				named = []uint32{row.Ref.Epoch}
			} else {
				named = nil
			}
		}
		if len(named) == 0 && !unknown[row.Ref] {
			unknown[row.Ref] = true
			res.Unknown++
			res.FirstUnknown = keepFew(res.FirstUnknown, row.Ref)
		}
		if len(named) > 1 && !ambiguous[row.Ref.ID] {
			ambiguous[row.Ref.ID] = true
			res.Ambiguous++
			res.FirstAmbiguous = keepFew(res.FirstAmbiguous, row.Ref.ID)
		}
		var repeats, contradicts bool
		for _, epoch := range named {
			ref := Ref{epoch, row.Ref.ID}
			r := found[ref]
			if r == nil {
				r = &resolved{}
				found[ref] = r
			}
			same, other := r.take(row, !bare)
			repeats, contradicts = repeats || same, contradicts || other
		}
		switch {
		case contradicts:
			res.Conflicts++
			res.FirstConflicts = keepFew(res.FirstConflicts, row.Ref)
		case repeats:
			res.Repeated++
		}
	}

	records := make([]Record, 0, len(found))
	for ref, r := range found {
		records = append(records, Record{ref, r.verdict, r.note})
	}
	slices.SortFunc(records, func(a, b Record) int { return a.Ref.Compare(b.Ref) })
	return records, res
}

// resolved holds what the rows so far give one connection, and whether a row with a
// server run gave it.
type resolved struct {
	verdict                 Verdict
	note                    Note
	verdictExact, noteExact bool
}

// take reports whether the row repeats, or contradicts, the class that an
// earlier row of the same kind gave.
func (r *resolved) take(row Row, exact bool) (repeats, contradicts bool) {
	if row.Note != "" && (exact || !r.noteExact) {
		r.note, r.noteExact = Note{Text: row.Note, Analyst: row.NoteAnalyst}, exact
	}
	if row.Class == "" || r.verdictExact && !exact {
		return false, false
	}
	if r.verdict.Class != "" && r.verdictExact == exact {
		if r.verdict.Class == row.Class {
			return true, false
		}
		contradicts = true
	}
	r.verdict = Verdict{Class: row.Class, Source: row.Source, At: row.At, Analyst: row.Analyst}
	r.verdictExact = exact
	return false, contradicts
}

func keepFew[T any](first []T, v T) []T {
	if len(first) < examplesKept {
		first = append(first, v)
	}
	return first
}
