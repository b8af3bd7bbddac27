package detections

import (
	"fmt"
	"strings"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// maxNames is how many users of a detection the pane names.
const maxNames = 50

// sent is what every hit must be read with.
const sent = "An entry says that a statement was sent, not that it worked."

// paragraphs is in full what a row means.
func (r row) paragraphs(s *pipeline.Snapshot, clock *theme.Clock) []string {
	if r.finding != nil {
		return findingParagraphs(r, s, clock)
	}
	return detectionParagraphs(r.detection, s, clock)
}

func detectionParagraphs(d *detect.Detection, snap *pipeline.Snapshot, clock *theme.Clock) []string {
	out := []string{fmt.Sprintf("%s %s, %s: %s", d.Rule.Name, d.Rule.Title, d.Severity, d.Summary)}
	if d.Site != nil {
		out = append(out, "This is "+d.Aside()+".")
	}
	if text := forgedEvidence(d, snap); text != "" {
		out = append(out, text)
	}
	facts := span(clock.Of(d.Time), clock.Of(d.Last), clock.Zone(snap.Zone())) + ", " +
		widget.Number(len(d.Connections), "connection", "connections") + ", " + widget.Number(len(d.Entries), "entry", "entries") + " of evidence"
	out = append(out, facts+".")
	if len(d.Users) > 1 {
		text := "Users: " + strings.Join(d.Users[:min(len(d.Users), maxNames)], ", ")
		if n := len(d.Users) - maxNames; n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		out = append(out, text)
	}
	out = append(out, techniques(d.Rule), "The rule: "+strings.TrimSpace(d.Rule.Description))
	for _, part := range []struct{ what, text string }{
		{"Looks the same: ", d.Rule.Alike}, {"It misses: ", d.Rule.Misses}, {"Look next at: ", d.Rule.Next},
	} {
		if part.text != "" {
			out = append(out, part.what+strings.TrimSpace(part.text)+".")
		}
	}
	return append(out, sent)
}

// techniques names the techniques of ATT&CK that a rule is about.
func techniques(r *rule.Rule) string {
	var out []string
	for _, t := range r.Successors() {
		text := t.ID + " " + t.Name
		if len(t.Old) > 0 {
			text += " (" + strings.Join(t.Old, ", ") + " in " + rule.OldAttackVersion + ")"
		}
		out = append(out, text)
	}
	return "ATT&CK " + rule.AttackVersion + ": " + strings.Join(out, "; ")
}

// ids lists the first of a rule's techniques.
func ids(r *rule.Rule, most int) string {
	out := r.TechniqueIDs()
	if more := len(out) - most; more > 0 {
		out = append(out[:most], fmt.Sprintf("+%d", more))
	}
	return strings.Join(out, " ")
}

// span returns from when to when.
func span(from, to store.Moment, zone string) string {
	text := from.Format(time.DateTime) + " to " + to.Format(time.DateTime) + " " + zone
	if took, ok := to.Since(from); ok {
		text += " (" + widget.Elapsed(took) + ")"
	}
	return text
}
