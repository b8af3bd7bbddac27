package handover

import (
	"html"
	"regexp"
	"strings"
	"testing"
)

// tags are the elements of a report with their attributes; no other may be in one.
var tags = map[string]string{
	"!doctype": "html", "html": "lang", "head": "", "meta": "charset name content http-equiv", "title": "id", "style": "", "body": "", "main": "", "header": "", "footer": "",
	"h1": "", "h2": "id", "h3": "id", "p": "class", "b": "", "code": "", "mark": "", "a": "href", "div": "class id", "ol": "", "ul": "", "li": "", "dl": "", "dt": "", "dd": "",
	"table": "class", "caption": "", "thead": "", "tbody": "", "tr": "", "th": "scope class", "td": "class data-l", "pre": "", "figure": "role aria-label tabindex", "figcaption": "",
	"svg": "viewbox role aria-labelledby", "desc": "id", "line": "x1 x2 y1 y2 stroke", "text": "x y text-anchor class", "rect": "x y width height fill",
}

// empty are elements without an end.
var empty = " !doctype meta line rect "

var (
	aTag      = regexp.MustCompile(`^<(/?)([!a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z0-9-]+(?:="[^"<>]*")?)*)\s*(/?)>`)
	attribute = regexp.MustCompile(`([a-zA-Z0-9-]+)(?:="([^"]*)")?`)
)

// checkHTML tokenises a page strictly: nothing but the elements above with double quoted
// attributes, properly nested, links within the page only, headings in order, heads of
// tables with a scope. It returns the text of the page without its style.
func checkHTML(t testing.TB, page string) string {
	t.Helper()
	var open []string
	var text strings.Builder
	level := 0
	ids, links := map[string]bool{}, []string{}
	for rest := page; rest != ""; {
		at := strings.IndexByte(rest, '<')
		if at < 0 {
			at = len(rest)
		}
		if len(open) == 0 || open[len(open)-1] != "style" {
			part := rest[:at]
			if strings.ContainsAny(part, ">") || strings.ContainsAny(part, "\x00\x1b\u202e\u200b") {
				t.Fatalf("text %q", part)
			}
			text.WriteString(html.UnescapeString(part))
		}
		if rest = rest[at:]; rest == "" {
			break
		}
		m := aTag.FindStringSubmatch(rest)
		if m == nil {
			t.Fatalf("no tag: %.80q", rest)
		}
		rest = rest[len(m[0]):]
		name := strings.ToLower(m[2])
		allowed, known := tags[name]
		if !known {
			t.Fatalf("element %q", m[0])
		}
		if m[1] == "/" {
			if len(open) == 0 || open[len(open)-1] != name || m[3] != "" {
				t.Fatalf("%s closes %q", m[0], open)
			}
			open = open[:len(open)-1]
			continue
		}
		scope := false
		for _, a := range attribute.FindAllStringSubmatch(m[3], -1) {
			key := strings.ToLower(a[1])
			if !strings.Contains(" "+allowed+" ", " "+key+" ") {
				t.Fatalf("attribute %q in %q", key, m[0])
			}
			scope = scope || key == "scope"
			switch key {
			case "id":
				if ids[a[2]] {
					t.Errorf("id %q twice", a[2])
				}
				ids[a[2]] = true
			case "href":
				if !strings.HasPrefix(a[2], "#") {
					t.Fatalf("link %q", m[0])
				}
				links = append(links, a[2][1:])
			}
		}
		if name == "th" && !scope {
			t.Errorf("a head without scope: %s", m[0])
		}
		if len(name) == 2 && name[0] == 'h' && name[1] >= '1' && name[1] <= '6' {
			if n := int(name[1] - '0'); n > level+1 {
				t.Errorf("a heading of level %d behind one of %d", n, level)
			} else {
				level = n
			}
		}
		if m[4] == "" && !strings.Contains(empty, " "+name+" ") {
			open = append(open, name)
		}
	}
	if len(open) > 0 {
		t.Fatalf("not closed: %q", open)
	}
	for _, l := range links {
		if !ids[l] {
			t.Errorf("#%s leads nowhere", l)
		}
	}
	return text.String()
}

var (
	ownLink    = regexp.MustCompile(`\[[A-Za-z0-9 ]+\]\(#[a-z0-9-]+\)`)
	ownStrong  = regexp.MustCompile(`\*\*[^*]*\*\*`)
	webAddress = regexp.MustCompile(`www\.[\pL\pN]`) // GitHub links one
	anEntity   = regexp.MustCompile(`&#[0-9]+;`)
	ownStart   = regexp.MustCompile(`^(> )*>?(#{1,3} |- |[0-9]{1,2}\. )?`)
	fenceLine  = regexp.MustCompile("^(`{3,})(sql)?$")
)

// checkMarkdown reads a report as CommonMark does, as far as its own forms go, and fails
// on any sign outside of code that could be markup and is not ours.
func checkMarkdown(t testing.TB, text string) {
	t.Helper()
	fence := ""
	columns := 0
	for n, line := range strings.Split(text, "\n") {
		if strings.ContainsAny(line, "\r\x00\x1b\u202e\u200b") {
			t.Fatalf("line %d: %q", n+1, line)
		}
		if fence != "" {
			if strings.TrimRight(line, " ") == fence {
				fence = ""
			} else if strings.HasPrefix(strings.TrimLeft(line, " "), fence) {
				t.Fatalf("line %d ends a fence: %q", n+1, line)
			}
			continue
		}
		if m := fenceLine.FindStringSubmatch(line); m != nil {
			fence = m[1]
			continue
		}
		if strings.HasPrefix(line, "|") {
			// In a table every bar ends a cell, in code spans too.
			bars := strings.Count(line, "|")
			if columns == 0 {
				columns = bars
			}
			if bars != columns || !strings.HasSuffix(line, " |") {
				t.Fatalf("line %d has %d bars, want %d: %q", n+1, bars, columns, line)
			}
		} else {
			columns = 0
		}
		if line == "---" {
			continue
		}
		rest := withoutCode(t, n+1, line)
		rest = ownStart.ReplaceAllString(rest, "")
		if strings.HasPrefix(line, "|") {
			rest = strings.ReplaceAll(rest, "|", "")
		}
		rest = ownLink.ReplaceAllString(rest, "")
		rest = ownStrong.ReplaceAllStringFunc(rest, func(s string) string { return s[2 : len(s)-2] })
		rest = anEntity.ReplaceAllString(rest, "")
		if at := strings.IndexAny(rest, "\\`*_[]<>#|~&@$^{}"); at >= 0 || strings.Contains(rest, "://") || webAddress.MatchString(rest) {
			t.Fatalf("line %d: markup in %q (left: %q)", n+1, line, rest)
		}
	}
	if fence != "" {
		t.Fatal("a fence is open at the end")
	}
}

// withoutCode takes code spans out of a line as CommonMark finds them.
func withoutCode(t testing.TB, n int, line string) string {
	t.Helper()
	var out strings.Builder
	for rest := line; rest != ""; {
		at := strings.IndexByte(rest, '`')
		if at < 0 {
			out.WriteString(rest)
			break
		}
		out.WriteString(rest[:at])
		rest = rest[at:]
		run := len(rest) - len(strings.TrimLeft(rest, "`"))
		rest = rest[run:]
		end := -1
		for k := 0; k < len(rest); {
			if rest[k] != '`' {
				k++
				continue
			}
			m := len(rest[k:]) - len(strings.TrimLeft(rest[k:], "`"))
			if m == run {
				end = k
				break
			}
			k += m
		}
		if end < 0 {
			t.Fatalf("line %d: a code span is open: %q", n, line)
		}
		rest = rest[end+run:]
	}
	return out.String()
}

// hostile is what a log may hold to become markup.
var hostile = []string{
	"<script>alert(1)</script>", "</pre></td></table><img src=x onerror=alert(1)>", "--></style></title><svg/onload=alert(1)>", `" onmouseover="alert(1)`,
	"`code`", "``` \n```\n# title", "| a | b |", `\| x \`, "[a](javascript:alert(1))", "![a](http://203.0.113.1/x.png)", "http://203.0.113.1 www.example.org a@b.example",
	"**bold** __under__ ~~gone~~ #1 @team $x$", "\x1b[2J\x00\u202eabc\u200b", "&lt;b&gt; &#60;", "]]><![CDATA[", "{{.Title}}", "`", "``", "a`", "- x\n1. y\n> z\n===", "\xff\xfe",
}

// Nothing that a log holds opens anything, wherever it is: as a host, a user, a
// table, a value, a file's name.
func TestHostileTexts(t *testing.T) {
	for _, text := range hostile {
		name := strings.NewReplacer("\n", " ", "@", "_", "'", "").Replace(text)
		for _, log := range []string{
			robbery("203.0.113.9", name, "customers", "x"),
			robbery("203.0.113.9", "root", "`"+strings.ReplaceAll(name, "`", "``")+"`", text),
			robbery(strings.NewReplacer(" ", "", "|", "").Replace(name), "root", "users", text),
		} {
			s, reader := analyse(t, log)
			for k := range s.Files {
				s.Files[k].Name = text
			}
			page, marked := both(t, s, reader)
			checkHTML(t, page)
			checkMarkdown(t, marked)
		}
	}
}

// The checks of this file find what they are for.
func TestChecksBite(t *testing.T) {
	for _, page := range []string{"<p><script>x</script></p>", `<p onclick="x">a</p>`, `<a href="http://x">a</a>`, "<p>a", "<p>a > b</p>", "<h1>a</h1><h3>b</h3>", "<th>a</th>", `<a href="#x">a</a>`} {
		if !fails(func(t testing.TB) { checkHTML(t, page) }) {
			t.Errorf("HTML passes: %s", page)
		}
	}
	for _, text := range []string{"a <b>", "*a*", "[a](http://x)", "`a", "| a | b |\n| a | b | c |", "```\n```` \nx", "# a\n\n<img>", "www.x.org"} {
		if !fails(func(t testing.TB) { checkMarkdown(t, text) }) {
			t.Errorf("Markdown passes: %s", text)
		}
	}
}

// failing is a test that remembers that it failed.
type failing struct {
	testing.TB
	failed bool
}

func (f *failing) Helper()               {}
func (f *failing) Errorf(string, ...any) { f.failed = true }
func (f *failing) Fatal(...any)          { f.failed = true; panic(f) }
func (f *failing) Fatalf(string, ...any) { f.failed = true; panic(f) }

func fails(check func(testing.TB)) bool {
	f := &failing{}
	func() {
		defer func() {
			if v := recover(); v != nil && v != any(f) {
				panic(v)
			}
		}()
		check(f)
	}()
	return f.failed
}

// No text of others becomes markup in a span, a block of code or a table.
func FuzzSpans(f *testing.F) {
	for _, text := range hostile {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		shown, _ := show([]byte(text))
		d := &Document{Title: "A title", Foot: "A foot", Subtitle: line("x ", quoted(text)), Blocks: []Block{
			Heading{2, "h", line("A heading ", quoted(text))},
			Paragraph{mixed(text)}, Paragraph{line(quoted(text))}, List{true, []Spans{line(quoted(text)), mixed(text)}}, List{false, []Spans{mixed(text)}},
			Box{"do", []Block{Paragraph{mixed(text)}}}, Facts{[]Fact{{"Term", mixed(text)}}},
			Table{Columns: []Column{{"A", false}, {"B", true}}, Rows: [][]Spans{{line(quoted(text)), mixed(text)}, {mixed(text), line(quoted(text), "x", quoted(text))}}},
			Exhibit{ID: "E1", Meta: line("x ", quoted(text)), Text: shown}, Exhibit{ID: "E2", Text: shown, Before: shown, Added: shown + "x", Behind: shown},
		}}
		var page, marked strings.Builder
		if err := HTML(&page, d); err != nil {
			t.Fatal(err)
		}
		if err := Markdown(&marked, d); err != nil {
			t.Fatal(err)
		}
		checkHTML(t, page.String())
		checkMarkdown(t, marked.String())
	})
}
