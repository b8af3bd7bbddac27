package widget

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

func fields(text string) []string {
	var out []string
	for _, f := range []string{"user:root", "user:wordpress", "host:127.0.0.66"} {
		if strings.HasPrefix(f, text) {
			out = append(out, f)
		}
	}
	return out
}

func keys(p *Prompt, bindings ...key.Binding) (last Typed) {
	for _, b := range bindings {
		last = p.Update(screentest.Key(b.Keys()[0]))
	}
	return last
}

func write(p *Prompt, text string) {
	for _, r := range text {
		p.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
	}
}

func TestPromptEdits(t *testing.T) {
	k := PromptKeys()
	for _, tt := range []struct {
		name string
		do   []key.Binding
		want string
	}{
		{"erase", []key.Binding{k.Erase}, "one tw"},
		{"erase word", []key.Binding{k.EraseWord}, "one "},
		{"erase to start", []key.Binding{k.Left, k.EraseLine}, "o"},
		{"erase to end", []key.Binding{k.Home, k.Right, k.EraseRest}, "o"},
		{"delete", []key.Binding{k.Home, k.Delete}, "ne two"},
		{"delete behind the end", []key.Binding{k.Delete}, "one two"},
		{"erase before the start", []key.Binding{k.Home, k.Erase}, "one two"},
	} {
		p := NewPrompt(theme.Plain(), "/", nil, nil)
		write(&p, "one two")
		keys(&p, tt.do...)
		if p.Value() != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, p.Value(), tt.want)
		}
	}
}

func TestPromptEnds(t *testing.T) {
	k := PromptKeys()
	p := NewPrompt(theme.Plain(), "/", nil, nil)
	if keys(&p, k.Erase) != Deserted || keys(&p, k.Leave) != Deserted || keys(&p, k.Enter) != Entered {
		t.Error("a prompt that was left is not left")
	}
}

func TestPromptCompletes(t *testing.T) {
	k := PromptKeys()
	p := NewPrompt(theme.Plain(), "filter: ", fields, nil)
	write(&p, "u")
	var got []string
	for _, b := range []key.Binding{k.Complete, k.Complete, k.Complete, k.Complete, k.CompleteBack} {
		keys(&p, b)
		got = append(got, p.Value())
	}
	want := []string{"user:", "user:root", "user:wordpress", "user:root", "user:wordpress"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	p.SetValue("h")
	if keys(&p, k.Complete); p.Value() != "host:127.0.0.66" {
		t.Errorf("%q", p.Value())
	}
}

func TestPromptRemembers(t *testing.T) {
	k := PromptKeys()
	p := NewPrompt(theme.Plain(), "/", nil, []string{"old", "older"})
	keys(&p, k.Older)
	if p.Value() != "older" {
		t.Errorf("%q", p.Value())
	}
	keys(&p, k.Older, k.Older, k.Newer, k.Newer)
	if p.Value() != "" {
		t.Errorf("%q", p.Value())
	}
}

func TestPromptFitsAndShowsItsCaret(t *testing.T) {
	for _, text := range []string{"", "short", strings.Repeat("long ", 50), "日本語日本語日本語", "a\x1b[2Jb\u202e\xff"} {
		for width := 1; width < 40; width++ {
			p := NewPrompt(theme.Plain(), "note on connection 17: ", nil, nil)
			p.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true})
			for range 4 {
				view := p.View(width)
				if w := ansi.StringWidth(view); w > width {
					t.Errorf("%q in %d cells takes %d: %q", text, width, w, view)
				}
				screentest.Harmless(t, view)
				keys(&p, PromptKeys().Left)
			}
		}
	}
}

func TestPromptBoundsAPaste(t *testing.T) {
	p := NewPrompt(theme.Plain(), "/", nil, nil)
	p.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: slices.Repeat([]rune("x\n"), 1<<20), Paste: true})
	if n := len(p.Value()); n != maxTyped {
		t.Errorf("%d characters", n)
	}
	if strings.Contains(p.Value(), "\n") {
		t.Error("a line end came through")
	}
}
