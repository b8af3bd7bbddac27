package timeline

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/incident"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Least is the lines of a strip at least: bars, whose incidents, the axis.
const Least = 4

// Flags is how many more lines a strip has where there is room: detections, flagged,
// labelled, server.
func (m *Model) Flags() int {
	if m.snapshot != nil && len(m.snapshot.Messages) > 0 {
		return 4
	}
	return 3
}

// leastColumns is how many cells bars have at least.
const leastColumns = 10

// Strip draws all of the log in so many lines.
func (m *Model) Strip(width, lines int) []string {
	columns := width - widget.PlotLeft
	if columns < leastColumns || lines < Least || !m.Some() {
		return nil
	}
	w := m.fit(columns)
	flags := 0
	if lines-m.Flags() > Least {
		flags = m.Flags()
	}
	out := m.draw(w, lines-2-flags)
	bars, _ := m.bars(w)
	out = append(out, m.who(w, bars))
	if flags > 0 {
		out = append(out, m.flagLines(w, bars)...)
	}
	return append(out, m.axis(w, columns))
}

// draw draws bars with an axis at the left.
func (m *Model) draw(w window, height int) []string {
	t := m.theme
	bars, ok := m.bars(w)
	if !ok {
		out := make([]string, height)
		out[0] = strings.Repeat(" ", widget.PlotLeft) + t.Faint.Render(widget.Clip(t, "counting in bins of "+name(w.width), m.width-widget.PlotLeft))
		return out
	}
	top := 0
	for _, b := range bars {
		top = max(top, b.entries)
	}
	steps := len(t.Glyph.Spark)
	out := make([]string, height)
	for line := range out {
		label := ""
		switch {
		case line == 0 && top > 0:
			label = widget.Short(float64(top))
		case line == height-1:
			label = "0"
		case height >= 5 && top > 1 && line == height/2 && height%2 == 1:
			label = widget.Short(float64(top) / 2)
		}
		out[line] = t.Faint.Render(widget.FitRight(t, label, widget.PlotLeft-2) + axisSign(t, label != "") + " ")
		var b strings.Builder
		for _, x := range bars {
			n := 0
			if top > 0 && x.entries > 0 {
				n = max(1, int(float64(x.entries)/float64(top)*float64(height*steps)+0.5))
			}
			b.WriteString(m.cells(w, part(t, n-(height-1-line)*steps)))
		}
		out[line] += t.Filled.Render(strings.TrimRight(b.String(), " "))
	}
	return out
}

// axisSign is the vertical axis.
func axisSign(t *theme.Theme, labelled bool) string {
	switch {
	case t.Glyph.Plot.VerticalLine == "|":
		return "|"
	case labelled:
		return "┤"
	}
	return "│"
}

// part is what a bar of so many steps has in a cell that it begins in.
func part(t *theme.Theme, steps int) string {
	if steps <= 0 {
		return " "
	}
	return t.Glyph.Spark[min(steps, len(t.Glyph.Spark))-1]
}

// cells draws a sign in all the cells of a bin, with a space behind where there is room.
func (m *Model) cells(w window, sign string) string {
	if w.cells < 3 {
		return strings.Repeat(sign, w.cells)
	}
	return strings.Repeat(sign, w.cells-1) + " "
}

// once draws a sign in the middle of the cells of a bin.
func once(w window, sign string) string {
	left := max(0, w.cells-2) / 2
	return strings.Repeat(" ", left) + sign + strings.Repeat(" ", w.cells-1-left)
}

// head is what is in front of a line below the bars.
func (m *Model) head(text string) string {
	return m.theme.Faint.Render(widget.FitRight(m.theme, text, widget.PlotLeft-1)) + " "
}

// who has for each bin the letter of the gravest incident that sent something then.
func (m *Model) who(w window, bars []bin) string {
	var b strings.Builder
	for _, x := range bars {
		switch k := x.incident; {
		case k == 0:
			b.WriteString(once(w, " "))
		case k <= 26:
			b.WriteString(once(w, incident.Letter(k-1)))
		default:
			b.WriteString(once(w, "+"))
		}
	}
	return m.head("who") + m.theme.Bad.Render(strings.TrimRight(b.String(), " "))
}

// flagLines are what is wrong, by how much of it there is in a bin.
func (m *Model) flagLines(w window, bars []bin) []string {
	t := m.theme
	line := func(name string, style lipgloss.Style, of func(b *bin) int) string {
		counts := make([]int, len(bars))
		for k := range bars {
			counts[k] = of(&bars[k])
		}
		slices.Sort(counts)
		usual, top := 0, 0
		if n := len(counts); n > 0 {
			usual, top = counts[n/2], counts[n-1]
		}
		var b strings.Builder
		for k := range bars {
			b.WriteString(m.cells(w, heat(t, of(&bars[k]), usual, top)))
		}
		return m.head(name) + style.Render(strings.TrimRight(b.String(), " "))
	}
	out := []string{
		line("detect", t.Bad, func(b *bin) int { return b.detections }),
		line("forest", t.Warn, func(b *bin) int { return b.flagged }),
		line("label", t.Bad, func(b *bin) int { return b.labelled }),
	}
	if m.Flags() > len(out) {
		out = append(out, line("server", t.Faint, func(b *bin) int { return b.messages }))
	}
	return out
}

// heat is the shade of a count beside the usual and the highest one. Up to the usual one it
// is the lightest, else a long log, which has something in every bin, is a row of full marks;
// above that, one entry more matters among few, not among many.
func heat(t *theme.Theme, n, usual, top int) string {
	shades := len(t.Glyph.Shade) - 1
	switch {
	case n == 0:
		return t.Glyph.Shade[0]
	case top <= shades:
		return t.Glyph.Shade[n]
	case n <= usual:
		return t.Glyph.Shade[1]
	}
	over := func(n int) float64 { return math.Log(float64(n) / float64(max(1, usual))) }
	return t.Glyph.Shade[1+int(over(n)/over(top)*float64(shades-1)+1e-9)]
}

// axis labels round times, and counts the entries that lie outside: without that, a
// log with a few wrong times looks as if it began and ended with the others.
func (m *Model) axis(w window, columns int) string {
	t := m.theme
	line := []byte(strings.Repeat(" ", columns))
	for _, tick := range ticks(t.Clock, w.from, w.bins, w.width, w.cells) {
		if at := int((tick.at-w.from)/w.width) * w.cells; at+len(tick.text) <= columns {
			copy(line[at:], tick.text)
		}
	}
	before, after, untimed, what := 0, 0, 0, ""
	if tl := m.snapshot.Timeline; tl != nil {
		before, after, untimed = tl.Before, tl.After, tl.Untimed
	}
	if m.whole != nil {
		before, after, untimed = m.whole.before, m.whole.after, m.whole.untimed
		if len(m.whole.active) > 0 {
			what = "filtered "
		}
	}
	var left []string
	if before > 0 {
		left = append(left, widget.Count(before)+" before")
	}
	if untimed > 0 {
		left = append(left, widget.Count(untimed)+" without time")
	}
	put := func(at int, text string) {
		if at >= 0 && at+len(text) <= columns {
			copy(line[at:], text)
		}
	}
	if len(left) > 0 {
		put(0, what+strings.Join(left, ", ")+"  ")
	}
	if after > 0 {
		text := "  " + widget.Count(after) + " after"
		put(columns-len(text), text)
	}
	return strings.Repeat(" ", widget.PlotLeft) + t.Faint.Render(strings.TrimRight(string(line), " "))
}

// View draws the timeline over all of the body.
func (m *Model) View() string {
	t := m.theme
	w := m.window()
	lines := []string{t.Title.Render(widget.Clip(t, m.title(w), m.width))}
	if m.columns() < leastColumns {
		return strings.Join(append(lines, widget.Prose(t, m.readout(), m.width, m.height-1)...), "\n")
	}
	bars, _ := m.bars(w)
	all := m.fit(m.columns())
	zoomed := w != all
	// What there is beside the bars, the most important first, as far as there is room.
	left := m.height - 1 - 2
	room := func(n int) bool {
		if left < n {
			return false
		}
		left -= n
		return true
	}
	axis, cursor, read := room(1), room(1), 0
	if room(1) {
		read = 1
	}
	who := room(1)
	if read > 0 && m.height >= 14 && room(1) {
		read = 2
	}
	overview := zoomed && m.height >= 12 && room(2)
	flags := m.height >= 14 && room(m.Flags())
	height := 2 + min(left, max(0, m.height/5))
	left -= height - 2
	if m.height <= 2 {
		height = max(0, m.height-1)
	}
	if overview {
		lines = append(lines, m.overview(all, w)...)
	}
	lines = append(lines, m.draw(w, height)...)
	if cursor {
		lines = append(lines, m.cursorLine(w))
	}
	if who {
		lines = append(lines, m.who(w, bars))
	}
	if flags {
		lines = append(lines, m.flagLines(w, bars)...)
	}
	if axis {
		lines = append(lines, m.axis(w, m.columns()))
	}
	if read > 0 {
		text := widget.Prose(t, m.readout(), m.width, read)
		for _, l := range text {
			lines = append(lines, t.Strong.Render(l))
		}
		left += read - len(text)
	}
	lines = append(lines, m.contentLines(left)...)
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// title returns what is shown, and how finely.
func (m *Model) title(w window) string {
	text := "Timeline"
	if len(m.filtered.Active) > 0 {
		text += ", filtered,"
	}
	text += " in bins of " + name(w.width)
	if all := m.fit(m.columns()); w != all {
		text += ": " + between(m.theme.Clock, w.from, w.end(), w.width)
	}
	return text
}

// overview is the whole log in a line, and under it what the window shows of it.
func (m *Model) overview(all, w window) []string {
	t := m.theme
	first := ""
	if bars, ok := m.bars(all); ok {
		top := 0
		for _, b := range bars {
			top = max(top, b.entries)
		}
		for _, b := range bars {
			n := 0
			if b.entries > 0 {
				n = max(1, b.entries*len(t.Glyph.Spark)/top)
			}
			first += m.cells(all, part(t, n))
		}
	}
	from := int((max(w.from, all.from)-all.from)/all.width) * all.cells
	to := int((min(w.end(), all.end())-1-all.from)/all.width)*all.cells + all.cells
	return []string{
		m.head("whole") + t.Faint.Render(strings.TrimRight(first, " ")),
		strings.Repeat(" ", widget.PlotLeft+from) + t.Strong.Render(strings.Repeat(t.Glyph.Rule, max(1, min(to, m.columns())-from))),
	}
}

// cursorLine has the cursor, and the span that was taken.
func (m *Model) cursorLine(w window) string {
	t := m.theme
	taken := m.acted()
	some := m.taken() == "span"
	var b strings.Builder
	for k := range w.bins {
		at := w.from + int64(k)*w.width
		switch {
		case at == m.cursor:
			b.WriteString(once(w, t.Glyph.Flag))
		case some && at+w.width > taken.from && at < taken.to:
			b.WriteString(strings.Repeat(t.Glyph.Rule, w.cells))
		default:
			b.WriteString(strings.Repeat(" ", w.cells))
		}
	}
	head := ""
	if some {
		head = "span"
	}
	return m.head(head) + t.Strong.Render(strings.TrimRight(b.String(), " "))
}

// narrow is the width of a window in which the year is left out: the header has it.
const narrow = 60

// readout returns what is in the span that keys act on.
func (m *Model) readout() string {
	w := m.window()
	s := m.acted()
	text := between(m.theme.Clock, s.from, s.to, w.width) + ": "
	if m.width < narrow {
		text = strings.TrimPrefix(text, m.theme.Clock.Time(s.from).Format("2006-"))
	}
	x := m.source(w)
	if x == nil || x == m.part && (s.from < x.from || s.to > x.end()) {
		if x = m.whole; x == nil || s.from%x.width != 0 || s.to%x.width != 0 {
			return text + "counting"
		}
	}
	b := x.sum(s.from, s.to)
	text += widget.Number(b.entries, "entry", "entries")
	if c := m.listed; c != nil {
		if c.connections > 0 {
			text += " in " + widget.Number(c.connections, "connection", "connections")
		}
		for _, o := range c.of {
			text += fmt.Sprintf(", %s of incident %s", widget.Count(o.entries), o.letter)
		}
	}
	for _, f := range []struct {
		n         int
		one, many string
	}{
		{b.flagged, "outlier", "outliers"}, {b.detections, "detection", "detections"}, {b.labelled, "of labelled anomalies", "of labelled anomalies"},
		{b.messages, "message of the server", "messages of the server"},
	} {
		if f.n > 0 {
			text += ", " + widget.Number(f.n, f.one, f.many)
		}
	}
	return text
}

// lead is how much is shown in front of what is a digest's own, in bytes.
const lead = 16

// telling is the text of a digest from about where it differs from what was sent before,
// unless all of it has room.
func (d *digest) telling(t *theme.Theme, room int) string {
	if len(d.text) <= room || d.own <= 2*lead {
		return d.text
	}
	from := d.own - lead
	if blank := strings.IndexByte(d.text[from:d.own], ' '); blank >= 0 {
		from += blank
	}
	return t.Glyph.Ellipsis + strings.ToValidUTF8(d.text[from:], "")
}

// contentLines returns who sent something in the span, and what nobody had sent
// before.
func (m *Model) contentLines(room int) (lines []string) {
	t, c := m.theme, m.listed
	if c == nil || room < 3 || len(c.accounts) == 0 {
		return nil
	}
	title := func(text string) {
		text += " "
		lines = append(lines, t.Faint.Render(widget.Clip(t, strings.Repeat(t.Glyph.Rule, 2)+" "+text+strings.Repeat(t.Glyph.Rule, max(0, m.width-len(text)-3)), m.width)))
	}
	accounts := room - 1
	if c.news > 0 && room >= 6 {
		accounts = min(accounts, max(1, (room-2)/3), len(c.accounts))
	}
	title("who sent in the " + m.taken())
	wide := 0
	for _, a := range c.accounts[:min(len(c.accounts), accounts)] {
		wide = max(wide, ansi.StringWidth(widget.Clip(t, a.name, m.width/2)))
	}
	for k, a := range c.accounts[:min(len(c.accounts), accounts)] {
		text := "  " + widget.Fit(t, a.name, wide) + "  " + widget.FitRight(t, widget.Number(a.entries, "entry", "entries"), 15) +
			"  " + widget.Number(a.connections, "connection", "connections")
		if k == accounts-1 && len(c.accounts) > accounts {
			text = "  " + widget.Number(len(c.accounts)-accounts+1, "account more", "accounts more")
		}
		lines = append(lines, ansi.Truncate(text, m.width, t.Glyph.Ellipsis))
	}
	if c.news == 0 || room < len(lines)+2 {
		return lines
	}
	digests := room - len(lines) - 1
	title(fmt.Sprintf("sent here for the first time, without values: %s", widget.Number(c.news, "statement", "statements")))
	for _, d := range c.fresh[:min(len(c.fresh), digests)] {
		text := t.Clock.Time(d.at).Format("01-02 15:04:05") + widget.FitRight(t, widget.Count(d.count), 8) + "  "
		room := max(0, m.width-len(text))
		lines = append(lines, ansi.Truncate(t.Faint.Render(text)+widget.Clip(t, d.telling(t, room), room), m.width, ""))
	}
	return lines
}
