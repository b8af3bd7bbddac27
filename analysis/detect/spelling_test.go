package detect_test

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"sqleuth/analysis/detect"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
)

// gravest returns the gravest level that a rule on statements gives one, with the
// rule's name; empty for none.
func gravest(t *testing.T, sql string) (level rule.Severity, name string) {
	t.Helper()
	set := detect.Builtin()
	for _, r := range set.Rules {
		if r.Kind != rule.Statement || r.Silent {
			continue
		}
		l, found, err := pipeline.JudgeRule(set, r, rule.Test{SQL: sql, Database: "shop"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if found && (name == "" || l > level) {
			level, name = l, r.Name
		}
	}
	return level, name
}

// The pages that paste an input in place of {}: behind a number, or inside quotes.
var (
	numberPages = []string{
		"SELECT id, title FROM news WHERE id = {} ORDER BY position",
		"SELECT COUNT(*) FROM replies WHERE topic = {}",
		"UPDATE article SET views = views + 1 WHERE id = {}",
	}
	textPages = []string{
		"SELECT id, name FROM products WHERE name LIKE '%{}%' LIMIT 20",
		"SELECT id FROM articles WHERE author = '{}' AND visible = 1",
	}
	numberInputs = strings.Split(strings.TrimSpace(`
7 OR 6=6
7 or 12>4
7 AND 8123=8123
7 AND 4471=9930
7) OR (83=83
7 OR 'ab'='ab'
7 OR NOT 31=45
7 UNION SELECT 11,22,33
7 UNION ALL SELECT NULL,NULL,NULL,NULL
-7 UNION SELECT login, passwd FROM site_users
-7 UNION SELECT * FROM (SELECT 31)a JOIN (SELECT 32)b
7*(SELECT 4 FROM site_users)
-7 UNION SELECT table_name, 12 FROM information_schema.tables
-7 UNION SELECT group_concat(user, 0x7c7c7c7c, host) FROM mysql.user
7 AND SLEEP(4)
7 OR IF(54=54, SLEEP(3), 0)
7 AND (SELECT 4 FROM (SELECT SLEEP(9)) q)
7 OR BENCHMARK(3000000, MD5(5))
7 AND ASCII(SUBSTRING((SELECT DATABASE()), 1, 1)) > 77
7 AND ORD(MID(VERSION(), 3, 1)) = 46
7 AND (SELECT COUNT(*) FROM information_schema.columns) > 9
7 AND EXTRACTVALUE(4, CONCAT(0x7e, (SELECT CURRENT_USER())))
7 OR UPDATEXML(6, CONCAT(0x3a, USER()), 6)
7 AND GTID_SUBSET(CONCAT('x', VERSION()), 44)
7 AND EXP(~(SELECT * FROM (SELECT USER()) z))
7; DROP TABLE news
7; DELETE FROM news -- x
7 -- -
7 #
7 = 7 = 7
`), "\n")
	textInputs = strings.Split(strings.TrimSpace(`
x' OR 'z'='z
x' or 62=62 -- -
x' OR 45=45 #
x' AND 'k'='v
x' AND 5566=5566 AND 'q'='q
x') OR ('d'='d
x' UNION SELECT 41,42 -- -
x' UNION ALL SELECT NULL,NULL,NULL #
x' UNION SELECT nick, passhash FROM members WHERE 'a'='a
x' UNION SELECT schema_name, 3 FROM information_schema.schemata -- -
x' AND SLEEP(6) AND 'w'='w
x' OR IF(17=17, SLEEP(2), 0) -- -
x' AND ASCII(SUBSTR(USER(), 2, 1)) > 90 -- -
x' AND EXTRACTVALUE(8, CONCAT(0x7e, VERSION())) AND 'b'='b
x'; DROP TABLE products -- -
x'; SELECT SLEEP(8) #
x' -- -
x'='x
' OR ''='
x' XOR 77=78 -- -
`), "\n")
)

// outside applies f to the parts of an input outside literals and trailing
// comments; quoted: it begins inside a literal.
func outside(input string, quoted bool, f func(code string) string) string {
	var out strings.Builder
	for input != "" {
		end := strings.IndexByte(input, '\'')
		if end < 0 {
			end = len(input)
		}
		part := input[:end]
		if !quoted {
			rest := ""
			if k := strings.IndexAny(part, "#"); k >= 0 {
				part, rest = part[:k], part[k:]
			} else if k := strings.Index(part, "--"); k >= 0 {
				part, rest = part[:k], part[k:]
			}
			part = f(part) + rest
		}
		out.WriteString(part)
		if end < len(input) {
			out.WriteByte('\'')
			end++
		}
		input, quoted = input[end:], !quoted
	}
	return out.String()
}

// eachWord applies f to each run of letters and digits.
func eachWord(code string, f func(word string) string) string {
	var out bytes.Buffer
	word := ""
	flush := func() {
		if word != "" {
			out.WriteString(f(word))
		}
		word = ""
	}
	for _, c := range code {
		if c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' {
			word += string(c)
			continue
		}
		flush()
		out.WriteRune(c)
	}
	flush()
	return out.String()
}

// numbers applies f to each number of a text.
func numbers(code string, f func(n int) string) string {
	return eachWord(code, func(w string) string {
		if n, err := strconv.Atoi(w); err == nil {
			return f(n)
		}
		return w
	})
}

// versioned are the words that the version comments of a variant hold.
var versioned = map[string]bool{"UNION": true, "SELECT": true, "AND": true, "OR": true, "FROM": true, "SLEEP": true}

// spellings are ways to write the same input.
var spellings = []struct {
	name string
	f    func(code string) string
}{
	{"lower case", strings.ToLower},
	{"upper case", strings.ToUpper},
	{"mixed case", func(s string) string {
		return eachWord(s, func(w string) string {
			b := []byte(strings.ToLower(w))
			for k := 0; k < len(b); k += 2 {
				b[k] = strings.ToUpper(string(b[k]))[0]
			}
			return string(b)
		})
	}},
	{"tabs", func(s string) string { return strings.ReplaceAll(s, " ", "\t") }},
	{"more blanks", func(s string) string {
		code := strings.TrimRight(s, " ") // a comment on a line of its own is a remark
		return strings.ReplaceAll(code, " ", " \v \n ") + s[len(code):]
	}},
	{"comments between words", func(s string) string { return strings.ReplaceAll(s, " ", "/**/") }},
	{"comments with text", func(s string) string { return strings.ReplaceAll(s, " ", " /* a b */ ") }},
	{"version comments", func(s string) string {
		return eachWord(s, func(w string) string {
			if versioned[strings.ToUpper(w)] {
				return "/*!50000" + w + "*/"
			}
			return w
		})
	}},
	{"numbers in hex", func(s string) string { return numbers(s, func(n int) string { return fmt.Sprintf("0x%02x", n) }) }},
	{"numbers in brackets", func(s string) string { return numbers(s, func(n int) string { return "(" + strconv.Itoa(n) + ")" }) }},
	{"other numbers", func(s string) string { return numbers(s, func(n int) string { return strconv.Itoa(n*13 + 1) }) }},
	{"decimals", func(s string) string { return numbers(s, func(n int) string { return strconv.Itoa(n) + ".0" }) }},
	{"LIKE for =", func(s string) string { return strings.ReplaceAll(s, "=", " LIKE ") }},
	{"&& and || for words", func(s string) string {
		return strings.NewReplacer(" AND ", " && ", " OR ", " || ", " or ", "||").Replace(s)
	}},
	{"true conditions", func(s string) string { return strings.ReplaceAll(s, " AND ", " AND 1 AND ") }},
}

// TestSpellings: however an input is written, what is found of it is found.
func TestSpellings(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	base, tried, lost := 0, 0, []string{}
	for _, kind := range []struct {
		pages, inputs []string
		quoted        bool
	}{{numberPages, numberInputs, false}, {textPages, textInputs, true}} {
		for _, input := range kind.inputs {
			for _, page := range kind.pages {
				if level, _ := gravest(t, strings.Replace(page, "{}", input, 1)); level < rule.Medium {
					t.Logf("not found: %s", strings.Replace(page, "{}", input, 1))
					continue
				}
				base++
				for _, s := range spellings {
					sql := strings.Replace(page, "{}", outside(input, kind.quoted, s.f), 1)
					tried++
					if level, _ := gravest(t, sql); level < rule.Medium {
						lost = append(lost, s.name+": "+sql)
					}
				}
			}
		}
	}
	all := len(numberInputs)*len(numberPages) + len(textInputs)*len(textPages)
	if base*100 < all*95 {
		t.Errorf("%d of %d inputs are found", base, all)
	}
	if len(lost)*1000 > tried*2 {
		t.Errorf("%d of %d spellings are lost:\n%s", len(lost), tried, strings.Join(lost, "\n"))
	}
}

// harmlessParts make texts with the words that trip others.
var harmlessParts = [3][]string{
	{"this is not funny", "Yahoo! (Y!)", "cos(accckt)", "o'neill", "union nut", "drop me a line;", "select a chair", "-- sent from my phone", "table for 2 or more", "50% off #1"},
	{" and ", " or ", ", where ", " -- ", "; "},
	{"the order by 3 of them", "like 'new'", "group by age, having fun", "insert coin (1)", "1=1 of course", "a null hypothesis", "sleep(y) head", "update at 5"},
}

// TestHarmlessTexts: in literals of ordinary statements such texts are nothing above
// low.
func TestHarmlessTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("computes much on one goroutine")
	}
	texts := 0
	pages := append([]string{"INSERT INTO guestbook (author, text, at) VALUES ('guest', '{}', NOW())", `UPDATE pages SET body = '{}' WHERE id = 5`}, textPages...)
	for _, a := range harmlessParts[0] {
		for _, b := range harmlessParts[1] {
			for _, c := range harmlessParts[2] {
				texts++
				for k, page := range pages {
					escaped := strings.ReplaceAll(a+b+c, "'", []string{`\'`, "''"}[k%2])
					sql := strings.Replace(page, "{}", escaped, 1)
					if level, name := gravest(t, sql); level > rule.Low {
						t.Errorf("%s, %s: %s", name, level, sql)
					}
				}
			}
		}
	}
	if texts < 400 {
		t.Errorf("%d texts", texts)
	}
}

// TestHonestTwins: what reports, mappers and templates write that looks like an input is
// nothing above low.
func TestHonestTwins(t *testing.T) {
	for sql := range strings.SplitSeq(strings.TrimSpace(`
SELECT n, m FROM tally UNION SELECT * FROM (SELECT 1 AS n) a JOIN (SELECT 2 AS m) b
SELECT id, title FROM news UNION ALL SELECT * FROM (SELECT id, title FROM archive WHERE year = 2019) a
SELECT id FROM news UNION SELECT t.* FROM (SELECT id FROM archive) t JOIN (SELECT 1 AS one) o ON o.one = t.kind
SELECT id FROM products WHERE price > 2 * (SELECT AVG(price) FROM products)
SELECT id FROM orders WHERE amount > 100 * (SELECT rate FROM rates WHERE currency = 'EUR')
UPDATE items SET position = 1 + (SELECT MAX(p) FROM (SELECT position AS p FROM items) x) WHERE id = 5
SELECT id FROM news WHERE EXISTS (SELECT 1 FROM comments) AND id = 5
SELECT id FROM news WHERE (SELECT 1 FROM comments WHERE comments.news = news.id LIMIT 1) = 1
SELECT id FROM orders WHERE 3 * (SELECT 1 FROM flags WHERE name = 'sale') > 2
INSERT INTO mails (body) VALUES ('Dear ${name}, you have #{count} new messages: ${price * 2} EUR, {3} of {5}')
INSERT INTO snippets (code) VALUES ('for (int ${1:i} = 0; $1 < ${2:n}; $1++) { ${3} }')
INSERT INTO notes (text) VALUES ('a {width: 50%} * {margin: 0} and 3 * 4 = 12 ${x}')
`), "\n") {
		if level, name := gravest(t, sql); level > rule.Low {
			t.Errorf("%s, %s: %s", name, level, sql)
		}
	}
}
