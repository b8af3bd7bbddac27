package drain

import "strings"

// A template is the state of a cluster's template at one moment. It is never
// changed: a cluster that loses words gets another one.
type template struct {
	text     string  // tokens joined by single spaces
	ends     []int32 // end of each token in text
	runs     []run   // what is literal, from left to right
	literals int     // tokens that are not <*>
}

// A run is a maximal sequence of literal tokens. Since tokens hold no space and are
// one space apart both in templates and in scanned lines, a line has the same
// tokens exactly when it has the same bytes from the begin of the first token to
// the end of the last.
type run struct {
	first, last int // tokens
	text        string
}

// newTemplate makes a template of tokens joined by single spaces.
func newTemplate(text string, ends []int32) *template {
	t := &template{text: text, ends: ends}
	open := false
	for i := range ends {
		if t.token(i) == Wildcard {
			open = false
			continue
		}
		t.literals++
		if open {
			r := &t.runs[len(t.runs)-1]
			r.last = i
			r.text = text[startOf(ends, r.first):ends[i]]
		} else {
			t.runs = append(t.runs, run{i, i, t.token(i)})
			open = true
		}
	}
	return t
}

// startOf returns where token i begins, given where tokens end.
func startOf(ends []int32, i int) int {
	if i == 0 {
		return 0
	}
	return int(ends[i-1]) + 1
}

func (t *template) token(i int) string { return t.text[startOf(t.ends, i):t.ends[i]] }

// A scanned line: tokens joined by single spaces, and their ends.
type scanned struct {
	text []byte
	ends []int32
}

func (l scanned) token(i int) []byte { return l.text[startOf(l.ends, i):l.ends[i]] }

// literals counts the tokens that are not <*>.
func (l scanned) literals() int {
	n := 0
	for i := range l.ends {
		if string(l.token(i)) != Wildcard {
			n++
		}
	}
	return n
}

// covers reports whether every literal token of t is in the line. Both must have
// the same number of tokens.
func (t *template) covers(l scanned) bool {
	for i := range t.runs {
		r := &t.runs[i]
		start, end := startOf(l.ends, r.first), int(l.ends[r.last])
		// The length first: it is what differs most often.
		if end-start != len(r.text) || string(l.text[start:end]) != r.text {
			return false
		}
	}
	return true
}

// matches counts the literal tokens of t that the line has.
func (t *template) matches(l scanned) int {
	n := 0
	for i := range t.runs {
		r := &t.runs[i]
		start, end := startOf(l.ends, r.first), int(l.ends[r.last])
		if end-start == len(r.text) && string(l.text[start:end]) == r.text {
			n += r.last - r.first + 1
			continue
		}
		for k := r.first; k <= r.last; k++ {
			if string(l.token(k)) == t.token(k) {
				n++
			}
		}
	}
	return n
}

// conflicts counts the tokens that are literal in both templates and differ.
func (t *template) conflicts(o *template) int {
	n := 0
	for i := range t.runs {
		for k := t.runs[i].first; k <= t.runs[i].last; k++ {
			if token := o.token(k); token != Wildcard && token != t.token(k) {
				n++
			}
		}
	}
	return n
}

// generalise returns t with <*> for every token that the line does not have, or
// t itself if there is none.
func (t *template) generalise(l scanned) *template {
	if t.covers(l) {
		return t
	}
	var text strings.Builder
	text.Grow(len(t.text))
	ends := make([]int32, len(t.ends))
	for i := range t.ends {
		if i > 0 {
			text.WriteByte(' ')
		}
		if token := t.token(i); token == string(l.token(i)) {
			text.WriteString(token)
		} else {
			text.WriteString(Wildcard)
		}
		ends[i] = int32(text.Len())
	}
	return newTemplate(text.String(), ends)
}
