package notebook

import (
	"bytes"

	"sqleuth/analysis/genlog"
)

// Splitter finds where a file that comes in blocks can be cut into chunks. It
// looks at data, the bytes that no chunk holds yet; data begins at the head of
// the file or with an entry. Its zero value is at the head of a file. whole
// is set where nothing follows data in the file.
type Splitter struct {
	begun bool // lines that are not dropped precede data
	seen  int  // line starts in data up to here were searched for entries
}

// ahead is more than what shows that an entry begins: shape, of characters of up
// to four bytes.
const ahead = 4*len(shape) + 1

// Fresh reports whether nothing but dropped lines precedes data: the notebook
// glues its first entry in another way.
func (s *Splitter) Fresh() bool { return !s.begun }

// State returns the zero value: an entry of the notebook is one wherever it is.
func (s *Splitter) State() genlog.State { return genlog.State{} }

// LastStart returns where the last entry in data begins behind a "\n", 0 where none
// does behind the first byte. At the head of a file there must be more than dropped
// lines before it.
func (s *Splitter) LastStart(data []byte, _ bool) int {
	from := s.seen
	s.seen = max(from, len(data)-ahead)
	for end := len(data); ; {
		nl := bytes.LastIndexByte(data[from:end], '\n')
		if nl < 0 {
			return 0
		}
		start := from + nl + 1
		if _, ok := startsEntry(data[start:]); ok {
			if !s.begun && OnlyDropped(data[:start]) {
				return 0
			}
			return start
		}
		end = from + nl
	}
}

// Cut accounts for gone, the first bytes of the data, which the caller has removed.
func (s *Splitter) Cut(gone []byte) {
	s.begun = s.begun || !OnlyDropped(gone)
	s.seen = 0
}

// Ahead returns how many bytes behind a line start decide at most.
func (s *Splitter) Ahead() int { return ahead }

// LastItem returns where data can be cut though LastStart has found nothing: behind
// dropped lines at its start, and where an entry begins behind a lone "\r". It is 0
// where data holds nothing but the head of one entry.
func (s *Splitter) LastItem(data []byte, _ int) int {
	n := 0
	for isDropped(data[n:]) {
		line := lineEnd(data[n:], true)
		if n+line+ahead > len(data) {
			break
		}
		n += line
	}
	if n > 0 {
		return n
	}
	for end := len(data); ; {
		nl := bytes.LastIndexAny(data[:end], "\r\n")
		if nl < 0 {
			return 0
		}
		if _, ok := startsEntry(data[nl+1:]); ok {
			return nl + 1
		}
		end = nl
	}
}

// End returns where the entry ends that data begins with: the first place behind
// from where another one begins. Where s does not know yet it returns false, and a
// place up to which none does.
func (s *Splitter) End(data []byte, from int, _ bool) (end int, ok bool) {
	for at := from; ; {
		nl := bytes.IndexAny(data[at:], "\r\n")
		if nl < 0 {
			return max(from, len(data)-ahead), false
		}
		at += nl + 1
		if _, ok := startsEntry(data[at:]); ok {
			return at, true
		}
	}
}
