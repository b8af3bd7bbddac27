package genlog

// Form is the way in which a header states its time.
type Form uint8

// The forms of a header, by server. See the README of testdata for lines.
const (
	FormNone  Form = iota
	FormISO        // 2006-01-02T15:04:05.000000Z, MySQL 5.7 and later; the id may be glued to the Z
	FormShort      // 060102 15:04:05 TAB id, MySQL up to 5.6 and MariaDB, local time
	FormSame       // TAB TAB id: the same second as the entry before, only beside FormShort
)

// Header is the head of a record's first line.
type Header struct {
	Form    Form
	Time    int64 // microseconds since 1970; not set for FormSame; local time as if UTC for FormShort
	ID      uint64
	Command []byte // points into the line
	Known   bool   // the command is one that servers are known to print
	Name    int    // offset in the line at which the command begins
	Text    int    // offset in the line at which the argument begins
}

// ParseHeader reads the header at the start of line, which may be longer than
// one line. Same-second headers are recognised only where short is true, since
// a continuation line of a statement may well begin with two TABs.
func ParseHeader(line []byte, short bool) (h Header, ok bool) {
	if len(line) < 6 {
		return h, false
	}
	i := 0
	switch c := line[0]; {
	case c >= '0' && c <= '9':
		var n int
		if h.Time, n, ok = isoTime(line); ok {
			h.Form, i = FormISO, n
		} else if h.Time, n, ok = shortTime(line); ok {
			h.Form, i = FormShort, n
		} else {
			return h, false
		}
	case c == '\t' && line[1] == '\t' && short:
		// "%5ld" pads the id to five columns; less is a continuation line.
		h.Form, i = FormSame, 2
		if !paddedID(line[2:]) {
			return h, false
		}
	default:
		return h, false
	}
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	start := i
	for i < len(line) && line[i] >= '0' && line[i] <= '9' {
		d := uint64(line[i] - '0')
		if h.ID > (^uint64(0)-d)/10 {
			return h, false
		}
		h.ID = h.ID*10 + d
		i++
	}
	if i == start || i == len(line) || (line[i] != ' ' && line[i] != '\t') {
		return h, false
	}
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	if i == len(line) || line[i] == '\n' || line[i] == '\r' {
		return h, false
	}
	h.Name = i
	h.Command, h.Known = command(line[i:])
	if h.Form == FormSame && !h.Known {
		return h, false
	}
	i += len(h.Command)
	if i < len(line) && line[i] == '\t' {
		i++
	} else {
		for i < len(line) && line[i] == ' ' {
			i++
		}
	}
	h.Text = i
	return h, true
}

// paddedID says whether b begins with an id as "%5ld " or "%6llu " print it.
func paddedID(b []byte) bool {
	i := 0
	for i < len(b) && b[i] == ' ' {
		i++
	}
	start := i
	for i < len(b) && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i > start && i >= 5 && i < len(b) && b[i] == ' '
}
