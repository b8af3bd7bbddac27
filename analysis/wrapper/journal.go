package wrapper

import (
	"bytes"
	"encoding/binary"
	"slices"

	"sqleuth/analysis/genlog"
)

// journal is journald's export format: a field a line, a blank line between records,
// and fields that hold more than text as name, length and bytes.
type journal struct {
	// whole is set where the file begins with a record, as nothing else does.
	whole bool
}

func (journal) holds() bool  { return true }
func (journal) name() string { return "journald export" }

func (journal) open(known *streams) layer {
	return &journalLayer{ids: streamIDs{known: known, heads: isHead}}
}

func findJournal(head []byte) []kind {
	whole := bytes.HasPrefix(head, []byte("__CURSOR="))
	if !whole && !bytes.Contains(head, []byte("\n__REALTIME_TIMESTAMP=")) {
		return nil
	}
	return []kind{journal{whole}}
}

// messageField is the field that holds the log.
const messageField = "MESSAGE"

// journalSides are fields that name the stream whose a record is.
var journalSides = [maxSides]string{"_HOSTNAME", "CONTAINER_NAME", "SYSLOG_IDENTIFIER", "_SYSTEMD_UNIT"}

// journalState is where in a record a layer is.
type journalState uint8

const (
	journalField journalState = iota // before a field
	journalOther                     // in a line that is not wanted
	journalText                      // in a line that is
	journalSkip                      // in bytes that are not
	journalBytes                     // in bytes that are
	journalLost                      // in a line that is no field
	journalEntry                     // where an entry leads to
)

type journalLayer struct {
	state journalState
	left  uint64 // bytes
	ids   streamIDs
	// streams are what the open record has named of its stream.
	streams streamID
	trial   trial
	entered bool // it went on at an entry in the record: then it is of the log
}

func (l *journalLayer) tells() *streamIDs { return &l.ids }

func (l *journalLayer) resume(inside bool) {
	l.ids.fixed, l.streams, l.trial.on, l.entered = true, streamID{}, false, true
	l.state = journalEntry
	if inside {
		l.state = journalText
	}
}

// settle ends the trial of a message at pos, by when the record has named its stream.
func (l *journalLayer) settle(in *Text, pos int, out *output) {
	if !l.trial.on || l.ids.keeps(&l.trial, l.streams, in, pos, out) {
		return
	}
	switch l.state {
	case journalText:
		l.state = journalOther
	case journalBytes:
		l.state = journalSkip
	}
}

func (l *journalLayer) take(in *Text, last bool, out *output) int {
	done := l.walk(in, last, out)
	if l.trial.waits(in, last) {
		l.state, l.streams = journalField, l.trial.before
		return l.trial.again(out)
	}
	l.settle(in, len(in.Data), out)
	return done
}

func (l *journalLayer) walk(in *Text, last bool, out *output) int {
	data := in.Data
	for pos := 0; pos < len(data); {
		rest := data[pos:]
		n := 0
		switch l.state {
		case journalEntry:
			// Within bytes it is not known how many are left: they are taken to
			// reach to what begins like a field.
			if l.state = journalField; !bytes.HasPrefix(rest, []byte(messageField)) {
				l.state, l.left = journalBytes, uint64(bytesLen(rest))
			}
			continue
		case journalField:
			if n = l.field(in, pos, last, out); n == 0 && l.state == journalField {
				return pos
			}
		case journalOther, journalText, journalLost:
			n = lineLen(rest)
			switch l.state {
			case journalText:
				out.run(in, pos, pos+n)
			case journalLost:
				out.reject(in, pos, pos+n, genlog.NoDocument)
			}
			if rest[n-1] == '\n' {
				l.state = journalField
			}
		case journalSkip, journalBytes:
			n = int(min(l.left, uint64(len(rest))))
			if l.state == journalBytes {
				out.run(in, pos, pos+n)
			}
			if l.left -= uint64(n); l.left == 0 {
				l.state = journalField
			}
		}
		pos += n
	}
	return len(data)
}

// maxField is more than the name of a field has bytes.
const maxField = 256

// field reads the name of a field, and the line of one that is not wanted; 0 where the
// name is not complete.
func (l *journalLayer) field(in *Text, pos int, last bool, out *output) int {
	rest := in.Data[pos:]
	line := rest[:lineLen(rest)]
	n := bytes.IndexByte(line[:min(len(line), maxField)], '=')
	if n < 0 && len(line) <= maxField && line[len(line)-1] == '\n' {
		n = len(line) - 1
	}
	marks := genlog.Marks(line)
	switch {
	case n < 0 && len(rest) < maxField && !last:
		return 0
	case n == 0 && rest[0] == '\n':
		l.settle(in, pos, out)
		l.streams, l.entered = streamID{}, false
		return 1
	case marks > 0: // of a file that was added to this one
		return marks
	case n < 0 || !isFieldName(rest[:n]):
		return l.noField(in, pos, last, out)
	}
	mine := string(rest[:n]) == messageField
	if rest[n] == '=' {
		if mine {
			l.begin(in, pos, out)
			l.state = journalText
			return n + 1
		}
		whole := line[len(line)-1] == '\n'
		if side := slices.Index(journalSides[:], string(rest[:n])); side >= 0 {
			if !whole && len(line) < maxField && !last {
				return 0
			}
			l.streams[side] = l.ids.of(bytes.TrimSuffix(line[n+1:min(len(line), maxField)], []byte{'\n'}))
		}
		if !whole {
			l.state = journalOther
		}
		return len(line)
	}
	if len(rest) < n+9 {
		if !last {
			return 0
		}
		l.state = journalOther
		return len(rest)
	}
	left := binary.LittleEndian.Uint64(rest[n+1:])
	if left > maxBytes {
		return l.noField(in, pos, last, out)
	}
	// The line end behind the bytes is one of text.
	l.state, l.left = journalSkip, left+1
	if mine {
		l.begin(in, pos, out)
		l.state = journalBytes
	}
	return n + 9
}

// noField begins a line that is no field: of a record that was cut. One that begins an
// entry is taken as such.
func (l *journalLayer) noField(in *Text, pos int, last bool, out *output) int {
	rest := in.Data[pos:]
	if line := rest[:lineLen(rest)]; len(line) < maxPrefix && line[len(line)-1] != '\n' && !last {
		return 0
	}
	l.settle(in, pos, out)
	if l.state = journalLost; isHead(rest) {
		l.state = journalText
		out.Map.Lead(&in.Map, pos)
	}
	return 0
}

// isFieldName reports whether a field may have the name.
func isFieldName(name []byte) bool {
	for _, c := range name {
		if (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return len(name) > 0
}

// maxBytes is more than journald keeps of a field.
const maxBytes = 1 << 30

// begin enters the message whose field is at pos.
func (l *journalLayer) begin(in *Text, pos int, out *output) {
	l.settle(in, pos, out)
	if !l.entered {
		l.trial.try(l.streams, pos, out)
	}
	out.Map.Lead(&in.Map, pos)
}

// bytesLen returns how much of b comes before a line that begins like a field, or
// before a blank one.
func bytesLen(b []byte) int {
	for n := lineLen(b); n < len(b); n += lineLen(b[n:]) {
		line := b[n : n+lineLen(b[n:])]
		name, _, found := bytes.Cut(line, []byte{'='})
		if line[0] == '\n' || found && isFieldName(name) {
			return n
		}
	}
	return len(b)
}
