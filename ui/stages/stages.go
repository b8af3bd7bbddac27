// Package stages is an incident as it lies over the Overview when it is opened: its
// stages in order of time, each with the most telling statement and what came after
// it, and below them in full what is known of the stage under the cursor. What speaks
// for an honest cause and what the log does not show have places of their own.
package stages

import (
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the opened incident. Its methods take a pointer and are for the copy that the
// Overview's Update has.
type Model struct {
	theme         *theme.Theme
	log           screen.Log // nil where no statement can be read
	width, height int
	list          list.List[data] // of the incident and its stages
	labels        label.Set
	id            string // of the incident, empty where none is open
	reading       screen.Job
	whole         Whole // the lines on the row under the cursor
}

// New makes the view, with no incident.
func New(t *theme.Theme, log screen.Log) Model {
	return Model{theme: t, log: log, list: list.New(t, &spec)}
}

// read carries what was read of the statements of an incident.
type read struct {
	number int
	told   [][]told
}

// Is reports whether an incident is open.
func (m *Model) Is() bool { return m.id != "" }

// Open shows an incident of a snapshot.
func (m *Model) Open(s *pipeline.Snapshot, at int) tea.Cmd {
	m.Close()
	m.id = s.Incidents[at].ID
	return m.SetSnapshot(s)
}

// Close closes the incident; false where none is open.
func (m *Model) Close() bool {
	was := m.Is()
	// What is being read is little, and let lie: the root finds out by trying whether
	// there is something to close.
	m.id, m.list, m.reading, m.whole = "", list.New(m.theme, &spec), screen.Job{}, Whole{}
	m.layout()
	return was
}

// SetSnapshot takes a newer snapshot; an incident that it does not have is closed.
func (m *Model) SetSnapshot(s *pipeline.Snapshot) tea.Cmd {
	if !m.Is() {
		return nil
	}
	at := slices.IndexFunc(s.Incidents, func(x incident.Incident) bool { return x.Is(m.id) })
	if at < 0 {
		m.Close()
		return nil
	}
	old := m.list.Data()
	d := data{m.theme, s, &s.Incidents[at], incident.Letter(at), old.told}
	show := m.list.Show(d, message.All(d.len()), false)
	if d.incident == old.incident {
		return show
	}
	d.told = nil
	m.list.SetData(d)
	m.layout()
	m.reading, _ = m.reading.Start()
	number, log := m.reading.Number, m.log
	return tea.Batch(show, screen.Work(func() tea.Msg { return read{number, tell(s, d.incident, log)} }))
}

// Update takes answers, and keys while the incident is open.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	if r, ok := msg.(read); ok {
		if r.number == m.reading.Number {
			m.reading = m.reading.Stop()
			d := m.list.Data()
			d.told = r.told
			m.list.SetData(d)
		}
		return nil
	}
	if k, ok := msg.(tea.KeyMsg); ok && m.whole.Update(m.theme, k, m.lines(), m.width, m.height) {
		return nil
	}
	cmd, _ := m.list.Update(msg)
	m.layout() // the rows may have come
	return cmd
}

// SetSize sets the size of the body in cells.
func (m *Model) SetSize(width, height int) {
	m.width, m.height = width, height
	m.layout()
}

// layout gives the rows up to half of the body below the title, and the pane the rest.
func (m *Model) layout() {
	m.list.SetSize(m.width, max(0, min(m.list.Data().len()+1, max(4, (m.height-1)/2), m.height-1)))
}

// lines returns what is known of the row under the cursor, none where there is no
// row.
func (m *Model) lines() []Line {
	row, ok := m.list.Current()
	if !ok {
		return nil
	}
	d := m.list.Data()
	lines := d.lines(row)
	if decision, ok := m.labels.DecisionOn(d.incident.ID, d.incident.Formerly); ok {
		lines = slices.Insert(lines, 1, Decided(decision))
	}
	return lines
}

// View draws title, rows and pane.
func (m *Model) View() string {
	if m.whole.Is() && len(m.lines()) > 0 {
		row, _ := m.list.Current()
		return m.whole.View(m.theme, m.list.Data().about(row), m.lines(), m.list.Found(), m.width, m.height)
	}
	lines := []string{m.theme.Title.Render(widget.Clip(m.theme, m.title(), m.width))}
	if table := m.list.View(); table != "" {
		lines = append(lines, strings.Split(table, "\n")...)
	}
	if said := m.lines(); len(said) > 0 && m.height > len(lines)+1 {
		lines = append(lines, m.theme.Faint.Render(strings.Repeat(m.theme.Glyph.Rule, m.width)))
		for _, l := range Lay(m.theme, said, m.width, m.height-len(lines)) {
			lines = append(lines, widget.Highlight(m.theme, l, m.list.Found(), &m.theme.Text))
		}
	}
	return strings.Join(lines[:min(len(lines), m.height)], "\n")
}

// title returns which incident it is, and where the cursor is.
func (m *Model) title() string {
	d := m.list.Data()
	if d.incident == nil {
		return ""
	}
	return fmt.Sprintf("Incident %s, %s: %s, %s; %s", d.letter, d.incident.Severity, d.incident.Through, d.incident.How, m.list.Status())
}

// Focus is what digits, +, - and y act on: the incident, a stage, or what is marked.
func (m *Model) Focus() screen.Focus {
	f := m.list.Focus()
	if d := m.list.Data(); d.incident != nil {
		f.Incident = message.Incident{ID: d.incident.ID, Formerly: d.incident.Formerly, Name: "incident " + d.letter}
	}
	return f
}

// SetLabels takes what is decided of incidents.
func (m *Model) SetLabels(s label.Set) { m.labels = s }

// Escape takes away what was put on the view; false where there is nothing.
func (m *Model) Escape() bool { return m.whole.Close() || m.list.Escape() }

// Uncover closes the lines on one row that cover the rows; false where there are none.
func (m *Model) Uncover() bool { return m.whole.Close() }

// FullHelp lists the keys that work now.
func (m *Model) FullHelp() [][]key.Binding {
	keys := m.whole.Keys(m.theme, m.lines(), m.width, m.height)
	if m.whole.Is() {
		return [][]key.Binding{m.list.Opening(), keys}
	}
	return append(m.list.FullHelp(), keys)
}

// List is the list of stages.
func (m *Model) List() *list.List[data] { return &m.list }
