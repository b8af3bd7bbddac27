package ui

import (
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestAFilterIsEditedInItsPlace: what it would leave is seen before enter takes it, esc
// leaves it as it was, and u brings the old one back.
func TestAFilterIsEditedInItsPlace(t *testing.T) {
	d := newDesk(t, screentest.Load(t))
	defer d.runs.wait()
	keys := func(names ...string) {
		for _, name := range names {
			d.give(screentest.Key(name))
			d.settles()
		}
	}
	kept := func(want ...string) {
		t.Helper()
		var got []string
		for _, f := range d.filters.kept() {
			got = append(got, f.Term)
		}
		if !slices.Equal(got, want) {
			t.Errorf("there are the filters %q, want %q", got, want)
		}
	}
	seen := func(texts ...string) {
		t.Helper()
		for _, text := range texts {
			if !strings.Contains(d.View(), text) {
				t.Errorf("%q is not in\n%s", text, d.View())
			}
		}
	}
	for _, term := range []string{"cmd:Query", "host:127.0.0.66"} {
		d.give(message.AddFilter{Term: term})
		d.settles()
	}
	keys("F")
	seen("32 entries of 12 connections", "18 entries of 15 connections")
	keys("enter")
	seen("filter: cmd:Query", "was: cmd:Query", "leaves 2 entries of 1 connection")
	keys("ctrl+u")
	d.give(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("cmd:Connect,Query"), Paste: true})
	d.settles()
	seen("on        cmd:Connect,Query", "was: cmd:Query", "leaves 17 entries of 15 connections")
	keys("esc")
	kept("cmd:Query", "host:127.0.0.66")
	seen("Filters, in the order")
	keys("enter", "ctrl+u", "(", "enter")
	kept("cmd:Query", "host:127.0.0.66")
	keys("ctrl+u")
	d.give(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("cmd:Connect,Query"), Paste: true})
	keys("enter")
	kept("cmd:Connect,Query", "host:127.0.0.66")
	seen("Filters, in the order", "filter: cmd:Connect,Query; host:127.0.0.66")
	keys("u")
	kept("cmd:Query", "host:127.0.0.66")
	keys("ctrl+r", "enter", "ctrl+u", "enter")
	kept("host:127.0.0.66")
	if got, want := d.filters.kept(), []casefile.Filter{{Term: "host:127.0.0.66", On: true}}; !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
}

// TestTheListOfFiltersCountsWhileItIsOpen: what filters leave is counted anew when labels
// or the log have changed, and for a filter that is edited, but for nobody once the list
// is closed.
func TestTheListOfFiltersCountsWhileItIsOpen(t *testing.T) {
	in := screentest.Load(t)
	d := newDesk(t, in)
	defer d.runs.wait()
	keys := func(names ...string) {
		for _, name := range names {
			d.give(screentest.Key(name))
			d.settles()
		}
	}
	leaves := func(when string, want string) {
		t.Helper()
		if got, ok := d.filters.left.known["label:login_attack"]; want != "" && got.String() != want || ok != (want != "") {
			t.Errorf("%s it leaves %v, want %q", when, got, want)
		}
	}
	d.give(message.AddFilter{Term: "label:login_attack"})
	d.settles()
	leaves("before the list is open", "")
	keys("F")
	leaves("open", "14 entries of 14 connections")
	d.give(labelsChanged{set: label.Set{}, known: in.Labels})
	d.settles()
	leaves("without labels", "0 entries of 0 connections")
	keys("enter")
	d.give(labelsChanged{set: in.Labels})
	d.settles()
	keys("esc")
	leaves("behind the prompt", "14 entries of 14 connections")
	for _, closing := range []string{"esc", "F", "f"} {
		keys(closing)
		for _, msg := range []tea.Msg{message.Snapshot{Snapshot: in.Labelled}, labelsChanged{set: in.Labels}} {
			if d.give(msg); d.filters.left.job.Running() {
				t.Errorf("%T is counted behind %s", msg, closing)
			}
			d.settles()
		}
		leaves("behind "+closing, "")
		if closing == "f" {
			keys("esc")
		}
		keys("F")
		leaves("open again", "14 entries of 14 connections")
	}
}
