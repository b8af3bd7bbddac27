package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/widget"
)

// Paths are completed in every prompt that takes one: relative ones, under the user's
// folder, hidden ones where they are asked for, with blanks; what a name holds does not act
// on the terminal.
func TestPathsAreCompleted(t *testing.T) {
	home, dir := t.TempDir(), t.TempDir()
	t.Chdir(dir)
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	for _, name := range []string{
		"out/inner/", "plan.csv", ".hidden", "two words.txt", "evil\x1b[31m\u202e", "line\nbreak", "bad\xff",
		filepath.Join(home, "kept.json"),
	} {
		path := name
		if folder, ok := strings.CutSuffix(name, "/"); ok {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.WriteFile(path, []byte("10.0.0.1\n"), 0o600); err != nil {
			t.Skipf("a file system without the name %q: %v", name, err)
		}
	}
	in := screentest.Load(t)
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	feed(a, message.Snapshot{Snapshot: in.Labelled})
	feed(a, caseOpened{log: in.Labelled})
	for _, c := range []struct {
		open, typed string
		want        []string // that may become of it; the first is in the line behind tab
	}{
		{":", "case export pl", []string{"case export plan.csv"}},
		{":", "case import ~/", []string{"case import ~/kept.json"}},
		{":", "export ou", []string{"export out/"}},
		{":", "export all out/", []string{"export all out/inner/"}},
		{":", "write ./pl", []string{"write ./plan.csv"}},
		{":", "write! two", []string{"write! two words.txt"}},
		{":", "write .h", []string{"write .hidden"}},
		{":", "write ev", []string{"write evil\x1b[31m\u202e"}},
		{":", "write line", nil},
		{":", "write bad", nil},
		{":", "write nowhere/", nil},
		{"e", "o", []string{"out/"}},
		{"f", "host:@pl", []string{"host:@plan.csv"}},
		{"f", "host:@tw", []string{`host:@"two words.txt"`}},
		{"f", "not (host:@out/", []string{"not (host:@out/inner/"}},
		{"f", "host:@ev", []string{`host:@"evil\x1b[31m\u202e"`}},
	} {
		feed(a, screentest.Key(c.open))
		p, typing := a.over.prompt()
		if !typing {
			t.Fatalf("%s opens no prompt:\n%s", c.open, a.View())
		}
		p.line.SetValue("")
		feed(a, tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(c.typed)})
		if got := p.purpose.complete(p.line.Value()); !slices.Equal(got, c.want) {
			t.Errorf("%s%s becomes %q, want %q", c.open, c.typed, got, c.want)
		}
		feed(a, screentest.Key(widget.PromptKeys().Complete.Keys()[0]))
		if got := p.line.Value(); c.want != nil && got != c.want[0] {
			t.Errorf("%s%s: tab makes it %q, want %q", c.open, c.typed, got, c.want[0])
		}
		if view := a.View(); strings.ContainsAny(view, "\x1b\u202e") {
			t.Errorf("%s%s: the terminal gets %q", c.open, c.typed, view)
		}
		feed(a, screentest.Key("esc"))
	}
	if got := atHome("~other/x"); got != "~other/x" {
		t.Errorf("somebody else's folder is %s", got)
	}
	if got := namesIn(""); slices.Contains(got, "line\nbreak") || !slices.Contains(got, ".hidden") {
		t.Errorf("names: %q", got)
	}
}
