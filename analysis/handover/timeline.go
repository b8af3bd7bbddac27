package handover

import (
	"slices"
	"strings"
	"time"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/store"
)

// Timeline is a picture of the entries over time. The table that has the same is a
// block of its own, under the heading "hours".
type Timeline struct {
	Title, Summary, Note string
	Highest              string // what the highest bar means
	Width, Height        int
	Left, Right, Base    int
	Bars                 []Bar
	Letters              []Mark
	Ticks                []Tick
}

// Bar is the entries of a stretch of time.
type Bar struct {
	X, Y, W, H float64
	Y2, H2     float64 // of the part that is of incidents, none of no height
}

// Mark is a text under a bar.
type Mark struct {
	X    float64
	Y    int
	Text string
}

// Tick is a time at the axis.
type Tick struct {
	X              float64
	From, Y, Label int
	Text           string
}

// widths of a stretch, of which the first is taken that gives few enough.
var widths = []time.Duration{
	time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour,
	30 * 24 * time.Hour, 365 * 24 * time.Hour,
}

const (
	mostBars  = 96
	leastPart = 3.0 // of a bar that is still seen
)

// timeline adds the picture, nothing for a log without times.
func (b *builder) timeline() {
	s := b.s
	t := s.Timeline
	if t == nil || len(t.Entries) == 0 || s.Len() == 0 {
		return
	}
	lo, hi := t.Start, t.Start+t.Width*int64(len(t.Entries))-1
	width := (hi-lo)/mostBars + 1
	for _, w := range widths {
		if (hi-lo)/w.Microseconds() < mostBars-1 {
			width = w.Microseconds()
			break
		}
	}
	lo -= ((lo % width) + width) % width
	n := int((hi-lo)/width) + 1
	h := hours{lo, width, make([]int, n), make([]int, n), make([][]string, n)}
	at := func(us int64) int { return int(min(max((us-lo)/width, 0), int64(n-1))) }
	for i := range s.Len() {
		if us := s.Entries.Time(i); us != store.NoTime {
			h.entries[at(us)]++
		}
	}
	for k := range s.Incidents {
		letter := incident.Letter(k)
		for _, e := range s.Incidents[k].Entries {
			us := s.Entries.Time(int(e))
			if us == store.NoTime {
				continue
			}
			j := at(us)
			h.theirs[j]++
			if l := h.letters[j]; len(l) == 0 || l[len(l)-1] != letter {
				h.letters[j] = append(l, letter)
			}
		}
	}
	b.add(h.picture())
	table := h.table()
	b.hours = &table
}

// hours are the entries of a log by stretches of time of one width.
type hours struct {
	lo, width       int64 // of the first, in microseconds
	entries, theirs []int // all, and those of incidents
	letters         [][]string
}

// start writes when a stretch begins, as exactly as their width asks for.
func (h *hours) start(j int) string {
	layout := "2 Jan 15:04"
	switch span := h.span(); {
	case span < time.Minute:
		layout = "2 Jan 15:04:05"
	case span >= 24*time.Hour:
		layout = "2 Jan 2006"
	}
	return time.UnixMicro(h.lo + int64(j)*h.width).UTC().Format(layout)
}

func (h *hours) span() time.Duration { return time.Duration(h.width) * time.Microsecond }

// hit counts the stretches with entries of incidents.
func (h *hours) hit() (n int) {
	for _, l := range h.letters {
		n += min(len(l), 1)
	}
	return n
}

func (h *hours) picture() Timeline {
	n := len(h.entries)
	most, hit := max(1, slices.Max(h.entries)), h.hit()
	p := Timeline{
		Width: 740, Height: 186, Left: 8, Right: 732, Base: 140, Title: "Entries over time, and where the incidents are",
		Highest: "highest bar: " + figure(most) + " entries",
		Summary: counted(n, "bar", "bars") + " of " + stretch(h.span()) + " from " + h.start(0) + " on; " + counted(hit, "bar holds", "bars hold") + " entries of incidents. The table in section 3 gives the same figures.",
		Note:    "Entries in stretches of " + stretch(h.span()) + "; none is of an incident.",
	}
	if hit > 0 {
		p.Note = "Entries in stretches of " + stretch(h.span()) + "; letters mark those with entries of an incident, and red is how many these are, where they are few a little more."
	}
	step := float64(p.Right-p.Left) / float64(n)
	lastLetter := -100.0
	for j, e := range h.entries {
		x := float64(p.Left) + float64(j)*step
		if e > 0 {
			height, part := max(1.2, 118*float64(e)/float64(most)), 0.0
			if h.theirs[j] > 0 {
				part = min(height, max(leastPart, height*float64(h.theirs[j])/float64(e)))
			}
			base := float64(p.Base)
			p.Bars = append(p.Bars, Bar{tenth(x + step*0.08), tenth(base - height), tenth(step * 0.84), tenth(height), tenth(base - part), tenth(part)})
		}
		text := strings.Join(h.letters[j], "")
		if len(h.letters[j]) > 2 {
			text = h.letters[j][0] + "+"
		}
		if text != "" && x-lastLetter >= 7*float64(len(text)) {
			p.Letters = append(p.Letters, Mark{tenth(x + step/2), p.Base + 14, text})
			lastLetter = x
		}
	}
	for k := range 5 {
		j := k * n / 5
		if k > 0 && j == 0 {
			continue
		}
		p.Ticks = append(p.Ticks, Tick{tenth(float64(p.Left) + float64(j)*step), p.Base, p.Base + 22, p.Base + 34, h.start(j)})
	}
	return p
}

// table has what the picture shows, the stretches without an incident in one row.
func (h *hours) table() Table {
	t := Table{Caption: "The picture as a table: stretches of time with entries of incidents", Columns: []Column{{"From", false}, {"Incidents", false}, {"Entries of incidents", true}, {"All entries", true}}}
	quiet := 0
	for j, e := range h.entries {
		if len(h.letters[j]) == 0 {
			quiet += e
			continue
		}
		t.Rows = append(t.Rows, []Spans{line(h.start(j)), line(strings.Join(h.letters[j], ", ")), line(figure(h.theirs[j])), line(figure(e))})
	}
	rest := "all others"
	if len(t.Rows) == 0 {
		rest = "all"
	}
	t.Rows = append(t.Rows, []Spans{line(rest), line("-"), line("0"), line(figure(quiet))})
	return t
}

func stretch(d time.Duration) string {
	switch {
	case d == time.Hour:
		return "one hour"
	case d%(24*time.Hour) == 0:
		return counted(int(d/(24*time.Hour)), "day", "days")
	case d%time.Hour == 0:
		return counted(int(d/time.Hour), "hour", "hours")
	case d%time.Minute == 0:
		return counted(int(d/time.Minute), "minute", "minutes")
	case d%time.Second == 0:
		return counted(int(d/time.Second), "second", "seconds")
	}
	return d.String()
}

// tenth rounds to what a picture needs, so that it is the same on all machines.
func tenth(x float64) float64 { return float64(int(x*10+0.5)) / 10 }
