package wrapper

import (
	"cmp"
	"maps"
	"slices"

	"sqleuth/analysis/genlog"
)

// HeadSize is how much of a file's text, in bytes, decides what is around the log.
const HeadSize = 256 << 10

// maxLayers bounds the wrappers in each other, apart from the encoding.
const maxLayers = 3

// maxFound bounds the ways to take a wrapper off that are followed to the next one.
const maxFound = 8

// Recognise finds from the head of a file what is around the log. A file is plain
// if its lines begin entries as they are: an entry's text can look like any wrapper.
// It returns false where more of the head must be seen; whole is set where there is no
// more. A file is known by its first lines if an entry begins with one of them.
func Recognise(head []byte, whole bool) (s *Stack, ok bool) {
	s, ok = Encoding(head, whole)
	if !ok {
		return nil, false
	}
	text := s.Decode(head, whole)
	if begins(text) {
		return s, true
	}
	if len(text) < HeadSize && !whole {
		return nil, false
	}
	text = text[:min(len(text), HeadSize)]
	plain := scoreOf(text)
	for _, k := range findPage(text) {
		// Its lines begin entries as they are, but for the first.
		if inner := scoreOf(takeOff(k, text)); inner.found() && !plain.more(inner) {
			s.layers = append(s.layers, fitted{kind: k})
			return s, true
		}
	}
	layers, most := search(text)
	if most.found() && (!plain.found() || most.more(plain) && bare(layers)) {
		s = &Stack{mark: s.mark, layers: append(s.layers[:len(s.layers):len(s.layers)], withStreams(layers, text)...)}
	}
	return s, true
}

// begins reports whether a text begins with an entry, or with a banner and nothing
// before it.
func begins(text []byte) bool {
	var lines [3][]byte
	for i := range lines {
		n := lineLen(text)
		if n == 0 || text[n-1] != '\n' {
			return false
		}
		if lines[i], text = text[:n], text[n:]; i == 0 && isHead(lines[i]) {
			return true
		}
	}
	return genlog.OpensLog(lines[1]) && genlog.OpensLog(lines[2]) && !loosePrefix(lines[0])
}

// loosePrefix reports whether a line has a prefix that the next ones need not have.
func loosePrefix(line []byte) bool {
	for _, w := range table {
		for _, k := range w.find(line) {
			if p, ok := k.(*prefix); ok && p.loose {
				return true
			}
		}
	}
	return false
}

// Decode returns the text of a file's head by the wrappers of s.
func (s *Stack) Decode(head []byte, whole bool) []byte {
	if s.Plain() {
		return head[s.Mark():]
	}
	var text Text
	s.Open().Add(head, 0, whole, &text)
	return text.Data
}

// bare reports whether a line of the text can be a line of the file as it is: in the
// quotes of a table, among the counted bytes of a journal, or without a prefix that only the first line of a message has.
func bare(layers []fitted) bool {
	for _, f := range layers {
		switch k := f.kind.(type) {
		case *column, page:
			return true
		case journal:
			return k.whole
		case *prefix:
			if k.loose {
				return true
			}
		}
	}
	return false
}

// found is a way to take wrappers off, and what they leave.
type found struct {
	layers []fitted
	text   []byte
	score  score
}

// search returns the wrappers that bring most entries to light, and how many. It
// prefers few of them.
func search(text []byte) ([]fitted, score) {
	level, best := []found{{text: text}}, found{}
	for range maxLayers {
		var next []found
		for _, f := range level {
			for _, w := range table {
				next = append(next, f.with(w)...)
			}
		}
		for _, f := range next {
			if f.score.more(best.score) {
				best = f
			}
		}
		if best.score.entries > 0 {
			break
		}
		level = next[:min(len(next), maxFound)]
	}
	// Some entries can be seen through escapes, where they have few TABs.
	for _, f := range best.with(wrapper{findEscapes}) {
		if f.score.more(best.score) {
			best = f
		}
	}
	return best.layers, best.score
}

// with returns what is found when a wrapper is taken off, too.
func (f found) with(w wrapper) (list []found) {
	for _, k := range w.find(f.text) {
		text := takeOff(k, f.text)
		list = append(list, found{append(f.layers[:len(f.layers):len(f.layers)], fitted{kind: k}), text, scoreOf(text)})
	}
	return list
}

// takeOff returns what is in a wrapper at the head of a file, of all its streams.
func takeOff(k kind, head []byte) []byte {
	s := Stack{layers: []fitted{{kind: k}}}
	u, text := s.Open(), &Text{Data: make([]byte, 0, len(head))}
	switch l := u.layers[0].(type) {
	case *prefixLayer:
		l.all = true
	case telling:
		l.tells().all = true
	}
	u.Add(head, 0, true, text)
	return text.Data
}

// score is how much of a general log a text is.
type score struct {
	entries, banners int // that begin in it
	bytes            int
}

// scoreOf scores a text.
func scoreOf(text []byte) score {
	s := score{bytes: len(text)}
	for len(text) > 0 {
		switch {
		case !isHead(text):
		case genlog.OpensLog(text):
			s.banners++
		default:
			s.entries++
		}
		text = text[lineLen(text):]
	}
	return s
}

// add adds what is in more text.
func (s *score) add(t score) {
	s.entries, s.banners, s.bytes = s.entries+t.entries, s.banners+t.banners, s.bytes+t.bytes
}

// found reports whether there is any sign of a general log.
func (s score) found() bool { return s.entries > 0 || s.banners > 0 }

// more reports whether s is more of a log than t, which came first.
func (s score) more(t score) bool {
	switch {
	case s.entries != t.entries:
		return s.entries > t.entries
	case s.banners != t.banners:
		return s.banners > t.banners
	}
	return s.bytes > t.bytes && !t.found()
}

// hasStreams reports whether a wrapper may name streams.
func (f fitted) hasStreams() bool {
	switch k := f.kind.(type) {
	case *prefix:
		return true
	case *document:
		return len(k.sides) > 0
	case *column:
		return len(k.sides) > 0
	case journal:
		return true
	}
	return false
}

// withStreams returns layers with the streams that are the log in a text that has
// them around it: they are so from its start.
func withStreams(layers []fitted, text []byte) []fitted {
	if !slices.ContainsFunc(layers, fitted.hasStreams) {
		return layers
	}
	u := (&Stack{layers: layers}).Open()
	for _, l := range u.layers {
		if l, ok := l.(*prefixLayer); ok {
			l.heard = map[string]*heard{}
		}
	}
	u.Add(text, 0, true, &Text{Data: make([]byte, 0, len(text))})
	layers = slices.Clone(u.Stack().layers)
	for k := range layers {
		layers[k].known = layers[k].known.sinceAlways()
		if l, ok := u.layers[k].(*prefixLayer); ok {
			layers[k].known = layers[k].known.fewer(slices.SortedFunc(maps.Values(l.heard), func(a, b *heard) int { return cmp.Compare(a.first, b.first) }))
		}
	}
	return layers
}
