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

func dayOf(half int32) int32 { return int32(floorDiv(int64(half), perDay)) }

// presence is when somebody did something.
type presence struct {
	// days and halfHours count those that come before all earlier ones or after them:
	// where a clock was set back, those in between count once.
	days, halfHours     uint32
	lowest, until, last int32 // half hours
}

// add adds an entry of a half hour. Those of which no time is known are left out.
func (p *presence) add(half int32) {
	switch {
	case half == noHour || half == p.last && p.halfHours > 0:
		return
	case p.halfHours == 0:
		p.days, p.halfHours, p.lowest, p.until = 1, 1, half, half
	case half < p.lowest || half > p.until:
		p.halfHours++
		if day := dayOf(half); day < dayOf(p.lowest) || day > dayOf(p.until) {
			p.days++
		}
		p.lowest, p.until = min(p.lowest, half), max(p.until, half)
	}
	p.last = half
}
