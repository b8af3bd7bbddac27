package genlog

import (
	"bytes"
)

// A server that writes all its logs to one stream (a container, or a
// general_log_file that is also log_error), and programs that show several files
// as one, put lines of their own between the entries:
//
//	2024-06-01T10:00:00.000107Z 48 [Note] [MY-010926] [Server] Access denied ...
//	2019-10-15 10:13:00 9 [Warning] Access denied ...
//	191015 10:13:00 [Note] InnoDB: ...
//	2024-07-10 05:25:05+00:00 [Note] [Entrypoint]: ...
//	# Time: 2024-07-10T05:25:05.058758Z
//	==> /var/log/mysql/error.log <==
//	Version: '8.0.43'  socket: '/run/mysqld.sock'  port: 3306
//	05:25:05 UTC - mysqld got signal 11 ;
//
// A statement has none of these at a line start but inside a quote or a comment;
// see scanner.entry for those that do.

// A MessageKind is the program or log that a message is of.
type MessageKind uint8

// The kinds, in the order in which reports list them.
const (
	ErrorLog   MessageKind = iota // a line of the server's error log
	EntryPoint                    // a line of the script that starts a container
	SlowLog                       // a record of the slow query log
	FileName                      // ==> NAME <==, of tail
	StartUp                       // what a server prints when it is ready
	Crash                         // what a server prints when it dies, with its stack
	MessageKinds
)

var kindText = [MessageKinds]string{"error log", "entry point", "slow log", "file name", "start-up", "crash"}

// String returns the kind in words.
func (k MessageKind) String() string { return kindText[k] }

// MarshalText writes the kind in words.
func (k MessageKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// Message is a stretch of lines that the server or another program wrote between
// the entries. Slices point into the chunk.
type Message struct {
	Offset int64 // of its first byte in the decompressed log
	Bytes  int64
	Time   int64 // microseconds since 1970 UTC, or local time as if UTC where Local; set where Timed
	Timed  bool
	Local  bool
	ID     uint64 // of the connection or thread that it names, 0 for none
	Kind   MessageKind
	Level  []byte // "Note", "Warning", ... as written; nil for none
	Text   []byte // behind time, id and level, without the last line end
	// Doubtful is set where the entry before may be the author: it is open at its
	// end, or a login of which the client chose the text.
	Doubtful bool
	// Inside is set where the message is also counted as text of the entry before.
	Inside bool

	head int // bytes before the line that must be looked at next
}

// levels are the words in brackets behind the time, in small letters.
var levels = map[string]bool{"note": true, "warning": true, "error": true, "system": true, "info": true, "information": true, "debug": true, "fatal": true}

// parseMessage reads the head of a message at the start of b, which is whole
// lines. Offset, Bytes and the end of Text are for the caller to set.
func parseMessage(b []byte) (m Message, ok bool) {
	switch c := b[0]; {
	case c >= '0' && c <= '9':
		return datedMessage(b)
	case c == '#':
		return slowRecord(b)
	case c == '=':
		return fileName(b, 0)
	case c == '\n':
		return fileName(b, 1)
	case c == '\r' && len(b) > 1 && b[1] == '\n':
		return fileName(b, 2)
	case c == 'V':
		line := messageLine(b)
		if bytes.HasPrefix(line, []byte("Version: '")) && bytes.Contains(line, []byte("'  socket: '")) {
			return Message{Kind: StartUp, Text: b}, true
		}
	}
	return m, false
}

// maxMessageLine bounds how much of a line decides what it is.
const maxMessageLine = 4 << 10

func messageLine(b []byte) []byte {
	return bytes.TrimRight(firstLine(b[:min(len(b), maxMessageLine)]), "\r\n")
}

// datedMessage reads a line that begins with a time, or with a time of day.
func datedMessage(b []byte) (m Message, ok bool) {
	line := messageLine(b)
	n := 0
	switch {
	case len(line) > 8 && line[2] == ':':
		if digits(line, 0, 2)|digits(line, 3, 5)|digits(line, 6, 8) < 0 || !crashes(line[8:]) {
			return m, false
		}
		return Message{Kind: Crash, Text: b}, true
	case len(line) > 19 && line[10] == 'T' && bytes.HasPrefix(line[19:], []byte("Z UTC - ")):
		if m.Time, ok = plainTime(line[:19]); !ok || !crashes(line[20:]) {
			return m, false
		}
		m.Kind, m.Timed, m.Text = Crash, true, b[21:]
		return m, true
	}
	if m.Time, n, ok = isoTime(line); ok {
		m.Timed = true
	} else if m.Time, n, m.Local, ok = messageTime(line); ok {
		m.Timed = true
	} else {
		return m, false
	}
	if n == len(line) || line[n] != ' ' {
		return m, false
	}
	n = blanksEnd(line, n)
	rest, id := line[n:], uint64(0)
	if word, behind, ok := bytes.Cut(rest, []byte{' '}); ok {
		if v, is := threadID(word); is {
			id, rest = v, behind
			n += len(word) + 1
		}
	}
	m.ID, m.Text = id, b[n:]
	return m, m.classify(rest)
}

// classify finds out what the text behind time and id is of.
func (m *Message) classify(rest []byte) bool {
	if bytes.HasPrefix(rest, []byte("mysqld_safe ")) || bytes.HasPrefix(rest, []byte("mariadbd-safe ")) || bytes.HasPrefix(rest, []byte("InnoDB: ")) ||
		bytes.HasPrefix(rest, []byte(" InnoDB: ")) {
		return true
	}
	if len(rest) == 0 || rest[0] != '[' {
		return false
	}
	level, behind, ok := bytes.Cut(rest[1:], []byte{']'})
	if !ok || len(level) > 12 || !levels[string(bytes.ToLower(level))] || len(behind) > 0 && behind[0] != ' ' && behind[0] != ':' {
		return false
	}
	m.Level = level
	m.Text = bytes.TrimLeft(m.Text[len(level)+2:], " :")
	switch {
	case bytes.HasPrefix(m.Text, []byte("[Entrypoint]")):
		m.Kind = EntryPoint
	case crashes(behind):
		m.Kind = Crash
	}
	return true
}

// crashes reports whether text is the first line of what a dying server prints.
func crashes(text []byte) bool {
	text = bytes.TrimPrefix(bytes.TrimLeft(text, " "), []byte("UTC - "))
	for _, p := range []string{"mysqld got ", "mariadbd got ", "/usr/sbin/mysqld got ", "/usr/sbin/mariadbd got "} {
		if bytes.HasPrefix(text, []byte(p)) {
			return true
		}
	}
	return false
}

// threadID reads the number behind the time of a message: decimal, or as InnoDB
// of MySQL 5.6 writes threads, which names no connection.
func threadID(word []byte) (id uint64, ok bool) {
	if len(word) == 0 || len(word) > maxDigits {
		return 0, false
	}
	decimal := true
	for _, c := range word {
		switch {
		case c >= '0' && c <= '9':
			id = id*10 + uint64(c-'0')
		case c >= 'a' && c <= 'f', c == 'x':
			decimal = false
		default:
			return 0, false
		}
	}
	if !decimal {
		id = 0
	}
	return id, true
}

// messageTime reads a time that no header has: "2006-01-02  5:04:05" with an
// offset or none, or a short one.
func messageTime(b []byte) (micros int64, n int, local, ok bool) {
	if micros, n, ok = shortTime(b); ok {
		return micros, n, true, true
	}
	if micros, ok = plainTime(b[:min(len(b), 19)]); !ok {
		return 0, 0, false, false
	}
	if len(b) >= 25 && (b[19] == '+' || b[19] == '-') && b[22] == ':' {
		h, m := digits(b, 20, 22), digits(b, 23, 25)
		if h|m < 0 {
			return 0, 0, false, false
		}
		offset := int64(h)*hour + int64(m)*minute
		if b[19] == '-' {
			offset = -offset
		}
		return micros - offset, 25, false, true
	}
	return micros, 19, true, true
}

// plainTime reads "2006-01-02T15:04:05", with a blank for the T and for the
// first digit of the hour where it is 0.
func plainTime(b []byte) (micros int64, ok bool) {
	if len(b) != 19 || b[4] != '-' || b[7] != '-' || b[10] != 'T' && b[10] != ' ' || b[13] != ':' || b[16] != ':' {
		return 0, false
	}
	y, mo, d := digits(b, 0, 4), digits(b, 5, 7), digits(b, 8, 10)
	h, mi, s := digits(b, 11, 13), digits(b, 14, 16), digits(b, 17, 19)
	if b[11] == ' ' {
		h = digits(b, 12, 13)
	}
	if y|mo|d|h|mi|s < 0 || mo < 1 || mo > 12 || d < 1 || d > daysOf(y, mo) || h > 23 || mi > 59 || s > 60 {
		return 0, false
	}
	return Micros(y, mo, d, h, mi, s, 0), true
}

// fileName reads what tail prints where it changes to another file; blank is the
// length of the empty line before it.
func fileName(b []byte, blank int) (m Message, ok bool) {
	line := messageLine(b[blank:])
	if len(line) < len("==> x <==") || !bytes.HasPrefix(line, []byte("==> ")) || !bytes.HasSuffix(line, []byte(" <==")) {
		return m, false
	}
	return Message{Kind: FileName, Text: b[blank:], head: blank}, true
}

// maxSlowHead is how many lines of a slow-log record may precede its SET timestamp.
const maxSlowHead = 8

// slowRecord reads the head of a record of the slow query log. Its lines are
// comments of SQL, so that a client can write them into a statement that runs;
// but it cannot go on behind the SET timestamp, which must follow them.
func slowRecord(b []byte) (m Message, ok bool) {
	m = Message{Kind: SlowLog, Text: b}
	user := false
	for range maxSlowHead {
		line := messageLine(b[m.head:])
		switch {
		case bytes.HasPrefix(line, []byte("# Time: ")):
			if m.head > 0 {
				return m, false
			}
			m.slowTime(line[len("# Time: "):])
		case bytes.HasPrefix(line, []byte("# User@Host: ")):
			if user {
				return m, false
			}
			user = true
			if at := bytes.Index(line, []byte("Id: ")); at >= 0 {
				m.ID, _ = threadID(bytes.TrimSpace(line[at+len("Id: "):]))
			}
		case !user:
			return m, false
		case bytes.HasPrefix(line, []byte("SET timestamp=")):
			return m, true
		case !bytes.HasPrefix(line, []byte("# ")) && !bytes.HasPrefix(line, []byte("use ")):
			return m, false
		}
		m.head += len(firstLine(b[m.head:]))
		if m.head == len(b) {
			return m, false
		}
	}
	return m, false
}

func (m *Message) slowTime(text []byte) {
	if t, ok := ParseTime(text); ok {
		m.Time, m.Timed = t, true
	} else if t, n, ok := shortTime(text); ok && n == len(text) {
		m.Time, m.Timed, m.Local = t, true, true
	}
}
