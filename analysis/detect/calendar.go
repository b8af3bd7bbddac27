package detect

import (
	"time"

	"sqleuth/analysis/rule"
)

// calendar remembers on which days a rule was true of an account at a time of day.
type calendar struct {
	slot int64 // of the day, in microseconds
	days map[habitual][2]int64
}

// habitual is what an account does under a rule at one time of day.
type habitual struct {
	rule *rule.Rule
	principalKey
	slot int64
}

const day = int64(24 * time.Hour / time.Microsecond)

// otherDay reports whether the same rule was true of the same account at about the
// same time of another day.
func (r *run) otherDay(m *match, slot time.Duration) bool {
	c := r.calendar(slot.Microseconds())
	for shift := int64(-1); shift <= 1; shift++ {
		key, d := c.key(m.ev.rule, m.who(), m.ev.first, shift)
		if span, ok := c.days[key]; ok && (span[0] != d || span[1] != d) {
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
	c := &calendar{max(slot, 1), map[habitual][2]int64{}}
	for _, ev := range r.evidence {
		key, d := c.key(ev.rule, r.principalOf(int(ev.entries[0])), ev.first, 0)
		span, ok := c.days[key]
		if !ok {
			span = [2]int64{d, d}
		}
		c.days[key] = [2]int64{min(span[0], d), max(span[1], d)}
	}
	if r.calendars == nil {
		r.calendars = map[int64]*calendar{}
	}
	r.calendars[slot] = c
	return c
}

func (c *calendar) key(rl *rule.Rule, who principalKey, t, shift int64) (habitual, int64) {
	t += shift * c.slot
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
