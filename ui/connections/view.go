package connections

import (
	"fmt"
	"math"
	"strings"

	"sqleuth/ui/list"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// room leaves lines for facts and status.
func room(_ data, height int) list.Room { return list.WithFacts(height) }

// SetSize sets the size of the body.
func (m Model) SetSize(width, height int) screen.Screen {
	m.list.SetSize(width, height)
	return m
}

// View draws the body.
func (m Model) View() string {
	if m.list.Len() == 0 {
		return m.list.Empty(m.emptiness())
	}
	return m.list.View()
}

// emptiness explains why there are no rows.
func (m Model) emptiness() string {
	var text string
	s := m.snapshot
	switch {
	case m.unread.Why != "" && (s == nil || s.Len() == 0):
		text = "No connection was read: " + m.unread.Why + "."
	case s == nil, s.Len() == 0 && !s.Loaded:
		text = "No connection yet: the log is being read."
	case s.Len() == 0:
		text = "The log holds no entries, so there are no connections."
	case len(m.filtered.Active) > 0:
		text = "No connection is left by the filters:\n\n  " + strings.Join(m.filtered.Active, "\n  ") +
			"\n\nesc takes the last one away,\nF switches them on and off."
	default:
		text = "Connections are being listed."
	}
	return text
}

// facts is everything about a connection, whose cells may be cut or not be shown.
func facts(d data, c int) []string {
	s := d.snapshot
	k := s.Connections.Peek(c)
	parts := []string{fmt.Sprintf("%s: %s, login %s", s.Connections.Name(c), account(s, c), k.Outcome)}
	if k.Outcome.Refused() {
		parts = append(parts, s.Connections.Text(k.Reason))
	}
	if k.Changed {
		parts = append(parts, "changed its user later")
	}
	if v, ok := d.labels.Verdict(s.Connections.Ref(c)); ok {
		parts = append(parts, fmt.Sprintf("%s (%s)", v.Class, v.By()))
	}
	if n, ok := d.labels.Note(s.Connections.Ref(c)); ok {
		parts = append(parts, "note"+n.By()+": "+n.Text)
	}
	if sum, ok := d.summaries.of(c); ok {
		if len(sum.rules) > 0 {
			parts = append(parts, "detections "+strings.Join(sum.rules, " "))
		}
		if !math.IsNaN(sum.isolation) {
			parts = append(parts, fmt.Sprintf("iforest %.3f%s", sum.isolation, when(sum.outlier, " (outlier)")))
		}
		if !math.IsNaN(sum.random) {
			parts = append(parts, fmt.Sprintf("rforest %.3f%s", sum.random, when(sum.anomaly, " (anomaly)")))
		}
		if sum.actions.total > 0 {
			parts = append(parts, "actions "+strings.Join(sum.actions.names, " "))
		}
		if sum.tables.total > 0 {
			parts = append(parts, "tables "+strings.Join(sum.tables.names, " "))
		}
		if sum.rarest >= 0 {
			t := s.Templates[sum.rarest]
			parts = append(parts, fmt.Sprintf("rarest template %s (%s in the log): %s", t.EventID, widget.Number(t.Count, "entry", "entries"), head(t.Text)))
		}
	}
	if k.Database != 0 {
		parts = append(parts, "database "+s.Connections.Text(k.Database))
	}
	return parts
}

func when(holds bool, text string) string {
	if holds {
		return text
	}
	return ""
}

// head is the part of a text that a line or two can show.
func head(text string) string {
	const most = 512
	return text[:min(len(text), most)]
}

// String returns how many there are, then their names.
func (t tally) String() string {
	return fmt.Sprintf("%d %s", t.total, strings.Join(t.names, " "))
}
