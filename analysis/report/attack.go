package report

import (
	"fmt"
	"strconv"
	"strings"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/export"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/wording"
)

const (
	maxDetections  = 100 // of medium severity and more
	maxMinor       = 40  // of less
	maxSuspects    = 20
	maxConnections = 12 // named in one line
)

func writeDetections(p *page, s *pipeline.Snapshot) error {
	t := clockOf(s)
	p.title("Detections in order of time (%s)", t.zone())
	if len(s.Detections) == 0 {
		p.line("No rule has found anything. That does not prove that nothing happened.")
		writeSite(p, s)
		return nil
	}
	p.wrap("", "Ids are those of ATT&CK "+rule.AttackVersion+"; where "+rule.OldAttackVersion+" has another, it follows in brackets.")
	var major, minor, aside []*detect.Detection
	for i := range s.Detections {
		if d := &s.Detections[i]; d.Site != nil {
			aside = append(aside, d)
		} else if d.Severity >= rule.Medium {
			major = append(major, d)
		} else {
			minor = append(minor, d)
		}
	}
	for _, d := range major[:min(len(major), maxDetections)] {
		writeDetection(p, s, t, d)
	}
	p.more("", len(major)-maxDetections)
	writeMinors(p, s, t, "Of low severity, or to be read beside others", minor)
	writeMinors(p, s, t, "Set aside by filters of the site", aside)
	writeSite(p, s)
	return nil
}

// writeMinors writes detections under a heading, where there are any.
func writeMinors(p *page, s *pipeline.Snapshot, t clock, heading string, list []*detect.Detection) {
	if len(list) == 0 {
		return
	}
	p.heading("%s: %d", heading, len(list))
	for _, d := range list[:min(len(list), maxMinor)] {
		writeMinor(p, s, t, d)
	}
	p.more("  ", len(list)-maxMinor)
}

// writeSite lists the filters of the site with what each sets aside, also nothing.
func writeSite(p *page, s *pipeline.Snapshot) {
	if len(s.Filtered) == 0 {
		return
	}
	p.heading("Filters of the site")
	for _, x := range export.SiteOf(s) {
		p.paragraph("  ", "    ", shown(wording.Counted(x.Detections, "detection", "detections")+": "+x.String()))
	}
}

func writeDetection(p *page, s *pipeline.Snapshot, t clock, d *detect.Detection) {
	p.heading("%s  %-8s  %s %s  %s", t.brief(d.Time), d.Severity, d.Rule.Name, d.Rule.Title, techniques(d.Rule))
	p.wrap("  ", shown(d.Summary))
	if len(d.Connections) > 0 {
		p.wrap("  ", connectionList(s, d.Connections, maxConnections))
	}
}

// writeMinor writes a detection that asks for little attention in little space.
func writeMinor(p *page, s *pipeline.Snapshot, t clock, d *detect.Detection) {
	text := fmt.Sprintf("%s %s %s %s (%s): %s", t.brief(d.Time), d.Severity, d.Rule.Name, d.Rule.Title, techniques(d.Rule), shown(d.Summary))
	if d.Site != nil {
		text += "; " + shown(d.Aside())
	}
	if len(d.Connections) > 0 {
		text += "; " + connectionList(s, d.Connections, 1)
	}
	p.paragraph("  ", "    ", text)
}

// techniques lists the ATT&CK ids of a rule.
func techniques(r *rule.Rule) string {
	var ids []string
	for _, t := range r.Successors() {
		text := t.ID
		if len(t.Old) > 0 {
			text += " (" + strings.Join(t.Old, ", ") + ")"
		}
		ids = append(ids, text)
	}
	return strings.Join(ids, " ")
}

// connectionList names the first few of a list of connections.
func connectionList(s *pipeline.Snapshot, list []uint32, few int) string {
	names := make([]string, 0, few)
	for _, c := range list[:min(len(list), few)] {
		names = append(names, s.Connections.Name(int(c)))
	}
	text := "connection"
	if len(list) > 1 {
		text += "s"
	}
	text += " " + strings.Join(names, ", ")
	if n := len(list) - len(names); n > 0 {
		text += fmt.Sprintf(" and %d more", n)
	}
	return text
}

// writeSuspects lists the connections that should be read first.
func writeSuspects(p *page, s *pipeline.Snapshot) error {
	t := clockOf(s)
	p.title("Suspects: the connections to read first")
	total := s.Ranking.Len()
	if total == 0 {
		p.line("None: nothing speaks against any connection.")
		return nil
	}
	if s.Ranking.FromTheStart() {
		p.wrap("", "The log begins with suspicious connections: what was ordinary before them is not in it; --baseline-log FILE gives the log of another day.")
	}
	for i, x := range s.Ranking.First()[:min(total, maxSuspects)] {
		c := s.Connections.Peek(int(x.Connection))
		p.heading("%3d.  %.3f  connection %s  %s", i+1, x.Score, s.Connections.Name(int(x.Connection)), judged(s, x.Connection))
		start := s.Moment(int(c.First))
		when := " " + t.brief(start)
		switch {
		case start.Known():
			when = " from" + when
		case !start.Dated():
			when = "," + when
		}
		p.wrap("      ", fmt.Sprintf("%s@%s%s, %s, login: %s", name(s.Connections.Text(c.User)), name(s.Connections.Text(c.Host)),
			when, wording.Counted(int(c.Entries), "entry", "entries"), c.Outcome))
		for _, reason := range x.Reasons {
			p.wrap("      - ", shown(reason))
		}
	}
	if n := total - maxSuspects; n > 0 {
		p.print("\n")
		p.line("and %d more, %d in all", n, total)
	}
	return nil
}

// judged is what somebody has made of a connection. Without a label it counts as
// normal, which must not look like a verdict.
func judged(s *pipeline.Snapshot, connection uint32) string {
	if v, ok := verdict(s, connection); ok {
		return "labelled " + shown(v.Class)
	}
	return "not labelled"
}

func verdict(s *pipeline.Snapshot, connection uint32) (label.Verdict, bool) {
	if s.Truth == nil {
		return label.Verdict{}, false
	}
	return s.Truth.Labels.Verdict(s.Connections.Ref(int(connection)))
}

// number is a count as a cell.
func number(n int) string { return strconv.Itoa(n) }
