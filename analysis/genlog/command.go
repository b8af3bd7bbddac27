package genlog

// commands are the names that servers print in the command column, MySQL 5.1
// to 9.x (Command_names::m_names in sql/sql_parse.cc) and MariaDB. The set is
// open: a name that is not here is taken between a whole header and a TAB.
var commands = []string{
	"Query", "Connect", "Quit", "Init DB", "Execute", "Prepare", "Close stmt", "Field List", "Statistics",
	"Sleep", "Create DB", "Drop DB", "Refresh", "Shutdown", "Processlist", "Kill", "Debug", "Ping", "Time",
	"Delayed insert", "Change user", "Binlog Dump GTID", "Binlog Dump", "Table Dump", "Connect Out",
	"Register Replica", "Register Slave", "Long Data", "Reset stmt", "Set option", "Fetch", "Daemon",
	"Reset Connection", "clone", "Group Replication Data Stream subscription", "Error",
	"Bulk_execute", "Slave_worker", "Slave_IO", "Slave_SQL", "Com_multi",
}

// byFirst lists, by first byte, the names that begin with it, longest first
// where one is the beginning of another.
var byFirst = func() (t [256][]string) {
	for _, name := range commands {
		list := t[name[0]]
		at := len(list)
		for i, other := range list {
			if len(name) > len(other) && name[:len(other)] == other {
				at = i
				break
			}
		}
		list = append(list, "")
		copy(list[at+1:], list[at:])
		list[at] = name
		t[name[0]] = list
	}
	return t
}()

// KnownCommand returns the known command name that b begins with, if a TAB, a
// space, a line end or nothing follows it.
func KnownCommand(b []byte) (string, bool) {
	if len(b) == 0 {
		return "", false
	}
	for _, name := range byFirst[b[0]] {
		if len(b) >= len(name) && string(b[:len(name)]) == name {
			if len(b) == len(name) || b[len(name)] == '\t' || b[len(name)] == ' ' || b[len(name)] == '\n' || b[len(name)] == '\r' {
				return name, true
			}
		}
	}
	return "", false
}

// Bounds of an unknown command name: the longest known one has five words.
const (
	maxCommandWords = 6
	maxCommandLen   = 64
)

// command cuts the command name off the head of line. An unknown name is a few
// words of letters and digits with a TAB behind them; nil where there is none.
func command(line []byte) (name []byte, known bool) {
	if k, ok := KnownCommand(line); ok {
		return line[:len(k)], true
	}
	words := 1
	for i, c := range line[:min(len(line), maxCommandLen)] {
		switch {
		case c == '\t':
			if i == 0 || line[i-1] == ' ' || words > maxCommandWords {
				return nil, false
			}
			return line[:i], false
		case c == ' ' && i > 0 && line[i-1] != ' ':
			words++
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '_' || c == '-'):
		default:
			return nil, false
		}
	}
	return nil, false
}
