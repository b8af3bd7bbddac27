package detections

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/store"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// columnID is a column of the table, and its place in it.
type columnID int

const (
	columnTime columnID = iota
	columnSeverity
	columnStep
	columnRule
	columnTechniques
	columnWho
	columnConnections
	columnSummary
	numColumns
)

// columns leave, in 80 cells, time, severity, rule and the beginning of the
// summary; the pane has all of it.
var columns = [numColumns]widget.Column{
	columnTime:        {Title: "time (UTC)", Width: 19, Priority: 1, Sortable: true},
	columnSeverity:    {Title: "severity", Width: 12, Sortable: true, LargestFirst: true},
	columnStep:        {Title: "step", Width: 5, Priority: 4},
	columnRule:        {Title: "rule", Width: 25, Sortable: true},
	columnTechniques:  {Title: "ATT&CK", Width: 22, Priority: 5},
	columnWho:         {Title: "who", Width: 24, Priority: 6, Sortable: true},
	columnConnections: {Title: "conns", Width: 7, Priority: 3, Right: true, Sortable: true, LargestFirst: true},
	columnSummary:     {Title: "summary", Width: 18, Flex: true, Priority: 2, Sortable: true},
}

// SetSize gives the body's size.
func (m Model) SetSize(width, height int) screen.Screen {
	m.width, m.height = width, height
	return m.layout()
}

// layout gives the table its place.
func (m Model) layout() Model {
	m.details.SetSize(m.width, m.height)
	m.table.SetSize(m.width, m.details.TableHeight(m.table.Len(), m.height-m.headingLines()))
	return m
}

func (m Model) headingLines() int {
	if m.height < 5 {
		return 0
	}
	return 1
}

// View draws stories and detections, and what the one under the cursor says.
func (m Model) View() string {
	if m.width <= 0 || m.height <= 0 {
		return ""
	}
	if m.limits.open {
		return m.limitsView()
	}
	t := m.theme
	if m.listing == nil || len(m.listing.rows) == 0 {
		return t.Faint.Render(strings.Join(widget.Prose(t, m.emptiness(), m.width, m.height), "\n"))
	}
	var lines []string
	if m.headingLines() > 0 {
		lines = append(lines, t.Title.Render(widget.Clip(t, m.heading(), m.width)))
	}
	lines = append(lines, strings.Split(m.table.View(m.rows), "\n")...)
	return m.details.View(lines, m.paragraphs())
}

func (m Model) heading() string {
	text := "Detections and log integrity"
	if m.table.SortColumn < 0 {
		text += " by time"
		if m.listing.rows[0].story != nil {
			text = "The attack, then detections and log integrity by time"
		}
	}
	text += ": " + m.table.Status()
	if m.listing.hidden > 0 {
		text += "; the filters hide " + widget.Count(m.listing.hidden)
	}
	return text
}

// emptiness says why there are no rows.
func (m Model) emptiness() string {
	switch s := m.snapshot; {
	case m.listing != nil && m.listing.hidden > 0:
		return "The filters hide all that was found (" + widget.Count(m.listing.hidden) + "): " + strings.Join(m.listing.active, "; ") +
			". esc takes the last one away, F lists them."
	case m.unread.Why != "":
		return "The rules have not run: " + m.unread.Why + "."
	case s == nil || !s.Loaded || !m.ran && s.Truth == nil && s.Len() > 0:
		return "The rules run when the log is read and counted."
	}
	var names []string
	for _, r := range detect.Rules() {
		names = append(names, r.ID+" "+r.Name)
	}
	return "No rule has hit, and nothing was found that speaks against the log. The rules look for " + strings.Join(names, ", ") + "."
}

// time of a finding about no entry comes before everything.
func (r row) time() store.Moment {
	switch {
	case r.story != nil:
		return r.story.Time
	case r.detection != nil:
		return r.detection.Time
	}
	return r.finding.Time
}

// severity of a story is that of its gravest step.
func (r row) severity() detect.Severity {
	switch {
	case r.finding != nil:
		return r.finding.Severity
	case r.detection != nil:
		return r.detection.Severity
	}
	s := detect.Context
	for _, d := range r.story.Steps {
		s = max(s, d.Severity)
	}
	return s
}

func (r row) rule() string {
	switch {
	case r.story != nil:
		return "attack"
	case r.finding != nil:
		return integrityRule.ID
	}
	return r.detection.Rule.ID
}

// summary of a story names its steps.
func (r row) summary() string {
	switch {
	case r.finding != nil:
		return r.finding.Summary
	case r.detection != nil:
		return r.detection.Summary
	}
	var steps []string
	for k, d := range r.story.Steps {
		if k == maxSteps {
			break
		}
		steps = append(steps, d.Rule.Name)
	}
	return strings.Join(steps, ", then ")
}

// severitySign says a severity by more than its colour and its word.
var severitySign = [...]string{detect.Context: "   ", detect.Low: ".  ", detect.Medium: "!  ", detect.High: "!! ", detect.Critical: "!!!"}

func (m Model) severityStyle(s detect.Severity) *lipgloss.Style {
	t := m.theme
	switch s {
	case detect.Critical, detect.High:
		return &t.Bad
	case detect.Medium:
		return &t.Warn
	case detect.Low:
		return &t.Text
	}
	return &t.Faint
}

func (m Model) rows(from, to int) [][]widget.Cell {
	t := m.theme
	rows := make([][]widget.Cell, 0, to-from)
	for _, r := range m.listing.rows[from:to] {
		s := r.severity()
		cells := make([]widget.Cell, numColumns)
		cells[columnTime] = widget.Cell{Text: r.time().Brief()}
		cells[columnSeverity] = widget.Cell{Text: severitySign[s] + " " + s.String(), Style: m.severityStyle(s)}
		cells[columnStep] = widget.Cell{Text: r.step, Style: &t.Faint}
		cells[columnWho] = widget.Cell{Text: r.who()}
		cells[columnConnections] = widget.Cell{Text: widget.Count(len(r.connections()))}
		cells[columnSummary] = widget.Cell{Text: r.summary()}
		switch {
		case r.story != nil:
			cells[columnRule] = widget.Cell{Text: fmt.Sprintf("attack in %s", widget.Number(len(r.story.Steps), "step", "steps")), Style: &t.Bad}
		case r.finding != nil:
			cells[columnRule] = widget.Cell{Text: r.title(), Style: &t.Strong}
			cells[columnConnections] = widget.Cell{}
			if s > detect.Context {
				cells[columnTechniques] = widget.Cell{Text: ids(integrityRule, 2)}
			}
			if r.finding.First < 0 {
				cells[columnTime] = widget.Cell{Text: "no entry", Style: &t.Faint}
			}
		default:
			cells[columnRule] = widget.Cell{Text: r.detection.Rule.ID + " " + r.detection.Rule.Name, Style: &t.Strong}
			cells[columnTechniques] = widget.Cell{Text: ids(r.detection.Rule, 2)}
		}
		rows = append(rows, cells)
	}
	return rows
}
