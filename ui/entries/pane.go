package entries

import (
	"fmt"
	"math"
	"strings"

	"sqleuth/ui/widget"
)

// document is the lines of the pane: what stands before the statement, the
// statement, and what stands behind it.
type document struct {
	before    []string
	statement []line
	after     []string
}

func (d document) len() int { return len(d.before) + len(d.statement) + len(d.after) }

// document describes the entry that the pane shows. What does not depend on the
// text comes from the snapshot of now, so that labels and scores are never old.
func (m Model) document() document {
	d, s, t := &m.detail, m.snapshot, m.theme
	if d.message >= 0 {
		return m.messageDocument()
	}
	if d.entry < 0 || s == nil || d.entry >= s.Len() {
		return document{}
	}
	width := m.paneWidth()
	i := d.entry
	conn := int(s.Entries.Connection(i))
	zone := " UTC"
	if s.Unzoned {
		zone = " (local)"
	}
	doc := document{before: []string{
		t.Title.Render(widget.Clip(t, fmt.Sprintf("%s, entry %s, %s%s", s.Command(i), widget.Count(i+1),
			s.Moment(i).Format("2006-01-02 15:04:05.000000"), zone), width)),
	}}
	who, _ := widget.Wrap(t, "connection "+s.Connections.Name(conn)+": "+m.account(conn, i)+", "+m.judged(conn), width, maxFactLines)
	doc.before = append(append(doc.before, who...), m.forged(i, width)...)
	doc.before = append(doc.before, "")
	if d.err != nil {
		lines, _ := widget.Wrap(t, "The text cannot be read: "+d.err.Error(), width, maxFactLines)
		doc.before = append(doc.before, lines...)
	} else {
		doc.statement = d.lines
	}

	fact := func(name, text string) {
		doc.after = append(doc.after, m.fact(name, text, width)...)
	}
	doc.after = append(doc.after, "")
	if d.cut {
		fact("cut", "the text is shown up to its first "+widget.Bytes(int64(len(d.text))))
	}
	if len(d.lines) >= maxLines {
		fact("cut", "the first "+widget.Count(maxLines)+" lines are shown")
	}
	if answer := outcome(s.Outcomes.At(i)); answer != "" {
		fact("outcome", answer+", as the server answered")
	}
	fact("action", s.Action(i)+", table "+s.QualifiedTable(i))
	k := s.Template(i)
	template := s.Templates[k]
	fact("template", template.EventID+" ("+widget.Number(template.Count, "entry", "entries")+"): "+template.Text)
	if digest := s.Digest(i); digest != "-" {
		fact("digest", digestName(s, i)+": "+digest)
	}
	for n, v := range d.values {
		if n == maxValues {
			fact("", fmt.Sprintf("and %s more", widget.Count(len(d.values)-maxValues)))
			break
		}
		name := ""
		if n == 0 {
			name = "values"
		}
		fact(name, v)
	}
	isolation, random := math.NaN(), math.NaN()
	var outlier, anomaly bool
	if s.Encoding != nil {
		u := s.EncodedRow(i)
		if s.Isolation != nil {
			isolation, outlier = s.Isolation.Score(u), s.Isolation.Outlier[u]
		}
		if s.Random != nil && s.Random.Forest != nil {
			random, anomaly = s.Random.Score(u), s.Random.Predicted(u)
		}
	}
	fact("iforest", score(isolation, outlier, "outlier"))
	fact("rforest", score(random, anomaly, "anomaly"))
	for n, r := range d.rules {
		name := ""
		if n == 0 {
			name = "evidence"
		}
		fact(name, r)
	}
	if n, ok := m.labels.Note(s.Connections.Ref(conn)); ok {
		fact("note", n.Text)
	}
	size := widget.Count(d.bytes) + " bytes long"
	switch {
	case d.err != nil:
		size = ""
	case d.cut:
		size = "more than " + size
	}
	doc.after = append(doc.after, m.place(s.Entries.Offset(i), size, width)...)
	return doc
}

// place says where in which file something is, and how long it is.
func (m Model) place(offset int64, size string, width int) (lines []string) {
	s := m.snapshot
	file, at := s.File(offset)
	where := "byte " + widget.Count(at)
	if file < len(s.Files) {
		lines = m.fact("file", s.Files[file].Name, width)
		if c := s.Files[file].Container; c != "plain" && c != "" {
			where += " of its text"
		}
	}
	if size != "" {
		where += ", " + size
	}
	return append(lines, m.fact("offset", where, width)...)
}

// forged says, of an entry that may be text of another one, how else it can be
// read, and of the statement or login that it may be text of, how far that may
// reach. That entry itself is shown as it was parsed.
func (m Model) forged(i, width int) []string {
	e, ok := m.snapshot.Integrity.EmbeddedAt(i)
	if !ok {
		return nil
	}
	open, inside, whole := "ends inside a quote or comment", "an open quote or comment of", "this statement"
	if e.InName {
		open, inside, whole = "a name in it may go on behind a line break", "a name of the login in", "this name"
	}
	last, text, raw := widget.Count(e.Last+1), "", ""
	switch {
	case i > e.Opener:
		text = "possibly forged: stands inside " + inside + " entry " + widget.Count(e.Opener+1) + " and may be its text"
		if d := &m.detail; d.err == nil && d.raw != "" {
			text, raw = text+":", d.raw
		}
	case e.Last == e.Opener:
		text = open + "; the banner behind it may be its text, and then no server started"
	case e.Last == e.Opener+1:
		text = open + "; entry " + last + " is possibly forged: it may be text of " + whole
	default:
		text = open + "; entries " + widget.Count(e.Opener+2) + " to " + last + " are possibly forged: they may be text of " + whole
	}
	lines := widget.Prose(m.theme, text, width, maxFactLines)
	if raw != "" {
		inside, _ := widget.Wrap(m.theme, raw, width, maxRawLines)
		lines = append(lines, inside...)
	}
	for k := range lines {
		lines[k] = m.theme.Warn.Render(lines[k])
	}
	return lines
}

const (
	factName     = 10 // cells of the name in front of a fact
	maxFactLines = 8  // lines of one fact
	maxRawLines  = 2  // lines of an entry as text of another one
	maxValues    = 32 // parameters that are shown
	maxMarked    = 64 // parts of a line that a search has found
)

// fact lays a named text out, its further lines below its first.
func (m Model) fact(name, text string, width int) []string {
	room := width - factName
	if room < factName {
		lines, _ := widget.Wrap(m.theme, name+" "+text, width, maxFactLines)
		return lines
	}
	lines, more := widget.Wrap(m.theme, text, room, maxFactLines)
	for k := range lines {
		lead := ""
		if k == 0 {
			lead = name
		}
		lines[k] = m.theme.Faint.Render(widget.Fit(m.theme, lead, factName)) + lines[k]
	}
	if more {
		lines = append(lines, m.theme.Faint.Render(widget.Fit(m.theme, "", factName)+m.theme.Glyph.Ellipsis))
	}
	return lines
}

// pane draws the lines that the pane's window shows.
func (m Model) pane() string {
	doc := m.document()
	height := m.paneHeight()
	var out []string
	top := max(0, min(m.detail.top, doc.len()-height))
	for k := top; k < doc.len() && len(out) < height; k++ {
		out = append(out, m.paneLine(doc, k))
	}
	if below := doc.len() - top - height; below > 0 && len(out) > 1 {
		hint := fmt.Sprintf("%s %s more lines, %s scrolls", m.theme.Glyph.Ellipsis, widget.Count(below+1), keys.down.Help().Key)
		out[len(out)-1] = m.theme.Faint.Render(widget.Clip(m.theme, hint, m.paneWidth()))
	}
	return strings.Join(out, "\n")
}

func (m Model) paneLine(doc document, k int) string {
	if k < len(doc.before) {
		return doc.before[k]
	}
	k -= len(doc.before)
	if k >= len(doc.statement) {
		return doc.after[k-len(doc.statement)]
	}
	line := make([]widget.Span, len(doc.statement[k]))
	for n, r := range doc.statement[k] {
		line[n] = widget.Span{Text: r.text, Style: r.kind.of(m.theme)}
	}
	if re := m.list.Found(); re != nil {
		line = widget.Mark(line, re.FindAllStringIndex(widget.Line(line), maxMarked), &m.theme.Match)
	}
	var b strings.Builder
	for _, s := range line {
		b.WriteString(s.Style.Render(s.Text))
	}
	return b.String()
}
