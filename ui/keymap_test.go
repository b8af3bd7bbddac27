package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestAChosenKey does what another did, which only explains that now; the
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

// TestEveryKeyHasAName: each key that means something anywhere can be given another, but for
// those of screens and classes.
func TestEveryKeyHasAName(t *testing.T) {
	named := map[string]bool{}
	for _, n := range namedKeys() {
		if n.binding.Help().Desc == "" {
			t.Errorf("%s is the name of a key that means nothing", n.name)
		}
		for _, k := range n.binding.Keys() {
			named[k] = true
		}
	}
	for _, k := range append(globalKeys.Jump.Keys(), globalKeys.Label.Keys()...) {
		named[k] = true
	}
	for _, b := range allKeys() {
		for _, k := range b.Keys() {
			if !named[k] {
				t.Errorf("%q (%s) has no name", k, b.Help().Desc)
			}
		}
	}
}

// TestKeysOfTheTimeline can be chosen as others are: with them the cursor moves, and none is
// what another key is already.
func TestKeysOfTheTimeline(t *testing.T) {
	in := screentest.Load(t)
	cfg := config(t)
	cfg.Keys = map[string][]string{"next-gap": {"Z"}, "timeline": {"f9"}}
	if name, err := CheckKeymap(cfg.Keys); err != nil {
		t.Fatal(name, err)
	}
	a := newApp(t.Context(), cfg)
	defer a.runs.wait()
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 40})
	feed(a, message.Snapshot{Snapshot: in.Labelled})
	feed(a, message.Goto{Screen: message.Charts})
	feed(a, screentest.Key("f9"))
	before := a.places.focus().At
	feed(a, screentest.Key(")"))
	if want := ") does nothing: next gap is Z now"; a.places.focus().At != before || !strings.Contains(a.View(), want) {
		t.Errorf("no %q in\n%s", want, a.View())
	}
	feed(a, screentest.Key("Z"))
	if a.places.focus().At == before || before == 0 {
		t.Errorf("Z is the next gap, but the cursor stays:\n%s", a.View())
	}
	for _, k := range []string{"]", "D", "t", "W"} {
		if name, err := CheckKeymap(map[string][]string{"search": {k}}); err == nil || name != "search" {
			t.Errorf("%q is given to search too: %v", k, err)
		}
	}
}

// TestNamedKeys are names that stay: configuration files have them.
func TestNamedKeys(t *testing.T) {
	names, _ := NamedKeys()
	const want = "next previous accounts back escape search again backwards add-filter filter-list keep hide unlabel note undo redo " +
		"parts export copy rejects cancel command help suspend quit up down page-up page-down top bottom left right mark range sort " +
		"reverse scroll-left scroll-right next-mark previous-mark details open entries connections " +
		"timeline previous-hour next-hour previous-day next-day previous-gap next-gap wider-bins narrower-bins disagree unsure whole-log limits"
	all := " " + strings.Join(names, " ") + " "
	for name := range strings.FieldsSeq(want) {
		if strings.Count(all, " "+name+" ") != 1 {
			t.Errorf("%q is named %d times", name, strings.Count(all, " "+name+" "))
		}
	}
}
