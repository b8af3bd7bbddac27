package genlog

// daysBefore returns the days from 1970-01-01 to the given civil date of the
// proleptic Gregorian calendar (Howard Hinnant's days_from_civil).
func daysBefore(year, month, day int) int64 {
	if month <= 2 {
		year--
	}
	era := year / 400
	if year < 0 {
		era = (year - 399) / 400
	}
	yoe := year - era*400
	mp := (month + 9) % 12
	doy := (153*mp+2)/5 + day - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int64(era)*146097 + int64(doe) - 719468
}

const (
	second = int64(1_000_000) // microseconds
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
)

// digits returns the number that the ASCII digits b[from:to] spell, or -1
// where one of them is not a digit.
func digits(b []byte, from, to int) int {
	n := 0
	for _, c := range b[from:to] {
		c -= '0'
		if c > 9 {
			return -1
		}
		n = n*10 + int(c)
	}
	return n
}

// Micros returns the microseconds from 1970-01-01 UTC to a civil time.
func Micros(year, month, dayOfMonth, h, m, s, us int) int64 {
	return daysBefore(year, month, dayOfMonth)*day + int64(h)*hour + int64(m)*minute + int64(s)*second + int64(us)
}

// ParseTime reads an ISO time as headers have it and returns microseconds since
// 1970 UTC; ok is false when anything else stands before or behind it.
func ParseTime(b []byte) (micros int64, ok bool) {
	micros, n, ok := isoTime(b)
	return micros, ok && n == len(b)
}

// isoTime reads "2006-01-02T15:04:05.000000" and then "Z" or "+hh:mm" or
// "-hh:mm". It returns microseconds since 1970 UTC and the length read.
func isoTime(b []byte) (micros int64, n int, ok bool) {
	if len(b) < 27 || b[4] != '-' || b[7] != '-' || b[10] != 'T' || b[13] != ':' || b[16] != ':' || b[19] != '.' {
		return 0, 0, false
	}
	y, mo, d := digits(b, 0, 4), digits(b, 5, 7), digits(b, 8, 10)
	h, mi, s, us := digits(b, 11, 13), digits(b, 14, 16), digits(b, 17, 19), digits(b, 20, 26)
	if y|mo|d|h|mi|s|us < 0 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60 {
		return 0, 0, false
	}
	t := Micros(y, mo, d, h, mi, s, us)
	switch b[26] {
	case 'Z':
		return t, 27, true
	case '+', '-':
		if len(b) < 32 || b[29] != ':' {
			return 0, 0, false
		}
		oh, om := digits(b, 27, 29), digits(b, 30, 32)
		if oh|om < 0 || om > 59 {
			return 0, 0, false
		}
		offset := int64(oh)*hour + int64(om)*minute
		if b[26] == '-' {
			offset = -offset
		}
		return t - offset, 32, true
	}
	return 0, 0, false
}

// shortTime reads "060102 15:04:05" with an hour that may be padded by a space
// and more than one space before it, the form of servers up to 5.6 and of
// MariaDB. The time is local to the server and is returned as if it were UTC;
// years below 70 are of this century.
func shortTime(b []byte) (micros int64, n int, ok bool) {
	if len(b) < 15 || b[6] != ' ' {
		return 0, 0, false
	}
	y, mo, d := digits(b, 0, 2), digits(b, 2, 4), digits(b, 4, 6)
	if y|mo|d < 0 || mo < 1 || mo > 12 || d < 1 || d > 31 {
		return 0, 0, false
	}
	i := 7
	for i < len(b) && b[i] == ' ' && i < 10 {
		i++
	}
	colon := i + 2
	if i+1 < len(b) && b[i+1] == ':' {
		colon = i + 1
	}
	if len(b) < colon+6 || b[colon] != ':' || b[colon+3] != ':' {
		return 0, 0, false
	}
	h, mi, s := digits(b, i, colon), digits(b, colon+1, colon+3), digits(b, colon+4, colon+6)
	if h|mi|s < 0 || h > 23 || mi > 59 || s > 60 {
		return 0, 0, false
	}
	if y < 70 {
		y += 100
	}
	return Micros(1900+y, mo, d, h, mi, s, 0), colon + 6, true
}
