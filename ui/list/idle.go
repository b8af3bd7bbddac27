package list

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// Idle returns why a key of the list does nothing now; empty for what is none of its keys.
func (l *List[D]) Idle(msg tea.KeyMsg) string {
	k := &keys
	is := func(bindings ...key.Binding) bool { return key.Matches(msg, bindings...) }
	up, down := is(k.Up, k.PageUp, k.Top), is(k.Down, k.PageDown, k.Bottom)
	switch whole := l.details.Whole(); {
	case up && whole:
		return "the text begins here"
	case down && whole:
		return "the text ends here"
	case l.rows.len() == 0 && (up || down || is(k.Left, k.Right, k.ScrollLeft, k.ScrollRight, k.Sort, k.Reverse, k.Tally, k.Mark, k.Range, k.Open, k.Entries, k.Connections, k.Details)):
		return "there are no rows"
	case up:
		return "this is the first row"
	case down:
		return "this is the last row"
	case whole && is(k.Left, k.Right, k.ScrollLeft, k.ScrollRight, k.Sort, k.Reverse, k.Tally, k.Mark, k.Range):
		return "the text is over the rows; " + k.Details.Help().Key + " closes it"
	case is(k.Left, k.Right):
		return "there is no other column"
	case is(k.ScrollLeft):
		return "text is shown from its beginning"
	case is(k.ScrollRight):
		return "no column here scrolls"
	case is(k.Sort):
		return "rows cannot be sorted by " + l.title(l.column)
	case is(k.Tally):
		return "rows cannot be counted by " + l.title(l.column)
	case is(k.Reverse):
		return "the rows are in the order of the start"
	case is(k.NextMark, k.PreviousMark):
		return "nothing else is marked; " + k.Mark.Help().Key + " marks"
	case is(k.Mark, k.Range):
		return "there is no row to mark here"
	case is(k.Open, k.Entries, k.Connections, k.Details):
		return "the row leads nowhere"
	}
	return ""
}
