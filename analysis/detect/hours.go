package detect

import (
	"slices"
	"time"
)

// hours are when a user logs in, wherever from.
type hours struct {
	of   [24]days // by hour of the day, the first and the last day on which
	some []int64  // days, someDays of them at most
}

// someDays is on how many days a user must have logged in for any hour to be unusual,
// the day of that hour among them.
const someDays = 5

// usualHour reports whether a user logs in at about this time of the day on another
// day too; ok is false where too few days are known. It compares the user with
// itself, so that the zone of the log does not matter.
func (r *run) usualHour(user uint32, t int64) (usual, ok bool) {
	h := r.hoursOf(user)
	if len(h.some) < someDays {
		return false, false
	}
	day, hour := dayAndHour(t)
	for shift := 23; shift <= 25; shift++ {
		if h.of[(hour+shift)%24].other(day) {
			return true, true
		}
	}
	return false, true
}

// hoursOf returns the hours of a user, which are read only.
func (r *run) hoursOf(user uint32) *hours {
	r.asked.Lock()
	defer r.asked.Unlock()
	if h := r.hours[user]; h != nil {
		return h
	}
	h := &hours{}
	r.hours[user] = h
	tries := r.history.UserTries(user)
	several := 0 // hours with more than one day
	for k := range tries.Len() {
		if tries.Refused(k) {
			continue
		}
		day, hour := dayAndHour(r.Approximate(tries.Entry(k)))
		known := h.of[hour]
		h.of[hour] = known.with(day)
		if known.some && known.first == known.last && known.other(day) {
			several++
		}
		if len(h.some) < someDays && !slices.Contains(h.some, day) {
			h.some = append(h.some, day)
		}
		if several == len(h.of) && len(h.some) == someDays {
			break // whatever is asked, there is another day
		}
	}
	return h
}

// dayAndHour returns the day, counted from 1970, and the hour of a time.
func dayAndHour(t int64) (d int64, hour int) {
	d = floorDiv(t, day)
	return d, int((t - d*day) / time.Hour.Microseconds())
}
