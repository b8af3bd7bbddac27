package tablelog

import (
	"bytes"
	"strconv"

	"sqleuth/analysis/genlog"
)

// The log of server_audit, a line a record:
//
//	time,serverhost,user,host,connection,query,OPERATION,database,object,code
//
// The object of a statement is in quotes, with escapes, and may have been cut
// anywhere, so that its end is found from the right. User and database are as the
// client sent them, before any password was checked, and nothing in them is
// escaped: where the numbers and the operation can be found in two places, the line
// is no record that can be trusted.

// auditOperations are the commands of records; a statement's object is in
// quotes and needs no list. What tables a statement opened follows it under the
// server's own words: those records are no statements and have no outcome.
var auditOperations = map[string][]byte{
	"CONNECT": connect, "FAILED_CONNECT": connect, "DISCONNECT": quit, "CHANGEUSER": changeUser, "CHANGE_USER": changeUser,
	"READ": []byte("Read"), "WRITE": []byte("Write"), "CREATE": []byte("Create"), "ALTER": []byte("Alter"), "DROP": []byte("Drop"), "RENAME": []byte("Rename"),
}

var connect, quit, changeUser = []byte("Connect"), []byte("Quit"), []byte("Change user")

// auditRecord is a record cut into its fields.
type auditRecord struct {
	time, user, host, id []byte
	operation, database  []byte
	object               []byte // of a statement without its quotes, as it is escaped
	at                   int    // of object in the line
	quoted               bool
	code                 int32
}

func (s *Scanner) auditRow(raw []byte, r *Row) (why Fault, frame, ok bool) {
	var a auditRecord
	if !a.cut(raw) {
		return BadRow, false, false
	}
	if r.Time, r.Local, ok = auditTime(a.time); !ok {
		return BadTime, false, false
	}
	if r.ID, ok = number(a.id); !ok {
		return BadID, false, false
	}
	r.UserHost = s.account(a.user, a.host)
	command, known := auditOperations[string(a.operation)]
	r.Command, r.Argument, r.Within, r.Error = command, nil, -1, a.code
	switch {
	case a.quoted:
		r.Command = query
		if bytes.IndexByte(a.object, '\\') < 0 {
			r.Argument, r.Within = a.object, a.at
			break
		}
		from := len(s.buf)
		s.buf = unescape(s.buf, a.object, false, true)
		r.Argument = s.since(from)
	case string(command) == "Connect" || string(command) == "Change user":
		from := len(s.buf)
		s.buf = append(append(append(append(append(s.buf, a.user...), '@'), a.host...), " on "...), a.database...)
		r.Argument = s.since(from)
	case string(command) == "Quit":
		r.Error = Unanswered // nothing was asked
	default:
		if !known {
			r.Command = a.operation
		}
		r.Error = Unanswered
		from := len(s.buf)
		s.buf = append(append(append(s.buf, a.database...), '.'), a.object...)
		r.Argument = s.since(from)
	}
	return 0, false, true
}

// cut cuts a line; false where it is no record, or could be two.
func (a *auditRecord) cut(raw []byte) bool {
	line := bytes.TrimRight(raw, "\r\n")
	when, rest, ok := bytes.Cut(line, comma)
	if !ok {
		return false
	}
	server := bytes.IndexByte(rest, ',')
	if server < 0 {
		return false
	}
	rest = rest[server+1:]
	a.time = when
	names := rest
	if q := bytes.Index(rest, []byte(",'")); q >= 0 {
		names = rest[:q+1]
	}
	at, end := auditNumbers(names, 0)
	if end == 0 { // the quote is in a name
		names = rest
		if at, end = auditNumbers(names, 0); end == 0 {
			return false
		}
	}
	if _, twice := auditNumbers(names, at+1); twice > 0 {
		return false
	}
	who := rest[:at]
	host := bytes.LastIndexByte(who, ',')
	if host < 0 {
		return false
	}
	a.user, a.host = who[:host], who[host+1:]
	id, numbers, _ := bytes.Cut(rest[at+1:end-1], comma)
	_, operation, _ := bytes.Cut(numbers, comma) // behind the number of the query
	a.id, a.operation = id, operation
	a.cutObject(rest[end:], len(line)-len(rest)+end)
	return true
}

var comma = []byte{','}

// auditNumbers finds ",connection,query,OPERATION," in b at or behind from: where
// it begins, and where it ends, 0 for nowhere.
func auditNumbers(b []byte, from int) (at, end int) {
	for {
		n := bytes.IndexByte(b[min(from, len(b)):], ',')
		if n < 0 {
			return 0, 0
		}
		at = from + n
		end = at + 1
		for range 2 {
			d := end
			for end < len(b) && b[end] >= '0' && b[end] <= '9' {
				end++
			}
			if end == d || end == len(b) || b[end] != ',' {
				end = 0
				break
			}
			end++
		}
		if end > 0 {
			d := end
			for end < len(b) && (b[end] >= 'A' && b[end] <= 'Z' || b[end] == '_') {
				end++
			}
			if end > d && end < len(b) && b[end] == ',' {
				return at, end + 1
			}
		}
		from = at + 1
	}
}

// cutObject cuts "database,object,code", which begins at offset at of the line.
// Newer servers write more behind the code.
func (a *auditRecord) cutObject(b []byte, at int) {
	a.code = Unanswered
	if q := bytes.Index(b, []byte(",'")); q >= 0 {
		a.database, a.quoted, a.at = b[:q], true, at+q+2
		object := b[q+2:]
		end := bytes.LastIndex(object, []byte("',"))
		if end < 0 {
			a.object = bytes.TrimSuffix(object, []byte{'\''}) // the line was cut
			return
		}
		a.object = object[:end]
		a.code = auditCode(object[end+2:])
		return
	}
	database, rest, _ := bytes.Cut(b, comma)
	a.database, a.at = database, at+len(database)+1
	if end := bytes.IndexByte(rest, ','); end >= 0 {
		a.object, a.code = rest[:end], auditCode(rest[end+1:])
	} else {
		a.object = rest
	}
}

// auditCode reads the code at the start of b.
func auditCode(b []byte) int32 {
	b, _, _ = bytes.Cut(b, comma)
	n, err := strconv.ParseInt(string(b), 10, 32)
	if err != nil || n < 0 {
		return Unanswered
	}
	return int32(n)
}

// auditTime reads "20060102 15:04:05", in the server's zone, or microseconds since
// 1970, as Aurora writes them.
func auditTime(b []byte) (micros int64, local, ok bool) {
	if len(b) == 16 && digits(b) >= 0 {
		micros, ok = unixTime(b)
		return micros, false, ok
	}
	if len(b) != 17 || b[8] != ' ' || b[11] != ':' || b[14] != ':' {
		return 0, false, false
	}
	y, mo, d := digits(b[:4]), digits(b[4:6]), digits(b[6:8])
	h, mi, sec := digits(b[9:11]), digits(b[12:14]), digits(b[15:17])
	if y|mo|d|h|mi|sec < 0 || !possible(y, mo, d) || h > 23 || mi > 59 || sec > 60 {
		return 0, false, false
	}
	return genlog.Micros(y, mo, d, h, mi, sec, 0), true, true
}

// BeginsWithAudit reports whether a line is a record of server_audit.
func BeginsWithAudit(line []byte) bool {
	when, _, _ := bytes.Cut(line[:min(len(line), len("20060102 15:04:05,"))], comma)
	if _, _, ok := auditTime(when); !ok { // nearly all lines are none by that
		return false
	}
	return new(auditRecord).cut(line)
}
