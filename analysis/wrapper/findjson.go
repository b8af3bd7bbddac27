package wrapper

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// place is a place of documents that holds strings or numbers.
type place struct {
	path   []step
	values int
	heads  int // strings that begin an entry or a banner
	ended  int // strings that end in a line end
	parts  int // strings that do not, as long as docker cuts lines
	bytes  int
	digits bool // it holds numbers
	order  order
}

// takeAllItems makes of an item of a list the list, where other items hold entries, too.
func (p *place) takeAllItems(others []*place) {
	last := len(p.path) - 1
	all := slices.Clone(p.path)
	all[last].item = 0
	for _, o := range others {
		if o != p && o.heads > 0 && len(o.path) == len(all) && slices.Equal(o.path[:last], all[:last]) && o.path[last].item > 0 {
			p.path = all
			return
		}
	}
}

// maxPlaces bounds the places of a document that are distinguished, and maxTried
// how many of them are tried where none holds entries as they are.
const (
	maxPlaces = 256
	maxTried  = 3
)

// separator comes before each document of a sequence (RFC 7464), as journalctl -o json-seq
// writes them.
const separator = "\x1e"

// findJSON finds JSON documents that hold a log: at the place whose strings begin
// entries, or where none does, at those that hold the most, for what is in them may
// be wrapped too.
func findJSON(head []byte) []kind {
	first := bytes.TrimLeft(head, " \t\r\n"+separator)
	if len(first) == 0 {
		return nil
	}
	w := walker{head: head, list: first[0] == '[', lines: first[0] != '[' && mostlyLines(head)}
	lost, rest := 0, false
	switch {
	case w.lines:
	case first[0] == '{', first[0] == '[':
		rest = inList(first)
	default:
		if lost = lostStart(head); lost == 0 {
			return nil
		}
		rest = true
	}
	if rest {
		w.head, w.list = head[lost:], true
		w.path, w.item = []step{{list: true}}, 1
	}
	w.walk()
	texts := slices.DeleteFunc(slices.Clone(w.places), func(p *place) bool { return p.digits })
	slices.SortStableFunc(texts, func(a, b *place) int {
		if a.heads != b.heads {
			return b.heads - a.heads
		}
		return b.bytes - a.bytes
	})
	var kinds []kind
	for _, p := range texts[:min(len(texts), maxTried)] {
		p.takeAllItems(texts)
		d := &document{path: p.path, title: titleOf(p.path), rest: rest, lost: lost, lines: w.lines || !w.broken, ended: p.endsLines()}
		d.sides, d.record = sidesOf(p.path, texts, sideNames)
		if d.ended && len(d.sides) < maxSides {
			if lane, record := sidesOf(p.path, texts, laneNames); len(lane) > 0 {
				d.sides, d.record = append(d.sides, lane[0]), min(d.record, record)
				d.lane = len(d.sides)
			}
		}
		d.reversed = slices.ContainsFunc(besides(p.path, w.places, timeNames), func(p *place) bool { return p.order.reversed() })
		kinds = append(kinds, d)
		if p.heads > 0 {
			break
		}
	}
	return kinds
}

// mostlyLines reports whether most lines of a file's head are documents. A few may be
// torn: the first where the file was cut, others where a machine went down.
func mostlyLines(head []byte) bool {
	lines, whole := 0, 0
	for end := bytes.IndexByte(head, '\n'); end >= 0; end = bytes.IndexByte(head, '\n') {
		line := bytes.TrimSpace(bytes.TrimPrefix(head[:end], []byte(separator)))
		head = head[end+1:]
		if len(line) == 0 {
			continue
		}
		if lines++; line[0] == '{' && line[len(line)-1] == '}' {
			whole++
		}
	}
	return whole*2 > lines
}

// lostStart returns where the first whole record is in the list of a document whose start
// was cut off, as tail -c does; 0 where text is none.
func lostStart(text []byte) int {
	type level struct{ first, records int }
	levels := map[int]*level{}
	depth, before, behind := 0, byte(0), byte(0) // the last two signs
	for i := outsideStrings(text); i > 0 && i < len(text); i++ {
		c := text[i]
		switch {
		case c == ' ', c == '\t', c == '\r', c == '\n':
			continue
		case c == '"':
			i += 1 + stringLen(text[i+1:])
		case c == '{', c == '[':
			if behind == ',' && (before == '}' || before == ']') {
				if levels[depth] == nil {
					levels[depth] = &level{first: i}
				}
				levels[depth].records++
			}
			depth++
		case c == '}', c == ']':
			depth--
		case c == ',', c == ':', isDigit(c), 'a' <= c && c <= 'z', c == '-', c == '+', c == '.', c == 'E':
		default:
			return 0
		}
		before, behind = behind, c
	}
	// Records are in the outermost list of which several are there.
	for _, outer := range slices.Sorted(maps.Keys(levels)) {
		if l := levels[outer]; l.records > 1 {
			return l.first
		}
	}
	return 0
}

// inList reports whether the list or object that text begins with has a comma behind it: it
// is in a list whose start was cut off.
func inList(text []byte) bool {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += 1 + stringLen(text[i+1:])
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth <= 0 {
				return bytes.HasPrefix(bytes.TrimLeft(text[i+1:], " \t\r\n"), []byte{','})
			}
		}
	}
	return false
}

// outsideStrings returns the first place in the middle of a document that is surely in no
// string: behind the name of a value, or at the first string of a list or an object. 0 is
// for none. A quote within a string has a backslash in front.
func outsideStrings(text []byte) int {
	for from := 0; ; {
		n := bytes.IndexByte(text[from:], '"')
		if n < 0 {
			return 0
		}
		quote := from + n
		from = quote + 1
		behind := text[from:min(len(text), from+maxKey)]
		front := bytes.TrimRight(text[max(0, quote-maxKey):quote], " \t\r\n")
		if len(front) > 0 && len(behind) > 0 && (front[len(front)-1] == '[' || front[len(front)-1] == '{') && !followsString(behind[0]) {
			return quote
		}
		name, value, _ := bytes.Cut(behind, []byte{'"'})
		if len(name) > 0 && name[0] != ' ' && len(bytes.Trim(name, columnNames)) == 0 && bytes.HasPrefix(bytes.TrimLeft(value, " "), []byte{':'}) {
			return from + len(name) + 1
		}
	}
}

// titleOf names a container by where the log is in it.
func titleOf(path []step) string {
	name := pathName(path)
	for _, d := range documents {
		if rest, ok := strings.CutSuffix(name, d.path); ok && (rest == "" || d.path == "" || strings.HasSuffix(rest, ".") || strings.HasSuffix(rest, "[]")) {
			return d.title
		}
	}
	return ""
}

// walker walks the documents at the head of a file.
type walker struct {
	head   []byte
	path   []step
	key    bool
	lines  bool // each document ends with its line
	broken bool // a document takes more than a line
	torn   bool // a line end has broken off a string
	list   bool // documents are lists
	places []*place
	depth  int    // beyond maxDepth
	field  string // the last string behind fieldKey, in the open object
	item   int    // as in position
}

func (w *walker) walk() {
	for i := 0; i < len(w.head); i++ {
		switch c := w.head[i]; c {
		case '{', '[':
			if w.key && w.depth == 0 { // see documentLayer.outermost
				w.path = w.path[:0]
			}
			if len(w.path) == maxDepth {
				w.depth++
				continue
			}
			w.path = append(w.path, step{list: c == '['})
			w.item = 1
			w.key, w.field = c == '{', ""
		case '}', ']':
			if w.depth > 0 {
				w.depth--
			} else if n := len(w.path); n > 0 {
				w.path = w.path[:n-1]
			}
			w.key, w.item = false, 0
		case ',':
			w.key = len(w.path) > 0 && !w.path[len(w.path)-1].list
			if w.item > 0 {
				w.item++
			}
		case ':':
			w.key = false
		case '\n':
			w.broken = w.broken || len(w.path) > 0
			torn := w.torn && i+1 < len(w.head) && (w.head[i+1] == '{' || w.head[i+1] == '[')
			if w.lines || torn {
				w.path, w.depth, w.key = w.path[:0], 0, false
			}
			w.torn = false
		case '"':
			n := stringLen(w.head[i+1:])
			w.value(w.head[i+1:i+1+n], false, i+1+n == len(w.head))
			if end := i + 1 + n; n > 0 && end+1 < len(w.head) && w.head[end] == '"' && w.head[end-1] == '{' && !followsString(w.head[end+1]) {
				w.anew() // see documentLayer.beginsAnew
				i = end - 1
				continue
			}
			if i += n; i+1 < len(w.head) {
				if w.torn = w.head[i+1] == '\n'; !w.torn {
					i++
				}
			}
		default:
			if isDigit(c) && !w.key {
				n := 1
				for i+n < len(w.head) && isDigit(w.head[i+n]) {
					n++
				}
				w.value(w.head[i:i+n], true, false)
				i += n - 1
			}
		}
	}
}

// anew begins a document, in front of its first name.
func (w *walker) anew() {
	w.path, w.depth, w.key, w.item, w.field = w.path[:0], 0, true, 0, ""
	if w.list {
		w.path = append(w.path, step{list: true})
	}
	w.path = append(w.path, step{})
}

// stringLen returns the length of the string at the start of b, without its quote.
func stringLen(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"', '\n':
			return i
		}
	}
	return len(b)
}

// value takes note of a string or a number; torn is set where the head ends in it.
func (w *walker) value(raw []byte, digits, torn bool) {
	if len(w.path) == 0 || w.depth > 0 {
		return
	}
	if w.key {
		w.path[len(w.path)-1] = step{key: string(raw[:min(len(raw), maxKey)])}
		return
	}
	switch here := &w.path[len(w.path)-1]; here.key {
	case fieldKey:
		w.field = string(raw[:min(len(raw), maxKey)])
	case valueKey:
		here.field = w.field
	}
	if n := len(w.path); n > 1 && w.path[n-1].list && w.path[n-2].list {
		w.path[n-1].item = w.item
		defer func() { w.path[n-1].item = 0 }()
	}
	at := slices.IndexFunc(w.places, func(p *place) bool { return slices.Equal(p.path, w.path) })
	if at < 0 {
		if len(w.places) == maxPlaces {
			return
		}
		at = len(w.places)
		w.places = append(w.places, &place{path: slices.Clone(w.path), digits: digits})
	}
	p := w.places[at]
	p.order.add(raw)
	if digits {
		return
	}
	p.digits = false
	p.values++
	p.bytes += len(raw)
	switch {
	case torn:
		p.values--
	case bytes.HasSuffix(raw, []byte(`\n`)):
		p.ended++
	case len(raw) >= partLen && len(decoded(raw, partLen+1)) == partLen:
		p.parts++
	}
	if isHead(decoded(raw, maxKey)) {
		p.heads++
	}
}

// partLen is where docker cuts a line, in bytes.
const partLen = 16 << 10

// endsLines reports whether the strings hold the line ends.
func (p *place) endsLines() bool {
	if p.parts == p.values {
		return p.parts > 1
	}
	return p.ended*2 > p.values-p.parts
}

// decoded returns what the start of a string means, up to some bytes and the character
// that is there.
func decoded(raw []byte, most int) []byte {
	var text []byte
	for len(raw) > 0 && len(text) < most {
		if raw[0] != '\\' {
			text, raw = append(text, raw[0]), raw[1:]
			continue
		}
		r, n, _ := unescape(raw, true)
		text, raw = utf8.AppendRune(text, r), raw[n:]
	}
	return text
}
