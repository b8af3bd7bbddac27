package pipeline

import "time"

// toUTC takes microseconds of a local time, counted as if it were UTC, to UTC.
// A local time that occurs twice, when clocks go back, is taken for the first.
func toUTC(local int64, zone *time.Location) int64 {
	t := time.UnixMicro(local).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UnixMicro()
}
