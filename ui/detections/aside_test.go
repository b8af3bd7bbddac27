package detections

import (
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/rule"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// TestAside: a detection that a filter of the site sets aside is listed, with a sign,
// a count and the reason.
func TestAside(t *testing.T) {
	in := screentest.Load(t)
	snap := *in.Labelled
	snap.Detections = slices.Clone(snap.Detections)[:1]
	snap.Integrity.Findings = nil
	d := &snap.Detections[0]
	d.Rated, d.Severity = rule.High, rule.Context
	d.Site = &rule.Filter{Title: "Known jobs", Reason: "nightly load"}
	s, _ := screentest.Send(New(theme.Plain()).SetSize(120, 40), message.Snapshot{Snapshot: &snap}, screentest.Unfiltered(&snap))
	s, _ = screentest.Press(t, s, list.Keys().Details)
	view := strings.Join(strings.Fields(s.View()), " ")
	if want := "set aside by the site, otherwise high: nightly load (Known jobs)"; !strings.Contains(view, want) {
		t.Errorf("the pane has no %q:\n%s", want, s.View())
	}
	s, _ = s.Escape()
	for _, want := range []string{asideSign + "   context", "the site's filters set aside 1"} {
		if !strings.Contains(s.View(), want) {
			t.Errorf("the list has no %q:\n%s", want, s.View())
		}
	}
}
