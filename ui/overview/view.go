package overview

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// Lines that the parts take; what is left belongs to the suspects.
const (
	suspectsLeast = 4 // heading, title, two rows: less is no list
	plotMost      = 8
	plotLeast     = 3
	flagLines     = 4 // detections, flagged, labelled, time
	// From this height on, the reasons under the cursor stand below the list.
	reasonsFrom, reasonLines = 16, 2
	// In a lower window than trustFrom every line is for the suspects.
	trustFrom, trustMost = 8, 2
)

// SetSize gives the body's size.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	m.layout()
	return m
}

// layout gives the table what the lines above it leave.
func (m *Model) layout() {
	used := len(m.above()) + 1 + m.reasonRoom()
	m.suspects.SetSize(m.width, max(0, m.height-used))
}

// View draws stages, the log over time and the suspects.
func (m Model) View() string {
	lines := append(m.above(), m.suspectTitle())
	if m.suspects.Len() == 0 {
		lines = append(lines, m.theme.Faint.Render(widget.Clip(m.theme, m.noSuspects(), m.width)))
	} else if table := m.suspects.View(); table != "" {
		lines = append(lines, strings.Split(table, "\n")...)
		lines = append(lines, m.reasons()...)
	}
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// reasonRoom is how many lines the reasons under the cursor have.
func (m Model) reasonRoom() int {
	if m.height < reasonsFrom || m.suspects.Len() == 0 {
		return 0
	}
	return reasonLines
}

// reasons are those of the suspect under the cursor, as far as there is room.
func (m Model) reasons() []string {
	row, ok := m.suspects.Current()
	room := m.reasonRoom()
	if !ok || room == 0 {
		return nil
	}
	s := &m.snapshot.Ranking.First()[row]
	text := m.snapshot.Connections.Name(int(s.Connection))
	if first := int(m.snapshot.Connections.Peek(int(s.Connection)).First); m.maybeForged(first) {
		text += ", whose first entry may be forged"
	}
	text += ": " + strings.Join(s.Reasons, "; ")
	lines := widget.Prose(m.theme, text, m.width, room)
	for k := range lines {
		lines[k] = widget.Highlight(m.theme, lines[k], m.suspects.Found(), &m.theme.Text)
	}
	return lines
}

// maybeForged says that entry i may be text of another statement.
func (m Model) maybeForged(i int) bool {
	e, ok := m.snapshot.Integrity.EmbeddedAt(i)
	return ok && i > e.Opener
}

// above is what stands over the suspects.
func (m Model) above() []string {
	lines := m.stageLines()
	if m.snapshot == nil {
		return lines
	}
	trust := m.trustLines()
	lines = append(append(lines, m.facts()...), trust...)
	room := m.height - len(lines) - suspectsLeast - flagLines
	if len(m.snapshot.Messages) > 0 {
		room--
	}
	if m.snapshot.Timeline != nil && len(m.snapshot.Timeline.Entries) > 0 && room >= plotLeast {
		// Most of the window is for the suspects; what is said about trust is
		// at the plot's cost.
		lines = append(lines, m.timeline(min(plotMost, room, max(plotLeast, m.height/5+1-len(trust))))...)
	}
	return lines
}

// trustLines says how far the log can be trusted: what was found, counted by
// kind, the gravest first, and where all of it stands.
func (m Model) trustLines() []string {
	room := trustMost
	switch {
	case len(m.snapshot.Integrity.Limits) == 0: // not looked for yet
		return nil
	case m.height < trustFrom:
		return nil
	case m.height < reasonsFrom:
		room = 1
	}
	t := m.theme
	style := t.Text
	text := "Log integrity, see " + detectionsKey + ": "
	switch {
	case len(m.tallies) == 0:
		text += "nothing suspicious"
	case m.tallies[0].Severity == rule.Context:
		text += "nothing suspicious; "
		room = 1
	case m.tallies[0].Severity >= rule.High:
		style = t.Bad
	case m.tallies[0].Severity == rule.Medium:
		style = t.Warn
	}
	for k, tally := range m.tallies {
		switch {
		case k == 0:
			text += tally.Severity.String() + ": "
		case tally.Severity != m.tallies[k-1].Severity:
			text += "; " + tally.Severity.String() + ": "
		default:
			text += ", "
		}
		text += tally.String()
	}
	lines := widget.Prose(t, text, m.width, room)
	for k := range lines {
		lines[k] = style.Render(lines[k])
	}
	return lines
}

// detectionsKey leads to the screen of detections.
var detectionsKey = fmt.Sprintf("f%d", message.Detections+1)

// stageLines shows how the stages do, as many in a line as fit.
func (m Model) stageLines() []string {
	var lines []string
	line := ""
	for _, p := range m.stages {
		text := m.stage(p)
		if line != "" && ansi.StringWidth(line)+2+ansi.StringWidth(text) > m.width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += "  "
		}
		line += text
	}
	lines = append(lines, line)
	if m.height < 12 {
		lines = lines[:1] // the header names the stage that runs
	}
	for i := range lines {
		lines[i] = ansi.Truncate(lines[i], m.width, "")
	}
	return lines
}

func (m Model) stage(p message.Progress) string {
	t, g := m.theme, m.theme.Glyph
	name := p.Stage.String()
	switch p.State {
	case message.Running:
		if p.Total > 0 {
			return t.Strong.Render(g.Running+" "+name) + " " + widget.Gauge(t, p.Done, p.Total, 8) + " " + widget.Share(p.Done, p.Total)
		}
		return t.Strong.Render(g.Running + " " + name)
	case message.Finished:
		if p.Stage == pipeline.Random && m.snapshot != nil && m.snapshot.Random != nil && m.snapshot.Random.Forest == nil {
			// The stage is over, but there is none; Models says why in full.
			return t.Faint.Render(g.Dash + " " + name + ": no label")
		}
		return t.Good.Render(g.Done) + " " + name
	case message.Cancelled:
		return t.Warn.Render(g.Failed + " " + name + " cancelled" + where(p))
	case message.Broken:
		return t.Bad.Render(g.Failed + " " + name + " failed" + where(p))
	}
	return t.Faint.Render(g.Waiting + " " + name)
}

// where says how far a stage came that did not come to its end.
func where(p message.Progress) string {
	if p.Done <= 0 || p.Total <= 0 {
		return ""
	}
	return " at " + widget.Share(p.Done, p.Total)
}

// facts says what the log holds, the most important first: what does not fit is
// left out from the end.
func (m Model) facts() []string {
	s, t := m.snapshot, m.theme
	parts := []string{widget.Number(s.Connections.Len(), "connection", "connections")}
	if s.Encoding != nil {
		parts = append(parts, widget.Number(len(s.Detections), "detection", "detections"))
	}
	if s.Isolation != nil {
		parts = append(parts, widget.Number(s.Isolation.Flagged, "entry flagged", "entries flagged"))
	}
	parts = append(parts, widget.Count(m.labels.Labelled())+" labelled")
	if s.Backwards > 0 && len(s.Integrity.Limits) == 0 {
		// Later the line about integrity says which of them matter.
		parts = append(parts, widget.Number(s.Backwards, "step back in time", "steps back in time"))
	}
	if n := s.Entries.Untimed(); n > 0 {
		parts = append(parts, widget.Number(n, "entry without time", "entries without time"))
	}
	if s.Connections.Runs > 1 {
		parts = append(parts, widget.Number(s.Connections.Runs, "server run", "server runs"))
	}
	parts = append(parts, widget.Number(len(s.Templates), "template", "templates"))
	if len(m.filtered.Active) > 0 {
		parts[0] = "whole log: " + parts[0]
	}
	line := widget.Clip(t, parts[0], m.width)
	for _, p := range parts[1:] {
		p = " " + t.Glyph.Separator + " " + p
		if ansi.StringWidth(line)+ansi.StringWidth(p) > m.width {
			break
		}
		line += p
	}
	lines := []string{line}
	for _, f := range s.Files {
		if len(f.Damage) == 0 || m.height < 12 {
			continue
		}
		for _, line := range widget.Prose(t, filepath.Base(f.Name)+": "+f.Damaged(), m.width, 2) {
			lines = append(lines, t.Bad.Render(line))
		}
	}
	return lines[:min(len(lines), 4)]
}

// timeline draws entries over time, and under it where something is wrong.
func (m Model) timeline(height int) []string {
	t, tl := m.theme, m.snapshot.Timeline
	columns := m.width - widget.PlotLeft
	if columns < 10 {
		return nil
	}
	entries := tl.Entries
	if m.course.entries != nil {
		entries = m.course.entries
	}
	shown := stretch(entries, columns)
	values := make([]float64, len(shown))
	top := 0.0
	for i, v := range shown {
		values[i] = float64(v)
		top = max(top, values[i])
	}
	lines := widget.Plot(t, m.width, height, 0, top, values)
	lines = append(lines,
		m.flagLine("detect", m.course.detections, columns, t.Bad),
		m.flagLine("forest", m.course.outliers, columns, t.Warn),
		m.flagLine("label", m.course.anomalies, columns, t.Bad))
	if len(m.snapshot.Messages) > 0 {
		lines = append(lines, m.flagLine("server", m.course.messages, columns, t.Faint))
	}
	return append(lines, strings.Repeat(" ", widget.PlotLeft)+t.Faint.Render(widget.Clip(t, m.axis(columns), columns)))
}

// axis says from when to when the timeline is drawn, and how many entries lie
// outside: without that, a log with a few wrong times looks as if it began and
// ended with the others. Where there is no room for all of it, what a column
// stands for is left out first, then when the timeline ends.
func (m Model) axis(columns int) string {
	tl := m.snapshot.Timeline
	what, before, after, untimed := "entries", tl.Before, tl.After, tl.Untimed
	if m.course.entries != nil {
		before, after, untimed = m.course.before, m.course.after, m.course.untimed
	}
	if len(m.course.active) > 0 {
		what = "filtered entries"
	}
	first := widget.Time(tl.Start)
	last := widget.Time(end(m.snapshot) - 1)
	var outside []string
	left, right := first, last
	if before > 0 {
		outside = append(outside, widget.Count(before)+" before")
		left += ", " + outside[0]
	}
	if untimed > 0 {
		outside = append(outside, widget.Count(untimed)+" without time")
		left += ", " + outside[len(outside)-1]
	}
	if after > 0 {
		text := widget.Count(after) + " after"
		outside = append(outside, text)
		right = text + ", " + last
	}
	if room := columns - len(left) - len(right); room > 0 {
		each := "per " + widget.Elapsed(tl.Width*int64(len(tl.Entries))/int64(columns))
		middle := ""
		for _, text := range []string{" " + what + " " + each + " ", " " + each + " "} {
			if len(text) <= room {
				middle = text
				break
			}
		}
		space := (room - len(middle)) / 2
		return left + strings.Repeat(" ", space) + middle + strings.Repeat(" ", room-space-len(middle)) + right
	}
	short := strings.Join(append([]string{first}, outside...), ", ")
	if len(outside) > 0 && len(short) > columns {
		return strings.Join(outside, ", ")
	}
	return short
}

// flagLine marks the times at which something is wrong.
func (m Model) flagLine(name string, counts []int, columns int, style lipgloss.Style) string {
	t := m.theme
	var b strings.Builder
	for _, n := range stretch(counts, columns) {
		if n > 0 {
			b.WriteString(t.Glyph.Flag)
		} else {
			b.WriteByte(' ')
		}
	}
	return t.Faint.Render(widget.FitRight(t, name, widget.PlotLeft-1)) + " " + style.Render(b.String())
}

// stretch gives a value for each of columns: the sum of the buckets under it,
// or the bucket that it is a part of.
func stretch(buckets []int, columns int) []int {
	if len(buckets) == 0 || len(buckets) >= columns {
		return widget.Resample(buckets, columns)
	}
	out := make([]int, columns)
	for i := range out {
		out[i] = buckets[i*len(buckets)/columns]
	}
	return out
}

func (m Model) suspectTitle() string {
	t := m.theme
	text := "Suspects, most suspicious first"
	if by := m.suspects.SortColumn(); by != "" {
		text = "Suspects by " + by
	}
	ranked, all := 0, 0
	if m.snapshot != nil {
		ranked, all = len(m.snapshot.Ranking.First()), m.snapshot.Ranking.Len()
	}
	filtered := len(m.filtered.Active) > 0
	// The filters look through no more of them than are ranked.
	cut := "the first " + widget.Count(ranked) + " of " + widget.Count(all)
	switch {
	case ranked == 0:
	case filtered && all > ranked:
		text = "Suspects left by the filters, of " + cut + ": " + m.suspects.Status()
	case filtered:
		text = "Suspects left by the filters: " + m.suspects.Status() + "; " + widget.Count(ranked) + " in all"
	case all > ranked:
		text = "Suspects, " + cut + ": " + m.suspects.Status()
	default:
		text += ": " + m.suspects.Status()
	}
	return t.Title.Render(widget.Clip(t, text, m.width))
}

// noSuspects says why there are none.
func (m Model) noSuspects() string {
	if m.snapshot != nil && len(m.snapshot.Ranking.First()) > 0 {
		return "the filters hide them: " + strings.Join(m.filtered.Active, "; ")
	}
	if m.unread.Why != "" {
		return "they are not ranked: " + m.unread.Why
	}
	for _, p := range m.stages {
		if p.State == message.Cancelled || p.State == message.Broken {
			return "they are ranked at the end of the analysis, which was stopped before"
		}
	}
	switch {
	case m.snapshot == nil || !m.snapshot.Loaded:
		return "they are ranked when the log is read"
	case m.stages[len(m.stages)-1].State != message.Finished && m.snapshot.Isolation == nil:
		return "they are ranked when the models are trained"
	}
	return "nothing in this log looks suspicious to the rules and models"
}
