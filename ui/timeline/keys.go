package timeline

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/list"
	"sqleuth/ui/widget"
)

// Key returns the key that enters the timeline, and leaves it.
func Key() key.Binding { return keys.enter }

var keys = struct {
	enter, left, right, pageLeft, pageRight, first, last       key.Binding
	hourBack, hour, dayBack, day, gapBack, gap, signBack, sign key.Binding
	wider, closer, span                                        key.Binding
	entries, connections                                       key.Binding
}{
	enter:       key.NewBinding(key.WithKeys("t"), key.WithHelp("t", "timeline")),
	left:        key.NewBinding(key.WithKeys("left", "h"), key.WithHelp("left/h", "previous bin")),
	right:       key.NewBinding(key.WithKeys("right", "l"), key.WithHelp("right/l", "next bin")),
	pageLeft:    key.NewBinding(key.WithKeys("pgup", "ctrl+b"), key.WithHelp("pgup", "earlier, by a window")),
	pageRight:   key.NewBinding(key.WithKeys("pgdown", "ctrl+f"), key.WithHelp("pgdn", "later, by a window")),
	first:       key.NewBinding(key.WithKeys("home", "g"), key.WithHelp("home/g", "first bin")),
	last:        key.NewBinding(key.WithKeys("end", "G"), key.WithHelp("end/G", "last bin")),
	hourBack:    key.NewBinding(key.WithKeys("["), key.WithHelp("[", "previous hour")),
	hour:        key.NewBinding(key.WithKeys("]"), key.WithHelp("]", "next hour")),
	dayBack:     key.NewBinding(key.WithKeys("{"), key.WithHelp("{", "previous day")),
	day:         key.NewBinding(key.WithKeys("}"), key.WithHelp("}", "next day")),
	gapBack:     key.NewBinding(key.WithKeys("("), key.WithHelp("(", "previous gap: bins without an entry")),
	gap:         key.NewBinding(key.WithKeys(")"), key.WithHelp(")", "next gap")),
	signBack:    key.NewBinding(key.WithKeys(","), key.WithHelp(",", "previous incident or detection")),
	sign:        key.NewBinding(key.WithKeys("."), key.WithHelp(".", "next incident or detection")),
	wider:       key.NewBinding(key.WithKeys("<"), key.WithHelp("<", "wider bins")),
	closer:      key.NewBinding(key.WithKeys(">"), key.WithHelp(">", "narrower bins")),
	span:        key.NewBinding(key.WithKeys("v"), key.WithHelp("v", "take a span")),
	entries:     list.Keys().Open,
	connections: list.Keys().Connections,
}

// All returns every key that means something while the timeline is entered.
func All() []key.Binding {
	k := &keys
	return []key.Binding{
		k.enter, k.left, k.right, k.pageLeft, k.pageRight, k.first, k.last, k.hourBack, k.hour, k.dayBack, k.day,
		k.gapBack, k.gap, k.signBack, k.sign, k.wider, k.closer, k.span, k.entries, k.connections,
	}
}

// opening are the keys that lead elsewhere, in the words of the timeline.
func (m *Model) opening() []key.Binding {
	entries, connections, leave := keys.entries, keys.connections, keys.enter
	entries.SetHelp("enter", "open the "+m.taken())
	connections.SetHelp("c", "connections of the "+m.taken())
	leave.SetHelp("t", "leave the timeline")
	return append(widget.Enabled(m.counted(), entries, connections), leave)
}

// ShortHelp lists the keys of the footer.
func (m *Model) ShortHelp() []key.Binding {
	b := m.bounds()
	return slices.Concat(m.opening()[:1], b.zoom, b.span, b.right, b.hour)
}

// FullHelp lists the keys of the help overlay; those are disabled that would do nothing
// now.
func (m *Model) FullHelp() [][]key.Binding {
	b := m.bounds()
	return [][]key.Binding{m.opening(), slices.Concat(b.left, b.right), slices.Concat(b.hourBack, b.hour), b.signs, slices.Concat(b.zoom, b.span)}
}

// bounds are the keys, disabled where they would do nothing.
type bounds struct{ left, right, hourBack, hour, signs, zoom, span []key.Binding }

func (m *Model) bounds() (b bounds) {
	w := m.window()
	lo, hi := m.ends(w.width)
	ok := m.counted()
	left, right := ok && m.cursor > lo, ok && m.cursor < hi
	b.left = widget.Enabled(left, keys.left, keys.pageLeft, keys.first)
	b.right = widget.Enabled(right, keys.right, keys.pageRight, keys.last)
	b.hourBack = slices.Concat(widget.Enabled(left && w.width < hour, keys.hourBack), widget.Enabled(left && w.width < day, keys.dayBack))
	b.hour = slices.Concat(widget.Enabled(right && w.width < hour, keys.hour), widget.Enabled(right && w.width < day, keys.day))
	b.signs = slices.Concat(widget.Enabled(left, keys.gapBack), widget.Enabled(right, keys.gap), widget.Enabled(left, keys.signBack), widget.Enabled(right, keys.sign))
	b.zoom = slices.Concat(widget.Enabled(ok && w.width < m.fit(m.columns()).width, keys.wider), widget.Enabled(ok && w.width > widths[0], keys.closer))
	b.span = widget.Enabled(ok, keys.span)
	return b
}
