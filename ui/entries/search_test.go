package entries

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/lipgloss"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestHitsAreCounted, and marked in list and pane.
func TestHitsAreCounted(t *testing.T) {
	in := screentest.Load(t)
	m := shown(t, in, in.Plain)
	m.theme.Match = lipgloss.NewStyle().Transform(func(s string) string { return "<" + s + ">" })
	m, _ = send(m, message.Search{Text: "wp_users"})
	m, _ = send(m, message.Search{Text: "wp_users"})
	if !strings.Contains(m.View(), "/wp_users: 2 of 3 ") {
		t.Errorf("the second of three hits is not named:\n%s", m.View())
	}
	m = pressed(m, "enter")
	marked := regexp.MustCompile("<wp_users>").FindAllString(m.SetSize(240, 30).View(), -1)
	if want := slices.Repeat([]string{"<wp_users>"}, len(marked)); len(marked) < 4 || !slices.Equal(marked, want) {
		t.Errorf("%d matches are marked:\n%s", len(marked), m.View())
	}
}
