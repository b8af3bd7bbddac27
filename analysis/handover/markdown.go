package handover

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Markdown writes the document as GitHub's Markdown. Texts of others are code spans
// or fenced blocks, in which nothing is markup; the error is that of the writer.
func Markdown(w io.Writer, d *Document) error {
	m := &marker{Writer: bufio.NewWriter(w)}
	m.line("# %s", escape(d.Title))
	m.line("%s", m.text(d.Subtitle))
	m.blocks(d.Blocks, "")
	m.line("---")
	m.line("%s", m.text(line(d.Foot)))
	if err := m.Flush(); err != nil {
		return fmt.Errorf("write report.md: %w", err)
	}
	return nil
}

// marker writes Markdown. Its first error is kept by the buffered writer.
type marker struct {
	*bufio.Writer
	prefix string // of every line
}

// line writes lines with an empty one behind them.
func (m *marker) line(format string, args ...any) {
	for text := range strings.SplitSeq(fmt.Sprintf(format, args...), "\n") {
		m.WriteString(strings.TrimRight(m.prefix+text, " ") + "\n")
	}
	m.WriteString(strings.TrimRight(m.prefix, " ") + "\n")
}

func (m *marker) blocks(list []Block, prefix string) {
	before := m.prefix
	m.prefix += prefix
	for _, b := range list {
		m.block(b)
	}
	m.prefix = before
}

func (m *marker) block(b Block) {
	switch b := b.(type) {
	case Heading:
		m.line("%s %s", strings.Repeat("#", b.Level), m.spans(b.Text, false))
	case Paragraph:
		m.line("%s", m.text(b.Spans))
	case Box:
		m.blocks(b.Blocks, "> ")
		m.WriteString(m.prefix + "\n")
	case List:
		var items []string
		for i, s := range b.Items {
			sign := "-"
			if b.Ordered {
				sign = fmt.Sprintf("%d.", i+1)
			}
			items = append(items, sign+" "+m.text(s))
		}
		m.line("%s", strings.Join(items, "\n"))
	case Facts:
		t := Table{Columns: []Column{{Name: "What"}, {Name: "Known"}}}
		for _, f := range b.List {
			t.Rows = append(t.Rows, []Spans{{strong(f.Term)}, f.Text})
		}
		m.table(t)
	case Table:
		m.table(b)
	case Code:
		m.fenced("", strings.Join(b.Lines, "\n"))
	case Exhibit:
		m.line("### %s", b.ID)
		m.line("%s", m.text(b.Meta))
		m.fenced("sql", b.Text)
	case Timeline:
		m.line("%s The picture as a table: [section 3](#3-the-steps).", escape(b.Title+". "+b.Note))
	default:
		panic("handover: no block")
	}
}

func (m *marker) table(t Table) {
	if t.Caption != "" {
		m.line("%s", escape(t.Caption))
	}
	row := func(cells []string) string { return "| " + strings.Join(cells, " | ") + " |" }
	var head, rule []string
	for _, c := range t.Columns {
		head = append(head, escape(c.Name))
		if c.Numeric {
			rule = append(rule, "--:")
		} else {
			rule = append(rule, "---")
		}
	}
	lines := []string{row(head), row(rule)}
	for _, r := range t.Rows {
		var cells []string
		for _, c := range r {
			cells = append(cells, m.spans(c, true))
		}
		lines = append(lines, row(cells))
	}
	m.line("%s", strings.Join(lines, "\n"))
}

// fenced writes text of one or several lines whose fence is longer than any in it.
func (m *marker) fenced(language, text string) {
	fence := strings.Repeat("`", max(3, longestRun(text)+1))
	m.line("%s%s\n%s\n%s", fence, language, text, fence)
}

// text writes a line that is a block of its own, whose first characters could begin
// a list or a rule.
func (m *marker) text(list Spans) string {
	text := m.spans(list, false)
	n := len(text) - len(strings.TrimLeft(text, "0123456789"))
	begins := "-+=:"
	if n > 0 {
		begins = ".)"
	}
	if n < len(text) && strings.IndexByte(begins, text[n]) >= 0 {
		return fmt.Sprintf("%s&#%d;%s", text[:n], text[n], text[n+1:])
	}
	return text
}

// spans writes a line. In a table, where a bar ends a cell even in a code span, one is
// written as package visible writes what cannot be shown as itself.
func (m *marker) spans(list Spans, table bool) string {
	var b strings.Builder
	for _, s := range list {
		switch s.Kind {
		case Strong:
			b.WriteString("**" + escape(s.Text) + "**")
		case Quoted:
			text := s.Text
			if table {
				text = strings.ReplaceAll(text, "|", `\x7c`)
			}
			b.WriteString(codeSpan(text))
		case Link:
			b.WriteString("[" + escape(s.Text) + "](#" + strings.ToLower(s.To) + ")")
		default:
			b.WriteString(escape(s.Text))
		}
	}
	return b.String()
}

// codeSpan quotes a line (CommonMark 0.31, 6.1): by more backticks than it has in a
// row, and with a space where it begins or ends with one.
func codeSpan(text string) string {
	if strings.TrimSpace(text) == "" {
		return "(blank)" // would be no code span
	}
	fence := strings.Repeat("`", longestRun(text)+1)
	if text[0] == '`' || text[len(text)-1] == '`' || text[0] == ' ' && text[len(text)-1] == ' ' {
		text = " " + text + " "
	}
	return fence + text + fence
}

// longestRun is the most backticks in a row.
func longestRun(text string) (longest int) {
	run := 0
	for i := range len(text) {
		if text[i] != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	return longest
}

// escape makes words of ours plain text: what could be markup within a line is written
// as an entity, which is never structure (CommonMark 0.31, 2.5).
func escape(text string) string {
	var b strings.Builder
	for _, r := range text {
		if strings.ContainsRune("\\`*_[]<>#|~&!@$^{}", r) {
			fmt.Fprintf(&b, "&#%d;", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
