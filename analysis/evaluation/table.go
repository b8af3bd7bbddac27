package evaluation

import (
	"context"
	"fmt"
	"io"
)

// Table writes how well captures are ranked as a table in Markdown: by the weights in
// use, and by weights that were chosen without each.
func Table(ctx context.Context, w io.Writer, captures []*Capture, fitted *Fitted) error {
	p := printer{w: w}
	p.line("| log | connections: average precision, without it | of the attack above 0.5, without it | honest above 0.5 | %s, %s, %s | statements: average precision, without it | found at 1 false alarm per 1,000, 10,000, 100,000 |", BaselineNames[0], BaselineNames[1], BaselineNames[2])
	p.line("|---|---|---|---|---|---|---|")
	for k, c := range captures {
		with := Measure(c.Snapshot, &c.Truth)
		without, err := c.Measure(ctx, &fitted.Without[k])
		if err != nil {
			return err
		}
		precision, above, baselines, statements, found := "", "", "", "", ""
		if with.Attacks > 0 {
			precision = fmt.Sprintf("%.3f, %.3f", with.Ranking.AveragePrecision, without.Ranking.AveragePrecision)
			above = fmt.Sprintf("%.0f %%, %.0f %%", 100*with.Ranking.Above, 100*without.Ranking.Above)
			baselines = fmt.Sprintf("%.2f, %.2f, %.2f", with.Baselines[0].AveragePrecision, with.Baselines[1].AveragePrecision, with.Baselines[2].AveragePrecision)
		}
		if e := with.Entries; e != nil {
			statements = fmt.Sprintf("%.3f, %.3f", e.Ranking.AveragePrecision, without.Entries.Ranking.AveragePrecision)
			found = fmt.Sprintf("%.1f, %.1f, %.1f %%", 100*e.Ranking.Found[0], 100*e.Ranking.Found[1], 100*e.Ranking.Found[2])
		}
		p.line("| %s | %s | %s | %d, %d of %d | %s | %s | %s |", c.Name, precision, above, with.Ranking.FalseAbove, without.Ranking.FalseAbove, with.Normal, baselines, statements, found)
	}
	return p.err
}
