package store

import (
	"cmp"
	"math"
	"time"
)

// NoTime is the Time of an entry that has none: the log shows no time for it, and
// none for an entry of its file before it. Differences to it overflow; package
// loaded has times to compute with.
const NoTime = math.MinInt64

// Moment is a time as far as it is known.
type Moment struct {
	Micros int64 // microseconds since 1970-01-01T00:00:00Z; NoTime where nothing is known
	Before bool  // it was before Micros, the next time that is known
}

// Unknown is a Moment of which nothing is known.
var Unknown = Moment{Micros: NoTime}

// At returns the Moment of a time, Unknown for NoTime.
func At(micros int64) Moment { return Moment{Micros: micros} }

// Known reports whether the moment itself is known.
func (m Moment) Known() bool { return m.Micros != NoTime && !m.Before }

// Dated reports whether the moment or a bound of it is known.
func (m Moment) Dated() bool { return m.Micros != NoTime }

// Format writes a moment in UTC for people: by the layout, as "before ..." or as
// "unknown".
func (m Moment) Format(layout string) string {
	if m.Micros == NoTime {
		return "unknown"
	}
	text := time.UnixMicro(m.Micros).UTC().Format(layout)
	if m.Before {
		return "before " + text
	}
	return text
}

// Brief writes a moment to the second, for the narrow columns of lists: of the time
// that it was before, the time of day.
func (m Moment) Brief() string {
	if m.Before {
		return m.Format(time.TimeOnly)
	}
	return m.Format(time.DateTime)
}

// Compare orders moments by time, one that was before a time in front of that time
// itself, and unknown ones first.
func (m Moment) Compare(o Moment) int {
	switch {
	case m.Micros != o.Micros:
		return cmp.Compare(m.Micros, o.Micros)
	case m.Before == o.Before:
		return 0
	case m.Before:
		return -1
	}
	return 1
}

// Since returns how many microseconds passed from another moment to this one,
// false where one of them is not known.
func (m Moment) Since(from Moment) (micros int64, ok bool) {
	if !m.Known() || !from.Known() {
		return 0, false
	}
	return m.Micros - from.Micros, true
}
