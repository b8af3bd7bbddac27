package notebook

import (
	"bytes"
	"unicode/utf8"

	"sqleuth/analysis/genlog"
)

// Record is one entry of the notebook's data frame with the text that its
// preprocessed file is made of.
type Record struct {
	Fields
	Offset int64  // of the entry's first byte in the decompressed log
	Time   int64  // microseconds since 1970-01-01 UTC
	Number uint64 // value of the id
	Raw    []byte
	Long   bool // Raw is the head only
	// InRaw is where the argument begins in Raw, -1 where it is not
	// there as it is.
	InRaw int
	// Name is where the command begins in Raw, 0 where the header is not plain.
	Name int
	// Slot, Known and Varied are what was remembered of the entry; of a known one
	// the fields and the text are not set.
	Slot   int32
	Known  bool
	Varied bool
}

// Scanner walks chunks of a log. It keeps buffers between chunks; one goroutine
// uses it at a time.
type Scanner struct {
	text    []byte
	decoded []byte
}

// Scan walks the entries of a chunk as the notebook does and accounts for every
// byte in cov: dropped lines count as banner bytes, what logline_re does not
// match and the file's last entry as rejects. restart is called for each
// dropped line that a server writes when it starts. remember is asked for
// entries that depend on nothing but their bytes behind the id; what it answers
// goes to record. r is valid during the call of record only.
func (s *Scanner) Scan(c genlog.Chunk, cov *genlog.Coverage, restart func(), remember func(tail []byte) (slot int32, known, varied bool), record func(r *Record)) {
	if c.Limit == 0 {
		c.Limit, c.Head = genlog.MaxRecord, genlog.HeadLen
	}
	data := c.Data
	anyCR := bytes.IndexByte(data, '\r') >= 0
	var r Record
	// full is empty until the first line of the file that is not dropped; the
	// line that finds it empty keeps its newline.
	fresh := c.First
	for pos := 0; pos < len(data); {
		start := pos
		for pos < len(data) && isDropped(data[pos:]) {
			pos += lineEnd(data[pos:], anyCR)
		}
		if pos > start {
			s.drop(c, data[start:pos], start, cov, restart)
		}
		if start = pos; start == len(data) {
			cov.BannerBytes += c.Skipped
			return
		}
		dropped := false // a line that is left out is in the entry
		if pos, dropped = extent(data, start, anyCR); c.Skipped > 0 {
			pos = len(data)
		}
		raw := data[start:pos]
		size := int64(len(raw))
		if pos == len(data) {
			size += c.Skipped
		}
		long := size > int64(c.Limit)
		if long {
			raw = raw[:min(len(raw), c.Head)]
			cov.LongEntries++
			dropped = true // it may be so
		}
		banner := int64(0)
		if dropped {
			banner = s.drop(c, raw, start, cov, restart)
			size -= banner
		}
		if c.Last && pos == len(data) {
			cov.Reject(c.Offset+int64(start), size, genlog.NeverFlushed)
			return
		}
		r = Record{Offset: c.Offset + int64(start), Raw: raw, Slot: -1, InRaw: -1}
		r.Long = long
		if name := plainHeader(raw, &r); name > 0 && !fresh && !long {
			r.Name = name
			if r.Slot, r.Known, r.Varied = remember(raw[name:]); r.Known {
				cov.EntryBytes += size
				record(&r)
				continue
			}
			if banner == 0 && plainLine(raw, name, &r) {
				cov.EntryBytes += size
				record(&r)
				continue
			}
		}
		s.text = s.AppendText(s.text[:0], raw, fresh)
		fresh = false
		var ok bool
		if r.Fields, ok = Split(s.text); !ok {
			why := genlog.NoEntry
			if _, ok := startsEntry(raw); !ok {
				why = genlog.BeforeFirst
			}
			cov.Reject(c.Offset+int64(start), size, why)
			continue
		}
		cov.EntryBytes += size
		r.Time, r.Number = Time(r.Timestamp), Number(r.ID)
		record(&r)
	}
}

// extent returns the end of the entry at start, and whether it has lines that are
// left out.
func extent(data []byte, start int, anyCR bool) (end int, dropped bool) {
	end = start + lineEnd(data[start:], anyCR)
	for end < len(data) {
		line := data[end:]
		if isDropped(line) {
			dropped = true
		} else if _, ok := startsEntry(line); ok {
			break
		}
		end += lineEnd(line, anyCR)
	}
	return end, dropped
}

// drop accounts for the lines in raw, at data[at:], that are left out, and returns
// how many bytes they have.
func (s *Scanner) drop(c genlog.Chunk, raw []byte, at int, cov *genlog.Coverage, restart func()) int64 {
	total := int64(0)
	for len(raw) > 0 {
		n := lineEnd(raw, true)
		if isDropped(raw) {
			if raw[0] == '/' {
				// The bytes are added with those of all dropped lines.
				cov.Banner(c.Offset+int64(at), 0, raw[:n])
				restart()
			}
			total += int64(n)
		}
		raw, at = raw[n:], at+n
	}
	cov.BannerBytes += total
	return total
}

// plainHeader reads time and id of an entry whose header is as servers write
// it, ASCII and on one line, and returns where the command begins; 0 for any
// other. What follows from the rest of such an entry depends on that rest only.
func plainHeader(raw []byte, r *Record) (name int) {
	t, ok := genlog.ParseTime(raw[:min(len(raw), len(shape))])
	if !ok {
		return 0
	}
	i := len(shape)
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\t') {
		i++
	}
	start, id := i, uint64(0)
	for i < len(raw) && raw[i] >= '0' && raw[i] <= '9' && i-start < 19 {
		id = id*10 + uint64(raw[i]-'0')
		i++
	}
	if i == start || i+1 >= len(raw) || (raw[i] != ' ' && raw[i] != '\t') || asciiSpace[raw[i+1]] || raw[i+1] >= utf8.RuneSelf {
		return 0
	}
	r.Time, r.Number = t, id
	return i + 1
}

// plainLine splits an entry with a plain header that is one line and needs no
// change: command and argument are one TAB or space apart, the argument's
// words one space. It gives what AppendText and Split would give.
func plainLine(raw []byte, name int, r *Record) bool {
	line := raw[name:]
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	w := bytes.IndexByte(line, '\t')
	if w <= 0 || w+1 >= len(line) {
		return false
	}
	command, argument := line[:w], line[w+1:]
	if string(command) == "Init DB" {
		command = initDB
	} else if singleWord(command) != w {
		return false
	}
	n := singleSpaced(argument)
	for ; n < len(argument); n++ {
		if c := argument[n]; c < ' ' || c >= utf8.RuneSelf || c == ' ' && (n == 0 || argument[n-1] == ' ') {
			return false
		}
	}
	if argument[n-1] == ' ' {
		return false
	}
	id := name - 1
	for id > len(shape) && raw[id-1] >= '0' && raw[id-1] <= '9' {
		id--
	}
	r.Fields = Fields{Timestamp: raw[:len(shape)], ID: raw[id : name-1], Command: command, Argument: argument, Action: "-", Table: none}
	r.InRaw = name + w + 1
	if string(command) == "Query" {
		r.Action, r.Table = ActionTable(argument)
	}
	return true
}

// singleWord returns the length of the printable ASCII characters other than
// the space at the start of b.
func singleWord(b []byte) int {
	for i, c := range b {
		if c <= ' ' || c >= utf8.RuneSelf {
			return i
		}
	}
	return len(b)
}

// AppendText appends the flushed text of an entry: its lines without the
// dropped ones, the first stripped and the second glued to it, then split into
// words and joined by single spaces. Where fresh is set the entry is the first
// of its file and nothing is glued.
func (s *Scanner) AppendText(dst, raw []byte, fresh bool) []byte {
	if !utf8.Valid(raw) {
		s.decoded = AppendDecoded(s.decoded[:0], raw)
		raw = s.decoded
	}
	anyCR := bytes.IndexByte(raw, '\r') >= 0
	base, lines := len(dst), 0
	for len(raw) > 0 {
		n := lineEnd(raw, anyCR)
		line := raw[:n]
		raw = raw[n:]
		if isDropped(line) {
			continue
		}
		// Only the first line was stripped of its newline, and only if it
		// did not find the notebook's buffer empty.
		gap := lines > 1 || fresh
		dst = appendWords(dst, base, line, gap)
		lines++
	}
	return dst
}

// OnlyDropped reports whether every line of b is one that the notebook leaves out.
func OnlyDropped(b []byte) bool {
	for len(b) > 0 {
		if !isDropped(b) {
			return false
		}
		b = b[lineEnd(b, true):]
	}
	return true
}

// Time returns the microseconds since 1970 UTC that a timestamp spells, with
// digits of any script.
func Time(timestamp []byte) int64 {
	if t, ok := genlog.ParseTime(timestamp); ok {
		return t
	}
	var v [7]int // year, month, day, hour, minute, second, microsecond
	rest, k := timestamp, 0
	for i := 0; len(rest) > 0; i++ {
		r, n := utf8.DecodeRune(rest)
		rest = rest[n:]
		if shape[i] == 'd' {
			v[k] = v[k]*10 + int(digitValue(r))
		} else if k < len(v)-1 {
			k++
		}
	}
	return genlog.Micros(v[0], v[1], v[2], v[3], v[4], v[5], v[6])
}

// Extent returns the part of raw, which begins with an entry, that belongs to
// it: up to the line on which the next one begins.
func Extent(raw []byte) []byte {
	end, _ := extent(raw, 0, bytes.IndexByte(raw, '\r') >= 0)
	return raw[:end]
}

// WithoutFirstWord returns what follows the first space of text.
func WithoutFirstWord(text []byte) []byte {
	_, rest, _ := bytes.Cut(text, []byte(" "))
	return rest
}
