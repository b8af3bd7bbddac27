package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/export"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/wording"
)

// libraries names whose figures the notebook's reading reproduces.
const libraries = "Python 3.11.2, pandas 1.5.3, scikit-learn 1.2.1, numpy 1.24.2, logparser 1.0.5"

// maxListed is how many rejects the text lists; the JSON object has more.
const maxListed = 10

func writeHead(p *page, s *pipeline.Snapshot, opt Options) {
	p.title("MySQL general query log: report of sqleuth %s", shown(opt.Version))
	writeReading(p, s)
	writeFiles(p, s)
	writeExtent(p, s)
	writeAnswers(p, s)
	writeCoverage(p, s)
	writeIntegrity(p, s)
	writeClasses(p, s)
	if len(opt.Notices) > 0 {
		p.heading("Notices")
		for _, n := range opt.Notices {
			p.wrap("  ", shown(n))
		}
	}
}

func writeReading(p *page, s *pipeline.Snapshot) {
	if s.Reading != reading.Notebook {
		p.wrap("Reading: ", "default (every entry counts, statements are lexed, training and test are split by connection)")
		return
	}
	p.wrap("Reading: ", "notebook (--notebook: its rules, quirks included)")
	p.wrap("Figures: ", "those of "+libraries)
	p.wrap("  ", "The last entry of a file is not counted: the notebook never writes it out.")
	if seed := isolationSeed(s); seed != "" {
		p.wrap("  ", "The notebook sets no seed for its Isolation Forest; the seed here, "+seed+", is ours.")
	}
	replaced := "Bytes that are not UTF-8, where there are any, were read by Python's replacement rule (one U+FFFD for each maximal broken sequence); the notebook itself would stop at the first."
	if n := replacedTemplates(s); n > 0 {
		replaced += " " + wording.Counted(n, "template holds", "templates hold") + " U+FFFD."
	}
	p.wrap("  ", replaced)
}

// at names a server behind what is its own, where there are several.
func at(s *pipeline.Snapshot, server int) string {
	if !s.SeveralServers() {
		return ""
	}
	return " at " + wording.Name(s.ServerName(server))
}

func isolationSeed(s *pipeline.Snapshot) string {
	if s.Isolation == nil {
		return ""
	}
	return strconv.FormatUint(uint64(s.Isolation.Seed), 10)
}

func replacedTemplates(s *pipeline.Snapshot) (n int) {
	for _, t := range s.Templates {
		if strings.Contains(t.Text, "\uFFFD") {
			n++
		}
	}
	return n
}

func writeFiles(p *page, s *pipeline.Snapshot) {
	p.heading("%s", wording.Counted(len(s.Files), "file", "files"))
	if s.Order != "" {
		p.wrap("  ", "They were read in the order in which they stand here: "+s.Order+".")
	}
	for _, f := range export.Inputs(s) {
		size := fmt.Sprintf("%d bytes", f.Bytes)
		if f.Container != "plain" {
			size += fmt.Sprintf(", %s, %d bytes of text", f.Container, f.Text)
		}
		p.wrap("  ", shown(f.Name))
		if f.Server != "" {
			p.wrap("    ", "of the server "+shown(f.Server))
		}
		p.line("    %s", shown(size))
		if f.Form != "" {
			form := f.Form
			if len(f.Missing) > 0 {
				form += ", without " + strings.Join(f.Missing, ", ")
			}
			p.wrap("    ", form)
		}
		if f.Wrapper != "" {
			p.wrap("    ", "read through: "+shown(f.Wrapper))
		}
		if f.SHA256 != "" {
			p.line("    SHA-256 %s", shown(f.SHA256))
		} else {
			p.line("    no SHA-256: the file was not read to its end")
		}
		if f.Damage != "" {
			p.wrap("    DAMAGED: ", shown(f.Damage)+"; what could be read is in this report")
		}
		if f.Limit != "" {
			p.wrap("    ", "NOT READ TO ITS END: "+shown(f.Limit)+"; what stands behind it is not in this report")
		}
	}
}

func writeExtent(p *page, s *pipeline.Snapshot) {
	t := clockOf(s)
	p.heading("%s, %s in %s, %s", wording.Counted(s.Len(), "entry", "entries"), wording.Counted(s.Connections.Len(), "connection", "connections"),
		wording.Counted(int(s.Connections.Runs), "server run (epoch)", "server runs (epochs)"), wording.Counted(len(s.Templates), "template", "templates"))
	if first, last, ok := s.Span(); ok {
		p.line("  from %s", t.exact(first))
		p.line("  to   %s", t.exact(last))
	}
	if s.SeveralServers() {
		p.wrap("  ", fmt.Sprintf("They are of %d servers, each read by itself: ids, runs, accounts and time of one are not those of another.", len(s.Servers)))
		for _, x := range serversJSON(s, t) {
			text := fmt.Sprintf("%s, %s", wording.Counted(x.Entries, "entry", "entries"), wording.Counted(x.Connections, "connection", "connections"))
			switch {
			case x.FirstRun == 0:
			case x.FirstRun == x.LastRun:
				text += fmt.Sprintf(", server run %d", x.FirstRun)
			default:
				text += fmt.Sprintf(", server runs %d to %d", x.FirstRun, x.LastRun)
			}
			if x.First != nil {
				text += ", " + *x.First + " to " + *x.Last
			}
			p.wrap("  "+shown(x.Name)+": ", text)
		}
	}
	if n := s.Entries.Untimed(); n > 0 {
		p.wrap("  ", wording.Counted(n, "entry has", "entries have")+" no time: the log shows none for them, nor for one before them in their file.")
	}
	if s.Unzoned {
		p.wrap("  ", "The log does not say in which zone its times are. They stand as the server wrote them; --tz names the zone.")
	}
	if len(s.Full) > 0 {
		text := "More " + strings.Join(s.Full, ", ") + " than are told apart; the rest counts as one."
		if s.Reading == reading.Notebook {
			text += " The figures are therefore no longer exactly the notebook's."
		}
		p.wrap("  ", text)
	}
	if s.Backwards > 0 {
		p.wrap("  ", wording.Counted(s.Backwards, "entry has", "entries have")+" an earlier time than the entry before.")
	}
	if s.Connections.Runs > 1 {
		p.wrap("  ", "Ids begin again with a server run: 17@2 is connection 17 of the second, where several have that id.")
	}
}

// writeAnswers writes what the server answered, of a log that holds it.
func writeAnswers(p *page, s *pipeline.Snapshot) {
	list := s.Answers()
	if list == nil {
		return
	}
	answered, failed := 0, 0
	t := newTable(1, "entries", "outcome")
	for _, a := range list {
		answered += a.Entries
		if a.Error == 0 {
			continue
		}
		failed += a.Entries
		t.add(strconv.Itoa(a.Entries), fmt.Sprintf("error %d", a.Error))
	}
	p.heading("Outcomes: %s with the server's answer, %s an error", wording.Counted(answered, "entry", "entries"), wording.Counted(failed, "is", "are"))
	if failed > 0 {
		p.table("  ", t)
	}
}

func writeCoverage(p *page, s *pipeline.Snapshot) {
	c := &s.Coverage
	var text int64
	for _, f := range s.Files {
		text += f.Text
	}
	p.heading("Coverage")
	t := newTable(1, strconv.FormatInt(c.EntryBytes, 10), "bytes in "+wording.Counted(s.Len(), "entry", "entries"))
	t.add(strconv.FormatInt(c.BannerBytes, 10), "bytes in "+banners(s))
	t.add(strconv.FormatInt(c.RejectBytes, 10), "bytes in "+wording.Counted(c.Rejects, "reject", "rejects")+", neither entry nor banner")
	parts := "entries, banners and rejects"
	if c.MessageBytes > 0 {
		parts = "entries, banners, messages and rejects"
		t.add(strconv.FormatInt(c.MessageBytes, 10), "bytes in messages of the server, which are no entries")
	}
	if c.WrapperBytes > 0 {
		parts = strings.Replace(parts, " and rejects", ", rejects and wrapper", 1)
		t.add(strconv.FormatInt(c.WrapperBytes, 10), "bytes around the lines of the log"+foreign(c))
	}
	t.add(strconv.FormatInt(c.Bytes(), 10), "bytes together")
	p.table("  ", t)
	switch {
	case c.Bytes() == text && limited(s):
		p.wrap("  ", fmt.Sprintf("Every byte that was read is accounted for: %s add up to the %d bytes up to the limit you gave.", parts, text))
	case c.Bytes() == text:
		p.wrap("  ", fmt.Sprintf("Every byte of the log is accounted for: %s add up to the %d bytes read.", parts, text))
	default:
		p.wrap("  ", fmt.Sprintf("NOT every byte is accounted for: %d bytes were read. This is an error of sqleuth.", text))
	}
	if slices.ContainsFunc(s.Files, func(f loaded.File) bool { return len(f.Doubtful()) > 0 }) {
		p.wrap("  ", "That accounts for what was read, which need not be what was written: a damaged file has text that no checksum confirms, see above.")
	}
	if c.LongEntries > 0 {
		p.wrap("  ", wording.Counted(c.LongEntries, "entry is", "entries are")+" so long that only the head was analysed.")
	}
	if c.Rejects == 0 {
		return
	}
	rejects := newTable(2, "byte", "length", "reason")
	shownRejects := c.First[:min(len(c.First), maxListed)]
	for _, r := range shownRejects {
		rejects.add(strconv.FormatInt(r.Offset, 10), strconv.FormatInt(r.Bytes, 10), rejectReason(s, r))
	}
	p.heading("  Rejects")
	p.table("  ", rejects)
	p.more("  ", c.Rejects-len(shownRejects))
}

// foreign names the lines of other streams among the bytes around the log.
func foreign(c *genlog.Coverage) string {
	if c.ForeignLines == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them in %s of other streams, which were left out", c.ForeignBytes, wording.Counted(c.ForeignLines, "line", "lines"))
}

// banners names what the banner bytes are.
func banners(s *pipeline.Snapshot) string {
	tables := 0
	for _, f := range s.Files {
		if f.Table != nil {
			tables++
		}
	}
	var what []string
	switch c := &s.Coverage; {
	case c.Banners > 0 || tables == 0 && c.BannerBytes == 0:
		what = append(what, wording.Counted(c.Banners, "server banner", "server banners"))
	case tables == 0:
		what = append(what, "lines of a server banner")
	}
	switch {
	case tables == 1:
		what = append(what, "the header of a table dump")
	case tables > 1:
		what = append(what, "the headers of table dumps")
	}
	return strings.Join(what, " and ")
}

// limited reports whether reading stopped because that was asked for.
func limited(s *pipeline.Snapshot) bool {
	return slices.ContainsFunc(export.Inputs(s), func(f export.Input) bool { return f.Limit != "" })
}

// rejectReason returns why, and where in which file if there are several.
func rejectReason(s *pipeline.Snapshot, r genlog.Reject) string {
	if len(s.Files) < 2 {
		return r.Reason.String()
	}
	file, at := s.File(r.Offset)
	return fmt.Sprintf("%s (byte %d of %s)", r.Reason, at, name(s.Files[file].Name))
}

// more writes how much a list leaves out.
func (p *page) more(indent string, n int) {
	if n > 0 {
		p.line("%sand %d more", indent, n)
	}
}

func writeClasses(p *page, s *pipeline.Snapshot) {
	classes := classSizes(s)
	if len(classes) < 2 {
		return
	}
	t := newTable(3, "connections", "labelled", "entries", "counts as", "class")
	for _, c := range classes {
		as := label.Normal
		if c.Anomaly {
			as = "anomaly"
		}
		t.add(number(c.Connections), number(c.Labelled), number(c.Entries), as, shown(c.Class))
	}
	p.heading("Labels: %s", wording.Counted(s.Truth.Labels.Labelled(), "connection", "connections"))
	p.table("  ", t)
}

// classSize is how much of a log a class has. A connection without a label
// counts as normal; Labelled leaves those out.
type classSize struct {
	Class       string `json:"class"`
	Connections int    `json:"connections"`
	Labelled    int    `json:"labelled_connections"`
	Entries     int    `json:"entries"`
	Anomaly     bool   `json:"anomaly"`
}

// classSizes lists the classes that occur, normal first.
func classSizes(s *pipeline.Snapshot) []classSize {
	if s.Truth == nil {
		return []classSize{{label.Normal, s.Connections.Len(), 0, s.Len(), false}}
	}
	sizes := make([]classSize, len(s.Truth.Names))
	for i, n := range s.Truth.Names {
		sizes[i].Class, sizes[i].Anomaly = n, s.Truth.AnomalyClass(uint8(i))
	}
	for i, k := range s.Truth.Class {
		sizes[k].Connections++
		sizes[k].Entries += int(s.Connections.Peek(i).Entries)
	}
	for r := range s.Truth.Labels.All() {
		if i := slices.Index(s.Truth.Names, r.Verdict.Class); i >= 0 {
			sizes[i].Labelled++
		}
	}
	occurring := sizes[:0]
	for i, c := range sizes {
		if i == 0 || c.Connections > 0 {
			occurring = append(occurring, c)
		}
	}
	return occurring
}
