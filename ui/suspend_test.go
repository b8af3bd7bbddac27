package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/screen/screentest"
)

// TestSuspendAnywhere: ctrl+z is no letter of a prompt, and changes nothing in it.
func TestSuspendAnywhere(t *testing.T) {
	d := newDesk(t, screentest.Load(t))
	for _, name := range []string{"f", "u", "ctrl+z"} {
		d.give(screentest.Key(name))
	}
	if !d.frame.notice.failed || !strings.Contains(d.frame.notice.text, errNoShell.Error()) {
		t.Errorf("without a terminal it says %q", d.frame.notice.text)
	}
	d.give(screentest.Key("s"))
	if got := d.over.top.(*prompt).line.Value(); got != "us" {
		t.Errorf("the prompt holds %q", got)
	}
	d.suspends.mouse = true
	d.open = nil
	d.give(awake{})
	if len(d.open) != 1 || tea.Batch(d.open...)() != tea.EnableMouseCellMotion() {
		t.Error("the mouse is lost when the program is continued")
	}
}
