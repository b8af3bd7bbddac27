package ui

import (
	"cmp"
	"slices"
	"strings"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// marking is a screen on which rows are marked: it returns how many, for the header.
type marking interface{ Marking() string }

// keptMarking is a screen whose rows keep their numbers, so that the case can keep
// its marks.
type keptMarking interface {
	Marks() list.Marks
	SetMarks(list.Marks) screen.Screen
}

// markedLists names the lists whose marks the case keeps.
var markedLists = map[message.Screen]string{message.Connections: "connections", message.Entries: "entries"}

// maxRanges is how many ranges of a list the case keeps: more are no work of hands.
const maxRanges = 10_000

// marksChanged says which rows of a list the case is to keep as marked.
type marksChanged struct{ casefile.Marks }

// markings watches the marks of the lists.
type markings struct {
	known   [message.Screens]list.Marks // that the case keeps
	tooMany bool                        // that the analyst has been told so
}

// heedMarks tells the case which marks have changed since it looked last.
func (a *app) heedMarks() {
	for at, name := range markedLists {
		s, ok := a.screens[at].(keptMarking)
		if !ok || a.snapshot == nil {
			continue
		}
		m := s.Marks()
		if m.Same(a.marks.known[at]) {
			continue
		}
		a.marks.known[at] = m
		ranges, ok := m.Ranges(maxRanges)
		if !ok && !a.marks.tooMany {
			a.marks.tooMany = true
			a.say("so many marks are not kept in the case")
		}
		if ok {
			a.ask(marksChanged{casefile.Marks{List: name, Reading: a.snapshot.Reading.String(), Ranges: ranges}})
		}
	}
}

// restoreMarks adds the marks of the case to those of this session.
func (a *app) restoreMarks(kept []casefile.Marks, s *pipeline.Snapshot) {
	rows := map[message.Screen]int{message.Connections: s.Connections.Len(), message.Entries: s.Len()}
	for at, name := range markedLists {
		on, ok := a.screens[at].(keptMarking)
		k := slices.IndexFunc(kept, func(m casefile.Marks) bool { return m.List == name && m.Reading == s.Reading.String() })
		if !ok || k < 0 {
			continue
		}
		marks := on.Marks()
		for _, r := range kept[k].Ranges {
			marks = marks.Add(r[0], min(r[1], rows[at]))
		}
		a.screens[at] = on.SetMarks(marks)
	}
}

// keepMarks replaces the marks of a list; changed reports whether they were others.
func keepMarks(all []casefile.Marks, m casefile.Marks) (now []casefile.Marks, changed bool) {
	k := slices.IndexFunc(all, func(have casefile.Marks) bool { return have.List == m.List && have.Reading == m.Reading })
	switch {
	case k >= 0 && all[k].Equal(m) || k < 0 && len(m.Ranges) == 0:
		return all, false
	case k >= 0:
		now = slices.Delete(slices.Clone(all), k, k+1)
	default:
		now = slices.Clone(all)
	}
	if len(m.Ranges) > 0 {
		now = append(now, m)
	}
	slices.SortFunc(now, func(a, b casefile.Marks) int {
		return cmp.Or(strings.Compare(a.List, b.List), strings.Compare(a.Reading, b.Reading))
	})
	return now, true
}
