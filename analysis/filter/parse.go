package filter

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what Parse takes. Nobody types as much; they keep a pasted log from
// becoming a program.
const (
	maxLength = 1 << 20 // bytes
	maxTerms  = 1000
	maxDepth  = 100 // nested brackets
)

// A SyntaxError explains where a text is not a filter, and what would be.
type SyntaxError struct {
	Offset int // of the byte at which it shows
	Column int // the same in characters, from 1
	Reason string
}

// Error returns position and reason on one line of printable text.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("filter, character %d: %s", e.Column, e.Reason)
}

// Parse reads a filter; the package's documentation describes the language.
// Blank text is the zero Filter, which shows all entries. Errors are of type
// *SyntaxError.
func Parse(text string) (Filter, error) {
	p := parser{text: text}
	if len(text) > maxLength {
		return Filter{}, p.fail(0, "the filter has %d bytes, at most %d are allowed", len(text), maxLength)
	}
	if p.skipSpace(); p.at == len(text) {
		return Filter{}, nil
	}
	n, err := p.or(0)
	if err != nil {
		return Filter{}, err
	}
	if p.at < len(text) {
		return Filter{}, p.fail(p.at, `this ")" closes nothing: take it away, or put text that holds it in quotation marks`)
	}
	f := Filter{n}
	if len(text) > maxLength/8 && len(f.String()) > maxLength {
		return Filter{}, p.fail(0, "the filter has more than %d bytes with what is not printable written out", maxLength)
	}
	return f, nil
}

type parser struct {
	text  string
	at    int // offset of the next byte
	terms int
}

func (p *parser) fail(at int, format string, args ...any) error {
	return &SyntaxError{Offset: at, Column: utf8.RuneCountInString(p.text[:at]) + 1, Reason: fmt.Sprintf(format, args...)}
}

// shorten shows a part of the input in an error.
func shorten(s string) string {
	const most = 40
	if len(s) > most {
		return strconv.Quote(strings.ToValidUTF8(s[:most], "")) + "..."
	}
	return strconv.Quote(s)
}

func (p *parser) skipSpace() {
	rest := strings.TrimLeftFunc(p.text[p.at:], unicode.IsSpace)
	p.at = len(p.text) - len(rest)
}

// rest returns the text from the next word on.
func (p *parser) rest() string {
	p.skipSpace()
	return p.text[p.at:]
}

// keywordAt returns which of "and", "or", "not" s begins with, empty for none.
func keywordAt(s string) string {
	for _, k := range [...]string{"and", "or", "not"} {
		if len(s) < len(k) || !strings.EqualFold(s[:len(k)], k) {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(s[len(k):]); len(s) == len(k) || r == '(' || r == ')' || unicode.IsSpace(r) {
			return k
		}
	}
	return ""
}

func (p *parser) or(depth int) (node, error) {
	var nodes []node
	for {
		n, err := p.and(depth)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		if keywordAt(p.rest()) != "or" {
			return disjoin(nodes), nil
		}
		p.at += len("or")
	}
}

func (p *parser) and(depth int) (node, error) {
	var nodes []node
	for {
		n, err := p.unary(depth)
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
		switch rest := p.rest(); {
		case rest == "" || rest[0] == ')' || keywordAt(rest) == "or":
			return conjoin(nodes), nil
		case keywordAt(rest) == "and":
			p.at += len("and")
		}
	}
}

func (p *parser) unary(depth int) (node, error) {
	negated := false
	for {
		switch rest := p.rest(); {
		case keywordAt(rest) == "not":
			p.at += len("not")
		case negates(rest):
			p.at++
		default:
			n, err := p.primary(depth)
			if err == nil && negated {
				n = negate(n)
			}
			return n, err
		}
		negated = !negated
	}
}

// negates reports whether s begins with a minus sign that means "not".
func negates(s string) bool {
	if len(s) < 2 || s[0] != '-' {
		return false
	}
	switch s[1] {
	case '"', '/', '(':
		return true
	}
	name := nameAt(s[1:])
	after := s[1+len(name):]
	if f, _ := fieldNamed(name); f.score {
		after = strings.TrimLeftFunc(after, unicode.IsSpace)
	}
	return name != "" && after != "" && strings.IndexByte(":<>", after[0]) >= 0
}

// nameAt returns the ASCII letters that s begins with.
func nameAt(s string) string {
	for i := range len(s) {
		if c := lower(s[i]); c < 'a' || c > 'z' {
			return s[:i]
		}
	}
	return s
}

func (p *parser) primary(depth int) (node, error) {
	rest, start := p.rest(), p.at
	switch k := keywordAt(rest); {
	case rest == "":
		return nil, p.fail(start, "a term is missing here, such as user:root")
	case k != "":
		return nil, p.fail(start, `a term is missing before %q; to search for the word write %q`, k, k)
	case rest[0] == ')':
		return nil, p.fail(start, `a term is missing before ")", such as user:root`)
	case rest[0] != '(':
		if p.terms++; p.terms > maxTerms {
			return nil, p.fail(start, "more than %d terms: write many connections as one term, id:1,5,9-12", maxTerms)
		}
		return p.term()
	case depth == maxDepth:
		return nil, p.fail(start, "brackets are nested more than %d deep", maxDepth)
	}
	p.at++
	n, err := p.or(depth + 1)
	if err != nil {
		return nil, err
	}
	if p.at == len(p.text) {
		return nil, p.fail(start, `this "(" is not closed: add ")", or put text that holds it in quotation marks`)
	}
	p.at++
	return n, nil
}

func (p *parser) term() (node, error) {
	start := p.at
	switch p.text[start] {
	case '"':
		text, err := p.quoted()
		if err == nil {
			err = p.boundary("quotation mark")
		}
		if err == nil && text == "" {
			err = p.fail(start, "there is nothing between the quotation marks to search for")
		}
		return textTerm{text}, err
	case '/':
		return p.regexp()
	}
	name := nameAt(p.text[start:])
	after := p.text[start+len(name):]
	f, known := fieldNamed(name)
	if known && f.score {
		// Only a comparison can be meant: spaces around it do no harm.
		after = strings.TrimLeftFunc(after, unicode.IsSpace)
	}
	switch {
	case name == "" || after == "":
	case after[0] == ':' && !known:
		return nil, p.fail(start, "there is no field %s%s; in quotation marks it is searched for as text; the fields are %s", shorten(name), meant(name), fieldNames())
	case after[0] == ':' && !f.score:
		p.at += len(name) + 1
		return p.field(f)
	case after[0] != '<' && after[0] != '>' && !(known && f.score && (after[0] == ':' || after[0] == '=')):
	case known && f.score:
		p.at = len(p.text) - len(after)
		return p.score(f)
	default:
		if known {
			return nil, p.fail(start, "%s cannot be compared with < or >: write %s; to search for the text put it in quotation marks", f.name, f.example)
		}
		if _, err := strconv.ParseFloat(strings.TrimLeft(after[:bareEnd(after)], "<>="), 64); err == nil {
			return nil, p.fail(start, "there is no score %s: the scores are iforest, rforest, score, anomaly and learned; to search for the text put it in quotation marks", shorten(name))
		}
	}
	p.at = start + bareEnd(p.text[start:])
	word := p.text[start:p.at]
	if i := strings.IndexByte(word, '"'); i >= 0 {
		return nil, p.fail(start+i, `a quotation mark within a word: put all of it in quotation marks, with \" for this one`)
	}
	return textTerm{word}, nil
}

func fieldNames() string {
	var b strings.Builder
	for i, f := range fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(f.name)
	}
	return b.String()
}

// bareEnd returns the length of the word that s begins with: up to a space or
// a bracket that closes one opened before the word. Brackets within belong to
// the word, so that sleep(5) is one.
func bareEnd(s string) int {
	depth := 0
	for i, r := range s {
		switch {
		case unicode.IsSpace(r):
			return i
		case r == '(':
			depth++
		case r == ')':
			if depth--; depth < 0 {
				return i
			}
		}
	}
	return len(s)
}

// quoted reads a quotation; the next byte is its quotation mark.
func (p *parser) quoted() (string, error) {
	start := p.at
	p.at++
	var b []byte
	for p.at < len(p.text) {
		switch c := p.text[p.at]; c {
		case '"':
			p.at++
			return string(b), nil
		case '\\':
			r, isRune, tail, err := strconv.UnquoteChar(p.text[p.at:], '"')
			if err != nil {
				return "", p.fail(p.at, `unknown escape: write \\ for a backslash, \" for a quotation mark, \x1b for a byte`)
			}
			if isRune {
				b = utf8.AppendRune(b, r)
			} else {
				b = append(b, byte(r))
			}
			p.at = len(p.text) - len(tail)
		default:
			b = append(b, c)
			p.at++
		}
	}
	return "", p.fail(start, `this quotation mark is not closed: add " at the end of the text`)
}

// boundary checks that a term ends here.
func (p *parser) boundary(after string) error {
	r, _ := utf8.DecodeRuneInString(p.text[p.at:])
	if p.at == len(p.text) || r == ')' || unicode.IsSpace(r) {
		return nil
	}
	return p.fail(p.at, "behind the closing %s a space is missing", after)
}

func (p *parser) regexp() (node, error) {
	start := p.at
	end := start + 1
	for end < len(p.text) && p.text[end] != '/' {
		if p.text[end] == '\\' {
			end++
		}
		end++
	}
	if end >= len(p.text) {
		return nil, p.fail(start, `this regular expression is not closed: add / at its end; to search for text with slashes put it in quotation marks`)
	}
	source := unescapeSlashes(p.text[start+1 : end])
	p.at = end + 1
	if p.at < len(p.text) && lower(p.text[p.at]) == 'i' {
		p.at++ // a habit from elsewhere: letters match in either case anyway
	}
	if p.boundary("") != nil {
		return nil, p.fail(p.at, `behind a regular expression nothing may stand; write \/ for a slash within it, or put text with slashes in quotation marks`)
	}
	if source == "" {
		return nil, p.fail(start, "there is no regular expression between the slashes")
	}
	t, err := newRegexpTerm(source)
	if err != nil {
		return nil, p.fail(start+1, "%v", err)
	}
	return t, nil
}

// field reads the value behind a field's colon.
func (p *parser) field(f field) (node, error) {
	if f.name != fieldID && f.name != fieldTime {
		return p.values(f)
	}
	start := p.at
	value, literal, err := p.value(false)
	if err != nil {
		return nil, err
	}
	if len(value.parts) == 0 {
		return nil, p.fail(start, "%s: needs a value directly behind the colon, such as %s", f.name, f.example)
	}
	if value.wild() {
		return nil, p.fail(start, "%s: takes no *: write %s", f.name, f.example)
	}
	var n node
	var at int
	text := value.parts[0]
	if f.name == fieldID {
		n, at, err = parseIDs(text)
	} else {
		// As on screens, with a blank between date and time of day.
		for dateEnd.MatchString(text) && clock.MatchString(p.text[p.at:]) {
			p.at++
			more, plain, _ := p.value(false)
			if more.wild() || !plain {
				return nil, p.fail(start, "%s: takes no *: write %s", f.name, f.example)
			}
			text += " " + more.parts[0]
		}
		n, at, err = parseTime(text)
	}
	if err != nil {
		if !literal {
			at = 0 // quotation marks and escapes have moved it
		}
		return nil, p.fail(start+at, "%v", err)
	}
	return n, nil
}

// dateEnd is a date at the end of a text, clock a time of day behind it.
var (
	dateEnd = regexp.MustCompile(`(^|\.\.|-)\d\d-\d\d$`)
	clock   = regexp.MustCompile(`^ \d\d:\d\d`)
)

// values reads one value or several joined by commas, of which one must hold.
func (p *parser) values(f field) (node, error) {
	var terms []node
	for {
		start := p.at
		value, literal, err := p.value(true)
		switch {
		case err != nil:
			return nil, err
		case len(value.parts) > 0:
		case len(terms) == 0:
			return nil, p.fail(start, "%s: needs a value directly behind the colon, such as %s", f.name, f.example)
		default:
			return nil, p.fail(start, "%s: needs a value behind the comma; a comma of the value itself stands in quotation marks", f.name)
		}
		var term node = valueTerm{f.name, value}
		if f.name == fieldHost {
			if term, err = p.hostTerm(start, value, literal); err != nil {
				return nil, err
			}
		}
		terms = append(terms, term)
		if !strings.HasPrefix(p.text[p.at:], ",") {
			return disjoin(terms), nil
		}
		p.at++
	}
}

// value reads quotations, bare text and wildcards up to the end of the term, or
// with lists set up to a comma. literal is true where nothing was quoted. No parts:
// there is no value.
func (p *parser) value(lists bool) (value glob, literal bool, err error) {
	start := p.at
	literal = true
	depth := 0
	var part []byte // the last part, which still grows
	for p.at < len(p.text) {
		c := p.text[p.at]
		switch c {
		case '"':
			literal = false
			s, err := p.quoted()
			if err != nil {
				return value, literal, err
			}
			part = append(part, s...)
			continue
		case '*':
			if len(part) > 0 || len(value.parts) == 0 { // ** is *
				value.parts = append(value.parts, string(part))
				part = part[:0]
			}
			p.at++
			continue
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth < 0 || lists && c == ',' || unicode.IsSpace(firstRune(p.text[p.at:])) {
			break
		}
		part = append(part, c)
		p.at++
	}
	if p.at > start {
		value.parts = append(value.parts, string(part))
	}
	return value, literal, nil
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// score reads the comparison behind a score's name.
func (p *parser) score(f field) (node, error) {
	start := p.at
	op := p.text[start : start+1]
	p.at++
	if p.at < len(p.text) && p.text[p.at] == '=' && op != "=" {
		op = p.text[start : start+2]
		p.at++
	}
	if op == ":" || op == "=" {
		return nil, p.fail(start, "%s is compared with > >= < or <=: write %s", f.name, f.example)
	}
	p.skipSpace()
	number := p.text[p.at : p.at+bareEnd(p.text[p.at:])]
	bound, err := strconv.ParseFloat(number, 64)
	if err != nil || math.IsNaN(bound) || math.IsInf(bound, 0) {
		return nil, p.fail(p.at, "%s is compared with a number: write %s", f.name, f.example)
	}
	p.at += len(number)
	return scoreTerm{f.name, op, bound}, nil
}
