package tablelog

import (
	"bytes"

	"sqleuth/analysis/stops"
)

// The general log of TiDB, a line a statement:
//
//	[2022/05/12 22:26:05.103 +08:00] [INFO] [session.go:3264] [GENERAL_LOG] [conn=467] [user=root@%] ... [sql="..."]
//
// Values that hold more than letters are quoted, escaped as in JSON. Other
// lines of the same file are the server's own words.

// tidbMark is in every line of a statement, quoted by some versions.
var tidbMark = []byte("GENERAL_LOG")

func (s *Scanner) tidbRow(raw []byte, r *Row) (why Fault, frame, ok bool) {
	r.Argument, r.Within, r.Error, r.UserHost = nil, -1, Unanswered, nil
	var id []byte
	said, marked := false, false
	for i, part := 0, 0; i < len(raw) && raw[i] == '['; part++ {
		end := tidbEnd(raw[i:])
		text := raw[i+1 : i+end]
		switch key, value, pair := bytes.Cut(text, []byte{'='}); {
		case part == 0:
			if r.Time, ok = tidbTime(text); !ok {
				return BadTime, false, false
			}
			r.Local = false
		case !pair:
			marked = marked || bytes.Equal(bytes.Trim(text, `"`), tidbMark)
		case string(key) == "conn":
			id = value
		case string(key) == "user":
			r.UserHost = s.tidbAccount(value)
		case string(key) == "sql":
			said = true
			r.Argument, r.Within = s.tidbValue(value, i+1+len("sql="))
		}
		if i += end + 1; i < len(raw) && raw[i] == ' ' {
			i++
		}
	}
	switch {
	case !marked:
		return BadText, false, false
	case !said:
		return BadColumns, false, false
	}
	if r.ID, ok = number(id); !ok {
		return BadID, false, false
	}
	r.Command = query
	return 0, false, true
}

// tidbEnd returns where the bracket is that ends the field at the start of b, or
// the end of b.
func tidbEnd(b []byte) int {
	special, other := &tidbStops, &tidbQuoted
	for i := 1; i < len(b); i++ {
		if i += special.Next(b[i:]); i >= len(b) {
			break
		}
		switch b[i] {
		case '\\':
			i++
		case '"':
			special, other = other, special
		default:
			return i
		}
	}
	return len(bytes.TrimRight(b, "\r\n"))
}

// tidbStops and tidbQuoted are what ends the plain part of a field, and of a quoted value.
var tidbStops, tidbQuoted = stops.At('"', ']', ']'), stops.At('"', '\\', '\\')

// tidbValue returns a value without quotes and escapes, and where it begins in the
// row, -1 where it had to be decoded; at is where the value begins.
func (s *Scanner) tidbValue(value []byte, at int) ([]byte, int) {
	if len(value) == 0 || value[0] != '"' {
		return value, at
	}
	value = bytes.TrimSuffix(value[1:], []byte{'"'})
	if bytes.IndexByte(value, '\\') < 0 {
		return value, at + 1
	}
	from := len(s.buf)
	s.buf = jsonText(s.buf, value)
	return s.since(from), -1
}

func (s *Scanner) tidbAccount(value []byte) []byte {
	value, _ = s.tidbValue(value, 0)
	at := bytes.LastIndexByte(value, '@')
	if at < 0 {
		return s.account(value, nil)
	}
	return s.account(value[:at], value[at+1:])
}

// tidbTime reads "2006/01/02 15:04:05.000 -07:00".
func tidbTime(b []byte) (micros int64, ok bool) {
	if len(b) != 30 || b[4] != '/' || b[7] != '/' || b[19] != '.' || b[23] != ' ' {
		return 0, false
	}
	b = bytes.Clone(b)
	b[4], b[7] = '-', '-'
	micros, _, ok = eventTime(append(b[:23:23], b[24:]...))
	return micros, ok
}

// beginsWithTiDB reports whether a line is of a log of TiDB.
func beginsWithTiDB(line []byte) bool {
	if len(line) < 32 || line[0] != '[' || line[31] != ']' {
		return false
	}
	_, ok := tidbTime(line[1:31])
	return ok
}
