package sqltext

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// lex returns the tokens of sql.
func lex(sql []byte) *Tokens {
	t := new(Tokens)
	t.Lex(sql)
	return t
}

var kindLetters = map[Kind]string{
	Word: "w", QuotedIdent: "i", String: "s", DoubleQuoted: "d", Variable: "v", Number: "n", HexLiteral: "x",
	BitLiteral: "b", Placeholder: "?", Comment: "c", VersionOpen: "{", VersionClose: "}", Operator: "o", Punct: "p", Other: "-",
}

func TestLexer(t *testing.T) {
	for _, c := range []struct {
		sql  string
		want string // kind letter and text of each token
	}{
		{"", ""},
		{"a b", "w:a w:b"},
		{"t.a.b", "w:t p:. w:a p:. w:b"},
		{"t.1e5 .5 1.5 1.e2 1e+5", "w:t p:. w:1e5 n:.5 n:1.5 n:1.e2 n:1e+5"},
		{"`t`.5a", "i:`t` p:. w:5a"},
		{"1a 1e 1ex 1e1FROM 1.FROM 0x 0xg 0x1f 0X1f 0b01 0b2", "w:1a w:1e w:1ex n:1e1 w:FROM n:1. w:FROM w:0x w:0xg x:0x1f w:0X1f b:0b01 w:0b2"},
		{"x'1f' X'1' x'zz' b'01' b'2' N'x' n'y' q'z'", "x:x'1f' w:X s:'1' w:x s:'zz' b:b'01' w:b s:'2' s:N'x' s:n'y' w:q s:'z'"},
		{"_utf8'a'", "w:_utf8 s:'a'"},
		{`'it''s' 'it\'s' '\\' "a""b" "\""`, `s:'it''s' s:'it\'s' s:'\\' d:"a""b" d:"\""`},
		{"`a``b` `\\`", "i:`a``b` i:`\\`"},
		{"@a @@b.c @`d` @'e' @ @@ u@h.x 'r'@'l'", "v:@a v:@@b.c v:@`d` v:@'e' v:@ v:@@ w:u v:@h.x s:'r' v:@'l'"},
		{"? ?,?", "?:? ?:? p:, ?:?"},
		{"a--1", "w:a o:- o:- n:1"},
		{"a--\n1", "w:a c:-- n:1"},
		{"a--", "w:a c:--"},
		{"# x\r\ny", "c:#\u00a0x\r w:y"},
		{"/**/a/*x*/", "c:/**/ w:a c:/*x*/"},
		{"/*!50000 a */ /*!a*/ /*M!100100b*/ /*!1 */", "{:/*!50000 w:a }:*/ {:/*! w:a }:*/ {:/*M!100100 w:b }:*/ {:/*! n:1 }:*/"},
		{"/*!99999 a */ /*!999999\\- a */ /*!990000*/ /*!080400 a */", "c:/*!99999\u00a0a\u00a0*/ c:/*!999999\\-\u00a0a\u00a0*/ c:/*!990000*/ {:/*!080400 w:a }:*/"},
		{"/*! a /* b */ c */ * /", "{:/*! w:a c:/*\u00a0b\u00a0*/ w:c }:*/ o:* o:/"},
		{"a */ b", "w:a o:* o:/ w:b"},
		{"<=> <= <> << >= >> != := || && -> ->> < > ! : | & - + ~", "o:<=> o:<= o:<> o:<< o:>= o:>> o:!= o::= o:|| o:&& o:-> o:->> o:< o:> o:! o:: o:| o:& o:- o:+ o:~"},
		{"=-1", "o:= o:- n:1"},
		{"$a _b é \x80", "w:$a w:_b w:é w:\x80"},
		{"\x00\\\x7f[", "-:\x00 -:\\ -:\x7f -:["},
		{"'open", "s:'open"},
		{"'open\\", "s:'open\\"},
		{"{oj}", "p:{ w:oj p:}"},
	} {
		var got []string
		for _, tok := range lex([]byte(c.sql)).List {
			text := strings.ReplaceAll(c.sql[tok.Start:tok.End], " ", "\u00a0")
			got = append(got, fmt.Sprintf("%s:%s", kindLetters[tok.Kind], text))
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%q\ngot  %q\nwant %q", c.sql, strings.Join(got, " "), c.want)
		}
	}
}

func TestEndState(t *testing.T) {
	for sql, want := range map[string]State{
		"":                          Closed,
		"SELECT 'a' -- '":           Closed,
		"SELECT 'a":                 OpenString,
		"SELECT 'a''":               OpenString,
		"SELECT 'a\\'":              OpenString,
		"SELECT N'a":                OpenString,
		"SELECT @'a":                OpenString,
		"SELECT \"a'":               OpenDoubleQuoted,
		"SELECT `a\\":               OpenIdent,
		"SELECT `a``":               OpenIdent,
		"SELECT /* a":               OpenComment,
		"SELECT /*":                 OpenComment,
		"SELECT /*/":                OpenComment,
		"SELECT /*!50000 a":         OpenVersionComment,
		"SELECT /*!50000 'a":        OpenString,
		"SELECT /*! /* a */":        OpenVersionComment,
		"SELECT /*! a */":           Closed,
		"SELECT /*!99999 a":         OpenComment,
		"SELECT '\n2024-07-10T05:2": OpenString,
	} {
		if got := EndState([]byte(sql)); got != want {
			t.Errorf("%q ends in state %d, want %d", sql, got, want)
		}
	}
}

// checkTokens fails unless the tokens and the white space between them are the
// whole text.
func checkTokens(t *testing.T, sql []byte) {
	t.Helper()
	end := 0
	for _, tok := range append(lex(sql).List, Token{Kind: Other, Start: len(sql), End: len(sql)}) {
		if tok.Start < end || tok.End < tok.Start || tok.Kind == 0 {
			t.Fatalf("token %+v behind offset %d of %q", tok, end, sql)
		}
		if gap := sql[end:tok.Start]; len(bytes.Trim(gap, " \t\n\v\f\r")) > 0 {
			t.Fatalf("%q is in no token of %q", gap, sql)
		}
		if tok.Start < len(sql) && tok.Start == tok.End {
			t.Fatalf("empty token at %d of %q", tok.Start, sql)
		}
		end = tok.End
	}
}
