package report

import (
	"fmt"
	"strconv"
	"strings"

	"sqleuth/analysis/feature"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wording"
)

const (
	noEntries = "The log has no entries, so there is nothing to learn from."
	noLabels  = "No connection is labelled as an anomaly, so there is nothing to compare with."
)

func writeIsolation(p *page, s *pipeline.Snapshot) error {
	p.title("Isolation Forest (unsupervised)")
	m := s.Isolation
	if m == nil {
		p.line(noEntries)
		return nil
	}
	p.wrap("", fmt.Sprintf("%s of %d entries each, contamination %v, seed %d, trained on and applied to all %d entries.",
		wording.Counted(m.Trees, "tree", "trees"), m.Forest.Samples, m.Contamination, m.Seed, s.Len()))
	p.wrap("", "Features: "+strings.Join(feature.Columns[:], ", ")+".")
	p.line("Flagged: %s (%s), score_samples below %.6f", wording.Counted(m.Flagged, "entry", "entries"), percent(m.Flagged, s.Len()), m.Forest.Offset)
	if m.Confusion == nil {
		p.line(noLabels)
		return nil
	}
	return writeMeasured(p, m.Measured)
}

func writeRandom(p *page, s *pipeline.Snapshot) error {
	p.title("Random Forest (supervised)")
	m := s.Random
	switch {
	case m == nil:
		p.line(noEntries)
		return nil
	case m.Forest == nil:
		p.wrap("", "Not trained: "+shown(m.Why)+".")
		return nil
	}
	p.wrap("", fmt.Sprintf("%s, seed %d. Training and test are split by connection: a fifth of the connections of each class is tested, none is on both sides.",
		wording.Counted(len(m.Forest.Shapes), "tree", "trees"), m.Seed))
	p.line("Trained on %s (%d of them anomalies), tested on %s (%d).",
		wording.Counted(m.Train, "entry", "entries"), m.TrainBad, wording.Counted(m.Test, "entry", "entries"), m.TestBad)
	if len(m.Untested) > 0 {
		classes := make([]string, len(m.Untested))
		for i, c := range m.Untested {
			classes[i] = shown(c)
		}
		p.wrap("", "Not tested, because their only connection went to training: "+strings.Join(classes, ", ")+".")
	}
	if err := writeMeasured(p, m.Measured); err != nil {
		return err
	}
	if len(m.Recall) > 0 {
		t := newTable(3, "tested", "found", "share", "class")
		for _, r := range m.Recall {
			t.add(number(r.Tested), number(r.Found), percent(r.Found, r.Tested), shown(r.Class))
		}
		p.heading("Recall by class (entries of the test connections)")
		p.table("  ", t)
	}
	writeImportances(p, m)
	return nil
}

func writeImportances(p *page, m *model.Random) {
	t := newTable(1, "importance", "feature")
	for i, v := range m.Forest.Importances() {
		t.add(strconv.FormatFloat(v, 'f', 4, 64), feature.Columns[i])
	}
	p.heading("Feature importances")
	p.table("  ", t)
}

// writeMeasured writes a confusion matrix, counts with shares of their row, and
// the classification report.
func writeMeasured(p *page, m model.Measured) error {
	matrix, err := m.Confusion.Matrix([]int{model.Normal, model.Anomaly})
	if err != nil {
		return err
	}
	shares := metrics.Normalize(matrix)
	t := newTable(5, "", "predicted normal", "", "predicted anomaly", "")
	for i, actual := range []string{"actual normal", "actual anomaly"} {
		t.add(actual, number(matrix[i][0]), share(shares[i][0]), number(matrix[i][1]), share(shares[i][1]))
	}
	p.heading("Confusion matrix (entries, and their share of the row)")
	p.table("  ", t)
	p.heading("Classification report")
	p.print(m.Report.String())
	return nil
}

// share writes a part of 1 as a percentage, as Python's format .2% does.
func share(v float64) string {
	if v != v {
		return "nan%"
	}
	return strconv.FormatFloat(v*100, 'f', 2, 64) + "%"
}

func writeMixed(p *page, s *pipeline.Snapshot) error {
	p.title("Templates by class")
	switch {
	case s.Mixed == nil:
		p.line("The log has no entries.")
		return nil
	case !s.Truth.Positive:
		p.line(noLabels)
		return nil
	}
	p.line("In both classes: %d. Only in anomalies: %d. Only in normal entries: %d.", len(s.Mixed.Both), len(s.Mixed.AnomalyOnly), s.Mixed.NormalOnly)
	if len(s.Mixed.Both) > 0 {
		p.wrap("In both: ", strings.Join(s.Mixed.Both, " "))
	}
	return nil
}
