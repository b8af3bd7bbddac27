package sqltext

import "bytes"

// Span is the bytes [Start, End) of a statement; empty if there is nothing.
type Span struct {
	Start, End int
}

func (s Span) empty() bool { return s.Start == s.End }

// A Table is a table name as written in a statement: two identifiers, quotes
// included.
type Table struct {
	Schema Span // empty without a qualifier
	Name   Span
}

// AppendName appends the name to dst, as "schema.table" if it is qualified,
// with the quotes undone. A part that holds a dot or a back-quote itself, or
// nothing, keeps back-quotes, so that different names stay different.
func (t Table) AppendName(dst, sql []byte) []byte {
	if !t.Schema.empty() {
		dst = appendIdent(dst, sql[t.Schema.Start:t.Schema.End])
		dst = append(dst, '.')
	}
	return appendIdent(dst, sql[t.Name.Start:t.Name.End])
}

func appendIdent(dst, ident []byte) []byte {
	if q := ident[0]; q != '`' && q != '"' {
		return append(dst, ident...)
	}
	from := len(dst)
	dst = appendUnquoted(dst, ident)
	switch name := dst[from:]; {
	case len(name) == 0:
		return append(dst, "``"...)
	case bytes.ContainsAny(name, ".`"):
		return append(dst[:from], Ident(string(name))...)
	}
	return dst
}

// appendUnquoted appends the content of a quoted identifier, which may lack
// its closing quote.
func appendUnquoted(dst, ident []byte) []byte {
	q := ident[0]
	for ident = ident[1:]; ; {
		n := bytes.IndexByte(ident, q)
		if n < 0 {
			return append(dst, ident...)
		}
		dst = append(dst, ident[:n]...)
		if n+1 >= len(ident) || ident[n+1] != q {
			return dst
		}
		dst = append(dst, q)
		ident = ident[n+2:]
	}
}

// MaxTables is how many different tables Parse lists.
const MaxTables = 64

// maxReferences bounds the references that Parse compares with that list.
const maxReferences = 1 << 14

// Statement is what Parse finds in one statement. Its offsets count from the
// start of the text.
type Statement struct {
	Action Action
	// Tables holds every table that the statement names, each once, the main
	// table first and the others in order of appearance. Tables inside
	// subqueries, derived tables and CTEs count; CTE names, table functions,
	// DUAL and the bodies of stored programs do not.
	Tables []Table
	// More reports whether there are further tables beyond MaxTables.
	More bool
	// Routine is the procedure or function that the statement calls, makes,
	// changes, drops, shows or grants rights on; its Name is empty if there is
	// none. A routine is not a table and never appears among Tables.
	Routine Table
	// Where and Limit report whether the SELECT, UPDATE or DELETE that the main
	// table belongs to has these clauses: the outermost one, a derived table in its
	// FROM or another part of its UNION, but no subquery in an expression.
	Where, Limit bool
	// DoubleQuoted reports whether a name was read in "...". Without such names
	// what Parse finds rests on no byte of a literal.
	DoubleQuoted bool
	// End is where the statement ends: the offset of its semicolon, or the
	// length of the text.
	End int
	// Next is where the text goes on with a further statement behind the
	// semicolon, -1 if there is none. The reader is there.
	Next int

	references int
}

// Parse reads the first statement of t into dst; see Reader.Parse.
func (t *Tokens) Parse(dst *Statement) {
	r := t.Reader()
	r.Parse(dst)
}

// Parse reads the next statement into dst, whose former content is forgotten and
// whose memory is used again, and goes to the one behind it. It accepts any
// bytes: what cannot be understood is passed over.
//
// The main table is the one that the verb works on: the target of INSERT,
// REPLACE, UPDATE, DELETE and DDL (for a multi-table DELETE the table behind
// the first alias), and for a query the first table of its outermost FROM,
// looked for inside derived tables and CTEs if these are there. Where that
// gives none, it is the first table named at all, as in SELECT (SELECT ...).
func (r *Reader) Parse(dst *Statement) {
	if cap(dst.Tables) < MaxTables {
		dst.Tables = make([]Table, MaxTables)
	}
	*dst = Statement{Tables: dst.Tables[:0], Next: -1}
	p := parser{cursor: cursor{Reader: *r, key: &keywords[0]}, out: dst}
	p.parse()
	dst.Action = p.action
	dst.End = p.drain()
	if p.semicolon {
		dst.Next = p.nextStatement()
	}
	if main, ok := p.mainTable(); ok {
		dst.putFirst(p.sql, main)
	}
	*r = p.Reader
}

// add lists a table unless it is there already.
func (s *Statement) add(sql []byte, t Table) {
	if s.references >= maxReferences {
		s.More = true
		return
	}
	s.references++
	if s.index(sql, t) >= 0 {
		return
	}
	n := len(s.Tables)
	if n >= MaxTables {
		s.More = true
		return
	}
	// Parse made room for all of them. An append here would make the compiler
	// move the parser's memory to the heap.
	s.Tables = s.Tables[:n+1]
	s.Tables[n] = t
}

func (s *Statement) index(sql []byte, t Table) int {
	for i, u := range s.Tables {
		if equalIdent(sql, t.Name, u.Name, false) && equalIdent(sql, t.Schema, u.Schema, false) {
			return i
		}
	}
	return -1
}

func (s *Statement) putFirst(sql []byte, main Table) {
	i := s.index(sql, main)
	if i < 0 {
		// The list was full before the main table came.
		s.Tables[len(s.Tables)-1] = main
		i = len(s.Tables) - 1
	}
	copy(s.Tables[1:], s.Tables[:i])
	s.Tables[0] = main
}

// equalIdent compares two identifiers of sql without their quotes, in any
// letter case if foldCase is set.
func equalIdent(sql []byte, a, b Span, foldCase bool) bool {
	x, y := identContent(sql, a), identContent(sql, b)
	if foldCase {
		return len(x) == len(y) && bytes.EqualFold(x, y)
	}
	return bytes.Equal(x, y)
}

// identContent strips the quotes; doubled quotes stay doubled, which is enough
// to compare by.
func identContent(sql []byte, s Span) []byte {
	id := sql[s.Start:s.End]
	if len(id) == 0 || isIdentByte(id[0]) {
		return id
	}
	if len(id) > 1 && id[len(id)-1] == id[0] {
		return id[1 : len(id)-1]
	}
	return id[1:]
}
