package findings

import (
	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/widget"
)

var keys = struct{ open, whole key.Binding }{
	open:  key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "transcript")),
	whole: widget.DetailsKey(),
}

// ShortHelp lists the keys of the footer.
func (Model) ShortHelp() []key.Binding {
	t := widget.TableKeys()
	return []key.Binding{keys.open, keys.whole, t.Mark, t.Sort, t.Reverse}
}

// FullHelp lists the keys of the help overlay.
func (Model) FullHelp() [][]key.Binding {
	t := widget.TableKeys()
	return [][]key.Binding{
		{keys.open, keys.whole},
		{t.Sort, t.Reverse, t.Mark, t.Range},
		t.Movement(),
	}
}
