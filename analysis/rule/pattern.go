package rule

import (
	"regexp"
	"slices"
	"strings"
)

// pattern is a value with wildcards: * is any text, ? one character.
type pattern struct {
	written string // with what the modifiers add as *
	cased   bool
	texts   []string       // around its *, one more than these
	single  *regexp.Regexp // of one that has ?, else nil
}

// tokens cuts a value as Sigma writes it: a backslash makes a wildcard or a backslash
// plain, and is plain itself before anything else. plain undoes that.
var (
	tokens = regexp.MustCompile(`\\[*?\\]|[*?\\]|[^*?\\]+`)
	plain  = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`)
)

// pattern reads a value, with anything before and behind it where the modifiers allow
// that.
func (m modifiers) pattern(value string) (p pattern, err error) {
	p = pattern{written: value, cased: m["cased"]}
	if !p.cased {
		value = strings.ToLower(value)
	}
	list := tokens.FindAllString(value, -1)
	if m["contains"] || m["endswith"] {
		p.written, list = "*"+p.written, slices.Insert(list, 0, "*")
	}
	if m["contains"] || m["startswith"] {
		p.written, list = p.written+"*", append(list, "*")
	}
	var text []byte
	expression := []byte(`(?s)\A`)
	for _, token := range list {
		switch token {
		case "*":
			p.texts, text = append(p.texts, string(text)), nil
			expression = append(expression, ".*"...)
		case "?":
			expression = append(expression, '.')
		default:
			if len(token) > 1 {
				token = strings.TrimPrefix(token, `\`)
			}
			text, expression = append(text, token...), append(expression, regexp.QuoteMeta(token)...)
		}
	}
	p.texts = append(p.texts, string(text))
	if slices.Contains(list, "?") {
		p.single, err = regexp.Compile(string(expression) + `\z`)
	}
	return p, err
}

// String returns the pattern as written, with what the modifiers add as *.
func (p pattern) String() string { return p.written }

// match reports whether a whole value, which is also given in lower case, is of the
// pattern.
func (p pattern) match(value, lower string) bool {
	if !p.cased {
		value = lower
	}
	if p.single != nil {
		return p.single.MatchString(value)
	}
	last := len(p.texts) - 1
	value, ok := strings.CutPrefix(value, p.texts[0])
	if !ok || last == 0 {
		return ok && value == ""
	}
	if value, ok = strings.CutSuffix(value, p.texts[last]); !ok {
		return false
	}
	for _, text := range p.texts[1:last] {
		if _, value, ok = strings.Cut(value, text); !ok {
			return false
		}
	}
	return true
}
