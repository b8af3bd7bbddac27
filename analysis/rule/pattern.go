package rule

import (
	"strings"
	"unicode/utf8"
)

// pattern is a value with wildcards, cut at them.
type pattern struct {
	parts []part
	cased bool
}

// part is a literal text, or a wildcard where wild is '*' or '?'.
type part struct {
	text string
	wild byte
}

// parsePattern reads a value as Sigma writes it: * matches any text, ? one
// character, and a backslash makes a wildcard or a backslash plain. Before anything
// else a backslash is plain itself.
func parsePattern(value string, cased bool) pattern {
	if !cased {
		value = strings.ToLower(value)
	}
	p := pattern{cased: cased}
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			p.parts = append(p.parts, part{text: text.String()})
			text.Reset()
		}
	}
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && i+1 < len(value) && strings.IndexByte(`*?\`, value[i+1]) >= 0:
			i++
			text.WriteByte(value[i])
		case c == '*' || c == '?':
			flush()
			p.add(c)
		default:
			text.WriteByte(c)
		}
	}
	flush()
	return p
}

// add appends a wildcard; one * is as good as two.
func (p *pattern) add(wild byte) {
	if n := len(p.parts); wild == '*' && n > 0 && p.parts[n-1].wild == '*' {
		return
	}
	p.parts = append(p.parts, part{wild: wild})
}

// open allows anything before and behind the pattern.
func (p pattern) open(before, behind bool) pattern {
	q := pattern{cased: p.cased}
	if before {
		q.add('*')
	}
	for _, part := range p.parts {
		if part.wild != 0 {
			q.add(part.wild)
		} else {
			q.parts = append(q.parts, part)
		}
	}
	if behind {
		q.add('*')
	}
	return q
}

// match reports whether a whole value, which is also given in lower case, is of the
// pattern.
func (p pattern) match(value, lower string) bool {
	if !p.cased {
		value = lower
	}
	parts := p.parts
	if len(parts) == 1 && parts[0].wild == 0 { // most are
		return value == parts[0].text
	}
	// The parts behind the last *, and what of value was left there: on a mismatch
	// the * takes more, and a ? behind it never a part of a character. Earlier ones
	// never need to.
	var after []part
	var rest string
	starred := false
	for {
		switch {
		case len(parts) == 0:
			if value == "" {
				return true
			}
		case parts[0].wild == '*':
			if len(parts) == 1 {
				return true
			}
			parts = parts[1:]
			after, rest, starred = parts, value, true
			continue
		case parts[0].wild == '?':
			if _, n := utf8.DecodeRuneInString(value); n > 0 {
				value, parts = value[n:], parts[1:]
				continue
			}
		case strings.HasPrefix(value, parts[0].text):
			value, parts = value[len(parts[0].text):], parts[1:]
			continue
		}
		if !starred || rest == "" {
			return false
		}
		_, skip := utf8.DecodeRuneInString(rest)
		if text := after[0].text; text != "" {
			next := strings.Index(rest[1:], text)
			if next < 0 {
				return false
			}
			skip = next + 1
		}
		rest = rest[skip:]
		parts, value = after, rest
	}
}

// String writes the pattern as a value that reads as it.
func (p pattern) String() string {
	var out strings.Builder
	for i, part := range p.parts {
		switch {
		case part.wild != 0:
			out.WriteByte(part.wild)
		default:
			next := byte(0)
			if i+1 < len(p.parts) {
				next = p.parts[i+1].wild
			}
			writeEscaped(&out, part.text, next)
		}
	}
	return out.String()
}

// writeEscaped writes a literal text that next follows. A backslash before what it
// would make plain is doubled.
func writeEscaped(out *strings.Builder, text string, next byte) {
	for i := range len(text) {
		following := next
		if i+1 < len(text) {
			following = text[i+1]
		}
		switch c := text[i]; {
		case c == '*' || c == '?':
			out.WriteByte('\\')
		case c == '\\' && following != 0 && strings.IndexByte(`*?\`, following) >= 0:
			out.WriteByte('\\')
		}
		out.WriteByte(text[i])
	}
}
