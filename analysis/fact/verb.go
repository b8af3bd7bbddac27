package fact

import (
	"bytes"
	"strings"
)

// verb adds the statement's verb and, where it is no plain query or change of rows,
// its head and the objects that it makes, changes or drops.
func (r *reader) verb(at, to int) {
	r.head = ""
	first := string(r.text(at))
	w := &r.list[at]
	switch {
	case !r.verbAt(at):
		r.b.Add(Verb, "none")
		return
	case first == "desc":
		first = "describe"
	case w.key == withKey:
		first = "with"
		if main := r.main(at, to); main < to {
			first = string(r.text(main))
		}
	}
	r.b.Add(Verb, first)
	if w.key == verbKey || r.in(at, keysOf(createKey, setKey, beginKey, useKey, lockKey)) {
		end := r.readHead(first, at, to)
		r.objects(first, end, to)
	}
}

// verbAt reports whether word i begins statements. VALUE is no VALUES here.
func (r *reader) verbAt(i int) bool { return r.in(i, verbs) && !r.spells(i, "value") }

// main returns the index of the word that begins the statement at behind its WITH clauses,
// to if there is none.
func (r *reader) main(at, to int) int {
	if r.is(at, withKey) {
		return r.seek(at, to, mainWords)
	}
	return at
}

var mainWords = keysOf(selectKey, insertKey, updateKey, deleteKey, replaceKey, tableKey)

// headWords are the words of a head, headOptions those that are left out.
var (
	headWords = setOf("table tables database schema databases schemas view function procedure trigger event events package index user role " +
		"users roles server tablespace logfile plugin plugins component soname sequence grants grant binary master slave replica replication " +
		"source logs log status variables processlist columns fields keys indexes engines engine privileges hosts triggers create " +
		"warnings errors collation character charset profiles profile data xml names password default transaction option instance " +
		"statistics resources relay query_cache relaylog authors contributors storage local " +
		"savepoint select insert update delete replace sql group resource start open " +
		"optimizer_costs error general slow statement connection query xid encryption keyring reload innodb user_statistics host cache")
	headOptions = setOf("or replace if not exists local global session persist persist_only temporary unique fulltext spatial online " +
		"offline no_write_to_binlog aggregate full extended low_priority concurrent hard soft undo all new old of recursive partial")
)

// readHead adds the leading keywords of a statement and returns the index behind them.
func (r *reader) readHead(verb string, at, to int) int {
	from := r.b.begin(Head)
	r.b.buf = append(r.b.buf, verb...)
	i := at + 1
words:
	for n := 1; i < to && n < 3 && r.list[i].kind == nameWord; {
		word := string(r.text(i))
		switch {
		case r.is(i+1, equalKey) && (word == "definer" || word == "algorithm" || word == "user"):
			i = r.definer(i+2, to)
			continue
		case word == "sql" && r.spells(i+1, "security"):
			i += 3
			continue
		case verb == "clone" && word == "local", verb == "set" && word == "role":
		case headOptions[word] && verb != "revoke" && verb != "grant":
			i++
			continue
		case !headWords[word] || headless[verb] || r.is(i+1, dotKey) || r.is(i+1, equalKey):
			break words
		case verb == "truncate":
			i++
			break words
		case verb == "lock" && word == "table" || n == 2 && !threeWords[string(r.b.buf[from+1:])]:
			break words
		}
		r.b.buf = append(append(r.b.buf, ' '), word...)
		i++
		n++
	}
	r.b.end(from)
	r.head = string(r.b.buf[from+1:])
	return i
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// headless are the verbs behind which names follow; threeWords are the heads that a
// third word belongs to.
var (
	headless   = setOf("describe use call grant revoke")
	threeWords = spread(map[string]bool{"show create, show binary, show master, show slave, show replica, show table, show procedure, show function, " +
		"show engine, show open, show character, show relaylog, show index, purge binary, purge master, reset binary, change master, " +
		"change replication, set default, alter default, flush binary, flush relay, flush error, flush general, flush slow, flush engine, " +
		"create resource, alter resource, drop resource, start group, stop group, create spatial, show storage": true})
)

// definer returns the index behind an account or a keyword, as in DEFINER = a@b.
func (r *reader) definer(i, to int) int {
	i++
	for i < to && (r.list[i].kind == variableWord || r.is(i, openKey)) {
		i = r.next(i)
	}
	return i
}

// The heads whose next names are objects: changers with objectKinds, and objectHeads.
var (
	changers    = setOf("create alter drop rename")
	objectKinds = setOf("database schema view function procedure trigger event package user role server tablespace sequence index")
	objectHeads = spread(map[string]bool{"install plugin, uninstall plugin, install soname, uninstall soname, install component, " +
		"uninstall component, set password, create resource group": true})
)

// objects adds the names of what a statement makes, changes or drops; i is behind its
// head.
func (r *reader) objects(verb string, i, to int) {
	_, kind, _ := strings.Cut(r.head, " ")
	switch {
	case verb == "grant" || verb == "revoke":
		r.grants(i, to)
	case r.head == "set password":
		if r.is(i, forKey) {
			r.object(i+1, to)
		}
	case changers[verb] && objectKinds[kind], objectHeads[r.head]:
		for i < to && r.spells(i, "if", "not", "exists") {
			i++
		}
		for i < to {
			i = r.object(i, to)
			if verb == "rename" && r.spells(i, "to") {
				i = r.object(i+1, to)
			}
			if kind == "user" && verb != "drop" { // what is said of it
				i = r.seek(i, to, keysOf(commaKey))
			}
			if !r.is(i, commaKey) {
				return
			}
			i++
		}
	}
}

// object adds the name or account at i and returns the index behind it.
func (r *reader) object(i, to int) int {
	if i >= to {
		return i
	}
	end := i + 1
	name := r.low[len(r.low):]
	switch w := &r.list[i]; {
	case w.kind == textWord:
		name = append(name, bytes.ToLower(inside(r.text(i)))...)
	case w.name() || w.kind == nameWord:
		end = max(end, r.tableAt(i, to))
		name = r.appendTable(name, i, end)
	default:
		return end
	}
	if end < to && r.list[end].kind == variableWord { // its host
		host := bytes.TrimPrefix(r.text(end), []byte("@"))
		name = append(append(name, '@'), bytes.Trim(host, "'\"`")...)
		if bytes.Equal(host, []byte("'%'")) {
			r.b.Add(Marks, "any_host")
		}
		end++
	}
	r.addName(Objects, name)
	r.note(name)
	return end
}

// note marks the name of something new that is like that of a ransom note.
func (r *reader) note(name []byte) {
	if _, base, _ := splitName(string(name)); noteName(base) {
		r.b.Add(Marks, "note_name")
	}
}

// grants adds the accounts of GRANT and REVOKE and what is worth knowing of their
// rights.
func (r *reader) grants(i, to int) {
	rights := true
	for i < to {
		switch {
		case r.is(i, onKey):
			rights = false
			if r.is(i+1, starKey) && r.is(i+2, dotKey) && r.is(i+3, starKey) {
				r.b.Add(Marks, "grant_everywhere")
			}
		case rights && r.spells(i, "super", "file", "process", "shutdown", "replication"):
			r.b.Add(Marks, "grant_"+string(r.text(i)))
		case r.is(i, withKey) && r.spells(i+1, "grant", "admin"):
			r.b.Add(Marks, "grant_option")
		case r.spells(i, "to") || r.is(i, fromKey):
			for i++; i < to; {
				i = r.seek(r.object(i, to), to, keysOf(commaKey, withKey))
				if !r.is(i, commaKey) {
					break
				}
				i++
			}
			continue
		}
		i++
	}
}

// marks adds signs of what kind of program sent the statement, and oddities.
func (r *reader) marks(at, to int) {
	for i := at; i < to; i++ {
		switch {
		case r.is(i, optionKey) && r.spells(i, "sql_no_cache"):
			r.b.Add(Marks, "no_cache")
		case i == at+1 && r.spells(i, "temporary") && r.spells(at, "drop"):
			r.b.Add(Marks, "temporary")
		case r.spells(i, "consistent") && r.spells(i+1, "snapshot"):
			r.b.Add(Marks, "snapshot")
		case r.is(i, procedureKey) && r.spells(i+1, "analyse") && i > at:
			r.b.Add(Marks, "procedure_analyse")
		case r.spells(i, "soname") && r.spells(at, "create", "install"):
			r.b.Add(Marks, "soname")
		}
	}
	if r.spells(at, "flush", "lock") && (r.spells(at+1, "tables", "instance") || r.is(at+1, tableKey)) {
		r.b.Add(Marks, "lock")
	}
}
