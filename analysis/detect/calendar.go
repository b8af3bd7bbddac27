package detect

import (
	"time"

	"sqleuth/analysis/rule"
)

// calendar remembers on which days a rule was true of an account at a time of day.
type calendar struct {
	slot int64 // of the day, in microseconds
	days map[habitual]days
}

// habitual is what an account does under a rule at one time of day.
type habitual struct {
	rule *rule.Rule
	principalKey
	slot int64
}

// days are the first and the last day of something, counted from 1970.
type days struct {
	first, last int64
	some        bool // else there is none
}

// with adds a day.
func (d days) with(day int64) days {
	if !d.some {
		return days{day, day, true}
	}
	return days{min(d.first, day), max(d.last, day), true}
}

// other reports whether there is a day but the given one.
func (d days) other(day int64) bool { return d.some && (d.first != day || d.last != day) }

const day = int64(24 * time.Hour / time.Microsecond)

// otherDay reports whether the same rule was true of the same account at about the
// same time of another day.
func (r *run) otherDay(m *match, slot time.Duration) bool {
	c := r.calendar(slot.Microseconds())
	for shift := int64(-1); shift <= 1; shift++ {
		key, d := c.key(m.ev.rule, m.who(), m.ev.first+shift*c.slot)
		if c.days[key].other(d) {
			return true
		}
	}
	return false
}

// calendar returns the calendar of all evidence with a resolution, made once.
func (r *run) calendar(slot int64) *calendar {
	if c := r.calendars[slot]; c != nil {
		return c
	}
	c := &calendar{max(slot, 1), map[habitual]days{}}
	for _, ev := range r.evidence {
		key, d := c.key(ev.rule, r.principalOf(int(ev.entries[0])), ev.first)
		c.days[key] = c.days[key].with(d)
	}
	r.calendars[slot] = c
	return c
}

func (c *calendar) key(rl *rule.Rule, who principalKey, t int64) (habitual, int64) {
	d := floorDiv(t, day)
	return habitual{rl, who, (t - d*day) / c.slot}, d
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
