package wrapper

import (
	"bytes"
	"slices"
	"strings"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/tablelog"
)

// column is CSV (RFC 4180) that holds the log in one of its columns.
type column struct {
	separator byte
	at        int // the column
	title     string
	sides     []int  // columns that name the stream whose a row is, at most maxSides
	reversed  bool   // the rows are listed newest first
	names     []byte // the first line, without its end
}

func (c *column) holds() bool { return true }

func (c *column) name() string { return c.title }

func (c *column) open(known *streams) layer {
	return &columnLayer{column: c, header: true, ids: streamIDs{known: known, heads: isHead}}
}

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
		at, times := 0, make([]order, len(names))
		list := scoreColumns(separator[0], times, head)
		for k, score := range list {
			if score.more(list[at]) {
				at = k
			}
		}
		if tablelog.BesideArgument(strings.Trim(names[at], `"`)) {
			continue // entries of a file that was added to rows of the log's table
		}
		c := &column{separator: separator[0], at: at, names: []byte(line), title: "CSV (column " + strings.Trim(names[at], `"`) + ")"}
		for k, name := range names {
			c.reversed = c.reversed || slices.Contains(timeNames, strings.Trim(name, `"`)) && times[k].reversed()
		}
		for _, side := range sideNames {
			if k := slices.IndexFunc(names, func(name string) bool { return strings.Trim(name, `"`) == side }); k >= 0 && k != at && len(c.sides) < maxSides {
				c.sides = append(c.sides, k)
			}
		}
		if strings.Trim(names[at], `"`) == "@message" {
			c.title = "CloudWatch Logs Insights CSV"
		}
		return []kind{c}
	}
	return nil
}

// scoreColumns scores what each column holds, and adds its values to its order, in one
// walk: there may be thousands.
func scoreColumns(separator byte, orders []order, head []byte) []score {
	var parts []part
	l := columnLayer{column: &column{separator: separator}, header: true, parts: &parts}
	in, out := Text{Data: head}, Text{}
	in.Map.Add(len(head), 0, 1)
	l.take(&in, true, &output{Text: &out, account: new(Account)})
	list := make([]score, len(orders))
	for k, p := range parts {
		end := len(out.Data)
		if k+1 < len(parts) {
			end = parts[k+1].text
		}
		if p.column < len(list) {
			list[p.column].add(scoreOf(out.Data[p.text:end]))
			orders[p.column].add(out.Data[p.text:end])
		}
	}
	return list
}

// part is where in a text that all fields were taken into one of them begins.
type part struct{ column, text int }

// columnState is where in a row a layer is.
type columnState uint8

const (
	fieldStart columnState = iota
	bareField
	quotedField
	behindField // behind the quote that ends it
	plainLine   // in a line that is no row, and begins an entry
	entryStart
	entryInside
)

type columnLayer struct {
	*column
	state  columnState
	field  int  // the column that it is in
	header bool // it is in the first row
	newest byte // the last byte of the value
	ids    streamIDs
	row    rowStreams
	// parts notes where each field begins; then all are wanted. It is nil else.
	parts *[]part
}

// rowStreams is what the open row has named of its stream, and its value.
type rowStreams struct {
	name    []byte // of the field, its first bytes
	streams streamID
	trial   trial
	lead    int64 // the offset that the value leads to
	foreign bool  // the value is of another stream than the log's
	entered bool  // it went on at an entry in the row: then it is of the log
}

func (l *columnLayer) tells() *streamIDs { return &l.ids }

func (l *columnLayer) resume(inside bool) {
	l.ids.fixed, l.row = true, rowStreams{name: l.row.name[:0], entered: true}
	l.state, l.field, l.header, l.newest = entryStart, l.at, false, 0
	if inside {
		l.state = entryInside
	}
}

// wanted reports whether the field it is in is one of the log.
func (l *columnLayer) wanted() bool {
	return (l.field == l.at || l.parts != nil) && !l.header && !l.row.foreign
}

// side returns which side the field it is in is, -1 for none.
func (l *columnLayer) side() int {
	if l.header {
		return -1
	}
	return slices.Index(l.sides, l.field)
}

// note adds to the field what names a stream.
func (l *columnLayer) note(b []byte) {
	if l.side() >= 0 {
		l.row.name = append(l.row.name, b[:min(len(b), maxKey-len(l.row.name))]...)
	}
}

// named ends a field that may name a stream.
func (l *columnLayer) named() {
	if k := l.side(); k >= 0 {
		l.row.streams[k] = l.ids.of(l.row.name)
	}
	l.row.name = l.row.name[:0]
}

// settle ends the trial of a value at pos, by when the row has named its stream.
func (l *columnLayer) settle(in *Text, pos int, out *output) {
	if t := &l.row.trial; t.on && !l.ids.keeps(t, l.row.streams, in, pos, out) {
		l.row.foreign = true
	}
}

func (l *columnLayer) take(in *Text, last bool, out *output) int {
	done, row := l.walk(in, last, out), &l.row
	if row.trial.waits(in, last) {
		l.state, l.field, row.streams, row.name = fieldStart, l.at, row.trial.before, row.name[:0]
		done = row.trial.again(out)
		out.Map.LeadTo(row.lead)
		return done
	}
	if last && l.state == bareField { // the last line has no end
		l.named()
	}
	l.settle(in, len(in.Data), out)
	return done
}

func (l *columnLayer) walk(in *Text, last bool, out *output) int {
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
			if l.field == 0 && !l.header && len(l.names) > 0 {
				known := false
				if l.header, known = l.again(data[pos:], last); !known {
					return pos
				}
				if l.at > 0 && isHead(data[pos:pos+min(lineLen(data[pos:]), genlog.HeaderLen)]) {
					l.state = plainLine
					continue
				}
			}
			if l.parts != nil && !l.header {
				*l.parts = append(*l.parts, part{l.field, len(out.Data)})
			}
			if len(l.sides) > 0 && l.field == l.at && !l.header && !l.row.entered {
				l.row.trial.try(l.row.streams, pos, out)
			}
			if l.state = bareField; data[pos] == '"' {
				l.state, l.newest = quotedField, 0
				if l.wanted() {
					l.lead(in, pos, out)
				}
				pos++
			}
		case plainLine:
			n := lineLen(data[pos:])
			out.run(in, pos, pos+n)
			if pos += n; data[pos-1] == '\n' {
				l.state = fieldStart
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

// again reports whether a row is once more the first of a table, as where another was
// added to this one. It returns false where more must be seen.
func (l *columnLayer) again(row []byte, last bool) (header, known bool) {
	if len(row) < len(l.names)+genlog.HeaderLen && bytes.IndexByte(row, '\n') < 0 && !last {
		return false, false
	}
	behind, header := bytes.CutPrefix(row[genlog.Marks(row):], l.names)
	return header && (len(behind) == 0 || behind[0] == '\r' || behind[0] == '\n'), true
}

// quoted takes from a field in quotes.
func (l *columnLayer) quoted(in *Text, from int, last bool, out *output) int {
	data, pos, wanted := in.Data, from, l.wanted()
	p := newPiece(in, out, from)
	for pos < len(data) {
		if wanted && p.flat {
			if n := p.take(data[pos:], &csvQuoting); n > 0 {
				pos, l.newest = pos+n, out.Data[len(out.Data)-1]
			}
		}
		n := bytes.IndexByte(data[pos:], '"')
		if n < 0 {
			n = len(data) - pos
		}
		if n > 0 {
			if l.newest = data[pos+n-1]; wanted {
				out.Data = append(out.Data, data[pos:pos+n]...)
				p.run(pos + n)
			} else {
				l.note(data[pos : pos+n])
			}
			pos += n
			continue
		}
		switch {
		case len(data) == pos+1 && !last:
			p.end(pos)
			return pos - from
		case len(data) > pos+1 && data[pos+1] == '"':
			if l.newest = '"'; wanted {
				out.Data = append(out.Data, '"')
				p.pair(pos + 2)
			} else {
				l.note(data[pos : pos+1])
			}
			pos += 2
			continue
		}
		p.end(pos)
		if wanted && l.newest != '\n' {
			out.as(in, pos, pos+1, '\n')
		}
		l.state = behindField
		return pos + 1 - from
	}
	p.end(pos)
	return pos - from
}

// lead lets the value lead to pos.
func (l *columnLayer) lead(in *Text, pos int, out *output) {
	l.row.lead = in.Map.At(pos)
	out.Map.LeadTo(l.row.lead)
}

// bare takes from a field without quotes, or goes on to the end of one behind them.
func (l *columnLayer) bare(in *Text, from int, out *output) int {
	data := in.Data[from:]
	n := 0
	for n < len(data) && data[n] != l.separator && data[n] != '\n' {
		n++
	}
	if l.state == bareField {
		if l.wanted() {
			out.run(in, from, from+n)
		} else {
			l.note(data[:n])
		}
	}
	if n == len(data) {
		return n
	}
	if l.state == bareField && l.wanted() {
		out.as(in, from+n, from+n+1, '\n')
	}
	if data[n] == '\n' {
		l.row.name = bytes.TrimSuffix(l.row.name, []byte{'\r'})
	}
	l.named()
	if l.field++; data[n] == '\n' {
		if l.field <= l.at && !l.header {
			out.account.ForeignLines++ // a row of another kind
		}
		l.settle(in, from+n, out)
		l.field, l.header, l.row = 0, false, rowStreams{name: l.row.name}
	}
	l.state = fieldStart
	if l.wanted() {
		l.lead(in, from+n, out)
	}
	return n + 1
}
