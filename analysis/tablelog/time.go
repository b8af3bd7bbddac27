package tablelog

import (
	"bytes"
	"math"
	"strconv"

	"sqleuth/analysis/genlog"
)

// Clock is how a dump writes its times.
type Clock uint8

// The clocks. Spreadsheets write the last two, by the user's settings; which it
// is follows from a day above 12 alone.
const (
	ISO        Clock = iota // as the table does, see eventTime
	MonthFirst              // 10/13/2020 23:37, with or without seconds, AM and PM
	DayFirst                // 13/10/2020 23:37, or with dots
	Unclear                 // a number that can be two days, or no day at all, as in 37:12.4: no time is known
)

// NoTime is the time of a row whose time is not known, as in package store.
const NoTime = math.MinInt64

// maxTime bounds the text of a time that is not clear.
const maxTime = 40

// time reads a time as the dump writes it.
func (k Clock) time(b []byte) (micros int64, local, ok bool) {
	switch k {
	case ISO:
		return eventTime(b)
	case Unclear:
		// The name of the column is none.
		return NoTime, false, len(b) <= maxTime && bytes.ContainsAny(b, "0123456789")
	}
	micros, ok = k.sheetTime(b)
	return micros, true, ok
}

// sheetTime reads a time as spreadsheets write it.
func (k Clock) sheetTime(b []byte) (micros int64, ok bool) {
	date, clock, _ := bytes.Cut(bytes.TrimSpace(b), []byte{' '})
	var d [3]int
	if !numbers(d[:], date, "/.-") {
		return 0, false
	}
	month, day, year := d[0], d[1], d[2]
	if k == DayFirst {
		month, day = day, month
	}
	if year < 100 {
		year += 2000
	}
	h, min, s, us, ok := sheetClock(clock)
	if !ok || !possible(year, month, day) {
		return 0, false
	}
	return genlog.Micros(year, month, day, h, min, s, us), true
}

// sheetClock reads a time of day.
func sheetClock(b []byte) (h, min, s, us int, ok bool) {
	half := 0
	upper := bytes.ToUpper(b)
	for i, name := range []string{"AM", "PM"} {
		if rest, found := bytes.CutSuffix(upper, []byte(name)); found {
			half, b = i+1, bytes.TrimSpace(b[:len(rest)])
		}
	}
	b, fraction, _ := bytes.Cut(b, []byte{'.'})
	var n [3]int
	switch bytes.Count(b, []byte{':'}) {
	case 1:
		ok = numbers(n[:2], b, ":")
	case 2:
		ok = numbers(n[:], b, ":")
	}
	for i := range 6 {
		us *= 10
		if i < len(fraction) {
			c := fraction[i] - '0'
			ok = ok && c <= 9
			us += int(c)
		}
	}
	if half > 0 {
		ok = ok && n[0] >= 1 && n[0] <= 12
		n[0] = n[0]%12 + 12*(half-1)
	}
	return n[0], n[1], n[2], us, ok && n[0] < 24 && n[1] < 60 && n[2] <= 60
}

// numbers reads as many numbers of up to four digits as there is room for, with
// one of the separators between two, the same everywhere.
func numbers(into []int, b []byte, separators string) bool {
	at := bytes.IndexAny(b, separators)
	if at < 0 {
		return false
	}
	parts := bytes.Split(b, b[at:at+1])
	if len(parts) != len(into) {
		return false
	}
	for i, p := range parts {
		if len(p) == 0 || len(p) > 4 {
			return false
		}
		if into[i] = digits(p); into[i] < 0 {
			return false
		}
	}
	return true
}

// possible reports whether the calendar has a day.
func possible(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && (year%4 == 0 && year%100 != 0 || year%400 == 0) {
		days = 29
	}
	return day <= days
}

// unixTime reads seconds, milliseconds or microseconds since 1970, distinguished by
// the number of digits; seconds may have a fraction.
func unixTime(b []byte) (micros int64, ok bool) {
	whole, fraction, cut := bytes.Cut(b, []byte{'.'})
	scale := map[int]int64{10: 1_000_000, 13: 1000, 16: 1}[len(whole)]
	n, err := strconv.ParseInt(string(whole), 10, 64)
	if scale == 0 || err != nil || n < 0 || cut && scale != 1_000_000 {
		return 0, false
	}
	us := int64(0)
	for i := range 6 {
		us *= 10
		if i < len(fraction) {
			c := fraction[i] - '0'
			if c > 9 {
				return 0, false
			}
			us += int64(c)
		}
	}
	return n*scale + us, true
}

// eventTime reads "2006-01-02 15:04:05.000000", as the table writes a time: in
// the server's zone, which it does not name. The fraction may have up to six
// digits or be missing (MySQL 5.5). Exports may write a "T" in the middle and at
// the end "Z", " UTC" or an offset, or the time since 1970; then local is false.
func eventTime(b []byte) (micros int64, local, ok bool) {
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[10] != ' ' && b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		micros, ok = unixTime(b)
		return micros, false, ok
	}
	// The digits between those; a negative one makes the whole negative.
	y, mo, d := digits(b[0:4]), digits(b[5:7]), digits(b[8:10])
	h, mi, s := digits(b[11:13]), digits(b[14:16]), digits(b[17:19])
	if y|mo|d|h|mi|s < 0 || !possible(y, mo, d) || h > 23 || mi > 59 || s > 60 {
		return 0, false, false
	}
	b = b[19:]
	us := 0
	if len(b) > 0 && b[0] == '.' {
		n := 1
		for n < len(b) && n <= 6 && b[n] >= '0' && b[n] <= '9' {
			us = us*10 + int(b[n]-'0')
			n++
		}
		for k := n; k <= 6; k++ {
			us *= 10
		}
		b = b[n:]
	}
	micros = genlog.Micros(y, mo, d, h, mi, s, us)
	switch string(b) {
	case "":
		return micros, true, true
	case "Z", " UTC", "+00", "+00:00", " +00:00", " +0000", " +0000 UTC":
		return micros, false, true
	}
	if len(b) == 6 && (b[0] == '+' || b[0] == '-') && b[3] == ':' {
		oh, om := digits(b[1:3]), digits(b[4:6])
		if oh|om < 0 || oh > 15 || om > 59 {
			return 0, false, false
		}
		offset := int64(oh*60+om) * 60_000_000
		if b[0] == '-' {
			offset = -offset
		}
		return micros - offset, false, true
	}
	return 0, false, false
}

// digits returns the number that b spells, -1 where it spells none.
func digits(b []byte) int {
	n := 0
	for _, c := range b {
		c -= '0'
		if c > 9 {
			return -1
		}
		n = n*10 + int(c)
	}
	return n
}
