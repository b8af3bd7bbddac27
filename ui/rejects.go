package ui

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/detail"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// rejectWalk is the overlay that leads through what is no entry: rejects and
// messages of the server, in order of the log. It keeps its place while it is
// closed.
type rejectWalk struct {
	theme         *theme.Theme
	log           screen.Log
	snapshot      *pipeline.Snapshot
	width, height int

	at   int // of the stops
	text string
	err  error
}

// stop is a reject or a message.
type stop struct {
	offset, bytes int64
	what          string
	why           genlog.Reason // of a reject
}

// rejectRead carries the bytes of stop number at.
type rejectRead struct {
	at   int
	text string
	err  error
}

// rejectReader is the walk as a part of the root, which hears what is known of the
// log and the bytes that were asked for.
type rejectReader struct{ *rejectWalk }

func (o rejectReader) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		o.snapshot = m.Snapshot
	case rejectRead:
		if m.at == o.at {
			o.text, o.err = m.text, m.err
		}
		return nil, true
	}
	return nil, false
}

// begin shows the stop that was shown last, where there is one.
func (o *rejectWalk) begin() tea.Cmd {
	if o.stops() == 0 {
		return say("everything that was read so far is an entry or a banner" + o.damages())
	}
	return tea.Batch(lie(o), o.walkTo(o.at))
}

// damages returns what could not even be read.
func (o *rejectWalk) damages() string {
	if o.snapshot == nil {
		return ""
	}
	var text strings.Builder
	for _, f := range o.snapshot.Files {
		if len(f.Damage) > 0 {
			text.WriteString("; " + filepath.Base(f.Name) + ": " + f.Damaged())
		}
	}
	return text.String()
}

// stops returns how many rejects and messages can be shown.
func (o *rejectWalk) stops() int {
	if o.snapshot == nil {
		return 0
	}
	return len(o.snapshot.Coverage.First) + len(o.snapshot.Messages)
}

// stop returns stop k. Both lists ascend, and are long: the first k stops hold as
// many rejects as a binary search finds.
func (o *rejectWalk) stop(k int) stop {
	rejects, messages := o.snapshot.Coverage.First, o.snapshot.Messages
	lo := max(0, k-len(messages))
	r := lo + sort.Search(min(k, len(rejects))-lo, func(i int) bool {
		return rejects[lo+i].Offset > messages[k-lo-i-1].Offset
	})
	m := k - r
	if m == len(messages) || r < len(rejects) && rejects[r].Offset <= messages[m].Offset {
		return stop{rejects[r].Offset, rejects[r].Bytes, "not understood: " + rejects[r].Reason.String(), rejects[r].Reason}
	}
	return stop{offset: messages[m].Offset, bytes: messages[m].Bytes, what: detail.Describe(o.theme, &messages[m])}
}

// Update handles a key.
func (o *rejectWalk) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &overlayKeys
	n := o.stops()
	switch {
	case m.Paste:
	case key.Matches(m, k.Close):
		return nil, false
	case key.Matches(m, k.Up):
		return o.walkTo((o.at + n - 1) % n), true
	case key.Matches(m, k.Down), key.Matches(m, globalKeys.Rejects):
		return o.walkTo((o.at + 1) % n), true
	case key.Matches(m, k.Open):
		if o.snapshot.Len() == 0 {
			return say("no entry has been read"), true
		}
		return message.Request(message.ShowEntry{Index: o.entryBehind(o.stop(o.at).offset)}), false
	}
	return nil, true
}

// Idle returns why a key does nothing.
func (o *rejectWalk) Idle(m tea.KeyMsg) string {
	k := &overlayKeys
	if key.Matches(m, k.Up, k.Down, globalKeys.Rejects) {
		return which(o.stops() == 1, "there is no other")
	}
	return idleAmong(m, 0, 0, k.Open)
}

// walkTo shows stop i and fetches its bytes.
func (o *rejectWalk) walkTo(i int) tea.Cmd {
	o.at, o.text, o.err = i, "", nil
	text, log, at := o.log, &o.snapshot.Log, o.stop(i)
	return screen.Work(func() tea.Msg {
		raw, err := text.Rejected(log, genlog.Reject{Offset: at.offset, Bytes: at.bytes, Reason: at.why})
		return rejectRead{i, string(raw), err}
	})
}

// entryBehind returns the first entry behind an offset of the log, or the last.
func (o *rejectWalk) entryBehind(offset int64) int {
	in := o.snapshot.Entries
	// Offsets ascend: a binary search, so that it costs nothing in a long log.
	lo, hi := 0, in.Len()
	for lo < hi {
		if mid := (lo + hi) / 2; in.Offset(mid) < offset {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return min(lo, in.Len()-1)
}

// SetSize sets the size of the body in cells.
func (o *rejectWalk) SetSize(width, height int) { o.width, o.height = width, height }

// View shows where a stop is, what it is, and its bytes.
func (o *rejectWalk) View(string) string {
	t, s := o.theme, o.snapshot
	r := o.stop(o.at)
	file, at := s.File(r.offset)
	where := fmt.Sprintf("%s, byte %s of the text, %s", s.Files[file].Name, widget.Count(at), widget.Bytes(r.bytes))
	head := fmt.Sprintf("No entry: %s of %s", widget.Count(o.at+1), widget.Count(s.Coverage.Rejects+s.Coverage.Messages.Total()))
	if first := o.stops(); first < s.Coverage.Rejects+s.Coverage.Messages.Total() {
		head += fmt.Sprintf(" (the first %s can be shown)", widget.Count(first))
	}
	lines := []string{t.Title.Render(widget.Clip(t, head, o.width)), widget.Clip(t, r.what, o.width), widget.Clip(t, where, o.width), ""}
	if o.err != nil {
		lines = append(lines, t.Bad.Render(widget.Clip(t, "could not read it: "+o.err.Error(), o.width)))
	}
	text, more := widget.Wrap(t, o.text, o.width, max(0, o.height-len(lines)-1))
	lines = append(lines, text...)
	if more {
		lines = append(lines, t.Glyph.Ellipsis)
	}
	return strings.Join(lines[:min(len(lines), o.height)], "\n")
}

// Line is empty.
func (o *rejectWalk) Line() string { return "" }

// Keys are those that the footer offers.
func (o *rejectWalk) Keys() []key.Binding {
	k := &overlayKeys
	return []key.Binding{k.Close, globalKeys.Rejects, k.Up, k.Open}
}
