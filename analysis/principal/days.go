package principal

import (
	"math"

	"sqleuth/analysis/store"
)

const (
	micros   = 1_000_000
	hour     = 60 * 60 * micros
	halfHour = hour / 2
	perDay   = 48 // half hours
)

// noHour is the half hour of entries before the first one that has a time.
const noHour = math.MinInt32

// clock gives the half hour, counted from 1970, of entry after entry.
type clock struct {
	start int64
	half  int32
}

func newClock() clock { return clock{half: noHour} }

// at returns the half hour of a time. Entries of one half hour follow each other:
// dividing once per change keeps a pass over a log cheap.
func (c *clock) at(time int64) int32 {
	if d := time - c.start; time != store.NoTime && (c.half == noHour || d < 0 || d >= halfHour) {
		c.half = int32(floorDiv(time, halfHour))
		c.start = int64(c.half) * halfHour
	}
	return c.half
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func dayOf(half int32) int32 {
	if half == noHour {
		return noHour
	}
	return int32(floorDiv(int64(half), perDay))
}

// presence is when somebody did something.
type presence struct {
	day   [keptDays]int32  // the first days in order of the log
	entry [keptDays]uint32 // and their first entries
	// days and halfHours count. Of those that a clock has stepped back into, between
	// the first and the last one, only the kept days count.
	days, halfHours     uint32
	lowest, until, last int32 // half hours
}

// keptDays is one more than are needed for something to be known: of three days one
// at most is that of the entry that asks.
const keptDays = KnownDays + 1

// add adds an entry of a half hour. Those of which no time is known are left out.
func (p *presence) add(entry uint32, half int32) {
	if half == p.last && p.halfHours > 0 || half == noHour {
		return
	}
	p.last = half
	day, outside := dayOf(half), p.halfHours == 0 || half < p.lowest || half > p.until
	newDay := p.halfHours == 0 || day < dayOf(p.lowest) || day > dayOf(p.until)
	if outside {
		p.halfHours++
		if p.halfHours == 1 {
			p.lowest, p.until = half, half
		}
		p.lowest, p.until = min(p.lowest, half), max(p.until, half)
	}
	kept := min(p.days, keptDays)
	for k := range kept {
		if p.day[k] == day {
			return
		}
	}
	switch {
	case kept < keptDays:
		p.day[kept], p.entry[kept] = day, entry
		p.days++
	case newDay:
		p.days++
	}
}

// before returns on how many days other than a given one there was something before
// an entry; days behind the kept ones do not count.
func (p *presence) before(entry int, day int32) (n int) {
	for k := range min(p.days, keptDays) {
		if int(p.entry[k]) < entry && p.day[k] != day {
			n++
		}
	}
	return n
}
