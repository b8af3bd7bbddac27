package genlog

// Form is the way in which a header states its time.
type Form uint8

// The forms of a header, by server. See the README of testdata for lines.
const (
	FormNone  Form = iota
	FormISO        // 2006-01-02T15:04:05.000000Z, MySQL 5.7 and later; the id may be glued to the Z
	FormShort      // 060102 15:04:05 TAB id, MySQL up to 5.6 and MariaDB, local time
	FormSame       // TAB TAB id: the same second as the entry before, only where FormShort is written
)

// HeaderLen is more than a header takes, blanks included: whether a line begins
// with one never depends on more bytes.
const HeaderLen = 512

// maxBlanks bounds each run of blanks in a header.
const maxBlanks = 64

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
// one line. Same-second headers are recognised only where same is true, since
// a continuation line of a statement may well begin with two TABs.
func ParseHeader(line []byte, same bool) (h Header, ok bool) {
	ok = h.read(line, same)
	return h, ok
}

// read is ParseHeader, without copies of what it gives.
func (h *Header) read(line []byte, same bool) (ok bool) {
	*h = Header{}
	if len(line) < 6 {
		return false
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
			return false
		}
	case !same || c != '\t' && c != ' ':
		return false
	case c == '\t':
		// "%5ld" pads the id to five columns; less is a continuation line.
		h.Form, i = FormSame, 2
		if line[1] != '\t' || !paddedID(line[2:]) {
			return false
		}
	default:
		return h.readBlank(line)
	}
	if i, ok = h.readID(line, i); !ok {
		return false
	}
	h.Command, h.Known = command(line[i:])
	if len(h.Command) == 0 || h.Form == FormSame && !h.Known {
		return false
	}
	h.Text = i + len(h.Command)
	if h.Text < len(line) && line[h.Text] == '\t' {
		h.Text++
	} else {
		for h.Text < len(line) && line[h.Text] == ' ' {
			h.Text++
		}
	}
	return true
}

// readID reads blanks, the id and blanks from line[i] and returns where the
// command begins.
func (h *Header) readID(line []byte, i int) (name int, ok bool) {
	i = blanksEnd(line, i)
	n, id := 0, uint64(0)
	for i+n < len(line) && line[i+n]-'0' <= 9 {
		d := uint64(line[i+n] - '0')
		// Only the last of the digits can be too many or too much.
		if n >= maxDigits-1 && (n == maxDigits || id > (^uint64(0)-d)/10) {
			return 0, false
		}
		id = id*10 + d
		n++
	}
	h.ID = id
	i += n
	if n == 0 || i == len(line) || (line[i] != ' ' && line[i] != '\t') {
		return 0, false
	}
	i = blanksEnd(line, i)
	h.Name = i
	return i, i < len(line) && line[i] > ' '
}

// maxDigits is how many digits an id of 64 bits has at most.
const maxDigits = 20

// blanksEnd returns the end of the run of blanks and TABs at line[i], or of its
// first maxBlanks bytes.
func blanksEnd(line []byte, i int) int {
	for end := i + maxBlanks; i < len(line) && i < end && (line[i] == ' ' || line[i] == '\t'); {
		i++
	}
	return i
}

// paddedID reports whether b begins with an id as "%5ld " or "%6llu " print it.
func paddedID(b []byte) bool {
	i := 0
	for i < len(b) && i < maxBlanks && b[i] == ' ' {
		i++
	}
	start := i
	for i < len(b) && i-start < maxDigits && b[i] >= '0' && b[i] <= '9' {
		i++
	}
	return i > start && i >= 5 && i < len(b) && b[i] == ' '
}

// tabStop is the width of a TAB where editors and chats turn it into blanks.
const tabStop = 8

// readBlank reads a same-second header whose TABs have become blanks. Lines of
// indented statements look much like it ("    5 Time,"), so that columns must be
// those of TABs: two before the padded id, one behind the command.
func (h *Header) readBlank(line []byte) (ok bool) {
	h.Form = FormSame
	if blanksEnd(line, 0) < 2*tabStop {
		return false
	}
	i, ok := h.readID(line, 0)
	if !ok || i-1 < 2*tabStop+5 || line[i-1] != ' ' || line[i-2] == ' ' {
		return false // one blank follows the id
	}
	if h.Command, h.Known = command(line[i:]); !h.Known {
		return false
	}
	end := i + len(h.Command)
	h.Text = end
	for h.Text < len(line) && h.Text-end < maxBlanks && (line[h.Text] == ' ' || line[h.Text] == '\t') {
		h.Text++
	}
	switch {
	case end == len(line) || line[end] == '\n' || line[end] == '\r':
		return silent[string(h.Command)] // an editor has cut the blanks off
	case line[end] == '\t' || h.Text-end > 1 || h.Text%tabStop == 0:
		return true
	}
	return false
}

// silent are the commands that have no argument.
var silent = map[string]bool{"Quit": true, "Ping": true, "Statistics": true, "Debug": true, "Processlist": true, "Shutdown": true, "Reset Connection": true}

// faulty returns why a line that has the shape of a header is none: BadTime for
// a time that no calendar has, BadID for an id of more than 64 bits. Such a line
// must have a known command.
func faulty(line []byte) (why Reason, ok bool) {
	n := timeShape(line)
	if n == 0 {
		return 0, false
	}
	start := blanksEnd(line, n)
	i := start
	for i < len(line) && i-start < maxBlanks && line[i] >= '0' && line[i] <= '9' {
		i++
	}
	name := blanksEnd(line, i)
	if i == start || name == i || name == len(line) {
		return 0, false
	}
	if _, known := KnownCommand(line[name:]); !known {
		return 0, false
	}
	if _, _, ok := isoTime(line); ok {
		return BadID, true
	}
	if _, _, ok := shortTime(line); ok {
		return BadID, true
	}
	return BadTime, true
}

// timeShape returns the length of what is written like a header's time, whatever
// its figures are; 0 for none.
func timeShape(b []byte) int {
	match := func(shape string) bool {
		if len(b) < len(shape) {
			return false
		}
		for i := range len(shape) {
			switch want := shape[i]; want {
			case 'd':
				if b[i] < '0' || b[i] > '9' {
					return false
				}
			case 'h':
				if (b[i] < '0' || b[i] > '9') && b[i] != ' ' {
					return false
				}
			default:
				if b[i] != want {
					return false
				}
			}
		}
		return true
	}
	const iso = "dddd-dd-ddTdd:dd:dd.dddddd"
	switch {
	case match(iso + "Z"):
		return len(iso) + 1
	case match(iso + "+dd:dd"), match(iso + "-dd:dd"):
		return len(iso) + len("+dd:dd")
	case match("dddddd hd:dd:dd"):
		return len("dddddd hd:dd:dd")
	}
	return 0
}
