package ui

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// rejectWalk is the overlay that leads through what is no entry: rejects and
// messages of the server, as they stand in the log.
type rejectWalk struct {
	at   int // of the stops
	text string
	err  error
}

// stop is a reject or a message.
type stop struct {
	offset, bytes int64
	what          string
}

// rejectRead carries the bytes of stop number at.
type rejectRead struct {
	at   int
	text string
	err  error
}

// startWalk opens the overlay; called again it goes on.
func (a *app) startWalk() tea.Cmd {
	if a.stops() == 0 {
		a.say("everything that was read so far is an entry or a banner" + a.damages())
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

// stops returns how many rejects and messages can be shown.
func (a *app) stops() int {
	if a.snapshot == nil {
		return 0
	}
	return len(a.snapshot.Coverage.First) + len(a.snapshot.Messages)
}

// stop returns stop k. Both lists ascend, and are long: the first k stops hold as
// many rejects as a binary search finds.
func (a *app) stop(k int) stop {
	rejects, messages := a.snapshot.Coverage.First, a.snapshot.Messages
	lo := max(0, k-len(messages))
	r := lo + sort.Search(min(k, len(rejects))-lo, func(i int) bool {
		return rejects[lo+i].Offset > messages[k-lo-i-1].Offset
	})
	m := k - r
	if m == len(messages) || r < len(rejects) && rejects[r].Offset <= messages[m].Offset {
		return stop{rejects[r].Offset, rejects[r].Bytes, "not understood: " + rejects[r].Reason.String()}
	}
	return stop{messages[m].Offset, messages[m].Bytes, messageLine(&messages[m])}
}

// messageLine names a message in one line.
func messageLine(m *loaded.Message) string {
	text := "message of the server: " + m.Kind.String()
	if m.Level != "" {
		text += ", " + m.Level
	}
	if m.Moment().Known() {
		text += ", " + widget.Time(m.Time)
	}
	if m.ID > 0 {
		text += fmt.Sprintf(", thread %d", m.ID)
	}
	if m.Doubtful {
		text += "; doubtful: a client may have written it"
	}
	return text
}

func (a *app) walkKey(m tea.KeyMsg) tea.Cmd {
	k := &overlayKeys
	n := a.stops()
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
		return a.entryBehind(a.stop(a.walk.at).offset)
	}
	return nil
}

// walkTo shows stop i and fetches its bytes.
func (a *app) walkTo(i int) tea.Cmd {
	a.walk = rejectWalk{at: i}
	analysis, at := a.cfg.Analysis, a.stop(i)
	return func() tea.Msg {
		raw, err := analysis.Rejected(genlog.Reject{Offset: at.offset, Bytes: at.bytes})
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
	r := a.stop(a.walk.at)
	file, at := s.File(r.offset)
	where := fmt.Sprintf("%s, byte %s of the text, %s", s.Files[file].Name, widget.Count(at), widget.Bytes(r.bytes))
	head := fmt.Sprintf("No entry: %s of %s", widget.Count(a.walk.at+1), widget.Count(s.Coverage.Rejects+s.Coverage.Messages.Total()))
	if first := a.stops(); first < s.Coverage.Rejects+s.Coverage.Messages.Total() {
		head += fmt.Sprintf(" (the first %s can be shown)", widget.Count(first))
	}
	lines := []string{t.Title.Render(widget.Clip(t, head, a.width)), widget.Clip(t, r.what, a.width), widget.Clip(t, where, a.width), ""}
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
