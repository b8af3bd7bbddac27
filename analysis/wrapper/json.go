package wrapper

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"unicode/utf8"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/stops"
)

// step is one level of the way to a value in a JSON document: a list, or a key of
// an object. In a list in a list, ["1720589105058758000", "..."], the item counts. In an object of two keys, {"field": "@message", "value": "..."}, the way
// to the value has the field's name, too.
type step struct {
	list  bool
	item  int // from 1 on; 0: any
	key   string
	field string
}

// The keys of an object that names its value by another.
const (
	fieldKey = "field"
	valueKey = "value"
)

// maxDepth bounds the levels of a way, and the levels of a document at which lists
// are distinguished from objects.
const maxDepth = 16

// document is JSON that holds the log in the strings at one place of each document.
type document struct {
	path  []step
	title string
	// lines is set where each document takes one line, so that a broken one ends
	// with its line.
	lines bool
	// ended is set where the strings hold the line ends: one without goes on in the
	// next. Else each string is a line or several.
	ended bool
	// sides are where the documents name the stream whose a string is, and record how
	// many lists and objects are open in the innermost that holds all of it.
	sides  []side
	record int
	lane   int // which of the sides, from 1 on, is the output of a program; 0 for none
	// rest is set where the file begins in the list of the records: its start was cut off,
	// and so was that of the record of which lost bytes are there.
	rest     bool
	lost     int
	reversed bool // the documents are listed newest first
}

func (d *document) holds() bool { return true }

func (d *document) name() string {
	if d.rest {
		return "JSON that lacks its start (" + pathName(d.path) + ")"
	}
	return d.title + " (" + pathName(d.path) + ")"
}

// pathName writes a way as people do: events[].message.
func pathName(path []step) string {
	var b []byte
	for i, s := range path {
		switch {
		case s.item > 0:
			b = fmt.Appendf(b, "[%d]", s.item-1)
		case s.list:
			b = append(b, "[]"...)
		case s.field != "":
			b = append(append(b, '.'), s.field...)
		case i > 0 && len(b) > 0:
			b = append(append(b, '.'), s.key...)
		default:
			b = append(b, s.key...)
		}
	}
	return string(b)
}

func (l *documentLayer) tells() *streamIDs { return &l.ids }

func (d *document) open(known *streams) layer {
	l := &documentLayer{document: d, ids: streamIDs{known: known, heads: isHead, lanes: lanes{side: d.lane}}}
	l.ids.resumeLanes()
	if l.outermost(); d.lost > 0 {
		l.state, l.lost = inLost, d.lost
	}
	return l
}

// documentState is where in a document a layer is.
type documentState uint8

const (
	betweenTokens documentState = iota
	inKey
	inString  // that is not wanted
	inField   // that names the value of its object
	inStream  // that names a stream
	inValue   // that is
	inBytes   // in a list of bytes that is
	inGarbage // in a line outside of any document
	inPlain   // in such a line that begins an entry
	inLost    // in what is left of a document at the start of the file
	atEntry   // where an entry leads to
	atInside  // inside of a string that is wanted
)

// documentLayer walks documents token by token. What it knows of where it is fits
// into a few words, so that neither depth nor length of anything costs memory.
type documentLayer struct {
	*document
	state documentState
	position
	name  []byte // of a key, its first bytes
	field []byte // the last string behind fieldKey, in the open object
	last  gap    // before a value
	next  gap    // that it is in
	// coarse is set where nothing is taken off the values: then their lines are
	// mapped as wholes, which is all that the starts of entries need.
	coarse bool
	torn   bool // a line end has just broken off a string
	newest byte // the last byte of the value
	ids    streamIDs
	trial  documentTrial
	valued bool // the open record has a value
	part   bool // whose line goes on in another
	left   bool // and that was left out
	lost   int  // bytes of inLost
}

func (l *documentLayer) resume(inside bool) {
	l.position = position{depth: len(l.path), on: len(l.path), match: true}
	l.resumeSides()
	for i, s := range l.path {
		if s.list {
			l.lists |= 1 << i
		}
		l.item = s.item
	}
	l.state, l.newest, l.torn = atEntry, 0, false
	if inside {
		l.state = atInside
	}
}

func (l *documentLayer) take(in *Text, last bool, out *output) int {
	return l.onTrial(in, l.walk(in, last, out), last, out)
}

func (l *documentLayer) walk(in *Text, last bool, out *output) int {
	data := in.Data
	for pos := 0; pos < len(data); {
		n, was := 0, l.state
		switch l.state {
		case betweenTokens:
			n = l.between(in, pos, last, out)
		case inKey, inString, inField, inStream:
			n = l.skip(in, pos, last, out)
		case inValue:
			n = l.value(in, pos, last, out)
		case inBytes:
			n = l.listed(in, pos, last, out)
		case inGarbage:
			n = lineLen(data[pos:])
			out.reject(in, pos, pos+n, genlog.NoDocument)
			l.lineEnd(data[pos+n-1])
		case inPlain:
			n = lineLen(data[pos:])
			out.run(in, pos, pos+n)
			l.lineEnd(data[pos+n-1])
		case inLost:
			n = min(l.lost, lineLen(data[pos:])) // by lines, which a layer above may have parted
			out.reject(in, pos, pos+n, genlog.NoDocument)
			if l.lost -= n; l.lost == 0 {
				l.state = betweenTokens
			}
		case atEntry, atInside:
			n = l.enter(in, pos, out)
		}
		if n == 0 && l.state == was {
			return pos
		}
		pos += n
	}
	return len(data)
}

// enter goes on at an entry: at a value, or inside of one.
func (l *documentLayer) enter(in *Text, pos int, out *output) int {
	c, start := in.Data[pos], l.state == atEntry
	l.state = inValue
	if start && c == '[' || insideList(in.Data[pos:]) {
		l.state = inBytes
	}
	if !start || c != '"' && c != '[' {
		return 0
	}
	out.Map.Lead(&in.Map, pos)
	return 1
}

// lineLen returns the length of the line at the start of b, all of b where it has
// no end.
func lineLen(b []byte) int {
	if n := bytes.IndexByte(b, '\n'); n >= 0 {
		return n + 1
	}
	return len(b)
}

// between goes on to the next string that is wanted, or that does not end in data as
// it is: most do, and are passed at once.
func (l *documentLayer) between(in *Text, from int, last bool, out *output) int {
	data := in.Data
	if l.torn {
		l.torn = false
		if c := data[from]; c == '{' || c == '[' {
			l.outermost()
		}
	}
	if n := l.again(in, from, out); n > 0 {
		return n
	}
	l.next.leave(l.position, l.field)
	rejected := out.rejected
	for pos := from; pos < len(data); pos++ {
		c := data[pos]
		if l.depth == 0 && (c > ' ' || c == '\x1b') && c != '{' && c != '[' && c != ',' {
			if pos > from {
				l.begun = data[pos-1] != '\n'
			}
			return pos - from + l.outside(in, pos, last, out)
		}
		switch c {
		case ' ':
			pos += blanksLen(data[pos+1:])
		case '"':
			n := l.pass(data[pos+1:])
			if n == 0 {
				l.begun = true
				l.begin(in, pos, out)
				if l.state == inValue && out.rejected == rejected {
					l.next.reach(l.position, l.field, data[from:pos+1])
					l.last, l.next = l.next, l.last
				}
				return pos + 1 - from
			}
			if !l.key && !l.named && !l.names(data[pos+1:pos+n]) {
				l.next.hole(pos+1-from, pos+n-from, false)
			}
			pos += n
			if l.key && pos+1 < len(data) && data[pos+1] == ':' {
				l.key = false
				pos++
			}
		case '{', '[':
			if c == '[' && l.wants() {
				l.enterBytes(in, pos, out)
				return pos + 1 - from
			}
			if l.key && 0 < l.depth && l.depth <= maxDepth {
				l.settle(in, l.streams, pos, out)
				l.outermost()
				rejected = -1 // no gap to remember
			}
			l.open(c == '[')
		case '}', ']':
			l.leave(in, pos, out)
		case ',':
			l.key = !l.inList()
			if l.item > 0 && !l.key {
				l.item++
			}
		case ':':
			l.key = false
		case '\n':
			if l.lines && l.depth > 0 {
				l.settle(in, l.streams, pos, out)
				out.reject(in, pos, pos+1, genlog.NoDocument)
				l.outermost()
			}
			pos += blanksLen(data[pos+1:])
		case '\t', '\r':
		default:
			if l.wants() { // null, a number
				l.found = true
				l.settle(in, l.streams, pos, out)
				out.reject(in, pos, pos+1, genlog.NoText)
			} else if isDigit(c) {
				begin := pos
				for pos+1 < len(data) && isDigit(data[pos+1]) {
					pos++
				}
				l.next.hole(begin-from, pos+1-from, true)
			}
		}
	}
	l.begun = data[len(data)-1] != '\n'
	return len(data) - from
}

// again goes on to the next value over the same bytes as last time, and returns how many
// these are; 0 where other bytes are there.
func (l *documentLayer) again(in *Text, from int, out *output) int {
	if l.part || !l.ids.lanes.even() || !l.last.known(l.position, l.field) {
		return 0
	}
	n := l.last.in(in.Data[from:])
	if n == 0 || l.trial.on && from+n-l.trial.pos > maxTrial {
		return 0
	}
	if l.last.ends {
		l.settle(in, l.last.ended, from+n, out)
	}
	out.account.ForeignLines += l.last.others
	l.position, l.field = l.last.to, append(l.field[:0], l.last.toField...)
	l.enterValue(in, from+n-1, out)
	return n
}

// leave leaves the innermost list or object, whose end is at pos.
func (l *documentLayer) leave(in *Text, pos int, out *output) {
	if l.recordEnds() {
		l.next.end(l.streams)
		l.endRecord(in, pos, out)
	}
	if l.depth == 1 {
		if !l.found { // a document of another kind
			out.account.ForeignLines++
			l.next.others++
		}
		l.found = false
	}
	l.depth = max(0, l.depth-1)
	l.on = min(l.on, l.depth)
	l.key, l.match, l.item = false, false, 0
	l.closeSides()
}

// pass returns the length of a string that is not wanted, with the quote behind it,
// and takes note of it if it is a key or names a value. It returns 0 where the string
// is wanted, or where its end takes more than a look for the quote.
func (l *documentLayer) pass(b []byte) int {
	if l.wants() {
		return 0
	}
	n := plainLen(b)
	if n == len(b) || b[n] != '"' || n > 0 && b[n-1] == '{' {
		return 0
	}
	switch {
	case l.key:
		l.compare(b[:min(n, maxKey)])
	case l.named:
		l.field = append(l.field[:0], b[:min(n, maxKey)]...)
	}
	return n + 1
}

// compare takes note of a key.
func (l *documentLayer) compare(name []byte) {
	if l.on == l.depth && l.on > 0 {
		way := &l.path[l.on-1]
		l.match = string(name) == way.key
		l.named = way.field != "" && string(name) == fieldKey
	}
	l.compareSides(name)
}

// blanksLen returns how many blanks b begins with.
func blanksLen(b []byte) int {
	rest := b
	for len(rest) >= 8 {
		if other := binary.LittleEndian.Uint64(rest) ^ ' '*stops.EveryByte; other != 0 {
			return len(b) - len(rest) + bits.TrailingZeros64(other)/8
		}
		rest = rest[8:]
	}
	for i, c := range rest {
		if c != ' ' {
			return len(b) - len(rest) + i
		}
	}
	return len(b)
}

// open enters a list or an object.
func (l *documentLayer) open(list bool) {
	if l.on == l.depth && l.depth < len(l.path) && l.path[l.depth].list == list && (l.depth == 0 || l.here()) {
		l.on++
	}
	l.openSides(list)
	if l.depth < maxDepth {
		l.lists &^= 1 << l.depth
		if list {
			l.lists |= 1 << l.depth
		}
	}
	l.depth++
	l.key, l.match, l.named, l.field, l.item = !list, false, false, l.field[:0], 0
	if list {
		l.item = 1
	}
}

// inList reports whether the innermost open one is a list; beyond maxDepth, where no
// value is wanted, it does not matter.
func (l *documentLayer) inList() bool {
	return l.depth > 0 && l.depth <= maxDepth && l.lists>>(l.depth-1)&1 == 1
}

// here reports whether what comes next in the innermost open one is on the way.
func (l *documentLayer) here() bool {
	return l.on == l.depth && (l.path[l.depth-1].list || l.match)
}

// wants reports whether a value that comes next is the log's.
func (l *documentLayer) wants() bool {
	if l.key || l.depth != len(l.path) || l.depth == 0 || !l.here() {
		return false
	}
	way := &l.path[l.depth-1]
	return (way.item == 0 || way.item == l.item) && (way.field == "" || way.field == string(l.field))
}

// begin enters the string whose quote is at pos.
func (l *documentLayer) begin(in *Text, pos int, out *output) {
	l.newest = 0
	switch {
	case l.key:
		l.state, l.name = inKey, l.name[:0]
	case l.wants():
		l.enterValue(in, pos, out)
	case l.named:
		l.state, l.field = inField, l.field[:0]
	case l.sideHere() >= 0:
		l.state, l.name = inStream, l.name[:0]
	default:
		l.state = inString
	}
}

// enterValue enters the string that is wanted, whose quote is at pos.
func (l *documentLayer) enterValue(in *Text, pos int, out *output) {
	l.try(in, pos, out)
	l.state, l.newest = inValue, 0
	out.Map.Lead(&in.Map, pos)
}

// enterBytes enters the list of bytes that is wanted, whose bracket is at pos.
func (l *documentLayer) enterBytes(in *Text, pos int, out *output) {
	l.try(in, pos, out)
	out.Map.Lead(&in.Map, pos)
	l.begun, l.state, l.newest = true, inBytes, 0
}

// outside looks at text where a document may begin: an entry as the
// server writes it is taken as one, anything else is rejected up to its line's end.
func (l *documentLayer) outside(in *Text, pos int, last bool, out *output) int {
	rest := in.Data[pos:]
	if n := genlog.Marks(rest); n > 0 { // of a file that was added to this one
		return n
	}
	n := lineLen(rest)
	if n == len(rest) && n < maxPrefix && !last && rest[n-1] != '\n' {
		return 0
	}
	l.state = inGarbage
	if !l.begun && isHead(rest) {
		l.state = inPlain
	}
	return 0
}

// lineEnd leaves a line outside of documents if c, its last byte so far, ends it.
func (l *documentLayer) lineEnd(c byte) {
	if c == '\n' {
		l.state, l.begun = betweenTokens, false
	}
}

// skip goes on to the end of a string that is not wanted.
func (l *documentLayer) skip(in *Text, from int, last bool, out *output) int {
	data := in.Data
	for pos := from; pos < len(data); {
		n := plainLen(data[pos:])
		l.note(data[pos : pos+n])
		if n > 0 {
			l.newest = data[pos+n-1]
		}
		if pos += n; pos == len(data) {
			break
		}
		switch data[pos] {
		case '"':
			switch anew, ok := l.beginsAnew(data[pos+1:], last); {
			case !ok:
				return pos - from
			case anew:
				l.anew(in, pos, out)
				return pos + 1 - from
			}
			switch l.state {
			case inKey:
				l.compare(l.name)
			case inStream:
				l.names(l.name)
			}
			l.state = betweenTokens
			return pos + 1 - from
		case '\n':
			l.settle(in, l.streams, pos, out)
			l.breakOff()
			out.reject(in, pos, pos+1, genlog.NoDocument)
			return pos + 1 - from
		default: // a backslash and what it escapes
			if pos+2 > len(data) && !last {
				return pos - from
			}
			to := min(pos+2, len(data))
			l.note(data[pos:to])
			pos, l.newest = to, 0
		}
	}
	return len(data) - from
}

// note adds to a string what is compared of it.
func (l *documentLayer) note(b []byte) {
	switch l.state {
	case inKey, inStream:
		l.name = append(l.name, b[:min(len(b), maxKey-len(l.name))]...)
	case inField:
		l.field = append(l.field, b[:min(len(b), maxKey-len(l.field))]...)
	}
}

// maxKey is how much of a key is compared.
const maxKey = 256

// breakOff leaves a string that a line end breaks off: none may hold one.
func (l *documentLayer) breakOff() {
	l.state, l.begun, l.torn = betweenTokens, false, true
	if l.lines {
		l.outermost()
	}
}

// outermost leaves all that is open: the document was cut, and another begins. It does so
// where a string was broken off in front of it, and where an object can have no value.
func (l *documentLayer) outermost() {
	l.depth, l.on = 0, 0
	l.closeSides()
	if l.rest {
		l.open(true)
	}
}

// beginsAnew reports whether the quote in front of rest, which seems to end a string, begins
// the first name of another document: the one before was cut in the string. It returns
// false where more must be seen.
func (l *documentLayer) beginsAnew(rest []byte, last bool) (anew, ok bool) {
	if l.newest != '{' {
		return false, true
	}
	if len(rest) == 0 {
		return false, last
	}
	return !followsString(rest[0]), true
}

// followsString reports whether a byte may be right behind a string.
func followsString(c byte) bool {
	switch c {
	case ',', ':', '}', ']', ' ', '\t', '\r', '\n':
		return true
	}
	return false
}

// anew begins a document in whose first name the layer is, behind the quote at pos.
func (l *documentLayer) anew(in *Text, pos int, out *output) {
	l.settle(in, l.streams, pos, out)
	out.reject(in, pos, pos+1, genlog.NoDocument)
	l.outermost()
	if l.path[0].list {
		l.open(true)
	}
	l.open(false)
	l.state, l.name, l.newest = inKey, l.name[:0], 0
}

// maxTogether bounds what is mapped as one.
const maxTogether = 64 << 10

// value takes from the string that is wanted.
func (l *documentLayer) value(in *Text, from int, last bool, out *output) int {
	data, pos := in.Data, from
	p := newPiece(in, out, from)
	for pos < len(data) {
		if n := l.takeSome(out, data[pos:], &p); n > 0 {
			pos, l.newest = pos+n, out.Data[len(out.Data)-1]
			continue
		}
		if n := plainLen(data[pos:]); n > 0 {
			out.Data = append(out.Data, data[pos:pos+n]...)
			l.newest = data[pos+n-1]
			if pos += n; !l.coarse || pos-p.from > maxTogether {
				p.run(pos)
			}
			continue
		}
		switch data[pos] {
		case '"':
			switch anew, ok := l.beginsAnew(data[pos+1:], last); {
			case !ok:
				p.end(pos)
				return pos - from
			case anew:
				p.end(pos)
				l.anew(in, pos, out)
				return pos + 1 - from
			}
			p.close(pos, !l.ended && l.newest != '\n', l.coarse)
			l.state, l.part = betweenTokens, l.ended && l.newest != '\n'
			return pos + 1 - from
		case '\n': // what was taken of the string stays
			p.end(pos)
			out.run(in, pos, pos+1)
			l.settle(in, l.streams, pos, out)
			l.breakOff()
			return pos + 1 - from
		}
		if c := unescaped(data[pos:]); c != 0 {
			out.Data = append(out.Data, c)
			l.newest = c
			if pos += 2; !l.coarse {
				p.pair(pos)
			} else if c == '\n' {
				p.end(pos)
			}
			continue
		}
		r, n, ok := unescape(data[pos:], last)
		if !ok {
			break
		}
		pos += n
		l.newest = byte(r)
		if r < utf8.RuneSelf {
			out.Data = append(out.Data, l.newest)
		} else {
			out.Data, l.newest = utf8.AppendRune(out.Data, r), 0
		}
		if !l.coarse || r == '\n' || r == 0 {
			p.end(pos)
		}
	}
	p.end(pos)
	return pos - from
}

// takeSome appends to out most of the bytes that a part of a string at the start of b
// means, and returns how much of b that is. It may be none.
func (l *documentLayer) takeSome(out *output, b []byte, p *piece) int {
	switch {
	case !l.coarse && p.flat:
		return p.take(b, &jsonQuoting)
	case l.coarse && len(b) > maxTogether:
		return takeCoarse(out, b[:maxTogether])
	case l.coarse:
		return takeCoarse(out, b)
	}
	return 0
}
