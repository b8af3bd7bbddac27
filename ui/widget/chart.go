package widget

import (
	"strings"

	"sqleuth/ui/theme"
)

// Bar draws value as a bar of at most width cells, where top fills it. A value
// that is not zero shows at least something.
func Bar(t *theme.Theme, value, top float64, width int) string {
	if width <= 0 {
		return ""
	}
	steps := len(t.Glyph.Eighths) + 1
	n := 0
	if top > 0 && value > 0 {
		n = min(width*steps, max(1, int(value/top*float64(width*steps)+0.5)))
	}
	bar := strings.Repeat(t.Glyph.Full, n/steps)
	long := n / steps
	if part := n % steps; part > 0 {
		bar += t.Glyph.Eighths[part-1]
		long++
	}
	return t.Filled.Render(bar) + strings.Repeat(" ", width-long)
}

// Gauge draws how much of total is done in width cells; with an unknown total
// (0) it is empty.
func Gauge(t *theme.Theme, done, total int64, width int) string {
	if width <= 0 {
		return ""
	}
	n := 0
	if total > 0 {
		n = int(min(total, max(0, done)) * int64(width) / total)
	}
	return t.Filled.Render(strings.Repeat(t.Glyph.Full, n)) + t.Empty.Render(strings.Repeat(t.Glyph.Rest, width-n))
}

// Spark draws values as a line of heights in at most width cells; several
// values that share a cell are summed. Zero is a space, anything else is seen.
func Spark(t *theme.Theme, values []int, width int) string {
	values = Resample(values, width)
	top := 0
	for _, v := range values {
		top = max(top, v)
	}
	var b strings.Builder
	for _, v := range values {
		if v <= 0 {
			b.WriteByte(' ')
			continue
		}
		b.WriteString(t.Glyph.Spark[v*(len(t.Glyph.Spark)-1)/top])
	}
	return b.String()
}

// Resample sums values into at most width buckets of (nearly) equal size.
func Resample(values []int, width int) []int {
	if width <= 0 || len(values) == 0 {
		return nil
	}
	if len(values) <= width {
		return values
	}
	out := make([]int, width)
	for i, v := range values {
		out[i*width/len(values)] += v
	}
	return out
}
