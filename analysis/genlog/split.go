package genlog

import "bytes"

// Ahead is how many bytes behind a line start decide at most what begins there:
// the lines of a banner, or of the head of a slow-log record.
const Ahead = 64 << 10

// Splitter finds where a file that comes in blocks can be cut into chunks. It
// looks at data, the bytes that no chunk holds yet; data begins at the head of
// the file or where something begins. Its zero value is at the head of a file.
//
// Where something begins is a matter of the bytes of the file alone. Splitter
// decides on no line of which it has not seen enough for that; whole is set where
// nothing follows data in the file.
type Splitter struct {
	at    State // at the start of data
	part  part  // of what begins there, once some of it was let go
	last  State // behind the last header in data that was found
	seen  int   // line starts in data before here were searched for headers
	begun bool  // something precedes data
	// ahead is Ahead where it is 0; tests need less.
	ahead int
}

// NewSplitter returns a Splitter that wants to see no more than ahead bytes behind a
// line start; 0 means Ahead, which is right for all logs.
func NewSplitter(ahead int) *Splitter { return &Splitter{ahead: ahead} }

// Ahead returns how many bytes ahead s wants to see.
func (s *Splitter) Ahead() int {
	if s.ahead > 0 {
		return s.ahead
	}
	return Ahead
}

// part is a thing of which only the head is kept.
type part struct {
	kind    kind
	swallow bool // it is an open statement: foreign lines are text of it
	doubt   bool // messages behind it may be text of it
}

// State returns the state at the start of data.
func (s *Splitter) State() State { return s.at }

// LastStart returns where the last record in data begins, 0 where none does behind
// the first byte. No line is searched twice.
func (s *Splitter) LastStart(data []byte, whole bool) int {
	end, from := len(data), s.seen
	same := -1 // the last same-second header, should the state allow it
	for decided := false; end > from || end == 0 && from == 0; {
		start := bytes.LastIndexByte(data[:max(0, end-1)], '\n') + 1
		if start < from {
			break
		}
		line := data[start:]
		n := lead(line)
		if !decided {
			// Nothing is decided yet of the last line where it is incomplete.
			if !whole && len(line) < HeaderLen+n && bytes.IndexByte(line, '\n') < 0 {
				s.seen = start
				if end = start; end == 0 {
					return 0
				}
				decided = true
				continue
			}
			s.seen, decided = len(data), true
		}
		if h, ok := ParseHeader(line[n:], true); ok {
			if h.Form != FormSame {
				if s.last.First == FormNone {
					s.last.First = firstForm(data, from)
				}
				s.last.passed(h.Form)
				if same < 0 || !s.last.same() {
					return start
				}
				return same
			}
			if same < 0 && n == 0 {
				same = start
			}
		}
		if end = start; end == 0 {
			break
		}
	}
	if same < 0 || !s.last.same() {
		return 0
	}
	return same
}

// firstForm returns the form of the first header with a time in data behind from;
// there is one.
func firstForm(data []byte, from int) Form {
	if from > 0 && data[from-1] != '\n' {
		from += len(firstLine(data[from:]))
	}
	for data = data[from:]; ; {
		if h, ok := ParseHeader(data[lead(data):], false); ok {
			return h.Form
		}
		data = data[len(firstLine(data)):]
	}
}

// Fresh reports whether data begins at the head of the file.
func (s *Splitter) Fresh() bool { return !s.begun }

// Cut accounts for the removal of the first bytes of data, up to where LastStart,
// LastItem or End has found that something begins.
func (s *Splitter) Cut([]byte) {
	s.begun, s.seen, s.at = true, 0, s.last
	s.last.Doubtful = false
}

// LastItem returns where the last thing in data begins, record or not, of which s
// has seen enough; 0 where that is at the start of data and longer than limit, -1
// where s must see more. It is asked where LastStart has found nothing, and data is
// longer than limit and Ahead.
func (s *Splitter) LastItem(data []byte, limit int) int {
	var cov Coverage
	sc := newScanner(Chunk{Data: data, State: s.at, Limit: limit, Head: limit}, &cov, Handler{Record: func(*Record) {}})
	at := 0
	for sc.pos+s.Ahead() <= len(data) {
		at, s.last.Doubtful = sc.pos, sc.State.Doubtful
		sc.item()
	}
	if at > 0 {
		return at
	}
	if s.part = s.lone(data[:limit], sc.swallowed); s.part.kind == banner {
		return -1
	}
	return 0
}

// lone describes the thing that head is the head of. A foreign line in it that
// counted as text of an open statement is at swallowed, -1 for none.
func (s *Splitter) lone(head []byte, swallowed int) part {
	sc := newScanner(Chunk{Data: head, State: s.at}, nil, Handler{})
	p := part{kind: sc.at(0)}
	switch p.kind {
	case header:
		if p.swallow = swallowed >= 0 && swallowed < len(head); !p.swallow && mayHold(&sc.header, head) {
			p.swallow = isStatement(sc.header.Command)
			p.doubt = !p.swallow
		}
	case hole:
	default:
		p.doubt = s.at.Doubtful
	}
	return p
}

// End returns where the thing ends of which LastItem has seen nothing but a head:
// the first place in data behind from where something else begins. Where s does
// not know yet it returns false, and a place up to which nothing does.
func (s *Splitter) End(data []byte, from int, whole bool) (end int, ok bool) {
	ahead := s.Ahead()
	if whole {
		ahead = 0
	}
	s.last.Doubtful = s.part.doubt
	switch s.part.kind {
	case hole:
		for end = from; end < len(data) && data[end] == 0; {
			end++
		}
		return end, end < len(data)
	case nothing:
		if nl := bytes.IndexByte(data[from:], '\n'); nl >= 0 {
			return from + nl + 1, true
		}
		return len(data), false
	}
	sc := newScanner(Chunk{Data: data, State: s.last}, nil, Handler{})
	for q, k := from, kind(0); ; {
		q, k = sc.extent(q)
		switch {
		case q+ahead > len(data) || k == unknown:
			return max(from, len(data)-ahead), false
		case !s.part.swallow || !k.foreign():
			return q, true
		case k == message:
			q += sc.message.head
		}
	}
}
