package handover

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/incident"
)

// share is how much of a table a statement asks for, the most first.
type share uint8

const (
	wholeTable share = iota
	byPage
	someRows
	singleFigures
	yesOrNo
	shares
)

// shareWords are for a list of them, and for the most that was asked of a table.
var shareWords = [shares]struct{ listed, most string }{
	wholeTable:    {"the whole table", "as a whole"},
	byPage:        {"all rows, page by page", "page by page"},
	someRows:      {"some rows", "in part"},
	singleFigures: {"single figures", "by single figures"},
	yesOrNo:       {"yes-or-no questions", "by yes-or-no questions"},
}

// everything reports whether a SELECT takes every row of its tables.
func everything(u *fact.Use) bool { return u.Scope == "all" || u.Scope == "always" }

func shareOf(u *fact.Use) share {
	switch {
	case u.What == "constant" || u.What == "aggregate":
		return singleFigures
	case everything(u) && u.Limit == "nolimit":
		return wholeTable
	case everything(u) && u.Limit == "paging":
		return byPage
	}
	return someRows
}

// maxTelling is how many entries of a table are cited.
const maxTelling = 3

// askedTable is what incidents asked of a table.
type askedTable struct {
	name      string
	asked     [shares]int // statements, each by the most that it asks for
	last      uint32      // of them
	lastShare share
	secret    bool // passwords or hashes were asked for by name
	people    bool // all columns of a table of people were asked for, which may hold some
	kinds     []string
	incidents []string          // letters
	by        [yesOrNo][]uint32 // entries by how much they ask for, the first ones; questions are with single figures
}

// add counts a statement, once where it asks for the table in several places.
func (t *askedTable) add(e uint32, much share) {
	if t.asked != [shares]int{} && t.last == e {
		if much >= t.lastShare {
			return
		}
		t.asked[t.lastShare]--
		list := &t.by[min(t.lastShare, singleFigures)]
		*list = slices.DeleteFunc(*list, func(other uint32) bool { return other == e })
	}
	t.asked[much]++
	t.last, t.lastShare = e, much
	if list := &t.by[min(much, singleFigures)]; len(*list) < maxTelling {
		*list = append(*list, e)
	}
}

// cites returns the most telling entries.
func (t *askedTable) cites() []uint32 {
	all := slices.Concat(t.by[:]...)
	return all[:min(maxTelling, len(all))]
}

// most is the most that a statement asked of the table.
func (t *askedTable) most() string {
	for much, n := range t.asked[:yesOrNo] {
		if n > 0 {
			return shareWords[much].most
		}
	}
	return shareWords[yesOrNo].most
}

var kindWords = map[string]string{"secret": "passwords or hashes", "privilege": "rights", "contact": "contacts", "money": "money", "all": "all columns"}

// everyIncident is for asked.
const everyIncident = -1

// asked returns the tables that an incident asked for, or all of them, those asked for
// in whole first.
func (b *builder) asked(of int) (list []askedTable) {
	at := map[string]int{}
	for r := range b.requests(of) {
		n, ok := at[r.table]
		if !ok {
			n = len(list)
			at[r.table] = n
			list = append(list, askedTable{name: r.table})
		}
		t, set := &list[n], b.facts(r.entry)
		if r.x.Actor.Kind == incident.Account && incident.YesOrNo(set) {
			t.add(r.entry, yesOrNo)
		} else {
			t.add(r.entry, shareOf(&r.use))
		}
		secret := r.use.What == "secret"
		for kind := range set.Values(fact.ColumnKinds) {
			if kind != "secret" || secret { // which may be of another of its tables
				addWord(&t.kinds, kindWords[kind])
			}
		}
		t.secret = t.secret || secret || r.use.What == "everything" && r.table == "mysql.user"
		t.people = t.people || r.use.What == "everything" && fact.PeopleTable(r.table)
		addWord(&t.incidents, r.letter)
	}
	rank := func(t *askedTable) int {
		return min(t.asked[wholeTable], 1)*4 + min(t.asked[byPage], 1)*2 + min(t.asked[someRows], 1)
	}
	slices.SortStableFunc(list, func(a, b askedTable) int {
		return cmp.Or(rank(&b)-rank(&a), strings.Compare(a.name, b.name))
	})
	return list
}

// request is what a statement of an incident asks of a table.
type request struct {
	x      *incident.Incident
	letter string
	entry  uint32
	use    fact.Use
	table  string
}

// requests yields what an incident asked for, or every one, in order.
func (b *builder) requests(of int) iter.Seq[request] {
	return func(yield func(request) bool) {
		for k := range b.s.Incidents {
			x := &b.s.Incidents[k]
			if of != everyIncident && of != k {
				continue
			}
			own := b.ownTables(x)
			entries, _ := b.entriesOf(x, incident.Collection)
			for _, e := range entries {
				for _, u := range b.used(e) {
					for _, name := range u.Tables {
						if !own(&u, name) && !yield(request{x, incident.Letter(k), e, u, name}) {
							return
						}
					}
				}
			}
		}
	}
}

// addWord adds a word to a list that does not have it.
func addWord(list *[]string, word string) {
	if word != "" && !slices.Contains(*list, word) {
		*list = append(*list, word)
	}
}

// ownTables returns what reports whether an application asks a table for rows by itself, in
// statements that something was put into: those of which there are others without it.
// Nothing is its own of who logged in.
func (b *builder) ownTables(x *incident.Incident) func(u *fact.Use, name string) bool {
	if x.Actor.Kind != incident.Account {
		return func(*fact.Use, string) bool { return false }
	}
	type asked struct{ scope, what, table string }
	own := map[asked]bool{}
	for _, t := range x.Twins {
		for _, u := range b.used(t.Honest) {
			for _, name := range u.Tables {
				own[asked{u.Scope, u.What, name}] = true
			}
		}
	}
	return func(u *fact.Use, name string) bool {
		return !everything(u) && (len(own) == 0 || own[asked{u.Scope, u.What, name}])
	}
}

// rights returns the tables of people that an entry writes passwords or rights into.
func (b *builder) rights(e uint32) []string {
	who := b.s.Connections.Who(int(b.s.Entries.Connection(int(e))), int(e))
	return fact.Rights(b.facts(e), b.s.Connections.Text(who.Database))
}

// used is what the SELECTs of an entry ask for.
func (b *builder) used(e uint32) []fact.Use {
	who := b.s.Connections.Who(int(b.s.Entries.Connection(int(e))), int(e))
	at := [2]uint32{b.s.Key(int(e)).Fact, who.Database}
	uses, ok := b.uses[at]
	if !ok {
		uses = fact.Used(b.facts(e), b.s.Connections.Text(who.Database))
		b.uses[at] = uses
	}
	return uses
}

// askedFor is how much an incident asked for of each table.
func (b *builder) askedFor(k int) Spans {
	list := b.asked(k)
	if len(list) == 0 {
		return line("No statement of this incident asks for rows of a table.")
	}
	var out Spans
	for i := range list[:min(len(list), maxNames)] {
		if i > 0 {
			out = append(out, say(", "))
		}
		out = append(out, quoted(list[i].name), say(" "+list[i].most()))
	}
	if n := len(list) - maxNames; n > 0 {
		out = append(out, say(" and "+figure(n)+" more"))
	}
	return append(out, say("; section 4 has how much each statement asked for."))
}

// taken is what was asked for, table by table.
func (b *builder) taken() {
	b.section("taken", "4. What was asked for")
	list := b.all()
	if len(list) == 0 {
		b.add(Paragraph{line("No statement of an incident asks for rows of a table.")})
		return
	}
	b.add(Paragraph{line("How much each statement asks for is read from the statement. How many rows there were, and whether they came back, is not in this log. A statement that asks for several tables is counted at each.")})
	t := Table{Columns: []Column{{"Table", false}, {"What of it", false}, {"How much", false}, {"Incidents", false}, {"Evidence", false}}}
	for _, a := range list[:min(len(list), maxTables)] {
		var how []string
		for much, n := range a.asked {
			if n > 0 {
				how = append(how, shareWords[much].listed+" ("+counted(n, "statement", "statements")+")")
			}
		}
		of := cmp.Or(strings.Join(a.kinds, ", "), "other columns")
		t.Rows = append(t.Rows, []Spans{{quoted(a.name)}, line(of), line(strings.Join(how, "; ")), line(strings.Join(a.incidents[:min(len(a.incidents), maxNames)], ", ")), b.cite(a.cites()...)})
	}
	b.add(t)
	if n := len(list) - maxTables; n > 0 {
		b.add(Paragraph{line(counted(n, "further table was", "further tables were") + " asked for.")})
	}
}
