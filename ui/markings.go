package ui

import (
	"cmp"
	"slices"
	"strings"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
)

// lister is a screen with rows: its lists, the one that is shown first.
type lister interface{ Lists() []list.Any }

// lists are those of a screen.
func (a *app) lists(at message.Screen) []list.Any {
	if s, ok := a.screens[at].(lister); ok {
		return s.Lists()
	}
	return nil
}

// maxKept is how many ranges or rows of a list the case keeps as marked: more are no
// work of hands.
const maxKept = 10_000

// marksChanged says which rows of a list the case is to keep as marked.
type marksChanged struct{ casefile.Marks }

// markings watches the marks of the lists.
type markings struct {
	known   map[string]list.Marks // that the case keeps, by list
	tooMany bool                  // that the analyst has been told so
}

// heedMarks tells the case which marks have changed since it looked last.
func (a *app) heedMarks() {
	if a.snapshot == nil {
		return
	}
	for at := range message.Screens {
		for _, l := range a.lists(at) {
			a.heedMarksOf(l)
		}
	}
}

func (a *app) heedMarksOf(l list.Any) {
	name, marks := l.Name(), l.Marks()
	if name == "" || marks.Same(a.marks.known[name]) {
		return
	}
	a.marks.known[name] = marks
	kept, ok := l.Kept(maxKept)
	switch {
	case ok:
		a.ask(marksChanged{casefile.Marks{List: kept.List, Reading: a.snapshot.Reading.String(), Ranges: kept.Ranges, Names: kept.Names}})
	case !a.marks.tooMany:
		a.marks.tooMany = true
		a.say("so many marks are not kept in the case")
	}
}

// restoreMarks adds the marks of the case to those of this session.
func (a *app) restoreMarks(kept []casefile.Marks, s *pipeline.Snapshot) {
	rows := max(s.Len(), s.Connections.Len()) // of a list whose rows have numbers
	for _, m := range kept {
		if m.Reading != s.Reading.String() {
			continue
		}
		marks := message.Marks{List: m.List, Names: m.Names}
		for _, r := range m.Ranges {
			marks.Ranges = append(marks.Ranges, [2]int{r[0], min(r[1], rows)})
		}
		a.broadcast(marks)
	}
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
