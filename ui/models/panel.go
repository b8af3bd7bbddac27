package models

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"sqleuth/analysis/feature"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/model"
	"sqleuth/analysis/reading"
	"sqleuth/ui/widget"
)

// panel draws one forest in a number of cells, under a head of at least a number
// of lines.
func (m Model) panel(f forest, width, head int) []string {
	lines := m.head(f, width)
	for len(lines) < head {
		lines = append(lines, "")
	}
	x := m.matrix(f)
	if len(x.rows) == 0 {
		return append(lines, m.missing(f, width)...)
	}
	lines = append(lines, m.matrixLines(f, x, width)...)
	measured := m.measured(f)
	if measured.Confusion == nil {
		lines = append(lines, "")
		lines = append(lines, m.wrap("No connection is labelled as an anomaly, so there is nothing to compare with. "+m.howToLabel(), width, true)...)
	}
	if measured.Report != nil {
		lines = append(lines, m.reportLines(f, measured.Report, width)...)
	}
	if f == random {
		lines = append(lines, m.recallLines(width)...)
		lines = append(lines, m.importanceLines(width)...)
	}
	lines = append(lines, m.scoreLines(f, measured, width)...)
	return append(lines, m.curveLines(f, width)...)
}

// head names the forest and how it was made.
func (m Model) head(f forest, width int) []string {
	t, s := m.theme, m.snapshot
	name := f.String()
	style := &t.Tab
	if f == m.forest {
		// The brackets show where the cursor is where there are no styles.
		name, style = "["+name+"]", &t.ActiveTab
	}
	lines := []string{style.Render(widget.Clip(t, name, width))}
	if m.width == width && f == m.forest { // the other one is not on the screen
		lines[0] += "  " + t.Tab.Render(widget.Clip(t, (numForests-1-f).String(), max(0, width-len(name)-2)))
	}
	text := ""
	switch {
	case f == isolation:
		text = fmt.Sprintf("%d trees, contamination %s, seed %d; flags %s of %s entries", s.Isolation.Trees,
			strconv.FormatFloat(s.Isolation.Contamination, 'g', -1, 64), s.Isolation.Seed, widget.Count(s.Isolation.Flagged), widget.Count(s.Len()))
	case s.Random == nil || s.Random.Forest == nil:
		return lines
	default:
		by := "connections"
		if !s.Reading.SplitsByConnection() {
			by = "rows"
		}
		text = fmt.Sprintf("%d trees, seed %d; split by %s: trained on %s entries (%s anomalous), tested on %s (%s)", s.Isolation.Trees, s.Random.Seed, by,
			widget.Count(s.Random.Train), widget.Count(s.Random.TrainBad), widget.Count(s.Random.Test), widget.Count(s.Random.TestBad))
	}
	return append(lines, m.wrap(text, width, true)...)
}

// missing explains why there is no forest, and what to do.
func (m Model) missing(f forest, width int) []string {
	s := m.snapshot
	if f == isolation || s.Random == nil {
		return m.wrap("It is being trained.", width, false)
	}
	return append(m.wrap("There is no random forest: "+s.Random.Why+".", width, false), m.wrap(m.howToLabel(), width, true)...)
}

// howToLabel names the keys that label.
func (m Model) howToLabel() string {
	var list []string
	for digit, class := range m.labels.Classes() {
		if digit > 0 && digit < 10 {
			list = append(list, fmt.Sprintf("%d %s", digit, class))
		}
	}
	return "A digit labels the connection under the cursor, or all marked ones, on Overview, Connections, Entries, Detections and Findings: " +
		strings.Join(list, ", ") + "."
}

// matrixLines draws the matrix: counts, and under them the share of the row.
func (m Model) matrixLines(f forest, x matrix, width int) []string {
	t := m.theme
	name := max(8, min(16, width/4))
	cell := min(20, (width-name)/classes)
	if cell < 4 {
		return nil
	}
	head := strings.Repeat(" ", name)
	for _, class := range order {
		title := "predicted " + className[class]
		if len(title) > cell-2 {
			title = className[class]
		}
		head += widget.FitRight(t, title, cell)
	}
	lines := []string{"", t.Faint.Render(head)}
	for r, row := range x.rows {
		label := "all entries"
		if class := x.truth(r); class != everything {
			label = "actual " + className[class]
			if len(label) > name {
				label = className[class]
			}
		}
		counts, shares := widget.Fit(t, label, name), strings.Repeat(" ", name)
		sum := int64(row[0] + row[1])
		for c, n := range row {
			count, share := widget.FitRight(t, widget.Count(n), cell), widget.FitRight(t, widget.Share(int64(n), sum), cell)
			style := m.cellStyle(x.truth(r), order[c], n)
			if f == m.forest && m.cursor == (place{r, c}) {
				// A sign beside the count, because there may be no styles.
				count = " " + t.Cursor.Render(widget.FitRight(t, t.Glyph.Cursor+" "+widget.Count(n), cell-1))
				share = " " + t.Cursor.Render(share[1:])
			} else {
				count, share = style.Render(count), t.Faint.Render(share)
			}
			counts += count
			shares += share
		}
		lines = append(lines, counts, shares)
	}
	if f == m.forest {
		lines = append(lines, t.Strong.Render(widget.Clip(t, t.Glyph.Cursor+" "+m.cellLine(x), width)))
	} else {
		lines = append(lines, "")
	}
	return lines
}

// cellStyle shows by colour, beside the place, what is right and what is wrong.
func (m Model) cellStyle(truth, predicted, n int) *lipgloss.Style {
	t := m.theme
	switch {
	case n == 0 || truth == everything:
		return &t.Text
	case truth == predicted:
		return &t.Good
	}
	return &t.Bad
}

// reportLines draws scikit-learn's classification report.
func (m Model) reportLines(f forest, r *metrics.Report, width int) []string {
	t := m.theme
	name, column := 13, min(10, (width-13)/4)
	if column < 5 {
		return nil
	}
	line := func(label string, cells ...string) string {
		out := widget.Fit(t, label, name)
		for _, c := range cells {
			out += widget.FitRight(t, c, column)
		}
		return out
	}
	two := func(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }
	score := func(s metrics.ClassScore) string {
		return line(s.Name, two(s.Precision), two(s.Recall), two(s.F1), widget.Count(s.Support))
	}
	lines := []string{"", t.Title.Render(widget.Clip(t, "Classification report", width)),
		t.Faint.Render(line("", "precision", "recall", "f1-score", "support"))}
	for _, s := range r.Classes {
		lines = append(lines, score(s))
	}
	if r.IsAccuracy {
		lines = append(lines, line("accuracy", "", "", two(r.Accuracy()), widget.Count(r.Micro.Support)))
	} else {
		lines = append(lines, score(r.Micro))
	}
	lines = append(lines, score(r.Macro), score(r.Weighted))
	if f == random && m.snapshot.Reading == reading.Notebook {
		lines = append(lines, m.wrap("As in the notebook, the two names of this report are swapped: its row Normal is class -1, the anomalies, its row Anomaly is class 1. The matrix above names them rightly.", width, false)...)
	}
	return lines
}

// recallLines returns how many of each class were found, and which classes could
// not be tested.
func (m Model) recallLines(width int) []string {
	t, r := m.theme, m.snapshot.Random
	var lines []string
	for _, c := range r.Recall {
		lines = append(lines, widget.Clip(t, fmt.Sprintf("%s: %s of %s tested entries found (%s)", c.Class,
			widget.Count(c.Found), widget.Count(c.Tested), widget.Share(int64(c.Found), int64(c.Tested))), width))
	}
	for _, class := range r.Untested {
		lines = append(lines, m.wrap(class+": its only connection went to training, so it cannot be tested.", width, false)...)
	}
	return lines
}

func (m Model) importanceLines(width int) []string {
	t := m.theme
	name := 15
	lines := []string{"", t.Title.Render(widget.Clip(t, "Feature importances", width))}
	for k, v := range m.snapshot.Random.Forest.Importances() {
		lines = append(lines, widget.Fit(t, feature.Columns[k], name)+" "+widget.FitRight(t, strconv.FormatFloat(v, 'f', 3, 64), 5)+" "+
			widget.Bar(t, v, 1, width-name-7))
	}
	return lines
}

// scoreLines draws how the scores of both classes are distributed, and where the
// forest's threshold lies.
func (m Model) scoreLines(f forest, x *model.Measured, width int) []string {
	t, h := m.theme, &x.Histogram
	const name = 8
	columns := min(len(h.Bins), width-name)
	if columns < 10 {
		return nil
	}
	normal, anomalous := make([]int, len(h.Bins)), make([]int, len(h.Bins))
	for i, b := range h.Bins {
		normal[i], anomalous[i] = b.Negatives, b.Positives
	}
	what, threshold := "Anomaly probability, tested", 0.5
	if f == isolation {
		what, threshold = "Isolation score, all entries", -m.snapshot.Isolation.Forest.Offset
	}
	lines := m.titleLines(what+" (heights: log of the count)", width)
	if x.Confusion != nil {
		lines = append(lines, t.Faint.Render(widget.Fit(t, "normal", name))+t.Good.Render(heights(t.Glyph.Spark, widget.Resample(normal, columns))),
			t.Faint.Render(widget.Fit(t, "anomaly", name))+t.Bad.Render(heights(t.Glyph.Spark, widget.Resample(anomalous, columns))))
	} else {
		lines = append(lines, t.Faint.Render(widget.Fit(t, "entries", name))+heights(t.Glyph.Spark, widget.Resample(normal, columns)))
	}
	low, high := widget.Short(h.Low), widget.Short(h.High)
	axis := low + strings.Repeat(" ", max(1, columns-len(low)-len(high))) + high
	if at := (threshold - h.Low) / (h.High - h.Low); at >= 0 && at <= 1 {
		mark := make([]string, columns)
		for i := range mark {
			mark[i] = " "
		}
		k := min(columns-1, int(at*float64(columns)))
		mark[k] = t.Glyph.Flag
		lines = append(lines, strings.Repeat(" ", name)+t.Warn.Render(strings.Join(mark, "")))
	}
	lines = append(lines, strings.Repeat(" ", name)+t.Faint.Render(axis))
	// A tree's vote of one half counts as an anomaly, an isolation score must
	// be higher than the threshold.
	says := "from 0.5 on"
	switch {
	case f == isolation && m.above == "":
		says = "above the threshold" // which is being measured
	case f == isolation:
		says = "above " + m.above
	}
	return append(lines, t.Faint.Render(widget.Clip(t, t.Glyph.Flag+" "+says+": predicted as an anomaly", width)))
}

// titleLines is a title below an empty line; figures in it are not cut off.
func (m Model) titleLines(text string, width int) []string {
	lines := []string{""}
	for _, line := range m.wrap(text, width, false) {
		lines = append(lines, m.theme.Title.Render(line))
	}
	return lines
}

// heights draws counts by their logarithm: a class may be a thousand times as
// large as the other.
func heights(signs []string, counts []int) string {
	top := 0.0
	for _, n := range counts {
		top = max(top, math.Log1p(float64(n)))
	}
	var b strings.Builder
	for _, n := range counts {
		if n == 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteString(signs[int(math.Log1p(float64(n))/top*float64(len(signs)-1))])
	}
	return b.String()
}

// curveLines draws precision by recall.
func (m Model) curveLines(f forest, width int) []string {
	t, c := m.theme, m.curves[f]
	if c.precision == nil {
		return nil
	}
	plot := widget.Plot(t, min(width, panelMost), 8, 0, 1, c.precision)
	if plot == nil {
		return nil
	}
	lines := append(m.titleLines(fmt.Sprintf("Precision by recall: average %.3f, ROC area %.3f", c.average, c.area), width), plot...)
	room := min(width, panelMost) - widget.PlotLeft
	const left, middle, right = "0", "recall", "1"
	axis := left
	if room > len(left+middle+right)+2 {
		fill := room - len(left+middle+right)
		axis += strings.Repeat(" ", fill/2) + middle + strings.Repeat(" ", fill-fill/2) + right
	}
	return append(lines, strings.Repeat(" ", widget.PlotLeft)+t.Faint.Render(axis))
}
