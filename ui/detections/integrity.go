package detections

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/ui/message"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// integrityRule is the rule under which all that is about the log itself is listed.
// Of its many signs it looks for one, time that steps back; the others are findings
// of package integrity.
func integrityRule(s *pipeline.Snapshot) *rule.Rule { return detect.IntegrityRule(s.Rules) }

// doubt is what every finding must be read with.
const doubt = "A finding is a reason to look, not a proof: each of these things also happens on honest servers."

// findingRows makes a row for each finding but one that is a detection as well:
// that finding goes with the detection's row, which keeps more evidence.
func findingRows(s *pipeline.Snapshot, rows []row) []row {
	var out []row
	under := integrityRule(s)
	for k := range s.Integrity.Findings {
		f := &s.Integrity.Findings[k]
		if f.Kind == integrity.Backwards {
			if at := slices.IndexFunc(rows, func(r row) bool { return r.detection != nil && r.detection.Rule == under }); at >= 0 {
				rows[at].finding, rows[at].integrity = f, under
				continue
			}
		}
		out = append(out, row{finding: f, integrity: under, about: about(s, f)})
	}
	return out
}

// about returns the connections that did what a finding speaks of, ascending;
// none where the entries only show where it is (the first one behind a restart),
// or where the finding has not kept all of them.
func about(s *pipeline.Snapshot, f *integrity.Finding) []uint32 {
	switch {
	case len(f.Entries) >= integrity.MaxEntries:
		return nil
	case f.Kind == integrity.LoggingChanged:
		return connectionsOf(s, f.Entries[:1]) // the other one is what came next
	case f.Kind == integrity.Forged, f.Kind == integrity.OpenEnded, f.Kind == integrity.NeverConnected:
		return connectionsOf(s, f.Entries)
	}
	return nil
}

func connectionsOf(s *pipeline.Snapshot, entries []int) []uint32 {
	var out []uint32
	for _, i := range entries {
		out = append(out, s.Entries.Connection(i))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// entries are those that a finding concerns, as far as they were kept.
func (r row) entries() []int {
	if r.detection == nil {
		return r.finding.Entries
	}
	list := make([]int, len(r.detection.Entries))
	for k, i := range r.detection.Entries {
		list[k] = int(i)
	}
	return list
}

// open leads to what a finding concerns: the one place in the log, among the
// entries around it, or else a list of the places.
func (r row) open() tea.Msg {
	list := r.entries()
	switch n := len(list); {
	case n == 0:
		return message.Notice{Text: "this finding concerns no single entry; " + widget.DetailsKey().Help().Key + " says all of it"}
	case list[n-1]-list[0] == n-1:
		return message.ShowEntry{Index: r.place()}
	}
	title := r.title()
	if r.finding.Kind != integrity.Backwards {
		return message.OpenEntries{Title: title, Pick: picks(list)}
	}
	at := picks(list)
	return message.OpenEntries{Title: title + ", each with the entry before", Pick: func(s *pipeline.Snapshot, i int) bool {
		return at(s, i) || at(s, i+1)
	}}
}

// place is the entry that the cursor should be on.
func (r row) place() int {
	list := r.entries()
	if f := r.finding; f.Kind == integrity.Forged && f.Count > 0 && len(list) > 1 {
		return list[1] // behind the statement that may hold it
	}
	return list[0]
}

func findingParagraphs(r row, s *pipeline.Snapshot, clock *theme.Clock) []string {
	f := r.finding
	out := []string{fmt.Sprintf("%s, %s: %s", r.title(), f.Severity, f.Summary)}
	switch list := r.entries(); {
	case f.Kind == integrity.Forged && f.Count > 0 && len(f.Entries) > 1:
		out = append(out, readings(f, s, clock)...)
	case len(list) > 0:
		out = append(out, where(list, f, clock, s.Zone()))
	}
	if f.Severity > rule.Context { // what is only worth knowing is no technique
		out = append(out, techniques(integrityRule(s)))
	}
	return append(out, doubt)
}

// where names the entries of a finding.
func where(list []int, f *integrity.Finding, clock *theme.Clock, zone string) string {
	from, to, zone := clock.Of(f.Time), clock.Of(f.Until), clock.Zone(zone)
	if from == to {
		return entryNames(list) + ", " + from.Format(time.DateTime) + " " + zone
	}
	return entryNames(list) + ", " + span(from, to, zone)
}

// entryNames returns a text like "entries 93 to 95", "entries 17; 1,204".
func entryNames(list []int) string {
	n := len(list)
	switch {
	case n == 1:
		return "Entry " + widget.Count(list[0]+1)
	case list[n-1]-list[0] == n-1:
		return "Entries " + widget.Count(list[0]+1) + " to " + widget.Count(list[n-1]+1)
	}
	var names []string
	for _, i := range list[:min(n, integrity.MaxEntries)] {
		names = append(names, widget.Count(i+1))
	}
	text := "Entries " + strings.Join(names, "; ")
	if n >= integrity.MaxEntries {
		text += " (the first ones)"
	}
	return text
}

// readings returns both ways in which possible forged entries can be read.
func readings(f *integrity.Finding, s *pipeline.Snapshot, clock *theme.Clock) []string {
	sent := func(i int) string {
		return fmt.Sprintf("%s of connection %s at %s", s.Command(i), s.Connections.Name(int(s.Entries.Connection(i))), clock.Of(s.Moment(i)).Format(time.DateTime))
	}
	var parsed, openers []string
	inName := false
	for k, i := range f.Entries {
		if e, ok := s.Integrity.EmbeddedAt(i); k == 0 || ok && e.Opener == i {
			openers = append(openers, "entry "+widget.Count(i+1)+", the "+sent(i))
			inName = inName || ok && e.InName
			continue
		}
		parsed = append(parsed, "entry "+widget.Count(i+1)+" is a "+sent(i))
	}
	inside := "text inside "
	if inName {
		inside = "the rest of a name that somebody tried to log in with, in "
	}
	return []string{
		"As parsed, which all figures rest on: " + strings.Join(parsed, "; ") + ".",
		"Or else: that is " + inside + strings.Join(openers, "; ") + ", and was never sent as such.",
	}
}

// forgedEvidence returns how much of a detection's evidence may be forged, empty
// for none.
func forgedEvidence(d *detect.Detection, s *pipeline.Snapshot) string {
	if len(s.Integrity.Embedded) == 0 {
		return ""
	}
	n := 0
	for _, i := range d.Entries {
		if e, ok := s.Integrity.EmbeddedAt(int(i)); ok && int(i) > e.Opener {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("Of the evidence %s may be forged: text of another one, see %s %s.", widget.Number(n, "entry", "entries"), integrityRule(s).Name, integrity.Forged)
}
