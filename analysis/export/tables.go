package export

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/count"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pandascsv"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/schema"
)

// cellText is what cells of log origin go through.
type cellText struct {
	guard  func(string) string
	redact *redact.Redactor
}

func (o cellText) text(cell string) string      { return o.guard(o.redact.Phrase(cell)) }
func (o cellText) statement(cell string) string { return o.guard(o.redact.Statement(cell)) }

// sheet writes the rows of one CSV file, cells of log origin through cellText.
type sheet struct {
	*pandascsv.Writer
	as cellText
}

func newSheet(w io.Writer, as cellText) sheet {
	return sheet{pandascsv.NewWriter(w), as}
}

// text adds a cell of log origin.
func (s sheet) text(cell string)      { s.AppendField(s.as.text(cell)) }
func (s sheet) statement(cell string) { s.AppendField(s.as.statement(cell)) }
func (s sheet) redacted(cell string)  { s.AppendField(s.as.guard(cell)) }

func (s sheet) header(names []string) error { return s.Row(names...) }
func (s sheet) list(words []string)         { s.AppendField(join(words)) }
func (s sheet) flag(is bool)                { s.AppendField(strconv.FormatBool(is)) }
func (s sheet) none()                       { s.AppendField("") }

// texts adds a list of log origin, each text of it hidden by itself.
func (s sheet) texts(list []string) {
	if s.as.redact != nil {
		list = slices.Clone(list)
		for i, text := range list {
			list[i] = s.as.redact.Phrase(text)
		}
	}
	s.redacted(join(list))
}

// tags adds a list as Timesketch reads one from a cell.
func (s sheet) tags(list []string) {
	quoted := make([]string, len(list))
	for i, t := range list {
		quoted[i] = strconv.Quote(t)
	}
	s.text("[" + strings.Join(quoted, ",") + "]")
}

func raw(cell string) string { return cell }

// tallyColumns are the columns of the counts by one column of the notebook.
func tallyColumns(name string) []column[*count.Tally] {
	type row = *count.Tally
	return []column[row]{
		logged(name, func(t row) string { return t.Text }),
		number("count", func(t row) int64 { return int64(t.Count) }),
	}
}

// hourColumns are hours as rows, by their place, and values as columns, whose names are
// made by name. As in pandas, whose unstack is of one dtype, all counts are floats where
// a single cell of the table is missing, and that cell is empty.
func hourColumns(h count.Hourly, name func(string) string) []column[int] {
	columns := []column[int]{number("hour", func(i int) int64 { return int64(h.Hours[i]) })}
	missing := slices.ContainsFunc(h.Counts, func(row []int) bool { return slices.Contains(row, 0) })
	for k, value := range h.Columns {
		columns = append(columns, newColumn(name(value), schema.Number, true, func(w cells, i int) {
			switch n := h.Counts[i][k]; {
			case !missing:
				w.AppendInt(int64(n))
			case n == 0:
				w.AppendFloat(math.NaN())
			default:
				w.AppendFloat(float64(n))
			}
		}))
	}
	return columns
}

// pairColumns are the columns of frequent_patterns.csv.
func pairColumns() []column[*count.Pair] {
	type row = *count.Pair
	return []column[row]{
		logged("action", func(p row) string { return p.Action }),
		logged("table", func(p row) string { return p.Table }),
		number("counts", func(p row) int64 { return int64(p.Count) }),
	}
}

// thresholdColumns are the columns of the distributions of ids.
func thresholdColumns(name string) []column[*count.Threshold] {
	type row = *count.Threshold
	return []column[row]{
		logged(name, func(t row) string { return t.Text }),
		score("count", func(t row) float64 { return float64(t.Count) }),
		score("mean", func(t row) float64 { return t.Mean }),
		score("std", func(t row) float64 { return t.Std }),
		score("min", func(t row) float64 { return t.Min }),
		score("1%", func(t row) float64 { return t.P1 }),
		score("50%", func(t row) float64 { return t.P50 }),
		score("99%", func(t row) float64 { return t.P99 }),
		score("max", func(t row) float64 { return t.Max }),
	}
}

// templateColumns are the columns of templates.csv.
func templateColumns() []column[*loaded.Template] {
	type row = *loaded.Template
	return []column[row]{
		own("EventId", func(t row) string { return t.EventID }),
		sql("EventTemplate", func(t row) string { return t.Text }),
		number("Occurrences", func(t row) int64 { return int64(t.Count) }),
	}
}
