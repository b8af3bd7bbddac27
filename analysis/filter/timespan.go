package filter

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"sqleuth/analysis/store"
)

// Untimed is the text of a filter that holds for the entries without a time: no
// span of time holds any of them.
const Untimed = "not " + fieldTime + ":..9999"

// Minute is the text of a filter that holds for the entries of the minute of a
// moment, or for those without a time where the moment is not known.
func Minute(m store.Moment) string {
	if !m.Known() {
		return Untimed
	}
	return Term(fieldTime, m.Format(momentLayouts[precisionMinute]))
}

// A timeTerm holds for entries of a span of time: from the begin of one moment
// to the end of another.
type timeTerm struct {
	first, last         moment
	openFirst, openLast bool
	single              bool // written as one moment
}

// A moment is a date and time known to a unit: 2025-03-12 is a whole day.
type moment struct {
	start     int64 // microseconds since 1970 UTC
	precision int   // index into momentLayouts
}

// momentLayouts are the ways to write a moment, coarse to fine.
var momentLayouts = [...]string{
	"2006", "2006-01", "2006-01-02", "2006-01-02T15", "2006-01-02T15:04", "2006-01-02T15:04:05",
	"2006-01-02T15:04:05.0", "2006-01-02T15:04:05.00", "2006-01-02T15:04:05.000",
	"2006-01-02T15:04:05.0000", "2006-01-02T15:04:05.00000", "2006-01-02T15:04:05.000000",
}

const (
	precisionYear = iota
	precisionMonth
	precisionDay
	precisionHour
	precisionMinute
	precisionSecond
)

func (m moment) time() time.Time { return time.UnixMicro(m.start).UTC() }

func (m moment) String() string { return m.time().Format(momentLayouts[m.precision]) }

// end returns the first microsecond behind the moment.
func (m moment) end() int64 {
	switch m.precision {
	case precisionYear:
		return m.time().AddDate(1, 0, 0).UnixMicro()
	case precisionMonth:
		return m.time().AddDate(0, 1, 0).UnixMicro()
	case precisionDay:
		return m.start + 24*time.Hour.Microseconds()
	case precisionHour:
		return m.start + time.Hour.Microseconds()
	case precisionMinute:
		return m.start + time.Minute.Microseconds()
	}
	unit := time.Second.Microseconds()
	for range m.precision - precisionSecond {
		unit /= 10
	}
	return m.start + unit
}

// parseMoment reads a beginning of "2025-03-12T13:05:09.123456"; a space may
// stand for the T, and a Z behind a time says what is meant anyway.
func parseMoment(text string) (moment, error) {
	s := []byte(text)
	if len(s) > 10 && (s[10] == ' ' || s[10] == 't') {
		s[10] = 'T'
	}
	if n := len(s); n > 11 && (s[n-1] == 'Z' || s[n-1] == 'z') {
		s = s[:n-1]
	}
	for p, layout := range momentLayouts {
		if len(layout) != len(s) {
			continue
		}
		// time.Parse is laxer than its layout: "9" for an hour, a comma for the point.
		if t, err := time.Parse(layout, string(s)); err == nil && t.Format(layout) == string(s) {
			return moment{t.UnixMicro(), p}, nil
		} else if pe := (*time.ParseError)(nil); errors.As(err, &pe) && strings.Contains(pe.Message, "out of range") {
			return moment{}, fmt.Errorf("there is no time %s", shorten(text))
		}
	}
	return moment{}, fmt.Errorf("%s is not a time: write it as the log's times are shown, like 2025-03-12T13:05:09.123456, or leave off its end: 2025-03-12T13, 2025-03-12", shorten(text))
}

// parseTime reads "A", "A..B", "A.." or "..B". at is the offset in text at
// which an error is.
func parseTime(text string) (t timeTerm, at int, err error) {
	first, last, ranged := strings.Cut(text, "..")
	if !ranged {
		m, err := parseMoment(text)
		return timeTerm{first: m, last: m, single: true}, 0, err
	}
	t.openFirst, t.openLast = first == "", last == ""
	if t.openFirst && t.openLast {
		return t, 0, errors.New("a range needs a begin or an end: time:2025-03-12.. or time:..2025-03-12")
	}
	if !t.openFirst {
		if t.first, err = parseMoment(first); err != nil {
			return t, 0, err
		}
	}
	if !t.openLast {
		if t.last, err = parseMoment(last); err != nil {
			return t, len(first) + len(".."), err
		}
	}
	if !t.openFirst && !t.openLast && t.last.end() <= t.first.start {
		return t, 0, fmt.Errorf("the range runs backwards: write time:%s..%s", t.last, t.first)
	}
	return t, 0, nil
}

// Period reads "FROM..TO", in the words of a term time:FROM..TO, either end of which may
// be left open. It returns the times in microseconds since 1970, to not included.
func Period(text string) (from, to int64, err error) {
	if !strings.Contains(text, "..") {
		return 0, 0, errors.New("write FROM..TO, such as 2025-03-12..2025-03-14T08")
	}
	t, _, err := parseTime(text)
	if err != nil {
		return 0, 0, err
	}
	from, to = math.MinInt64+1, math.MaxInt64 // what has no time is in no period
	if !t.openFirst {
		from = t.first.start
	}
	if !t.openLast {
		to = t.last.end()
	}
	return from, to, nil
}

func (t timeTerm) appendText(dst []byte, _ binding) []byte {
	dst = append(append(dst, fieldTime...), ':')
	if !t.openFirst {
		dst = append(dst, t.first.String()...)
	}
	if t.single {
		return dst
	}
	dst = append(dst, ".."...)
	if !t.openLast {
		dst = append(dst, t.last.String()...)
	}
	return dst
}
