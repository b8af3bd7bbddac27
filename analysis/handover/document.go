package handover

import (
	"regexp"
	"strings"
	"unicode"

	"sqleuth/analysis/visible"
)

// Document is a report. It is immutable once built.
type Document struct {
	Title    string
	Subtitle Spans
	Blocks   []Block
	Foot     string
}

// Block is a part of a document, one of the types below.
type Block any

// Heading is the title of what follows, of level 2 or 3.
type Heading struct {
	Level int
	ID    string
	Text  Spans
}

// Paragraph is running text.
type Paragraph struct{ Spans Spans }

// Box sets blocks off from the rest: the answer in short, or what is to be done.
type Box struct {
	Kind   string // verdict, verdict none, do
	Blocks []Block
}

// List is a list of items, numbered where their order matters.
type List struct {
	Ordered bool
	Items   []Spans
}

// Facts are terms with what is known of them.
type Facts struct{ List []Fact }

// Fact is a term with what is known of it.
type Fact struct {
	Term string
	Text Spans
}

// Table is a table whose first cell of a row names the row.
type Table struct {
	Caption string
	Columns []Column
	Rows    [][]Spans
}

// Column is a column of a table.
type Column struct {
	Name    string
	Numeric bool
}

// Code is lines to type.
type Code struct{ Lines []string }

// Exhibit is an entry of the log in full.
type Exhibit struct {
	ID   string // "E7"
	Meta Spans
	Text string // made visible
	// Added is the part of the text that was put into a statement of somebody else's,
	// Before and Behind what is around it; all empty where none is known.
	Before, Added, Behind string
}

// Span is a piece of text of one kind.
type Span struct {
	Kind SpanKind
	Text string
	To   string // of a Link, the ID of a heading or an exhibit

	mixed  bool // of a sentence in which there are names of the log
	hidden bool // what is to be hidden of it is
}

// SpanKind is what a span is.
type SpanKind uint8

// The kinds of spans.
const (
	Plain  SpanKind = iota // words of ours
	Strong                 // words of ours that matter
	Quoted                 // text that somebody else wrote, made visible
	Link                   // to a part of the document
)

// Spans is a line of text.
type Spans []Span

// longestQuoted is how much of a name or a value is quoted in a line of text.
const longestQuoted = 120

func say(text string) Span    { return Span{Kind: Plain, Text: text} }
func strong(text string) Span { return Span{Kind: Strong, Text: text} }

// quoted is text that somebody else wrote, on one line.
func quoted(text string) Span {
	if text == "" {
		return say("(empty)")
	}
	line, cut := visible.Unicode.Line(text, longestQuoted)
	if cut {
		line += " …"
	}
	return Span{Kind: Quoted, Text: line}
}

// line makes a line of spans and of texts of ours.
func line(parts ...any) (out Spans) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			out = append(out, say(p))
		case Span:
			out = append(out, p)
		case Spans:
			out = append(out, p...)
		default:
			panic("handover: no part of a line")
		}
	}
	return out
}

// mixed is a sentence of this program in which there are names of the log: each word that
// is more than letters and digits is quoted. What is left can be no markup within a
// line.
func mixed(sentence string) (out Spans) {
	defer func() {
		for i := range out {
			out[i].mixed = true
		}
	}()
	text, cut := visible.Unicode.Line(sentence, 1000)
	if cut {
		text += " …"
	}
	words := func(s string) {
		if n := len(out); n > 0 && out[n-1].Kind == Plain {
			out[n-1].Text += s
		} else if s != "" {
			out = append(out, say(s))
		}
	}
	for word := range strings.SplitAfterSeq(text, " ") {
		rest := strings.TrimRight(word, " ")
		space := word[len(rest):]
		core := strings.TrimLeft(rest, "(")
		before := rest[:len(rest)-len(core)]
		closing := ",;:.)…"
		if strings.Contains(core, "(") {
			closing = ",;:.…" // the bracket is the core's own
		}
		core = strings.TrimRight(core, closing)
		after := rest[len(before)+len(core):]
		words(before)
		if core != "=" && strings.IndexFunc(core, notOfAWord) >= 0 && !decimal.MatchString(core) {
			out = append(out, Span{Kind: Quoted, Text: core})
		} else {
			words(core)
		}
		words(after + space)
	}
	return out
}

// decimal is a number or a duration with a point, or a time of day.
var decimal = regexp.MustCompile(`^(\d+\.\d+[a-zµ]{0,2}|\d\d:\d\d:\d\d)$`)

func notOfAWord(r rune) bool {
	return r != '\'' && r != '-' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// listed joins spans by commas.
func listed(list []Span) (out Spans) {
	for i, s := range list {
		if i > 0 {
			out = append(out, say(", "))
		}
		out = append(out, s)
	}
	return out
}

// quotedList quotes the first names of a list and counts the rest.
func quotedList(names []string, most int) Spans {
	var list []Span
	for _, n := range names[:min(len(names), most)] {
		list = append(list, quoted(n))
	}
	out := listed(list)
	if n := len(names) - most; n > 0 {
		out = append(out, say(" and "+figure(n)+" more"))
	}
	return out
}
