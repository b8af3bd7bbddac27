package export

import (
	"io"
	"math"
	"slices"
	"strconv"

	"sqleuth/analysis/count"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pandascsv"
)

// sheet writes the rows of one CSV file. Text cells go through guard.
type sheet struct {
	*pandascsv.Writer
	guard func(string) string
}

func newSheet(w io.Writer, guard func(string) string) sheet {
	return sheet{pandascsv.NewWriter(w), guard}
}

// text adds a cell of log origin.
func (s sheet) text(cell string) { s.AppendField(s.guard(cell)) }

func (s sheet) header(names []string) error { return s.Row(names...) }
func (s sheet) list(words []string)         { s.AppendField(join(words)) }
func (s sheet) texts(list []string)         { s.text(join(list)) }
func (s sheet) flag(is bool)                { s.AppendField(strconv.FormatBool(is)) }
func (s sheet) none()                       { s.AppendField("") }

func raw(cell string) string { return cell }

func writeTally(s sheet, column string, list []count.Tally) error {
	if err := s.Row(column, "count"); err != nil {
		return err
	}
	for _, t := range list {
		s.text(t.Text)
		s.AppendInt(int64(t.Count))
		if err := s.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// writeHourly writes hours as rows and values as columns. As in pandas, whose
// unstack is of one dtype, all counts are floats where a single cell of the table
// is missing, and that cell is empty.
func writeHourly(s sheet, h count.Hourly) error {
	s.AppendField("hour")
	for _, c := range h.Columns {
		s.text(c)
	}
	if err := s.EndRow(); err != nil {
		return err
	}
	add := func(n int) { s.AppendInt(int64(n)) }
	if slices.ContainsFunc(h.Counts, func(row []int) bool { return slices.Contains(row, 0) }) {
		add = func(n int) {
			if n == 0 {
				s.AppendFloat(math.NaN())
			} else {
				s.AppendFloat(float64(n))
			}
		}
	}
	for i, hour := range h.Hours {
		s.AppendInt(int64(hour))
		for _, n := range h.Counts[i] {
			add(n)
		}
		if err := s.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

func writePairs(s sheet, list []count.Pair) error {
	if err := s.Row("action", "table", "counts"); err != nil {
		return err
	}
	for _, p := range list {
		s.text(p.Action)
		s.text(p.Table)
		s.AppendInt(int64(p.Count))
		if err := s.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

func writeThresholds(s sheet, column string, list []count.Threshold) error {
	if err := s.Row(column, "count", "mean", "std", "min", "1%", "50%", "99%", "max"); err != nil {
		return err
	}
	for _, t := range list {
		s.text(t.Text)
		for _, v := range []float64{float64(t.Count), t.Mean, t.Std, t.Min, t.P1, t.P50, t.P99, t.Max} {
			s.AppendFloat(v)
		}
		if err := s.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

func writeTemplates(s sheet, list []loaded.Template) error {
	if err := s.Row("EventId", "EventTemplate", "Occurrences"); err != nil {
		return err
	}
	for _, t := range list {
		s.AppendField(t.EventID)
		s.text(t.Text)
		s.AppendInt(int64(t.Count))
		if err := s.EndRow(); err != nil {
			return err
		}
	}
	return nil
}
