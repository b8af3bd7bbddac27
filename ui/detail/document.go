package detail

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/statement"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

const (
	factName     = 10 // cells of the name in front of a fact
	maxFactLines = 8  // lines of one fact
	maxRawLines  = 2  // lines of an entry as text of another one
	maxListed    = 32 // parameters, or detections, that are shown
	maxMarked    = 64 // parts of a line that a search has found
)

// document is the lines of the pane: what precedes the statement, the
// statement, and what follows it.
type document struct {
	theme     *theme.Theme
	width     int
	before    []string
	statement []statement.Line
	after     []string
}

func (d *document) len() int { return len(d.before) + len(d.statement) + len(d.after) }

// line draws line k, 0 <= k < len.
func (d *document) line(t *theme.Theme, k int, found *regexp.Regexp) string {
	if k < len(d.before) {
		return d.before[k]
	}
	k -= len(d.before)
	if k >= len(d.statement) {
		return d.after[k-len(d.statement)]
	}
	line := d.statement[k]
	if found != nil {
		line = widget.Mark(line, found.FindAllStringIndex(widget.Line(line), maxMarked), &t.Match)
	}
	var b strings.Builder
	for _, s := range line {
		b.WriteString(s.Style.Render(s.Text))
	}
	return b.String()
}

// fact adds a named text behind the statement, its further lines below its first.
func (d *document) fact(name, text string) {
	t, room := d.theme, d.width-factName
	if room < factName {
		lines, _ := widget.Wrap(t, name+" "+text, d.width, maxFactLines)
		d.after = append(d.after, lines...)
		return
	}
	lines, more := widget.Wrap(t, text, room, maxFactLines)
	for _, line := range lines {
		d.after = append(d.after, t.Faint.Render(widget.Fit(t, name, factName))+line)
		name = ""
	}
	if more {
		d.after = append(d.after, t.Faint.Render(widget.Fit(t, "", factName)+t.Glyph.Ellipsis))
	}
}

// facts adds texts below one name.
func (d *document) facts(name string, texts []string) {
	for n, text := range texts {
		if n == maxListed {
			d.fact("", fmt.Sprintf("and %s more", widget.Count(len(texts)-n)))
			break
		}
		d.fact(name, text)
		name = ""
	}
}

// document describes the row that the pane shows. What does not depend on the
// text comes from the snapshot of now, so that labels and scores are never old.
func (p *Pane) document() *document {
	c, s := &p.content, p.snapshot
	doc := &document{theme: p.theme, width: p.paneWidth()}
	if !c.known || s == nil || c.of >= s.Len() || ^c.of >= len(s.Messages) {
		return doc
	}
	offset, size := int64(0), ""
	if c.of < 0 {
		at := &s.Messages[^c.of]
		offset, size = at.Offset, widget.Count(at.Bytes)+" bytes long"
		doc.prose(Describe(p.theme, at), &p.theme.Title)
		doc.prose("no entry: it belongs to no connection and is in no count", &p.theme.Faint)
	} else {
		offset = s.Entries.Offset(c.of)
		if c.err == nil {
			size = widget.Count(c.bytes) + " bytes long"
			if c.cut {
				size = "more than " + size
			}
		}
		p.head(doc, c.of)
	}
	doc.before = append(doc.before, "")
	doc.after = append(doc.after, "")
	if c.err != nil {
		lines, _ := widget.Wrap(p.theme, "The text cannot be read: "+c.err.Error(), doc.width, maxFactLines)
		doc.before = append(doc.before, lines...)
	} else {
		doc.statement = c.lines
	}
	if c.cut {
		doc.fact("cut", "the text is shown up to its first "+widget.Bytes(int64(len(c.text))))
	}
	if len(c.lines) >= statement.MaxLines {
		doc.fact("cut", "the first "+widget.Count(statement.MaxLines)+" lines are shown")
	}
	if c.of >= 0 {
		p.about(doc, c.of)
	}
	doc.place(s, offset, size)
	return doc
}

// prose adds a sentence before the statement.
func (d *document) prose(text string, style *lipgloss.Style) {
	for _, line := range widget.Prose(d.theme, text, d.width, maxFactLines) {
		d.before = append(d.before, style.Render(line))
	}
}

// head adds when and by whom entry i was sent.
func (p *Pane) head(doc *document, i int) {
	s, t := p.snapshot, p.theme
	zone := " " + t.Clock.Zone("UTC")
	if s.Unzoned {
		zone = " (local)"
	}
	title := fmt.Sprintf("%s, entry %s, %s%s", s.Command(i), widget.Count(i+1), t.Clock.Of(s.Moment(i)).Format("2006-01-02 15:04:05.000000"), zone)
	doc.before = append(doc.before, t.Title.Render(widget.Clip(t, title, doc.width)))
	c := int(s.Entries.Connection(i))
	who, _ := widget.Wrap(t, "connection "+s.Connections.Name(c)+": "+Account(s, c, i)+", "+Class(s, p.labels, c), doc.width, maxFactLines)
	doc.before = append(append(doc.before, who...), p.forged(i, doc.width)...)
}

// about adds behind the text of entry i what is known of it.
func (p *Pane) about(doc *document, i int) {
	s := p.snapshot
	if answer := Outcome(s.Outcomes.At(i)); answer != "" {
		doc.fact("outcome", answer+", as the server answered")
	}
	doc.fact("action", s.Action(i)+", table "+s.QualifiedTable(i))
	template := s.Templates[s.Template(i)]
	doc.fact("template", template.EventID+" ("+widget.Number(template.Count, "entry", "entries")+"): "+template.Text)
	if digest := s.Digest(i); digest != "-" {
		doc.fact("digest", Digest(s, i)+": "+digest)
	}
	doc.facts("values", p.values)
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
	doc.fact("iforest", score(isolation, outlier, "outlier"))
	doc.fact("rforest", score(random, anomaly, "anomaly"))
	doc.facts("evidence", p.rules)
	if n, ok := p.labels.Note(s.Connections.Ref(int(s.Entries.Connection(i)))); ok {
		doc.fact("note", n.Text)
		if n.Analyst != "" {
			doc.fact("noted by", n.Analyst)
		}
	}
}

// place adds where in which file something is, and how long it is.
func (d *document) place(s *pipeline.Snapshot, offset int64, size string) {
	file, at := s.File(offset)
	where := "byte " + widget.Count(at)
	if file < len(s.Files) {
		d.fact("file", s.Files[file].Name)
		if c := s.Files[file].Container; c != "plain" && c != "" {
			where += " of its text"
		}
	}
	if size != "" {
		where += ", " + size
	}
	d.fact("offset", where)
}

// forged returns, for an entry that may be text of another one, how else it can be
// read, and for the statement or login that it may be text of, how far that may
// reach. That entry itself is shown as it was parsed.
func (p *Pane) forged(i, width int) []string {
	e, ok := p.snapshot.Integrity.EmbeddedAt(i)
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
		if p.err == nil && p.raw != "" {
			text, raw = text+":", p.raw
		}
	case e.Last == e.Opener:
		text = open + "; the banner behind it may be its text, and then no server started"
	case e.Last == e.Opener+1:
		text = open + "; entry " + last + " is possibly forged: it may be text of " + whole
	default:
		text = open + "; entries " + widget.Count(e.Opener+2) + " to " + last + " are possibly forged: they may be text of " + whole
	}
	lines := widget.Prose(p.theme, text, width, maxFactLines)
	if raw != "" {
		inside, _ := widget.Wrap(p.theme, raw, width, maxRawLines)
		lines = append(lines, inside...)
	}
	for k := range lines {
		lines[k] = p.theme.Warn.Render(lines[k])
	}
	return lines
}
