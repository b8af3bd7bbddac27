package tablelog

import "sqleuth/analysis/genlog"

// eventTime reads "2006-01-02 15:04:05.000000", as the table writes a time: in
// the server's zone, which it does not name. The fraction may have up to six
// digits or be missing (MySQL 5.5). Exports may write a "T" in the middle and at
// the end "Z", " UTC" or an offset; then local is false.
func eventTime(b []byte) (micros int64, local, ok bool) {
	if len(b) < 19 || b[4] != '-' || b[7] != '-' || b[10] != ' ' && b[10] != 'T' || b[13] != ':' || b[16] != ':' {
		return 0, false, false
	}
	// The digits between those; a negative one makes the whole negative.
	y, mo, d := digits(b[0:4]), digits(b[5:7]), digits(b[8:10])
	h, mi, s := digits(b[11:13]), digits(b[14:16]), digits(b[17:19])
	if y|mo|d|h|mi|s < 0 || mo < 1 || mo > 12 || d < 1 || d > 31 || h > 23 || mi > 59 || s > 60 {
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
