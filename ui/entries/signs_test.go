package entries

import (
	"slices"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/rule"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestSignsLead holds that a transcript begins at the gravest entry of its connection, that
// the keys of marks go from sign to sign where nothing is marked, and that signs are those of
// the detections that are there.
func TestSignsLead(t *testing.T) {
	in := screentest.Load(t)
	s := *in.Plain
	login, read := entry(t, in, "root@127.0.0.66 on"), entry(t, in, "user_login")
	c := int(s.Entries.Connection(read))
	s.Detections = []detect.Detection{
		{Rule: &rule.Rule{Name: "L"}, Severity: rule.Low, Entries: []uint32{uint32(login), uint32(read)}},
		{Rule: &rule.Rule{Name: "H"}, Severity: rule.High, Entries: []uint32{uint32(read)}},
		{Rule: &rule.Rule{Name: "C"}, Severity: rule.Context, Entries: []uint32{0, uint32(read) + 1}},
	}
	m := transcript(shown(t, in, &s), c)
	at := func(want int, what string) {
		t.Helper()
		if got, _ := m.current(); got != want {
			t.Errorf("%s: the cursor is on entry %d, want %d", what, got, want)
		}
	}
	at(read, "opened")
	m = pressed(m, ".")
	at(login, "behind the last sign the first")
	m = pressed(m, ",")
	at(read, "back")

	m, _ = send(m, message.Filtered{Entries: message.All(s.Len()), Connections: message.All(1)})
	m = pressed(m, "home", ".")
	at(login, "of all entries")
	m = pressed(m, "home", " ", "end", ".")
	at(0, "a mark goes before signs")

	fewer := s
	fewer.Detections = s.Detections[:1]
	m, _ = send(m, message.Snapshot{Snapshot: &fewer})
	if got := m.signs.of(read); got != rule.Low {
		t.Errorf("with fewer detections the entry is %s", got)
	}
	fewer.Detections = nil
	m, _ = send(pressed(m, " "), message.Snapshot{Snapshot: &fewer})
	m, requests := send(m, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(".")})
	if len(m.signs) != 0 || !slices.ContainsFunc(requests, func(r tea.Msg) bool { _, ok := r.(message.Notice); return ok }) {
		t.Errorf("without detections there are %d signs, and requests %v", len(m.signs), requests)
	}
}
