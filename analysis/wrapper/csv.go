package wrapper

import (
	"bytes"
	"strings"
)

// column is CSV (RFC 4180) that holds the log in one of its columns.
type column struct {
	separator byte
	at        int // the column
	title     string
}

func (c *column) holds() bool { return true }

func (c *column) name() string { return c.title }

func (c *column) open(*streams) layer { return &columnLayer{column: c, header: true} }

// columnNames are characters of the names of columns.
const columnNames = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@_-. \""

// findCSV finds a table whose first line names its columns, and the column whose
// values begin entries, or where none does, the one that holds most: what is in it
// may be wrapped too.
func findCSV(head []byte) []kind {
	line := strings.TrimRight(string(head[:min(lineLen(head), maxPrefix)]), "\r\n")
	for _, separator := range []string{",", ";", "\t"} {
		names := strings.Split(line, separator)
		if len(names) < 2 || strings.Trim(line, columnNames+separator) != "" {
			continue
		}
		var best *column
		var most score
		for at, name := range names {
			c := &column{separator: separator[0], at: at, title: "CSV (column " + strings.Trim(name, `"`) + ")"}
			if strings.Trim(name, `"`) == "@message" {
				c.title = "CloudWatch Logs Insights CSV"
			}
			if n := c.score(head); best == nil || n.more(most) {
				best, most = c, n
			}
		}
		return []kind{best}
	}
	return nil
}

// score scores what a column holds.
func (c *column) score(head []byte) score {
	var text Text
	s := Stack{layers: []fitted{{kind: c}}}
	s.Open().Add(head, 0, true, &text)
	return scoreOf(text.Data)
}

// columnState is where in a row a layer is.
type columnState uint8

const (
	fieldStart columnState = iota
	bareField
	quotedField
	behindField // behind the quote that ends it
	entryStart
	entryInside
)

type columnLayer struct {
	*column
	state  columnState
	field  int  // the column that it is in
	header bool // it is in the first row
	newest byte // the last byte of the value
}

func (l *columnLayer) resume(inside bool) {
	l.state, l.field, l.header, l.newest = entryStart, l.at, false, 0
	if inside {
		l.state = entryInside
	}
}

// wanted reports whether the field it is in is one of the log.
func (l *columnLayer) wanted() bool { return l.field == l.at && !l.header }

func (l *columnLayer) take(in *Text, last bool, out *output) int {
	data := in.Data
	for pos := 0; pos < len(data); {
		switch l.state {
		case entryStart, entryInside:
			switch c := data[pos]; {
			case l.state == entryStart && c == '"':
				l.state = fieldStart
			case l.state == entryStart && (c == l.separator || c == '\n'):
				out.Map.Lead(&in.Map, pos)
				l.state = bareField
				pos++
			default:
				l.state = quotedField
			}
		case fieldStart:
			if l.state = bareField; data[pos] == '"' {
				l.state, l.newest = quotedField, 0
				if l.wanted() {
					out.Map.Lead(&in.Map, pos)
				}
				pos++
			}
		case quotedField:
			n := l.quoted(in, pos, last, out)
			if n == 0 {
				return pos
			}
			pos += n
		default:
			pos += l.bare(in, pos, out)
		}
	}
	return len(data)
}

// quoted takes from a field in quotes.
func (l *columnLayer) quoted(in *Text, from int, last bool, out *output) int {
	data := in.Data[from:]
	n := bytes.IndexByte(data, '"')
	if n < 0 {
		n = len(data)
	}
	if n > 0 {
		l.newest = data[n-1]
		if l.wanted() {
			out.run(in, from, from+n)
		}
		return n
	}
	switch {
	case len(data) == 1 && !last:
		return 0
	case len(data) > 1 && data[1] == '"':
		if l.newest = '"'; l.wanted() {
			out.as(in, from, from+2, '"')
		}
		return 2
	}
	if l.wanted() && l.newest != '\n' {
		out.as(in, from, from+1, '\n')
	}
	l.state = behindField
	return 1
}

// bare takes from a field without quotes, or goes on to the end of one behind them.
func (l *columnLayer) bare(in *Text, from int, out *output) int {
	data := in.Data[from:]
	n := 0
	for n < len(data) && data[n] != l.separator && data[n] != '\n' {
		n++
	}
	if l.state == bareField && l.wanted() {
		out.run(in, from, from+n)
	}
	if n == len(data) {
		return n
	}
	if l.state == bareField && l.wanted() {
		out.as(in, from+n, from+n+1, '\n')
	}
	if l.field++; data[n] == '\n' {
		l.field, l.header = 0, false
	}
	l.state = fieldStart
	if l.wanted() {
		out.Map.Lead(&in.Map, from+n)
	}
	return n + 1
}
