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
		p.ranking(&r.Ranking)
	}
	p.line("  normal connections above 0.5: %d", r.Ranking.FalseAbove)
	for _, b := range r.Baselines {
		if r.Attacks > 0 {
			p.line("    beside it, %-27s average precision %.3f", b.Name+":", b.AveragePrecision)
		}
	}
	for _, s := range r.Stages {
		severity := "no detection"
		if s.Found {
			severity = s.Severity.String()
		}
		p.line("  %-14s %-16s %5d connections, %5d in a detection of medium and above; gravest: %s; first suspect: %d, median: %d",
			s.Class, s.Name, s.Connections, s.Detected, severity, s.Rank, s.Median)
	}
	p.incidents(r)
	for level := len(r.Alarms) - 1; level >= 0; level-- {
		a := r.Alarms[level]
		p.line("  %-8s and above: %4d detections, %5d normal connections in them (%.1f of 1,000)", rule.Severity(level), a.Detections, a.Connections, perThousand(a.Connections, r.Normal))
	}
	for _, d := range r.Worst {
		p.line("  above medium, normal connections only: %s %s: %s", d.Rule.Name, d.Severity, d.Summary)
	}
	if r.Entries != nil {
		p.entries(r.Entries)
	}
	p.learned(r)
	return p.err
}

func (p *printer) ranking(k *Ranking) {
	p.line("  ranking: average precision %.3f, %.0f %% of the attack above 0.5", k.AveragePrecision, 100*k.Above)
	for _, d := range depths {
		if _, ok := k.Recall[d]; ok {
			p.line("    of the first %3d: precision %.2f, recall %.2f", d, k.Precision[d], k.Recall[d])
		}
	}
	p.line("    found at one false alarm per 1,000, 10,000, 100,000 honest ones: %.1f, %.1f, %.1f %%", 100*k.Found[0], 100*k.Found[1], 100*k.Found[2])
}

func (p *printer) entries(e *Entries) {
	p.line("  entries: %d labelled, %d (%.1f %%) evidence of medium and above, %d of any detection; %d others", e.Labelled, e.Medium, percent(e.Medium, e.Labelled), e.Any, e.Other)
	p.ranking(&e.Ranking)
	for _, b := range e.Baselines {
		p.line("    beside it, %-27s average precision %.3f, found %.1f, %.1f, %.1f %%", b.Name+":", b.AveragePrecision, 100*b.Found[0], 100*b.Found[1], 100*b.Found[2])
	}
	for level := len(e.Alarms) - 1; level >= 0; level-- {
		p.line("  %-8s and above: %5d other entries are evidence (%.2f of 1,000)", rule.Severity(level), e.Alarms[level], perThousand(e.Alarms[level], e.Other))
	}
}

func percent(part, whole int) float64 { return 100 * float64(part) / float64(max(1, whole)) }

func perThousand(part, whole int) float64 { return 1000 * float64(part) / float64(max(1, whole)) }

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
