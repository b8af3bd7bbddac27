package widget

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/guptarohit/asciigraph"

	"sqleuth/ui/theme"
)

// PlotLeft is the cells that the vertical axis of a Plot takes.
const PlotLeft = plotLabel + 2

const plotLabel = 6

// Plot draws series as lines over one another, from at least low to at least
// high, in width cells and height lines, with a vertical axis at the left; the
// values of a series are spread over the width, sampled where they are more.
// Series after the first are drawn with dots. Values that are not finite leave
// gaps. Nothing is drawn in less than two lines or columns.
func Plot(t *theme.Theme, width, height int, low, high float64, series ...[]float64) []string {
	room := width - PlotLeft
	if room < 2 || height < 2 {
		return nil
	}
	var drawn [][]float64
	chars := []asciigraph.CharSet{}
	for i, s := range series {
		if !finite(s) {
			continue
		}
		drawn = append(drawn, spread(s, room))
		if i == 0 {
			chars = append(chars, t.Glyph.Plot)
		} else {
			chars = append(chars, asciigraph.CreateCharSet(t.Glyph.Dot))
		}
	}
	if len(drawn) == 0 {
		return nil
	}
	if high <= low {
		high = low + 1
	}
	plot := asciigraph.PlotMany(drawn,
		asciigraph.Height(height-1), asciigraph.Offset(2),
		asciigraph.LowerBound(low), asciigraph.UpperBound(high),
		asciigraph.SeriesChars(chars...),
		asciigraph.YAxisValueFormatter(func(v float64) string { return fmt.Sprintf("%*s", plotLabel, Short(v)) }))
	if t.Glyph.Plot.VerticalLine == "|" {
		// These two are the library's own and cannot be chosen.
		plot = strings.NewReplacer("┤", "|", "┼", "+").Replace(plot)
	}
	return strings.Split(plot, "\n")
}

// finite reports whether a series has a value that can be drawn; the library
// has no answer to a series without one.
func finite(s []float64) bool {
	for _, v := range s {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			return true
		}
	}
	return false
}

// spread returns n values: of more the ones that lie nearest, of fewer each
// several times.
func spread(s []float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		v := s[min(len(s)-1, i*len(s)/n)]
		if math.IsInf(v, 0) {
			v = math.NaN()
		}
		out[i] = v
	}
	return out
}

// Short writes a number in at most six characters: 0.125, 12.5k, 3.20M.
func Short(v float64) string {
	a := math.Abs(v)
	switch {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return "-"
	case a >= 999.5e9:
		return strconv.FormatFloat(v, 'e', 0, 64)
	case a >= 999.5e6:
		return significant(v/1e9) + "G"
	case a >= 999.5e3:
		return significant(v/1e6) + "M"
	case a >= 9999.5:
		return significant(v/1e3) + "k"
	case a == math.Trunc(a):
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return significant(v)
}

// significant writes three figures of a number below 10,000.
func significant(v float64) string {
	switch a := math.Abs(v); {
	case a >= 99.95:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case a >= 9.995:
		return strconv.FormatFloat(v, 'f', 1, 64)
	case a >= 0.9995:
		return strconv.FormatFloat(v, 'f', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', 3, 64)
}
