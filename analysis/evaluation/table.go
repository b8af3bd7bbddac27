package evaluation

import (
	"context"
	"fmt"
	"io"
	"strings"

	"sqleuth/analysis/label"
	"sqleuth/analysis/learned"
	"sqleuth/analysis/pipeline"
)

// Table writes how well captures are ranked as tables in Markdown: by the weights in
// use, and by weights that were chosen without each; how well connections were joined
// to incidents; what labels teach, within a capture and in another. others are captures
// to which nothing was fitted.
func Table(ctx context.Context, w io.Writer, captures, others []*Capture, fitted *Fitted) error {
	p := printer{w: w}
	p.line("| log | connections: average precision, without it | of the attack above 0.5, without it | honest above 0.5 | %s, %s, %s | statements: average precision, without it | found at 1 false alarm per 1,000, 10,000, 100,000 | incidents above low | most honest in one | stages in the first %d rows | with labels: F1 |", BaselineNames[0], BaselineNames[1], BaselineNames[2], firstRows)
	p.line("|---|---|---|---|---|---|---|---|---|---|---|")
	params := pipeline.LearnedParams(pipeline.DefaultParams())
	for k, c := range captures {
		without, err := c.Measure(ctx, &fitted.Without[k])
		if err == nil {
			err = p.row(ctx, c, without, params)
		}
		if err != nil {
			return err
		}
	}
	for _, c := range others {
		if err := p.row(ctx, c, nil, params); err != nil {
			return err
		}
	}
	transfers, err := Transfers(ctx, captures, label.LoginAttack, params)
	if err != nil {
		return err
	}
	p.transfers(transfers)
	return p.err
}

// row writes a row of the table. Without is how a capture is ranked by weights that were
// chosen without it, nil for one that none were chosen with.
func (p *printer) row(ctx context.Context, c *Capture, without *Result, params learned.Params) error {
	with := Measure(c.Snapshot, &c.Truth)
	if err := with.Learn(ctx, c.Snapshot, &c.Truth, params); err != nil {
		return err
	}
	// both writes a figure, and beside it the one without the capture.
	both := func(format string, of func(r *Result) float64) string {
		text := fmt.Sprintf(format, of(with))
		if without != nil {
			text += ", " + fmt.Sprintf(format, of(without))
		}
		return text
	}
	precision, above, baselines, statements, found := "", "", "", "", ""
	if with.Attacks > 0 {
		precision = both("%.3f", func(r *Result) float64 { return r.Ranking.AveragePrecision })
		above = both("%.0f %%", func(r *Result) float64 { return 100 * r.Ranking.Above })
		baselines = fmt.Sprintf("%.2f, %.2f, %.2f", with.Baselines[0].AveragePrecision, with.Baselines[1].AveragePrecision, with.Baselines[2].AveragePrecision)
	}
	honest := fmt.Sprintf("%s of %d", both("%.0f", func(r *Result) float64 { return float64(r.Ranking.FalseAbove) }), with.Normal)
	if e := with.Entries; e != nil {
		statements = both("%.3f", func(r *Result) float64 { return r.Entries.Ranking.AveragePrecision })
		found = fmt.Sprintf("%.1f, %.1f, %.1f %%", 100*e.Ranking.Found[0], 100*e.Ranking.Found[1], 100*e.Ranking.Found[2])
	}
	var classes []string
	for _, s := range with.Learned {
		if s.Class == label.Normal {
			continue
		}
		few := ""
		if s.Connections < Few {
			few = fmt.Sprintf(" (of %d)", s.Connections)
		}
		classes = append(classes, fmt.Sprintf("%s %.3f%s", s.Class, s.F1, few))
	}
	in := &with.Incidents
	p.line("| %s | %s | %s | %s | %s | %s | %s | %d of %d | %.1f %% | %d of %d | %s |", c.Name, precision, above, honest, baselines, statements, found,
		in.AboveLow, in.All, 100*in.Worst, in.First, in.Stages, strings.Join(classes, ", "))
	return p.err
}

// transfers writes how models do on other captures.
func (p *printer) transfers(list []Transfer) {
	p.line("")
	p.line("| model of | applied to | %s: average precision | all of the attack |", label.LoginAttack)
	p.line("|---|---|---|---|")
	for _, x := range list {
		class := ""
		if x.HasClass {
			class = fmt.Sprintf("%.3f", x.Class)
		}
		p.line("| %s | %s | %s | %.3f |", x.From.Name, x.To.Name, class, x.Any)
	}
}
