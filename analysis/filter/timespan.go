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

// since returns what the moments of the span begin with, which is the same of both.
func (t timeTerm) since() origin {
	if t.openFirst {
		return t.last.since
	}
	return t.first.since
}

// A moment is a date and time known to a unit: 2025-03-12 is a whole day. What is
// left out in front is of every year, or of every day.
type moment struct {
	// start is in microseconds since 1970 UTC; where there is no year, as of year 0,
	// and where there is no date, since midnight.
	start     int64
	precision int // index into momentLayouts
	since     origin
}

// origin is what a moment begins with.
type origin uint8

const (
	sinceYear  origin = iota // 2025-03-12T13:06
	sinceMonth               // 03-12T13:06, of every year
	sinceHour                // 13:06, of every day
)

// cuts are how much of momentLayouts an origin leaves out, and from which precision on
// there is something left to write.
var cuts = [...]struct{ bytes, from int }{
	sinceYear:  {0, precisionYear},
	sinceMonth: {len("2006-"), precisionDay},
	sinceHour:  {len("2006-01-02T"), precisionMinute},
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

// day is the microseconds of one.
const day = int64(24 * time.Hour / time.Microsecond)

func (m moment) time() time.Time { return time.UnixMicro(m.start).UTC() }

func (m moment) String() string {
	return m.time().Format(momentLayouts[m.precision][cuts[m.since].bytes:])
}

// end returns the first microsecond behind the moment.
func (m moment) end() int64 {
	switch m.precision {
	case precisionYear:
		return m.time().AddDate(1, 0, 0).UnixMicro()
	case precisionMonth:
		return m.time().AddDate(0, 1, 0).UnixMicro()
	case precisionDay:
		return m.start + day
	}
	return m.start + unit(m.precision)
}

// unit is the microseconds of a precision from hours on.
func unit(precision int) int64 {
	switch precision {
	case precisionDay:
		return day
	case precisionHour:
		return time.Hour.Microseconds()
	case precisionMinute:
		return time.Minute.Microseconds()
	}
	u := time.Second.Microseconds()
	for range precision - precisionSecond {
		u /= 10
	}
	return u
}

// parseMoment reads a beginning of "2025-03-12T13:05:09.123456", of that without its
// year, or without its date; a space may replace the T, and a Z behind a time is
// allowed and changes nothing.
func parseMoment(text string) (moment, error) {
	s := []byte(text)
	for i := range s {
		if (s[i] == ' ' || s[i] == 't') && (i == len("01-02") || i == len("2006-01-02")) {
			s[i] = 'T'
		}
	}
	if n := len(s); n > 11 && (s[n-1] == 'Z' || s[n-1] == 'z') {
		s = s[:n-1]
	}
	for since, cut := range cuts {
		for p := cut.from; p < len(momentLayouts); p++ {
			layout := momentLayouts[p][cut.bytes:]
			if !shaped(s, layout) {
				continue
			}
			t, err := time.Parse(layout, string(s))
			if err != nil {
				return moment{}, fmt.Errorf("there is no time %s", shorten(text))
			}
			m := moment{t.UnixMicro(), p, origin(since)}
			if m.since == sinceHour {
				m.start -= t.Truncate(24 * time.Hour).UnixMicro()
			}
			return m, nil
		}
	}
	return moment{}, fmt.Errorf("%s is not a time: write it as the log's times are shown, like 2025-03-12T13:05:09.123456, or leave off its end, 2025-03-12T13, or what is before the day, 03-12, or the time, 13:05", shorten(text))
}

// shaped reports whether a text has figures where a layout has some, and else the same.
// time.Parse is laxer: "9" for an hour, a comma for the point.
func shaped(text []byte, layout string) bool {
	if len(text) != len(layout) {
		return false
	}
	figure := func(c byte) bool { return '0' <= c && c <= '9' }
	for i, c := range text {
		if figure(c) != figure(layout[i]) || !figure(c) && c != layout[i] {
			return false
		}
	}
	return true
}

// within returns a moment that is the end of a span with what it leaves out, and its
// begin has; one that is before the begin then is of the next day, or
// year.
func (m moment) within(first moment) moment {
	if m.since <= first.since {
		return m
	}
	from := first.time()
	switch {
	case m.since == sinceMonth:
		t := m.time()
		m.start = t.AddDate(from.Year()-t.Year(), 0, 0).UnixMicro()
		if m.end() <= first.start {
			m.start = m.time().AddDate(1, 0, 0).UnixMicro()
		}
	default:
		m.start += first.start - mod(first.start, day)
		if m.end() <= first.start {
			m.start += day
		}
	}
	m.since = first.since
	return m
}

// mod is the part of a time since the last multiple of a unit, also of one before 1970.
func mod(t, unit int64) int64 { return (t%unit + unit) % unit }

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
	if t.openFirst || t.openLast {
		return t, 0, nil
	}
	if t.last.since < t.first.since {
		return t, 0, fmt.Errorf("the begin of the range has to be written like its end: %s", t.last)
	}
	t.last = t.last.within(t.first)
	if t.since() == sinceYear && t.last.end() <= t.first.start {
		return t, 0, fmt.Errorf("the range runs backwards: write time:%s..%s", t.last, t.first)
	}
	return t, 0, nil
}

// spans returns where the term holds between two times, in microseconds since 1970:
// ascending, from included, to not. Without a year or a date there is one for each.
// What has no time is in none. Not for terms of every day, which may be many.
func (t timeTerm) spans(earliest, latest int64) (list []timeSpan) {
	if t.since() == sinceYear {
		s := timeSpan{from: store.NoTime + 1, to: math.MaxInt64}
		if !t.openFirst {
			s.from = t.first.start
		}
		if !t.openLast {
			s.to = t.last.end()
		}
		return []timeSpan{s}
	}
	for y := time.UnixMicro(earliest).UTC().Year() - 1; y <= time.UnixMicro(latest).UTC().Year(); y++ {
		begin := time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		s := timeSpan{from: begin.UnixMicro(), to: begin.AddDate(1, 0, 0).UnixMicro()}
		var there bool
		if !t.openFirst {
			if s.from, there = t.first.of(y); !there {
				continue // the 29th of February
			}
		}
		if !t.openLast {
			in := y
			if !t.openFirst && t.last.start < t.first.start {
				in++ // over the end of a year
			}
			if s.to, there = t.last.of(in); !there {
				s.to, _ = moment{t.last.start - day, t.last.precision, t.last.since}.of(in)
			}
			s.to += t.last.end() - t.last.start
		}
		list = append(list, s)
	}
	return list
}

// of returns when a moment without a year begins in one; false where that has no such
// day.
func (m moment) of(year int) (micros int64, ok bool) {
	t := m.time()
	in := time.Date(year, t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return in.UnixMicro(), in.Day() == t.Day()
}

// daily returns the part of each day in which a term of every day holds, in
// microseconds since midnight: where to is before from, over midnight.
func (t timeTerm) daily() dailySpan {
	s := dailySpan{from: 0, to: day}
	if !t.openFirst {
		s.from = t.first.start
	}
	if !t.openLast {
		s.to = t.last.end()
	}
	return s
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
	if t.since() != sinceYear {
		return 0, 0, errors.New("a year has to be written here: " + "2025-03-12..2025-03-14T08")
	}
	span := t.spans(0, 0)[0]
	return span.from, span.to, nil
}

// FindTime reads a moment as terms have it, in a log with times from earliest to latest:
// a year or a date that is left out is that of near, or where the log has no such time,
// the first one in which it has. All times are in microseconds since 1970.
func FindTime(text string, earliest, latest, near int64) (micros int64, err error) {
	m, err := parseMoment(text)
	if err != nil {
		return 0, err
	}
	within := func(at int64) bool { return at <= latest && at+m.end()-m.start > earliest }
	switch m.since {
	case sinceMonth:
		in := func(t int64) int { return time.UnixMicro(t).UTC().Year() }
		at, ok := m.of(in(near))
		for y := in(earliest); y <= in(latest) && !(ok && within(at)); y++ {
			at, ok = m.of(y)
		}
		if !ok || !within(at) {
			at, _ = m.of(in(near))
		}
		return at, nil
	case sinceHour:
		at := near - mod(near, day) + m.start
		if !within(at) {
			if at = earliest - mod(earliest, day) + m.start; !within(at) && within(at+day) {
				at += day
			}
		}
		return at, nil
	}
	return m.start, nil
}

// CompleteTime returns what the beginning of a moment could become, in a log with times
// from earliest to latest: days, then hours, then every ten minutes.
func CompleteTime(typed string, earliest, latest int64) (list []string) {
	step, layout := day, momentLayouts[precisionDay]
	from := earliest
	if date, _, ok := strings.Cut(strings.Replace(typed, " ", "T", 1), "T"); ok {
		m, err := parseMoment(date)
		if err != nil || m.precision != precisionDay || m.since != sinceYear {
			return nil
		}
		step, layout = unit(precisionHour), momentLayouts[precisionHour]
		from = m.start
		if h, err := parseMoment(strings.TrimSuffix(typed, ":")); len(typed) >= len(layout) && (err == nil || strings.Contains(typed, ":")) {
			if err != nil {
				h, err = parseMoment(typed[:len(layout)])
			}
			if err != nil {
				return nil
			}
			step, layout = 10*unit(precisionMinute), momentLayouts[precisionMinute]
			from = h.start - mod(h.start, unit(precisionHour))
			latest = min(latest, from+unit(precisionHour)-1)
		}
		latest = min(latest, m.start+day-1)
	}
	if len(typed) > len("2006-01-02") && typed[len("2006-01-02")] == ' ' {
		layout = strings.Replace(layout, "T", " ", 1)
	}
	for at := from - mod(from, step); at <= latest && len(list) < maxSuggestions; at += step {
		if at+step <= earliest {
			continue
		}
		if text := time.UnixMicro(at).UTC().Format(layout); len(text) > len(typed) && strings.HasPrefix(text, typed) {
			list = append(list, text)
		}
	}
	return list
}

// Between is the text of a filter that holds for entries of times from from on and
// before to, in microseconds since 1970. It is as short as it can be.
func Between(from, to int64) string {
	p := precisionDay
	for ; p < len(momentLayouts)-1; p++ {
		if u := unit(p); mod(from, u) == 0 && mod(to, u) == 0 {
			break
		}
	}
	first, last := moment{start: from, precision: p}, moment{start: to - unit(p), precision: p}
	t := timeTerm{first: first, last: last, single: first == last}
	return string(t.appendText(nil, tight))
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
