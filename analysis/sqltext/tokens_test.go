package sqltext

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// longTexts have their points behind the tokens that are listed.
var longTexts = map[string]string{
	"table behind the list":   "SELECT a FROM t WHERE b IN (" + strings.Repeat("1, ", MaxTokens) + "2) AND c = (SELECT d FROM u)",
	"list behind the list":    "SELECT " + strings.Repeat("a, ", MaxTokens) + "1 FROM t WHERE b IN (1, 2)",
	"keyword behind a dot":    "SELECT " + strings.Repeat("(", MaxTokens-3) + "t./**/from FROM u",
	"name with a digit first": "SELECT " + strings.Repeat("(", MaxTokens-3) + "t.1e5 FROM u",
	"statement behind":        "SELECT 1" + strings.Repeat("+1", MaxTokens) + "; DROP TABLE t; SELECT 1",
	"open string":             strings.Repeat("a ", 3*MaxTokens) + "'b",
	"open version comment":    "/*!50000 " + strings.Repeat("a ", MaxTokens) + "*/ /*!50000 x",
	"full list":               strings.Repeat("a ", MaxTokens),
	"one more":                strings.Repeat("a ", MaxTokens+1),
}

// TestLongTexts: whether a token is listed makes no difference.
func TestLongTexts(t *testing.T) {
	for name, text := range longTexts {
		sql := []byte(text)
		var want []Token
		var l Lexer
		l.Reset(sql)
		for token, ok := l.Next(); ok; token, ok = l.Next() {
			want = append(want, token)
		}
		tokens := lex(sql)
		if len(tokens.List) > MaxTokens || tokens.Open != l.State() {
			t.Errorf("%s: %d tokens listed, open at the end %v", name, len(tokens.List), tokens.Open)
		}
		var read, listed []Token
		for r := tokens.Reader(); ; {
			token, ok := r.Next()
			if !ok {
				break
			}
			read = append(read, token)
		}
		part, more := lex(sql), true
		for more {
			listed = append(listed, part.List...)
			more = part.LexBehind(part)
		}
		if !slices.Equal(read, want) || !slices.Equal(listed, want) {
			t.Errorf("%s: %d tokens, %d are read and %d listed", name, len(want), len(read), len(listed))
		}
		// A reader without a list lexes all of it.
		bare := &Tokens{SQL: sql, rest: Lexer{sql: sql, identEnd: -1}}
		if got, want := describe(tokens), describe(bare); got != want {
			t.Errorf("%s:\n%s\nall behind the list:\n%s", name, got, want)
		}
	}
}

// describe writes what is read from the tokens of a text.
func describe(tokens *Tokens) string {
	var out bytes.Buffer
	var s Statement
	for r, more := tokens.Reader(), true; more; more = s.Next >= 0 {
		r.Parse(&s)
		out.WriteString(s.Action.String() + " " + tableNames(string(tokens.SQL), s.Tables) + "\n")
	}
	mined, _ := AppendCollapsed(nil, tokens)
	out.Write(mined[max(0, len(mined)-100):])
	return out.String()
}
