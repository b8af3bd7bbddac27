package incident

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/sqltext"
)

// maxSlips is how many statements are looked at for whether they are slips.
const maxSlips = 4096

// slip reports whether a statement is one that its account sends anyway but for
// apostrophes within words, as of a name or a password that the application does not
// escape: all that is odd about it comes of them. Where no text can be read none is.
func (f *finder) slip(e uint32) bool {
	if is, known := f.slips[e]; known {
		return is
	}
	is := f.findSlip(e)
	f.slips[e] = is
	return is
}

func (f *finder) findSlip(e uint32) bool {
	if f.Text == nil || f.History == nil || len(f.slips) >= maxSlips || !broken(f.factsOf(e)) {
		return false
	}
	text, err := f.Text(int(e))
	if err != nil {
		return false
	}
	text, any := withoutSlips(text)
	if !any {
		return false
	}
	var t sqltext.Tokens
	t.Lex(text)
	n, known := f.digestNumbers()[string(sqltext.AppendDigest(nil, &t))]
	return known && f.History.Of(f.History.Sender(int(e)), n) != nil
}

// digestNumbers returns the numbers of digests by their texts.
func (f *finder) digestNumbers() map[string]uint32 {
	if f.digests == nil {
		f.digests = make(map[string]uint32, len(f.Digests))
		for n, text := range f.Digests {
			f.digests[text] = uint32(n)
		}
	}
	return f.digests
}

// broken reports whether a statement has an open end or what no grammar takes.
func broken(s fact.Set) bool {
	for field := range s.All() {
		if field == fact.Open || field == fact.Broken {
			return true
		}
	}
	return false
}

// withoutSlips returns a text without its apostrophes between two letters, and whether
// there were any.
func withoutSlips(text []byte) (out []byte, any bool) {
	for i := 0; i < len(text); i++ {
		n := bytes.IndexByte(text[i:], '\'')
		if n < 0 {
			return append(out, text[i:]...), any
		}
		out = append(out, text[i:i+n]...)
		i += n
		before, _ := utf8.DecodeLastRune(text[:i])
		after, _ := utf8.DecodeRune(text[i+1:])
		if unicode.IsLetter(before) && unicode.IsLetter(after) {
			any = true
		} else {
			out = append(out, '\'')
		}
	}
	return out, any
}
