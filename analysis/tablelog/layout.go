package tablelog

import (
	"bytes"
	"strings"
)

// Encoding is how a dump holds the argument column, which MySQL keeps as bytes
// and MariaDB as text.
type Encoding uint8

// The encodings of an argument.
const (
	Text   Encoding = iota
	Hex             // HEX(argument), or 0x... as mysql --binary-as-hex prints it
	Base64          // TO_BASE64(argument), maybe in lines
)

// column is one of the columns of mysql.general_log that are read.
type column uint8

const (
	timeColumn column = iota
	userColumn
	idColumn
	commandColumn
	argumentColumn
	columns
)

// columnNames are the names in the table, in the order of column.
var columnNames = [columns]string{"event_time", "user_host", "thread_id", "command_type", "argument"}

// maxColumns bounds the columns of a dump, the six of the table and whatever an
// export has added.
const maxColumns = 64

// Layout is how a dump is written. It is comparable, and a copy is as good as
// the original. The zero value is no layout.
type Layout struct {
	Delimiter byte // between fields: TAB, comma, semicolon or "|"
	Quoted    bool // a field may stand in double quotes, where a doubled quote is one
	Backslash bool // a backslash escapes what follows, line ends included
	CRLF      bool // with Backslash: rows end in CR LF, and a bare LF is text
	Encoding  Encoding
	Columns   int           // of a row
	at        [columns]int8 // where each column is, -1 for absent
}

// bare is the layout of a dump without a header: the columns of the table.
var bare = Layout{Columns: 6, at: [columns]int8{0, 1, 2, 4, 5}}

// byHeader returns a layout whose columns are those that a header line names.
// Names may be qualified, quoted, or arguments of a function, such as
// HEX(argument) or CONVERT_TZ(event_time). ok is false when one that an entry
// cannot do without is missing.
func (l Layout) byHeader(names [][]byte) (_ Layout, ok bool) {
	l.Columns = len(names)
	for c := range l.at {
		l.at[c] = -1
	}
	for i, name := range names {
		lower := strings.ToLower(string(name))
		for c, want := range columnNames {
			if l.at[c] >= 0 || !strings.Contains(lower, want) {
				continue
			}
			l.at[c] = int8(i)
			if column(c) == argumentColumn {
				switch {
				case strings.Contains(lower, "base64"):
					l.Encoding = Base64
				case strings.Contains(lower, "hex"):
					l.Encoding = Hex
				}
			}
			break
		}
	}
	return l, l.at[timeColumn] >= 0 && l.at[idColumn] >= 0 && l.at[commandColumn] >= 0 && l.at[argumentColumn] >= 0
}

// isHeader says whether a row holds the names of the columns and no entry; a
// dump that was put together from several has one in front of each.
func (l Layout) isHeader(r *row) bool {
	for _, c := range [...]column{timeColumn, idColumn, commandColumn} {
		if !bytes.Contains(bytes.ToLower(r.raw(l.at[c])), []byte(columnNames[c])) {
			return false
		}
	}
	return true
}
