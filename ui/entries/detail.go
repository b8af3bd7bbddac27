package entries

import (
	"bytes"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/screen"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/theme"
)

// detail is the pane with one entry in full.
type detail struct {
	open   bool
	asSent bool // the statement as it stands in the log, not formatted
	top    int  // first line that is shown

	gen     int // answers to questions before the pane was opened are dropped
	loading bool
	content // of the entry shown, which the cursor may have left
}

// content is what the pane shows of an entry beside what the snapshot says.
type content struct {
	entry   int // -1 for none
	message int // of the server, -1 for none
	layout  layout
	text    []byte
	raw     string // the beginning of the entry as it stands in the log, with its header
	bytes   int64  // the entry's, with its header and line end
	cut     bool   // text and bytes are of its head only
	lines   []line
	values  []string // parameters
	rules   []string // detections that it is evidence of
	hits    int      // detections of the log when rules were looked up
	err     error
}

// nothing is the content of a pane that knows none yet.
var nothing = content{entry: -1, message: -1}

// of reports whether it is the content of an entry, or with ^k of message k.
func (c *content) of(row int) bool {
	if row < 0 {
		return c.message == ^row
	}
	return c.entry == row
}

// maxRaw is how many bytes of an entry are shown as text of another one.
const maxRaw = 240

// layout is what the lines of a statement depend on.
type layout struct {
	width  int
	asSent bool
}

// contentRead is the answer of a command.
type contentRead struct {
	gen int
	content
}

func (m Model) openDetail() Model {
	m.detail = detail{open: true, asSent: m.detail.asSent, gen: m.detail.gen + 1, content: nothing}
	m = m.layOut()
	return m
}

func (m Model) closeDetail() Model {
	m.detail = detail{asSent: m.detail.asSent, gen: m.detail.gen + 1, content: nothing}
	m = m.layOut()
	return m
}

// readDetail asks for what the pane lacks, one question at a time.
func (m Model) readDetail() (Model, tea.Cmd) {
	d := m.detail
	i, ok := m.current()
	if !d.open || d.loading || !ok || m.log == nil {
		return m, nil
	}
	want := m.paneLayout()
	s, log, t, gen := m.snapshot, m.log, m.theme, d.gen
	switch {
	case !d.of(i) || d.hits != len(s.Detections):
	case d.layout != want && d.err == nil:
		// Only the lines have to be made again.
		m.detail.loading = true
		c := d.content
		return m, screen.Work(func() tea.Msg {
			c.lay(t, s, want)
			return contentRead{gen, c}
		})
	default:
		return m, nil
	}
	m.detail.loading = true
	return m, screen.Work(func() tea.Msg {
		c := content{entry: i, message: -1, hits: len(s.Detections)}
		if i < 0 {
			c.entry, c.message = -1, ^i
			c.text, c.err = readMessage(log, s, ^i)
			c.text = bytes.TrimRight(c.text, "\r\n")
			c.cut = int64(len(c.text)) < s.Messages[^i].Bytes && len(c.text) >= pipeline.MaxText
			c.lay(t, s, want)
			return contentRead{gen, c}
		}
		r, err := log.Record(&s.Log, i)
		if err != nil {
			c.err = err
			c.layout = want
			return contentRead{gen, c}
		}
		c.text, c.bytes, c.cut = bytes.Clone(r.Text), int64(len(r.Raw)), len(r.Raw) >= pipeline.MaxText
		c.raw = string(bytes.TrimRight(r.Raw[:min(len(r.Raw), maxRaw)], "\r\n"))
		c.values = drain.Parameters(s.Templates[s.Template(i)].Text, string(r.Text))
		c.rules = rulesOf(s, i)
		c.lay(t, s, want)
		return contentRead{gen, c}
	})
}

// lay makes the lines of the statement.
func (c *content) lay(t *theme.Theme, s *pipeline.Snapshot, as layout) {
	c.layout = as
	if as.asSent || c.message >= 0 || !isStatement(s.Command(c.entry)) {
		c.lines = asSent(t, c.text, as.width)
	} else {
		c.lines = formatted(t, c.text, as.width)
	}
}

// rulesOf names the detections that an entry is evidence of, and those that only
// its connection is.
func rulesOf(s *pipeline.Snapshot, i int) (rules []string) {
	for k := range s.Detections {
		d := &s.Detections[k]
		text := d.Rule.Name + " " + d.Rule.Title
		if _, ok := slices.BinarySearch(d.Entries, uint32(i)); !ok {
			if _, ok := slices.BinarySearch(d.Connections, s.Entries.Connection(i)); !ok {
				continue
			}
			text += " (its connection)"
		}
		if !slices.Contains(rules, text) {
			rules = append(rules, text)
		}
	}
	return rules
}

// arrive takes what the pane asked for, unless the cursor has left the row.
func (m Model) arrive(msg contentRead) Model {
	if msg.gen != m.detail.gen {
		return m
	}
	m.detail.loading = false
	i, ok := m.current()
	if !ok || !msg.of(i) {
		return m
	}
	if !m.detail.of(i) {
		m.detail.top = 0
	}
	m.detail.content = msg.content
	return m
}

// short is how long a statement may be that is laid out while a key waits.
const short = 16 << 10

// relay lays a short statement out again at once, so that no frame shows lines
// of another width; a long one follows with the next message.
func (m Model) relay() Model {
	if d := &m.detail; d.open && max(d.entry, d.message) >= 0 && d.err == nil && d.layout != m.paneLayout() && len(d.text) <= short {
		d.lay(m.theme, m.snapshot, m.paneLayout())
	}
	return m
}

// readsOtherwise reports whether the statement looks different formatted and as sent.
func (m Model) readsOtherwise() bool {
	other := m.detail.content
	if other.entry < 0 || other.err != nil {
		return false
	}
	if len(other.text) > short {
		return true
	}
	other.lay(m.theme, m.snapshot, layout{other.layout.width, !other.layout.asSent})
	return !slices.EqualFunc(other.lines, m.detail.lines, func(a, b line) bool { return a.text() == b.text() })
}

// scrolls reports whether the pane has more to show above and below.
func (m Model) scrolls() (up, down bool) {
	return m.detail.top > 0, m.detail.top < m.document().len()-m.paneHeight()
}

// scroll moves the pane's window.
func (m Model) scroll(lines int) Model {
	last := max(0, m.document().len()-m.paneHeight())
	m.detail.top = max(0, min(m.detail.top+lines, last))
	return m
}
