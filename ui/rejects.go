package ui

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/genlog"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// rejectWalk is the overlay that leads through what was not understood.
type rejectWalk struct {
	at   int // of Coverage.First
	text string
	err  error
}

// rejectRead carries the bytes of reject number at.
type rejectRead struct {
	at   int
	text string
	err  error
}

// startWalk opens the overlay; called again it goes on.
func (a *app) startWalk() tea.Cmd {
	if len(a.rejects()) == 0 {
		a.say("everything that was read so far was understood" + a.damages())
		return nil
	}
	a.mode = walking
	return a.walkTo(a.walk.at)
}

// damages says what could not even be read.
func (a *app) damages() string {
	if a.snapshot == nil {
		return ""
	}
	var text strings.Builder
	for _, f := range a.snapshot.Files {
		if len(f.Damage) > 0 {
			text.WriteString("; " + filepath.Base(f.Name) + ": " + f.Damaged())
		}
	}
	return text.String()
}

func (a *app) rejects() []genlog.Reject {
	if a.snapshot == nil {
		return nil
	}
	return a.snapshot.Coverage.First
}

func (a *app) walkKey(m tea.KeyMsg) tea.Cmd {
	k := &overlayKeys
	n := len(a.rejects())
	switch {
	case m.Paste:
	case key.Matches(m, k.Close):
		a.mode = browsing
	case key.Matches(m, k.Up):
		return a.walkTo((a.walk.at + n - 1) % n)
	case key.Matches(m, k.Down), key.Matches(m, globalKeys.Rejects):
		return a.walkTo((a.walk.at + 1) % n)
	case key.Matches(m, k.Open):
		if a.snapshot.Len() == 0 {
			a.say("no entry has been read")
			return nil
		}
		a.mode = browsing
		return a.entryBehind(a.rejects()[a.walk.at].Offset)
	}
	return nil
}

// walkTo shows reject i and fetches its bytes.
func (a *app) walkTo(i int) tea.Cmd {
	a.walk = rejectWalk{at: i}
	analysis, r := a.cfg.Analysis, a.rejects()[i]
	return func() tea.Msg {
		raw, err := analysis.Rejected(r)
		return rejectRead{i, string(raw), err}
	}
}

func (w *rejectWalk) take(m rejectRead) {
	if m.at == w.at {
		w.text, w.err = m.text, m.err
	}
}

// entryBehind shows the first entry behind an offset of the log.
func (a *app) entryBehind(offset int64) tea.Cmd {
	entries := a.snapshot.Entries
	// Offsets ascend: a binary search, so that it costs nothing in a long log.
	lo, hi := 0, entries.Len()
	for lo < hi {
		if mid := (lo + hi) / 2; entries.Offset(mid) < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == entries.Len() {
		lo--
	}
	return a.showIndex(message.Entries, lo)
}

func (a *app) walkBody(height int) string {
	t, s := a.theme, a.snapshot
	r := a.rejects()[a.walk.at]
	file, at := s.File(r.Offset)
	where := fmt.Sprintf("%s, byte %s of the text, %s: %s", s.Files[file].Name, widget.Count(at), widget.Bytes(r.Bytes), r.Reason)
	head := fmt.Sprintf("Not understood: %s of %s", widget.Count(a.walk.at+1), widget.Count(s.Coverage.Rejects))
	if first := len(a.rejects()); first < s.Coverage.Rejects {
		head += fmt.Sprintf(" (the first %s can be shown)", widget.Count(first))
	}
	lines := []string{t.Title.Render(widget.Clip(t, head, a.width)), widget.Clip(t, where, a.width), ""}
	if a.walk.err != nil {
		lines = append(lines, t.Bad.Render(widget.Clip(t, "could not read it: "+a.walk.err.Error(), a.width)))
	}
	text, more := widget.Wrap(t, a.walk.text, a.width, max(0, height-len(lines)-1))
	lines = append(lines, text...)
	if more {
		lines = append(lines, t.Glyph.Ellipsis)
	}
	return strings.Join(lines[:min(len(lines), height)], "\n")
}
