package incident

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/wording"
)

// AfterKind is what came after a statement.
type AfterKind uint8

// The kinds of what came after, those first that speak most.
const (
	Waited AfterKind = iota // a silence as long as the statement had asked the server to wait
	Listed                  // a client's list of tables
	Noted                   // numbers that an application wrote down
	WentOn                  // no such silence
)

// After is what came after statements of an actor, which may speak of their outcome.
// An entry never shows that it worked, and neither does this: it is what was sent
// next.
type After struct {
	Kind    AfterKind
	Entries []uint32 // of the actor, ascending
	Then    []uint32 // what speaks, ascending but that the first speaks most
	Words   string
	Column  string  // that numbers were written to, with its table; else empty
	Values  []Value // these numbers, the most frequent first, at most maxValues of them
	Others  int     // further numbers
}

// Value is a number that an application wrote down.
type Value struct {
	Number      string
	Times       int
	Entry, Then uint32 // the first statement that it was written behind, and the entry that has it
}

const (
	// maxAfter is how many statements of an incident are looked behind for values, and
	// maxSleeps for silences; maxValues is how many values are listed.
	maxAfter, maxSleeps, maxValues = 1024, 64, 4
	// behind is how many entries of the same connection behind a statement may speak of
	// it.
	behind = 12
	// slack is by how much a silence may fall short of what was asked for, as a share, and
	// late by how many microseconds it may be longer: a connection that nobody uses is
	// silent too.
	slack, late = 0.9, 1e6
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
	x.After = afterOf(silences, missing, values)
	for k := range x.Stages {
		st := &x.Stages[k]
		other := func(e uint32) bool {
			_, ok := slices.BinarySearch(st.Entries, e)
			return !ok
		}
		listed := missing
		if st.Name != Destruction {
			listed = nil
		}
		st.After = afterOf(slices.DeleteFunc(slices.Clone(silences), func(w silence) bool { return other(w.entry) }), listed,
			slices.DeleteFunc(slices.Clone(values), func(w written) bool { return other(w.entry) }))
	}
}

// afterOf joins what came after, what speaks most first.
func afterOf(silences []silence, listed []After, values []written) []After {
	list := slices.Concat(listed, valueWords(values))
	if a, ok := silenceWords(silences); ok {
		list = append(list, a)
	}
	slices.SortStableFunc(list, func(a, b After) int { return cmp.Compare(a.Kind, b.Kind) })
	return list
}

// sleeps finds SLEEP(n) and the like with a number of seconds.
var sleeps = regexp.MustCompile(`(?i)\bsleep\s*\(\s*(\d{1,3}(?:\.\d+)?)\s*\)`)

// silence is how long a connection sent nothing behind a SLEEP.
type silence struct {
	entry, next uint32
	asked       float64 // microseconds
	gap         int64   // microseconds
}

// kept reports whether a silence is as long as was asked for, longer whether it is longer
// than that explains.
func (s silence) kept() bool   { return float64(s.gap) >= s.asked*slack && !s.longer() }
func (s silence) longer() bool { return float64(s.gap) > s.asked+late }

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
		list = append(list, silence{e, next, asked * 1e6, gap})
	}
	return list
}

// silenceWords describes whether statements that asked the server to wait were followed
// by a silence of that length; false where each was followed by a longer one, which speaks
// neither for it nor against.
func silenceWords(all []silence) (a After, ok bool) {
	if !slices.ContainsFunc(all, func(s silence) bool { return !s.longer() }) {
		return a, false
	}
	a.Kind = WentOn
	if slices.ContainsFunc(all, silence.kept) {
		a.Kind = Waited
	}
	longer, longest := 0, int64(0)
	for _, s := range all {
		if s.kept() || a.Kind == WentOn {
			a.Entries, a.Then = append(a.Entries, s.entry), append(a.Then, s.next)
		}
		if s.longer() {
			longer++
		} else if !s.kept() {
			longest = max(longest, s.gap)
		}
	}
	behind, was := fmt.Sprintf("%d of %d statements", len(a.Entries), len(all)), "was"
	if a.Kind == WentOn {
		behind, was = fmt.Sprintf("any of %d statements", len(all)), "was not"
	}
	if len(all) == 1 {
		behind = "the statement"
	}
	a.Words = fmt.Sprintf("after %s with SLEEP the connection %s silent for as long as was asked for", behind, was)
	if longer > 0 {
		a.Words += fmt.Sprintf(", after %d for longer", longer)
	}
	if a.Kind == WentOn {
		a.Words += fmt.Sprintf(", %s at most", wording.Duration(longest))
	}
	return a, true
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

// valueWords describes what was written to each column: the numbers, the most frequent
// first.
func valueWords(all []written) (list []After) {
	of := map[string][]written{}
	var names []string
	for _, w := range all {
		if of[w.name] == nil {
			names = append(names, w.name)
		}
		of[w.name] = append(of[w.name], w)
	}
	for _, name := range names {
		a := After{Kind: Noted, Column: name}
		at := map[string]int{}
		for _, w := range of[name] {
			a.Entries, a.Then = append(a.Entries, w.entry), append(a.Then, w.then)
			k, ok := at[w.number]
			if !ok {
				k = len(a.Values)
				at[w.number] = k
				a.Values = append(a.Values, Value{Number: w.number, Entry: w.entry, Then: w.then})
			}
			a.Values[k].Times++
		}
		slices.Sort(a.Entries)
		a.Entries = slices.Compact(a.Entries)
		slices.Sort(a.Then)
		slices.SortStableFunc(a.Values, func(a, b Value) int { return cmp.Compare(b.Times, a.Times) })
		a.Words = Note(name)
		a.Others = max(0, len(a.Values)-maxValues)
		a.Values = a.Values[:len(a.Values)-a.Others]
		var shown []string
		for i, v := range a.Values {
			times := strconv.Itoa(v.Times)
			if i == 0 {
				times = wording.Counted(v.Times, "time", "times")
			}
			shown = append(shown, fmt.Sprintf("%s (%s)", v.Number, times))
		}
		a.Words += " " + strings.Join(shown, ", ")
		if a.Others > 0 {
			a.Words += " and " + wording.Counted(a.Others, "other number", "other numbers")
		}
		list = append(list, a)
	}
	return list
}

// Note is how a sentence begins of which numbers an application wrote to a column.
func Note(column string) string { return "the application then noted " + wording.Name(column) + " =" }

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
		then := slices.Clone(entries)
		var absent []string
		for _, t := range gone[d] {
			if k := slices.Index(names, t); k < 0 {
				absent = append(absent, t)
			} else if then[0] == entries[0] {
				then[0], then[k] = then[k], then[0]
			}
		}
		words := "still names all that were to be dropped"
		if len(absent) > 0 {
			lacks := fmt.Sprintf("not %d of the %d that were", len(absent), len(gone[d]))
			switch {
			case len(gone[d]) == 1:
				lacks = "not the one that was"
			case len(absent) == len(gone[d]):
				lacks = fmt.Sprintf("none of the %d that were", len(absent))
			}
			words = fmt.Sprintf("names %s, but %s to be dropped", named(names, "table", "tables"), lacks)
		}
		words = fmt.Sprintf("a client's list of the tables of %s afterwards (entry %d) %s", wording.Name(d), then[0]+1, words)
		list = append(list, After{Kind: Listed, Entries: st.Entries, Then: then, Words: words})
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
