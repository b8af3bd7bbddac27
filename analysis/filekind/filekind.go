// Package filekind names what a file is that holds no general query log, and what
// would make it readable: head of the text in, one Finding out.
//
//	kinds.go    the table: one value for each kind of file
//	binary.go   signatures of files that are no text
//
// A new kind is one value in the table. The order counts: the first that
// recognises the head is the answer, so kinds that are surer come first.
package filekind

import (
	"bytes"
	"fmt"
	"regexp"
	"sync"
	"unicode/utf16"
)

// HeadSize is how much of a file's text Of looks at, in bytes: some dozen patterns are
// searched for in it (BenchmarkOf).
const HeadSize = 128 << 10

// Finding is what a file is.
type Finding struct {
	Is string // with its article: "a slow query log"
	Do string // what would make it readable, an imperative clause without a full stop
	// Line is the line, counted from 1, that showed it; 0 for a file that is no text.
	Line   int
	Offset int  // of the bytes that showed it, in the head
	Known  bool // it is more than text or binary data
}

// String returns the finding as one clause: what it is, where it was seen, what
// to do.
func (f Finding) String() string {
	where := fmt.Sprintf("byte %d", f.Offset)
	if f.Line > 0 {
		where = fmt.Sprintf("line %d", f.Line)
	}
	return fmt.Sprintf("%s (%s): %s", f.Is, where, f.Do)
}

// kind is a sort of file. seen returns where the head shows it, -1 for nowhere.
type kind struct {
	is, do string
	seen   func(head []byte) int
}

// Of returns what the file is whose text begins with head. It always finds
// something: a file of no known kind is plain text or binary data.
func Of(head []byte) Finding {
	head = head[:min(len(head), HeadSize)]
	for _, k := range signatures {
		if at := k.seen(head); at >= 0 {
			return Finding{Is: k.is, Do: k.do, Offset: at, Known: true}
		}
	}
	text := decode(head)
	for _, k := range kinds {
		if at := k.seen(text); at >= 0 {
			return Finding{k.is, k.do, 1 + bytes.Count(text[:at], []byte{'\n'}), at, true}
		}
	}
	if len(head) > 0 && len(bytes.TrimLeft(head, "\x00")) == 0 {
		return Finding{Is: "nothing but NUL bytes", Do: "the file is a hole, as copying a log that was cut leaves one; give a copy from before or the rotated files"}
	}
	if at := firstControl(text); at >= 0 {
		return Finding{Is: "binary data of no known kind", Do: give, Offset: at}
	}
	return Finding{Is: "text without a line of a general log", Do: give, Line: 1}
}

// Table returns the finding of a table that is nearly one of the log: what it lacks,
// and the line that shows it.
func Table(what string, line int) Finding {
	return Finding{Is: what, Do: giveTable, Line: line, Known: true}
}

// Wrapped returns the finding of a general log that has something around it, given a
// name, for a reading that takes nothing off.
func Wrapped(name string) Finding {
	return Finding{Is: "a general log with something around it, " + name, Do: "read it without --notebook: the default reading takes that off", Line: 1, Known: true}
}

// decode returns text without a byte order mark, from UTF-16 where that is what the
// mark means.
func decode(head []byte) []byte {
	order := func(lo, hi int) []byte {
		units := make([]uint16, 0, len(head)/2)
		for i := 2; i+1 < len(head); i += 2 {
			units = append(units, uint16(head[i+lo])|uint16(head[i+hi])<<8)
		}
		return []byte(string(utf16.Decode(units)))
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return order(0, 1)
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return order(1, 0)
	}
	return bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
}

// firstControl returns where the first control character is that no text holds;
// -1 for none. ESC is in text that was saved from a terminal.
func firstControl(text []byte) int {
	return bytes.IndexFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' && r != 0x1b
	})
}

// line returns a recogniser for heads with a match of a pattern at the start of
// one of their lines.
func line(pattern string) func([]byte) int { return first(`(?m)^(?:` + pattern + `)`) }

// begins returns a recogniser for heads that begin with a match, white space
// left out.
func begins(pattern string) func([]byte) int { return first(`\A\s*(?:` + pattern + `)`) }

// either returns a recogniser for what one of several recognises: the earliest.
func either(all ...func([]byte) int) func([]byte) int {
	return func(head []byte) int {
		best := -1
		for _, seen := range all {
			if at := seen(head); at >= 0 && (best < 0 || at < best) {
				best = at
			}
		}
		return best
	}
}

// first returns a recogniser for heads with a match, where the first one begins. The
// pattern is compiled when it is first asked for: all of them would take a fifth of the
// time in which the program starts, and nearly every file is a log.
func first(pattern string) func([]byte) int {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return func(head []byte) int {
		m := compiled().FindIndex(head)
		if m == nil {
			return -1
		}
		return m[0]
	}
}
