package detect

import (
	"slices"
	"strings"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/wording"
)

// ordinary recognises what honest programs do that an attacker does too. The
// parameter "of" lists what is tried; the first that holds is the word for levels.
// What each asks for has to be done, not claimed: a name or a comment is no proof.
func ordinary(r *run, m *match) (word, note string) {
	for _, kind := range m.ev.rule.Parameters.Words("of") {
		if holds := allowances[kind]; holds != nil {
			if note := holds(r, m); note != "" {
				return kind, note
			}
		}
	}
	return "", ""
}

// allowances are the kinds of ordinary things, each with its note.
var allowances = map[string]func(r *run, m *match) string{
	"habit":         func(r *run, m *match) string { _, note := habit(r, m); return note },
	"managed":       managed,
	"dump":          partOfDump,
	"made":          madeItself,
	"scratch":       scratch,
	"own":           readsItsOwn,
	"schema-change": schemaChange,
}

// managed recognises the account that a cloud keeps on the server itself. From
// elsewhere anybody may be called so.
func managed(r *run, m *match) string {
	user, host := r.Connections.Text(m.id.User), r.Connections.Text(m.id.Host)
	if host == none || !local(host) || user != "rdsadmin" && user != "azure_superuser" {
		return ""
	}
	return "housekeeping of the managed service"
}

// principalKey is an account as a key; of those without a name, each server has its own.
type principalKey struct {
	user, host uint32
	server     int
}

func (r *run) principalOf(i int) principalKey {
	_, id := r.sender(i)
	return principalKey{id.User, id.Host, r.ServerOf(i)}
}

// sender returns the connection of an entry and who it was at that time.
func (r *run) sender(i int) (conn uint32, id connection.Identity) {
	conn = r.Entries.Connection(i)
	return conn, r.Connections.Who(int(conn), i)
}

// who is the account of a match.
func (m *match) who() principalKey {
	return principalKey{m.id.User, m.id.Host, m.ServerOf(int(m.ev.entries[0]))}
}

// factsOf returns the facts of an entry and its current database.
func (r *run) factsOf(i int) (fact.Set, string) {
	_, id := r.sender(i)
	return r.Facts[r.Rows[r.Entries.Row(i)].Fact], r.Connections.Text(id.Database)
}

// tablesOf returns the tables of an entry with their schema.
func (r *run) tablesOf(i int) []string {
	set, database := r.factsOf(i)
	return slices.Collect(r.builder.Resolve(set, database).Values(fact.Tables))
}

// entriesWith visits the entries, in order, whose facts a condition is true of.
func (r *run) entriesWith(wanted func(fact.Set) bool, visit func(i int)) {
	rows := make([]bool, len(r.Rows))
	asked, some := map[uint32]bool{}, false
	for k, row := range r.Rows {
		w, ok := asked[row.Fact]
		if !ok {
			w = wanted(r.Facts[row.Fact])
			asked[row.Fact] = w
		}
		rows[k] = w
		some = some || w
	}
	if !some {
		return
	}
	for s := range r.Entries.Spans() {
		span := r.Entries.Span(s)
		for j, row := range span.Row {
			if rows[row] {
				visit(span.First + j)
			}
		}
	}
}

// dumpHour is an hour in which an account dumped.
type dumpHour struct {
	principalKey
	hour int64
}

const (
	hour       = int64(time.Hour / time.Microsecond)
	dumpTables = 5 // different ones make a dump
)

// dumped reports whether a statement reads tables as dump programs do.
func dumped(set fact.Set) bool {
	return set.Has(fact.Marks, "no_cache") && !set.Has(fact.Scope, "key", "filtered")
}

// partOfDump recognises the reads of a program that takes whole tables in turn: what
// is to be thought of that is known of the dump as a whole.
func partOfDump(r *run, m *match) string {
	for _, i := range m.ev.entries {
		if set, _ := r.factsOf(int(i)); !dumped(set) {
			return ""
		}
	}
	if r.dumps == nil {
		r.dumps = map[dumpHour][]string{}
		r.entriesWith(dumped, func(i int) {
			key := dumpHour{r.principalOf(i), floorDiv(r.Approximate(i), hour)}
			for _, t := range r.tablesOf(i) {
				if list := r.dumps[key]; len(list) < dumpTables && !slices.Contains(list, t) {
					r.dumps[key] = append(list, t)
				}
			}
		})
	}
	tables := map[string]bool{}
	for h := int64(-1); h <= 1; h++ {
		for _, t := range r.dumps[dumpHour{m.who(), floorDiv(m.ev.first, hour) + h}] {
			tables[t] = true
		}
	}
	if len(tables) < dumpTables {
		return ""
	}
	return "part of a dump of many tables by the same account"
}

// object is a table or a database of an account.
type object struct {
	principalKey
	name string // of a table with its schema; of a database with a slash behind it
}

// life is when an account made and dropped an object.
type life struct{ made, dropped []int64 }

// maxObjects is of how many objects lives are kept; those beyond are evaluated
// without.
const maxObjects = 1 << 16

// objectsOf returns the tables and databases that an entry makes or drops.
func (r *run) objectsOf(i int) (names []string) {
	set, database := r.factsOf(i)
	if set.Has(fact.Head, "create database", "create schema", "drop database", "drop schema") {
		for name := range set.Values(fact.Objects) {
			names = append(names, name+"/")
		}
		return names
	}
	return fact.Changed(set, database)
}

// lives returns the lives of the objects that accounts made and dropped.
func (r *run) lives() map[object]*life {
	if r.objects != nil {
		return r.objects
	}
	r.objects = map[object]*life{}
	wanted := func(set fact.Set) bool { return set.Has(fact.Verb, "create", "drop") }
	r.entriesWith(wanted, func(i int) {
		set, _ := r.factsOf(i)
		who := r.principalOf(i)
		for _, name := range r.objectsOf(i) {
			for _, key := range [2]object{{who, name}, {who.anywhere(), name}} {
				l := r.objects[key]
				if l == nil {
					if len(r.objects) == maxObjects {
						return
					}
					l = new(life)
					r.objects[key] = l
				}
				if set.Has(fact.Verb, "create") {
					l.made = append(l.made, r.Approximate(i))
				} else {
					l.dropped = append(l.dropped, r.Approximate(i))
				}
			}
		}
	})
	return r.objects
}

// anywhere is the account's user from all hosts together.
func (k principalKey) anywhere() principalKey {
	k.host = ^uint32(0)
	return k
}

// within reports whether one of some times lies in [from, to].
func within(times []int64, from, to int64) bool {
	return slices.ContainsFunc(times, func(t int64) bool { return t >= from && t <= to })
}

const minute = int64(time.Minute / time.Microsecond)

// madeItself recognises an account that removes what it has made on the same day, or
// makes again at once: load tests, staging tables, restores of a dump. A database
// that is made again is removed again too, else it is one that was emptied.
func madeItself(r *run, m *match) string {
	lives := r.lives()
	made := func(name string, t int64) bool {
		l := lives[object{m.who(), name}]
		return l != nil && (within(l.made, t-day, t) ||
			within(l.made, t, t+minute) && (!strings.HasSuffix(name, "/") || within(l.dropped, t+1, t+day)))
	}
	if !r.allOf(m, r.objectsOf, made) {
		return ""
	}
	return "the same account makes what it removes"
}

// allOf reports whether each entry of the evidence has names and a condition is true of all
// of these at its time.
func (r *run) allOf(m *match, namesOf func(i int) []string, holds func(name string, t int64) bool) bool {
	return !slices.ContainsFunc(m.ev.entries, func(i uint32) bool {
		names, t := namesOf(int(i)), r.Approximate(int(i))
		return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool { return !holds(name, t) })
	})
}

// scratch recognises a table that its user, from wherever, makes and drops on several days:
// what is made again and again holds nothing that anybody would miss.
func scratch(r *run, m *match) string {
	lives := r.lives()
	comesAndGoes := func(name string, _ int64) bool {
		l := lives[object{m.who().anywhere(), name}]
		return l != nil && !strings.HasSuffix(name, "/") && daysOf(l.made) >= scratchDays && daysOf(l.dropped) >= scratchDays
	}
	if !r.allOf(m, r.objectsOf, comesAndGoes) {
		return ""
	}
	return "the same user makes and drops it on several days"
}

// scratchDays is on how many days a table is made, and dropped, that comes and goes.
const scratchDays = 2

// daysOf returns on how many days ascending times are.
func daysOf(times []int64) (n int) {
	for k, t := range times {
		if k == 0 || floorDiv(t, day) != floorDiv(times[k-1], day) {
			n++
		}
	}
	return n
}

// readsItsOwn recognises an account that reads tables which it made on the same day, or
// which are in a database that it made: tests that fill their own, copies.
func readsItsOwn(r *run, m *match) string {
	lives := r.lives()
	made := func(name string, t int64) bool {
		l := lives[object{m.who(), name}]
		return l != nil && within(l.made, t-day, t)
	}
	own := func(table string, t int64) bool {
		schema, _, _ := strings.Cut(table, ".")
		return made(table, t) || made(schema+"/", t)
	}
	if !r.allOf(m, r.tablesOf, own) {
		return ""
	}
	return "the same account made them that day"
}

// changeTables are the endings of the tables with which programs change a schema
// under way, gh-ost (_t_gho, _t_ghc, _t_del) and pt-online-schema-change (_t_new,
// _t_old): those that they make, and those that they leave.
var (
	changeMakes  = []string{"_gho", "_ghc", "_new"}
	changeLeaves = []string{"_gho", "_ghc", "_new", "_del", "_old"}
)

// standsFor returns the table that another one replaces, ok false for none.
func standsFor(table string, endings []string) (base string, ok bool) {
	schema, name, _ := strings.Cut(table, ".")
	rest, ok := strings.CutPrefix(name, "_")
	for _, e := range endings {
		if base, found := strings.CutSuffix(rest, e); ok && found && base != "" {
			return schema + "." + base, true
		}
	}
	return "", false
}

// schemaChange recognises an online change of a schema: of statements, that they
// drop nothing but its tables; of commands, that the account makes them within the
// hour.
func schemaChange(r *run, m *match) string {
	bases := map[string]bool{}
	for key, l := range r.lives() {
		base, ok := standsFor(key.name, changeMakes)
		if ok && key.principalKey == m.who() && within(l.made, m.ev.first-hour, m.ev.last+hour) {
			bases[base] = true
		}
	}
	if len(bases) == 0 {
		return ""
	}
	for _, i := range m.ev.entries {
		for _, name := range r.objectsOf(int(i)) {
			if base, ok := standsFor(name, changeLeaves); !ok || !bases[base] {
				return ""
			}
		}
	}
	var names []string
	for base := range bases {
		names = append(names, wording.Name(base))
	}
	slices.Sort(names)
	return "an online schema change, as gh-ost and pt-online-schema-change do, of " + list(names)
}
