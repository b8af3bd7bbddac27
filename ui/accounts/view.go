package accounts

import (
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/analysis/account"
	"sqleuth/ui/list"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// room leaves lines for heading, facts and status where the window is high enough.
func room(_ data, height int) list.Room {
	r := list.WithFacts(height)
	if height >= 6 {
		r.Heading = 1
	}
	return r
}

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	for by := range m.views {
		m.views[by].list.SetSize(width, height)
	}
	return m
}

// View draws the body.
func (m Model) View() string {
	l := &m.views[m.by].list
	if l.Len() == 0 {
		return l.Empty(m.emptiness())
	}
	d := l.Data()
	return l.View(m.theme.Title.Render(widget.Clip(m.theme, heading(d.table, l.Sorted()), l.Width())))
}

// heading returns what the rows are, and how many there are in all.
func heading(t *account.Table, sorted bool) string {
	text := "Accounts by " + t.By.String()
	if !sorted {
		text += ", oddest first"
	}
	parts := []string{
		widget.Count(t.Total.Refused) + " of " + widget.Number(t.Total.Tries, "try", "tries") + " refused",
		widget.Number(t.Users, "user", "users"), widget.Number(t.Hosts, "host", "hosts"), widget.Number(t.Pairs, "pair", "pairs"),
	}
	if t.Left.Tries > 0 {
		parts = append(parts, "not listed: "+widget.Number(t.Left.Tries, "try", "tries")+" of accounts behind the first "+widget.Count(account.MaxPairs))
	}
	if t.Unseen > 0 {
		parts = append(parts, "not counted: "+widget.Number(t.Unseen, "connection", "connections")+" whose login is not in the log")
	}
	return text + ": " + strings.Join(parts, ", ")
}

// emptiness explains why there are no rows.
func (m Model) emptiness() string {
	s := m.snapshot
	switch {
	case m.unread.Why != "" && (s == nil || s.Len() == 0):
		return "No account was read: " + m.unread.Why + "."
	case s == nil, s.Len() == 0 && !s.Loaded:
		return "Accounts by " + m.by.String() + ": none yet, the log is being read."
	case s.Len() == 0:
		return "The log holds no entries, so there are no accounts."
	case m.views[m.by].list.Data().table == nil:
		return "Accounts are being counted."
	case len(m.filtered.Active) > 0:
		return "Accounts by " + m.by.String() + ": no login is left by the filters:\n\n  " + strings.Join(m.filtered.Active, "\n  ") +
			"\n\nesc takes the last one away,\nF switches them on and off."
	}
	return "Accounts by " + m.by.String() + ": the log holds no login."
}

// bindings are those of the list's keys that mean more here.
func (m Model) bindings() (open, right, left key.Binding) {
	l := &m.views[m.by].list
	open, right, left = list.Keys().Open, list.Keys().Right, list.Keys().Left
	open.SetHelp("enter", "its connections")
	row, ok := l.Current()
	open.SetEnabled(ok)
	right.SetEnabled(false)
	left.SetEnabled(false)
	if !ok {
		return open, right, left
	}
	d := l.Data()
	r := &d.table.Rows[row]
	closed := r.Under > 1 && !d.open[name(r)]
	right.SetHelp("right", "open")
	right.SetEnabled(closed)
	left.SetHelp("left", "close")
	left.SetEnabled(l.Column() == nameTitle && (r.Parent >= 0 || d.open[name(r)]))
	return open, right, left
}

// ShortHelp lists the keys for the footer.
func (m Model) ShortHelp() []key.Binding {
	open, right, left := m.bindings()
	t := list.Keys()
	return []key.Binding{open, right, left, t.Sort, t.Mark}
}

// FullHelp lists all keys of the screen.
func (m Model) FullHelp() [][]key.Binding {
	open, right, left := m.bindings()
	groups := m.views[m.by].list.FullHelp()
	// Where a key opens or closes, it does not move.
	for i := range groups {
		kept := groups[i][:0]
		for _, b := range groups[i] {
			if right.Enabled() && key.Matches(keyOf(b), right) || left.Enabled() && key.Matches(keyOf(b), left) {
				continue
			}
			kept = append(kept, b)
		}
		groups[i] = kept
	}
	return append([][]key.Binding{{open, right, left}}, groups...)
}

// keyOf is the first key of a binding.
func keyOf(b key.Binding) named { return named(b.Keys()[0]) }

// named is a key by its name.
type named string

func (n named) String() string { return string(n) }
