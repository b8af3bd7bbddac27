package drain

import (
	"bytes"
	"math"
	"regexp"
	"unicode/utf8"
)

// Parameters returns what is in a raw line, one that no mask has changed,
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
	// A statement of megabytes may have a parameter for every few bytes, so what is
	// kept of a template is three flat lists.
	text   []byte  // of the template, parameters marked alike
	words  []place // the literal tokens, in text
	pieces []piece // before, between and behind the parameters
	places []place // of the parameters in the last line, one less than pieces

	stack  []trial
	failed map[attempt]struct{}
	budget int // bytes that may still be looked at
}

// A place is a part of a text, as long as that may be.
type place struct{ start, end int32 }

// A piece is a literal part of a template, as tokens. It may be empty.
type piece struct {
	before, after bool  // begins, ends with white space; only before: it is nothing else
	first, last   int32 // its tokens in words, the last one excluded
}

// An attempt is the place from which the pieces from one on were tried.
type attempt struct{ piece, from int32 }

// maxFailed bounds the failed attempts that are known of one line.
const maxFailed = 1 << 20

// A trial is an attempt under way: the piece is looked for at a place, found at
// start, and the pieces behind it are tried from end, which goes down to least.
// Behind that, the search goes on at next.
type trial struct {
	attempt
	at, clean   int32 // no newline from the attempt's place to clean
	start, end  int32
	least, next int32
	inside      bool // the pieces behind are being tried
}

var parameterMark = regexp.MustCompile(`<.{1,5}>`)

// NewExtractor prepares the extraction of the parameters of one template.
func NewExtractor(template string) *Extractor {
	x := &Extractor{text: parameterMark.ReplaceAll([]byte(template), []byte(Wildcard))}
	x.pieces = make([]piece, 0, 1+bytes.Count(x.text, []byte(Wildcard)))
	for from := 0; from <= len(x.text); {
		end := len(x.text)
		if n := bytes.Index(x.text[from:], []byte(Wildcard)); n >= 0 {
			end = from + n
		}
		x.pieces = append(x.pieces, x.piece(from, end))
		from = end + len(Wildcard)
	}
	x.places = make([]place, len(x.pieces)-1)
	return x
}

// piece is the literal part of the template between two places.
func (x *Extractor) piece(from, end int) piece {
	literal := x.text[from:end]
	p := piece{first: int32(len(x.words))}
	if len(bytes.Trim(literal, " ")) == 0 {
		p.before = len(literal) > 0
	} else {
		p.before = literal[0] == ' '
		p.after = literal[len(literal)-1] == ' '
		for at := from; at < end; {
			if x.text[at] == ' ' { // the only white space in a template
				at++
				continue
			}
			word := place{int32(at), int32(end)}
			if n := bytes.IndexByte(x.text[at:end], ' '); n >= 0 {
				word.end = int32(at + n)
			}
			x.words = append(x.words, word)
			at = int(word.end)
		}
	}
	p.last = int32(len(x.words))
	return p
}

func (x *Extractor) word(k int32) []byte { return x.text[x.words[k].start:x.words[k].end] }

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

// AppendPyRepr appends the parameters of a raw line as the text that Python's repr
// gives for a list of str, which is how logparser writes them.
func (x *Extractor) AppendPyRepr(dst, raw []byte) []byte {
	dst = append(dst, '[')
	if len(x.places) > 0 && x.match(raw) {
		for i, p := range x.places {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendPyString(dst, raw[p.start:p.end])
		}
	}
	return append(dst, ']')
}

// match looks for the parameters and notes them in x.places.
func (x *Extractor) match(raw []byte) bool {
	clear(x.failed)
	x.budget = 1<<20 + 64*len(raw)
	if len(raw) > math.MaxInt32 {
		return false
	}
	for end, least := x.matchAt(&x.pieces[0], raw, 0); end >= least; end = runeBefore(raw, end) {
		if x.matchFrom(raw, attempt{1, int32(end)}) {
			return true
		}
	}
	return false
}

// matchFrom matches the parameter before a piece, which begins at a place, and all
// that follows. It tries the places for the piece from left to right, and for
// each the possible ends from right to left, like the regular expression. The
// pieces behind are trials on a stack of our own, since there may be millions.
func (x *Extractor) matchFrom(raw []byte, a attempt) bool {
	x.stack = x.stack[:0]
	x.try(raw, a)
	for len(x.stack) > 0 {
		t := &x.stack[len(x.stack)-1]
		p := &x.pieces[t.piece]
		if t.inside {
			// The pieces behind do not match from there.
			t.end = int32(runeBefore(raw, int(t.end)))
		} else if !x.find(raw, t, p) {
			x.fail(t.attempt)
			continue
		} else if int(t.piece) == len(x.pieces)-1 {
			// $ is also before a newline at the end.
			if end := int(t.end); t.end >= t.least && (end == len(raw) || end == len(raw)-1 && raw[end] == '\n') {
				for _, done := range x.stack {
					x.places[done.piece-1] = place{done.from, done.start}
				}
				return true
			}
			t.end = t.least - 1
		}
		if t.inside = t.end >= t.least; t.inside {
			x.try(raw, attempt{t.piece + 1, t.end})
			continue
		}
		if int(t.next) > len(raw) {
			x.fail(t.attempt)
			continue
		}
		t.at = t.next
	}
	return false
}

// try begins an attempt, if it is not known to fail.
func (x *Extractor) try(raw []byte, a attempt) {
	if _, ok := x.failed[a]; ok || x.budget < 0 {
		return
	}
	t := trial{attempt: a, at: a.from, clean: a.from}
	if int(a.piece) == len(x.pieces)-1 && x.pieces[a.piece].isEmpty() { // only the end will do
		t.at = int32(len(raw))
		if t.at > a.from && raw[t.at-1] == '\n' {
			t.at--
		}
	}
	x.stack = append(x.stack, t)
}

// fail ends the attempt on top of the stack.
func (x *Extractor) fail(a attempt) {
	x.stack = x.stack[:len(x.stack)-1]
	if x.failed == nil {
		x.failed = make(map[attempt]struct{})
	}
	if len(x.failed) == maxFailed {
		x.budget = -1
		return
	}
	x.failed[a] = struct{}{}
}

// find looks for the next place of a trial's piece, and returns false if there is
// none.
func (x *Extractor) find(raw []byte, t *trial, p *piece) bool {
	start, next := x.findPiece(p, raw, int(t.from), int(t.at))
	x.budget -= 1 + max(start, next) - int(t.at)
	if start < 0 || x.budget < 0 || bytes.IndexByte(raw[t.clean:start], '\n') >= 0 {
		return false
	}
	end, least := x.matchAt(p, raw, start)
	t.clean, t.start, t.next = int32(start), int32(start), int32(next)
	t.end, t.least = int32(end), int32(least)
	return true
}

func (p *piece) isEmpty() bool { return p.first == p.last && !p.before }

// findPiece returns where in raw the piece could begin: the first place at or behind
// from whose end depends on what is at at or behind it. The search goes on at next.
// A start below 0 means nowhere.
func (x *Extractor) findPiece(p *piece, raw []byte, from, at int) (start, next int) {
	if p.isEmpty() {
		_, size := utf8.DecodeRune(raw[at:])
		return at, at + max(size, 1)
	}
	if p.first == p.last {
		for at < len(raw) {
			if end := skipSpace(raw, at); end > at {
				return at, end // later in the same run would end in the same places
			}
			_, size := utf8.DecodeRune(raw[at:])
			at += size
		}
		return -1, at
	}
	first := x.word(p.first)
	for {
		i := bytes.Index(raw[at:], first)
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
	for k := p.first; k < p.last; k++ {
		word := x.word(k)
		if k > p.first || p.before {
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
	if !p.after && (p.last > p.first || p.isEmpty()) {
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
