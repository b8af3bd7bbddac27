package detail

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/statement"
	"sqleuth/ui/theme"
)

// follow puts the cursor on a row and does what the pane asks for.
func follow(p *Pane, row int) {
	for _, answer := range screentest.Messages(p.Follow(row, true)) {
		p.Update(answer)
	}
}

// press gives the pane a key, and what it asks for then.
func press(t *testing.T, p *Pane, name string) {
	t.Helper()
	if !p.Press(screentest.Key(name)) {
		t.Errorf("%q is no key of the pane", name)
	}
	follow(p, p.row)
}

// opened is a pane with a snapshot, open on a row.
func opened(t *testing.T, log screen.Log, s *pipeline.Snapshot, width, height, row int) *Pane {
	t.Helper()
	p := New(theme.Plain(), log)
	p.SetSize(width, height)
	for _, fact := range screentest.Facts(s, label.Set{}) {
		p.Update(fact)
	}
	follow(&p, row)
	press(t, &p, "enter")
	return &p
}

// says returns the text of the whole pane, each blank a single one.
func says(p *Pane) string {
	p.SetSize(120, 300)
	return strings.Join(strings.Fields(ansi.Strip(p.draw(nil))), " ")
}

// entry returns the index of the first entry whose text holds a part.
func entry(t *testing.T, in screentest.Incident, part string) int {
	t.Helper()
	for i := range in.Plain.Len() {
		r, err := in.Log.Record(&in.Plain.Log, i)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(r.Text), part) {
			return i
		}
	}
	t.Fatalf("no entry has %q", part)
	return 0
}

// TestForged: the pane keeps both readings of an entry that may be forged, and
// the pane of the statement that may hold it shows how far it may reach.
func TestForged(t *testing.T) {
	in := screentest.Tampered(t)
	opener, inside := entry(t, in, "SELECT '"), entry(t, in, "root@10.0.0.66")
	comment := entry(t, in, "/*")
	if inside != opener+1 {
		t.Fatalf("entry %d stands inside %d", inside, opener)
	}
	p := opened(t, in.Log, in.Plain, 120, 30, 0)
	for i, want := range map[int]string{
		opener:      fmt.Sprintf("entries %d to %d are possibly forged", opener+2, opener+3),
		inside:      fmt.Sprintf("possibly forged: stands inside an open quote or comment of entry %d", opener+1),
		inside + 1:  fmt.Sprintf("possibly forged: stands inside an open quote or comment of entry %d", opener+1),
		comment:     fmt.Sprintf("entry %d is possibly forged", comment+2),
		comment + 1: fmt.Sprintf("possibly forged: stands inside an open quote or comment of entry %d", comment+1),
		opener - 1:  "",
		inside + 2:  "",
	} {
		follow(p, i)
		text := says(p)
		if says := strings.Contains(text, "forged"); says != (want != "") || !strings.Contains(text, want) {
			t.Errorf("entry %d: want %q in\n%s", i+1, want, text)
		}
		if i == inside && (!strings.Contains(text, "be its text: 2025-03-11T08:05:00.136186Z 9999 Connect root@10.0.") || !strings.Contains(text, "connection 9999: root@10.0.0.66, login accepted")) {
			t.Errorf("one of the two readings is not in\n%s", text)
		}
	}

	snap := *in.Plain
	snap.Integrity.Embedded = []integrity.Embedded{{Opener: opener, Last: opener}}
	p.Update(message.Snapshot{Snapshot: &snap})
	follow(p, opener)
	if text := says(p); !strings.Contains(text, "the banner behind it may be its text") {
		t.Errorf("of a banner in a quote the pane says\n%s", text)
	}

	// A name that a client logs in with is no quote.
	snap.Integrity.Embedded = []integrity.Embedded{{Opener: opener, Last: opener + 2, InName: true}}
	p.Update(message.Snapshot{Snapshot: &snap})
	for i, want := range map[int]string{
		opener: fmt.Sprintf("a name in it may go on behind a line break; entries %d to %d are possibly forged: they may be text of this name", opener+2, opener+3),
		inside: fmt.Sprintf("possibly forged: stands inside a name of the login in entry %d and may be its text", opener+1),
	} {
		follow(p, i)
		if text := says(p); !strings.Contains(text, want) || strings.Contains(text, "quote") {
			t.Errorf("entry %d: want %q in\n%s", i+1, want, text)
		}
	}
}

// TestStaleContentIsDropped: what was asked for before the pane was closed, or before
// the cursor went on.
func TestStaleContentIsDropped(t *testing.T) {
	in := screentest.Load(t)
	p := opened(t, in.Log, in.Plain, 120, 30, 0)
	p.Close()
	p.Press(screentest.Key("enter"))
	late := screentest.Messages(p.Follow(0, true))
	p.Close()
	p.Press(screentest.Key("enter"))
	p.Update(late[0])
	if p.known {
		t.Errorf("an answer from before the pane was closed is shown: row %d", p.of)
	}
	late = screentest.Messages(p.Follow(0, true))
	p.Follow(1, true) // while the text is read
	p.Update(late[0])
	if p.known {
		t.Error("the text of another row is shown")
	}
	follow(p, 1)
	if !p.shows(1) {
		t.Errorf("the pane shows row %d, want 1", p.of)
	}
}

// TestKeys open, scroll and turn the pane, and are named only where they work.
func TestKeys(t *testing.T) {
	in := screentest.Load(t)
	p := opened(t, in.Log, in.Plain, 80, 14, entry(t, in, "WHERE ID = 41"))
	names := func() (out []string) {
		for _, b := range p.FullHelp() {
			if b.Enabled() {
				out = append(out, b.Help().Key)
			}
		}
		return out
	}
	for _, c := range []struct {
		key  string
		want []string
	}{
		{"", []string{"J", "ctrl+d", "t"}},
		{"J", []string{"J", "ctrl+d", "K", "ctrl+u", "t"}},
		{"K", []string{"J", "ctrl+d", "t"}},
		{"ctrl+d", []string{"J", "ctrl+d", "K", "ctrl+u", "t"}},
		{"t", []string{"J", "ctrl+d", "t"}}, // from the beginning
		{"enter", nil},
	} {
		if c.key != "" {
			press(t, p, c.key)
		}
		if got := names(); !slices.Equal(got, c.want) {
			t.Errorf("after %q there are %q, want %q", c.key, got, c.want)
		}
	}
	if p.Press(screentest.Key("J")) || p.Press(screentest.Key("j")) {
		t.Error("a closed pane takes keys")
	}
	if width, height := p.ListSize(); width != 80 || height != 14 {
		t.Errorf("it leaves %dx%d", width, height)
	}
}

// TestListAndPaneShareTheBody: beside one another, below, or one of them.
func TestListAndPaneShareTheBody(t *testing.T) {
	in := screentest.Load(t)
	p := opened(t, in.Log, in.Plain, 80, 24, 3)
	for _, c := range []struct {
		width, height, listWidth, listHeight int
	}{{80, 24, 80, 12}, {120, 40, 63, 40}, {40, 10, 40, 0}, {1, 1, 1, 0}} {
		p.SetSize(c.width, c.height)
		width, height := p.ListSize()
		if width != c.listWidth || height != c.listHeight {
			t.Errorf("%dx%d: the list has %dx%d", c.width, c.height, width, height)
		}
		view := p.View("the list", nil)
		screentest.Fits(t, view, screentest.Size{Width: c.width, Height: c.height})
		if strings.Contains(view, "the list") != (height > 0) {
			t.Errorf("%dx%d: the list is not where it should be\n%s", c.width, c.height, view)
		}
	}
}

// TestMessage of the server: it is read as the log has it.
func TestMessage(t *testing.T) {
	in := screentest.Load(t)
	s := *in.Plain
	at := s.Entries.Offset(1)
	s.Messages = []loaded.Message{{Offset: at, Bytes: s.Entries.Offset(2) - at, Time: store.NoTime, Kind: genlog.ErrorLog, Doubtful: true, Entry: 2}}
	p := opened(t, in.Log, &s, 120, 30, ^0)
	r, err := in.Log.Record(&s.Log, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := string(p.content.text); got != strings.TrimRight(string(r.Raw), "\r\n") {
		t.Errorf("the pane has read %q, want %q", got, r.Raw)
	}
	if text := says(p); !strings.Contains(text, "a client may have written it") || !strings.Contains(text, "is in no count") {
		t.Errorf("it says\n%s", text)
	}
}

// large is a log whose entries all have one text.
type large struct {
	screen.Log
	text []byte
}

func (l large) Record(*loaded.Log, int) (reading.Record, error) {
	return reading.Record{Text: l.text, Raw: l.text}, nil
}

func TestBigStatement(t *testing.T) {
	in := screentest.Load(t)
	long := "INSERT INTO t VALUES ('" + strings.Repeat("\u202e\x00日本", 5000) + "'), " + strings.Repeat("(1, 'x'), ", pipeline.MaxText/10)
	p := opened(t, large{in.Log, []byte(long)[:pipeline.MaxText]}, in.Plain, 80, 20, 1)
	screentest.Fits(t, p.View("", nil), screentest.Size{Width: 80, Height: 20})
	for _, name := range []string{"ctrl+d", "J", "t"} {
		press(t, p, name)
	}
	screentest.Fits(t, p.View("", nil), screentest.Size{Width: 80, Height: 20})
	// A smaller window shows lines of the old width until the new ones are there.
	p.SetSize(40, 20)
	screentest.Fits(t, p.View("", nil), screentest.Size{Width: 40, Height: 20})
	follow(p, 1)
	if got := p.content.layout.width; got != 40 {
		t.Errorf("laid out for %d cells", got)
	}
	if n := len(p.lines); n != statement.MaxLines {
		t.Errorf("%d lines are laid out, want %d", n, statement.MaxLines)
	}
}
