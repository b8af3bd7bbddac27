package ui

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
)

// maxKept is how many ranges or rows of a list the case keeps as marked: more are no
// work of hands.
const maxKept = 10_000

// marksChanged asks the case to keep these rows of a list as marked.
type marksChanged struct{ casefile.Marks }

// markings is the part that keeps the marks of the lists in the case.
type markings struct {
	snapshot *pipeline.Snapshot
	known    map[string]list.Marks // that the case keeps, by list
	tooMany  bool                  // that the analyst has been warned of it
}

// Update restores the marks of the case, beside those of this session.
func (k *markings) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		k.snapshot = m.Snapshot
	case caseOpened:
		if m.log != nil {
			return restored(m.kept.Marks, m.log), false
		}
	}
	return nil, false
}

// restored gives the lists which of their rows the case keeps as marked.
func restored(kept []casefile.Marks, s *pipeline.Snapshot) tea.Cmd {
	var cmds []tea.Cmd
	rows := max(s.Len(), s.Connections.Len()) // of a list whose rows have numbers
	for _, m := range kept {
		if m.Reading != s.Reading.String() {
			continue
		}
		marks := message.Marks{List: m.List, Names: m.Names}
		for _, r := range m.Ranges {
			if r[0] >= rows {
				break // of somebody who has marked what is not there
			}
			marks.Ranges = append(marks.Ranges, [2]int{r[0], min(r[1], rows)})
		}
		cmds = append(cmds, tell(marks))
	}
	return tea.Batch(cmds...)
}

// heed sends the case the marks of some lists that have changed since it looked
// last.
func (k *markings) heed(lists []list.Any) tea.Cmd {
	var cmds []tea.Cmd
	for _, l := range lists {
		if k.snapshot != nil {
			cmds = append(cmds, k.heedList(l))
		}
	}
	return tea.Batch(cmds...)
}

func (k *markings) heedList(l list.Any) tea.Cmd {
	name, marks := l.Name(), l.Marks()
	if name == "" || marks.Same(k.known[name]) {
		return nil
	}
	k.known[name] = marks
	kept, ok := l.Kept(maxKept)
	switch {
	case ok:
		return tell(marksChanged{casefile.Marks{List: kept.List, Reading: k.snapshot.Reading.String(), Ranges: kept.Ranges, Names: kept.Names}})
	case !k.tooMany:
		k.tooMany = true
		return say("so many marks are not kept in the case")
	}
	return nil
}

// keepMarks replaces the marks of a list; changed reports whether they were others.
func keepMarks(all []casefile.Marks, m casefile.Marks) (now []casefile.Marks, changed bool) {
	k := slices.IndexFunc(all, func(have casefile.Marks) bool { return have.List == m.List && have.Reading == m.Reading })
	switch {
	case k >= 0 && all[k].Equal(m) || k < 0 && m.Len() == 0:
		return all, false
	case k >= 0:
		now = slices.Delete(slices.Clone(all), k, k+1)
	default:
		now = slices.Clone(all)
	}
	if m.Len() > 0 {
		now = append(now, m)
	}
	slices.SortFunc(now, func(a, b casefile.Marks) int {
		return cmp.Or(strings.Compare(a.List, b.List), strings.Compare(a.Reading, b.Reading))
	})
	return now, true
}
