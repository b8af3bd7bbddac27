package fact

import (
	"strconv"

	"sqleuth/analysis/sqltext"
)

// Of adds the facts of what was sent with a command to b, which is reset before: the
// command itself and, where it runs or prepares a statement, those of the statement,
// whose tokens are t and whose first statement st is. Of a text beyond 1 MiB its beginning
// counts.
func Of(command []byte, t *sqltext.Tokens, st *sqltext.Statement, b *Builder) {
	b.Reset()
	if len(command) > 0 {
		from := b.begin(Action)
		b.buf = appendLower(b.buf, command)
		b.end(from)
	}
	if !sendsStatement(command) {
		return
	}
	r := &b.read
	r.reset(b, t)
	r.tables(st)
	r.comments()
	r.openEnd()
	r.statements()
	r.slip(command)
	b.noteLiterals(t, r.looked)
}

// sendsStatement reports whether the text of a command is a statement.
func sendsStatement(command []byte) bool {
	switch string(command) {
	case "Query", "Execute", "Prepare", "Bulk_execute":
		return true
	}
	return false
}

// reader reads the facts of one text, which may hold several statements. Its
// readers get a statement as its words [from, to).
type reader struct {
	words
	b     *Builder
	t     *sqltext.Tokens
	ctes  []span // names of WITH clauses, in words.low
	head  string // of the statement
	named [numFields]int

	sourceMemory [16]span // of query.tables
}

func (r *reader) reset(b *Builder, t *sqltext.Tokens) {
	*r = reader{words: r.words, b: b, t: t, ctes: r.ctes[:0]}
	r.read(t)
}

// statements reads one statement after the other, and what belongs to none of them.
func (r *reader) statements() {
	n := 0
	for from := 0; from < len(r.list); {
		if r.is(from, semicolonKey) {
			from++
			continue
		}
		to := r.statementEnd(from)
		r.statement(n, from, to)
		from = to
		n++
	}
	if n == 0 {
		r.b.Add(Verb, "none")
	} else {
		r.b.Add(Statements, strconv.Itoa(min(n, 3)))
	}
	r.encodings()
	r.literals()
	r.tool()
}

// statementEnd returns the end of the statement that begins at from: a semicolon,
// which inside a stored program does not count.
func (r *reader) statementEnd(from int) int {
	stored := r.stored(from)
	for i := from; i < len(r.list); i++ {
		if r.is(i, beginKey) && stored {
			return len(r.list)
		}
		if r.is(i, semicolonKey) {
			return i
		}
	}
	return len(r.list)
}

// stored reports whether the statement at from may hold BEGIN ... END.
func (r *reader) stored(from int) bool {
	if r.is(from, beginKey) {
		return r.is(from+1, notKey)
	}
	if !r.is(from, createKey) && !r.spells(from, "alter") {
		return false
	}
	for i := from + 1; i < min(from+24, len(r.list)); i++ {
		if r.is(i, procedureKey) || r.spells(i, "function", "trigger", "event", "package") {
			return true
		}
	}
	return false
}

// statement adds the facts of statement n.
func (r *reader) statement(n, from, to int) {
	at := from
	for at < to && (r.is(at, openKey) || r.is(at, braceKey)) {
		at++
	}
	if at == to {
		return
	}
	r.verb(at, to)
	r.commonTables(from, to)
	r.queries(at, to)
	r.changes(at, to)
	r.functions(from, to)
	r.settings(at, to)
	r.files(from, to)
	r.constants(from, to)
	r.questions(at, to)
	r.marks(at, to)
	if !r.stored(at) {
		r.broken(n, at, from, to)
	}
}

// maxNames is how many names of a field are kept beside those of the vocabulary.
const maxNames = 64

// addName adds a name from the log.
func (r *reader) addName(f Field, name []byte) {
	if len(name) == 0 || len(name) > maxName || r.b.has(f, name) {
		return
	}
	if r.named[f] >= maxNames && !vocabulary(f, string(name)) {
		return
	}
	r.named[f]++
	r.b.Add(f, string(name))
}

// maxName is the longest name that is kept; identifiers have 64 characters.
const maxName = 256
