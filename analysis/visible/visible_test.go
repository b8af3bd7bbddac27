package visible

import (
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestText(t *testing.T) {
	for _, tt := range []struct{ name, in, unicode, ascii string }{
		{"plain", "SELECT 1", "SELECT 1", "SELECT 1"},
		{"ordinary backslashes", `C:\dir \d+ \\x \XFF \`, `C:\dir \d+ \\x \XFF \`, `C:\dir \d+ \\x \XFF \`},
		{"a line end spelt out", `a\nb`, `a\nb`, `a\\nb`},
		{"an escape spelt out", `\x1b[31m\u202e\U000e0041`, `\\x1b[31m\\u202e\\U000e0041`, `\\x1b[31m\\u202e\\U000e0041`},
		{"two backslashes before one", `\\x1b`, `\\\\x1b`, `\\\\x1b`},
		{"a backslash before a control byte", "\\\x1b", `\␛`, `\\\x1b`},
		{"a backslash before what is escaped", "\\\u202e\\\xff", `\\\u202e\\\xff`, `\\\u202e\\\xff`},
		{"control pictures spelt out", "␛␊␡", `\u241b\u240a\u2421`, `\u241b\u240a\u2421`},
		{"line ends and tabs", "a\r\n\tb", "a␍␊␉b", `a\r\n\tb`},
		{"escape sequence", "\x1b[31m", "␛[31m", `\x1b[31m`},
		{"title and bell", "\x1b]0;x\a", "␛]0;x␇", `\x1b]0;x\x07`},
		{"NUL and DEL", "\x00\x7f", "␀␡", `\x00\x7f`},
		{"C1 as UTF-8", "\u009b31m", `\u009b31m`, `\u009b31m`},
		{"C1 as a byte", "\x9b31m", `\x9b31m`, `\x9b31m`},
		{"bidirectional", "a\u202eb\u2066c\u200fd\u061ce", `a\u202eb\u2066c\u200fd\u061ce`, `a\u202eb\u2066c\u200fd\u061ce`},
		{"zero width", "a\u200bb\u200dc\ufeffd\u2060", `a\u200bb\u200dc\ufeffd\u2060`, `a\u200bb\u200dc\ufeffd\u2060`},
		{"line separators", "a\u2028b\u2029\u0085", `a\u2028b\u2029\u0085`, `a\u2028b\u2029\u0085`},
		{"tag characters", "a\U000E0041\U000E007F", `a\U000e0041\U000e007f`, `a\U000e0041\U000e007f`},
		{"variation selectors", "a\ufe0f\U000e0100", `a\ufe0f\U000e0100`, `a\ufe0f\U000e0100`},
		{"invisible letters", "a\u3164\u115f\u2800b", `a\u3164\u115f\u2800b`, `a\u3164\u115f\u2800b`},
		{"spaces that are not the space", "a\u00a0\u3000b", `a\u00a0\u3000b`, `a\u00a0\u3000b`},
		{"not UTF-8", "a\xff\xc3(\xe2\x82", `a\xff\xc3(\xe2\x82`, `a\xff\xc3(\xe2\x82`},
		{"surrogate and overlong", "\xed\xa0\x80\xc0\xaf", `\xed\xa0\x80\xc0\xaf`, `\xed\xa0\x80\xc0\xaf`},
		{"private use", "\ue000", `\ue000`, `\ue000`},
		{"scripts", "café 日本", "café 日本", `caf\u00e9 \u65e5\u672c`},
		{"combining marks", "e\u0301\u0323\u0301\u0301x", "e\u0301\u0323\\u0301\\u0301x", `e\u0301\u0323\u0301\u0301x`},
		{"combining mark with nothing below", "\u0301", `\u0301`, `\u0301`},
		{"combining mark on a sign", "\n\u0301", `␊\u0301`, `\n\u0301`},
		{"flags and skin", "\U0001f1e9\U0001f1ea\U0001f44d\U0001f3fd", `\U0001f1e9\U0001f1ea👍\U0001f3fd`, `\U0001f1e9\U0001f1ea\U0001f44d\U0001f3fd`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Unicode.Text(tt.in); got != tt.unicode {
				t.Errorf("Unicode: %q, want %q", got, tt.unicode)
			}
			if got := ASCII.Text(tt.in); got != tt.ascii {
				t.Errorf("ASCII: %q, want %q", got, tt.ascii)
			}
		})
	}
}

func TestLineLooksAtNoMoreThanTheLimit(t *testing.T) {
	for _, tt := range []struct {
		in    string
		limit int
		line  string
		cut   bool
	}{
		{"abc", 3, "abc", false},
		{"abcd", 3, "abc", true},
		{"aé", 2, "a", true},   // would split é
		{"日本", 5, "日", true},   // would split 本
		{"日本", 6, "日本", false}, // whole
		{"a\xffb", 2, `a\xff`, true},
		{"abc", -1, "", true},
		{"", 0, "", false},
		{`\x1b`, 3, `\\x1`, true}, // as in the whole line
		{`a\\u202e`, 2, `a\\`, true},
	} {
		line, cut := Unicode.Line(tt.in, tt.limit)
		if line != tt.line || cut != tt.cut {
			t.Errorf("Line(%q, %d) = %q, %v, want %q, %v", tt.in, tt.limit, line, cut, tt.line, tt.cut)
		}
	}
}

// FuzzText checks what a terminal relies on: nothing that comes out acts,
// reorders, joins or hides, in either notation, wherever the text is cut.
func FuzzText(f *testing.F) {
	for _, s := range []string{"", "SELECT 1", "\x1b[2J", "\u202e", "e\u0301\u0301\u0301", "\xff\xfe", "\U000E0041", "\u009b", "\u1112\u1161\u11ab", `\x1b`, "\\\\\x1b", "␛", "\\\xff\\u20ac"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, in string, limit int) {
		for _, n := range []Notation{Unicode, ASCII, Cell, jsonString} {
			full := n.Text(in)
			if got := read(n, full); got != in {
				t.Errorf("%q is written %q, which reads %q", in, full, got)
			}
			line, cut := n.Line(in, limit)
			if n == Unicode || n == ASCII {
				check(t, n, full)
				check(t, n, line)
			}
			if !strings.HasPrefix(full, line) && utf8.ValidString(in) {
				t.Errorf("the first %d bytes of %q give %q, the whole %q", limit, in, line, full)
			}
			if !cut && line != full {
				t.Errorf("not cut, and yet %q is not %q", line, full)
			}
		}
	})
}

func TestCellsAndJSON(t *testing.T) {
	for _, tt := range []struct{ name, in, cell, json string }{
		{"seen", "café 日本 e\u0301\u0301\u0301 ␛ \ue000", "café 日本 e\u0301\u0301\u0301 ␛ \ue000", "café 日本 e\u0301\u0301\u0301 ␛ \ue000"},
		{"controls", "a\n\t\x1b\x7f", `a\n\t\x1b\x7f`, "a\n\t\x1b\x7f"},
		{"unseen", "a\u202e\u200b\U000e0041\u2028", `a\u202e\u200b\U000e0041\u2028`, "a\u202e\u200b\U000e0041\u2028"},
		{"not UTF-8", "\xff\\\xff", `\xff\\\xff`, `\xff\\\xff`},
		{"spelt out", `\xff \n \u202e C:\dir`, `\\xff \\n \\u202e C:\dir`, `\\xff \n \u202e C:\dir`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := Cell.Text(tt.in); got != tt.cell {
				t.Errorf("Cell: %q, want %q", got, tt.cell)
			}
			if got := JSON(tt.in); got != tt.json {
				t.Errorf("JSON: %q, want %q", got, tt.json)
			}
		})
	}
}

// read returns the text that a line was made of, by the rule of the package's
// documentation.
func read(n Notation, line string) string {
	var b strings.Builder
	for line != "" {
		rest := strings.TrimLeft(line, `\`)
		count := len(line) - len(rest)
		if count == 0 {
			r, size := utf8.DecodeRuneInString(line)
			if n == Unicode && r >= 0x2400 && r < 0x2421 {
				r -= 0x2400
			} else if n == Unicode && r == '␡' {
				r = 0x7f
			}
			b.WriteRune(r)
			line = line[size:]
			continue
		}
		line = rest
		if !n.escapes(rest) {
			b.WriteString(strings.Repeat(`\`, count))
			continue
		}
		b.WriteString(strings.Repeat(`\`, count/2))
		if count%2 == 0 {
			continue
		}
		size := map[byte]int{'n': 1, 'r': 1, 't': 1, 'x': 3, 'u': 5, 'U': 9}[rest[0]]
		switch v, _ := strconv.ParseUint(rest[1:size], 16, 32); rest[0] {
		case 'n', 'r', 't':
			b.WriteByte(map[byte]byte{'n': '\n', 'r': '\r', 't': '\t'}[rest[0]])
		case 'x':
			b.WriteByte(byte(v))
		default:
			b.WriteRune(rune(v))
		}
		line = rest[size:]
	}
	return b.String()
}

func check(t *testing.T, n Notation, line string) {
	t.Helper()
	if !utf8.ValidString(line) {
		t.Fatalf("%q is not UTF-8", line)
	}
	marks := MaxMarks
	for _, r := range line {
		switch {
		case !unicode.IsPrint(r):
			t.Fatalf("%U comes through in %q", r, line)
		case n == ASCII && r > 0x7e:
			t.Fatalf("%U is not ASCII in %q", r, line)
		case unicode.Is(unicode.Mn, r):
			if marks++; marks > MaxMarks {
				t.Fatalf("%d combining marks on one character in %q", marks, line)
			}
		default:
			marks = 0
		}
	}
}

func BenchmarkLine(b *testing.B) {
	for name, text := range map[string]string{
		"ascii":   strings.Repeat("SELECT option_value FROM wp_options ", 8),
		"hostile": strings.Repeat("\x1b[31m日本\u202e\xff", 16),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				Unicode.Line(text, len(text))
			}
		})
	}
}
