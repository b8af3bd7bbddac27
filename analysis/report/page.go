package report

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/analysis/visible"
)

// width is how many columns prose and lists take. Tables may be wider where
// their numbers are.
const width = 96

// page writes lines and keeps the first error.
type page struct {
	w     io.Writer
	err   error
	begun bool

	quotes map[uint32]string // statements of incidents, by entry
}

func (p *page) print(text string) {
	if p.err == nil {
		_, p.err = io.WriteString(p.w, text)
	}
}

// line writes one line. Arguments of log origin have gone through shown.
func (p *page) line(format string, args ...any) {
	p.print(strings.TrimRight(fmt.Sprintf(format, args...), " ") + "\n")
}

// title begins a part of the report.
func (p *page) title(format string, args ...any) {
	if p.begun {
		p.print("\n")
	}
	p.begun = true
	text := fmt.Sprintf(format, args...)
	p.line("%s", text)
	p.line("%s", strings.Repeat("=", utf8.RuneCountInString(text)))
}

// heading begins a table or list within a part.
func (p *page) heading(format string, args ...any) {
	p.print("\n")
	p.line(format, args...)
}

// wrap writes text as a paragraph: head before the first line, and as many
// spaces before the others.
func (p *page) wrap(head, text string) {
	p.paragraph(head, strings.Repeat(" ", utf8.RuneCountInString(head)), text)
}

// paragraph writes text with head before the first line and indent, which is at
// least as long, before the others. Words that do not fit a line are cut.
func (p *page) paragraph(head, indent, text string) {
	room := max(width-len(indent), 20)
	at := head
	used := 0
	for _, word := range strings.Fields(text) {
		for word != "" {
			n := utf8.RuneCountInString(word)
			switch {
			case used > 0 && used+1+n <= room:
				at += " " + word
				used += 1 + n
				word = ""
			case used > 0:
				p.line("%s", at)
				at, used = indent, 0
			case n <= room:
				at += word
				used = n
				word = ""
			default:
				cut := prefix(word, room)
				p.line("%s", at+cut)
				at, word = indent, word[len(cut):]
			}
		}
	}
	if used > 0 || at == head {
		p.line("%s", at)
	}
}

// prefix returns the first n characters of s.
func prefix(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// shown is the choke point: text of any origin as one printable line.
func shown(text string) string { return visible.Unicode.Text(text) }

// shortened is shown for texts that an attacker can make as long as he likes:
// only their first limit bytes are looked at.
func shortened(text string, limit int) string {
	line, cut := visible.Unicode.Line(text, limit)
	if cut {
		line += "…"
	}
	return line
}

// maxName is how many bytes of a table, user or host a line shows.
const maxName = 80

func name(text string) string {
	if text == "" {
		return "(empty)"
	}
	return shortened(text, maxName)
}

// clock writes times of a snapshot: microseconds since 1970 UTC or, where the
// log names no zone, the server's local time.
type clock struct {
	unzoned bool
	untimed bool // no entry has a time
}

func clockOf(s *pipeline.Snapshot) clock {
	return clock{s.Unzoned, s.Len() > 0 && s.Entries.Untimed() == s.Len()}
}

func (c clock) suffix() string {
	if c.unzoned {
		return ""
	}
	return "Z"
}

// exact writes a time as ISO 8601 with microseconds, without a zone where none
// is known.
func (c clock) exact(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000") + c.suffix()
}

// json is exact for a JSON object: null where the time is not known.
func (c clock) json(m store.Moment) *string {
	if !m.Known() {
		return nil
	}
	text := c.exact(time.UnixMicro(m.Micros))
	return &text
}

// brief writes a time to the second, for lists whose title names the zone.
func (c clock) brief(m store.Moment) string {
	if !m.Dated() {
		return "time unknown"
	}
	return m.Format(time.DateTime)
}

func (c clock) zone() string {
	if c.untimed {
		return "no time is known"
	}
	if c.unzoned {
		return "server's local time, zone unknown"
	}
	return "UTC"
}

// percent is n of total with two decimals.
func percent(n, total int) string {
	if total == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f%%", float64(n)/float64(total)*100)
}
