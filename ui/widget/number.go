package widget

import (
	"fmt"
	"strconv"
	"time"
)

// Count writes a number with commas between thousands: 126,590.
func Count[T ~int | ~int64 | ~uint32 | ~uint64](n T) string {
	s := strconv.FormatInt(int64(n), 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Number writes a number with what it counts: 1 entry, 126,590 entries.
func Number[T ~int | ~int64 | ~uint32 | ~uint64](n T, one, many string) string {
	if n == 1 {
		many = one
	}
	return Count(n) + " " + many
}

// Bytes writes a size with three figures in binary units: 33.2 MiB.
func Bytes(n int64) string {
	if n < 1024 {
		return strconv.FormatInt(n, 10) + " B"
	}
	v, unit := float64(n), -1
	for v >= 999.5 && unit < 4 {
		v /= 1024
		unit++
	}
	if unit < 0 { // 1000 to 1023 bytes
		v, unit = v/1024, 0
	}
	prec := 2
	switch {
	case v >= 100:
		prec = 0
	case v >= 10:
		prec = 1
	}
	return strconv.FormatFloat(v, 'f', prec, 64) + " " + string("KMGTP"[unit]) + "iB"
}

// Share writes part of whole in percent. It never writes 100 % of what is not the
// whole, nor 0 % of what is not nothing.
func Share(part, whole int64) string {
	if whole <= 0 {
		return "-"
	}
	p := 100 * float64(part) / float64(whole)
	switch {
	case part >= whole:
		return "100 %"
	case part <= 0:
		return "0 %"
	case p > 99.99:
		return ">99.99 %"
	case p < 0.01:
		return "<0.01 %"
	}
	return strconv.FormatFloat(p, 'f', 2, 64) + " %"
}

// Time writes a time in UTC to the second, the way every screen does.
func Time(micros int64) string { return time.UnixMicro(micros).UTC().Format("2006-01-02 15:04:05") }

// Elapsed writes microseconds as a duration in the two largest units: 2d03h, 4m09s,
// 1.25s, 87us. It is ASCII, so that it reads the same on every terminal.
func Elapsed(micros int64) string {
	sign, d := "", time.Duration(micros)*time.Microsecond
	if d < 0 {
		sign, d = "-", -d
	}
	switch {
	case d >= 24*time.Hour:
		return fmt.Sprintf("%s%dd%02dh", sign, d/(24*time.Hour), d%(24*time.Hour)/time.Hour)
	case d >= time.Hour:
		return fmt.Sprintf("%s%dh%02dm", sign, d/time.Hour, d%time.Hour/time.Minute)
	case d >= time.Minute:
		return fmt.Sprintf("%s%dm%02ds", sign, d/time.Minute, d%time.Minute/time.Second)
	case d >= time.Second:
		return fmt.Sprintf("%s%.2fs", sign, d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%s%dms", sign, d.Milliseconds())
	case d > 0:
		return fmt.Sprintf("%s%dus", sign, d.Microseconds())
	}
	return "0s"
}
