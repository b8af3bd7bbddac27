package drain

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Parameters returns what stands in a raw line, one that no mask has changed,
// where its template has parameters; see [Extractor].
func Parameters(template, raw string) []string {
	return NewExtractor(template).Append(nil, []byte(raw))
}

// An Extractor finds the parameters of raw lines by their template, as
// logparser's get_parameter_list does: in the template, "<", one to five
// characters and ">" are a parameter, so that "<*> <*>", "<*>,<*>" and "<br>" are
// one each. The line must have the template's literal tokens, with any white
// space between them where the template has a space, and a parameter is the
// shortest text that lets the rest match. Parameters hold no newline.
//
// In logparser this is the regular expression
//
//	^literal\s+literal(.*?)literal(.*?)literal$
//
// and so it is here, except that the attempts are made by searching for the next
// literal, and that none is made twice. A line on which the search would look 64
// times at everything was made to take long; it counts as one that does not match.
//
// An Extractor may be used by one goroutine at a time.
type Extractor struct {
	pieces []piece // before, between and behind the parameters
	places []span  // of the parameters in the last line, one less than pieces

	failed map[attempt]struct{}
	budget int // bytes that may still be looked at
}

// A piece is a literal part of a template, as tokens. It may be empty.
type piece struct {
	before, after bool // begins, ends with white space; only before: it is nothing else
	words         [][]byte
}

// An attempt is the place from which the pieces from one on were tried.
type attempt struct{ piece, from int }

var parameterMark = regexp.MustCompile(`<.{1,5}>`)

// NewExtractor prepares the extraction of the parameters of one template.
func NewExtractor(template string) *Extractor {
	x := &Extractor{}
	marked := parameterMark.ReplaceAllString(template, Wildcard)
	for literal := range strings.SplitSeq(marked, Wildcard) {
		var p piece
		if trimmed := strings.Trim(literal, " "); trimmed == "" {
			p.before = literal != ""
		} else {
			p.before = literal[0] == ' '
			p.after = literal[len(literal)-1] == ' '
			for word := range strings.FieldsFuncSeq(trimmed, isBlank) {
				p.words = append(p.words, []byte(word))
			}
		}
		x.pieces = append(x.pieces, p)
	}
	x.places = make([]span, len(x.pieces)-1)
	return x
}

// isBlank: the only white space in a template is the space.
func isBlank(r rune) bool { return r == ' ' }

// Append appends the parameters of a raw line to dst and returns dst. Nothing is
// appended if the template has none or does not match.
func (x *Extractor) Append(dst []string, raw []byte) []string {
	if len(x.places) == 0 || !x.match(raw) {
		return dst
	}
	for _, p := range x.places {
		dst = append(dst, string(raw[p.start:p.end]))
	}
	return dst
}

// match looks for the parameters and notes them in x.places.
func (x *Extractor) match(raw []byte) bool {
	clear(x.failed)
	x.budget = 1<<20 + 64*len(raw)
	for end, least := x.matchAt(&x.pieces[0], raw, 0); end >= least; end = runeBefore(raw, end) {
		if x.matchFrom(raw, 1, end) {
			return true
		}
	}
	return false
}

// matchFrom matches the parameter before piece i, which begins at from, and all
// that follows. It tries the places for the piece from left to right, and for
// each the possible ends from right to left, like the regular expression.
func (x *Extractor) matchFrom(raw []byte, i, from int) bool {
	if _, ok := x.failed[attempt{i, from}]; ok || x.budget < 0 {
		return false
	}
	p, last := &x.pieces[i], i == len(x.pieces)-1
	at := from
	if last && p.isEmpty() { // only the end will do
		at = len(raw)
		if at > from && raw[at-1] == '\n' {
			at--
		}
	}
	for clean := from; ; { // no newline from from to clean
		start, next := p.find(raw, from, at)
		x.budget -= 1 + max(start, next) - at
		if start < 0 || x.budget < 0 || bytes.IndexByte(raw[clean:start], '\n') >= 0 {
			break
		}
		clean = start
		end, least := x.matchAt(p, raw, start)
		switch {
		case end < least:
		case last:
			// $ is also before a newline at the end.
			if end == len(raw) || end == len(raw)-1 && raw[end] == '\n' {
				x.places[i-1] = span{from, start}
				return true
			}
		default:
			for ; end >= least; end = runeBefore(raw, end) {
				if x.matchFrom(raw, i+1, end) {
					x.places[i-1] = span{from, start}
					return true
				}
			}
		}
		if next > len(raw) {
			break
		}
		at = next
	}
	if x.failed == nil {
		x.failed = make(map[attempt]struct{})
	}
	x.failed[attempt{i, from}] = struct{}{}
	return false
}

func (p *piece) isEmpty() bool { return len(p.words) == 0 && !p.before }

// find returns where in raw the piece could begin: the first place at or behind
// from whose end depends on what stands at at or behind it. The search goes on at
// next. A start below 0 means nowhere.
func (p *piece) find(raw []byte, from, at int) (start, next int) {
	if p.isEmpty() {
		_, size := utf8.DecodeRune(raw[at:])
		return at, at + max(size, 1)
	}
	if len(p.words) == 0 {
		for at < len(raw) {
			if end := skipSpace(raw, at); end > at {
				return at, end // later in the same run would end in the same places
			}
			_, size := utf8.DecodeRune(raw[at:])
			at += size
		}
		return -1, at
	}
	for {
		i := bytes.Index(raw[at:], p.words[0])
		if i < 0 {
			return -1, len(raw)
		}
		start, next = at+i, at+i+1
		if !p.before {
			return start, next
		}
		for start > from {
			r, size := utf8.DecodeLastRune(raw[from:start])
			if !isRegexSpace(r) {
				break
			}
			start -= size
		}
		if start < at+i {
			return start, next
		}
		at = next
	}
}

// matchAt matches the piece at start. It returns the farthest end and the least
// one: white space behind the words gives way to what follows, one character at a
// time. A farthest end below the least means no match.
//
// White space before and between words is not flexible, since the next token
// cannot begin with any.
func (x *Extractor) matchAt(p *piece, raw []byte, start int) (end, least int) {
	const none = -1
	at := start
	defer func() { x.budget -= at - start }()
	for k, word := range p.words {
		if k > 0 || p.before {
			after := skipSpace(raw, at)
			if after == at {
				return none, 0
			}
			at = after
		}
		if !bytes.HasPrefix(raw[at:], word) {
			return none, 0
		}
		at += len(word)
	}
	if !p.after && (len(p.words) > 0 || p.isEmpty()) {
		return at, at
	}
	end = skipSpace(raw, at)
	if end == at {
		return none, 0
	}
	_, size := utf8.DecodeRune(raw[at:])
	return end, at + size
}

// skipSpace returns the end of the white space, as \s takes it, that begins at i.
func skipSpace(raw []byte, i int) int {
	for i < len(raw) {
		r, size := rune(raw[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(raw[i:])
		}
		if !isRegexSpace(r) {
			break
		}
		i += size
	}
	return i
}

// runeBefore returns the begin of the character that ends at i, or -1.
func runeBefore(raw []byte, i int) int {
	if i == 0 {
		return -1
	}
	_, size := utf8.DecodeLastRune(raw[:i])
	return i - size
}
