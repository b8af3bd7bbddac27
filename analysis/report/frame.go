package report

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"sqleuth/analysis/count"
)

// frame is a pandas DataFrame as pandas 1.5.3 prints it under the options that
// the notebook sets (display.colheader_justify left, max_colwidth 1000,
// expand_frame_repr off). pandas cuts a frame of more than 60 rows to ten; a
// frame here is always whole.
type frame struct {
	indexName string // empty: the index has no name, and no line for it
	index     []string
	columns   []frameColumn
}

// frameColumn is a column with its cells as pandas' array formatters give
// them: a space or a sign in front.
type frameColumn struct {
	name    string
	numeric bool // then the header has a space in front too
	cells   []string
}

// frameCell is display.max_colwidth.
const frameCell = 1000

// write prints the frame as print(df) does.
func (f frame) write(p *page) {
	lead := []string{""}
	if f.indexName != "" {
		lead = append(lead, f.indexName)
	}
	columns := [][]string{append(lead, fixed(f.index, left, 0)...)}
	for _, c := range f.columns {
		header := c.name
		if c.numeric {
			header = " " + header
		}
		cells := fixed(fixed(c.cells, right, 0), left, utf8.RuneCountInString(header))
		column := []string{header}
		if f.indexName != "" {
			column = append(column, "")
		}
		columns = append(columns, append(column, cells...))
	}
	for i := range columns {
		columns[i] = fixed(columns[i], left, 0)
	}
	for i := range columns[0] {
		cells := make([]string, len(columns))
		for k := range columns {
			cells[k] = columns[k][i]
		}
		// Not page.line: pandas leaves spaces at the end of a line.
		p.print(strings.Join(cells, " ") + "\n")
	}
}

// fixed pads cells to the longest of them, at least to minimum, and cuts those
// that are longer than a cell may be.
func fixed(cells []string, justify func(string, int) string, minimum int) []string {
	n := minimum
	for _, c := range cells {
		n = max(n, utf8.RuneCountInString(c))
	}
	n = min(n, frameCell)
	out := make([]string, len(cells))
	for i, c := range cells {
		if utf8.RuneCountInString(c) > n {
			c = prefix(c, n-3) + "..."
		}
		out[i] = justify(c, n)
	}
	return out
}

// frameDigits is display.precision.
const frameDigits = 6

// formatFloats writes a column of floats as pandas' FloatArrayFormatter does:
// six decimals, as many zeros taken off as all have at their end, and the
// exponent form where some value is too small or too long for that.
func formatFloats(values []float64) []string {
	cells := formatFloatsAs("% .*f", values)
	long, large, small := false, false, false
	for i, v := range values {
		long = long || len(cells[i]) > frameDigits+6
		a := math.Abs(v)
		large = large || a > 1e6
		small = small || a > 0 && a < math.Pow10(-frameDigits)
	}
	if small || long && large {
		return formatFloatsAs("% .*e", values)
	}
	return cells
}

func formatFloatsAs(format string, values []float64) []string {
	cells := make([]string, len(values))
	for i, v := range values {
		if math.IsNaN(v) {
			cells[i] = "NaN"
		} else {
			cells[i] = fmt.Sprintf(format, frameDigits, v)
		}
	}
	return trimZeros(cells)
}

// trimZeros takes the last decimal off all numbers while all end in 0, and
// leaves one. Cells without a plain decimal point take no part.
func trimZeros(cells []string) []string {
	plain := func(s string) bool { return strings.Contains(s, ".") && !strings.Contains(s, "e") }
	for {
		some := false
		for _, c := range cells {
			if !plain(c) {
				continue
			}
			if !strings.HasSuffix(c, "0") || strings.HasSuffix(c, ".0") {
				return cells
			}
			some = true
		}
		if !some {
			return cells
		}
		for i, c := range cells {
			if plain(c) {
				cells[i] = c[:len(c)-1]
			}
		}
	}
}

func formatInts(values []int) []string {
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = fmt.Sprintf("% d", v)
	}
	return cells
}

// thresholdFrame is the data frame that describe(percentiles=[.01, .99])
// gives per value of a column.
func thresholdFrame(column string, list []count.Threshold) frame {
	f := frame{indexName: column}
	for _, t := range list {
		f.index = append(f.index, shown(t.Text))
	}
	for _, c := range []struct {
		name  string
		value func(count.Threshold) float64
	}{
		{"count", func(t count.Threshold) float64 { return float64(t.Count) }},
		{"mean", func(t count.Threshold) float64 { return t.Mean }},
		{"std", func(t count.Threshold) float64 { return t.Std }},
		{"min", func(t count.Threshold) float64 { return t.Min }},
		{"1%", func(t count.Threshold) float64 { return t.P1 }},
		{"50%", func(t count.Threshold) float64 { return t.P50 }},
		{"99%", func(t count.Threshold) float64 { return t.P99 }},
		{"max", func(t count.Threshold) float64 { return t.Max }},
	} {
		values := make([]float64, len(list))
		for i, t := range list {
			values[i] = c.value(t)
		}
		f.columns = append(f.columns, frameColumn{c.name, true, formatFloats(values)})
	}
	return f
}

// pairFrame is the data frame of the n most frequent pairs of action and table.
// Its index is the position that a pair has among all, sorted by action and
// table: reset_index has numbered them before they were sorted by count.
func pairFrame(all []count.Pair, n int) frame {
	position := make(map[count.Pair]int, len(all))
	for i, pair := range sortedPairs(all) {
		position[pair] = i
	}
	top := all[:min(n, len(all))]
	var f frame
	var actions, tables []string
	var counts []int
	for _, pair := range top {
		f.index = append(f.index, fmt.Sprint(position[pair]))
		actions = append(actions, " "+shown(pair.Action))
		tables = append(tables, " "+shown(pair.Table))
		counts = append(counts, pair.Count)
	}
	f.columns = []frameColumn{{"action", false, actions}, {"table", false, tables}, {"counts", true, formatInts(counts)}}
	return f
}
