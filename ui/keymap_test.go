package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestAChosenKey does what another did, which does nothing more but says so; the
// footer and the help name it; in a prompt it is a letter.
func TestAChosenKey(t *testing.T) {
	in := screentest.Load(t)
	cfg := config(t)
	cfg.Keys = map[string][]string{"filter-list": {"Z"}, "add-filter": {"F", "f9"}, "down": {"space"}, "mark": {"J"}}
	if name, err := CheckKeymap(cfg.Keys); err != nil {
		t.Fatal(name, err)
	}
	a := newApp(t.Context(), cfg)
	defer a.runs.wait()
	a.Update(tea.WindowSizeMsg{Width: 200, Height: 40})
	feed(a, message.Snapshot{Snapshot: in.Labelled})
	feed(a, message.Goto{Screen: message.Connections})
	press := func(k string) { feed(a, screentest.Key(k)) }

	press("f")
	if want := "f does nothing: add a filter is F, f9 now"; !strings.Contains(a.View(), want) {
		t.Errorf("no %q in\n%s", want, a.View())
	}
	if !strings.Contains(a.View(), "  J mark  ") {
		t.Errorf("the footer is\n%s", a.View())
	}
	press("F")
	for _, k := range strings.Split("user:zz", "") {
		press(k)
	}
	if p, ok := a.over.prompt(); !ok || p.line.Value() != "user:zz" {
		t.Errorf("typed into\n%s", a.View())
	}
	press("esc")
	press(" ")
	if rows := a.places.lists(a.places.at)[0]; rows.Marking() != "" || !strings.Contains(a.View(), "2 of ") {
		t.Errorf("space is down, but\n%s", a.View())
	}
	press("J")
	if rows := a.places.lists(a.places.at)[0]; rows.Marking() != "1 marked" {
		t.Errorf("J marks, but\n%s", a.View())
	}
	press("?")
	for _, k := range strings.Split("add a filter", "") {
		press(k)
	}
	press("enter")
	if _, ok := a.over.prompt(); !ok {
		t.Errorf("the menu leads to\n%s", a.View())
	}
}

// TestNamedKeys are names that stay: configuration files have them.
func TestNamedKeys(t *testing.T) {
	names, _ := NamedKeys()
	const want = "next previous accounts back escape search again backwards add-filter filter-list keep hide unlabel note undo redo " +
		"parts export copy rejects cancel command help suspend quit up down page-up page-down top bottom left right mark range sort " +
		"reverse scroll-left scroll-right next-mark previous-mark details open entries connections"
	all := " " + strings.Join(names, " ") + " "
	for name := range strings.FieldsSeq(want) {
		if strings.Count(all, " "+name+" ") != 1 {
			t.Errorf("%q is named %d times", name, strings.Count(all, " "+name+" "))
		}
	}
}
