package filter

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ text, canonical string }{
		{"", ""},
		{" \t\n ", ""},
		{"union", "union"},
		{"  union   select ", "union select"},
		{"union and select", "union select"},
		{"a or b c", "a or b c"},
		{"(a or b) c", "(a or b) c"},
		{"((a) (b (c)))", "a b c"},
		{"a or (b or c)", "a or b or c"},
		{"NOT a OR not(b And c)", "not a or not (b c)"},
		{"not not a", "a"},
		{"not not not a", "not a"},
		{"not (not a)", "a"},
		{"not (a b) c", "not (a b) c"},
		{`"a b"`, `"a b"`},
		{`"ab"`, "ab"},
		{`"or"`, `"or"`},
		{`"-user:x"`, `"-user:x"`},
		{`"iforest"`, `"iforest"`},
		{`"-iforest"`, `"-iforest"`},
		{`"/x/"`, `"/x/"`},
		{`"user:"`, `"user:"`},
		{`"a\"b\\c\x1b\xff\u202e"`, `"a\"b\\c\x1b\xff\u202e"`},
		{"\"\xff\x1b\u202e\"", `"\xff\x1b\u202e"`},
		{"a\xffb", `"a\xffb"`},
		{"a\x00b", `"a\x00b"`},
		{"sleep(5)", `"sleep(5)"`},
		{"(sleep(5) or benchmark(1,2))", `"sleep(5)" or "benchmark(1,2)"`},
		{"(a or b)", "a or b"},
		{"order", "order"},
		{"notes", "notes"},
		{"--", "--"},
		{"-1", "-1"},
		{"-union", "-union"},
		{"1=1", "1=1"},
		{"12:30", "12:30"},
		{"@@version", "@@version"},
		{"'--", "'--"},
		{"a<b", "a<b"},
		{"*", "*"},
		{"/select.*from/", "/select.*from/"},
		{"/a b/I", "/a b/"},
		{`/a\/b\\/`, `/a\/b\\/`},
		{`/[\/]\d+/i or x`, `/[\/]\d+/ or x`},
		{"id:2523", "id:2523"},
		{"ID:2523@2", "id:2523@2"},
		{"id:2630-2699", "id:2630-2699"},
		{"id:2630-2699@3", "id:2630-2699@3"},
		{"id:1,5,9-12,7@2", "id:1,5,9-12,7@2"},
		{`id:"7"`, "id:7"},
		{"id:7-7", "id:7"},
		{"id:18446744073709551615", "id:18446744073709551615"},
		{"user:root", "user:root"},
		{"user:root,admin", "user:root or user:admin"},
		{"not user:root,ad* x", "not (user:root or user:ad*) x"},
		{`table:"a,b",c`, `table:"a,b" or table:c`},
		{"User:Root", "user:Root"},
		{"-user:root", "not user:root"},
		{"- user:root", "- user:root"},
		{`-"a b"`, `not "a b"`},
		{"-/x/", "not /x/"},
		{"-(a or b)", "not (a or b)"},
		{"-iforest > 1", "not iforest>1"},
		{"user:-", "user:-"},
		{`user:""`, `user:""`},
		{"user:a:b", "user:a:b"},
		{"host:::1", "host:::1"},
		{"host:203.0.113.7/24", "host:203.0.113.0/24"},
		{"host:2001:DB8::5/32,::ffff:10.1.2.3/104", "host:2001:db8::/32 or host:10.0.0.0/8"},
		{`host:"203.0.113.0/24"`, `host:"203.0.113.0/24"`},
		{"host:@office.txt,127.0.0.1", "host:@office.txt or host:127.0.0.1"},
		{`not host:@"my office/list 1.txt"`, `not host:@"my office/list 1.txt"`},
		{`host:"@office.txt"`, `host:"@office.txt"`},
		{"user:a/b", "user:a/b"},
		{`user:"my user"`, `user:"my user"`},
		{`user:"root"`, "user:root"},
		{`user:"my "*`, `user:"my "*`},
		{`user:a"b c"d`, `user:"ab cd"`},
		{`user:"a*b"`, `user:"a*b"`},
		{"table:wp_*", "table:wp_*"},
		{"table:**a***b**", "table:*a*b*"},
		{"table:*", "table:*"},
		{`table:*""*`, "table:*"},
		{"table:f(x)", `table:"f(x)"`},
		{"(table:x)", "table:x"},
		{`table:"` + "\xff" + `"`, `table:"\xff"`},
		{"cmd:\"Init DB\"", `cmd:"Init DB"`},
		{"iforest>0.6", "iforest>0.6"},
		{"iforest >= 0.60", "iforest>=0.6"},
		{"rforest<=1e-9", "rforest<=1e-09"},
		{"rforest<-1", "rforest<-1"},
		{"(rforest<1)", "rforest<1"},
		{"iforest x", `"iforest" x`},
		{"time:2025", "time:2025"},
		{"time:2025-03-12", "time:2025-03-12"},
		{"time:2025-03-12T13:05:09.123456Z", "time:2025-03-12T13:05:09.123456"},
		{`time:"2025-03-12 13"`, "time:2025-03-12T13"},
		{"time:2025-03-12..2025-03-13T01", "time:2025-03-12..2025-03-13T01"},
		{"time:2025-03-12..", "time:2025-03-12.."},
		{"time:2025-03-12 13:00..2025-03-12 14:00", "time:2025-03-12T13:00..2025-03-12T14:00"},
		{"time:2025-03-12 13:00..14:00 union", "time:2025-03-12T13:00..2025-03-12T14:00 union"},
		{"time:2025-03-12 22:00..04:00", "time:2025-03-12T22:00..2025-03-13T04:00"},
		{"time:2025-12-31 22:00..01-01 04:00", "time:2025-12-31T22:00..2026-01-01T04:00"},
		{"time:03-12 13:06..13:20", "time:03-12T13:06..03-12T13:20"},
		{"time:03-12", "time:03-12"},
		{"time:13:06:09.5", "time:13:06:09.5"},
		{"time:22:00..04:00", "time:22:00..04:00"},
		{"(time:13:06..)", "time:13:06.."},
		{"time:..2025-03-12", "time:..2025-03-12"},
		{"time:2025-03-12T10:00:00.5..2025-03-12T10:00:00.5", "time:2025-03-12T10:00:00.5..2025-03-12T10:00:00.5"},
	} {
		f, err := Parse(c.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", c.text, err)
			continue
		}
		if got := f.String(); got != c.canonical {
			t.Errorf("Parse(%q) is %q, want %q", c.text, got, c.canonical)
		}
		again, err := Parse(f.String())
		if err != nil || again.String() != f.String() {
			t.Errorf("Parse(%q) does not read back: %q, %v", f.String(), again, err)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, c := range []struct {
		text   string
		column int
		hint   string // part of the reason
	}{
		{"(a", 1, `add ")"`},
		{"a)", 2, "closes nothing"},
		{"()", 2, "a term is missing"},
		{"(a or)", 6, "a term is missing"},
		{"a or", 5, "such as user:root"},
		{"or a", 1, `write "or"`},
		{"not", 4, "a term is missing"},
		{"a and and b", 7, "a term is missing"},
		{`ä "b`, 3, "is not closed"},
		{`""`, 1, "nothing between"},
		{`"a"b`, 4, "a space is missing"},
		{`a"b`, 2, `with \"`},
		{`"C:\win"`, 4, `\\ for a backslash`},
		{"usr:root", 1, "the fields are id, user, host"},
		{"user:", 6, "user:root"},
		{"user: root", 6, "directly behind the colon"},
		{"id:x", 4, "id:2630-2699"},
		{"id:1,x", 6, "id:1,5,9-12"},
		{"id:1,,2", 6, "id:2523@2"},
		{"id:9-3", 4, "id:3-9"},
		{"id:1@0", 4, "id:2523@2"},
		{"id:1*", 4, "no *"},
		{"id:-5", 4, "id:2523"},
		{"id:99999999999999999999", 4, "id:2523"},
		{"id>5", 1, "id:2630-2699"},
		{"iforst>0.5", 1, "iforest, rforest, score, anomaly and learned"},
		{"iforest:0.5", 8, "iforest>0.6"},
		{"iforest=0.5", 8, "> >= < or <="},
		{"iforest>high", 9, "a number"},
		{"iforest>", 9, "a number"},
		{"iforest>nan", 9, "a number"},
		{"iforest>inf", 9, "a number"},
		{"time:yesterday", 6, "2025-03-12T13:05:09.123456"},
		{"time:2025-13", 6, "there is no time"},
		{"time:2025-02-30", 6, "there is no time"},
		{"time:2025-03-12T1:05:0.1", 6, "is not a time"},
		{"time:2025-03-12T13:05:09,5", 6, "is not a time"},
		{"time:..", 6, "a begin or an end"},
		{"time:2025..x", 12, "is not a time"},
		{"time:2025-03-13..2025-03-12", 6, "time:2025-03-12..2025-03-13"},
		{"/x", 1, "add / at its end"},
		{"/etc/passwd", 6, "nothing may stand"},
		{"time:13:06..2025-03-12 14:00", 6, "written like its end"},
		{"time:02-30", 6, "there is no time"},
		{"time:25:00", 6, "there is no time"},
		{"time:03-12 13:06*", 6, "no *"},
		{"user:root,", 11, "behind the comma"},
		{"//", 1, "no regular expression"},
		{"/(?=x)/", 2, "look-around"},
		{`/(a)\1/`, 2, "back references"},
		{"/a(/", 2, `write \ before`},
		{"/a{1000}{1000}/", 2, "regular expression"},
		{"/" + strings.Repeat("a{1000}", 12) + "/", 2, "too large"},
		{"/a\x1b/", 2, `\x{1b}`},
		{"/\xff/", 2, "UTF-8"},
		{strings.Repeat("(", 5000), 101, "nested"},
		{strings.Repeat("a ", 1001), 2001, "id:1,5,9-12"},
		{strings.Repeat("a", maxLength+1), 1, "bytes"},
		{strings.Repeat("\xff", maxLength), 1, "bytes"},
	} {
		_, err := Parse(c.text)
		var se *SyntaxError
		if !errors.As(err, &se) {
			t.Errorf("Parse(%.40q): error %v, want a SyntaxError", c.text, err)
			continue
		}
		if se.Column != c.column || !strings.Contains(se.Reason, c.hint) {
			t.Errorf("Parse(%.40q): %v; want it at character %d with %q", c.text, err, c.column, c.hint)
		}
		if utf8.RuneCountInString(c.text[:se.Offset])+1 != se.Column {
			t.Errorf("Parse(%.40q): offset %d is not character %d", c.text, se.Offset, se.Column)
		}
		if !printable(err.Error()) || len(err.Error()) > 400 {
			t.Errorf("Parse(%.40q): the error %q is not a short printable line", c.text, err)
		}
	}
}

func TestLongTerms(t *testing.T) {
	const n = 1 << 18
	for _, text := range []string{
		strings.Repeat("a", n),
		`"` + strings.Repeat("a ", n/2) + `"`,
		"user:" + strings.Repeat("x", n),
		"user:" + strings.Repeat("(", n),
		"user:" + strings.Repeat("a*", n/2),
		"user:" + strings.Repeat(`"a"`, n/3),
		"id:" + strings.Repeat("1,", n/2) + "1",
		strings.Repeat("not ", n/4) + "a",
		strings.Repeat("-", n),
		strings.Repeat("*", n),
	} {
		f, err := Parse(text)
		if err != nil {
			t.Errorf("Parse(%.20q...): %v", text, err)
			continue
		}
		if again, err := Parse(f.String()); err != nil || again.String() != f.String() {
			t.Errorf("Parse(%.20q...) does not read back: %v", text, err)
		}
	}
}

// hostile are texts that a term must carry unchanged.
var hostile = []string{
	"", " ", "a b", `"`, `\`, `\"`, "'", ":", "a:b", "user:x", "*", "a*b", "(", ")", "sleep(5)", "()", "-", "--", "-user:x",
	"or", "NOT", "and", "/x/", "/", "iforest", "-iforest", "iforest>0.5", "usr:x", "a>5", "\x00\x1b[31m", "\xff\xfe", "\u202eabc", "\u200b",
	"日本語", "Ärger", "\u212a", "\ufffd", "\xef", "a\nb", "\u00a0", "12:30", "@@version", "%", "id:1", "`wp`.`users`",
}

func TestTermKeepsItsValue(t *testing.T) {
	values := append([]string{strings.Repeat("x\xff\"*", 1000)}, hostile...)
	rng := rand.New(rand.NewPCG(1, 9))
	for range 2000 {
		const alphabet = "ab*\"\\ :()-/\xff\xc3\xa4\x1b"
		b := make([]byte, rng.IntN(6))
		for i := range b {
			b[i] = alphabet[rng.IntN(len(alphabet))]
		}
		values = append(values, string(b))
	}
	for _, v := range values {
		for _, field := range []string{fieldUser, fieldHost, fieldDatabase, fieldCommand, fieldAction, fieldTable, fieldTemplate, fieldDigest, fieldLabel, fieldDetection, fieldError} {
			// Beside other terms and in brackets, too.
			for _, frame := range [][2]string{{"", ""}, {"x (not ", ")"}, {"", " or y"}} {
				f, err := Parse(frame[0] + Term(field, v) + frame[1])
				if err != nil {
					t.Fatalf("Term(%q, %q) = %q: %v", field, v, Term(field, v), err)
				}
				var found *valueTerm
				walk(f.root, func(n node) {
					if term, ok := n.(valueTerm); ok {
						found = &term
					}
				})
				if found == nil || found.field != field || len(found.value.parts) != 1 || found.value.parts[0] != v {
					t.Fatalf("Term(%q, %q) = %q is %+v", field, v, Term(field, v), found)
				}
			}
		}
		if v == "" {
			continue // nothing to search for
		}
		f, err := Parse("(" + Term("text", v) + ")")
		if err != nil || f.root != (textTerm{v}) {
			t.Fatalf("Term(text, %q) = %q is %#v, %v", v, Term("text", v), f.root, err)
		}
	}
	for field, value := range map[string]string{"id": "2523@2", "time": "2025-03-12T13:05:09.123456"} {
		if f, err := Parse("not " + Term(field, value)); err != nil || f.String() != "not "+field+":"+value {
			t.Errorf("Term(%q, %q) is %q, %v", field, value, f, err)
		}
	}
}

func walk(n node, visit func(node)) {
	visit(n)
	switch n := n.(type) {
	case conjunction:
		for _, k := range n {
			walk(k, visit)
		}
	case disjunction:
		for _, k := range n {
			walk(k, visit)
		}
	case negation:
		walk(n.of, visit)
	}
}

func TestEveryFieldsExampleParses(t *testing.T) {
	for _, f := range fields {
		if got, err := Parse(f.example); err != nil || got.String() != f.example {
			t.Errorf("%s: %q is %q, %v", f.name, f.example, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, h := range hostile {
		f.Add(h)
		f.Add(Term(fieldUser, h) + " or -" + Term(fieldTable, h))
	}
	f.Add(`(a or -user:"x y"* not /b\/c/i) and id:1,5,9-12@2 iforest>=0.5 time:2025..2026-01-02T03:04:05.6 /\Q/\E/`)
	f.Fuzz(func(t *testing.T, text string) {
		filter, err := Parse(text)
		if err != nil {
			if !printable(err.Error()) {
				t.Fatalf("error %q is not printable", err)
			}
			return
		}
		canonical := filter.String()
		if !printable(canonical) {
			t.Fatalf("%q has the canonical text %q, which is not printable", text, canonical)
		}
		again, err := Parse(canonical)
		if err != nil {
			t.Fatalf("%q has the canonical text %q: %v", text, canonical, err)
		}
		if again.String() != canonical {
			t.Fatalf("%q became %q, and that %q", text, canonical, again)
		}
		if _, err := Parse(filter.Not().String()); err != nil {
			t.Fatalf("the opposite of %q: %v", canonical, err)
		}
		new(Completer).Complete(text)
	})
}
