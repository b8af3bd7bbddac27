package fact

import "sqleuth/analysis/sqltext"

// meant is a statement as it was meant, with room for it.
type meant struct {
	text   []byte
	tokens sqltext.Tokens
	parsed sqltext.Statement
	b      Builder
}

// slip looks at what a broken statement asks for but for its apostrophes within words, as
// of a name or a password that an application does not escape: o'neill, it's me. Where all
// that is odd comes of them, what was read into the text behind them is nobody's meaning:
// the facts become those of the statement as it was meant, and a mark.
// What hides behind such an apostrophe is odd without it too.
func (r *reader) slip(command []byte) {
	b := r.b
	if !b.hasField(Open) && !b.hasField(Broken) || r.t.More || r.t.Cut {
		return
	}
	for _, token := range r.t.List {
		switch token.Kind {
		case sqltext.String, sqltext.DoubleQuoted, sqltext.HexLiteral, sqltext.Comment: // apostrophes are in these and around them
			r.looked = append(r.looked, int32(token.Start))
		}
	}
	if b.meant == nil {
		b.meant = new(meant)
	}
	m := b.meant
	var any bool
	if m.text, any = appendWithoutSlips(m.text[:0], r.t.SQL); !any {
		return
	}
	m.tokens.Lex(m.text)
	m.tokens.Parse(&m.parsed)
	Of(command, &m.tokens, &m.parsed, &m.b)
	for _, s := range m.b.facts {
		if f, v := m.b.fact(s); Injected(f, v) || f == Literals && v == "sql" {
			return
		}
	}
	for _, s := range b.facts {
		if f, v := b.fact(s); added[f] && !m.b.has(f, []byte(v)) {
			return
		}
	}
	b.buf, b.facts = append(b.buf[:0], m.b.buf...), append(b.facts[:0], m.b.facts...)
	b.Add(Marks, "apostrophe")
}

// added are the fields that a text behind an apostrophe has by chance in no case that
// matters: a value of theirs that the statement as it was meant has not was put there.
var added = [numFields]bool{Files: true, Sets: true, Union: true, CommentCut: true, Encoding: true, Nesting: true, Statements: true, Questions: true, Tool: true}

// appendWithoutSlips appends a text without its apostrophes between two letters, and
// reports whether there were any. Letters of any alphabet are beyond ASCII.
func appendWithoutSlips(dst, text []byte) (out []byte, any bool) {
	spells := func(i int) bool { return i >= 0 && i < len(text) && (letter(text[i]) || text[i] >= 0x80) }
	for i, c := range text {
		if c == '\'' && spells(i-1) && spells(i+1) {
			any = true
			continue
		}
		dst = append(dst, c)
	}
	return dst, any
}

// Injected reports whether a fact is one of text that no program writes into its own
// statements.
func Injected(f Field, value string) bool {
	switch f {
	case UnionRun:
		return value != "1"
	case Comments:
		return value == "between_words"
	case CommentCut, Open, Broken:
		return true
	case Constants:
		return value != "and_always" && value != "and_never" && value != "reckoned"
	}
	return false
}
