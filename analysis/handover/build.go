package handover

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/visible"
	"sqleuth/analysis/wording"
)

// Options are what a report shows beside its snapshot.
type Options struct {
	Version  string    // of the program
	Settings []Setting // that the figures depend on
	Case     Case
	Redact   *redact.Redactor // of what others wrote; nil: nothing
}

// A Case is what an examiner adds about the case that the log belongs to; all of it
// may be empty.
type Case struct {
	Name     string `json:"name"`
	Exhibit  string `json:"exhibit"` // number or name of the log among the exhibits
	Examiner string `json:"examiner"`
	Remark   string `json:"remark"`
}

// Setting is an option in force.
type Setting struct{ Name, Value string }

// How much of a log the report shows; export files have the rest.
const (
	maxIncidents  = 20   // with a section of their own
	maxAtAGlance  = 8    // in the table on page one
	maxNames      = 6    // in a line
	maxLogins     = 12   // accounts of an incident
	maxTables     = 40   // asked for
	maxFindings   = 20   // about the log itself
	maxDetections = 100  // in the appendix
	maxAfter      = 6    // of an incident
	maxText       = 8192 // bytes of a statement
	maxLines      = 200  // of it
)

// Build makes the report of a finished snapshot. Texts of the entries that it cites
// are read back in order of the log. The error is that of reading or of ctx.
func Build(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, opt Options) (*Document, error) {
	b := &builder{s: s, opt: opt, cited: map[uint32]int{}, twins: map[uint32]incident.Twin{}, uses: map[[2]uint32][]fact.Use{}}
	b.all = sync.OnceValue(func() []askedTable { return b.asked(everyIncident) })
	if err := b.count(ctx); err != nil {
		return nil, fmt.Errorf("build report: %w", err)
	}
	if err := b.visitors(ctx, text); err != nil {
		return nil, fmt.Errorf("build report: %w", err)
	}
	b.title()
	b.about()
	b.glance()
	b.answers()
	b.steps()
	b.taken()
	b.doubts()
	b.repeat()
	if err := b.appendix(ctx, text); err != nil {
		return nil, fmt.Errorf("build report: %w", err)
	}
	b.doc.redact(opt.Redact)
	b.doc.Foot = "Written by sqleuth. An entry says that a statement was sent, never that it worked. Everything quoted from the log was written by others and is shown as text."
	return &b.doc, nil
}

// builder gathers the blocks of a report.
type builder struct {
	s     *pipeline.Snapshot
	opt   Options
	doc   Document
	cited map[uint32]int           // entries, by the number of their exhibit from 1
	order []uint32                 // the same in the order of the numbers
	hours *Table                   // of the timeline
	twins map[uint32]incident.Twin // of cited entries
	seen  map[int][]visitor        // by incident, most entries first
	uses  map[[2]uint32][]fact.Use // by set of facts and current database
	all   func() []askedTable      // that the incidents asked for, all together
	honest
}

func (b *builder) add(blocks ...Block) { b.doc.Blocks = append(b.doc.Blocks, blocks...) }

func (b *builder) section(id, title string) {
	b.add(Heading{2, id, line(title)})
}

// cite returns links to the exhibits of entries.
func (b *builder) cite(entries ...uint32) Spans {
	var list []Span
	for _, e := range entries {
		n := b.cited[e]
		if n == 0 {
			b.order = append(b.order, e)
			n = len(b.order)
			b.cited[e] = n
		}
		name := "E" + strconv.Itoa(n)
		list = append(list, Span{Kind: Link, Text: name, To: name})
	}
	return listed(list)
}

// figure writes a number with commas, as people read one.
func figure[N int | int64](n N) string {
	digits := strconv.FormatInt(int64(n), 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return figure(n) + " " + many
}

const moment = "2 Jan 2006 15:04:05"

// when writes a time to the second; the zone is given once, in the subtitle.
func when(m store.Moment) string {
	switch {
	case !m.Dated():
		return "time unknown"
	case m.Before:
		return "before " + time.UnixMicro(m.Micros).UTC().Format(moment)
	}
	return time.UnixMicro(m.Micros).UTC().Format(moment)
}

func between(from, to store.Moment) string {
	a, z := when(from), when(to)
	switch {
	case a == z:
		return a
	case from.Known() && to.Known() && a[:len(a)-8] == z[:len(z)-8]:
		return a + " to " + z[len(z)-8:]
	}
	return a + " to " + z
}

func (b *builder) zone() string {
	switch {
	case b.s.Len() > 0 && b.s.Entries.Untimed() == b.s.Len():
		return "The log shows no times."
	case b.s.Unzoned:
		return "All times are the server's local ones; the log does not say in which zone."
	}
	return "All times are UTC."
}

// serious are the incidents that are more than tries.
func (b *builder) serious() (n int) {
	for i := range b.s.Incidents {
		if b.s.Incidents[i].Severity >= rule.High {
			n++
		}
	}
	return n
}

func (b *builder) title() {
	s := b.s
	d := &b.doc
	switch {
	case len(s.Incidents) == 0:
		d.Title = "No attack found in this database log"
	case b.serious() > 0:
		d.Title = "Signs of an attack on a database server"
	case slices.ContainsFunc(s.Incidents, func(x incident.Incident) bool { return x.Actor.Kind != incident.Account && x.In() > 0 }):
		d.Title = "What may be an attack on a database server"
	default:
		d.Title = "Attempts on a database server, none of which got far as this log shows"
	}
	if first, last, ok := b.period(); ok {
		switch month := first[strings.IndexByte(first, ' '):]; {
		case first == last:
		case strings.HasSuffix(last, month):
			first = strings.TrimSuffix(first, month) + " to " + last
		default:
			first += " to " + last
		}
		d.Title += ", " + first
	}
	d.Subtitle = line("What a MySQL general query log shows: a list of the statements that were sent to the server, by whom and when. ")
	var names []string
	for k := range s.Files {
		names = append(names, s.Files[k].Name)
	}
	d.Subtitle = append(d.Subtitle, line("Log ", quotedList(names, maxNames))...)
	if first, last, ok := s.Span(); ok {
		d.Subtitle = append(d.Subtitle, say(", "+first.Format(moment)+" to "+last.Format(moment)))
	}
	d.Subtitle = append(d.Subtitle, say(". "+b.zone()))
}

// about adds what the examiner has given of the case.
func (b *builder) about() {
	var list []Fact
	for _, f := range []struct{ term, text string }{
		{"Case", b.opt.Case.Name}, {"Exhibit", b.opt.Case.Exhibit}, {"Examiner", b.opt.Case.Examiner}, {"Remark", b.opt.Case.Remark},
	} {
		if f.text != "" {
			list = append(list, Fact{f.term, Spans{{Kind: Quoted, Text: visible.Unicode.Text(f.text)}}})
		}
	}
	if len(list) > 0 {
		b.add(Facts{list})
	}
}

// period is from when to when the gravest incidents went.
func (b *builder) period() (first, last string, ok bool) {
	var lo, hi int64
	for i := range b.s.Incidents {
		x := &b.s.Incidents[i]
		if x.Severity < b.s.Incidents[0].Severity && x.Severity < rule.High || !x.First.Known() || !x.Last.Known() {
			continue
		}
		if !ok || x.First.Micros < lo {
			lo = x.First.Micros
		}
		if !ok || x.Last.Micros > hi {
			hi = x.Last.Micros
		}
		ok = true
	}
	day := func(us int64) string { return time.UnixMicro(us).UTC().Format("2 January 2006") }
	return day(lo), day(hi), ok
}

// appendix has the entries that were cited, and all detections.
func (b *builder) appendix(ctx context.Context, text pipeline.Text) error {
	b.section("appendix", "Appendix: the evidence")
	b.add(Paragraph{line("Each entry that this report cites, in full. Line and byte are those of the decompressed file, lines from 1 and bytes from 0; the SHA-256 is that of exactly these bytes. " +
		"Characters that cannot be seen are shown as signs or escapes; the hash is of the bytes themselves. All other entries of the incidents stand in evidence.csv of an export.")})
	list := make([]Exhibit, len(b.order))
	err := text.Statements(&b.s.Log).Quotes(ctx, func(i int) bool { return b.cited[uint32(i)] > 0 }, func(i int, q *pipeline.Quote) error {
		n := b.cited[uint32(i)]
		list[n-1] = b.exhibit("E"+strconv.Itoa(n), i, q)
		return nil
	})
	if err != nil {
		return err
	}
	for _, x := range list {
		b.add(x)
	}
	b.detections()
	return nil
}

func (b *builder) exhibit(id string, i int, q *pipeline.Quote) Exhibit {
	s := b.s
	c := int(s.Entries.Connection(i))
	who := s.Connections.Who(c, i)
	file, at := s.File(q.Offset)
	meta := line(exact(s.Moment(i))+" · entry "+figure(i+1)+", connection "+s.Connections.Name(c)+" of ", quoted(s.Connections.Text(who.User)+"@"+s.Connections.Text(who.Host)),
		", ", quoted(string(q.Command)), " · ", quoted(s.Files[file].Name))
	if q.Line > 0 {
		meta = append(meta, say(" line "+figure(q.Line)+","))
	}
	text := []byte(b.opt.Redact.Text(string(q.Command), string(q.Text)))
	if string(text) == string(q.Text) {
		meta = append(meta, say(" byte "+figure(at)+", length "+figure(q.Bytes)+" · SHA-256 "+hex.EncodeToString(q.SHA256[:])))
	} else {
		meta = append(meta, say(" byte "+figure(at)+", length "+figure(q.Bytes)+" · redacted"))
	}
	shown, cut := show(text)
	if cut || q.Cut {
		meta = append(meta, say(" · the beginning of its text"))
	}
	x := Exhibit{ID: id, Meta: meta, Text: shown}
	if t, ok := b.twins[uint32(i)]; ok && !cut && string(text) == string(q.Text) && 0 <= t.From && t.From < t.To && t.To <= len(text) {
		x.Before, _ = show(text[:t.From])
		x.Added, _ = show(text[t.From:t.To])
		x.Behind, _ = show(text[t.To:])
	}
	return x
}

// show makes a statement visible line by line.
func show(text []byte) (shown string, cut bool) {
	if len(text) > maxText {
		text, cut = text[:maxText], true
	}
	lines := strings.Split(string(text), "\n")
	if len(lines) > maxLines {
		lines, cut = lines[:maxLines], true
	}
	for i, l := range lines {
		lines[i] = visible.Unicode.Text(l)
	}
	return strings.Join(lines, "\n"), cut
}

// exact writes a time with its microseconds.
func exact(m store.Moment) string {
	if !m.Known() {
		return when(m)
	}
	return time.UnixMicro(m.Micros).UTC().Format("2006-01-02 15:04:05.000000")
}

// detections lists what the rules found.
func (b *builder) detections() {
	s := b.s
	b.add(Heading{3, "detections", line("What the rules found")})
	if len(s.Detections) == 0 {
		b.add(Paragraph{line("No rule found anything.")})
		return
	}
	order := make([]int, len(s.Detections))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return int(s.Detections[j].Severity) - int(s.Detections[i].Severity) })
	t := Table{Caption: "The gravest first, then in order of time", Columns: []Column{{"Rule", false}, {"Severity", false}, {"Incident", false}, {"Begins", false}, {"Entries", true}, {"What", false}}}
	listed := 0
	for _, i := range order {
		d := &s.Detections[i]
		of := s.IncidentOfDetection(i)
		if listed == maxDetections || d.Severity == rule.Context || d.Severity < rule.Medium && of < 0 {
			continue
		}
		listed++
		what := b.summary(d)
		letter := "none"
		if of >= 0 {
			letter = incident.Letter(of)
		}
		if d.Site != nil {
			what = append(what, mixed(" (set aside: "+d.Aside()+")")...)
		}
		t.Rows = append(t.Rows, []Spans{line(d.Rule.Name + " " + d.Rule.Title), line(d.Severity.String()), line(letter), line(when(d.Time)), line(figure(len(d.Entries))), what})
	}
	b.add(t)
	if n := len(order) - listed; n > 0 {
		b.add(Paragraph{line(counted(n, "further detection", "further detections") + ", most of them less grave and in no incident, in detections.csv of an export.")})
	}
}

// summary is that of a detection: who, a sentence, often with a statement behind a colon,
// and how many entries.
func (b *builder) summary(d *detect.Detection) Spans {
	r := b.opt.Redact
	sentence, statement, quotes := r.Quoting(d.What)
	out := append(mixed(r.Names(d.Before)), mixed(sentence)...)
	if quotes {
		shown, _ := visible.Unicode.Line(statement, 2*longestQuoted)
		out = append(out, say(": "), Span{Kind: Quoted, Text: shown})
	}
	out = append(out, mixed(r.Phrase(d.After))...)
	for i := range out {
		out[i].hidden = true // part by part: as a whole a name may read like a sentence
	}
	return out
}

// title of an incident: "Incident A, critical".
func incidentTitle(k int, x *incident.Incident) string {
	return "Incident " + incident.Letter(k) + ", " + x.Severity.String()
}

func lasted(from, to store.Moment) string {
	us, ok := to.Since(from)
	if !ok || us == 0 {
		return "-"
	}
	return wording.Duration(us)
}
