package genlog

import (
	"bytes"

	"sqleuth/analysis/sqltext"
)

// Where files were joined, marks of their ends are between the entries: the byte
// order mark of the second, the Ctrl-Z that a copy on Windows puts behind the first,
// a form feed, the end of a colour from a terminal. And the second may be one with
// something around each line, as what docker or kubectl prints.

var (
	markUTF8  = []byte("\xef\xbb\xbf")
	resets    = [][]byte{[]byte("\x1b[0m"), []byte("\x1b[m")}
	endOfFile = byte(0x1a)
)

// maxMarks bounds the marks in front of a line, in bytes.
const maxMarks = 64

// Marks returns the length of the marks of a joint that b begins with; see above.
func Marks(b []byte) (n int) {
	b = b[:min(len(b), maxMarks)]
	for {
		more := mark(b[n:])
		if more == 0 {
			return n
		}
		n += more
	}
}

func mark(b []byte) int {
	switch {
	case len(b) == 0:
		return 0
	case b[0] == '\f', b[0] == endOfFile, b[0] == 0 && nulRun(b) == 0:
		return 1
	case b[0] == markUTF8[0] && bytes.HasPrefix(b, markUTF8):
		return len(markUTF8)
	}
	for _, r := range resets {
		if bytes.HasPrefix(b, r) {
			return len(r)
		}
	}
	return 0
}

// joint returns the length of the marks at q, with the line end among them if there
// is one, where an entry or a hole follows or nothing; 0 else. Marks between the lines
// of a statement are text of it, and so are those in front of a message, which can be.
func (s *scanner) joint(q int) int {
	n := Marks(s.Data[q:])
	if n == 0 {
		return 0
	}
	b := s.Data[q+n:]
	if len(b) > 0 && b[0] == '\r' {
		n, b = n+1, b[1:]
	}
	if len(b) > 0 && b[0] == '\n' {
		more := 1 + Marks(b[1:])
		n, b = n+more, b[more:]
	}
	if len(b) == 0 || nulRun(b) > 0 {
		return n
	}
	var h Header
	if h.read(b, s.State.same()) {
		return n
	}
	return 0
}

// lead returns the length of what may be in front of the first header behind a joint, in
// its line: marks and a hole.
func lead(b []byte) int {
	n := nulRun(b)
	n += Marks(b[n:])
	return n + nulRun(b[n:])
}

// maxAround is how much of a line decides whether it holds an entry behind something
// else.
const maxAround = 400

// around reports whether a line that begins nothing holds the header of an entry
// behind a prefix, in a value of JSON or CSV, or in UTF-16. Behind a statement that is
// closed no line of it can: a time outside of quotes and comments is no SQL, nor is
// the start of a document.
func around(line []byte) bool {
	line = firstLine(line[:min(len(line), maxAround)])
	if len(line) > 3 && (line[0] == 0 || line[1] == 0 || line[3] == 0) {
		narrow := bytes.TrimPrefix(bytes.TrimPrefix(bytes.ReplaceAll(line, []byte{0}, nil), []byte("\xff\xfe")), []byte("\xfe\xff"))
		if len(narrow) < len(line)*2/3 {
			return headed(narrow) || around(narrow)
		}
	}
	for at := 0; ; at++ {
		colon := bytes.IndexByte(line[at:], ':')
		if colon < 0 {
			return false
		}
		if at += colon; at+3 >= len(line) || line[at+3] != ':' {
			continue
		}
		for _, hour := range [...]int{len("2006-01-02T15"), len("060102 15")} {
			if start := at - hour; start > 0 && headed(line[start:]) && outside(line[:start]) {
				return true
			}
		}
	}
}

// blanksWritten are how containers write the TABs and blanks of a header.
var blanksWritten = [...]string{`\\t`, `\t`, `\u0009`, "#011"}

// headed reports whether text begins with a header of a known command, its TABs written
// in any way.
func headed(text []byte) bool {
	var h Header
	if h.read(text, false) {
		return h.Known
	}
	text = text[:min(len(text), 2*maxBlanks)]
	for _, written := range blanksWritten {
		if bytes.Contains(text, []byte(written)) {
			return h.read(bytes.ReplaceAll(text, []byte(written), []byte{'\t'}), false) && h.Known
		}
	}
	return false
}

// outside reports whether what is in front of a header in a line that begins behind a
// closed statement is no SQL, or leaves no quote or comment open.
func outside(front []byte) bool {
	bare := front
	if at := bytes.IndexAny(front, "'\"`#*"); at >= 0 {
		bare = front[:at]
	}
	if at := bytes.Index(bare, []byte("--")); at >= 0 {
		bare = bare[:at]
	}
	trimmed := bytes.TrimLeft(front, " \t,")
	switch {
	case len(bare) == len(front):
		return true
	case clocked(bare), trimmed[0] == '[' && front[len(front)-1] == '"', named(trimmed):
		return true // a time, a list, or a line of a document
	}
	if at := bytes.Index(front, []byte(`{"`)); at >= 0 && at <= len(bare) && named(front[at+1:]) {
		return true // a document, behind a prefix or not
	}
	return !bytes.ContainsAny(front, "#*") && !bytes.Contains(front, []byte("--")) && sqltext.EndState(front) == sqltext.Closed
}

// named reports whether text begins as a value of a document with its name.
func named(text []byte) bool {
	name, behind, _ := bytes.Cut(bytes.TrimPrefix(text, []byte{'"'}), []byte{'"'})
	return len(name) < len(text) && text[0] == '"' && bytes.HasPrefix(bytes.TrimLeft(behind, " "), []byte{':'})
}

// clocked reports whether text holds a time of day.
func clocked(text []byte) bool {
	for i := 2; i+3 < len(text); i++ {
		if text[i] == ':' && text[i+3] == ':' && digits(text, i-2, i) >= 0 && digits(text, i+1, i+3) >= 0 {
			return true
		}
	}
	return false
}
