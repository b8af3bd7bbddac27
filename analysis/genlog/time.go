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

// daysOf returns how many days a month of 1 to 12 has.
func daysOf(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return [13]int{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month]
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

// pair returns the number that two ASCII digits spell, noPair or more where one
// of them is not a digit.
func pair(high, low byte) int {
	high -= '0'
	low -= '0'
	n := int(high)*10 + int(low)
	if high > 9 || low > 9 {
		n |= noPair
	}
	return n
}

const noPair = 1 << 12 // more than any two bytes give

// Micros returns the microseconds from 1970-01-01 UTC to a civil time.
func Micros(year, month, dayOfMonth, h, m, s, us int) int64 {
	return daysBefore(year, month, dayOfMonth)*day + int64(h)*hour + int64(m)*minute + int64(s)*second + int64(us)
}

// ParseTime reads an ISO time as headers have it and returns microseconds since
// 1970 UTC; ok is false when anything else is before or behind it.
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
	c, y, mo, d := pair(b[0], b[1]), pair(b[2], b[3]), pair(b[5], b[6]), pair(b[8], b[9])
	h, mi, s := pair(b[11], b[12]), pair(b[14], b[15]), pair(b[17], b[18])
	u2, u1, u0 := pair(b[20], b[21]), pair(b[22], b[23]), pair(b[24], b[25])
	if c|y|u2|u1|u0 >= noPair || mo < 1 || mo > 12 || d < 1 || d > 28 && d > daysOf(c*100+y, mo) || h > 23 || mi > 59 || s > 60 {
		return 0, 0, false
	}
	t := Micros(c*100+y, mo, d, h, mi, s, u2*10_000+u1*100+u0)
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
	if y|mo|d < 0 {
		return 0, 0, false
	}
	if y < 70 {
		y += 100
	}
	if mo < 1 || mo > 12 || d < 1 || d > daysOf(1900+y, mo) {
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
	return Micros(1900+y, mo, d, h, mi, s, 0), colon + 6, true
}
