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
	nearest, ok := c.nearest(value, field)
	return Term(field, nearest), ok
}

// NearestName returns the name in the log that is spelt most like a text, in the sense
// of Nearest: of a user, host, database, table, action, command or class.
func (c *Completer) NearestName(text string) (string, bool) {
	return c.nearest(text, fieldTable, fieldUser, fieldHost, fieldDatabase, fieldAction, fieldCommand, fieldLabel)
}

// nearest returns the value of some fields that is spelt most like another; false
// where there is none, or where one of them has it.
func (c *Completer) nearest(value string, fields ...string) (string, bool) {
	if value == "" {
		return "", false
	}
	typed := string(appendFold(nil, value))
	nearest, least := "", max(2, len(typed)/3)+1
	for _, field := range fields {
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
	}
	return nearest, nearest != ""
}
