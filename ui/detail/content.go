package detail

import (
	"bytes"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/screen"
	"sqleuth/ui/statement"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// content is what the pane shows of a row beside what the snapshot holds. The zero
// content is that of a pane which knows none yet.
type content struct {
	known  bool
	of     int // the row: an entry, or ^k for message k
	layout layout
	text   []byte
	raw    string // the beginning of the entry as it is in the log, with its header
	bytes  int64  // the entry's, with its header and line end
	cut    bool   // text and bytes are of its head only
	lines  []statement.Line
	values []string // parameters
	rules  []string // detections that it is evidence of
	hits   int      // detections of the log when rules were looked up
	err    error
}

// shows reports whether it is the content of a row.
func (c *content) shows(row int) bool { return c.known && c.of == row }

// maxRaw is how many bytes of an entry are shown as text of another one.
const maxRaw = 240

// layout is what the lines of a statement depend on.
type layout struct {
	width  int
	asSent bool
}

func (p *Pane) layout() layout { return layout{max(1, p.paneWidth()), p.asSent} }

// contentRead is the answer of a command.
type contentRead struct {
	gen int
	content
}

// Follow sets the row that the cursor is on, an entry or ^k for message k, false
// for none, and asks for what the pane lacks of it, one question at a time.
func (p *Pane) Follow(row int, on bool) tea.Cmd {
	p.row, p.on = row, on
	if !p.open || p.loading || !on || p.log == nil {
		return nil
	}
	log, s, t, gen, as, c := p.log, p.snapshot, p.theme, p.gen, p.layout(), p.content
	var read func(content) content
	switch {
	case !c.shows(row) || c.hits != len(s.Detections):
		read = func(content) content { return contentOf(log, s, row) }
	case c.layout != as && c.err == nil: // only the lines have to be made again
		read = func(c content) content { return c }
	default:
		return nil
	}
	p.loading = true
	return screen.Work(func() tea.Msg {
		c := read(c)
		c.lay(t, s, as)
		return contentRead{gen, c}
	})
}

// contentOf reads what there is of a row, but for its lines.
func contentOf(log screen.Log, s *pipeline.Snapshot, row int) content {
	c := content{known: true, of: row, hits: len(s.Detections)}
	if k := ^row; k >= 0 {
		c.text, c.err = RawMessage(log, s, k)
		c.text = bytes.TrimRight(c.text, "\r\n")
		c.cut = int64(len(c.text)) < s.Messages[k].Bytes && len(c.text) >= pipeline.MaxText
		return c
	}
	r, err := log.Record(&s.Log, row)
	if c.err = err; err != nil {
		return c
	}
	c.text, c.bytes, c.cut = bytes.Clone(r.Text), int64(len(r.Raw)), len(r.Raw) >= pipeline.MaxText
	c.raw = string(bytes.TrimRight(r.Raw[:min(len(r.Raw), maxRaw)], "\r\n"))
	c.values = drain.Parameters(s.Templates[s.Template(row)].Text, string(r.Text))
	c.rules = rulesOf(s, row)
	return c
}

// RawMessage returns message k of a log as it is there, cut after
// pipeline.MaxText bytes.
func RawMessage(log screen.Log, s *pipeline.Snapshot, k int) ([]byte, error) {
	at := &s.Messages[k]
	return log.Rejected(&s.Log, genlog.Reject{Offset: at.Offset, Bytes: at.Bytes})
}

// lay makes the lines of the statement.
func (c *content) lay(t *theme.Theme, s *pipeline.Snapshot, as layout) {
	c.layout = as
	switch {
	case c.err != nil:
	case as.asSent || c.of < 0 || !statement.IsSQL(s.Command(c.of)):
		c.lines = statement.AsSent(t, c.text, as.width)
	default:
		c.lines = statement.Formatted(t, c.text, as.width)
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
func (p *Pane) arrive(msg contentRead) {
	if msg.gen != p.gen {
		return
	}
	p.loading = false
	if !p.on || !msg.shows(p.row) {
		return
	}
	if !p.shows(p.row) {
		p.scroll = widget.Scroll{}
	}
	p.content = msg.content
}

// short is how long a statement may be that is laid out while a key waits, in bytes.
const short = 16 << 10

// relay lays a short statement out again at once, so that no frame shows lines
// of another width; a long one follows with the next message.
func (p *Pane) relay() {
	if as := p.layout(); p.open && p.known && p.content.layout != as && len(p.text) <= short {
		p.lay(p.theme, p.snapshot, as)
	}
}

// readsOtherwise reports whether the statement looks different formatted and as sent.
func (p *Pane) readsOtherwise() bool {
	other := p.content
	if !other.known || other.of < 0 || other.err != nil {
		return false
	}
	if len(other.text) > short {
		return true
	}
	other.lay(p.theme, p.snapshot, layout{other.layout.width, !other.layout.asSent})
	return !slices.EqualFunc(other.lines, p.lines, func(a, b statement.Line) bool { return widget.Line(a) == widget.Line(b) })
}
