package findings

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"sqleuth/analysis/rule"
	"sqleuth/ui/widget"
)

// maxReasons is how many reasons the pane lists.
const maxReasons = 100

// about returns in full what is known of a connection.
func about(d data, row int) []string {
	f, ref := &d.findings[row], d.ref(row)
	head := "Connection " + f.Name + ": "
	if v, ok := d.labels.Verdict(ref); ok {
		head += v.Class + ", labelled by " + v.By()
		if !v.At.IsZero() {
			head += " on " + widget.Time(v.At.UnixMicro()) + " UTC"
		}
	} else {
		head += "not labelled, counts as normal"
	}
	out := []string{head}
	for k, g := range d.labels.History(ref).Verdicts {
		if k > 0 && k <= maxReasons {
			out = append(out, "Before: "+cmp.Or(g.What.Class, "no label")+" ("+g.What.By()+")")
		}
	}
	if note, ok := d.labels.Note(ref); ok {
		out = append(out, "Note"+note.By()+": "+note.Text)
	}
	clock := d.theme.Clock
	when := clock.Of(f.First).Format(time.DateTime) + " to " + clock.Of(f.Last).Format(time.DateTime) + " " + clock.Zone(d.snapshot.Zone())
	if took, ok := f.Last.Since(f.First); ok {
		when += " (" + widget.Elapsed(took) + ")"
	}
	out = append(out,
		when+", "+widget.Number(f.Entries, "entry", "entries"),
		fmt.Sprintf("%s@%s, database %s, login %s, score %.2f", f.User, f.Host, f.Database, f.Outcome, f.Score))
	for _, r := range f.Reasons[:min(len(f.Reasons), maxReasons)] {
		out = append(out, "- "+r)
	}
	if len(f.Actions) > 0 {
		out = append(out, "Actions: "+strings.Join(f.Actions, ", "))
	}
	if len(f.Tables) > 0 {
		out = append(out, "Tables: "+strings.Join(f.Tables, ", "))
	}
	if len(f.Techniques) > 0 {
		out = append(out, "ATT&CK "+rule.AttackVersion+": "+strings.Join(f.Techniques, " "))
	}
	return out
}
