package theme

import (
	"strings"
	"sync/atomic"
	"time"

	"sqleuth/analysis/store"
)

// Clock is the zone that screens show the log's times in: UTC, or one that the
// analyst wants. It may be set while others read. The zero Clock is UTC.
type Clock struct{ zone atomic.Pointer[time.Location] }

// Set chooses a zone, nil for times as the log has them.
func (c *Clock) Set(zone *time.Location) { c.zone.Store(zone) }

// Zone names the zone for headings and behind times: that of the log, or of a chosen one
// the last part, "Berlin".
func (c *Clock) Zone(log string) string {
	zone := c.zone.Load()
	if zone == nil {
		return log
	}
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ")
}

// Local returns what a clock in the zone shows at a time, in microseconds as if that
// were UTC.
func (c *Clock) Local(micros int64) int64 {
	zone := c.zone.Load()
	if zone == nil || micros == store.NoTime {
		return micros
	}
	_, offset := time.UnixMicro(micros).In(zone).Zone()
	return micros + int64(offset)*time.Second.Microseconds()
}

// Time is Local as a time.
func (c *Clock) Time(micros int64) time.Time { return time.UnixMicro(c.Local(micros)).UTC() }

// UTC returns the time at which a clock in the zone shows what Local gives; of two, when
// clocks go back, the first.
func (c *Clock) UTC(local int64) int64 {
	zone := c.zone.Load()
	if zone == nil {
		return local
	}
	t := time.UnixMicro(local).UTC()
	return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UnixMicro()
}

// Of returns what a clock in the zone shows at a moment, as a moment of UTC.
func (c *Clock) Of(m store.Moment) store.Moment {
	m.Micros = c.Local(m.Micros)
	return m
}
