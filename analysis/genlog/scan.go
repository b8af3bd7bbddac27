package genlog

import (
	"bytes"

	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/textmap"
)

// Bounds of a single entry.
const (
	// MaxRecord is the length from which an entry is long: no more than its head
	// is read, and the rest of its bytes is counted. A statement cannot be longer
	// than the server's max_allowed_packet, which is 16 MiB by default, or 64 MiB.
	MaxRecord = 16 << 20
	// HeadLen is how much of the head of a long entry is read.
	HeadLen = 1 << 20
)

// Chunk is a stretch of one log file that begins where something begins, a record,
// a banner, a message or a line of nothing, and ends where something ends.
type Chunk struct {
	Data   []byte
	Offset int64 // of Data[0] in the decompressed log
	// Map is where Data is in the decompressed log; nil where that is byte by byte
	// from Offset on.
	Map   *textmap.Map
	First bool  // nothing of the same file precedes it
	Last  bool  // nothing of the same file follows
	State State // before Data[0]
	// Skipped is how many bytes of the log were let go behind Data, which then holds
	// the head of one thing only.
	Skipped int64
	// Limit and Head are MaxRecord and HeadLen where they are 0; tests need less.
	Limit, Head int
}

// Bounds returns Limit and Head.
func (c *Chunk) Bounds() (limit, head int) {
	if c.Limit == 0 {
		return MaxRecord, HeadLen
	}
	return c.Limit, c.Head
}

// At returns the offset in the decompressed log that byte i of the data leads to.
func (c *Chunk) At(i int) int64 {
	if c.Map == nil {
		return c.Offset + int64(i)
	}
	return c.Map.At(i)
}

// Size returns how many bytes of the decompressed log the data from <= i < to was
// read from.
func (c *Chunk) Size(from, to int) int64 {
	if c.Map == nil {
		return int64(to - from)
	}
	return c.Map.Bytes(from, to)
}

// End returns the offset behind the data in the decompressed log.
func (c *Chunk) End() int64 {
	if c.Map == nil {
		return c.Offset + int64(len(c.Data))
	}
	return c.Map.End()
}

// State is what decides what a line is beside the bytes of the line. The zero
// value is that of the head of a file.
type State struct {
	// First and Last are the forms of the first and the last header with a time
	// before here, FormNone where the file has none yet.
	First, Last Form
	// Doubtful is set where a message here may be text of the entry before.
	Doubtful bool
}

// same reports whether same-second headers are possible here: behind short ones, and at
// the head of a file, since a log may be switched on within a second. The first
// header of the file is asked too, or a client who writes a line that looks like a
// header of another form could hide the entries of others in its own.
func (s State) same() bool { return s.First != FormISO || s.Last == FormShort }

// passed takes note of a header.
func (s *State) passed(f Form) {
	if f == FormSame {
		return
	}
	if s.Last = f; s.First == FormNone {
		s.First = f
	}
}

// Record is one entry as it is in the log.
type Record struct {
	Header
	Offset   int64  // of the first byte of the header
	Start    int    // where that is in the chunk's data
	Argument []byte // after the command, without the line end of the record; points into the chunk
	Raw      []byte // the whole record with its line end, or its head
	Long     bool   // Raw is the head only
	Size     int64  // bytes of the log that the whole record was read from
}

// Handler is called with what the bytes of a chunk are, in order. What it is given is
// valid during the call only. Banner and Message may be nil.
type Handler struct {
	Banner  func() // a banner precedes the next record
	Record  func(*Record)
	Message func(*Message)
}

// Scan walks the records of a chunk in order and adds every byte of the chunk to
// cov. Where a log is cut into chunks by a Splitter must not show.
func Scan(c Chunk, cov *Coverage, h Handler) {
	s := newScanner(c, cov, h)
	for s.pos < len(s.Data) {
		s.item()
	}
}

func newScanner(c Chunk, cov *Coverage, h Handler) *scanner {
	s := &scanner{Handler: h}
	s.reset(c, cov)
	return s
}

// reset begins with another chunk.
func (s *scanner) reset(c Chunk, cov *Coverage) {
	c.Limit, c.Head = c.Bounds()
	*s = scanner{Chunk: c, cov: cov, Handler: s.Handler, kind: unknown, doubts: s.doubts[:0], swallowed: -1}
}

// scanner walks a chunk item by item: an item is what begins on a line and
// reaches to where the next one begins. Behind a banner and a hole, and at the
// head of a file, each line that begins nothing is an item of its own.
type scanner struct {
	Chunk
	Handler
	cov *Coverage
	pos int // start of the next item

	kind    kind // of what begins at pos
	n       int  // length of the banner, hole or marks there
	header  Header
	message Message
	why     Reason // of a fault

	record    Record    // given to the handler
	doubts    []Message // in the record that is read
	swallowed int       // where the first foreign line in it begins, -1 for none
}

// kind is what can begin on a line.
type kind uint8

const (
	nothing kind = iota // text of what precedes
	header
	message
	fault
	banner
	hole
	marks   // of a joint
	unknown // nobody has looked yet
)

// foreign reports whether an item may be text of an open statement before it.
func (k kind) foreign() bool { return k == message || k == fault }

// item reads the item at pos.
func (s *scanner) item() {
	if s.kind == unknown {
		s.kind = s.at(s.pos)
	}
	switch s.kind {
	case header:
		s.entry()
	case message:
		s.readMessage()
	case fault:
		start, why := s.pos, s.why
		s.pos, s.kind = s.extent(start)
		s.reject(start, why)
	case banner:
		s.cov.Banner(s.At(s.pos), s.Size(s.pos, s.pos+s.n), firstLine(s.Data[s.pos:]))
		s.opened()
		s.State.Doubtful = false
		s.pos += s.n
		s.kind = unknown
	case hole:
		start := s.pos
		s.pass()
		s.reject(start, NulRun)
	case marks:
		start := s.pos
		s.pass()
		s.cov.WrapperBytes += s.Size(start, s.pos)
	default:
		s.line()
	}
}

// pass passes a hole or marks.
func (s *scanner) pass() {
	s.pos += s.n
	s.kind = unknown
	s.State.Doubtful = false
}

// line reads a line that belongs to nothing: text of an entry that is not in the
// file, or what a cut has left of a banner.
func (s *scanner) line() {
	start, line := s.pos, firstLine(s.Data[s.pos:])
	s.pos += len(line)
	s.kind = unknown
	switch {
	case versionLine(line):
		s.cov.Banner(s.At(start), s.length(start), line)
		s.opened()
	case portLine(line), columnsLine(line):
		s.cov.BannerBytes += s.length(start)
	default:
		s.reject(start, BeforeFirst)
	}
}

func (s *scanner) opened() {
	if s.Banner != nil {
		s.Banner()
	}
}

// length returns how many bytes of the log the item from start to pos was read
// from.
func (s *scanner) length(start int) int64 {
	n := s.Size(start, s.pos)
	if s.pos == len(s.Data) {
		n += s.Skipped
	}
	return n
}

// long reports whether the item from start to pos is one of which only the head is
// read.
func (s *scanner) long(start int) bool {
	return s.pos-start > s.Limit || s.pos == len(s.Data) && s.Skipped > 0
}

func (s *scanner) reject(start int, why Reason) {
	s.cov.Reject(s.At(start), s.length(start), why)
}

// entry reads the record at pos.
//
// A line of the server inside an open quote or comment may have been written by
// the client. It is text of the statement then, or a client could hide the rest
// of a statement from everything that looks at statements; and it is named as a
// doubtful message, or a client could hide the messages behind a quote.
func (s *scanner) entry() {
	r := &s.record
	r.Header, r.Offset, r.Start = s.header, s.leadTo(s.pos), s.pos // all else is set below
	s.State.passed(r.Form)
	start := s.pos
	s.pos, s.kind = s.extent(start)
	s.doubts, s.swallowed = s.doubts[:0], -1
	s.State.Doubtful = false
	if s.kind.foreign() && mayHold(&r.Header, s.Data[start:min(s.pos, start+s.Limit)]) {
		if s.State.Doubtful = !isStatement(r.Command); !s.State.Doubtful {
			s.swallow(start)
		}
	}
	r.Size, r.Raw = s.length(start), s.Data[start:s.pos]
	if r.Long = s.long(start); r.Long {
		r.Raw = r.Raw[:min(len(r.Raw), s.Head)]
		s.cov.LongEntries++
		s.doubts = s.doubts[:0] // nobody has read so far
	}
	r.Argument = argument(r.Raw, r.Text)
	s.cov.EntryBytes += r.Size
	s.cov.Forms.count(r.Form, r.Raw)
	s.Record(r)
	for i := range s.doubts {
		s.tell(&s.doubts[i])
	}
}

// leadTo returns the offset that leads to the header at start. Where something is around
// the log an entry is read back from where its line begins, with the marks or the hole in
// front of it.
func (s *scanner) leadTo(start int) int64 {
	if s.Map != nil && start > 0 && s.Data[start-1] != '\n' {
		start = bytes.LastIndexByte(s.Data[:start], '\n') + 1
	}
	return s.At(start)
}

// isStatement reports whether the argument of a command is SQL.
func isStatement(command []byte) bool {
	switch string(command) {
	case "Query", "Execute", "Prepare":
		return true
	}
	return false
}

// mayHold reports whether what follows raw, the bytes of a record, may be text of
// it.
func mayHold(h *Header, raw []byte) bool {
	text := raw[min(h.Text, len(raw)):]
	switch {
	case isStatement(h.Command):
		return sqltext.EndState(text) != sqltext.Closed
	case string(h.Command) == "Connect", string(h.Command) == "Change user":
		// Newer servers end a login with the way it came; a refusal ends in ")".
		// A login without an end may go on: the client chooses user and database.
		return !endsLogin(text) && !bytes.HasSuffix(bytes.TrimRight(text, "\r\n"), []byte(")"))
	case string(h.Command) == "Init DB", string(h.Command) == "Field List":
		return true
	}
	return false
}

// transports are the ways that servers name at the end of a login.
var transports = []string{"TCP/IP", "SSL/TLS", "Socket", "Named Pipe", "Shared Memory"}

// endsLogin reports whether text ends as the Connect line of newer servers.
func endsLogin(text []byte) bool {
	text = bytes.TrimRight(text, "\r\n")
	for _, t := range transports {
		if before, ok := bytes.CutSuffix(text, []byte(t)); ok {
			return bytes.HasSuffix(before, []byte(" using "))
		}
	}
	return false
}

// swallow adds foreign lines at pos to the record before, which begins at start, as long
// as its statement is open in front of them. Of a long one that is not asked.
func (s *scanner) swallow(start int) {
	s.swallowed = s.pos
	open := openness{from: start + s.record.Text}
	for s.kind.foreign() && (s.pos == s.swallowed || s.pos-start > s.Limit || open.at(s.Data, s.pos)) {
		from, m := s.pos, s.message
		if s.kind == fault {
			s.pos, s.kind = s.extent(from)
			continue
		}
		s.pos, s.kind = s.extent(from + m.head)
		m.Offset, m.Bytes, m.Doubtful, m.Inside = s.At(from), s.length(from), true, true
		m.Text = s.textOf(&m, from)
		s.doubts = append(s.doubts, m)
	}
}

// openness is whether a statement is open at ever later places in it.
type openness struct {
	from  int // where it begins
	lexer sqltext.Lexer
	token sqltext.Token // the last one
	begun bool
}

func (o *openness) at(data []byte, place int) bool {
	if !o.begun {
		o.begun = true
		o.lexer.Reset(data[o.from:])
	}
	for ok := true; ok && o.from+o.token.End < place; {
		o.token, ok = o.lexer.Next()
	}
	return o.from+o.token.Start < place && place < o.from+o.token.End || o.lexer.State() != sqltext.Closed
}

// readMessage reads the message at pos with the lines that follow it. One that
// ends like a login may have been written by who logged in: the server adds that
// behind what the client chose.
func (s *scanner) readMessage() {
	start, m := s.pos, s.message
	s.pos, s.kind = s.extent(start + m.head)
	m.Offset, m.Bytes = s.At(start), s.length(start)
	m.Text = s.textOf(&m, start)
	m.Doubtful = s.State.Doubtful || endsLogin(m.Text)
	s.cov.MessageBytes += m.Bytes
	s.tell(&m)
}

// textOf cuts the text of a message, which reaches to the end of the chunk, at
// its end; of a long one no more than the head is kept.
func (s *scanner) textOf(m *Message, start int) []byte {
	end := s.pos
	if s.long(start) {
		end = min(end, start+s.Head)
	}
	behind := len(s.Data) - len(m.Text)
	return bytes.TrimRight(s.Data[min(behind, end):end], "\r\n")
}

func (s *scanner) tell(m *Message) {
	s.cov.Messages[m.Kind]++
	if m.Doubtful {
		s.cov.Doubtful++
	}
	if s.Message != nil {
		s.Message(m)
	}
}

// at returns what begins at q, which is a line start, and leaves what it has read
// of it in the scanner.
func (s *scanner) at(q int) kind {
	if k := s.begins(q); k != nothing {
		return k
	}
	if s.n = bannerLen(s.Data[q:]); s.n > 0 {
		return banner
	}
	if around(s.Data[q:]) {
		s.why = Wrapped
		return fault
	}
	return nothing
}

// begins is at for all but banners.
func (s *scanner) begins(q int) kind {
	b := s.Data[q:]
	ok := false
	switch c := b[0]; {
	case c >= '0' && c <= '9':
		if s.header.read(b, false) {
			return header
		}
		if s.message, ok = parseMessage(b); ok {
			return message
		}
		if s.why, ok = faulty(b); ok {
			return fault
		}
	case c == '\t', c == ' ':
		if s.State.same() {
			if s.header.read(b, true) {
				return header
			}
		}
	case c == '#', c == '=', c == 'V', c == '\n', c == '\r':
		if s.message, ok = parseMessage(b); ok {
			return message
		}
	case c == 0:
		if s.n = nulRun(b); s.n > 0 {
			return hole
		}
		if s.n = s.joint(q); s.n > 0 {
			return marks
		}
	case c == markUTF8[0], c == '\f', c == endOfFile, c == '\x1b':
		if s.n = s.joint(q); s.n > 0 {
			return marks
		}
	}
	return nothing
}

// extent returns the end of an item of which the line at start is the first one
// or a later one: where something else begins on a line, with what that is.
func (s *scanner) extent(start int) (end int, next kind) {
	data := s.Data
	if s.Skipped > 0 {
		return len(data), unknown
	}
	same := s.State.same()
	for q := start; ; {
		nl := bytes.IndexByte(data[q:], '\n')
		if nl < 0 {
			return len(data), unknown
		}
		if nl > 0 && q != start {
			// The first line of a banner ends in "started with:" or
			// "embedded library"; one byte rules out nearly all other lines.
			switch data[q+nl-1] {
			case ':', 'y', '\r':
				if s.n = bannerLen(data[q:]); s.n > 0 {
					return q, banner
				}
			}
		}
		q += nl + 1
		if q == len(data) {
			return q, unknown
		}
		// Most lines of statements begin with a letter or an indent.
		switch c := data[q]; {
		case c >= '0' && c <= '9', c == '\t' && same, c == ' ' && same,
			c == '#', c == '=', c == 'V', c == '\n', c == '\r', c == 0, c == '\f', c == endOfFile, c == '\x1b', c == markUTF8[0]:
			if k := s.begins(q); k != nothing {
				return q, k
			}
		}
		if around(data[q:]) {
			s.why = Wrapped
			return q, fault
		}
	}
}

// minNulRun is the shortest run of NUL bytes at a line start that is taken for
// a hole of a sparse file: a statement may hold a few of its own, though servers
// and clients escape them.
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

// RecordReader reads single records. The zero value is ready; one goroutine uses it at a
// time.
type RecordReader struct {
	scanner scanner
	cov     Coverage
	read    Record
	ok      bool
}

// Record reads the record at the start of raw, which may be followed by others, and have
// marks and a hole in front; ok is false when raw does not begin with a header else. It
// gives what Scan gives where raw holds all of the record, or as much as of a long one is
// read.
func (p *RecordReader) Record(raw []byte) (r Record, ok bool) {
	if len(raw) == 0 {
		return r, false
	}
	s := &p.scanner
	if s.Handler.Record == nil {
		s.Handler.Record = func(rec *Record) { p.read, p.ok = *rec, true }
	}
	s.reset(Chunk{Data: raw}, &p.cov)
	p.cov, p.ok = Coverage{}, false
	for s.kind = s.at(0); s.kind == hole || s.kind == marks; s.kind = s.at(s.pos) {
		if s.item(); s.pos == len(raw) {
			return r, false
		}
	}
	if s.kind == header {
		s.item()
	}
	if p.ok {
		r = p.read
	}
	return r, p.ok
}
