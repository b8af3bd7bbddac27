package sqltext

// Action is the verb of a statement. Its values have no meaning beyond one
// build of the program; String gives the name to store.
type Action uint8

// The actions. The zero value is that of a text that does not begin like a
// statement.
const (
	None Action = iota
	Alter
	Analyze
	Backup
	Begin
	Binlog
	Cache
	Call
	Change
	Check
	Checksum
	Clone
	Commit
	Create
	Deallocate
	Declare
	Delete
	Describe // DESCRIBE and DESC
	Do
	Drop
	Execute
	Explain
	Fetch
	Flush
	Get
	Grant
	Handler
	Help
	Import
	Insert
	Install
	Kill
	Load
	Lock
	Open
	Optimize
	Prepare
	Purge
	Release
	Rename
	Repair
	Replace
	Reset
	Resignal
	Restart
	Return
	Revoke
	Rollback
	Savepoint
	Select
	Set
	Show
	Shutdown
	Signal
	Start
	Stop
	TableStatement // TABLE t
	Truncate
	Uninstall
	Unlock
	Update
	Use
	Values
	With // cut before the statement that the WITH clause belongs to
	XA
	numActions
)

var actionNames = [numActions]string{
	None: "-", Alter: "ALTER", Analyze: "ANALYZE", Backup: "BACKUP", Begin: "BEGIN", Binlog: "BINLOG",
	Cache: "CACHE", Call: "CALL", Change: "CHANGE", Check: "CHECK", Checksum: "CHECKSUM", Clone: "CLONE",
	Commit: "COMMIT", Create: "CREATE", Deallocate: "DEALLOCATE", Declare: "DECLARE", Delete: "DELETE",
	Describe: "DESCRIBE", Do: "DO", Drop: "DROP", Execute: "EXECUTE", Explain: "EXPLAIN", Fetch: "FETCH",
	Flush: "FLUSH", Get: "GET", Grant: "GRANT", Handler: "HANDLER", Help: "HELP", Import: "IMPORT",
	Insert: "INSERT", Install: "INSTALL", Kill: "KILL", Load: "LOAD", Lock: "LOCK", Open: "OPEN",
	Optimize: "OPTIMIZE", Prepare: "PREPARE", Purge: "PURGE", Release: "RELEASE", Rename: "RENAME",
	Repair: "REPAIR", Replace: "REPLACE", Reset: "RESET", Resignal: "RESIGNAL", Restart: "RESTART",
	Return: "RETURN", Revoke: "REVOKE", Rollback: "ROLLBACK", Savepoint: "SAVEPOINT", Select: "SELECT",
	Set: "SET", Show: "SHOW", Shutdown: "SHUTDOWN", Signal: "SIGNAL", Start: "START", Stop: "STOP",
	TableStatement: "TABLE", Truncate: "TRUNCATE", Uninstall: "UNINSTALL", Unlock: "UNLOCK",
	Update: "UPDATE", Use: "USE", Values: "VALUES", With: "WITH", XA: "XA",
}

// String returns the verb in upper case, "-" for None.
func (a Action) String() string {
	if a < numActions {
		return actionNames[a]
	}
	return actionNames[None]
}

// NeedsTable reports whether a statement of this action ought to have a main table:
// INSERT, UPDATE, DELETE and REPLACE always, SELECT where its code has a FROM
// anywhere with something other than DUAL behind it. It is coarser than Parse on
// purpose (the FROM inside EXTRACT counts too): it is the yardstick that Parse is
// measured with.
func NeedsTable(a Action, t *Tokens) bool {
	switch a {
	case Insert, Update, Delete, Replace:
		return true
	case Select:
	default:
		return false
	}
	from := false
	for r := t.Reader(); ; {
		token, ok := r.Next()
		if !ok {
			return from
		}
		if !token.isCode() {
			continue
		}
		w := keywords[token.key].word
		if from && w != wordDual {
			return true
		}
		from = w == wordFrom
	}
}
