package ui

import (
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/suspicion"
	"sqleuth/analysis/trait"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// scoreSheet is the overlay that takes a score apart: its parts, recomputed from the log,
// which add up to it; the traits that make the connection unlike the others; and the
// ordinary connection of the same account that is most like it.
type scoreSheet struct {
	theme         *theme.Theme
	snapshot      *pipeline.Snapshot
	width, height int

	number      int // of the question
	title       string
	rows        []scoreRow // nil until they are there
	cursor, top int
}

// scoreRow is a part of the sheet.
type scoreRow struct {
	heading bool    // which the cursor passes over
	lead    string  // what is in a column of its own
	figures string  // of evidence: what it adds, strength, weight
	text    string  // in words
	open    tea.Msg // what enter asks for, nil for nothing
}

// scoreTaken carries the rows of a question.
type scoreTaken struct {
	number int
	title  string
	rows   []scoreRow
}

// scoreReader is the sheet as a part of the root, which hears what is known of the log
// and the parts that were asked for.
type scoreReader struct{ *scoreSheet }

func (o scoreReader) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case message.Snapshot:
		o.snapshot = m.Snapshot
	case scoreTaken:
		if m.number == o.number {
			o.title, o.rows, o.cursor, o.top = m.title, m.rows, 0, 0
			o.move(1)
		}
		return nil, true
	}
	return nil, false
}

// aim returns the connection whose score is meant by a focus, and the entry of it,
// -1 for none.
func (o *scoreSheet) aim(f screen.Focus) (connection, entry int, ok bool) {
	entry = f.Target.Entry - 1
	if connection, ok = f.Target.Connection(); !ok && f.Target.Named > 0 {
		connection, ok = f.Target.Named-1, true
	}
	if s := o.snapshot; !ok && entry >= 0 && s != nil && entry < s.Len() {
		connection, ok = int(s.Entries.Connection(entry)), true
	}
	return connection, entry, ok
}

// works reports whether there is a score to take apart.
func (o *scoreSheet) works(f screen.Focus) bool {
	_, _, ok := o.aim(f)
	return ok && o.ranked()
}

func (o *scoreSheet) ranked() bool {
	return o.snapshot != nil && o.snapshot.Ranking != nil && o.snapshot.Ranking.Assessment != nil
}

// begin takes the score of what is under the cursor apart, in the background.
func (o *scoreSheet) begin(f screen.Focus) tea.Cmd {
	connection, entry, ok := o.aim(f)
	switch {
	case !ok:
		return say("p takes one connection or entry apart: put the cursor on it, with no row marked")
	case !o.ranked():
		return say("connections are ranked at the end of the analysis")
	}
	o.number++
	o.title, o.rows = "Score of connection "+o.snapshot.Connections.Name(connection), nil
	number, s := o.number, o.snapshot
	return tea.Batch(lie(o), screen.Work(func() tea.Msg {
		title, rows := takeApart(s, connection, entry)
		return scoreTaken{number, title, rows}
	}))
}

// takeApart makes the rows of a connection, behind those of an entry where one is meant.
func takeApart(s *pipeline.Snapshot, connection, entry int) (title string, rows []scoreRow) {
	r, conn := s.Ranking, uint32(connection)
	parts := r.Parts(conn)
	name := s.Connections.Name(connection)
	title = fmt.Sprintf("Score of connection %s: %.3f", name, r.Score(conn))
	if entry >= 0 {
		own := r.EntryParts(entry)
		_, _, score := r.Sum(own)
		title = fmt.Sprintf("Score of entry %s: %.3f, of its connection %s: %.3f", widget.Count(entry+1), score, name, r.Score(conn))
		rows = append(rows, partRows(r, fmt.Sprintf("Against entry %s", widget.Count(entry+1)), own)...)
	}
	rows = append(rows, partRows(r, "Against connection "+name, parts)...)
	rows = append(rows, unlikeRows(r, connection)...)
	return title, append(rows, nearestRows(s, connection)...)
}

// partRows are the parts of a score, and their sum.
func partRows(r *suspicion.Ranking, heading string, parts []suspicion.Part) (rows []scoreRow) {
	if len(parts) == 0 {
		return []scoreRow{{heading: true, text: heading + ": nothing"}}
	}
	bias, odds, score := r.Sum(parts)
	rows = append(rows, scoreRow{heading: true, text: heading},
		scoreRow{heading: true, lead: "kind", figures: figures("adds", "strong", "weight"), text: "why"})
	for k := range parts {
		p := &parts[k]
		row := scoreRow{lead: p.Kind.String(), figures: figures(signed(p.Adds()), fmt.Sprintf("%.2f", p.X), fmt.Sprintf("%.2f", p.Weight)), text: p.Words}
		if p.Entry != suspicion.NoEntry {
			row.open = message.ShowEntry{Index: p.Entry}
		}
		rows = append(rows, row)
	}
	return append(rows,
		scoreRow{lead: "bias", figures: figures(signed(bias), "", ""), text: "of a connection that nothing speaks against"},
		scoreRow{lead: "sum", figures: figures(signed(odds), "", ""), text: fmt.Sprintf("log-odds, 1/(1+e^-sum) = %.3f", score)})
}

// unlikeRows are the traits that lift a connection's anomaly most.
func unlikeRows(r *suspicion.Ranking, connection int) (rows []scoreRow) {
	m, table := r.Traits.Measure(connection), trait.Traits()
	list := r.Forest.Explain(&m)
	text := fmt.Sprintf("Unlike other connections: anomaly %.3f", r.Anomaly(connection))
	if len(list) == 0 {
		return []scoreRow{{heading: true, text: text + ", no trait lifts it"}}
	}
	rows = append(rows, scoreRow{heading: true, text: text + ", lifted most by"})
	for _, u := range list {
		t := &table[u.Trait]
		rows = append(rows, scoreRow{lead: t.Name, text: fmt.Sprintf("%s; usual: %s, which would make it %.3f less (%s)", t.Format(u.Value), u.Usual, u.Drop, t.Words)})
	}
	return rows
}

// nearestRows compare a connection with an ordinary one of the same account.
func nearestRows(s *pipeline.Snapshot, connection int) []scoreRow {
	r, table := s.Ranking, trait.Traits()
	nearest, differ, ok := r.Forest.Nearest(connection)
	if !ok {
		return []scoreRow{{heading: true, text: "Its account has no ordinary connection to compare with"}}
	}
	name := s.Connections.Name(nearest)
	rows := []scoreRow{
		{heading: true, text: "The ordinary connection of the same account that is most like it"},
		{lead: "connection " + name, text: widget.Number(len(differ), "trait differs", "traits differ") + " in its step", open: message.OpenConnection{Connection: nearest, At: -1}},
	}
	here, there := r.Traits.Measure(connection), r.Traits.Measure(nearest)
	for _, k := range differ {
		t := &table[k]
		rows = append(rows, scoreRow{lead: t.Name, text: fmt.Sprintf("%s, there %s", t.Format(here.Value(k)), t.Format(there.Value(k)))})
	}
	return rows
}

func figures(adds, strength, weight string) string {
	return fmt.Sprintf("%6s %6s %6s", adds, strength, weight)
}

func signed(x float64) string { return fmt.Sprintf("%+.2f", x) }

// Update handles a key.
func (o *scoreSheet) Update(m tea.KeyMsg) (tea.Cmd, bool) {
	k := &overlayKeys
	switch {
	case m.Paste:
	case key.Matches(m, k.Close, globalKeys.Parts):
		return nil, false
	case key.Matches(m, k.Up):
		o.move(-1)
	case key.Matches(m, k.Down):
		o.move(1)
	case key.Matches(m, k.Open) && o.cursor < len(o.rows) && o.rows[o.cursor].open != nil:
		return message.Request(o.rows[o.cursor].open), false
	}
	return nil, true
}

// Idle returns why a key does nothing.
func (o *scoreSheet) Idle(m tea.KeyMsg) string {
	n, at := 0, 0 // of rows that are no headings
	for k := range o.rows {
		if !o.rows[k].heading {
			if k < o.cursor {
				at++
			}
			n++
		}
	}
	if key.Matches(m, overlayKeys.Open) {
		return which(o.cursor >= len(o.rows) || o.rows[o.cursor].open == nil, "the row leads nowhere")
	}
	return idleAmong(m, at, n, globalKeys.Parts)
}

// move moves the cursor over rows that are no headings.
func (o *scoreSheet) move(by int) {
	for k := o.cursor + by; k >= 0 && k < len(o.rows); k += by {
		if !o.rows[k].heading {
			o.cursor = k
			return
		}
	}
}

// SetSize sets the size of the body in cells.
func (o *scoreSheet) SetSize(width, height int) { o.width, o.height = width, height }

// leadWidth is how wide the column of kinds and traits is, and figuresFrom from which
// width on figures are in a line with words.
const leadWidth, figuresFrom = 19, 72

// headings is how many lines of headings there are above the first row.
const headings = 3

// View lists the rows around the cursor; no text is cut.
func (o *scoreSheet) View(string) string {
	t := o.theme
	lines := []string{t.Title.Render(widget.Clip(t, o.title, o.width))}
	if o.rows == nil {
		lines = append(lines, t.Faint.Render(widget.Clip(t, "it is being taken apart"+t.Glyph.Ellipsis, o.width)))
		return strings.Join(lines[:min(len(lines), o.height)], "\n")
	}
	var body []string
	first, last := 0, 0 // lines of the row under the cursor
	for k := range o.rows {
		from := len(body)
		body = append(body, o.rowLines(&o.rows[k], k == o.cursor)...)
		if k == o.cursor {
			first, last = from, len(body)
		}
	}
	room := max(1, o.height-1)
	if first <= headings {
		first = 0
	}
	o.top = max(0, min(max(min(o.top, first), last-room), len(body)-room))
	lines = append(lines, body[o.top:min(len(body), o.top+room)]...)
	return strings.Join(lines[:min(len(lines), o.height)], "\n")
}

// rowLines lays a row out.
func (o *scoreSheet) rowLines(r *scoreRow, under bool) (lines []string) {
	t := o.theme
	if r.heading && r.lead == "" {
		lines = append(lines, "")
		for _, l := range widget.Paragraph(t, r.text, o.width) {
			lines = append(lines, t.Strong.Render(l))
		}
		return lines
	}
	sign := " "
	if under {
		sign = t.Glyph.Cursor
	}
	room := leadWidth
	if o.width < figuresFrom {
		room = max(0, min(room, o.width-len(figures("", "", ""))-4))
	}
	lead := widget.Fit(t, r.lead, room) + " "
	if r.figures != "" {
		lead += r.figures + "  "
	}
	indent, parts := leadWidth+2, []string(nil)
	if o.width >= figuresFrom && r.figures != "" {
		indent += len(r.figures) + 2
	}
	if o.width < figuresFrom {
		indent = 3
		parts = append(parts, lead)
		lead = strings.Repeat(" ", indent-1)
	}
	if o.width >= figuresFrom || !r.heading {
		for _, l := range widget.Paragraph(t, r.text, max(1, o.width-indent)) {
			parts = append(parts, lead+l)
			lead = strings.Repeat(" ", indent-1)
		}
	}
	for k, l := range parts {
		if k > 0 {
			sign = " "
		}
		l = widget.Clip(t, sign+l, o.width)
		switch {
		case under:
			l = t.Cursor.Render(l)
		case r.heading:
			l = t.Column.Render(l)
		}
		lines = append(lines, l)
	}
	return lines
}

// Line is empty.
func (o *scoreSheet) Line() string { return "" }

// Keys are those that the footer offers.
func (o *scoreSheet) Keys() []key.Binding {
	k := &overlayKeys
	open := k.Open
	open.SetHelp(open.Help().Key, "open")
	return []key.Binding{k.Close, open, k.Up, k.Down}
}
