package integrity

import (
	"fmt"
	"slices"
	"strings"

	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/wording"
)

// server is what the log shows of the server that wrote it.
type server struct {
	version     string // as in the banner, empty where there is none
	mariaDB     bool
	known       bool // MySQL or MariaDB for certain, by the banner's word
	parsesFirst bool // writes a statement to the log only once it could be parsed
}

// server takes the last banner's word; without one, ISO times mean MySQL 5.7 or
// later.
func (c *check) server() (s server) {
	if n := len(c.Coverage.Opened); n > 0 {
		line := c.Coverage.Opened[n-1].Version
		v := parseVersion(line)
		s.version, s.known = v.text, v.major > 0
		s.mariaDB = strings.Contains(strings.ToLower(line), "mariadb")
		s.parsesFirst = s.known && !s.mariaDB && (v.major > 5 || v.major == 5 && v.minor >= 6)
	}
	if !s.known {
		for _, f := range c.Files {
			s.parsesFirst = s.parsesFirst || f.Forms.UTC+f.Forms.Offset > 0 && !s.mariaDB
		}
	}
	return s
}

// version is the one that a banner names, major 0 where it names none.
type version struct {
	text         string
	major, minor int
}

func parseVersion(banner string) (v version) {
	_, rest, _ := strings.Cut(banner, ", Version: ")
	v.text, _, _ = strings.Cut(rest, " ")
	v.text = strings.TrimSuffix(v.text, ",")
	if _, err := fmt.Sscanf(v.text, "%d.%d", &v.major, &v.minor); err != nil {
		v.major = 0
	}
	return v
}

// limits lists what this log cannot show.
func (c *check) limits() (list []string) {
	say := func(format string, args ...any) { list = append(list, fmt.Sprintf(format, args...)) }
	if c.Entries.Len() == 0 {
		say("The log has no entry: the server opened it and nothing was written, or entries were removed.")
		return list
	}
	if c.Outcomes.Any() {
		say("An entry with an outcome says what the server answered, in its error number; how many rows a statement gave is not known. Other entries say that a statement was sent, not that it worked.")
	} else {
		say("An entry says that a statement was sent, not that it worked, how many rows it gave or how long it took.")
	}
	c.columnLimits(say)
	c.serverLimits(say)
	c.fileLimits(say)
	c.timeLimits(say)
	c.extentLimits(say)
	c.statementLimits(say)
	if c.Reading == reading.Notebook {
		say("The notebook's reading loses the last entry of a file and does not look for forged entries.")
	}
	return list
}

// absent describes what follows from a column that a dump does not have.
var absent = map[string]string{
	"event_time":   "no time of its rows is known",
	"user_host":    "who sent a row is known from logins only",
	"thread_id":    "connection ids are unknown; the rows of one account, from one login to the next, count as one connection",
	"command_type": "every row counts as a Query, logins among them",
}

// columnLimits lists the columns that dumps of the log's table do not have.
func (c *check) columnLimits(say sayer) {
	for _, f := range c.Files {
		if f.Table == nil {
			continue
		}
		if f.Table.Clock == tablelog.Unclear {
			say("%s has an event_time that can be two days or none, as spreadsheets write it: no time of its rows is known.", wording.Name(f.Name))
		}
		for _, column := range f.Table.Missing() {
			if what, ok := absent[column]; ok {
				say("%s has no column %s: %s.", wording.Name(f.Name), column, what)
			}
		}
	}
}

type sayer func(format string, args ...any)

// serverLimits lists what follows from the server's kind and version.
func (c *check) serverLimits(say sayer) {
	s := c.server()
	switch {
	case s.parsesFirst && s.known:
		say("MySQL %s logs only statements that it could parse, unless it ran with --log-raw: failed attempts at injection are not here, and that none is seen proves nothing.", wording.Name(s.version))
	case s.parsesFirst:
		say("MySQL 5.7 and later, whose form of times this log has, log only statements that they could parse, unless run with --log-raw: failed attempts at injection are not here, and that none is seen proves nothing.")
	case s.mariaDB:
		say("MariaDB logs statements before it parses them: broken ones are here, and nothing tells them from those that worked.")
	case s.known:
		say("MySQL %s logs statements before it parses them: broken ones are here, and nothing tells them from those that worked.", wording.Name(s.version))
	case c.Layout(0) != nil:
		say("A table does not say which server wrote it: MySQL 5.6 and later log only statements that they could parse, MariaDB and older ones log all.")
	default:
		say("No banner says which server wrote this: MySQL 5.6 and later log only statements that they could parse, MariaDB and older ones log all.")
	}
	if c.Connections.OpenLogins {
		say("Logins of this server end in the name of a database, which a client chooses before a password is asked for: lines that were written by a line break in it can be told by a wrong time or id only.")
	}
}

// fileLimits names what is taken for granted of several files.
func (c *check) fileLimits(say sayer) {
	if len(c.Files) < 2 || c.SeveralServers() {
		return
	}
	var versions []string
	for _, b := range c.Coverage.Opened {
		if v := parseVersion(b.Version); v.major > 0 && !slices.Contains(versions, v.text) {
			versions = append(versions, v.text)
		}
	}
	named := ""
	if len(versions) > 1 {
		named = " (its banners name the versions " + strings.Join(versions[:min(len(versions), 5)], ", ") + ")"
	}
	say("%d files are read as the log of one server%s: which server wrote a file is not in it. Where they are of several, connections, restarts and accounts of these are mixed up here; --server NAME=FILE for each keeps them apart.", len(c.Files), named)
}

// timeLimits lists what the form of times leaves open.
func (c *check) timeLimits(say sayer) {
	var short, same, iso int
	for _, f := range c.Files {
		short, same, iso = short+f.Forms.Short, same+f.Forms.Same, iso+f.Forms.UTC+f.Forms.Offset
	}
	if c.Unzoned {
		say("Times are the server's local times and the log does not say in which zone; an hour may occur twice when clocks are set back.")
	} else if short > 0 {
		say("Times are the server's local times, converted with the zone that was given; the log cannot confirm that zone.")
	}
	n := c.Entries.Untimed()
	if n > 0 {
		say("%s no time: the order of the log tells what came first, nothing tells when.", wording.Counted(n, "entry has", "entries have"))
	}
	if short+same > 0 && n < c.Entries.Len() {
		say("Times are whole seconds: within a second only the order of writing is known, and a line that a client writes by a line break in a name, with a time that it guesses, may fit in.")
	}
}

// extentLimits lists where the log begins, ends and breaks off.
func (c *check) extentLimits(say sayer) {
	first := -1
	if len(c.Coverage.Opened) > 0 {
		first = c.opened[0].entry
	}
	switch {
	case c.unseen > 0:
		say("The log begins in the middle of a server's life: %s open before it, who logged in there and what was sent before is not known.",
			wording.Counted(c.unseen, "connection was", "connections were"))
	case first != 0 && c.Layout(0) != nil:
		say("A table does not tell when it was begun or emptied: what was sent before its first row is not here.")
	case first != 0:
		say("No banner stands before the first entry: the log may have begun earlier, and what was sent before is not here.")
	}
	for _, f := range c.Files {
		if f.Empty != "" {
			say("%s holds no entry: it is %s.", wording.Name(f.Name), f.Empty)
		}
		if len(f.Damage) > 0 {
			say("%s was not read as a whole: %s.", wording.Name(f.Name), f.Damaged())
		}
	}
	if n := c.Coverage.Rejects; n > 0 {
		say("%s, %d bytes, could not be read as entries.", wording.Counted(n, "stretch of the log", "stretches of the log"), c.Coverage.RejectBytes)
	}
	if n := c.Coverage.LongEntries; n > 0 {
		say("Of %s too long to hold only the head was analysed.", wording.Counted(n, "entry", "entries"))
	}
	if len(c.Full) > 0 {
		say("The log has more %s than are told apart: the rest counts as one.", strings.Join(c.Full, " and "))
	}
	for _, f := range c.found {
		if f.Kind == LoggingChanged {
			say("Somebody asked for the log to be switched off or sent elsewhere: what was sent meanwhile is not here.")
			break
		}
	}
	if n := len(c.silenced); n > 0 {
		var names []string
		for _, k := range c.silenced[:min(n, 5)] {
			names = append(names, c.Connections.Name(int(k)))
		}
		say("Connections that asked for sql_log_off go on unseen: %s.", listed(names, n))
	}
}

// statementLimits lists what statements seen in the log leave open.
func (c *check) statementLimits(say sayer) {
	var rewritten, typed, calls, prepared bool
	for _, t := range c.Templates {
		head := strings.ToUpper(t.Text[:min(len(t.Text), 16)])
		switch {
		case strings.HasPrefix(head, "CALL "):
			calls = true
		case strings.HasPrefix(head, "PREPARE "):
			prepared = true
		case startsWithAny(head, "CREATE USER", "ALTER USER", "GRANT ", "SET PASSWORD", "CHANGE ", "START ", "CREATE SERVER", "ALTER SERVER"):
			text := strings.ToUpper(t.Text)
			switch {
			case strings.Contains(text, "<SECRET>"), strings.Contains(text, "IDENTIFIED WITH ") && strings.Contains(text, " AS "),
				strings.Contains(text, "IDENTIFIED BY PASSWORD"):
				rewritten = true
			case strings.Contains(text, "IDENTIFIED BY "), strings.Contains(text, "PASSWORD"):
				typed = true
			}
		}
	}
	if rewritten {
		say("Account statements stand here with hashes or <secret> in place of passwords: the server rewrote them, the client typed something else.")
	}
	if typed {
		say("Account statements may hold passwords in clear text: take care with exports.")
	}
	if calls {
		say("Stored procedures were called: the statements inside them appear as entries of their own that no client typed.")
	}
	if prepared {
		say("Statements were prepared in SQL: each appears more than once, as PREPARE, EXECUTE and what they run.")
	}
}

func startsWithAny(s string, prefixes ...string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
