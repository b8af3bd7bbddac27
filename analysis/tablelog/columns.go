package tablelog

import (
	"bytes"
	"slices"
	"strings"
)

// column is one of the columns of mysql.general_log that are read. The last is
// none of the table: the host where an export has the user in a column alone.
type column uint8

const (
	timeColumn column = iota
	userColumn
	idColumn
	commandColumn
	argumentColumn
	hostColumn
	columns
)

// columnNames are the names in the table, in the order of column.
var columnNames = [hostColumn]string{"event_time", "user_host", "thread_id", "command_type", "argument"}

// BesideArgument reports whether a column of mysql.general_log other than that of the
// statement has a name.
func BesideArgument(name string) bool {
	c := slices.Index(columnNames[:], name)
	return c >= 0 && column(c) != argumentColumn || name == "server_id"
}

// aliases are other names that exports give to the columns, in small letters,
// blanks and dashes as underscores.
var aliases = [columns][]string{
	timeColumn:     {"time", "timestamp", "datetime", "date_time", "eventtime", "log_time", "logged_at"},
	userColumn:     {"user", "userhost", "username", "user_name", "account", "user@host"},
	idColumn:       {"id", "thread", "threadid", "connection_id", "connectionid", "conn_id", "connection", "processlist_id", "session_id"},
	commandColumn:  {"command", "cmd", "type", "commandtype", "event_type"},
	argumentColumn: {"query", "sql", "sql_text", "sqltext", "statement", "arg", "query_text", "info"},
	hostColumn:     {"host", "client_host", "hostname", "client"},
}

// maxName bounds the name of a column, with the functions around it.
const maxName = 256

// columnOf returns the column that a name of a header means, by its own name, which
// may be qualified, quoted, or an argument of a function such as HEX(argument) or
// CONVERT_TZ(event_time), or by an alias.
func columnOf(name []byte) (column, bool) {
	for c, own := range columnNames {
		if string(name) == own {
			return column(c), true
		}
	}
	if string(name) == "server_id" {
		return 0, false // is in every dump
	}
	if len(name) > maxName {
		return 0, false
	}
	lower := bytes.ToLower(name)
	for c, own := range columnNames {
		if bytes.Contains(lower, []byte(own)) {
			return column(c), true
		}
	}
	return byAlias(string(lower))
}

// spelled spells names as the aliases are.
var spelled = strings.NewReplacer(" ", "_", "-", "_")

// byAlias is columnOf for names of other programs.
func byAlias(lower string) (column, bool) {
	lower = strings.Trim(lower, "\"'`[] \t")
	lower = spelled.Replace(lower[strings.LastIndexAny(lower, ".`")+1:])
	for c, names := range aliases {
		if slices.Contains(names, lower) {
			return column(c), true
		}
	}
	return 0, false
}

// byHeader returns a layout whose columns are those that a header names. ok is
// false where it names too few to be a header of the log's table: a text, and two
// more of its own names or, under whatever names, a time, a command and who sent it,
// since any log of queries has a time, a user and a text.
func (l Layout) byHeader(names [][]byte) (_ Layout, ok bool) {
	if l.Columns = len(names); l.Columns > maxColumns {
		return l, false
	}
	for c := range l.at {
		l.at[c] = -1
	}
	own := 0
	for i, name := range names {
		lower := strings.ToLower(string(name))
		for c, want := range columnNames {
			if l.at[c] < 0 && strings.Contains(lower, want) {
				l.at[c] = int8(i)
				own++
				if column(c) == argumentColumn {
					l.Encoding = encodingOf(lower)
				}
				break
			}
		}
	}
	for i, name := range names {
		if c, ok := byAlias(strings.ToLower(string(name))); ok && l.at[c] < 0 && !slices.Contains(l.at[:], int8(i)) {
			l.at[c] = int8(i)
		}
	}
	if l.at[userColumn] < 0 {
		l.at[hostColumn] = -1
	}
	has := func(c column) bool { return l.at[c] >= 0 }
	if !has(argumentColumn) {
		return l, false
	}
	who := has(idColumn) || has(userColumn)
	return l, own >= 3 || own == 2 && has(timeColumn) && (who || has(commandColumn)) || has(timeColumn) && has(commandColumn) && who
}

// encodingOf reads how a header names the argument.
func encodingOf(lower string) Encoding {
	switch {
	case strings.Contains(lower, "base64"):
		return Base64
	case strings.Contains(lower, "hex"):
		return Hex
	}
	return Text
}

// fieldColumns are, by field of a row, the columns that are read; columns for another.
type fieldColumns [maxColumns]column

// columnsOf returns the columns of the dump's fields. They are found out once for rows of
// one dump.
func (s *Scanner) columnsOf(l *Layout) *fieldColumns {
	if s.width == l.Columns && s.at == l.at {
		return &s.of
	}
	s.width, s.at = l.Columns, l.at
	for n := range l.Columns {
		s.of[n] = columns
	}
	for c, at := range l.at {
		if at >= 0 {
			s.of[at] = column(c)
		}
	}
	return &s.of
}
