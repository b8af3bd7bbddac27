package detect

import (
	"time"

	"sqleuth/analysis/connection"
)

// hours are when a user logs in, wherever from: by hour of the day, the first and the
// last day on which.
type hours struct {
	of        [24]days
	different int // days, where time does not step back
	until     int64
}

// someDays is on how many days a user must have logged in for any hour to be unusual,
// the day of that hour among them.
const someDays = 5

// usualHour reports whether a user logs in at about this time of the day on another
// day too; ok is false where too few days are known. It compares the user with
// itself, so that the zone of the log does not matter.
func (r *run) usualHour(user uint32, t int64) (usual, ok bool) {
	if r.hours == nil {
		r.hours = r.listHours()
	}
	h := r.hours[user]
	if h == nil || h.different < someDays {
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

func (r *run) listHours() map[uint32]*hours {
	all := map[uint32]*hours{}
	for k := range r.logins.Len() {
		l := r.logins.get(k)
		if l.outcome != connection.Accepted {
			continue
		}
		h := all[l.user]
		if h == nil {
			h = &hours{}
			all[l.user] = h
		}
		day, hour := dayAndHour(l.time)
		if day > h.until {
			h.different++
			h.until = day
		}
		h.of[hour] = h.of[hour].with(day)
	}
	return all
}

// dayAndHour returns the day, counted from 1970, and the hour of a time.
func dayAndHour(t int64) (d int64, hour int) {
	d = floorDiv(t, day)
	return d, int((t - d*day) / time.Hour.Microseconds())
}
