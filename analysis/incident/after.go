package incident

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/wording"
)

// After is what came after statements of an actor, which may speak of their outcome.
// An entry never shows that it worked, and neither does this: it is what was sent
// next.
type After struct {
	Entries []uint32 // of the actor, ascending
	Then    []uint32 // what speaks, ascending; empty for a silence
	Words   string
	// Noted is what Words begin with where " = " and values follow that an application
	// wrote into a column, which are hidden where values are; else empty.
	Noted string
}

const (
	// maxAfter is how many statements of an incident are looked behind for values, and
	// maxSleeps for silences; maxValues is how many values a sentence lists.
	maxAfter, maxSleeps, maxValues = 1024, 64, 6
	// behind is how many entries of the same connection behind a statement may speak of
	// it.
	behind = 12
	// slack is by how much a silence may fall short of what was asked for, as a share.
	slack = 0.9
)

// after looks for what came after the statements of an incident, and reports it of all of
// it and of each stage.
func (f *finder) after(x *Incident) {
	if f.Text == nil {
		return
	}
	var values []written
	if x.Actor.Kind == Account {
		values = f.values(x)
	}
	silences, missing := f.silences(x), f.missing(x)
	x.After = slices.Concat(valueWords(values), missing, silenceWords(silences))
	for k := range x.Stages {
		st := &x.Stages[k]
		other := func(e uint32) bool {
			_, ok := slices.BinarySearch(st.Entries, e)
			return !ok
		}
		st.After = valueWords(slices.DeleteFunc(slices.Clone(values), func(w written) bool { return other(w.entry) }))
		if st.Name == Destruction {
			st.After = append(st.After, missing...)
		}
		st.After = append(st.After, silenceWords(slices.DeleteFunc(slices.Clone(silences), func(w silence) bool { return other(w.entry) }))...)
	}
}

// sleeps finds SLEEP(n) and the like with a number of seconds.
var sleeps = regexp.MustCompile(`(?i)\bsleep\s*\(\s*(\d{1,3}(?:\.\d+)?)\s*\)`)

// silence is how long a connection sent nothing behind a SLEEP.
type silence struct {
	entry, next uint32
	asked       string // seconds
	gap         int64  // microseconds
	kept        bool   // as long as was asked for
}

// silences compares how long a connection was silent behind SLEEP(n) with what was
// asked for.
func (f *finder) silences(x *Incident) (list []silence) {
	looked := 0
	for _, e := range x.Entries {
		if looked == maxSleeps {
			break
		}
		if !f.factsOf(e).Has(fact.Functions, "sleep") {
			continue
		}
		looked++
		text, err := f.Text(int(e))
		m := sleeps.FindSubmatch(text)
		next, ok := f.next(e)
		if err != nil || m == nil || !ok {
			continue
		}
		asked, err := strconv.ParseFloat(string(m[1]), 64)
		gap, known := f.Moment(int(next)).Since(f.Moment(int(e)))
		if err != nil || asked <= 0 || !known {
			continue
		}
		list = append(list, silence{e, next, string(m[1]), gap, float64(gap) >= asked*1e6*slack})
	}
	return list
}

// silenceWords describes silences that were kept, and of those that were not.
func silenceWords(all []silence) (list []After) {
	kept, none := After{}, After{}
	seconds, longest := "", int64(-1)
	for _, s := range all {
		seconds = s.asked
		if s.kept {
			kept.Entries, kept.Then = append(kept.Entries, s.entry), append(kept.Then, s.next)
			continue
		}
		none.Entries, none.Then = append(none.Entries, s.entry), append(none.Then, s.next)
		longest = max(longest, s.gap)
	}
	if n := len(kept.Entries); n > 0 {
		kept.Words = fmt.Sprintf("after SLEEP(%s) the connection was silent for so long, %d of %s", seconds, n, wording.Counted(n+len(none.Entries), "time", "times"))
		list = append(list, kept)
	}
	if n := len(none.Entries); n > 0 {
		none.Words = fmt.Sprintf("after %d of %s it went on at once, within %s", n, wording.Counted(n+len(kept.Entries), "SLEEP", "SLEEPs"), wording.Duration(longest))
		list = append(list, none)
	}
	return list
}

// next returns the next entry of the same connection, false for none.
func (f *finder) next(e uint32) (uint32, bool) {
	of := f.ByConnection.Entries(int(f.Log.Entries.Connection(int(e))))
	k, ok := slices.BinarySearch(of, e)
	if !ok || k+1 == len(of) {
		return 0, false
	}
	return of[k+1], true
}

// written is a number that was written behind a statement.
type written struct {
	entry, then  uint32
	name, number string // of the column with its table
}

// values looks for numbers that the application writes behind a statement that was put
// into one of its own: a number of hits, the customer of a session. Of the bursts the
// last statements of each stage are looked behind.
func (f *finder) values(x *Incident) (list []written) {
	for _, e := range f.lookedBehind(x) {
		of := f.ByConnection.Entries(int(f.Log.Entries.Connection(int(e))))
		k, _ := slices.BinarySearch(of, e)
		for _, next := range of[k+1 : min(len(of), k+1+behind)] {
			if _, own := slices.BinarySearch(x.Entries, next); own {
				break
			}
			set := f.factsOf(next)
			insert, update := set.Has(fact.Verb, "insert"), set.Has(fact.Verb, "update")
			if !insert && !update {
				continue
			}
			text, err := f.Text(int(next))
			if err != nil {
				continue
			}
			table := f.Table(int(next))
			for _, v := range numbersOf(text, insert) {
				if tells(v.column, insert) {
					list = append(list, written{e, next, table + "." + v.column, v.value})
				}
			}
		}
	}
	return list
}

// valueWords describes what was written to each column.
func valueWords(all []written) (list []After) {
	type column struct {
		After
		values []string
	}
	found := map[string]*column{}
	var names []string
	for _, w := range all {
		c := found[w.name]
		if c == nil {
			c = &column{}
			found[w.name] = c
			names = append(names, w.name)
		}
		c.Entries, c.Then, c.values = append(c.Entries, w.entry), append(c.Then, w.then), append(c.values, w.number)
	}
	for _, name := range names {
		c := found[name]
		slices.Sort(c.Entries)
		c.Entries = slices.Compact(c.Entries)
		slices.Sort(c.Then)
		shown := c.values[max(0, len(c.values)-maxValues):]
		text := strings.Join(shown, ", ")
		counts := map[string]int{}
		for _, v := range c.values {
			counts[v]++
		}
		switch n := len(c.values); {
		case len(counts) <= maxListed && n > len(counts):
			var parts []string
			for _, v := range byCount(counts) {
				parts = append(parts, fmt.Sprintf("%s (%d)", v, counts[v]))
			}
			text = strings.Join(parts, ", ")
		case n > len(shown):
			text += fmt.Sprintf(", the last of %d", n)
		}
		c.Noted = "the application then noted " + wording.Name(name)
		c.Words = c.Noted + " = " + text
		list = append(list, c.After)
	}
	return list
}

// lookedBehind returns the statements to look behind: those that asked for more than
// whether they can, the last ones, and the first of the others.
func (f *finder) lookedBehind(x *Incident) (list []uint32) {
	for _, st := range x.Stages {
		if st.Name == Injection {
			list = append(list, st.Entries[:min(len(st.Entries), maxAfter/4)]...)
		} else {
			list = append(list, st.Entries[max(0, len(st.Entries)-maxAfter/4):]...)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// tells reports whether the number in a column may speak of a result: a count of rows,
// and in an update an id that a session is given.
func tells(column string, insert bool) bool {
	c := strings.ToLower(column)
	for _, w := range []string{"hits", "count", "rows", "results", "found", "matches", "total", "num_"} {
		if strings.Contains(c, w) {
			return true
		}
	}
	return !insert && strings.HasSuffix(c, "_id")
}

// assigned is a number that a statement writes to a column.
type assigned struct{ column, value string }

var (
	insertInto = regexp.MustCompile("(?is)^\\s*INSERT\\s+INTO\\s+[`\\w.]+\\s*\\(([^)]*)\\)\\s*VALUES\\s*\\(")
	setNumber  = regexp.MustCompile("(?i)[`]?(\\w+)[`]?\\s*=\\s*(-?\\d{1,18})\\s*(?:,|\\bWHERE\\b|$)")
	setPart    = regexp.MustCompile(`(?is)^\s*UPDATE\b.*?\bSET\b(.*?)(?:\bWHERE\b|$)`)
)

// numbersOf reads the numbers that an INSERT or UPDATE writes, by their columns. It
// knows the plain forms, which applications send, and no others.
func numbersOf(text []byte, insert bool) (list []assigned) {
	if !insert {
		m := setPart.FindSubmatch(text)
		if m == nil {
			return nil
		}
		for _, v := range setNumber.FindAllSubmatch(append(bytes.TrimSpace(m[1]), ','), -1) {
			list = append(list, assigned{string(v[1]), string(v[2])})
		}
		return list
	}
	m := insertInto.FindSubmatchIndex(text)
	if m == nil {
		return nil
	}
	columns := strings.Split(string(text[m[2]:m[3]]), ",")
	for k, v := range valuesOf(text[m[1]:]) {
		if _, err := strconv.ParseInt(v, 10, 64); err == nil && k < len(columns) {
			list = append(list, assigned{strings.Trim(strings.TrimSpace(columns[k]), "`"), v})
		}
	}
	return list
}

// valuesOf splits a list of values up to its closing bracket.
func valuesOf(text []byte) (list []string) {
	depth, from := 0, 0
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '\'' || c == '"':
			quote = c
		case c == '(':
			depth++
		case c == ')' && depth > 0:
			depth--
		case c == ',' && depth == 0, c == ')':
			list = append(list, strings.TrimSpace(string(text[from:i])))
			if from = i + 1; c == ')' {
				return list
			}
		}
	}
	return list
}

// missing looks for a client that lists the columns of all tables when it changes to a
// database, behind statements that dropped some of them: the tables that it does not
// name are missing.
func (f *finder) missing(x *Incident) (list []After) {
	st := x.Stage(Destruction)
	if st == nil {
		return nil
	}
	gone := map[string][]string{} // by database
	var databases []string
	last := map[string]uint32{}
	for _, e := range st.Entries {
		if set := f.factsOf(e); !set.Has(fact.Verb, "drop") {
			continue
		}
		for _, t := range f.changed(e) {
			database, table, ok := strings.Cut(t, ".")
			if !ok {
				continue
			}
			if gone[database] == nil {
				databases = append(databases, database)
			}
			gone[database] = append(gone[database], table)
			last[database] = e
		}
	}
	for _, d := range databases {
		names, entries := f.listedAfter(last[d], d)
		if len(entries) == 0 {
			continue
		}
		var absent []string
		for _, t := range gone[d] {
			if !slices.Contains(names, t) {
				absent = append(absent, t)
			}
		}
		words := "still has all that were to be dropped"
		if len(absent) > 0 {
			words = fmt.Sprintf("has %s; %d of %d that were to be dropped are missing", listed(names, "table", "tables"), len(absent), len(gone[d]))
		}
		words = fmt.Sprintf("a client's list of the tables of %s afterwards (entry %d) %s", wording.Name(d), entries[0]+1, words)
		list = append(list, After{Entries: st.Entries, Then: entries, Words: words})
	}
	return list
}

// listedAfter returns the tables that the first client to list them names behind an
// entry, as its Field List commands do, in a database.
func (f *finder) listedAfter(e uint32, database string) (names []string, entries []uint32) {
	for _, run := range f.fieldLists() {
		if run.entries[0] <= e || run.database != database {
			continue
		}
		for _, i := range run.entries {
			text, err := f.Text(int(i))
			if err != nil {
				return nil, nil
			}
			name, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\t")
			names = append(names, strings.ToLower(strings.TrimSpace(name)))
		}
		return names, run.entries
	}
	return nil, nil
}

// fieldList is a run of Field List commands of one connection.
type fieldList struct {
	database string
	entries  []uint32
}

// maxFieldLists is how many runs are kept, and maxFields how many entries of each.
const maxFieldLists, maxFields = 4096, 512

// fieldLists finds the runs, in one pass, once.
func (f *finder) fieldLists() []fieldList {
	if f.lists != nil {
		return f.lists
	}
	f.lists = []fieldList{}
	rows := make([]bool, len(f.Rows))
	some := false
	for i := range f.Rows {
		rows[i] = strings.EqualFold(f.Commands[f.Rows[i].Command], "Field List")
		some = some || rows[i]
	}
	if !some {
		return f.lists
	}
	open := map[uint32]int{} // by connection, the run
	for i := range f.Log.Entries.Len() {
		c := f.Log.Entries.Connection(i)
		k, running := open[c]
		if !rows[f.Log.Entries.Row(i)] {
			if running {
				delete(open, c)
			}
			continue
		}
		if !running {
			if len(f.lists) == maxFieldLists {
				break
			}
			k = len(f.lists)
			open[c] = k
			f.lists = append(f.lists, fieldList{database: f.database(f.Connections.Who(int(c), i).Database)})
		}
		if run := &f.lists[k]; len(run.entries) < maxFields {
			run.entries = append(run.entries, uint32(i))
		}
	}
	return f.lists
}
