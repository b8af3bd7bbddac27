package tablelog

// Encoding is how a dump holds the argument column, which MySQL keeps as bytes
// and MariaDB as text.
type Encoding uint8

// The encodings of an argument.
const (
	Text   Encoding = iota
	Hex             // HEX(argument), or 0x... as mysql --binary-as-hex prints it
	Base64          // TO_BASE64(argument), maybe in lines
)

// maxColumns bounds the columns of a dump, the six of the table and whatever an
// export has added.
const maxColumns = 64

// Form is the syntax of a dump's rows.
type Form uint8

// The forms.
const (
	Delimited   Form = iota // fields between delimiters, a row a line (CSV, TSV)
	Drawn                   // a table drawn with lines, as the mysql client shows it
	Vertical                // a field a line, as the mysql client shows it for \G
	Inserts                 // INSERT statements, as mysqldump writes them
	JSON                    // objects, one a row, in an array or a line each
	ServerAudit             // the log of MariaDB's audit plugin
	TiDB                    // the general log of TiDB
)

var formNames = [...]string{
	Delimited: "rows of mysql.general_log", Drawn: "mysql.general_log as the client draws it", Vertical: `mysql.general_log as the client shows it for \G`,
	Inserts: "INSERT statements of mysql.general_log", JSON: "mysql.general_log as JSON", ServerAudit: "the log of MariaDB's server_audit", TiDB: "the general log of TiDB",
}

// String returns the form in words.
func (f Form) String() string { return formNames[f] }

// Layout is how a dump is written. It is comparable, and a copy is as good as
// the original. The zero value is no layout.
type Layout struct {
	Form      Form
	Delimiter byte // between fields: TAB, comma, semicolon or "|"
	Quoted    bool // a field may be in double quotes, where a doubled quote is one
	Backslash bool // a backslash escapes what follows, line ends included
	CRLF      bool // with Backslash: rows end in CR LF, and a bare LF is text
	Encoding  Encoding
	Clock     Clock
	UTC       bool          // times are UTC, which the table's own are where that is the server's zone
	Columns   int           // of a row
	at        [columns]int8 // where each column is, -1 for absent
	widths    string        // of Drawn: of each column in cells of a terminal, see widthsOf
	limit     int           // of a row that is read as a whole, set while a dump is read
}

// bare is the layout of a dump without a header: the columns of the table.
var bare = Layout{Columns: 6, at: [columns]int8{0, 1, 2, 4, 5, -1}}

// HasID reports whether the dump has a column with the ids of connections.
func (l *Layout) HasID() bool { return l.at[idColumn] >= 0 }

// Timed reports whether rows have times that can be read.
func (l *Layout) Timed() bool { return l.at[timeColumn] >= 0 && l.Clock != Unclear }

// Outcomes reports whether rows hold the server's answer, see Row.Error.
func (l *Layout) Outcomes() bool { return l.Form == ServerAudit }

// Missing names the columns of the table that the dump does not have and an
// analysis would use.
func (l *Layout) Missing() []string {
	var list []string
	for c, name := range columnNames {
		if l.at[c] < 0 {
			list = append(list, name)
		}
	}
	return list
}

// isHeader reports whether a row holds the names of the columns and no entry; a
// dump that was put together from several has one in front of each.
func (l Layout) isHeader(r *row) bool {
	for c := range columns {
		if l.at[c] < 0 || c == hostColumn {
			continue
		}
		if named, ok := columnOf(r.raw(l.at[c])); !ok || named != c {
			return false
		}
	}
	return true
}
