package filter

import (
	"strings"

	"sqleuth/analysis/wording"
)

// Nearest returns, for a term of one field and a plain value, the term of the value
// in the log that is spelt most like it: one that begins with it, or else one of
// which no more than a third, and two bytes at least, is written otherwise. False
// where there is none, or where the value is in the log. It takes milliseconds, so
// it is for a background task.
func (c *Completer) Nearest(term string) (string, bool) {
	field, value, ok := strings.Cut(term, ":")
	if !ok || value == "" || strings.ContainsAny(value, "\"*,() \t") {
		return "", false
	}
	field = strings.ToLower(field)
	typed := string(appendFold(nil, value))
	nearest, least := "", max(2, len(typed)/3)+1
	for _, v := range c.values[field] {
		switch {
		case v.folded == typed:
			return "", false
		case strings.HasPrefix(v.folded, typed) && least > 0:
			nearest, least = v.text, 0
		case len(v.folded)-len(typed) < least && len(typed)-len(v.folded) < least:
			if d := wording.Distance(typed, v.folded); d < least {
				nearest, least = v.text, d
			}
		}
	}
	return Term(field, nearest), nearest != ""
}
