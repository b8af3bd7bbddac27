package genlog

import "bytes"

// Chunk is a stretch of one log file that begins at the start of a record (or
// of the file) and ends where a record ends.
type Chunk struct {
	Data   []byte
	Offset int64 // of Data[0] in the decompressed log
	First  bool  // nothing of the same file stands before it
	Last   bool  // nothing of the same file follows
	Short  bool  // the file has headers with short times (FormShort)
}

// Record is one entry as it stands in the log.
type Record struct {
	Header
	Offset   int64  // of the first byte of the header
	Argument []byte // after the command, without the line end of the record; points into the chunk
	Raw      []byte // the whole record with its line end
}

// Scan walks the records of a chunk in order. It adds every byte of the chunk
// to cov, calls banner for each banner that stands before the next record and
// record for each record; r and its slices are valid during the call only.
func Scan(c Chunk, cov *Coverage, banner func(), record func(r *Record)) {
	s := scanner{Chunk: c, cov: cov, banner: banner}
	var r Record
	var next Header
	found := s.seek(&next)
	for found {
		start := s.pos
		r.Header = next
		s.Short = s.Short || r.Form == FormShort
		s.pos, found = recordEnd(s.Data, start, s.Short, &next)
		r.Offset = c.Offset + int64(start)
		r.Raw = s.Data[start:s.pos]
		r.Argument = argument(r.Raw, r.Text)
		cov.EntryBytes += int64(len(r.Raw))
		cov.Forms.count(r.Form, r.Raw)
		record(&r)
		if !found {
			found = s.seek(&next)
		}
	}
}

type scanner struct {
	Chunk
	pos    int
	cov    *Coverage
	banner func()
}

// seek moves to the next header at or after the current line start, reads it,
// and accounts for what it passes: banners, holes, lines without an entry.
func (s *scanner) seek(h *Header) bool {
	for s.pos < len(s.Data) {
		rest := s.Data[s.pos:]
		var ok bool
		if *h, ok = ParseHeader(rest, s.Short); ok {
			return true
		}
		n := bannerLen(rest)
		switch {
		case n > 0:
			s.cov.Banner(s.Offset+int64(s.pos), int64(n), firstLine(rest))
			s.banner()
		case bannerRest(rest) > 0:
			n = bannerRest(rest)
			if line := firstLine(rest); versionLine(line) {
				s.cov.Banner(s.Offset+int64(s.pos), int64(n), line)
				s.banner()
			} else {
				s.cov.BannerBytes += int64(n)
			}
		case nulRun(rest) > 0:
			n = nulRun(rest)
			s.cov.Reject(s.Offset+int64(s.pos), int64(n), NulRun)
		default:
			n = len(firstLine(rest))
			s.cov.Reject(s.Offset+int64(s.pos), int64(n), BeforeFirst)
		}
		s.pos += n
	}
	return false
}

// recordEnd returns the end of the record that begins at start: where a
// header, a banner or a hole before a header begins on a line of its own. Where
// it is a header, found is true and next is that header.
func recordEnd(data []byte, start int, short bool, next *Header) (end int, found bool) {
	for q := start; ; {
		nl := bytes.IndexByte(data[q:], '\n')
		if nl < 0 {
			return len(data), false
		}
		if nl > 0 && q != start {
			// The first line of a banner ends in "started with:" or
			// "embedded library"; one byte tells nearly all others apart.
			switch data[q+nl-1] {
			case ':', 'y', '\r':
				if bannerLen(data[q:]) > 0 {
					return q, false
				}
			}
		}
		q += nl + 1
		if q == len(data) {
			return q, false
		}
		switch b := data[q]; {
		case b >= '0' && b <= '9', b == '\t':
			if h, ok := ParseHeader(data[q:], short); ok {
				*next = h
				return q, true
			}
		case b == 0:
			if n := nulRun(data[q:]); n > 0 {
				if _, ok := ParseHeader(data[q+n:], short); ok || q+n == len(data) {
					return q, false
				}
			}
		}
	}
}

// minNulRun is the shortest run of NUL bytes at a line start that is taken for
// a hole of a sparse file: a statement may hold a few of its own.
const minNulRun = 16

// nulRun returns the length of the run of NUL bytes at the start of b, 0 when
// it is too short to be a hole.
func nulRun(b []byte) int {
	n := 0
	for n < len(b) && b[n] == 0 {
		n++
	}
	if n < minNulRun {
		return 0
	}
	return n
}

// argument cuts the argument out of a record whose header has text bytes.
func argument(raw []byte, text int) []byte {
	arg := raw[min(text, len(raw)):]
	if n := len(arg); n > 0 && arg[n-1] == '\n' {
		arg = arg[:n-1]
		if n := len(arg); n > 0 && arg[n-1] == '\r' {
			arg = arg[:n-1]
		}
	}
	return arg
}

// LastStart returns the start of the last record in data that begins on a line
// of its own after the first byte, with the form of its header; -1 for none.
func LastStart(data []byte, short bool) (at int, form Form) {
	end := len(data)
	for {
		nl := bytes.LastIndexByte(data[:end], '\n')
		if nl < 0 {
			return -1, FormNone
		}
		if nl+1 < len(data) {
			if b := data[nl+1]; b >= '0' && b <= '9' || b == '\t' {
				if h, ok := ParseHeader(data[nl+1:], short); ok {
					return nl + 1, h.Form
				}
			}
		}
		end = nl
	}
}

// ParseRecord reads the record at the start of raw, which may be followed by
// others; ok is false when raw does not begin with a header.
func ParseRecord(raw []byte, short bool) (r Record, ok bool) {
	if r.Header, ok = ParseHeader(raw, short); !ok {
		return r, false
	}
	var next Header
	end, _ := recordEnd(raw, 0, short, &next)
	r.Raw = raw[:end]
	r.Argument = argument(r.Raw, r.Text)
	return r, true
}

// FirstForm returns the form of the first header in data, FormNone where there
// is none.
func FirstForm(data []byte) Form {
	for len(data) > 0 {
		if h, ok := ParseHeader(data, true); ok && h.Form != FormSame {
			return h.Form
		}
		if n := nulRun(data); n > 0 {
			data = data[n:]
			continue
		}
		data = data[len(firstLine(data)):]
	}
	return FormNone
}
