package label

import "iter"

// Columns returns the header of a labels file: id, class, source, at, note,
// analyst, note_analyst.
func Columns() []string { return append([]string(nil), columns[:]...) }

// Rows yields the cells of a labels file under Columns, one row for each
// connection with a verdict or a note, by epoch and id. Several reports whether the
// log holds more than one connection of an id, whose rows then read "17@2". Times
// are RFC 3339 in UTC with microseconds. A row that holds only a note has neither
// class nor source: a class would make a verdict of it when it is read.
//
// Notes are free text: a caller that writes the cells for a spreadsheet must guard
// them.
func Rows(s Set, several func(id uint64) bool) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for r := range s.All() {
			cells := []string{r.Ref.String(several(r.Ref.ID)), r.Verdict.Class, "", "", r.Note.Text, r.Verdict.Analyst, r.Note.Analyst}
			if r.Verdict.Class != "" {
				cells[columnSource] = r.Verdict.Source.String()
				if !r.Verdict.At.IsZero() {
					cells[columnAt] = r.Verdict.At.Format(timeFormat)
				}
			}
			if !yield(cells) {
				return
			}
		}
	}
}
