package wrapper

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"sqleuth/analysis/genlog"
)

// step is one level of the way to a value in a JSON document: a list, or a key of
// an object.
type step struct {
	list bool
	key  string
}

// maxDepth bounds the levels of a way, and the levels of a document at which lists
// are told from objects.
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
}

func (d *document) holds() bool { return true }

func (d *document) name() string { return d.title + " (" + pathName(d.path) + ")" }

// pathName writes a way as people do: events[].message.
func pathName(path []step) string {
	var b []byte
	for i, s := range path {
		switch {
		case s.list:
			b = append(b, "[]"...)
		case i > 0 && len(b) > 0:
			b = append(append(b, '.'), s.key...)
		default:
			b = append(b, s.key...)
		}
	}
	return string(b)
}

func (d *document) open(*streams) layer { return &documentLayer{document: d} }

// documentState is where in a document a layer is.
type documentState uint8

const (
	betweenTokens documentState = iota
	inKey
	inString  // that is not wanted
	inValue   // that is
	inBytes   // in a list of bytes that is
	inGarbage // in a line outside of any document
	inPlain   // in such a line that begins an entry
	atEntry   // where an entry leads to
	atInside  // inside of a string that is wanted
)

// documentLayer walks documents token by token. What it knows of where it is fits
// into a few words, so that neither depth nor length of anything costs memory.
type documentLayer struct {
	*document
	state documentState
	depth int    // lists and objects that are open
	on    int    // of those, how many from the outside in are on the way
	lists uint32 // which of the open ones are lists, by bit
	key   bool   // the next string is a key
	match bool   // the last key is the one of the way
	name  []byte // of a key, its first bytes
	begun bool   // the line has begun
	// coarse is set where nothing is taken off the values: then their lines are
	// mapped as wholes, which is all that the starts of entries need.
	coarse bool
	newest byte // the last byte of the value
}

func (l *documentLayer) resume(inside bool) {
	l.depth, l.on, l.match, l.lists = len(l.path), len(l.path), true, 0
	for i, s := range l.path {
		if s.list {
			l.lists |= 1 << i
		}
	}
	l.state, l.newest = atEntry, 0
	if inside {
		l.state = atInside
	}
}

func (l *documentLayer) take(in *Text, last bool, out *output) int {
	data := in.Data
	for pos := 0; pos < len(data); {
		n, was := 0, l.state
		switch l.state {
		case betweenTokens:
			n = l.between(in, pos, last, out)
		case inKey, inString:
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

// between goes on to the next string.
func (l *documentLayer) between(in *Text, from int, last bool, out *output) int {
	data := in.Data
	for pos := from; pos < len(data); pos++ {
		c := data[pos]
		if l.depth == 0 && c > ' ' && c != '{' && c != '[' && c != ',' {
			return pos - from + l.outside(in, pos, last, out)
		}
		switch c {
		case '"':
			l.begun = true
			l.begin(in, pos, out)
			return pos + 1 - from
		case '{', '[':
			if c == '[' && l.wants() {
				out.Map.Lead(&in.Map, pos)
				l.begun, l.state, l.newest = true, inBytes, 0
				return pos + 1 - from
			}
			l.open(c == '[')
		case '}', ']':
			l.depth = max(0, l.depth-1)
			l.on = min(l.on, l.depth)
			l.key, l.match = false, false
		case ',':
			l.key = !l.inList()
		case ':':
			l.key = false
		case '\n':
			if l.lines && l.depth > 0 {
				out.reject(in, pos, pos+1, genlog.NoDocument)
				l.depth, l.on = 0, 0
			}
		case ' ', '\t', '\r':
		default:
			if l.wants() { // null, a number
				out.reject(in, pos, pos+1, genlog.NoText)
			}
		}
		l.begun = c != '\n'
	}
	return len(data) - from
}

// open enters a list or an object.
func (l *documentLayer) open(list bool) {
	if l.on == l.depth && l.depth < len(l.path) && l.path[l.depth].list == list && (l.depth == 0 || l.here()) {
		l.on++
	}
	if l.depth < maxDepth {
		l.lists &^= 1 << l.depth
		if list {
			l.lists |= 1 << l.depth
		}
	}
	l.depth++
	l.key, l.match = !list, false
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
	return !l.key && l.depth == len(l.path) && l.depth > 0 && l.here()
}

// begin enters the string whose quote is at pos.
func (l *documentLayer) begin(in *Text, pos int, out *output) {
	switch {
	case l.key:
		l.state, l.name = inKey, l.name[:0]
	case l.wants():
		l.state, l.newest = inValue, 0
		out.Map.Lead(&in.Map, pos)
	default:
		l.state = inString
	}
}

// outside looks at text that stands where a document may begin: an entry as the
// server writes it is taken as one, anything else is rejected up to its line's end.
func (l *documentLayer) outside(in *Text, pos int, last bool, out *output) int {
	rest := in.Data[pos:]
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
		if l.state == inKey && len(l.name) < maxKey {
			l.name = append(l.name, data[pos:pos+min(n, maxKey)]...)
		}
		if pos += n; pos == len(data) {
			break
		}
		switch data[pos] {
		case '"':
			if l.state == inKey && l.on == l.depth && l.on > 0 {
				l.match = string(l.name) == l.path[l.on-1].key
			}
			l.state = betweenTokens
			return pos + 1 - from
		case '\n':
			l.breakOff()
			out.reject(in, pos, pos+1, genlog.NoDocument)
			return pos + 1 - from
		default: // a backslash and what it escapes
			if pos+2 > len(data) && !last {
				return pos - from
			}
			to := min(pos+2, len(data))
			if l.state == inKey && len(l.name) < maxKey {
				l.name = append(l.name, data[pos:to]...)
			}
			pos = to
		}
	}
	return len(data) - from
}

// maxKey is how much of a key is compared.
const maxKey = 256

// breakOff leaves a string that a line end breaks off: none may hold one.
func (l *documentLayer) breakOff() {
	l.state, l.begun = betweenTokens, false
	if l.lines {
		l.depth, l.on = 0, 0
	}
}

// maxTogether bounds what is mapped as one.
const maxTogether = 64 << 10

// value takes from the string that is wanted.
func (l *documentLayer) value(in *Text, from int, last bool, out *output) int {
	data, pos := in.Data, from
	p := piece{in: in, out: out, from: from, text: len(out.Data)}
	for pos < len(data) {
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
			p.end(pos)
			if !l.ended && l.newest != '\n' {
				out.as(in, pos, pos+1, '\n')
			}
			l.state = betweenTokens
			return pos + 1 - from
		case '\n': // what was taken of the string stays
			p.end(pos)
			out.run(in, pos, pos+1)
			l.breakOff()
			return pos + 1 - from
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

// piece is text of a value that is not mapped yet.
type piece struct {
	in   *Text
	out  *output
	from int // where it begins in the document
	text int // where it begins in the text
}

// run maps it as bytes that stand for themselves if all of them do.
func (p *piece) run(to int) {
	if n := len(p.out.Data) - p.text; n == to-p.from {
		p.out.Map.Run(&p.in.Map, p.from, to)
		p.from, p.text = to, len(p.out.Data)
		return
	}
	p.end(to)
}

// end maps it as a whole.
func (p *piece) end(to int) {
	if n := len(p.out.Data) - p.text; n > 0 {
		p.out.Map.As(&p.in.Map, n, p.from, to)
	}
	p.from, p.text = to, len(p.out.Data)
}

// special are the bytes of a string that do not stand for themselves.
var special = [256]bool{'"': true, '\\': true, '\n': true}

// plainLen returns how many bytes at the start of b stand for themselves.
func plainLen(b []byte) int {
	for i, c := range b {
		if special[c] {
			return i
		}
	}
	return len(b)
}

// unescape reads the escape at the start of b. It returns false where b must be
// longer to tell. A backslash that escapes nothing stands for itself.
func unescape(b []byte, last bool) (r rune, n int, ok bool) {
	if len(b) < 2 {
		return '\\', 1, last
	}
	switch b[1] {
	case 'n':
		return '\n', 2, true
	case 't':
		return '\t', 2, true
	case 'r':
		return '\r', 2, true
	case 'b':
		return '\b', 2, true
	case 'f':
		return '\f', 2, true
	case '"', '\\', '/':
		return rune(b[1]), 2, true
	case 'u':
		return unescapeUnit(b, last)
	}
	return '\\', 1, true
}

// unescapeUnit reads "\u0041", and two of them that are one character.
func unescapeUnit(b []byte, last bool) (r rune, n int, ok bool) {
	r, valid := hex4(b)
	switch {
	case !valid:
		return '\\', 1, last || len(b) >= 6
	case !utf16.IsSurrogate(r):
		return r, 6, true
	case len(b) < 12 && !last && bytes.HasPrefix([]byte(`\u`), b[6:min(len(b), 8)]):
		return 0, 0, false
	}
	if second, valid := hex4(b[6:]); valid {
		if both := utf16.DecodeRune(r, second); both != utf8.RuneError {
			return both, 12, true
		}
	}
	return utf8.RuneError, 6, true
}

// hex4 reads "\u0041".
func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case isDigit(c):
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
