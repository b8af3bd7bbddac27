package overview

import (
	"fmt"
	"strings"

	"sqleuth/analysis/incident"
	"sqleuth/ui/stages"
	"sqleuth/ui/widget"
)

// paneLines says in full what is known of a row.
func paneLines(d data, row int) []stages.Line {
	x := d.incident(row)
	if x == nil {
		s := d.suspect(row)
		text := fmt.Sprintf("score %.2f: ", s.Score)
		if first := int(d.snapshot.Connections.Peek(int(s.Connection)).First); maybeForged(d.snapshot, first) {
			text = "its first entry may be forged; " + text
		}
		return []stages.Line{{Head: d.name(row), Text: text + strings.Join(s.Reasons, "; ")}}
	}
	lines := stages.Lines(x, d.name(row))
	if n := forged(d, x); n > 0 {
		lines[0].Text = "the first entry of " + widget.Number(n, "connection", "connections") + " may be forged; " + lines[0].Text
	}
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
