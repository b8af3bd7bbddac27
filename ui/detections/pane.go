package detections

import (
	"fmt"
	"strings"
	"time"

	"sqleuth/analysis/detect"
	"sqleuth/ui/widget"
)

// maxSteps is how many steps of a story and users of a detection the pane names.
const maxSteps = 50

// sent is what every hit must be read with.
const sent = "An entry says that a statement was sent, not that it worked."

// paragraphs says in full what the row under the cursor means, nothing where
// there is none.
func (m Model) paragraphs() []string {
	r, ok := m.current()
	if !ok {
		return nil
	}
	return r.paragraphs(m.snapshot.Zone())
}

func (r row) paragraphs(zone string) []string {
	if r.detection == nil {
		return storyParagraphs(r.story, zone)
	}
	return detectionParagraphs(r.detection, zone)
}

func storyParagraphs(s *detect.Story, zone string) []string {
	out := []string{
		fmt.Sprintf("The attack from %s: %s, %s", s.Host,
			widget.Number(len(s.Steps), "step", "steps"), widget.Number(len(s.Connections), "connection", "connections")),
		span(s.Time, s.Last, zone),
	}
	for k := range s.Steps {
		if k == maxSteps {
			out = append(out, widget.Number(len(s.Steps)-k, "more step", "more steps"))
			break
		}
		d := &s.Steps[k]
		out = append(out, fmt.Sprintf("%d. +%s %s %s (%s, %s): %s", k+1, elapsed(d.Time-s.Time), d.Rule.ID, d.Rule.Name, d.Severity, ids(d.Rule, maxSteps), d.Summary))
	}
	return append(out, sent)
}

func detectionParagraphs(d *detect.Detection, zone string) []string {
	out := []string{fmt.Sprintf("%s %s, %s: %s", d.Rule.ID, d.Rule.Name, d.Severity, d.Summary)}
	facts := span(d.Time, d.Last, zone) + ", " +
		widget.Number(len(d.Connections), "connection", "connections") + ", " + widget.Number(len(d.Entries), "entry", "entries") + " kept as evidence"
	if len(d.Entries) >= detect.MaxEntries {
		facts += " (the first; enter opens all entries of the connections)"
	}
	out = append(out, facts+".")
	if len(d.Users) > 1 {
		text := "Users: " + strings.Join(d.Users[:min(len(d.Users), maxSteps)], ", ")
		if n := len(d.Users) - maxSteps; n > 0 {
			text += fmt.Sprintf(" and %d more", n)
		}
		out = append(out, text)
	}
	var techniques []string
	for _, t := range d.Rule.Techniques {
		text := t.ID + " " + t.Name
		if t.Old != t.ID {
			text += " (" + t.Old + " in " + detect.OldAttackVersion + ")"
		}
		techniques = append(techniques, text)
	}
	out = append(out, "ATT&CK "+detect.AttackVersion+": "+strings.Join(techniques, "; "))
	return append(out, "The rule: "+d.Rule.What, sent)
}

// ids lists the first of a rule's techniques.
func ids(r *detect.Rule, most int) string {
	var out []string
	for k, t := range r.Techniques {
		if k == most {
			out = append(out, fmt.Sprintf("+%d", len(r.Techniques)-k))
			break
		}
		out = append(out, t.ID)
	}
	return strings.Join(out, " ")
}

// span says from when to when.
func span(from, to int64, zone string) string {
	return widget.Time(from) + " to " + widget.Time(to) + " " + zone + " (" + elapsed(to-from) + ")"
}

func elapsed(micros int64) string {
	if micros == 0 {
		return "0s"
	}
	return widget.Elapsed(time.Duration(micros) * time.Microsecond)
}
