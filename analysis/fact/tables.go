package fact

import (
	"bytes"

	"sqleuth/analysis/sqltext"
)

// tables adds the tables that the first statement names.
func (r *reader) tables(st *sqltext.Statement) {
	if st == nil {
		return
	}
	for _, t := range st.Tables {
		if t.Name.End > len(r.t.SQL) || t.Name.Start == t.Name.End {
			continue
		}
		from := r.b.begin(Tables)
		r.b.buf = t.AppendName(r.b.buf, r.t.SQL)
		r.finishName(from)
	}
}

// finishName puts the name that was begun at from into lower case; one that is too
// long is left out.
func (r *reader) finishName(from int) {
	name := r.b.buf[from+1:]
	if len(name) > 2*maxName || len(name) == 0 {
		r.b.buf = r.b.buf[:from]
		return
	}
	plain(name)
	r.b.end(from)
}

// plain puts a name into lower case, with question marks for control bytes.
func plain(name []byte) {
	for i, c := range name {
		if c >= 'A' && c <= 'Z' {
			name[i] |= 0x20
		} else if c < ' ' {
			name[i] = '?'
		}
	}
}

// tableAt returns the end of the table's name at i, "t" or "s.t", i where there is
// none.
func (r *reader) tableAt(i, to int) (end int) {
	if i >= to || !r.list[i].name() && !r.is(i, dotKey) {
		return i
	}
	end = i + 1
	for end+1 < to && r.is(end, dotKey) && (r.list[end+1].kind == nameWord || r.list[end+1].kind == quotedWord) {
		end += 2
	}
	return end
}

// appendTable appends the table's name [from, end) as sqltext.Table.AppendName
// writes it.
func (r *reader) appendTable(dst []byte, from, end int) []byte {
	if end-from >= 3 && r.is(end-2, dotKey) {
		dst = append(appendIdent(dst, r.text(end-3)), '.')
	}
	return appendIdent(dst, r.text(end-1))
}

func appendIdent(dst, name []byte) []byte {
	if len(name) > 0 && bytes.IndexByte(name, '.') < 0 && bytes.IndexByte(name, '`') < 0 {
		return append(dst, name...)
	}
	return append(dst, sqltext.Ident(string(bytes.ReplaceAll(name, []byte("``"), []byte("`"))))...)
}

// commonTables notes the names that the WITH clauses of a statement define.
func (r *reader) commonTables(from, to int) {
	r.ctes = r.ctes[:0]
	for i := from; i+1 < to; i++ {
		if !r.is(i, asKey) || !r.is(i+1, openKey) || !r.in(i+2, queryStarts) && !r.in(i+2, rowStarts) || i == from {
			continue
		}
		at := i - 1
		if r.is(at, closeKey) { // its columns
			for at > from && !(r.is(at, openKey) && int(r.list[at].end) == i-1) {
				at--
			}
			at--
		}
		if at > from && r.list[at].name() && len(r.ctes) < 16 {
			r.ctes = append(r.ctes, span{int(r.list[at].from), int(r.list[at].to)})
		}
	}
}

var rowStarts = keysOf(valuesKey, tableKey, openKey)

// common reports whether [from, end) is the name of a WITH clause.
func (r *reader) common(from, end int) bool {
	if end-from != 1 {
		return false
	}
	for _, s := range r.ctes {
		if bytes.Equal(r.low[s.from:s.to], r.text(from)) {
			return true
		}
	}
	return false
}
