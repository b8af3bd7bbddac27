package evaluation

import (
	"fmt"
	"io"
	"sqleuth/analysis/rule"
)

// Text writes the result as a table of name.
func (r *Result) Text(w io.Writer, name string) error {
	p := printer{w: w}
	p.line("%s: %d connections of an attack, %d normal", name, r.Attacks, r.Normal)
	if r.Attacks > 0 {
		p.line("  ranking: average precision %.3f, %.0f %% of the attack above 0.5", r.Ranking.AveragePrecision, 100*r.Ranking.Above)
		for _, d := range depths {
			if _, ok := r.Ranking.Recall[d]; ok {
				p.line("    of the first %3d: precision %.2f, recall %.2f", d, r.Ranking.Precision[d], r.Ranking.Recall[d])
			}
		}
	}
	p.line("  normal connections above 0.5: %d", r.Above)
	for _, s := range r.Stages {
		severity := "no detection"
		if s.Found {
			severity = s.Severity.String()
		}
		p.line("  stage %-16s %5d connections, %5d in a detection of medium and above; gravest: %s; first suspect: %d", s.Name, s.Connections, s.Detected, severity, s.Rank)
	}
	for level := len(r.Alarms) - 1; level >= 0; level-- {
		a := r.Alarms[level]
		per := 0.0
		if r.Normal > 0 {
			per = 1000 * float64(a.Connections) / float64(r.Normal)
		}
		p.line("  %-8s and above: %4d detections, %5d normal connections in them (%.1f of 1,000)", rule.Severity(level), a.Detections, a.Connections, per)
	}
	for _, d := range r.Worst {
		p.line("  above medium, normal connections only: %s %s: %s", d.Rule.Name, d.Severity, d.Summary)
	}
	if e := r.Entries; e != nil {
		p.line("  entries: %d labelled, %d (%.1f %%) evidence of medium and above, %d of any detection", e.Labelled, e.Medium, percent(e.Medium, e.Labelled), e.Any)
		p.line("           %d others, %d (%.4f %%) evidence above context, %d of medium and above", e.Other, e.False, percent(e.False, e.Other), e.FalseMedium)
	}
	return p.err
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(1, whole)) }

// printer writes lines until one fails.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}
