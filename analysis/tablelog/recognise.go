package tablelog

import (
	"bytes"
	"math"
	"regexp"
	"sync"

	"sqleuth/analysis/genlog"
)

// compiled returns a pattern that is compiled when it is first asked for: nearly every file
// is a log as the server writes it, which needs none.
func compiled(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// HeadSize is how much of the head of a dump decides on its layout, in bytes.
const HeadSize = 256 << 10

// maxHeader bounds what is read in search of a header line or of the first
// columns of a row.
const maxHeader = 4 << 10

// Verdict is what the head of a file shows.
type Verdict uint8

// The verdicts.
const (
	NoTable  Verdict = iota // it is no dump of mysql.general_log
	MoreHead                // HeadSize bytes, or the end of the file, will decide
	Table                   // it is one
)

// Recognise finds the layout of a dump from its head; whole: the file has no more.
// The answer for a file depends on its first HeadSize bytes only, and NoTable comes
// as soon as its first line is there.
func Recognise(head []byte, whole bool) (Layout, Verdict) {
	line := firstLine(head)
	if len(line) == 0 && !whole && len(head) <= maxHeader {
		return Layout{}, MoreHead
	}
	complete := len(line) > 0 || whole
	if len(line) == 0 {
		line = head
	}
	if len(bytes.TrimSpace(line)) == 0 && len(head) <= maxHeader && !whole {
		return Layout{}, MoreHead // a table that was pasted may begin with empty lines
	}
	named := complete && len(line) <= maxHeader && isNamed(line)
	forms := formsBy(head)
	if !named && len(forms) == 0 && !beginsWithRow(line) {
		return Layout{}, NoTable
	}
	if len(head) < HeadSize && !whole {
		return Layout{}, MoreHead
	}
	rest := head[:min(len(head), HeadSize)]
	best, least := recognise(rest, line, named, forms, whole && len(head) < HeadSize)
	if least.good == 0 && (!named || best.Form != Delimited || least.bad > 0) || least.rows < least.wrong && best.Form != TiDB {
		return Layout{}, NoTable
	}
	if best.Encoding == Text {
		best.Encoding = least.encoding()
	}
	return best, Table
}

// recognise finds the layout that fits the head of a dump best. Where its times can
// be read in two ways, or in none, the rows are read without.
func recognise(head, line []byte, named bool, forms []Form, whole bool) (best Layout, least trial) {
	list := candidates(line, named)
	for _, form := range forms {
		if l, ok := form.layout(head, whole); ok {
			list = append(list, l)
		}
	}
	if best, least = fit(list, ISO, head, whole); least.good > 0 {
		return best, least
	}
	month, m := fit(list, MonthFirst, head, whole)
	day, d := fit(list, DayFirst, head, whole)
	switch {
	case m.good > d.good:
		return month, m
	case m.good < d.good:
		return day, d
	}
	if unclear, u := fit(list, Unclear, head, whole); u.good > 0 && u.wrong == 0 && (named || unclear.Form != Delimited) {
		return unclear, u
	}
	// A table that holds a header only has the first of its layouts.
	return best, least
}

// fit returns the layout of a list that fits the head of a dump best, the first
// of equals.
func fit(list []Layout, clock Clock, head []byte, whole bool) (best Layout, least trial) {
	least = trial{bad: math.MaxInt}
	for _, l := range list {
		l.Clock = clock
		if t := l.try(head, whole); t.better(least) {
			best, least = l, t
		}
	}
	return best, least
}

// isNamed reports whether a line holds names of the log's columns.
func isNamed(line []byte) bool {
	if bytes.Contains(bytes.ToLower(line), []byte(columnNames[timeColumn])) {
		return true
	}
	for _, d := range delimiters {
		if names := headerNames(bytes.TrimRight(line, "\r\n"), d); len(names) > 2 {
			if _, ok := (Layout{}).byHeader(names); ok {
				return true
			}
		}
	}
	return false
}

// headerNames cuts a header; nil for a line that is none.
func headerNames(text []byte, delimiter byte) [][]byte {
	var r row
	if bytes.IndexByte(text, delimiter) < 0 || !r.split(Layout{Delimiter: delimiter, Quoted: true}, text) {
		return nil
	}
	names := make([][]byte, r.n)
	for i := range names {
		names[i] = r.raw(int8(i))
	}
	return names
}

// dumpLine begins the first line of a file of statements.
var dumpLine = compiled(`\A(?:-- |--\s|/\*|#|(?i:insert|replace|set|create|drop|lock|use|start)\s|mysqldump: |mariadb-dump: )`)

// formsBy returns the forms that a dump may have whose text begins like this.
func formsBy(text []byte) []Form {
	text = bytes.TrimLeft(text[:min(len(text), maxHeader)], " \r\n")
	line, _, _ := bytes.Cut(text, []byte{'\n'})
	if len(line) == 0 {
		return nil
	}
	switch {
	case line[0] == '[' && beginsWithTiDB(line):
		return []Form{TiDB}
	case line[0] == '{' || line[0] == '[':
		return []Form{JSON}
	case line[0] >= '0' && line[0] <= '9':
		if BeginsWithAudit(line) {
			return []Form{ServerAudit}
		}
		return nil
	case line[0] == '+' || line[0] == '|':
		return []Form{Drawn}
	case line[0] == '*':
		return []Form{Vertical}
	case frameLine(line):
		return []Form{Drawn, Vertical}
	case dumpLine().Match(line):
		return []Form{Inserts}
	}
	return nil
}

// layout finds the layout of a form from the head of a dump.
func (f Form) layout(head []byte, whole bool) (Layout, bool) {
	switch f {
	case JSON:
		return jsonLayout(head, whole)
	case Inserts:
		return insertLayout(head, whole)
	case Vertical:
		return verticalLayout(head, whole)
	case Drawn:
		return drawnLayout(head)
	}
	return Layout{Form: f, at: bare.at}, true
}

// firstLine returns the first line of b with its line end, nothing where it has
// none.
func firstLine(b []byte) []byte { return b[:bytes.IndexByte(b, '\n')+1] }

// beginsWithRow reports whether a line begins with a time and a user_host, which no
// line of a log in a server's own form does.
func beginsWithRow(line []byte) bool {
	line = bytes.TrimPrefix(line, []byte{'"'})
	if len(line) < 19 || line[4] != '-' || digits(line[:4]) < 0 || line[13] != ':' {
		return false
	}
	return bytes.Contains(line[:min(len(line), maxHeader)], []byte("] @ "))
}

// delimiters are those that programs write, the least likely in text first.
var delimiters = []byte{'\t', ',', ';', '|'}

// candidates returns the layouts in which the first line of a dump makes sense,
// the likelier ones first.
func candidates(line []byte, named bool) []Layout {
	crlf := bytes.HasSuffix(line, []byte("\r\n"))
	text := bytes.TrimRight(line, "\r\n")
	begins := bytes.HasPrefix(text, []byte{'"'})
	var list []Layout
	for _, d := range delimiters {
		if bytes.IndexByte(text, d) < 0 {
			continue
		}
		base := bare
		base.Delimiter = d
		if named {
			var ok bool
			if base, ok = base.byHeader(headerNames(text, d)); !ok {
				continue
			}
		}
		rfc, escaped, plain := base, base, base
		rfc.Quoted = true
		escaped.Quoted, escaped.Backslash = true, true
		plain.Backslash = true
		var order []Layout
		switch {
		case d == '\t' && !begins:
			order = []Layout{plain, rfc, escaped} // mysql --batch, INTO OUTFILE
		case named:
			order = []Layout{rfc, escaped, plain} // programs write headers
		default:
			order = []Layout{escaped, rfc, plain} // INTO OUTFILE, the CSV engine
		}
		for _, l := range order {
			if crlf && l.Backslash {
				with := l
				with.CRLF = true
				list = append(list, with)
			}
			list = append(list, l)
		}
	}
	return list
}

// trial is how well a layout fits the head of a dump.
type trial struct {
	rows  int // that are entries
	wrong int // that are not
	good  int // bytes of entries
	bad   int // bytes of the others, and escapes that no server writes
	// Arguments that are encoded in each way and decode to text, and those that are
	// not encoded so.
	spoken, other [Base64 + 1]int
}

// encoding returns the encoding that every argument is in.
func (t *trial) encoding() Encoding {
	for _, e := range []Encoding{Hex, Base64} {
		if t.other[e] == 0 && t.spoken[e] > 0 {
			return e
		}
	}
	return Text
}

// better reports whether t fits better than other, which was tried before. A layout
// that misses row ends has little that is good.
func (t trial) better(other trial) bool {
	if t.bad != other.bad {
		return t.bad < other.bad
	}
	return t.good > other.good
}

// try reads the whole rows of head in a layout.
func (l Layout) try(head []byte, whole bool) (t trial) {
	end := len(head)
	if !whole {
		if end = NewSplitter(l, genlog.MaxRecord).LastStart(head, false); end == 0 {
			end = len(head) // a first row longer than the head
			whole = true
		}
	}
	var s Scanner
	s.Scan(genlog.Chunk{Data: head[:end], Last: whole}, l, Handler{
		Row: func(r *Row) {
			t.rows++
			t.good += len(r.Raw)
			t.bad += s.row.odd
			if len(r.Argument) == 0 {
				return
			}
			for _, e := range []Encoding{Hex, Base64} {
				text, ok := decode(nil, r.Argument, e)
				switch {
				case !ok:
					t.other[e]++
				case len(text) >= minSpoken && printable(text):
					t.spoken[e]++
				}
			}
		},
		Header: func(int) {},
		Reject: func(_ int64, n int, _ Fault) {
			t.wrong++
			t.bad += n
		},
	})
	return t
}

// minSpoken is the shortest hexadecimal argument, decoded, that can show that
// the column is encoded: a database may be called "cafe", no statement is.
const minSpoken = 8

// printable reports whether text is ASCII as statements are made of.
func printable(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c > '~' {
			return false
		}
	}
	return true
}
