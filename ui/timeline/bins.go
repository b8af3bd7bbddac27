package timeline

import (
	"slices"
	"time"

	"sqleuth/ui/theme"
)

// Widths in microseconds.
const (
	ms     = int64(time.Millisecond / time.Microsecond)
	second = 1000 * ms
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// widths are those that a bin may have, so that its ends are round: from each to the next
// a step of the zoom.
var widths = []int64{
	ms, 2 * ms, 5 * ms, 10 * ms, 20 * ms, 50 * ms, 100 * ms, 200 * ms, 500 * ms,
	second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second,
	minute, 2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute,
	hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour,
	day, 2 * day, 7 * day, 14 * day, 28 * day, 84 * day, 364 * day,
}

// bases are the widths in which an index counts. Every wider bin than a base is made of
// whole ones of it.
var bases = []int64{
	ms, 10 * ms, 100 * ms, second, 5 * second, 30 * second,
	minute, 5 * minute, 30 * minute, hour, 6 * hour, day, 28 * day, 364 * day,
}

// start returns the begin of the bin that a time is in. Bins of weeks begin on Mondays,
// the others as days and clocks do.
func start(t, width int64) int64 {
	from := int64(0)
	if width%(7*day) == 0 {
		from = -3 * day // Monday, 1969-12-29
	}
	t -= from
	return t - (t%width+width)%width + from
}

// fitting returns the least width of which so many bins hold the times from first to last.
func fitting(first, last int64, bins int) int64 {
	for _, w := range widths {
		if (start(last, w)-start(first, w))/w < int64(bins) {
			return w
		}
	}
	return widths[len(widths)-1]
}

// base returns the least width of an index that holds the times from first to last in so
// many bins.
func base(first, last int64, bins int) int64 {
	for _, w := range bases {
		if (start(last, w)-start(first, w))/w < int64(bins) {
			return w
		}
	}
	return bases[len(bases)-1]
}

// zoomed returns the next width, narrower or wider.
func zoomed(width int64, step int) int64 {
	k := slices.Index(widths, width) + step
	return widths[max(0, min(k, len(widths)-1))]
}

// name writes a width: 5 min.
func name(width int64) string {
	for _, u := range []struct {
		width int64
		name  string
	}{{7 * day, " week"}, {day, " day"}, {hour, " h"}, {minute, " min"}, {second, " s"}} {
		if n := width / u.width; width%u.width == 0 {
			if u.width >= day && n > 1 {
				return number(n) + u.name + "s"
			}
			return number(n) + u.name
		}
	}
	return number(width/ms) + " ms"
}

// layout returns how times are written that begin bins of a width.
func layout(width int64) string {
	switch {
	case width >= minute:
		return "15:04"
	case width >= second:
		return "15:04:05"
	case width >= 100*ms:
		return "15:04:05.0"
	case width >= 10*ms:
		return "15:04:05.00"
	}
	return "15:04:05.000"
}

// between writes a span of whole bins, to not included, as it can be typed behind time:
// and :goto.
func between(c *theme.Clock, from, to, width int64) string {
	const date = time.DateOnly
	from, to = c.Local(from), c.Local(to)
	utc := func(t int64) time.Time { return time.UnixMicro(t).UTC() }
	if start(from, day) == from && start(to, day) == to {
		if to-from == day {
			return utc(from).Format(date)
		}
		return utc(from).Format(date) + " to " + utc(to-day).Format(date)
	}
	clock := layout(width)
	text := utc(from).Format(date+" "+clock) + " to "
	if start(to, day) == start(from, day) {
		return text + utc(to).Format(clock)
	}
	return text + utc(to).Format("01-02 "+clock)
}

// tick is a label of the axis.
type tick struct {
	at   int64
	text string
}

// tickWidth is the cells from one tick to the next, at least, beside its label.
const tickWidth = 1

// ticks labels an axis of bins from a time on, at round times: where cells are so many
// for a bin.
func ticks(c *theme.Clock, from int64, bins int, width int64, cells int) []tick {
	at := func(step int64) (list []tick, longest int) {
		for t := start(c.Local(from)+step-1, step); c.UTC(t) < from+int64(bins)*width; t += step {
			text := time.UnixMicro(t).UTC().Format(layout(step))
			switch {
			case step >= 28*day:
				text = time.UnixMicro(t).UTC().Format(time.DateOnly)
			case start(t, day) == t:
				text = time.UnixMicro(t).UTC().Format("01-02")
			}
			list = append(list, tick{c.UTC(t), text})
			longest = max(longest, len(text))
		}
		return list, longest
	}
	for _, step := range widths {
		if step < width || step%width != 0 || start(start(from, step), width) != start(from, step) {
			continue
		}
		if int64(bins)*width/step > int64(bins*cells/(len("15:04")+tickWidth)) {
			continue // too many to look at
		}
		if list, longest := at(step); int(step/width)*cells >= longest+tickWidth {
			return list
		}
	}
	return nil
}
