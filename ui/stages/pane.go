package stages

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// A Line is one thing about a row, in the order in which the eye learns it: what
// happened, what came after, who, what is honest about it, what is not known.
type Line struct {
	Head, Text string
	from, to   int // the part of Text that is marked, in bytes, its brackets included
}

// Decided is the line of what was decided or noted on an incident.
func Decided(d label.Decision) Line {
	text := d.Said()
	if noted, ok := strings.CutPrefix(text, "noted "); ok {
		return Line{Head: "noted", Text: noted}
	}
	return Line{Head: "decided", Text: text}
}

// headWidth is how wide the heads are.
const headWidth = 11

// doubtsFrom is from how many lines on doubts have two of them, whatever else has none.
const doubtsFrom = 6

// Text writes lines as text.
func Text(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.Head + ": " + l.Text + "\n")
	}
	return b.String()
}

// lines returns in full what is known of a row.
func (d data) lines(row int) (lines []Line) {
	x, st := d.incident, d.stage(row)
	entries, connections := d.sent(row)
	head, text := d.letter, x.Through+", "+x.How+"; "
	if st != nil {
		head, text = fmt.Sprintf("stage %d", row), st.Name.String()+", "
	}
	text += widget.Number(len(entries), "entry", "entries") + " in " + widget.Number(len(connections), "connection", "connections")
	first, last := d.span(row)
	text += ", " + d.theme.Clock.Of(first).Format("01-02 15:04:05")
	if us, ok := last.Since(first); ok && us > 0 {
		text += " to " + d.theme.Clock.Of(last).Format("01-02 15:04:05") + ", " + widget.Elapsed(us)
	}
	lines = append(lines, Line{Head: head, Text: text})
	told := d.tells(row)
	if len(told) > 0 {
		lines = append(lines, told[0].line("tells most"))
		if t := &told[0]; t.from < t.to {
			add(&lines, "[ ] is", fmt.Sprintf("what entry %s lacks, which the same account sends too", widget.Count(int(t.honest)+1)))
		}
	}
	if st == nil {
		add(&lines, "asked for", x.Asked)
		add(&lines, "then sent", words(x.After))
		add(&lines, "stages", stageList(d.theme.Clock, x))
	} else {
		add(&lines, "then sent", words(st.After))
		for k := 1; k < len(told); k++ {
			lines = append(lines, told[k].line("tells too"))
		}
	}
	return append(lines, Known(d.theme.Clock, x)...)
}

// line shows a statement, what an honest twin lacks in brackets.
func (t *told) line(head string) Line {
	l := Line{Head: head}
	text := fmt.Sprintf("entry %s: ", widget.Count(t.entry+1))
	switch {
	case t.err != nil:
		l.Text = text + "cannot be read: " + t.err.Error()
	case t.from >= t.to:
		l.Text = text + t.text
	default:
		text += t.text[:t.from]
		l.from = len(text)
		text += "[" + t.text[t.from:t.to] + "]"
		l.to = len(text)
		l.Text = text + t.text[t.to:]
	}
	return l
}

// Lines returns in full what is known of an incident that is not opened.
func Lines(clock *theme.Clock, x *incident.Incident, letter string) (lines []Line) {
	text := x.Through + ", " + x.How + "; " + widget.Number(len(x.Entries), "entry", "entries") + " in " + widget.Number(len(x.Connections), "connection", "connections")
	if us, ok := x.Last.Since(x.First); ok && us > 0 {
		text += ", " + widget.Elapsed(us)
	}
	add(&lines, letter, text)
	add(&lines, "asked for", x.Asked)
	add(&lines, "then sent", words(x.After))
	add(&lines, "one actor?", inferred(x))
	add(&lines, "injected", twin(x))
	add(&lines, "stages", stageList(clock, x))
	add(&lines, "accounts", accounts(clock, x))
	return append(lines, doubts(x)...)
}

// Known is what the stages of an incident share: accounts, tables, doubts.
func Known(clock *theme.Clock, x *incident.Incident) (lines []Line) {
	add(&lines, "accounts", accounts(clock, x))
	add(&lines, "tables", tables(x))
	add(&lines, "one actor?", inferred(x))
	return append(lines, doubts(x)...)
}

// doubts are what speaks for an honest cause, and what the log does not show.
func doubts(x *incident.Incident) (lines []Line) {
	add(&lines, "honest?", strings.Join(x.Honest, "; "))
	add(&lines, "not known", strings.Join(x.Unknown, "; "))
	return lines
}

func add(lines *[]Line, head, text string) {
	if text != "" {
		*lines = append(*lines, Line{Head: head, Text: text})
	}
}

func inferred(x *incident.Incident) string {
	if !x.Actor.Inferred {
		return ""
	}
	return "inferred: " + x.Actor.Why
}

// words returns what came after.
func words(list []incident.After) string {
	parts := make([]string, len(list))
	for k, a := range list {
		parts[k] = a.Words
	}
	return strings.Join(parts, "; ")
}

// tables lists the tables that statements name, most entries first.
func tables(x *incident.Incident) string {
	const most = 8
	text := strings.Join(x.Tables[:min(len(x.Tables), most)], ", ")
	if n := len(x.Tables) - most; n > 0 {
		text += fmt.Sprintf(", %d more", n)
	}
	return text
}

// twin shows a statement that was put into another, what was added in brackets: one that
// reads data where there is one.
func twin(x *incident.Incident) string {
	for _, name := range []incident.StageName{incident.Collection, incident.Persistence, incident.Destruction, incident.Enumeration, incident.Injection} {
		st := x.Stage(name)
		if st == nil {
			continue
		}
		for _, t := range slices.Backward(x.Twins) {
			if slices.Contains(st.Telling, t.Entry) {
				return fmt.Sprintf("%s (entry %d; without what is in brackets: %d)", t.Excerpt, t.Entry+1, t.Honest+1)
			}
		}
	}
	return ""
}

// stageList lists the stages in order with the time of their first entries; where they are of
// several days, to the minute and with the day where it is another than before.
func stageList(clock *theme.Clock, x *incident.Incident) string {
	const day = "01-02 "
	on := func(k int) string { return clock.Of(x.Stages[k].First).Format(day) }
	several := false
	for k := range x.Stages {
		several = several || on(k) != on(0)
	}
	parts := make([]string, len(x.Stages))
	for k, st := range x.Stages {
		layout := "15:04:05"
		switch {
		case several && (k == 0 || on(k) != on(k-1)):
			layout = day + "15:04"
		case several:
			layout = "15:04"
		}
		parts[k] = fmt.Sprintf("%s %s %s", clock.Of(st.First).Format(layout), st.Name, widget.Count(len(st.Entries)))
	}
	return strings.Join(parts, ", ")
}

// accounts lists how accounts were tried, those that got in first.
func accounts(clock *theme.Clock, x *incident.Incident) string {
	const most = 6
	var list []string
	for _, in := range []bool{true, false} {
		for _, l := range x.Logins {
			if (l.In > 0) != in {
				continue
			}
			if len(list) == most {
				list = append(list, fmt.Sprintf("%d more", len(x.Logins)-most))
				return strings.Join(list, "; ")
			}
			var came []string
			if l.Refused > 0 {
				came = append(came, "refused "+widget.Count(l.Refused))
			}
			if l.In > 0 {
				came = append(came, "in "+widget.Count(l.In), "first "+clock.Of(l.First).Format("01-02 15:04:05"))
			}
			list = append(list, l.User+"@"+l.Host+" "+strings.Join(came, ", "))
		}
	}
	return strings.Join(list, "; ")
}

// Lay lays lines out in a room of some lines of the screen: where there are few, each
// thing has one, and what room is left goes to the first ones.
func Lay(t *theme.Theme, lines []Line, width, room int) []string {
	room = max(0, room)
	if n := len(lines); n > room && room >= doubtsFrom {
		// Doubts come last.
		lines = append(lines[:room-2:room-2], lines[n-2:]...)
	}
	lines = lines[:min(len(lines), room)]
	left := room - len(lines)
	var out []string
	for _, l := range lines {
		head := widget.Clip(t, l.Head, headWidth-1)
		text := widget.Prose(t, l.Text, max(1, width-headWidth), 1+left)
		left -= len(text) - 1
		for k, part := range l.mark(t, text) {
			if k > 0 {
				head = ""
			}
			out = append(out, ansi.Truncate(t.Strong.Render(widget.Fit(t, head, headWidth-1))+" "+part, width, ""))
		}
	}
	return out
}

// mark gives the marked part of a text its style, from its opening bracket to its closing
// one, which are counted: the text is visible and broken into lines meanwhile.
func (l *Line) mark(t *theme.Theme, broken []string) []string {
	if l.from >= l.to {
		return broken
	}
	opening := strings.Count(t.Notation.Text(l.Text[:l.from]), "[")
	closing := strings.Count(t.Notation.Text(l.Text[:l.to-1]), "]")
	inside := false
	for k, line := range broken {
		from, to := 0, len(line)
		starts, ends := inside, false
		for i := range len(line) {
			switch line[i] {
			case '[':
				if opening == 0 && !inside && !starts {
					from, inside, starts = i, true, true
				}
				opening--
			case ']':
				if closing == 0 {
					to, ends = i+1, true
				}
				closing--
			}
		}
		if starts {
			broken[k] = line[:from] + t.Injected.Render(line[from:to]) + line[to:]
		}
		inside = inside && !ends
	}
	return broken
}
