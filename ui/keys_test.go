package ui

import (
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// TestNoScreenHidesAGlobalKey also finds keys that mean two things on a screen.
func TestNoScreenHidesAGlobalKey(t *testing.T) {
	global := map[string]string{}
	for _, topic := range globalKeys.topics() {
		for _, b := range topic.keys {
			for _, k := range b.Keys() {
				if other, ok := global[k]; ok {
					t.Errorf("%q is both %q and %q", k, other, b.Help().Desc)
				}
				global[k] = b.Help().Desc
			}
		}
	}
	for _, s := range makeScreens(theme.Plain(), nil) {
		own := map[string]string{}
		for _, b := range flat(s.FullHelp()) {
			for _, k := range b.Keys() {
				if other, ok := global[k]; ok {
					t.Errorf("%s: %q is %q, but everywhere else %q", s.Title(), k, b.Help().Desc, other)
				}
				if other, ok := own[k]; ok && other != b.Help().Desc {
					t.Errorf("%s: %q is both %q and %q", s.Title(), k, other, b.Help().Desc)
				}
				own[k] = b.Help().Desc
			}
		}
		for _, b := range s.ShortHelp() {
			for _, k := range b.Keys() {
				if _, ok := own[k]; !ok {
					t.Errorf("%s: the footer offers %q (%s), the help does not", s.Title(), k, b.Help().Desc)
				}
			}
		}
	}
}

// TestOverviewNamesTheKeyOfDetections: its line about the log's integrity names
// where all of it is.
func TestOverviewNamesTheKeyOfDetections(t *testing.T) {
	in := screentest.Load(t)
	overview, _ := screentest.Send(makeScreens(theme.Plain(), nil)[message.Overview], message.Snapshot{Snapshot: in.Labelled})
	view := overview.SetSize(80, 24).View()
	if want := "on " + globalKeys.Jump.Keys()[message.Detections] + ":"; !strings.Contains(view, want) {
		t.Errorf("%q is not in\n%s", want, view)
	}
}

func flat(groups [][]key.Binding) []key.Binding {
	var out []key.Binding
	for _, g := range groups {
		out = append(out, g...)
	}
	return out
}

// TestHelpIsASCII: the help has to be read on every terminal.
func TestHelpIsASCII(t *testing.T) {
	var all []key.Binding
	for _, topic := range globalKeys.topics() {
		all = append(all, topic.keys...)
	}
	prompt := widget.PromptKeys()
	all = append(all, rowKeys()...)
	all = append(all, prompt.Enter, prompt.Older, overlayKeys.Up, overlayKeys.Switch)
	for _, s := range makeScreens(theme.PlainASCII(), nil) {
		all = append(all, flat(s.FullHelp())...)
	}
	for _, b := range all {
		for _, r := range b.Help().Key + b.Help().Desc {
			if r < ' ' || r > '~' {
				t.Errorf("%q is not ASCII in %q %q", r, b.Help().Key, b.Help().Desc)
			}
		}
	}
}

// TestEveryKeyName: bindings name keys as Bubble Tea does.
func TestEveryKeyName(t *testing.T) {
	for _, topic := range globalKeys.topics() {
		for _, b := range topic.keys {
			for _, k := range b.Keys() {
				if got := screentest.Key(k).String(); got != k {
					t.Errorf("key %q of %q arrives as %q", k, b.Help().Desc, got)
				}
			}
		}
	}
}

// rowKeys are the keys of whatever has rows.
func rowKeys() []key.Binding {
	k := widget.TableKeys()
	return []key.Binding{k.Up, k.Down, k.PageUp, k.PageDown, k.Top, k.Bottom, k.Left, k.Right, k.Mark, k.Range, k.Sort, k.Reverse}
}
