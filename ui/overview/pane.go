package overview

import (
	"fmt"
	"slices"
	"strings"

	"sqleuth/analysis/incident"
	"sqleuth/ui/stages"
	"sqleuth/ui/widget"
)

// said returns what is known of the row under the cursor, nothing where there is
// none.
func (m *Model) said() []stages.Line {
	row, ok := m.suspects.Current()
	if !ok {
		return nil
	}
	return paneLines(m.suspects.Data(), row)
}

// paneLines returns in full what is known of a row.
func paneLines(d data, row int) []stages.Line {
	x := d.incident(row)
	if x == nil {
		s := d.suspect(row)
		text := fmt.Sprintf("score %.2f: ", s.Score)
		if first := int(d.snapshot.Connections.Peek(int(s.Connection)).First); maybeForged(d.snapshot, first) {
			text = "its first entry may be forged; " + text
		}
		lines := []stages.Line{{Head: d.name(row), Text: text + strings.Join(s.Reasons, "; ")}}
		if d.more(row) > 0 {
			lines = append(lines, stages.Line{Head: "alike", Text: d.others(row)})
		}
		if beside := d.group(row).beside; beside != "" {
			lines = slices.Insert(lines, 1, stages.Line{Head: "not of " + beside, Text: "nothing joins this to what " + beside + " sent; both came through " + d.through(row) + ", as whoever visits an application does"})
		}
		return lines
	}
	lines := stages.Lines(d.theme.Clock, x, d.name(row))
	if decision := d.decision(row); !decision.Empty() {
		lines = slices.Insert(lines, 1, stages.Decided(decision))
	}
	if n := forged(d, x); n > 0 {
		lines[0].Text = "the first entry of " + widget.Number(n, "connection", "connections") + " may be forged; " + lines[0].Text
	}
	return lines
}

// mostNamed is how many connections are named in a line.
const mostNamed = 12

// others names the connections of a row beside its first, each with its time.
func (d data) others(row int) string {
	var list []string
	for _, c := range d.connections(row) {
		switch {
		case c == d.suspect(row).Connection:
		case len(list) == mostNamed:
			return strings.Join(list, ", ") + fmt.Sprintf(", %d more", d.more(row)-mostNamed)
		default:
			first := d.snapshot.Moment(int(d.snapshot.Connections.Peek(int(c)).First))
			list = append(list, d.snapshot.Connections.Name(int(c))+" "+first.Format("01-02 15:04"))
		}
	}
	return strings.Join(list, ", ")
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
