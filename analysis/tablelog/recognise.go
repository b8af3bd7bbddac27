package tablelog

import (
	"bytes"
	"math"

	"sqleuth/analysis/genlog"
)

// HeadSize is how much of the head of a dump decides on its layout, in bytes.
const HeadSize = 256 << 10

// maxHeader bounds what is read in search of a header line or of the first
// columns of a row.
const maxHeader = 4 << 10

// Verdict is what the head of a file tells.
type Verdict uint8

// The verdicts.
const (
	NoTable  Verdict = iota // it is no dump of mysql.general_log
	MoreHead                // HeadSize bytes, or the end of the file, will tell
	Table                   // it is one
)

// Recognise finds the layout of a dump from its head; whole says that the file
// has no more. The answer for a file depends on its first HeadSize bytes only,
// and NoTable comes as soon as its first line is there.
func Recognise(head []byte, whole bool) (Layout, Verdict) {
	rest := bytes.TrimPrefix(head, byteOrderMark)
	line := firstLine(rest)
	if len(line) == 0 && !whole && len(rest) <= maxHeader {
		return Layout{}, MoreHead
	}
	complete := len(line) > 0 || whole
	if len(line) == 0 {
		line = rest
	}
	named := complete && len(line) <= maxHeader && bytes.Contains(bytes.ToLower(line), []byte(columnNames[timeColumn]))
	if !named && !beginsWithRow(line) {
		return Layout{}, NoTable
	}
	if len(head) < HeadSize && !whole {
		return Layout{}, MoreHead
	}
	rest = rest[:min(len(rest), HeadSize-(len(head)-len(rest)))]
	var best Layout
	least := trial{bad: math.MaxInt}
	for _, l := range candidates(line, named) {
		if t := l.try(rest, whole && len(head) < HeadSize); t.better(least) {
			best, least = l, t
		}
	}
	// A table that holds nothing yet has a header only.
	if least.good == 0 && (!named || least.bad > 0) || least.rows < least.wrong {
		return Layout{}, NoTable
	}
	if best.Encoding == Text && least.hex {
		best.Encoding = Hex
	}
	return best, Table
}

// firstLine returns the first line of b with its line end, nothing where it has
// none.
func firstLine(b []byte) []byte { return b[:bytes.IndexByte(b, '\n')+1] }

// beginsWithRow says whether a line begins with a time and a user_host, which no
// line of a log in a server's own form does.
func beginsWithRow(line []byte) bool {
	line = bytes.TrimPrefix(line, []byte{'"'})
	if len(line) < 19 || line[4] != '-' || digits(line[:4]) < 0 || line[13] != ':' {
		return false
	}
	return bytes.Contains(line[:min(len(line), maxHeader)], []byte("] @ "))
}

// delimiters are those that programs write, in order of how much they say.
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
			var r row
			if !r.split(Layout{Delimiter: d, Quoted: true}, text) {
				continue
			}
			names := make([][]byte, r.n)
			for i := range names {
				names[i] = r.raw(int8(i))
			}
			var ok bool
			if base, ok = base.byHeader(names); !ok {
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
	rows  int  // that are entries
	wrong int  // that are not
	good  int  // bytes of entries
	bad   int  // bytes of the others, and escapes that no server writes
	hex   bool // every argument is hexadecimal, and together they say something
}

// better says whether t fits better than other, which was tried before. A layout
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
		if end = NewSplitter(l).LastEnd(head); end == 0 {
			end = len(head) // a first row longer than the head
			whole = true
		}
	}
	var s Scanner
	spoken, other := 0, 0
	s.Scan(genlog.Chunk{Data: head[:end], Last: whole}, l, Handler{
		Row: func(r *Row) {
			t.rows++
			t.good += len(r.Raw)
			t.bad += s.row.odd
			if len(r.Argument) == 0 {
				return
			}
			text, ok := decode(nil, r.Argument, Hex)
			switch {
			case !ok:
				other++
			case len(text) >= minSpoken && printable(text):
				spoken++
			}
		},
		Header: func(int) {},
		Reject: func(_ int64, n int, _ Fault) {
			t.wrong++
			t.bad += n
		},
	})
	t.hex = other == 0 && spoken > 0
	return t
}

// minSpoken is the shortest hexadecimal argument, decoded, that can show that
// the column is encoded: a database may be called "cafe", no statement is.
const minSpoken = 8

// printable says whether text is ASCII as statements are made of.
func printable(text []byte) bool {
	for _, c := range text {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c > '~' {
			return false
		}
	}
	return true
}
