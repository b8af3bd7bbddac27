package loaded

import (
	"bytes"
	"sort"
)

// Lines counts the line ends of a log while it is read, so that the line of an offset
// is found by reading a little before it. It takes 16 bytes for each MiB of the log.
// The zero value has seen nothing.
type Lines struct {
	marks []lineMark // ascending, the first of a file at its base
	last  lineMark   // where counting is
	file  int        // that last is in
}

type lineMark struct{ offset, ends int64 } // line ends of the file before offset

// lineGap is how far marks are apart, at least.
const lineGap = 1 << 20

// Add counts the next bytes of the log, which are at an offset in a file.
func (l *Lines) Add(file int, offset int64, data []byte) {
	switch {
	case len(l.marks) == 0 || file != l.file:
		l.file, l.last = file, lineMark{offset, 0}
		l.marks = append(l.marks, l.last)
	case offset-l.marks[len(l.marks)-1].offset >= lineGap:
		l.marks = append(l.marks, l.last)
	}
	l.last.offset = offset + int64(len(data))
	l.last.ends += int64(bytes.Count(data, []byte{'\n'}))
}

// Before returns how many line ends the file has before the offset from, which is the
// last counted one that is not behind offset; ok is false where none was counted.
func (l *Lines) Before(offset int64) (from, ends int64, ok bool) {
	k := sort.Search(len(l.marks), func(k int) bool { return l.marks[k].offset > offset }) - 1
	if k < 0 {
		return 0, 0, false
	}
	return l.marks[k].offset, l.marks[k].ends, true
}
