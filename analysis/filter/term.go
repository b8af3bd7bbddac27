package filter

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The names of the fields.
const (
	fieldID        = "id"
	fieldUser      = "user"
	fieldHost      = "host"
	fieldDatabase  = "db"
	fieldCommand   = "cmd"
	fieldAction    = "action"
	fieldTable     = "table"
	fieldTemplate  = "template"
	fieldDigest    = "digest"
	fieldLabel     = "label"
	fieldDetection = "detection"
	fieldIncident  = "incident"
	fieldError     = "error"
	fieldLogin     = "login"
	fieldServer    = "server"
	fieldTime      = "time"
	fieldIsolation = "iforest"
	fieldRandom    = "rforest"
	fieldScore     = "score"
	fieldAnomaly   = "anomaly"
	fieldLearned   = "learned"
)

// A field is a name before a colon or a comparison, with a term that shows how
// it is written.
type field struct {
	name    string
	example string
	score   bool // compared with a number
}

var fields = []field{
	{name: fieldID, example: "id:2630-2699"},
	{name: fieldUser, example: "user:root"},
	{name: fieldHost, example: "host:10.0.*"},
	{name: fieldDatabase, example: "db:shop"},
	{name: fieldCommand, example: "cmd:Query"},
	{name: fieldAction, example: "action:SELECT"},
	{name: fieldTable, example: "table:wp_*"},
	{name: fieldTemplate, example: "template:3f2a"},
	{name: fieldDigest, example: "digest:outfile"},
	{name: fieldLabel, example: "label:normal"},
	{name: fieldDetection, example: "detection:*"},
	{name: fieldIncident, example: "incident:A"},
	{name: fieldError, example: "error:1045"},
	{name: fieldLogin, example: "login:denied"},
	{name: fieldServer, example: "server:db1"},
	{name: fieldTime, example: "time:2025-03-12T13..2025-03-14"},
	{name: fieldIsolation, example: "iforest>0.6", score: true},
	{name: fieldRandom, example: "rforest>0.5", score: true},
	{name: fieldScore, example: "score>0.5", score: true},
	{name: fieldAnomaly, example: "anomaly>0.6", score: true},
	{name: fieldLearned, example: "learned>0.5", score: true},
}

func fieldNamed(name string) (field, bool) {
	for _, f := range fields {
		if strings.EqualFold(f.name, name) {
			return f, true
		}
	}
	return field{}, false
}

// Term returns the text of a term that selects exactly value (but for case) in
// a field, quoted where the language needs it. field is the part before the
// colon, or "text" for statements that hold value. For id and time value is what
// may follow the colon. The text can be parsed by itself, behind "not", and beside
// other terms.
func Term(field, value string) string {
	switch field {
	case "text":
		return string(textTerm{value}.appendText(nil, tight))
	case fieldID, fieldTime:
		return field + ":" + value
	}
	return string(valueTerm{field, glob{[]string{value}}}.appendText(nil, tight))
}

// A textTerm holds for statements in which text occurs.
type textTerm struct{ text string }

func (t textTerm) appendText(dst []byte, _ binding) []byte {
	if bareText(t.text) {
		return append(dst, t.text...)
	}
	return strconv.AppendQuote(dst, t.text)
}

// bareText reports whether text can be written without quotation marks. Brackets
// could, but might pair with those around the term.
func bareText(text string) bool {
	if !printable(text) || strings.ContainsAny(text, " ()") {
		return false
	}
	if f, _ := fieldNamed(strings.TrimPrefix(text, "-")); f.score {
		return false // a comparison may follow
	}
	if text == "" {
		return false
	}
	p := parser{text: text}
	n, err := p.or(0)
	return err == nil && p.at == len(text) && n == node(textTerm{text})
}

// printable reports whether s is UTF-8 without anything invisible or that a
// terminal would act on, so that it can be written as it is.
func printable(s string) bool {
	return utf8.ValidString(s) && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// A valueTerm compares a text of the entry, or of its connection, with a
// pattern.
type valueTerm struct {
	field string
	value glob
}

func (t valueTerm) appendText(dst []byte, _ binding) []byte {
	if text := t.value.parts[0]; t.field == fieldHost && !t.value.wild() && (strings.Contains(text, "/") || strings.HasPrefix(text, "@")) {
		return strconv.AppendQuote(append(dst, fieldHost+":"...), text) // no network, no file
	}
	return t.value.appendText(append(append(dst, t.field...), ':'))
}

// A scoreTerm compares a model's score with a number.
type scoreTerm struct {
	field string
	op    string // > >= < <=
	bound float64
}

func (t scoreTerm) appendText(dst []byte, _ binding) []byte {
	return strconv.AppendFloat(append(append(dst, t.field...), t.op...), t.bound, 'g', -1, 64)
}

func (t scoreTerm) holds(score float64) bool {
	switch t.op {
	case ">":
		return score > t.bound
	case ">=":
		return score >= t.bound
	case "<":
		return score < t.bound
	}
	return score <= t.bound
}

// Outcome returns the text of the term that selects what got the same answer of the
// server; code is negative where the log has none.
func Outcome(code int32) string {
	switch {
	case code < 0:
		return Term(fieldError, noAnswer)
	case code == 0:
		return Term(fieldError, noError)
	}
	return Term(fieldError, strconv.Itoa(int(code)))
}
