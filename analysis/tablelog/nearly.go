package tablelog

import (
	"bytes"
	"fmt"
	"strings"

	"sqleuth/analysis/genlog"
)

// Nearly describes a file that is a dump of the log's table, or of one like it, and
// that Recognise cannot read: what is missing, or the first row that cannot be read.
// line counts from 1. ok is false for a file that is nothing of the kind.
func Nearly(head []byte) (what string, line int, ok bool) {
	head = head[:min(len(head), HeadSize)]
	first := bytes.TrimRight(firstLine(head), "\r\n")
	if len(first) == 0 {
		first = head[:min(len(head), maxHeader)]
	}
	named := isNamed(first)
	var list []Layout
	if named || beginsWithRow(first) {
		list = candidates(first, named)
	}
	for _, form := range formsBy(head) {
		if l, ok := form.layout(head, true); ok && form != ServerAudit && form != TiDB {
			list = append(list, l)
		}
	}
	if len(list) == 0 {
		for range 3 { // a drawn table has a line above its header
			if what, at, ok := lacking(bytes.Trim(firstLine(head), "|+ \r\n")); ok {
				return what, line + at, ok
			}
			head, line = head[len(firstLine(head)):], line+1
		}
		return lacking(first)
	}
	best, _ := fit(list, ISO, head, true)
	return best.firstFault(head)
}

// lacking names the columns that a header lacks of those that an entry cannot do
// without.
func lacking(line []byte) (what string, at int, ok bool) {
	for _, d := range delimiters {
		found := map[column]bool{}
		own := 0
		for _, name := range headerNames(line, d) {
			c, known := columnOf(name)
			if !known {
				continue
			}
			found[c] = true
			if c < hostColumn && strings.Contains(strings.ToLower(string(name)), columnNames[c]) {
				own++
			}
		}
		if own < 2 && len(found) < 3 {
			continue
		}
		var missing []string
		for c, name := range columnNames {
			if !found[column(c)] && (column(c) == argumentColumn || found[argumentColumn]) {
				missing = append(missing, name)
			}
		}
		return "a table like mysql.general_log without a column " + strings.Join(missing, " and "), 1, true
	}
	return "", 0, false
}

// firstFault describes the first row that cannot be read.
func (l Layout) firstFault(head []byte) (what string, line int, ok bool) {
	var s Scanner
	s.Scan(genlog.Chunk{Data: head, First: true, Last: true}, l, Handler{
		Row:    func(*Row) {},
		Header: func(int) {},
		Reject: func(offset int64, n int, why Fault) {
			if ok {
				return
			}
			ok = true
			line = 1 + bytes.Count(head[:offset], []byte{'\n'})
			what = "a dump of mysql.general_log whose rows cannot be read: " + faults[why]
			if why == BadTime {
				value := s.timeText(l, head[offset:offset+int64(n)])
				what = fmt.Sprintf("a dump of mysql.general_log whose event_time cannot be read: %q", cutText(value))
			}
		},
	})
	return what, line, ok
}

// faults are the faults in words.
var faults = [...]string{
	BadQuotes: "quotes that are not around a whole field", BadColumns: "another number of fields than columns", BadTime: "event_time is no time",
	BadID: "thread_id is no number", BadCommand: "command_type is empty", BadText: "text between the rows", BadRow: "not as the form has them",
}

// timeText returns what a row has as its time.
func (s *Scanner) timeText(l Layout, raw []byte) []byte {
	if l.Form != Delimited {
		return s.fields.text[timeColumn]
	}
	text, _, _ := s.row.text(l, l.at[timeColumn], nil)
	return text
}

// cutText returns the start of a value, for a message.
func cutText(b []byte) []byte { return b[:min(len(b), 40)] }
