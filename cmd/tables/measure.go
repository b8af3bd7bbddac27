package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/visible"
)

// maxListed is how many statements without a main table are listed.
const maxListed = 20

// shownBytes is how much of a statement is shown.
const shownBytes = 160

// measured are the actions that the figure is about.
var measured = []sqltext.Action{sqltext.Select, sqltext.Insert, sqltext.Update, sqltext.Delete, sqltext.Replace}

// share counts statements that need a table, and those that get one.
type share struct{ need, have int }

// measure collects the figures of a log.
type measure struct {
	entries  int
	byAction map[sqltext.Action]*share
	total    share
	listed   []string // statements without a main table, made visible
	notebook notebookNames

	tokens    sqltext.Tokens
	statement sqltext.Statement
}

func newMeasure() *measure {
	m := &measure{byAction: map[sqltext.Action]*share{}}
	for _, a := range measured {
		m.byAction[a] = &share{}
	}
	return m
}

// add takes the next entry.
func (m *measure) add(r *genlog.Record) {
	m.entries++
	switch string(r.Command) {
	case "Query", "Execute":
	default:
		return
	}
	m.tokens.Lex(r.Argument)
	m.tokens.Parse(&m.statement)
	action := m.statement.Action
	s := m.byAction[action]
	if s == nil || !sqltext.NeedsTable(action, &m.tokens) {
		return
	}
	s.need++
	m.total.need++
	if len(m.statement.Tables) > 0 {
		s.have++
		m.total.have++
	} else if len(m.listed) < maxListed {
		m.listed = append(m.listed, fmt.Sprintf("byte %d: %s", r.Offset, shown(r.Argument)))
	}
	m.notebook.add(r, &m.tokens, &m.statement)
}

// shown returns the head of a statement, fit for a terminal.
func shown(text []byte) string {
	line, cut := visible.Unicode.Line(string(text[:min(len(text), shownBytes+1)]), shownBytes)
	if cut {
		line += " ..."
	}
	return line
}

func (m *measure) print(w io.Writer) {
	fmt.Fprintf(w, "%d entries, %d of them statements that need a table\n\n", m.entries, m.total.need)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "action\tneed a table\thave it\tshare\t")
	for _, a := range measured {
		printShare(t, a.String(), *m.byAction[a])
	}
	printShare(t, "all", m.total)
	t.Flush()
	missing := m.total.need - m.total.have
	fmt.Fprintf(w, "\nwithout their main table: %d\n", missing)
	for _, line := range m.listed {
		fmt.Fprintf(w, "  %s\n", line)
	}
	if more := missing - len(m.listed); more > 0 {
		fmt.Fprintf(w, "  and %d more\n", more)
	}
	m.notebook.print(w, m.total.need)
}

func printShare(w io.Writer, name string, s share) {
	fmt.Fprintf(w, "%s\t%d\t%d\t%s\t\n", name, s.need, s.have, percent(s.have, s.need))
}

// percent returns part of whole, "-" where there is no whole.
func percent(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return fmt.Sprintf("%.3f %%", 100*float64(part)/float64(whole))
}
