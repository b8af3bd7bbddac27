package filter

import (
	"slices"
	"strconv"
	"strings"
)

// A glob is a pattern for a whole text: literal parts with any text between
// them. One part is no wildcard.
type glob struct{ parts []string }

// wild reports whether the pattern holds a *.
func (g glob) wild() bool { return len(g.parts) > 1 }

// fold returns the pattern for texts that went through appendFold.
func (g glob) fold() glob {
	parts := make([]string, len(g.parts))
	for i, p := range g.parts {
		parts[i] = string(appendFold(nil, p))
	}
	return glob{parts}
}

// match reports whether s as a whole matches, both folded. It takes the
// leftmost place for each part, which finds a match if there is one, in time
// linear in s for each part.
func (g glob) match(s string) bool {
	first, last := g.parts[0], g.parts[len(g.parts)-1]
	if !g.wild() {
		return s == first
	}
	if len(s) < len(first)+len(last) || !strings.HasPrefix(s, first) || !strings.HasSuffix(s, last) {
		return false
	}
	s = s[len(first) : len(s)-len(last)]
	for _, part := range g.parts[1 : len(g.parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return true
}

// prefix returns the pattern for texts that begin like those g matches.
func (g glob) prefix() glob {
	if g.parts[len(g.parts)-1] == "" {
		return g
	}
	return glob{append(slices.Clip(g.parts), "")}
}

// within returns the pattern for texts in which g matches a part.
func (g glob) within() glob {
	g = g.prefix()
	if g.parts[0] == "" {
		return g
	}
	return glob{append([]string{""}, g.parts...)}
}

// cut is a pattern in two.
type cut struct{ before, behind glob }

// atDots returns the pattern cut in two at each of its dots.
func (g glob) atDots() (list []cut) {
	for k, part := range g.parts {
		for at := range len(part) {
			if part[at] == '.' {
				before := append(slices.Clone(g.parts[:k]), part[:at])
				behind := append([]string{part[at+1:]}, g.parts[k+1:]...)
				list = append(list, cut{glob{before}, glob{behind}})
			}
		}
	}
	return list
}

func (g glob) appendText(dst []byte) []byte {
	for i, part := range g.parts {
		if i > 0 {
			dst = append(dst, '*')
		}
		switch {
		case part == "" && g.wild():
		case part == "" || !printable(part) || strings.ContainsAny(part, ` "*(),`):
			dst = strconv.AppendQuote(dst, part)
		default:
			dst = append(dst, part...)
		}
	}
	return dst
}
