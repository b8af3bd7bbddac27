package overview

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/stages"
	"sqleuth/ui/timeline"
	"sqleuth/ui/widget"
)

// Lines that the parts take; what is left belongs to the list.
const (
	listLeast = 4 // heading, title, two rows: less is no list
	plotMore  = 6
	// From this height on, what is known of the row under the cursor is below the
	// list.
	paneFrom, paneLeast, paneMore = 16, 3, 5
	// In a lower window than stagesFrom stages that are done are not shown.
	stagesFrom = 22
	// In a lower window than trustFrom every line is for the list.
	trustFrom, trustMost = 8, 2
	// firstRows is how many rows come before the plot, and someSuspects how many of
	// them are suspects.
	firstRows, someSuspects = 10, 4
)

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	m.opened.SetSize(width, height)
	m.time.SetSize(width, height)
	m.layout()
	return m
}

// layout gives the list what the lines above and below it leave.
func (m *Model) layout() {
	pane, plot := m.below()
	m.suspects.SetSize(m.width, max(0, m.height-len(m.above())-pane-plot))
}

// below returns the lines of the pane and those of the plot. The list comes first, as
// far as it has incidents and some suspects.
func (m Model) below() (pane, plot int) {
	rows := m.suspects.Len()
	if m.height < paneFrom {
		return 0, 0
	}
	d := m.suspects.Data()
	incidents := 0
	if d.snapshot != nil {
		incidents = len(d.snapshot.Incidents)
	}
	room := m.height - len(m.above()) - max(listLeast-1, 1+min(rows, firstRows, incidents+someSuspects))
	take := func(most int) int {
		n := max(0, min(room, most))
		room -= n
		return n
	}
	if rows > 0 {
		pane = take(paneLeast)
	}
	if m.time.Some() && room >= timeline.Least {
		plot = take(timeline.Least)
	}
	if rows > 0 {
		pane += take(paneMore)
	}
	if plot > 0 {
		plot += take(plotMore + m.time.Flags())
	}
	if rows > 0 {
		pane += take(min(paneMore, room/2))
	}
	return pane, plot
}

// View draws the stages, incidents and suspects, what is known of one, and the log
// over time.
func (m Model) View() string {
	switch {
	case m.time.Is():
		return m.time.View()
	case m.opened.Is():
		return m.opened.View()
	case m.whole.Is() && len(m.said()) > 0:
		row, _ := m.suspects.Current()
		return m.whole.View(m.theme, about(m.suspects.Data(), row), m.said(), m.suspects.Found(), m.width, m.height)
	}
	lines := m.above()
	pane, plot := m.below()
	if m.suspects.Len() == 0 {
		for _, l := range widget.Prose(m.theme, m.noSuspects(), m.width, 3) {
			lines = append(lines, m.theme.Faint.Render(l))
		}
	} else if table := m.suspects.View(); table != "" {
		lines = append(lines, strings.Split(table, "\n")...)
		if said := m.said(); len(said) > 0 && pane > 0 {
			part := stages.Lay(m.theme, said, m.width, pane)
			for k := range part {
				part[k] = widget.Highlight(m.theme, part[k], m.suspects.Found(), &m.theme.Text)
			}
			for len(part) < pane {
				part = append(part, "")
			}
			lines = append(lines, part...)
		}
	}
	if plot > 0 {
		lines = append(lines, m.time.Strip(m.width, plot)...)
	}
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// maybeForged reports whether entry i may be text of another statement.
func maybeForged(s *pipeline.Snapshot, i int) bool {
	e, ok := s.Integrity.EmbeddedAt(i)
	return ok && i > e.Opener
}

// above is what is over the list: the stages where there is room, or one is not
// done.
func (m Model) above() []string {
	var lines []string
	if m.snapshot == nil || m.height >= stagesFrom || slices.ContainsFunc(m.stages[:], func(p message.Progress) bool { return p.State != message.Finished }) {
		lines = m.stageLines()
	}
	if m.snapshot == nil {
		return append(lines, m.title())
	}
	lines = append(append(lines, m.facts()...), m.trustLines()...)
	if len(m.listed.Incidents) == 0 && m.listed.Incidents != nil && m.height >= trustFrom {
		none := noIncident
		if n := len(m.labels.Usual()); n > 0 {
			none += " " + widget.Number(n, "thing counts", "things count") + " for nothing: declared normal, see :normal list."
		}
		lines = append(lines, m.theme.Title.Render(widget.Clip(m.theme, none, m.width)))
		for _, l := range widget.Prose(m.theme, noProof, m.width, 2) {
			lines = append(lines, m.theme.Faint.Render(l))
		}
	}
	return append(lines, m.title())
}

// The lines where there is no incident, and what that does not prove.
const noIncident = "No incident. No actor's acts join into an attack."

var noProof = "This does not prove that none took place: see what this log cannot show (" + detectionsKey + ", w)."

// trustLines returns how far the log can be trusted: what was found, counted by
// kind, the gravest first, and where all of it is.
func (m Model) trustLines() []string {
	room := trustMost
	switch {
	case len(m.snapshot.Integrity.Limits) == 0: // not looked for yet
		return nil
	case m.height < trustFrom:
		return nil
	case m.height < paneFrom:
		room = 1
	}
	t := m.theme
	style := t.Text
	text := "Log integrity, see " + detectionsKey + ": "
	if len(m.tallies) > 0 {
		text = "Log integrity, D24 on " + detectionsKey + ": "
	}
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
			// The stage is over, but there is none; Models explains why in full.
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

// where returns how far a stage came that did not come to its end.
func where(p message.Progress) string {
	if p.Done <= 0 || p.Total <= 0 {
		return ""
	}
	return " at " + widget.Share(p.Done, p.Total)
}

// facts returns what the log holds, the most important first: what does not fit is
// left out from the end.
func (m Model) facts() []string {
	s, t := m.snapshot, m.theme
	parts := []string{widget.Number(s.Connections.Len(), "connection", "connections")}
	if s.Encoding != nil {
		parts = append(parts, widget.Number(len(s.Detections), "detection", "detections"))
	}
	if s.Isolation != nil {
		parts = append(parts, widget.Number(s.Isolation.Flagged, "outlier", "outliers"))
	}
	parts = append(parts, widget.Count(m.labels.Labelled())+" labelled")
	if n := len(m.labels.Usual()); n > 0 {
		parts = append(parts, widget.Count(n)+" declared normal")
	}
	if s.Backwards > 0 && len(s.Integrity.Limits) == 0 {
		// Later the line about integrity shows which of them matter.
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

// title returns what is listed, and where the cursor is.
func (m Model) title() string {
	t := m.theme
	d := m.suspects.Data()
	incidents, dismissed, suspects := 0, 0, 0
	if d.snapshot != nil {
		incidents, suspects = len(d.snapshot.Incidents), len(d.suspects)
	}
	for row := range incidents {
		if d.dismissed(row) {
			dismissed++
		}
	}
	text := "Suspects, most suspicious first"
	if d.snapshot != nil && d.snapshot.Incidents != nil && incidents == 0 && m.height < trustFrom {
		text = "No incident; suspects, worst first" // there is no other line for it
	}
	switch {
	case incidents > 0 && suspects > 0:
		text = widget.Number(incidents, "incident", "incidents") + ", worst first" + behind(dismissed) + ", then other suspects"
	case incidents > 0:
		text = "Incidents, worst first" + behind(dismissed)
	}
	if by := m.suspects.SortColumn(); by != "" {
		text = "Incidents and suspects by " + by
	}
	cut := ""
	if s := d.snapshot; s != nil && s.Ranking.Len() > len(s.Ranking.First()) {
		// The filters look through no more of them than are ranked.
		cut = ", of the first " + widget.Count(len(s.Ranking.First())) + " suspects of " + widget.Count(s.Ranking.Len())
	}
	switch {
	case incidents+suspects == 0:
	case len(m.filtered.Active) > 0:
		text = "Left by the filters" + cut + ": " + m.suspects.Status() + "; " + widget.Count(incidents+suspects) + " in all"
	default:
		text += cut + ": " + m.suspects.Status()
	}
	return t.Title.Render(widget.Clip(t, text, m.width))
}

// behind names the incidents that are listed last.
func behind(dismissed int) string {
	if dismissed == 0 {
		return ""
	}
	return " (" + widget.Count(dismissed) + " dismissed, last)"
}

// noSuspects explains why there are no rows.
func (m Model) noSuspects() string {
	if m.suspects.Data().len() > 0 {
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
