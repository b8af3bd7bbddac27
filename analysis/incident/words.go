package incident

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/wording"
)

// maxListed is how many names a sentence lists.
const maxListed = 3

// blindQuestions is from how many yes-or-no questions on they are told apart.
const blindQuestions = 20

// YesOrNo reports whether a statement that was put into one of an application's is
// answered by whether there are rows of the application's own: it has a SELECT within a
// condition, which no UNION hands out.
func YesOrNo(set fact.Set) bool {
	if set.Has(fact.Union, "true") {
		return false
	}
	for range set.Values(fact.Nesting) {
		return true
	}
	return false
}

// describe writes what the incident is in words.
func (f *finder) describe(x *Incident, a *actor) {
	x.Asked, x.How = f.asked(x), f.how(x, a)
	x.Through = x.Actor.String()
	if n := len(x.Actor.Hosts); n > 1 && len(x.Actor.Users) == 1 && (x.In() > 0 || a.Kind == Account) {
		x.Through = fmt.Sprintf("%s from %d hosts", x.Actor.Users[0], n)
	}
	if f.SeveralServers() {
		x.Through += " at " + listed(x.Servers, "server", "servers")
	}
	x.Honest, x.Unknown = f.honest(x, a), f.unknown(x)
}

// Asks reports whether Asked is what was asked for, rather than how far logins came.
func (x *Incident) Asks() bool {
	return x.Actor.Kind == Account || slices.ContainsFunc(x.Stages, func(s Stage) bool {
		return s.Name != Reconnaissance && s.Name != Guessing && s.Name != Access
	})
}

// In returns how many logins of the actor got past login.
func (x *Incident) In() (n int) {
	for _, l := range x.Logins {
		n += l.In
	}
	return n
}

// Tries returns how many logins of the actor there were.
func (x *Incident) Tries() (n int) {
	for _, l := range x.Logins {
		n += l.Tries
	}
	return n
}

// asked describes what was asked for, the gravest first.
func (f *finder) asked(x *Incident) string {
	var parts []string
	add := func(s string) {
		if s != "" {
			parts = append(parts, s)
		}
	}
	// What may only have been tried comes last.
	var tried []string
	grave := func(st *Stage, text string) {
		if f.behind(x, st) {
			tried = append(tried, text+" behind another statement")
		} else {
			add(text)
		}
	}
	if st := x.Stage(Destruction); st != nil {
		grave(st, f.destroyed(x, st))
	}
	if st := x.Stage(Persistence); st != nil {
		grave(st, f.left(st))
	}
	if st := x.Stage(Collection); st != nil {
		if n := f.readBefore(x); n > 0 {
			add(fmt.Sprintf("read %d of them before", n))
		} else {
			add(f.collected(x, st))
		}
	}
	for _, text := range tried {
		add(text)
	}
	if st := x.Stage(CoveringTracks); st != nil {
		add(f.covered(st))
	}
	if st := x.Stage(Enumeration); st != nil && len(parts) == 0 {
		add(f.questions(st))
	}
	if len(parts) > 0 {
		return strings.Join(parts, "; ")
	}
	switch {
	case x.Actor.Kind == Account:
		return "nothing yet: tries whether SQL can be added"
	case x.In() > 0:
		var users []string
		for _, l := range x.Logins {
			if l.In > 0 && !slices.Contains(users, l.User) {
				users = append(users, l.User)
			}
		}
		text := "the password of " + listed(users, "account", "accounts")
		if n := f.guessesBefore(x); n > 0 {
			text += fmt.Sprintf(", found after %s", wording.Counted(n, "guess", "guesses"))
		}
		return text + "; no statement"
	}
	return "no login: " + f.guessed(x)
}

// behind reports that the statements of a stage stood behind others in one text each, put
// there through an account. A server runs the second of two statements in one text only
// where the client allows several; it logs it by itself then.
func (f *finder) behind(x *Incident, st *Stage) bool {
	return x.Actor.Kind == Account && !slices.ContainsFunc(st.Entries, func(e uint32) bool { return f.factsOf(e).Has(fact.Statements, "1") })
}

// destroying are the verbs that a stage of destruction is described by; changing those of
// statements that came through an account, and have none of these or were put behind one
// of the account's own.
var destroying, changing = []string{"drop", "truncate", "delete"}, []string{"drop", "truncate", "delete", "update", "insert", "replace"}

// prepositions stand between some verbs and their tables.
var prepositions = map[string]string{"delete": " from ", "insert": " into ", "replace": " into "}

// destroyed describes what was to be dropped, emptied or changed, and whether a note was
// to be left.
func (f *finder) destroyed(x *Incident, st *Stage) string {
	tables, others, verbs, note := map[string]map[string]int{}, map[string]map[string]int{}, map[string]int{}, false // names by verb
	for _, e := range st.Entries {
		set := f.factsOf(e)
		note = note || set.Has(fact.Marks, "note_name")
		candidates := destroying
		if x.Actor.Kind == Account && (len(f.stacked(e)) > 0 || !slices.ContainsFunc(destroying, func(verb string) bool { return set.Has(fact.Verb, verb) })) {
			candidates = changing
		}
		for _, verb := range candidates {
			if !set.Has(fact.Verb, verb) {
				continue
			}
			if verbs[verb]++; tables[verb] == nil {
				tables[verb], others[verb] = map[string]int{}, map[string]int{}
			}
			for _, t := range f.changed(e) {
				tables[verb][base(t)]++
			}
			for o := range set.Values(fact.Objects) {
				if set.Has(fact.Head, "drop database") || set.Has(fact.Head, "drop schema") {
					o = "database " + o
				}
				others[verb][o]++
			}
		}
	}
	var parts []string
	for _, verb := range byCount(verbs) {
		var names []string
		if len(tables[verb]) > 0 || len(others[verb]) == 0 {
			names = append(names, named(byCount(tables[verb]), "table", "tables"))
		}
		if len(others[verb]) > 0 {
			names = append(names, listed(byCount(others[verb]), "object", "objects"))
		}
		parts = append(parts, strings.ToUpper(verb)+cmp.Or(prepositions[verb], " of ")+strings.Join(names, " and "))
	}
	if note {
		parts = append(parts, "leave what reads like a ransom note")
	}
	if len(parts) == 0 {
		return "change or empty data"
	}
	return strings.Join(parts, ", ")
}

// readBefore counts the tables that were dropped or emptied, where all that was read
// are tables that were dropped or emptied later.
func (f *finder) readBefore(x *Incident) int {
	st := x.Stage(Destruction)
	if st == nil || x.Actor.Kind == Account {
		return 0
	}
	gone, read := map[string]bool{}, map[string]bool{}
	for _, e := range st.Entries {
		for _, t := range f.changed(e) {
			gone[t] = true
		}
	}
	for _, e := range x.Stage(Collection).Entries {
		for t := range f.factsOf(e).Values(fact.Tables) {
			if !gone[t] {
				return 0
			}
			read[t] = true
		}
	}
	return len(read)
}

// fileWords are files that were to be written, by their kind.
var fileWords = map[string]string{
	"script": "write a script into a file", "library": "write a library into a file", "web": "write a file where a web server reads",
	"key": "write a file of keys or of what is started", "system": "write a file of the system",
}

// left describes what code, files and accounts were made.
func (f *finder) left(st *Stage) string {
	functions, files, accounts, people, calls := map[string]int{}, map[string]int{}, map[string]int{}, map[string]int{}, false
	programs := map[string]int{} // of the server, which run by themselves or when they are called
	rows := map[string]int{}     // tables whose rows were to be written into a file
	pages := map[string]int{}    // tables that a script was put into
	log := false
	for _, e := range st.Entries {
		set := f.factsOf(e)
		if set.Has(fact.Marks, "adds_script") {
			for _, t := range f.changed(e) {
				pages[base(t)]++
			}
		}
		for head := range set.Values(fact.Head) {
			for o := range set.Values(fact.Objects) {
				switch {
				case strings.HasSuffix(head, " function") && strings.HasPrefix(head, "create"):
					functions[o]++
				case head == "create trigger", head == "create event", head == "create procedure":
					programs[strings.TrimPrefix(head, "create ")+" "+o]++
				case strings.HasSuffix(head, " user"), head == "grant", head == "revoke", head == "set password":
					accounts[o]++
				}
			}
			if strings.HasPrefix(head, "install") {
				functions["a plugin"]++
			}
		}
		for _, t := range f.rights(e) {
			people[base(t)]++
		}
		for v := range set.Values(fact.Sets) {
			log = log || strings.HasPrefix(v, "general_log_file=") || strings.HasPrefix(v, "slow_query_log_file=")
		}
		for v := range set.Values(fact.Files) {
			if kind, ok := strings.CutPrefix(v, "write "); ok {
				files[kind]++
				for t := range set.Values(fact.Tables) {
					rows[base(t)]++
				}
			}
		}
		calls = calls || set.Has(fact.Literals, "shell")
	}
	var parts []string
	if calls {
		parts = append(parts, "run a shell command")
	}
	if len(functions) > 0 {
		parts = append(parts, "install code: "+listed(byCount(functions), "function", "functions"))
	}
	for _, kind := range byCount(files) {
		switch {
		case kind == "script" && log:
			parts = append(parts, "write a script through a log file and into a file")
		default:
			text := cmp.Or(fileWords[kind], "write a file")
			if len(rows) > 0 && fileWords[kind] == "" {
				text = "write rows of " + named(byCount(rows), "table", "tables") + " into a file"
			}
			if !slices.Contains(parts, text) {
				parts = append(parts, text)
			}
		}
	}
	if len(pages) > 0 {
		parts = append(parts, "put a script into "+named(byCount(pages), "table", "tables"))
	}
	if len(programs) > 0 {
		parts = append(parts, "make "+listed(byCount(programs), "program in the server", "programs in the server"))
	}
	if len(accounts) > 0 {
		parts = append(parts, "change accounts: "+listed(byCount(accounts), "account", "accounts"))
	}
	if len(people) > 0 {
		parts = append(parts, "write passwords or rights into "+named(byCount(people), "table", "tables"))
	}
	if len(parts) == 0 {
		return "change code or rights"
	}
	return strings.Join(parts, "; ")
}

// covered describes what was to be done to logs.
func (f *finder) covered(st *Stage) string {
	binary, emptied, unloaded, other := false, false, false, false
	for _, e := range st.Entries {
		set := f.factsOf(e)
		switch {
		case set.Has(fact.Verb, "reset"), set.Has(fact.Verb, "purge"):
			binary = true
		case set.Has(fact.Verb, "uninstall"):
			unloaded = true
		case set.Has(fact.TableKinds, "logs"):
			emptied = true
		default:
			other = true
		}
	}
	var parts []string
	for _, p := range []struct {
		is   bool
		text string
	}{{other, "switch a log off or move it"}, {binary, "delete binary logs"}, {emptied, "change a table of logs"}, {unloaded, "remove a plugin"}} {
		if p.is {
			parts = append(parts, p.text)
		}
	}
	return strings.Join(parts, ", ")
}

// columnKinds are what a reader must know of columns, the gravest first, in words.
var columnKinds = []struct{ kind, words string }{{"secret", "passwords or hashes"}, {"money", "money"}, {"contact", "contacts"}}

// collected describes which tables and files were read, and what of them.
func (f *finder) collected(x *Incident, st *Stage) string {
	grave, plain, kinds, files, blind := map[string]int{}, map[string]int{}, map[string]bool{}, 0, 0
	for _, e := range st.Entries {
		set := f.factsOf(e)
		if x.Actor.Kind == Account && YesOrNo(set) {
			blind++
		}
		for t := range set.Values(fact.Tables) {
			if graveTable(t) {
				grave[base(t)]++
			} else if !strings.HasPrefix(t, "information_schema.") {
				plain[base(t)]++
			}
		}
		for k := range set.Values(fact.ColumnKinds) {
			kinds[k] = true
		}
		for v := range set.Values(fact.Files) {
			if strings.HasPrefix(v, "read") {
				files++
			}
		}
	}
	tables := byCount(grave)
	if x.Actor.Kind != Account || len(tables) == 0 {
		tables = append(tables, byCount(plain)...)
	}
	var parts []string
	if len(tables) > 0 {
		text := named(tables, "table", "tables")
		var of []string
		for _, k := range columnKinds {
			if kinds[k.kind] {
				of = append(of, k.words)
			}
		}
		if len(of) > 0 {
			text += ": " + strings.Join(of, ", ")
		}
		if blind >= blindQuestions {
			by := ", in part by"
			if blind == len(st.Entries) {
				by = ", by"
			}
			text += fmt.Sprintf("%s %d yes-or-no questions", by, blind)
		}
		parts = append(parts, "read "+text)
	}
	if files > 0 {
		parts = append(parts, "read "+wording.Counted(files, "file of the server", "files of the server"))
	}
	return strings.Join(parts, " and ")
}

// graveTable reports whether a table holds people or the server's accounts.
func graveTable(t string) bool { return fact.PeopleTable(t) || strings.HasPrefix(t, "mysql.") }

// base is the name of a table without its schema, but for the server's own.
func base(t string) string {
	if schema, name, ok := strings.Cut(t, "."); ok && schema != "mysql" {
		return name
	}
	return t
}

// questions describes what the server was asked about.
func (f *finder) questions(st *Stage) string {
	kinds := map[string]int{}
	for _, e := range st.Entries {
		for q := range f.factsOf(e).Values(fact.Questions) {
			kinds[q]++
		}
	}
	if len(kinds) == 0 {
		return "questions about the server"
	}
	return "questions about " + listed(byCount(kinds), "matter", "matters")
}

// listed lists names, or counts them where they are many.
func listed(names []string, one, many string) string {
	if len(names) == 0 {
		return "no " + one
	}
	shown := make([]string, 0, maxListed)
	for _, n := range names[:min(len(names), maxListed)] {
		if n == "" {
			n = "nobody"
		}
		shown = append(shown, wording.Name(n))
	}
	text := strings.Join(shown, ", ")
	if n := len(names) - len(shown); n > 0 {
		return fmt.Sprintf("%s (%s, …)", wording.Counted(len(names), one, many), text)
	}
	return text
}

// named is listed with what the names are of: "tables orders, parts".
func named(names []string, one, many string) string {
	text := listed(names, one, many)
	switch n := len(names); {
	case n == 1:
		return one + " " + text
	case 1 < n && n <= maxListed:
		return many + " " + text
	}
	return text
}

// how describes by which way it went.
func (f *finder) how(x *Incident, a *actor) string {
	if x.Actor.Kind == Account {
		text := fmt.Sprintf("SQL injection, %s", wording.Counted(len(x.Entries), "statement", "statements"))
		if x.Stage(Injection) == nil && len(x.Stages) > 0 && !slices.ContainsFunc(a.entries, f.injected) {
			text = wording.Counted(len(x.Entries), "statement", "statements")
		}
		if tools := f.tools(x.Entries); len(tools) > 0 {
			text += ", some with " + listed(tools, "tool", "tools")
		}
		return text
	}
	if x.Tries() == 0 {
		return "its login is not in the log"
	}
	if in := x.In(); in == x.Tries() {
		return fmt.Sprintf("got in at once, %s", wording.Counted(in, "login", "logins"))
	}
	if x.In() == 0 {
		return wording.Counted(x.Tries(), "refused login", "refused logins")
	}
	return fmt.Sprintf("got in with %d of %d logins", x.In(), x.Tries())
}

// guessed describes how much was guessed at, and how fast.
func (f *finder) guessed(x *Incident) string {
	users := map[string]int{}
	for _, l := range x.Logins {
		users[l.User] += l.Tries
	}
	text := wording.Counted(x.Tries(), "guess", "guesses")
	if us, ok := x.Last.Since(x.First); ok {
		text += " in " + wording.Duration(us)
	}
	if n := len(x.Actor.Hosts); n > 1 {
		text += fmt.Sprintf(" from %d hosts", n)
	}
	return text + " at " + listed(byCount(users), "account", "accounts")
}

// guessesBefore counts the logins that were refused before one got in.
func (f *finder) guessesBefore(x *Incident) (n int) {
	for _, c := range x.Connections {
		switch o := f.Connections.Peek(int(c)).Outcome; {
		case o.Refused():
			n++
		case gotIn(o):
			return n
		}
	}
	return n
}

func (f *finder) injected(e uint32) bool {
	m, ok := f.marks[e]
	return ok && injects(&f.Detections[m.detection])
}

// tools names the tools whose signature statements have.
func (f *finder) tools(entries []uint32) []string {
	counts := map[string]int{}
	for _, e := range entries {
		for v := range f.factsOf(e).Values(fact.Tool) {
			name, _, _ := strings.Cut(v, "_")
			counts[name]++
		}
	}
	return byCount(counts)
}
