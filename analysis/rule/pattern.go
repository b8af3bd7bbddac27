package rule

import (
	"strings"
	"unicode/utf8"
)

// pattern is a value with wildcards, cut at them.
type pattern struct {
	written string
	parts   []part
	cased   bool
}

// part is a literal text, or a wildcard where wild is '*' or '?'.
type part struct {
	text string
	wild byte
}

// parsePattern reads a value as Sigma writes it: * matches any text, ? one
// character, and a backslash makes a wildcard or a backslash plain. Before anything
// else a backslash is plain itself.
func parsePattern(value string) (parts []part) {
	var text []byte
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && i+1 < len(value) && strings.IndexByte(`*?\`, value[i+1]) >= 0:
			i++
			text = append(text, value[i])
		case c == '*' || c == '?':
			parts = append(parts, part{text: string(text)}, part{wild: c})
			text = nil
		default:
			text = append(text, c)
		}
	}
	return append(parts, part{text: string(text)})
}

// pattern makes a pattern of parts, with anything before and behind where the
// modifiers allow it.
func (m modifiers) pattern(written string, parts []part) pattern {
	p := pattern{written: written, cased: m["cased"]}
	if m["contains"] || m["endswith"] {
		p.written = "*" + p.written
		p.add(part{wild: '*'})
	}
	for _, part := range parts {
		p.add(part)
	}
	if m["contains"] || m["startswith"] {
		p.written += "*"
		p.add(part{wild: '*'})
	}
	return p
}

// add appends a part that is not empty; one * is as good as two.
func (p *pattern) add(next part) {
	if n := len(p.parts); next == (part{}) || next.wild == '*' && n > 0 && p.parts[n-1].wild == '*' {
		return
	}
	if !p.cased {
		next.text = strings.ToLower(next.text)
	}
	p.parts = append(p.parts, next)
}

// String returns the pattern as written, with what the modifiers add as *.
func (p pattern) String() string { return p.written }

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
