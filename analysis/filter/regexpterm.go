package filter

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A regexpTerm holds for statements in which a regular expression matches.
type regexpTerm struct {
	source   string
	compiled *regexp.Regexp
	required []*substring // every match holds one of them; none where unknown
}

// maxInstructions bounds a compiled expression. The time for a byte of text can
// grow with it, and the limits of package regexp allow millions.
const maxInstructions = 10_000

// newRegexpTerm compiles an expression in which letters match in either case, as
// they do in the rest of the language. Its source is printable, so that it can be
// written between slashes as it is.
func newRegexpTerm(source string) (regexpTerm, error) {
	t := regexpTerm{source: source}
	for _, r := range source {
		if !unicode.IsPrint(r) {
			return t, fmt.Errorf("%q cannot stand in a regular expression as it is: write \\x{%x}", r, r)
		}
	}
	parsed, err := syntax.Parse(source, syntax.Perl|syntax.FoldCase)
	if err != nil {
		return t, regexpError(err)
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return t, regexpError(err)
	}
	if len(prog.Inst) > maxInstructions {
		return t, fmt.Errorf("the regular expression is too large: %d steps, at most %d are allowed; use smaller counts in {}", len(prog.Inst), maxInstructions)
	}
	if t.compiled, err = regexp.Compile("(?i)" + source); err != nil {
		return t, regexpError(err)
	}
	for _, text := range requiredTexts(parsed) {
		t.required = append(t.required, newSubstring(text))
	}
	return t, nil
}

// maxRequired bounds the texts that are looked for before an expression is
// tried: each costs a pass over the statement.
const maxRequired = 6

// requiredTexts returns texts of which every match of an expression holds at
// least one, but for case; none where nothing useful is known. Looking for them
// first is a hundred times as fast as the expression.
func requiredTexts(re *syntax.Regexp) []string {
	switch re.Op {
	case syntax.OpLiteral:
		return literalTexts(re)
	case syntax.OpCapture, syntax.OpPlus:
		return requiredTexts(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return requiredTexts(re.Sub[0])
		}
	case syntax.OpConcat:
		// The part whose shortest text is the longest.
		var best []string
		for _, sub := range re.Sub {
			if texts := requiredTexts(sub); len(texts) > 0 && (best == nil || shortest(texts) > shortest(best)) {
				best = texts
			}
		}
		return best
	case syntax.OpAlternate:
		var all []string
		for _, sub := range re.Sub {
			texts := requiredTexts(sub)
			if len(texts) == 0 {
				return nil
			}
			all = append(all, texts...)
		}
		if len(all) <= maxRequired {
			return all
		}
	}
	return nil
}

func shortest(texts []string) int {
	n := len(texts[0])
	for _, t := range texts {
		n = min(n, len(t))
	}
	return n
}

// literalTexts returns the longest run of ASCII characters of a literal, if it
// is long enough to be rare. Where case is ignored, package regexp lets k match
// the Kelvin sign and s the long s, which a substring does not.
func literalTexts(re *syntax.Regexp) []string {
	folded := re.Flags&syntax.FoldCase != 0
	best := ""
	for run := range strings.FieldsFuncSeq(string(re.Rune), func(r rune) bool {
		return r >= utf8.RuneSelf || folded && strings.ContainsRune("kKsS", r)
	}) {
		if len(run) > len(best) {
			best = run
		}
	}
	if len(best) < 2 {
		return nil
	}
	return []string{best}
}

func regexpError(err error) error {
	var se *syntax.Error
	if !errors.As(err, &se) {
		return fmt.Errorf("regular expression: %w", err)
	}
	hint := ""
	switch se.Code {
	case syntax.ErrInvalidPerlOp:
		hint = " (RE2 has no look-around)"
	case syntax.ErrInvalidEscape:
		hint = " (RE2 has no back references)"
	case syntax.ErrMissingParen, syntax.ErrUnexpectedParen, syntax.ErrMissingBracket, syntax.ErrMissingRepeatArgument:
		hint = ` (write \ before a character that means itself)`
	}
	return fmt.Errorf("regular expression: %s: %s%s", se.Code, shorten(se.Expr), hint)
}

func (t regexpTerm) appendText(dst []byte, _ binding) []byte {
	dst = append(dst, '/')
	for i := 0; i < len(t.source); i++ {
		switch c := t.source[i]; {
		case c == '\\' && i+1 < len(t.source):
			i++
			dst = append(dst, c, t.source[i])
		case c == '/':
			dst = append(dst, '\\', '/')
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '/')
}

// unescapeSlashes turns \/ into / and leaves every other escape alone.
func unescapeSlashes(s string) string {
	if !strings.Contains(s, `\/`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
			if s[i] != '/' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// longText is from where on a text is matched rune by rune, so that matching
// can be stopped in its midst.
const longText = 1 << 16

// match reports whether the expression matches in a statement. A done context
// may make it false.
func (t regexpTerm) match(s *statement) bool {
	if len(t.required) > 0 && !slices.ContainsFunc(t.required, func(r *substring) bool { return r.in(s.text, &s.folded) }) {
		return false
	}
	if len(s.text) < longText {
		return t.compiled.Match(s.text)
	}
	return t.compiled.MatchReader(&stoppable{ctx: s.ctx, text: s.text})
}

// stoppable reads the runes of a text until the context is done.
type stoppable struct {
	ctx   context.Context
	text  []byte
	runes int
}

// ReadRune returns the next rune, io.EOF at the end.
func (s *stoppable) ReadRune() (rune, int, error) {
	if s.runes++; s.runes%1024 == 0 && s.ctx.Err() != nil {
		return 0, 0, io.EOF
	}
	if len(s.text) == 0 {
		return 0, 0, io.EOF
	}
	r, size := utf8.DecodeRune(s.text)
	s.text = s.text[size:]
	return r, size, nil
}
