package filter

import (
	"cmp"
	"slices"
	"strings"

	"sqleuth/analysis/wording"
)

// Near returns, for a term of one field and a plain value, the terms of at most so many
// values in the log that are spelt most like it, the nearest first: those that begin with
// it, and those of which no more than a third, and two bytes at least, is written otherwise.
// None where the value is in the log. It takes milliseconds, so it is for a background task.
func (c *Completer) Near(term string, most int) (terms []string) {
	field, value, ok := strings.Cut(term, ":")
	if !ok || value == "" || strings.ContainsAny(value, "\"*,() \t") {
		return nil
	}
	field = strings.ToLower(field)
	for _, name := range c.near(value, most, field) {
		terms = append(terms, Term(field, name))
	}
	return terms
}

// NearestName returns the name in the log that is spelt most like a text, in the sense
// of Near: of a user, host, database, table, action, command or class.
func (c *Completer) NearestName(text string) (string, bool) {
	names := c.near(text, 1, fieldTable, fieldUser, fieldHost, fieldDatabase, fieldAction, fieldCommand, fieldLabel)
	if len(names) == 0 {
		return "", false
	}
	return names[0], true
}

// near returns the values of some fields that are spelt most like another, unless one of
// them has it.
func (c *Completer) near(value string, most int, fields ...string) (values []string) {
	type likeness struct {
		text   string
		differ int
	}
	var found []likeness
	typed := string(appendFold(nil, value))
	if typed == "" {
		return nil
	}
	for _, field := range fields {
		for _, v := range c.values[field] {
			switch limit := max(2, len(typed)/3) + 1; {
			case v.folded == typed:
				return nil
			case strings.HasPrefix(v.folded, typed):
				found = append(found, likeness{v.text, 0})
			case len(v.folded)-len(typed) < limit && len(typed)-len(v.folded) < limit:
				if d := wording.Distance(typed, v.folded); d < limit {
					found = append(found, likeness{v.text, d})
				}
			}
		}
	}
	slices.SortStableFunc(found, func(a, b likeness) int { return cmp.Compare(a.differ, b.differ) })
	for _, l := range found {
		if !slices.Contains(values, l.text) && len(values) < most {
			values = append(values, l.text)
		}
	}
	return values
}

// elsewhere are names that fields have in other tools, by what they are called here.
var elsewhere = map[string]string{
	"account": fieldUser, "username": fieldUser,
	"ip": fieldHost, "src": fieldHost, "source": fieldHost, "client": fieldHost, "address": fieldHost, "addr": fieldHost,
	"database": fieldDatabase, "schema": fieldDatabase,
	"conn": fieldID, "connection": fieldID, "thread": fieldID, "session": fieldID,
	"command": fieldCommand, "verb": fieldAction,
	"class": fieldLabel, "rule": fieldDetection,
	"date": fieldTime, "day": fieldTime, "since": fieldTime, "from": fieldTime, "before": fieldTime, "after": fieldTime,
}

// meant returns "; did you mean user:?" for a name that no field has, empty where none is
// like it.
func meant(name string) string {
	name = string(appendFold(nil, name))
	best, ok := elsewhere[name]
	if !ok {
		best = likeliest(name)
	}
	if best == "" {
		return ""
	}
	return "; did you mean " + best + ":?"
}

// likeliest returns the field whose name begins with another, of two bytes at least, or else
// the one that is spelt most like it; empty where none is.
func likeliest(name string) (best string) {
	limit := max(1, len(name)/3) + 1
	if len(name) > maxFieldName+limit {
		return ""
	}
	for _, f := range fields {
		if len(name) > 1 && strings.HasPrefix(f.name, name) {
			return f.name
		}
		if d := wording.Distance(name, f.name); d < limit {
			best, limit = f.name, d
		}
	}
	return best
}

// maxFieldName is how long a name can be that one of a field is compared with, in bytes.
const maxFieldName = 16
