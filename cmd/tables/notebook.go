package main

import (
	"bytes"
	"fmt"
	"io"
	"text/tabwriter"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/notebook"
	"sqleuth/analysis/sqltext"
)

// kind is what a name of the notebook's is in its statement.
type kind uint8

const (
	mainTable kind = iota
	decorated
	otherTable
	otherName
	fragment
	nothing
	unread
	numKinds
)

var kindNames = [numKinds]string{
	mainTable:  "the main table",
	decorated:  "the main table with quotes or brackets",
	otherTable: "another table of the statement",
	otherName:  "a column, an alias or another word",
	fragment:   "part of a string, a comment or a longer piece",
	nothing:    "nothing",
	unread:     "nothing: the notebook reads no such entry",
}

// maxExamples is how many different names of a kind are shown.
const maxExamples = 5

// notebookNames counts what the notebook's expressions name.
type notebookNames struct {
	counts   [numKinds]int
	examples [numKinds][]example

	scanner notebook.Scanner
	text    []byte
	name    []byte
}

// example is a name, made visible, with the entry in which it came first.
type example struct {
	name   string
	action string
	offset int64
}

// add takes an entry that needs a table, and its statement.
func (n *notebookNames) add(r *genlog.Record, t *sqltext.Tokens, s *sqltext.Statement) {
	n.text = n.scanner.AppendText(n.text[:0], r.Raw, false)
	fields, ok := notebook.Split(n.text)
	k := unread
	if ok {
		k = n.kind(fields.Table, t, s)
	}
	n.counts[k]++
	if k == mainTable || k == nothing || k == unread || len(n.examples[k]) == maxExamples {
		return
	}
	e := example{shown(fields.Table), s.Action.String(), r.Offset}
	for _, known := range n.examples[k] {
		if known.name == e.name {
			return
		}
	}
	n.examples[k] = append(n.examples[k], e)
}

// kind finds a name of the notebook's in a statement.
func (n *notebookNames) kind(name []byte, tokens *sqltext.Tokens, s *sqltext.Statement) kind {
	if len(name) == 0 || string(name) == "-" {
		return nothing
	}
	bare := bytes.Trim(bytes.ReplaceAll(name, []byte("`"), nil), "\"();,")
	for i, table := range s.Tables {
		n.name = table.AppendName(n.name[:0], tokens.SQL)
		switch {
		case !bytes.Equal(n.name, name) && !bytes.Equal(n.name, bare):
		case i > 0:
			return otherTable
		case len(n.name) == len(name):
			return mainTable
		default:
			return decorated
		}
	}
	for r := tokens.Reader(); ; {
		t, ok := r.Next()
		if !ok {
			return fragment
		}
		if word := tokens.Text(t); t.Kind == sqltext.Word && bytes.Equal(word, bare) ||
			t.Kind == sqltext.QuotedIdent && bytes.Equal(bytes.Trim(word, "`"), bare) {
			return otherName
		}
	}
}

func (n *notebookNames) print(w io.Writer, total int) {
	fmt.Fprintln(w, "\nwhat the notebook's expressions name for the same statements")
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	noTable := 0
	for k, count := range n.counts {
		if kind(k) >= otherName {
			noTable += count
		}
		fmt.Fprintf(t, "  %s\t%d\t%s\n", kindNames[k], count, percent(count, total))
	}
	fmt.Fprintf(t, "  no table, in all\t%d\t%s\n", noTable, percent(noTable, total))
	t.Flush()
	for k, list := range n.examples {
		if len(list) == 0 {
			continue
		}
		fmt.Fprintf(w, "\n%s, the first names:\n", kindNames[k])
		for _, e := range list {
			fmt.Fprintf(w, "  %s (%s at byte %d)\n", e.name, e.action, e.offset)
		}
	}
}
