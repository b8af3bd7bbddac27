package templates

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// detail is the pane that shows one template whole.
type detail struct {
	open   bool
	event  string
	scroll widget.Scroll
	values *values
	job    screen.Job
}

// valuesRead is the answer of reading a template's values.
type valuesRead struct {
	job    int
	values values
}

// show opens the pane and begins to read the template's values.
func (d detail) show(s *pipeline.Snapshot, template int, log screen.Log) (detail, tea.Cmd) {
	event := s.Templates[template].EventID
	if d.event == event && d.values != nil && d.values.err == nil && d.values.all == s.Templates[template].Count {
		d.open, d.scroll = true, widget.Scroll{}
		return d, nil
	}
	j, ctx := d.job.Start()
	d = detail{open: true, event: event, job: j}
	if log == nil || !strings.Contains(s.Templates[template].Text, drain.Wildcard) {
		d.job = d.job.Stop()
		return d, nil
	}
	return d, screen.Work(func() tea.Msg { return valuesRead{j.Number, readValues(ctx, s, template, log)} })
}

// close closes the pane and gives up reading.
func (d detail) close() detail {
	d.job, d.open = d.job.Stop(), false
	return d
}

func (d detail) take(msg valuesRead) detail {
	if msg.job != d.job.Number || errors.Is(msg.values.err, context.Canceled) {
		return d
	}
	d.job = d.job.Stop()
	d.values = &msg.values
	return d
}

const (
	maxTextLines = 200 // of the template
	maxSlots     = 64  // that are shown
	maxShown     = 10  // values of a slot that are shown
)

// detailLines draws the pane as a document.
func (m Model) detailLines() []string {
	t := m.theme
	d := m.list.Data()
	k, ok := d.listing.template(m.detail.event)
	if !ok {
		return []string{t.Faint.Render(widget.Clip(t, "the log has no such template any more", m.width))}
	}
	s := d.snapshot
	template := &s.Templates[k]
	facts := []string{
		widget.Number(template.Count, "entry", "entries") + " (" + widget.Share(int64(template.Count), int64(s.Len())) + ")",
	}
	if n := m.usage.connectionsOf(k); n >= 0 {
		facts = append(facts, widget.Number(n, "connection", "connections"))
	}
	if c := m.usage.classOf(k, template.Count); c != unknown {
		facts = append(facts, classSentence[c])
	}
	if len(d.active) > 0 {
		facts[0] = "in the whole log " + facts[0] // a template is explained by all of its entries
	}
	lines := []string{t.Title.Render(widget.Clip(t, "Template "+template.EventID, m.width))}
	lines = append(lines, m.wrapped(strings.Join(facts, " "+t.Glyph.Separator+" "))...)
	lines = append(lines, m.wrapped("first "+t.Clock.Of(s.Moment(template.First)).Format(time.DateTime)+", last "+t.Clock.Of(s.Moment(template.Last)).Format(time.DateTime)+" "+t.Clock.Zone(s.Zone()))...)
	lines = append(lines, "")
	text, more := widget.Wrap(t, template.Text, m.width, maxTextLines)
	for _, line := range text {
		if m.list.Found() == nil {
			line = strings.ReplaceAll(line, drain.Wildcard, t.Wildcard.Render(drain.Wildcard))
		} else {
			line = widget.Highlight(t, line, m.list.Found(), &t.Text)
		}
		lines = append(lines, line)
	}
	if more {
		lines = append(lines, t.Faint.Render(t.Glyph.Ellipsis))
	}
	return append(append(lines, ""), m.valueLines(template.Text)...)
}

var classSentence = [...]string{
	onlyNormal: "only in normal connections", mixed: "in normal and anomalous connections", onlyAnomalous: "only in anomalous connections",
}

// wrapped breaks a sentence of ours into lines.
func (m Model) wrapped(text string) []string { return widget.Paragraph(m.theme, text, m.width) }

func (m Model) valueLines(template string) []string {
	t, v := m.theme, m.detail.values
	switch {
	case template == "-":
		return m.wrapped("Entries without a text, such as Quit, stand here as -.")
	case !strings.Contains(template, drain.Wildcard):
		return m.wrapped("It has no wildcards: every entry of it has exactly this text, but for white space and what masks replaced.")
	case v == nil:
		return m.wrapped("reading values " + t.Glyph.Ellipsis)
	}
	head := fmt.Sprintf("Values of %s, most frequent first", widget.Number(len(v.slots), "wildcard", "wildcards"))
	if v.entries < v.all {
		head += fmt.Sprintf(", from the first %s of %s entries", widget.Count(v.entries), widget.Count(v.all))
	}
	lines := []string{t.Title.Render(widget.Clip(t, head, m.width))}
	if v.err != nil {
		lines = append(lines, t.Bad.Render(widget.Clip(t, "reading ended: "+v.err.Error(), m.width)))
	}
	if v.unmatched > 0 {
		lines = append(lines, m.wrapped(widget.Number(v.unmatched, "entry", "entries")+" did not follow the template word by word and are left out.")...)
	}
	for k, s := range v.slots {
		if k == maxSlots {
			lines = append(lines, t.Faint.Render(fmt.Sprintf("%s more", widget.Number(len(v.slots)-k, "wildcard", "wildcards"))))
			break
		}
		lines = append(lines, m.slotLines(k, s, v.entries-v.unmatched)...)
	}
	return lines
}

func (m Model) slotLines(number int, s slot, entries int) []string {
	t := m.theme
	head := fmt.Sprintf("%d: %s distinct", number+1, widget.Count(len(s.values)))
	if s.numbers {
		head += fmt.Sprintf(", whole numbers from %d to %d", s.low, s.high)
	}
	lines := []string{t.Strong.Render(widget.Clip(t, head, m.width))}
	if len(s.values) == 1 {
		return append(lines, widget.Clip(t, "   always "+s.values[0].text, m.width))
	}
	for i, v := range s.values {
		if i == maxShown {
			lines = append(lines, t.Faint.Render(widget.Clip(t, "   "+widget.Count(len(s.values)-i)+" more values", m.width)))
			break
		}
		lines = append(lines, t.Faint.Render(widget.FitRight(t, widget.Count(v.count), 8)+" "+widget.FitRight(t, widget.Share(int64(v.count), int64(entries)), 8))+
			"  "+widget.Clip(t, v.text, m.width-19))
	}
	return append(lines, t.Faint.Render(widget.Clip(t, "   in order of the log: "+strings.Join(s.first, ", "), m.width)))
}
