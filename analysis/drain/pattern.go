package drain

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A MaskError explains why a mask cannot be used.
type MaskError struct {
	Index     int    // which mask, from 0
	Pattern   string // its text
	Offset    int    // byte of Pattern at which Construct begins
	Construct string // the part that is refused
	Reason    string
}

func (e *MaskError) Error() string {
	return fmt.Sprintf("drain: mask %d %q: %q at byte %d: %s", e.Index+1, e.Pattern, e.Construct, e.Offset, e.Reason)
}

// compileMask compiles a pattern of Python's regex module for RE2.
func compileMask(index int, pattern string) (*regexp.Regexp, error) {
	fail := func(offset int, construct, reason string) error {
		return &MaskError{Index: index, Pattern: pattern, Offset: offset, Construct: construct, Reason: reason}
	}
	if !utf8.ValidString(pattern) {
		return nil, fail(0, pattern, "not UTF-8 text")
	}
	tr := translator{in: pattern}
	if err := tr.translate(); err != nil {
		err.Index, err.Pattern = index, pattern
		return nil, err
	}
	text := tr.out.String()
	tree, err := syntax.Parse(text, syntax.Perl)
	if err != nil {
		construct, reason := pattern, err.Error()
		if se, ok := err.(*syntax.Error); ok {
			construct, reason = se.Expr, se.Code.String()
		}
		offset := strings.Index(pattern, construct)
		if offset < 0 { // the construct was rewritten
			offset, construct = 0, pattern
		}
		return nil, fail(offset, construct, reason)
	}
	// Python and Go disagree about empty matches beside others, and a mask that
	// puts <*> between all characters is a mistake anyway.
	if minMatch(tree) == 0 {
		return nil, fail(0, pattern, "can match the empty text; a mask must match at least one character")
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, fail(0, pattern, err.Error())
	}
	return re, nil
}

// minMatch returns the least number of characters that re can match, at most 1.
func minMatch(re *syntax.Regexp) int {
	switch re.Op {
	case syntax.OpLiteral:
		return min(1, len(re.Rune))
	case syntax.OpNoMatch, syntax.OpCharClass, syntax.OpAnyCharNotNL, syntax.OpAnyChar:
		return 1
	case syntax.OpCapture, syntax.OpPlus:
		return minMatch(re.Sub[0])
	case syntax.OpRepeat:
		return min(re.Min, minMatch(re.Sub[0]))
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			if minMatch(sub) > 0 {
				return 1
			}
		}
		return 0
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			if minMatch(sub) == 0 {
				return 0
			}
		}
		return 1
	}
	return 0
}

// A translator rewrites a pattern of Python's regex module (text patterns, its
// default VERSION0) as one of RE2 that matches the same, and refuses what RE2
// lacks or reads differently. What both spell alike is copied; what is wrong in
// both is left for RE2 to refuse.
type translator struct {
	in  string
	pos int
	out strings.Builder
}

const (
	reasonLook    = "RE2 has no look-around"
	reasonBackref = "RE2 has no back references"
	reasonEscape  = "unknown or unsupported escape"
)

func (t *translator) refuse(from, to int, reason string) *MaskError {
	return &MaskError{Offset: from, Construct: t.in[from:min(to, len(t.in))], Reason: reason}
}

func (t *translator) translate() *MaskError {
	for t.pos < len(t.in) {
		var err *MaskError
		switch c := t.in[t.pos]; c {
		case '\\':
			err = t.escape()
		case '[':
			err = t.set()
		case '(':
			err = t.group()
		case '{':
			err = t.brace()
		case '*', '+', '?':
			t.pos++
			t.out.WriteByte(c)
			err = t.afterQuantifier(t.pos - 1)
		default:
			t.pos++
			t.out.WriteByte(c)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// afterQuantifier copies the "?" of a lazy quantifier that began at from and
// refuses the "+" of a possessive one.
func (t *translator) afterQuantifier(from int) *MaskError {
	if t.pos == len(t.in) {
		return nil
	}
	switch t.in[t.pos] {
	case '?':
		t.pos++
		t.out.WriteByte('?')
	case '+':
		return t.refuse(from, t.pos+1, "RE2 has no possessive quantifiers")
	}
	return nil
}

var countedRepeat = regexp.MustCompile(`^\{(\d*)(,?)(\d*)\}`)

// brace rewrites {n}, {n,}, {,m}, {n,m}; RE2 takes {,m} as literal text. Any
// other brace is literal, unless it could be a fuzzy constraint like {e<=1}.
func (t *translator) brace() *MaskError {
	from := t.pos
	m := countedRepeat.FindStringSubmatch(t.in[from:])
	if m != nil && (m[1] != "" || m[2] != "") {
		low := m[1]
		if low == "" {
			low = "0"
		}
		t.pos += len(m[0])
		t.out.WriteString("{" + low + m[2] + m[3] + "}")
		return t.afterQuantifier(from)
	}
	if end := strings.IndexByte(t.in[from:], '}'); end >= 0 && strings.ContainsAny(t.in[from:from+end], "eids") {
		return t.refuse(from, from+end+1, "fuzzy matching is not supported; write \\{ for a brace")
	}
	t.pos++
	t.out.WriteString(`\{`)
	return nil
}

var inlineFlags = regexp.MustCompile(`^\(\?([a-zA-Z0-9]*)(-[a-z]+)?([:)])`)

func (t *translator) group() *MaskError {
	from, rest := t.pos, t.in[t.pos:]
	plain := func(n int) *MaskError {
		t.out.WriteString(rest[:n])
		t.pos += n
		return nil
	}
	named := func(head string) *MaskError {
		end := strings.IndexByte(rest, '>')
		if end < 0 {
			return t.refuse(from, len(t.in), "group name without end")
		}
		t.out.WriteString("(?P<" + rest[len(head):end] + ">")
		t.pos += end + 1
		return nil
	}
	switch {
	case !strings.HasPrefix(rest, "(?"):
		return plain(1)
	case strings.HasPrefix(rest, "(?:"):
		return plain(3)
	case strings.HasPrefix(rest, "(?="), strings.HasPrefix(rest, "(?!"):
		return t.refuse(from, from+3, reasonLook)
	case strings.HasPrefix(rest, "(?<="), strings.HasPrefix(rest, "(?<!"):
		return t.refuse(from, from+4, reasonLook)
	case strings.HasPrefix(rest, "(?P<"):
		return named("(?P<")
	case strings.HasPrefix(rest, "(?<"):
		return named("(?<")
	case strings.HasPrefix(rest, "(?P="):
		return t.refuse(from, from+4, reasonBackref)
	case strings.HasPrefix(rest, "(?>"):
		return t.refuse(from, from+3, "RE2 has no atomic groups")
	case strings.HasPrefix(rest, "(?#"):
		end := strings.IndexByte(rest, ')')
		if end < 0 {
			return t.refuse(from, len(t.in), "comment without end")
		}
		t.pos += end + 1
		return nil
	}
	m := inlineFlags.FindStringSubmatch(rest)
	if m == nil || strings.Trim(m[1], "ims") != "" || strings.Trim(m[2], "-ims") != "" || m[1]+m[2] == "" {
		return t.refuse(from, from+4, "only the flags i, m, s and the groups (...), (?:...), (?P<name>...) are supported")
	}
	if m[3] == ")" && from != 0 {
		return t.refuse(from, from+len(m[0]), "flags must stand at the beginning: in Python they hold for the whole pattern, in RE2 from here on")
	}
	return plain(len(m[0]))
}

// escape translates a backslash outside a set.
func (t *translator) escape() *MaskError {
	from := t.pos
	if from+1 == len(t.in) {
		return t.refuse(from, from+1, "backslash at the end")
	}
	switch c := t.in[from+1]; c {
	case 'A', 'b', 'B', 'z':
		t.pos += 2
		t.out.WriteString(t.in[from:t.pos])
		return nil
	case 'Z':
		t.pos += 2
		t.out.WriteString(`\z`)
		return nil
	}
	it, err := t.escapedItem()
	if err != nil {
		return err
	}
	if it.class != "" {
		t.out.WriteString("[" + it.class + "]")
	} else {
		t.out.WriteString(escapeRune(it.lit))
	}
	return nil
}

// An item is a member of a set: a character, or if class is not empty the
// inside of an RE2 set.
type item struct {
	lit   rune
	class string
}

// escapedClasses are the classes that an escape of one letter matches.
var escapedClasses = map[rune]func() string{
	'd': func() string { return `\p{Nd}` }, 'D': func() string { return `\P{Nd}` },
	's': spaceClass, 'S': notSpaceClass, 'w': wordClass, 'W': notWordClass,
}

// escapedControls are the control characters that an escape of one letter matches.
var escapedControls = map[rune]rune{'a': '\a', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// hexDigits is how many hexadecimal digits an escape takes without braces.
var hexDigits = map[rune]int{'x': 2, 'u': 4, 'U': 8}

// escapedItem reads an escape that matches one character or a class of them.
func (t *translator) escapedItem() (item, *MaskError) {
	from := t.pos
	rest := t.in[from+1:]
	r, size := utf8.DecodeRuneInString(rest)
	t.pos += 1 + size
	if class := escapedClasses[r]; class != nil {
		return item{class: class()}, nil
	}
	if lit, ok := escapedControls[r]; ok {
		return item{lit: lit}, nil
	}
	switch {
	case hexDigits[r] > 0:
		return t.hexadecimal(from, rest, hexDigits[r])
	case r == 'p' || r == 'P':
		if end := strings.IndexByte(rest, '}'); end > 0 && strings.HasPrefix(rest[1:], "{") {
			t.pos = from + 1 + end + 1
		} else if len(rest) > 1 {
			t.pos++
		}
		return item{class: t.in[from:t.pos]}, nil
	case r >= '0' && r <= '9':
		return t.octal(from, rest)
	case r < utf8.RuneSelf && (r|0x20 >= 'a' && r|0x20 <= 'z'):
		return item{}, t.refuse(from, from+2, reasonEscape)
	}
	return item{lit: r}, nil
}

// hexadecimal reads the escape at from whose letter and digits rest begins with: so many,
// or any in braces behind an x.
func (t *translator) hexadecimal(from int, rest string, digits int) (item, *MaskError) {
	if strings.HasPrefix(rest, "x{") {
		end := strings.IndexByte(rest, '}')
		if end < 0 {
			return item{}, t.refuse(from, len(t.in), "incomplete escape")
		}
		t.pos = from + 1 + end + 1
		return t.numeric(from, rest[2:end], 16)
	}
	if len(rest) < 1+digits {
		return item{}, t.refuse(from, len(t.in), "incomplete escape")
	}
	t.pos += digits
	return t.numeric(from, rest[1:1+digits], 16)
}

// octal reads the escape at from whose digits rest begins with. What Python takes for the
// number of a group is refused.
func (t *translator) octal(from int, rest string) (item, *MaskError) {
	n := 1
	for n < 3 && n < len(rest) && rest[n] >= '0' && rest[n] <= '7' {
		n++
	}
	if rest[0] == '0' || n == 3 && rest[0] <= '3' {
		t.pos = from + 1 + n
		return t.numeric(from, rest[:n], 8)
	}
	return item{}, t.refuse(from, from+2, reasonBackref)
}

// numeric returns the character of a number, which an escape at from has.
func (t *translator) numeric(from int, digits string, base int) (item, *MaskError) {
	v, err := strconv.ParseUint(digits, base, 32)
	if err != nil || v > unicode.MaxRune {
		return item{}, t.refuse(from, from+2+len(digits), reasonEscape)
	}
	return item{lit: rune(v)}, nil
}

// set translates [...]. RE2 and Python read the same sets differently where a
// hyphen is beside a class, so members are written out anew.
func (t *translator) set() *MaskError {
	from := t.pos
	t.pos++
	t.out.WriteByte('[')
	if strings.HasPrefix(t.in[t.pos:], "^") {
		t.pos++
		t.out.WriteByte('^')
	}
	unclosed := func() *MaskError { return t.refuse(from, len(t.in), "set without end") }
	for first := true; ; first = false {
		if t.pos >= len(t.in) {
			return unclosed()
		}
		if t.in[t.pos] == ']' && !first {
			t.pos++
			t.out.WriteByte(']')
			return nil
		}
		low, err := t.member()
		if err != nil {
			return err
		}
		if low.class != "" {
			t.out.WriteString(low.class)
			continue
		}
		t.out.WriteString(escapeRune(low.lit))
		// A hyphen before the closing bracket is a character.
		if rest := t.in[t.pos:]; !strings.HasPrefix(rest, "-") || strings.HasPrefix(rest, "-]") {
			continue
		}
		rangeFrom := t.pos
		t.pos++
		if t.pos >= len(t.in) {
			return unclosed()
		}
		high, err := t.member()
		if err != nil {
			return err
		}
		switch {
		case high.class != "":
			t.out.WriteString(`\-` + high.class)
		case high.lit < low.lit:
			return t.refuse(rangeFrom-1, t.pos, "range out of order")
		default:
			t.out.WriteString("-" + escapeRune(high.lit))
		}
	}
}

// member reads one character or class of a set.
func (t *translator) member() (item, *MaskError) {
	from := t.pos
	rest := t.in[from:]
	switch {
	case strings.HasPrefix(rest, `\b`):
		t.pos += 2
		return item{lit: '\b'}, nil
	case rest == `\`:
		return item{}, t.refuse(from, from+1, "backslash at the end")
	case rest[0] == '\\':
		return t.escapedItem()
	case strings.HasPrefix(rest, "[:") && strings.Contains(rest, ":]"):
		return item{}, t.refuse(from, from+strings.Index(rest, ":]")+2, "POSIX classes are ASCII in RE2 and Unicode in Python; use \\d, \\w, \\s or \\p{...}")
	}
	r, size := utf8.DecodeRuneInString(rest)
	t.pos += size
	return item{lit: r}, nil
}

// escapeRune writes a character so that RE2 takes it literally, in a set or not.
func escapeRune(r rune) string {
	if r >= '0' && r <= '9' || r|0x20 >= 'a' && r|0x20 <= 'z' && r < utf8.RuneSelf {
		return string(r)
	}
	return fmt.Sprintf(`\x{%X}`, r)
}

// spaceClass is \s of the regex module as the inside of an RE2 set.
func spaceClass() string { return rangesText(rangesOf(unicode.White_Space)) }

func notSpaceClass() string { return rangesText(complement(rangesOf(unicode.White_Space))) }

func wordClass() string { return rangesText(wordRanges()) }

func notWordClass() string { return rangesText(complement(wordRanges())) }

// wordRanges is \w of the regex module: Alphabetic, M, Nd, Pc and Join_Control
// (UTS #18, annex C).
func wordRanges() []runeRange {
	return rangesOf(unicode.L, unicode.M, unicode.Nd, unicode.Nl, unicode.Pc,
		unicode.Other_Alphabetic, unicode.Join_Control)
}

type runeRange struct{ lo, hi rune }

// rangesOf returns the union of tables, sorted, without overlaps.
func rangesOf(tables ...*unicode.RangeTable) []runeRange {
	var all []runeRange
	add := func(lo, hi, stride rune) {
		if stride == 1 {
			all = append(all, runeRange{lo, hi})
			return
		}
		for r := lo; r <= hi; r += stride {
			all = append(all, runeRange{r, r})
		}
	}
	for _, table := range tables {
		for _, r := range table.R16 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
		for _, r := range table.R32 {
			add(rune(r.Lo), rune(r.Hi), rune(r.Stride))
		}
	}
	slices.SortFunc(all, func(a, b runeRange) int { return int(a.lo - b.lo) })
	merged := all[:0]
	for _, r := range all {
		if n := len(merged); n > 0 && r.lo <= merged[n-1].hi+1 {
			merged[n-1].hi = max(merged[n-1].hi, r.hi)
		} else {
			merged = append(merged, r)
		}
	}
	return merged
}

// complement returns the characters outside of sorted ranges.
func complement(ranges []runeRange) []runeRange {
	var out []runeRange
	next := rune(0)
	for _, r := range ranges {
		if r.lo > next {
			out = append(out, runeRange{next, r.lo - 1})
		}
		next = r.hi + 1
	}
	if next <= unicode.MaxRune {
		out = append(out, runeRange{next, unicode.MaxRune})
	}
	return out
}

func rangesText(ranges []runeRange) string {
	var b strings.Builder
	for _, r := range ranges {
		b.WriteString(escapeRune(r.lo))
		if r.hi > r.lo {
			b.WriteString("-" + escapeRune(r.hi))
		}
	}
	return b.String()
}
