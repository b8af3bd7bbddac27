package report

import (
	"strings"

	"sqleuth/analysis/count"
	"sqleuth/analysis/feature"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pandascsv"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/wording"
)

// swapped explains what is wrong with the notebook's second report.
const swapped = "In this report the two class names stand swapped, because the notebook gives names without labels: its row Normal is class -1 (the anomalies), its row Anomaly is class 1."

// pandasRows is display.max_rows.
const pandasRows = 60

// writeNotebookCounts writes what the notebook counts, in its order: what it
// plots as tables of ours, what it prints as pandas prints it.
func writeNotebookCounts(p *page, s *pipeline.Snapshot) error {
	p.title("The notebook's tables")
	c := s.Counts
	if s.Len() == 0 || c == nil {
		p.line("The log has no entries.")
		return nil
	}
	p.heading("Distribution of SQL Actions (plot: countplot of action, in order of first appearance)")
	writeTally(p, "action", c.Action, s.Len())
	p.heading("Distribution of SQL table used (plot: countplot of table, in order of first appearance)")
	writeTally(p, "table", c.Table, s.Len())
	p.heading("SQL Actions by Hour of Day (plot: stacked bars; UTC)")
	writeHourly(p, c.HourAction, nil)
	p.heading("SQL table by Hour of Day (plot: stacked bars; UTC)")
	writeHourly(p, c.HourTable, nil)
	p.heading("print(frequent_patterns.head(10))")
	pairFrame(c.Pairs, maxPairs).write(p)
	p.heading("print(thresholds): connection ids by action")
	writeThresholdFrame(p, "action", c.ThresholdAction)
	p.heading("print(thresholds): connection ids by table")
	writeThresholdFrame(p, "table", c.ThresholdTable)
	p.heading("Drain: %s", wording.Counted(len(s.Templates), "template", "templates"))
	return nil
}

func writeThresholdFrame(p *page, column string, list []count.Threshold) {
	thresholdFrame(column, list).write(p)
	if len(list) > pandasRows {
		p.line("(all %d rows; pandas would print ten of them)", len(list))
	}
}

func writeNotebookIsolation(p *page, s *pipeline.Snapshot) error {
	p.title("Isolation forest, unsupervised")
	m := s.Isolation
	if m == nil {
		p.line(noEntries)
		return nil
	}
	p.line("IsolationForest(contamination=%s, n_estimators=%d, random_state=%d): offset_ %s, %d of %d flagged",
		repr(m.Contamination), m.Trees, m.Seed, repr(m.Forest.Offset), m.Flagged, s.Len())
	if m.Confusion == nil {
		p.line(noLabels)
		return nil
	}
	p.print("\n")
	writeNotebookReport(p, m.Report)
	return writeNotebookMatrix(p, m.Confusion)
}

func writeNotebookRandom(p *page, s *pipeline.Snapshot) error {
	p.title("Random forest, supervised")
	m := s.Random
	switch {
	case m == nil:
		p.line(noEntries)
		return nil
	case m.Forest == nil:
		p.wrap("", "Not trained: "+shown(m.Why)+".")
		return nil
	}
	p.line("RandomForestClassifier(n_estimators=%d, random_state=%d), train_test_split(test_size=%s, random_state=%d)",
		len(m.Forest.Shapes), m.Seed, repr(model.TestShare), m.Seed)
	p.line("%d rows to train on, %d to test; rows are split, so a connection may be on both sides", m.Train, m.Test)
	p.print("\n")
	writeNotebookReport(p, m.Report)
	p.wrap("", swapped)
	p.print("\n")
	if err := writeNotebookMatrix(p, m.Confusion); err != nil {
		return err
	}
	t := newTable(0, "feature", "feature_importances_")
	for i, v := range m.Forest.Importances() {
		t.add(feature.Columns[i], repr(v))
	}
	p.print("\n")
	p.table("  ", t)
	return nil
}

// repr writes a float as Python does.
func repr(v float64) string { return string(pandascsv.AppendFloat(nil, v)) }

// writeNotebookReport prints a report as the notebook's two print calls do.
func writeNotebookReport(p *page, r *metrics.Report) {
	p.print("Classification Report:\n" + r.String() + "\n")
}

// writeNotebookMatrix writes the two heat maps as tables.
func writeNotebookMatrix(p *page, c *metrics.Confusion) error {
	matrix, err := c.Matrix([]int{model.Normal, model.Anomaly})
	if err != nil {
		return err
	}
	shares := metrics.Normalize(matrix)
	counts := newTable(3, "", "Predicted Normal", "Predicted Anomaly")
	percentages := newTable(3, "", "Predicted Normal", "Predicted Anomaly")
	for i, actual := range []string{"Actual Normal", "Actual Anomaly"} {
		counts.add(actual, number(matrix[i][0]), number(matrix[i][1]))
		percentages.add(actual, share(shares[i][0]), share(shares[i][1]))
	}
	p.line("Confusion Matrix with Counts")
	p.table("  ", counts)
	p.heading("Confusion Matrix with Percentages")
	p.table("  ", percentages)
	return nil
}

func writeNotebookMixed(p *page, s *pipeline.Snapshot) error {
	p.title("Event ids in both classes")
	switch {
	case s.Mixed == nil:
		p.line("The log has no entries.")
	case !s.Truth.Positive:
		p.line(noLabels)
	default:
		p.line("%d", len(s.Mixed.Both))
		if len(s.Mixed.Both) > 0 {
			p.wrap("", strings.Join(s.Mixed.Both, " "))
		}
	}
	return nil
}
