package integrity

import (
	"bytes"
	"fmt"
	"slices"
	"sort"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/wording"
)

// maxSettings is how many statements that may change logging are read.
const maxSettings = 64

// logging looks for statements that switched the general log off or sent it
// elsewhere, and for what became of the log then.
func (c *check) logging() error {
	for _, i := range c.settings() {
		text, ok := c.text(i)
		if !ok {
			continue
		}
		for _, s := range logSettings(text) {
			c.changed(i, s)
		}
	}
	return nil
}

// settings returns the first entries that assign a variable of the general log.
func (c *check) settings() (entries []int) {
	sets := make([]bool, len(c.Facts))
	for f, set := range c.Facts {
		for v := range set.Values(fact.Sets) {
			name, _, _ := strings.Cut(v, "=")
			_, known := harmless[name]
			sets[f] = sets[f] || known
		}
	}
	for s := range c.Entries.Spans() {
		span := c.Entries.Span(s)
		for j, row := range span.Row {
			if sets[c.Rows[row].Fact] {
				if entries = append(entries, span.First+j); len(entries) == maxSettings {
					return entries
				}
			}
		}
	}
	return entries
}

// changed adds a finding about one assignment in entry i.
func (c *check) changed(i int, s setting) {
	conn := int(c.Entries.Connection(i))
	f := Finding{Kind: LoggingChanged, Severity: rule.High, Count: 1}
	asked := fmt.Sprintf("connection %s asked for %s = %s", c.Connections.Name(conn), s.name, wording.Name(s.value))
	if s.name == "sql_log_off" {
		c.silenced = append(c.silenced, uint32(conn))
		later := c.laterOf(conn, i)
		f.Summary = asked + ": if that was granted, its statements were not logged from then on; " + wording.Counted(later, "entry of it follows", "entries of it follow")
		c.add(f, i)
		return
	}
	what := "moves the general log"
	if s.name == "general_log" {
		what = "switches the general log off"
	}
	f.Summary = asked + ", which " + what + " if it was granted; "
	next := i + 1
	if _, end := c.EntriesOf(c.ServerOf(i)); next >= end {
		f.Summary += "no entry follows"
		c.add(f, i)
		return
	}
	if gap, ok := c.Moment(next).Since(c.Moment(i)); ok {
		f.Summary += "the next entry comes " + wording.Duration(max(0, gap)) + " later"
	} else {
		f.Summary += "another entry follows"
	}
	if _, ok := c.opens(next); ok {
		f.Summary += ", behind a banner"
	}
	if ids, _ := c.idsUsedBefore(next); ids > 0 {
		f.Summary += fmt.Sprintf(", and %s used meanwhile", wording.Counted(int(min(ids, 1<<40)), "id was", "ids were"))
	}
	c.add(f, i, next)
}

// laterOf counts the entries of a connection behind entry i.
func (c *check) laterOf(conn, i int) int {
	list := c.ByConnection.Entries(conn)
	return len(list) - sort.Search(len(list), func(k int) bool { return int(list[k]) > i })
}

// setting is an assignment to a variable of the general log.
type setting struct{ name, value string }

// harmless are the variables that decide what the general log gets, with the
// values that do not make it less.
var harmless = map[string][]string{
	"general_log":      {"1", "on", "true"},
	"general_log_file": nil,
	"log_output":       nil,
	"sql_log_off":      {"0", "off", "false"},
}

// logSettings returns the assignments of a statement that make the general log
// less or send it elsewhere, the first of each variable, names and values in
// lower case without quotes.
func logSettings(sql []byte) (list []setting) {
	var l sqltext.Lexer
	l.Reset(sql)
	var last [2][]byte // the two tokens before
	for {
		t, ok := l.Next()
		if !ok {
			return list
		}
		if t.Kind == sqltext.Comment || t.Kind == sqltext.VersionOpen || t.Kind == sqltext.VersionClose {
			continue
		}
		raw := sql[t.Start:t.End]
		if op := last[1]; len(op) > 0 && (string(op) == "=" || string(op) == ":=") {
			variable := strings.Trim(strings.ToLower(string(last[0][bytes.LastIndexByte(last[0], '.')+1:])), "`@")
			value := strings.Trim(strings.ToLower(string(raw)), `'"`)
			values, known := harmless[variable]
			if known && !slices.Contains(values, value) && !slices.ContainsFunc(list, func(s setting) bool { return s.name == variable }) {
				list = append(list, setting{variable, value})
			}
		}
		last[0], last[1] = last[1], raw
	}
}
