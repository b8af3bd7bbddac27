package wrapper

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/stops"
)

// page is what a browser saves of a log that a web console or a server shows as it is: the
// text is between <pre> and </pre>, some signs written as entities.
type page struct{}

func (page) name() string        { return "web page" }
func (page) holds() bool         { return false }
func (page) open(*streams) layer { return &pageLayer{} }

// findPage finds a page in front of whose text there is no entry, and whose text has no sign
// that belongs to the page: a log that begins within a statement may begin like one.
func findPage(head []byte) []kind {
	from := textStart(head)
	if from == 0 || !opensPage(head) {
		return nil
	}
	for rest := head[:from]; len(rest) > 0; rest = rest[lineLen(rest):] {
		if isHead(rest) {
			return nil
		}
	}
	if n := bytes.IndexByte(head[from:], '<'); n >= 0 && len(head)-from-n > maxEntity && !endsText(head[from+n:]) {
		return nil
	}
	return []kind{page{}}
}

// opensPage reports whether a tag, a comment or a declaration is the first of a file. The
// priority in front of a line of syslog is none.
func opensPage(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	return len(head) > 1 && head[0] == '<' && (head[1]|0x20 >= 'a' && head[1]|0x20 <= 'z' || head[1] == '!' || head[1] == '?')
}

// pageLayer takes the text out of a page. Behind the end of the text, which who writes into
// a log that is not escaped could have written, a line that begins an entry begins it again.
type pageLayer struct {
	inside bool // of <pre>
	begun  bool // there has been text
	skip   bool // in a line outside of it that holds nothing
	lost   bool // which is no part of the page
}

func (l *pageLayer) resume(bool) { l.inside, l.begun, l.skip = true, true, false }

func (l *pageLayer) take(in *Text, last bool, out *output) int {
	data := in.Data
	for pos := 0; pos < len(data); {
		n := 0
		if l.inside {
			n = l.text(in, pos, last, out)
		} else {
			n = l.outside(in, pos, last, out)
		}
		if n < 0 {
			return pos
		}
		pos += n
	}
	return len(data)
}

// outside passes what is outside of the text, which may begin behind it; -1 where more must
// be seen. Behind the first text only tags are part of the page.
func (l *pageLayer) outside(in *Text, pos int, last bool, out *output) int {
	b := in.Data[pos:]
	line := b[:lineLen(b)]
	whole := line[len(line)-1] == '\n'
	if !whole && len(line) < maxPrefix && !last {
		return -1
	}
	if !l.skip {
		head := line[:min(len(line), maxPrefix)]
		n := textStart(head)
		if n > 0 || isHead(head) {
			l.inside, l.begun = true, true
			return n
		}
		text := bytes.TrimSpace(head)
		l.lost = l.begun && len(text) > 0 && (text[0] != '<' || text[len(text)-1] != '>')
	}
	if l.lost {
		out.reject(in, pos, pos+len(line), genlog.NoDocument)
	}
	l.skip = !whole
	return len(line)
}

// pageStops are the signs that may not mean themselves.
var pageStops = stops.At('&', '<', '<')

// textStart returns where the text of a page begins in b, behind the tag; 0 for nowhere.
func textStart(b []byte) int {
	for _, tag := range []string{"<pre", "<PRE"} {
		if at := bytes.Index(b, []byte(tag)); at >= 0 {
			if n := bytes.IndexByte(b[at:min(len(b), at+maxKey)], '>'); n >= 0 {
				return at + n + 1
			}
		}
	}
	return 0
}

// text takes text up to the next sign that may not mean itself, and that; -1 where more must
// be seen.
func (l *pageLayer) text(in *Text, pos int, last bool, out *output) int {
	b := in.Data[pos:]
	if n := pageStops.Next(b); n > 0 {
		out.run(in, pos, pos+n)
		return n
	}
	if len(b) < maxEntity && !last {
		return -1
	}
	if endsText(b) {
		l.inside, l.skip = false, false
		return len("</pre>")
	}
	r, n := entity(b)
	if n == 0 {
		out.run(in, pos, pos+1)
		return 1
	}
	out.as(in, pos, pos+n, utf8.AppendRune(nil, r)...)
	return n
}

// endsText reports whether b begins with the tag that ends the text.
func endsText(b []byte) bool {
	return bytes.HasPrefix(b, []byte("</pre>")) || bytes.HasPrefix(b, []byte("</PRE>"))
}

// maxEntity is more than an entity or the end of the text has bytes.
const maxEntity = 12

// entities are those that programs write for the signs that mean something in a page.
var entities = map[string]rune{"lt": '<', "gt": '>', "amp": '&', "quot": '"', "apos": '\'', "nbsp": ' '}

// entity reads the entity at the start of b; n is 0 where there is none.
func entity(b []byte) (r rune, n int) {
	end := bytes.IndexByte(b[:min(len(b), maxEntity)], ';')
	if b[0] != '&' || end < 2 {
		return 0, 0
	}
	name := string(b[1:end])
	if name[0] != '#' {
		r, ok := entities[name]
		if !ok {
			return 0, 0
		}
		return r, end + 1
	}
	digits, base := name[1:], 10
	if len(digits) > 1 && (digits[0] == 'x' || digits[0] == 'X') {
		digits, base = digits[1:], 16
	}
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || v > utf8.MaxRune {
		return 0, 0
	}
	return rune(v), end + 1
}
