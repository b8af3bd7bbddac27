package filter

import (
	"bytes"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/sqltext"
)

// tables returns the entries that name a table. A pattern without a dot is also
// compared with what follows the schema, so that the schema does not matter;
// for one with a dot, a table without a schema is in the current database.
func (c *compiler) tables(value glob, negated bool) (matcher, error) {
	var folded []byte
	written, err := c.naming(negated, func(name string) bool {
		folded = appendFold(folded[:0], name)
		if value.match(string(folded)) {
			return true
		}
		_, table, qualified := bytes.Cut(folded, []byte("."))
		return qualified && value.match(string(table))
	})
	if err != nil || c.log.Reading == reading.Notebook {
		return written, err
	}
	list := []matcher{written}
	for _, cut := range value.atDots() {
		m, err := c.current(cut.before, cut.behind, negated)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	if negated {
		return allOf(c.log, list), nil
	}
	return anyOf(c.log, list), nil
}

// current returns the entries that name a table without a schema while the current
// database is one of schema.
func (c *compiler) current(schema, table glob, negated bool) (matcher, error) {
	var folded []byte
	rows, err := c.naming(negated, func(name string) bool {
		if !sqltext.Unqualified(name) {
			return false
		}
		folded = appendFold(folded[:0], name)
		return table.match(string(folded))
	})
	if err != nil || rows == constant(negated) {
		return rows, err
	}
	conns := c.log.Connections
	varies := func(i int) bool { return conns.Changes(i) || conns.Peek(i).DatabaseFrom > conns.Peek(i).First }
	m := newMemo(schema)
	inside, err := c.identities(negated, varies, func(id connection.Identity) bool {
		name := conns.Text(id.Database)
		return id.Database != 0 && name != "-" && m.matches(id.Database, func() string { return sqltext.Ident(name) })
	})
	if err != nil {
		return nil, err
	}
	if negated {
		return anyOf(c.log, []matcher{rows, inside}), nil
	}
	return allOf(c.log, []matcher{rows, inside}), nil
}

// naming returns the entries with a table for which named is true, as their main
// table or beside it.
func (c *compiler) naming(negated bool, named func(name string) bool) (matcher, error) {
	const unasked, no, yes = 0, 1, 2
	mains, others := make([]uint8, len(c.log.Tables)), make([]uint8, len(c.log.OtherTables))
	return c.rows(negated, func(row int) bool {
		k := c.log.Rows[row].Key
		if mains[k.Table] == unasked {
			mains[k.Table] = no
			if named(c.log.Tables[k.Table]) {
				mains[k.Table] = yes
			}
		}
		if mains[k.Table] == yes || len(others) == 0 {
			return mains[k.Table] == yes
		}
		if others[k.Cluster] == unasked {
			others[k.Cluster] = no
			if slices.ContainsFunc(c.log.OtherTables[k.Cluster], named) {
				others[k.Cluster] = yes
			}
		}
		return others[k.Cluster] == yes
	})
}
