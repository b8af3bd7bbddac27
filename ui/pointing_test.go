package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestClicks on every screen with rows, wherever it draws them.
func TestClicks(t *testing.T) {
	in := screentest.Load(t)
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	feed(a, message.Snapshot{Snapshot: in.Labelled})
	// click presses the left button on a text in the line of another.
	click := func(text, beside string) {
		t.Helper()
		for y, line := range strings.Split(ansi.Strip(a.View()), "\n") {
			if at := strings.Index(line, text); at >= 0 && strings.Contains(line, beside) {
				feed(a, tea.MouseMsg{X: ansi.StringWidth(line[:at]), Y: y, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
				return
			}
		}
		t.Fatalf("no %q beside %q in\n%s", text, beside, a.View())
	}
	under := func(want string) {
		t.Helper()
		for line := range strings.Lines(ansi.Strip(a.View())) {
			if strings.HasPrefix(line, "▌") && strings.Contains(line, want) {
				return
			}
		}
		t.Errorf("%q is not under the cursor in\n%s", want, a.View())
	}

	click("Connections", "Overview")
	if a.places.at != message.Connections {
		t.Fatalf("the name of a screen leads to %d", a.places.at)
	}
	click("2024-07-10", " 14 ")
	under(" 14 ")
	click("login", "start")
	if !strings.Contains(a.View(), "[login]▼") || !strings.Contains(a.View(), "by login, largest first") {
		t.Errorf("a header sorts\n%s", a.View())
	}
	click("login", "start")
	if !strings.Contains(a.View(), "[login]▲") {
		t.Errorf("and reverses\n%s", a.View())
	}
	for _, c := range []struct {
		at  message.Screen
		row string
	}{
		{message.Overview, "10.0.0.7"},
		{message.Entries, "5 05:25:07"},
		{message.Templates, "SET NAMES utf8mb4"},
		{message.Findings, "D3 D4 D6"},
		{message.Accounts, "editor"},
		{message.Charts, "UPDATE"},
	} {
		feed(a, message.Goto{Screen: c.at})
		click(c.row, "")
		under(c.row)
	}
	feed(a, message.Goto{Screen: message.Connections})
	click("2024-07-10", " 14 ")
	under(" 14 ")
	click("2024-07-10", " 14 ")
	if a.places.at != message.Entries {
		t.Errorf("a click on the row under the cursor leads to\n%s", a.View())
	}
	feed(a, tea.MouseMsg{X: 0, Y: 39, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	feed(a, tea.MouseMsg{X: 119, Y: 1, Button: tea.MouseButtonLeft, Action: tea.MouseActionPress})
	feed(a, tea.MouseMsg{X: 5, Y: 2, Button: tea.MouseButtonLeft, Action: tea.MouseActionRelease})
}
