package detect

import (
	"strings"

	"sqleuth/analysis/drain"
	"sqleuth/analysis/sqltext"
)

// word is a token as rules see it.
type word struct {
	kind  wordKind
	text  string // names and variables in lower case without quotes, literals as written
	depth int    // brackets open around it; a bracket itself counts as outside
}

type wordKind uint8

const (
	nameWord wordKind = iota + 1
	variableWord
	textWord     // a string literal
	valueWord    // another literal or a placeholder
	wildcardWord // <*> of a template
	signWord     // operator or punctuation
)

// maxText is how much of a statement rules look at.
const maxText = 1 << 20

// words appends the tokens of one statement to dst. Comments are left out; the
// content of version comments is code.
func words(dst []word, sql []byte) []word {
	var l sqltext.Lexer
	l.Reset(sql)
	depth := 0
	versionEnd := -1 // where the head of a version comment ended
	for {
		t, ok := l.Next()
		if !ok {
			return dst
		}
		raw := string(sql[t.Start:t.End])
		w := word{depth: depth}
		switch t.Kind {
		case sqltext.Word:
			w.kind, w.text = nameWord, strings.ToLower(raw)
		case sqltext.QuotedIdent:
			w.kind, w.text = nameWord, strings.ToLower(strings.Trim(raw, "`"))
		case sqltext.Variable:
			w.kind, w.text = variableWord, strings.ToLower(raw)
		case sqltext.String, sqltext.DoubleQuoted:
			w.kind, w.text = textWord, raw
		case sqltext.Number, sqltext.HexLiteral, sqltext.BitLiteral, sqltext.Placeholder:
			w.kind, w.text = valueWord, raw
		case sqltext.VersionOpen:
			versionEnd = t.End
			continue
		case sqltext.Comment, sqltext.VersionClose:
			continue
		default:
			w.kind, w.text = signWord, raw
			switch raw {
			case "(":
				depth++
			case ")":
				depth = max(0, depth-1)
				w.depth = depth
			}
		}
		dst = append(dst, w)
		if n := len(dst); n >= 3 && dst[n-3].text == "<" && dst[n-2].text == "*" && raw == ">" {
			depth := dst[n-3].depth
			dst = dst[:n-3]
			if t.End-len(drain.Wildcard) == versionEnd {
				continue // the masks have taken the version for a number of the statement
			}
			dst = append(dst, word{kind: wildcardWord, text: drain.Wildcard, depth: depth})
		}
	}
}

// pattern is a series of words to look for.
type pattern struct {
	anchored bool // the first segment stands at the start of the statement
	// segments follow each other with any words between them. Each is a run of
	// words, given by the texts of which one must stand there.
	segments [][][]string
}

// parsePattern reads words separated by spaces, alternatives separated by "|",
// "..." for any words in between and a leading "^" for the start of the
// statement.
func parsePattern(s string) pattern {
	var p pattern
	if rest, ok := strings.CutPrefix(s, "^ "); ok {
		p.anchored, s = true, rest
	}
	for _, segment := range strings.Split(s, " ... ") {
		var sets [][]string
		for _, f := range strings.Fields(segment) {
			sets = append(sets, strings.Split(f, "|"))
		}
		p.segments = append(p.segments, sets)
	}
	return p
}

// match says whether the words hold the pattern. Literals match no word. The
// earliest place of a segment is as good as any later one, so time is linear.
func (p pattern) match(ws []word) bool {
	for k, segment := range p.segments {
		at := 0
		for !startsWith(ws[at:], segment) {
			at++
			if at+len(segment) > len(ws) || p.anchored && k == 0 {
				return false
			}
		}
		ws = ws[at+len(segment):]
	}
	return true
}

func startsWith(ws []word, segment [][]string) bool {
	if len(ws) < len(segment) {
		return false
	}
	for i, texts := range segment {
		if !ws[i].is(texts...) {
			return false
		}
	}
	return true
}

// is says whether the word is one of texts and not a literal.
func (w word) is(texts ...string) bool {
	if w.kind == textWord || w.kind == valueWord {
		return false
	}
	for _, t := range texts {
		if w.text == t {
			return true
		}
	}
	return false
}
