package pipeline

import (
	"errors"
	"regexp"
	"strconv"
	"time"
)

// toUTC takes microseconds of a local time, counted as if it were UTC, to UTC.
// A local time that occurs twice, when clocks go back, is taken for the first.
func toUTC(local int64, zone *time.Location) int64 {
	t := time.UnixMicro(local).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UnixMicro()
}

var offsetZone = regexp.MustCompile(`^([+-])(\d\d):?(\d\d)$`)

// ParseZone reads the name of a zone, or an offset; empty is nil, unknown. The error is
// what to write instead.
func ParseZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	if m := offsetZone.FindStringSubmatch(name); m != nil {
		h, _ := strconv.Atoi(m[2])
		min, _ := strconv.Atoi(m[3])
		seconds := h*3600 + min*60
		if m[1] == "-" {
			seconds = -seconds
		}
		if h > 15 || min > 59 {
			return nil, errors.New("an offset goes from -15:59 to +15:59")
		}
		return time.FixedZone(name, seconds), nil
	}
	if name == "Local" {
		return nil, errors.New("name the zone; that of this machine is never assumed")
	}
	z, err := time.LoadLocation(name)
	if err != nil {
		return nil, errors.New("no such zone; give a name such as Europe/Berlin, UTC, or an offset such as +02:00")
	}
	return z, nil
}
