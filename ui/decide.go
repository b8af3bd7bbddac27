package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/label"
	"sqleuth/ui/message"
)

// decide is what is typed behind :decide, about the incident under the cursor: an
// outcome, and why.
func (l *commandLine) decide(arg string) (tea.Cmd, error) {
	on := l.places.focus().Incident
	if on.ID == "" {
		return nil, errors.New("put the cursor on an incident")
	}
	word, note, _ := strings.Cut(arg, " ")
	outcome, err := label.ParseOutcome(word)
	if err != nil {
		return nil, fmt.Errorf("write :decide %s, and why", strings.Join(label.Outcomes(), "|"))
	}
	return message.Request(message.Decide{Incident: on, Outcome: outcome, Note: strings.TrimSpace(note)}), nil
}

// decide decides on an incident.
func (l *labelling) decide(m message.Decide) tea.Cmd {
	at := l.now()
	return l.enqueue(labelStep{work: func(_ context.Context, b *label.Book) (label.Step, string, error) {
		step, err := b.Decide(m.Incident.ID, m.Incident.Formerly, m.Outcome, m.Note, at)
		text := m.Incident.Name + ": " + m.Outcome.String()
		switch note := strings.TrimSpace(m.Note); {
		case note == "":
		case m.Outcome == label.Open:
			text = m.Incident.Name + ": noted, " + note
		default:
			text += ", " + note
		}
		if step.Incidents == 0 {
			text += " (as before)"
		}
		return step, text, err
	}})
}

// noteOn opens the prompt for the note on an incident, which leaves what is decided.
func (p *prompting) noteOn(on message.Incident) tea.Cmd {
	d, _ := p.labels.set.DecisionOn(on.ID, on.Formerly)
	return p.open(purpose{name: "note", sign: "note on " + on.Name + ": ", value: d.Note, do: func(text string) (tea.Cmd, error) {
		return message.Request(message.Decide{Incident: on, Outcome: d.Outcome, Note: text}), nil
	}})
}

// decision opens the command line where an incident is decided on, with what is decided.
func (p *prompting) decision() tea.Cmd {
	on := p.places.focus().Incident
	if on.ID == "" {
		return say("d decides on incidents; 0 calls a row normal, :normal account all alike")
	}
	text := "decide "
	if d, ok := p.labels.set.DecisionOn(on.ID, on.Formerly); ok {
		text += strings.TrimSpace(d.Outcome.String() + " " + d.Note)
	}
	return p.command(text)
}
