package incident

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sqleuth/analysis/principal"
)

// Twin is an injected statement beside an honest one that the same account sends: what
// the honest one lacks was added.
type Twin struct {
	Entry, Honest uint32
	From, To      int    // the added part of the statement's text, in bytes
	Excerpt       string // of the statement, the added part in brackets
}

const (
	// nearby is how many entries before a statement are searched for its twin, and
	// alike how many of them are read.
	nearby, alike = 20000, 8
	// around is how many bytes an excerpt has before the added part, most how many of
	// that, and behind it as many as before.
	around, most = 40, 240
)

// findTwins finds the honest twins of the telling statements of the incidents of
// accounts. What is of any of these incidents is no honest twin in another.
func (f *finder) findTwins(list []Incident) {
	if f.Text == nil || f.History == nil {
		return
	}
	hostile := map[uint32]bool{} // digests
	for k := range list {
		if list[k].Actor.Kind == Account {
			for _, e := range list[k].Entries {
				hostile[f.Key(int(e)).Digest] = true
			}
		}
	}
	for k := range list {
		x := &list[k]
		if x.Actor.Kind != Account {
			continue
		}
		for _, st := range x.Stages {
			for _, e := range st.Telling {
				if t, ok := f.twin(e, hostile); ok {
					x.Twins = append(x.Twins, t)
				}
			}
		}
	}
}

// twin finds the honest twin of a statement; hostile are digests of none.
func (f *finder) twin(e uint32, hostile map[uint32]bool) (t Twin, ok bool) {
	account := f.History.Sender(int(e))
	digest := f.Digest(int(e))
	best, score := (*principal.Sent)(nil), 0
	sent := f.History.Sent(account)
	for k := range sent {
		s := &sent[k]
		if hostile[s.Digest] || len(f.Digests[s.Digest]) < around {
			continue
		}
		p, q := common([]byte(digest), []byte(f.Digests[s.Digest]))
		// Most of the honest statement must be in the other.
		if n := p + q; p >= around/2 && 10*n >= 6*len(f.Digests[s.Digest]) && n > score {
			best, score = s, n
		}
	}
	if best == nil {
		return t, false
	}
	text, err := f.Text(int(e))
	if err != nil {
		return t, false
	}
	text = slices.Clone(text)
	score = 0
	for _, i := range f.nearest(e, account, best) {
		honest, err := f.Text(int(i))
		if err != nil {
			continue
		}
		if p, q := common(text, honest); p+q > score {
			score = p + q
			t = Twin{Entry: e, Honest: i, From: p, To: len(text) - q}
		}
	}
	if score == 0 || t.From >= t.To {
		return t, false
	}
	t.Excerpt = excerpt(text, t.From, t.To)
	return t, true
}

// nearest returns entries with a digest that an account sent before an entry, the
// nearest ones, else its first.
func (f *finder) nearest(e, account uint32, s *principal.Sent) (list []uint32) {
	for i := int(e) - 1; i >= max(0, int(e)-nearby) && len(list) < alike; i-- {
		if f.Key(i).Digest == s.Digest && f.History.Sender(i) == account {
			list = append(list, uint32(i))
		}
	}
	if len(list) == 0 {
		list = append(list, s.First)
	}
	return list
}

// common returns how many bytes two texts have in common at their beginning and at
// their end, which do not overlap; no character is cut in its middle.
func common(a, b []byte) (prefix, suffix int) {
	n := min(len(a), len(b))
	for prefix < n && a[prefix] == b[prefix] {
		prefix++
	}
	for prefix > 0 && prefix < len(a) && !utf8.RuneStart(a[prefix]) {
		prefix--
	}
	for suffix < n-prefix && a[len(a)-1-suffix] == b[len(b)-1-suffix] {
		suffix++
	}
	for suffix > 0 && !utf8.RuneStart(a[len(a)-suffix]) {
		suffix--
	}
	return prefix, suffix
}

// excerpt shows the added part of a statement in brackets, with what is around it.
func excerpt(text []byte, from, to int) string {
	var b strings.Builder
	cut := func(part []byte, n int, end bool) {
		switch {
		case len(part) <= n:
			b.Write(part)
		case end:
			b.WriteString("…")
			b.Write(part[len(part)-n:])
		default:
			b.Write(part[:n])
			b.WriteString("…")
		}
	}
	cut(text[:from], around, true)
	b.WriteString("[")
	cut(text[from:to], most, false)
	b.WriteString("]")
	cut(text[to:], around, false)
	return strings.ToValidUTF8(b.String(), "")
}
