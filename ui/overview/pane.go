package overview

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"sqleuth/analysis/incident"
	"sqleuth/ui/widget"
)

// paneLine is one thing that is said of a row, in the order in which the eye learns
// it: what happened, what came after, who, what is honest about it, what is not known.
type paneLine struct{ head, text string }

// paneHead is how wide the heads are.
const paneHead = 11

// paneLines says in full what is known of a row.
func paneLines(d data, row int) (lines []paneLine) {
	x := d.incident(row)
	if x == nil {
		s := d.suspect(row)
		text := fmt.Sprintf("score %.2f: ", s.Score)
		if first := int(d.snapshot.Connections.Peek(int(s.Connection)).First); maybeForged(d.snapshot, first) {
			text = "its first entry may be forged; " + text
		}
		return []paneLine{{d.name(row), text + strings.Join(s.Reasons, "; ")}}
	}
	add := func(head string, texts ...string) {
		if text := strings.Join(texts, "; "); text != "" {
			lines = append(lines, paneLine{head, text})
		}
	}
	text := x.Through + ", " + x.How + "; " + widget.Number(len(x.Entries), "entry", "entries") + " in " + widget.Number(len(x.Connections), "connection", "connections")
	if us, ok := x.Last.Since(x.First); ok && us > 0 {
		text += ", " + widget.Elapsed(us)
	}
	if n := forged(d, x); n > 0 {
		text = "the first entry of " + widget.Number(n, "connection", "connections") + " may be forged; " + text
	}
	add(d.name(row), text)
	add("asked for", x.Asked)
	add("then sent", after(x)...)
	if x.Actor.Inferred {
		add("one actor?", "inferred: "+x.Actor.Why)
	}
	add("injected", twin(x))
	add("stages", stages(x))
	add("accounts", accounts(x)...)
	add("honest?", x.Honest...)
	add("not known", x.Unknown...)
	return lines
}

// forged counts the connections, among the first ones, whose first entry may be text of
// another statement.
func forged(d data, x *incident.Incident) (n int) {
	for _, c := range x.Connections[:min(len(x.Connections), mostLooked)] {
		if maybeForged(d.snapshot, int(d.snapshot.Connections.Peek(int(c)).First)) {
			n++
		}
	}
	return n
}

// after says what came after.
func after(x *incident.Incident) (list []string) {
	for _, a := range x.After {
		list = append(list, a.Words)
	}
	return list
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

// stages lists the stages in order with the time of their first entries.
func stages(x *incident.Incident) string {
	parts := make([]string, len(x.Stages))
	for k, st := range x.Stages {
		parts[k] = fmt.Sprintf("%s %s %s", st.First.Format("15:04:05"), st.Name, widget.Count(len(st.Entries)))
	}
	return strings.Join(parts, ", ")
}

// accounts lists how accounts were tried, those that got in first.
func accounts(x *incident.Incident) (list []string) {
	const most = 6
	for _, in := range []bool{true, false} {
		for _, l := range x.Logins {
			if (l.In > 0) != in {
				continue
			}
			if len(list) == most {
				return append(list, fmt.Sprintf("%d more", len(x.Logins)-most))
			}
			text := l.User + "@" + l.Host
			if l.Refused > 0 {
				text += " refused " + widget.Count(l.Refused)
			}
			if l.In > 0 {
				text += fmt.Sprintf(" in %s, first %s", widget.Count(l.In), l.First.Format("01-02 15:04:05"))
			}
			list = append(list, text)
		}
	}
	return list
}

// paneOf lays what is known of a row out in some lines: where there are few of them,
// each thing has one, and what room is left goes to the first ones.
func paneOf(d data, row, width, room int) []string {
	lines := paneLines(d, row)
	lines = lines[:min(len(lines), room)]
	left := room - len(lines)
	var out []string
	for _, l := range lines {
		head := widget.Clip(d.theme, l.head, paneHead-1)
		text := widget.Prose(d.theme, l.text, max(1, width-paneHead), 1+left)
		left -= len(text) - 1
		for k, part := range text {
			if k > 0 {
				head = ""
			}
			out = append(out, ansi.Truncate(d.theme.Strong.Render(widget.Fit(d.theme, head, paneHead-1))+" "+part, width, ""))
		}
	}
	return out
}
