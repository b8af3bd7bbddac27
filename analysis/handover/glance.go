package handover

import (
	"fmt"
	"slices"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
)

// glance is page one: what happened, and what is to be done.
func (b *builder) glance() {
	s := b.s
	b.section("glance", "1. At a glance")
	if len(s.Incidents) == 0 {
		doubt := line("That does not prove that none took place: section 5 lists what this log cannot show.")
		if n := b.alone(); n > 0 {
			doubt = append(doubt, line(" Somebody who knows the server should look at "+counted(n, "detection", "detections")+" of medium severity or above in the ", Span{Kind: Link, Text: "appendix", To: "detections"}, ", which may be honest work.")...)
		}
		b.add(Box{"verdict none", []Block{
			Paragraph{line(strong("No incident."), " Nothing in this log joins into an attack.")},
			Paragraph{doubt},
		}})
		b.declared()
		b.keep(nil)
		b.timeline()
		return
	}
	x := &s.Incidents[0]
	b.verdict(x)
	b.gist(x)
	b.todo()
	if len(s.Incidents) > 1 {
		b.overview()
	}
	b.declared()
	b.timeline()
	words := "Words: an entry is one line of the log, a statement that somebody sent to the server. A connection is one visit to the server, from login to end. E1, E2 and so on lead to entries in the appendix."
	if slices.ContainsFunc(s.Incidents, func(x incident.Incident) bool { return x.Actor.Kind == incident.Account }) {
		words += " SQL injection: a text that is typed into an application becomes a part of the statement that it sends. sqlmap and the like are programs that try this by themselves. " +
			"A yes-or-no question is a statement whose answer, such as a page with or without results, gives away one bit of a value. SLEEP has the server wait for some seconds before it answers."
	}
	b.add(Paragraph{line(words)})
}

// maxDeclared is how much of what was declared normal is on the first page.
const maxDeclared = 5

// declared names what analysts declared normal, since none of it is an incident any more.
func (b *builder) declared() {
	list := b.s.Truth.Labels.Usual()
	if len(list) == 0 {
		return
	}
	items := make([]Spans, 0, maxDeclared+1)
	for _, u := range list[:min(len(list), maxDeclared)] {
		items = append(items, mixed(u.Said()))
	}
	if n := len(list) - maxDeclared; n > 0 {
		items = append(items, line(figure(n)+" more, see section 5"))
	}
	b.add(Paragraph{line(strong("Declared normal"), ", so that it counts for nothing in this report, whatever it is:")})
	b.add(List{false, items})
}

// alone counts the detections that are grave enough to be looked at without an incident,
// and that nobody has set aside.
func (b *builder) alone() (n int) {
	for i := range b.s.Detections {
		if d := &b.s.Detections[i]; d.Severity >= rule.Medium && d.Site == nil {
			n++
		}
	}
	return n
}

// verdict is what happened in two sentences, and how sure that is.
func (b *builder) verdict(x *incident.Incident) {
	sure := "That the statements were sent is certain: they are in the log. Whether they worked, and what was sent back, is not in this log."
	switch {
	case !x.Asks():
		sure = "That the logins were tried is certain: they are in the log, and so is each refusal."
	case b.s.Outcomes.Any():
		sure = "That the statements were sent is certain: they are in the log. What the server answered is in it for some; which rows were sent back is not."
	}
	certainty := line(sure)
	if a, ok := waited(x); ok {
		certainty = append(certainty, line(" But the strongest sign that a log like this can hold is here: ", b.sign(a), ". The server probably ran these statements.")...)
	}
	b.add(Box{"verdict", []Block{Paragraph{append(line(strong(capital(x.Severity.String())+"."), " "), b.lead(x)...)}, Paragraph{certainty}}})
}

// waited returns the sign that the server waited as it was asked to, if there is one: it
// is the first of all.
func waited(x *incident.Incident) (a incident.After, ok bool) {
	if len(x.After) == 0 || x.After[0].Kind != incident.Waited {
		return incident.After{}, false
	}
	return x.After[0], true
}

// gist is who, when, how and what of the gravest incident.
func (b *builder) gist(x *incident.Incident) {
	list := []Fact{
		{"Who", b.who(0)},
		{"When", b.when(x)},
		{"How", b.how(x)},
		{"Tables asked for", b.askedFor(0)},
		{"Asked to drop or change", b.destroyed(x)},
	}
	signs := x.After
	if _, ok := waited(x); ok {
		signs = signs[1:] // the verdict has it
	}
	if len(signs) > 0 {
		var came Spans
		for i, a := range signs[:min(len(signs), 3)] {
			if i > 0 {
				came = append(came, say("; "))
			}
			came = append(came, b.sign(a)...)
		}
		proof := ". Signs of an outcome, no proof."
		if slices.ContainsFunc(signs, func(a incident.After) bool { return a.Kind == incident.Noted }) {
			proof = ". Signs of an outcome, no proof: a number that an application notes may be how many rows it was given."
		}
		list = append(list, Fact{"Came after", append(came, say(proof))})
	}
	list = append(list, Fact{"Uncertain", b.uncertain(x)})
	if n := len(b.s.Incidents) - 1; n > 0 {
		list = append(list, Fact{"Besides", line(counted(n, "further incident", "further incidents") + ", listed below. The lines above are about the gravest, A.")})
	}
	b.add(Facts{list})
}

// when is from when to when an incident goes, and since when somebody was in.
func (b *builder) when(x *incident.Incident) Spans {
	out := line(between(x.First, x.Last))
	in := store.Unknown
	for _, l := range x.Logins {
		if l.In > 0 && l.First.Known() && (!in.Known() || l.First.Micros < in.Micros) {
			in = l.First
		}
	}
	if x.Actor.Kind != incident.Account && in.Known() {
		out = append(out, say("; let in first at "+when(in)))
	}
	return out
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// lead returns one sentence on what happened.
func (b *builder) lead(x *incident.Incident) Spans {
	hosts, users := quotedList(x.Actor.Hosts, 3), quotedList(x.Actor.Users, 3)
	in := x.In() > 0
	switch {
	case x.Actor.Kind == incident.Account && x.Severity < rule.High:
		return line("In all probability somebody tried whether statements of their own can be put into those of the application that uses the account ", users, " from ", hosts, "; nothing was asked for yet.")
	case x.Actor.Kind == incident.Account:
		return line("In all probability somebody put statements of their own into those of the application that uses the account ", users, " from ", hosts, ". Asked for: ", mixed(x.Asked), ".")
	case in:
		l := b.loginsOf(x)
		hosts = quotedList(l.hosts, 3)
		switch {
		case x.Asks():
			return line("Somebody logged in to the server as ", users, " from ", hosts, l.refusedBefore(), " and sent statements. Asked for: ", mixed(x.Asked), ".")
		case l.in > l.alone:
			return line("Somebody logged in to the server as ", users, " from ", hosts, l.refusedBefore(), ". No statement followed.")
		}
		return line("A login to the server as ", users, " from ", hosts, " was not refused", l.refusedBefore(), ". Nothing is behind it in this log.")
	case x.Actor.Kind == incident.Strays:
		return line("From "+counted(len(x.Actor.Hosts), "address", "addresses")+" single logins were tried and refused (", hosts, "). None got in, as far as the log shows.")
	}
	return line("Somebody tried passwords from ", hosts, ": "+counted(x.Tries(), "login", "logins")+". None got in, as far as the log shows.")
}

func (b *builder) who(k int) Spans {
	x := &b.s.Incidents[k]
	hosts, users := quotedList(x.Actor.Hosts, maxNames), quotedList(x.Actor.Users, maxNames)
	switch x.Actor.Kind {
	case incident.Account:
		out := line("An unknown visitor of the application. In the database everything came as the application's own account ", users, " from ", hosts)
		v, others, ok := b.visitor(k)
		if !ok {
			return append(out, say("; only the application's own logs, such as the web server's, can name the visitor's address."))
		}
		out = append(out, line(". In connections of the incident the application itself wrote down the address ", quoted(v.address), ", probably the visitor's ("+counted(v.entries, "entry", "entries")+", first ", b.cite(v.first), ")")...)
		if others > 0 {
			out = append(out, say("; "+counted(others, "other address", "other addresses")+" less often"))
		}
		return append(out, say(". The web server's access log of the same time may show from which address the pages were asked for, and whether that was the visitor's own."))
	case incident.Strays:
		return line("Not one actor, as far as can be seen: ", hosts)
	}
	out := line("Whoever used the address ", hosts)
	if len(x.Actor.Hosts) > 1 {
		out = line("Whoever used the addresses ", hosts)
	}
	if l := b.loginsOf(x); l.in > 0 {
		out = append(out, line(", logged in as ", users)...)
		if len(l.hosts) < len(x.Actor.Hosts) {
			out = append(out, line(" from ", quotedList(l.hosts, maxNames))...)
		}
	}
	if x.Actor.Inferred {
		out = append(out, mixed(". That they are one is inferred: "+x.Actor.Why)...)
	}
	return out
}

func (b *builder) how(x *incident.Incident) Spans {
	entries := ""
	if x.Actor.Kind != incident.Account { // whose statements were counted
		entries = counted(len(x.Entries), "entry", "entries") + " "
	}
	return append(mixed(x.How), say(fmt.Sprintf("; %sin %s (of %s in the log)", entries, counted(len(x.Connections), "connection", "connections"), figure(b.s.Connections.Len()))))
}

func (b *builder) destroyed(x *incident.Incident) Spans {
	st := x.Stage(incident.Destruction)
	if st == nil {
		return line("No statement of this incident asks to drop or empty a table, or to delete or change rows, but for what its actor had made.")
	}
	out := line(counted(len(st.Entries), "statement asks", "statements ask")+" to drop or empty a table, or to delete or change rows (", b.cite(st.Telling...), "). Whether that worked is not in this log")
	if !slices.ContainsFunc(st.Entries, func(e uint32) bool { return b.facts(e).Has(fact.Statements, "1") }) {
		return append(out, say("; a server runs a statement behind another one in the same text only where the application allows it."))
	}
	return append(out, say("; look at the tables."))
}

func (b *builder) uncertain(x *incident.Incident) Spans {
	var out Spans
	for i, text := range x.Unknown {
		if i > 0 {
			out = append(out, say("; "))
		}
		out = append(out, mixed(text)...)
	}
	return out
}

// overview lists the incidents.
func (b *builder) overview() {
	s := b.s
	t := Table{Caption: "All incidents, the gravest first", Columns: []Column{{"Incident", false}, {"Severity", false}, {"Who", false}, {"When", false}, {"Asked for, or tried", false}}}
	for k := range s.Incidents[:min(len(s.Incidents), maxAtAGlance)] {
		x := &s.Incidents[k]
		t.Rows = append(t.Rows, []Spans{{Span{Kind: Link, Text: incident.Letter(k), To: b.incidentID(k)}}, line(x.Severity.String()), mixed(x.Through), line(between(x.First, x.Last)), mixed(x.Asked)})
	}
	b.add(t)
	if n := len(s.Incidents) - maxAtAGlance; n > 0 {
		b.add(Paragraph{line(counted(n, "further incident follows", "further incidents follow") + " in section 3.")})
	}
}

// incidentID is the heading of an incident, or of the section where it has none.
func (b *builder) incidentID(k int) string {
	if k >= maxIncidents {
		return "steps"
	}
	return "incident-" + strings.ToLower(incident.Letter(k))
}

// todo is what is to be done, the most urgent first. Nobody that the application needs
// is named for locking, and no address with honest traffic for blocking.
func (b *builder) todo() {
	var items []Spans
	add := func(s ...Spans) {
		for _, x := range s {
			if len(x) > 0 {
				items = append(items, x)
			}
		}
	}
	add(b.passwords(), b.holes(), b.left())
	add(b.accounts()...)
	add(b.addresses()...)
	b.keep(items)
}

func (b *builder) keep(items []Spans) {
	s := b.s
	var logs []string
	for k := range s.Files {
		logs = append(logs, s.Files[k].Name)
	}
	keep := line(strong("Keep:"), " this log (", quotedList(logs, maxNames), ")")
	if len(items) > 0 {
		keep = append(keep, say(", the server's binary log and error log"))
		if slices.ContainsFunc(s.Incidents, func(x incident.Incident) bool { return x.Actor.Kind == incident.Account }) {
			keep = append(keep, say(", and the web server's access log of the same hours: it may show from which addresses the pages were asked for, and how much was sent back"))
		} else {
			keep = append(keep, say(", and what the firewall logged in the same hours"))
		}
	}
	items = append(items, append(keep, say(".")))
	b.add(Box{"do", []Block{Heading{3, "todo", line("To be done now")}, List{true, items}}})
}

// passwords are those that somebody may know now.
func (b *builder) passwords() Spans {
	s := b.s
	var accounts []Span
	seen := map[string]bool{}
	for i := range s.Incidents {
		for _, l := range s.Incidents[i].Logins {
			if l.In > 0 && !seen[l.User] {
				seen[l.User] = true
				accounts = append(accounts, quoted(l.User))
			}
		}
	}
	var people, perhaps []string
	for _, t := range b.all() {
		switch {
		case t.secret:
			people = append(people, t.name)
		case t.people:
			perhaps = append(perhaps, t.name)
		}
	}
	out := line(strong("Passwords to change:"), " ")
	if len(accounts) > 0 {
		out = append(out, line("of the server's account ", listed(accounts))...)
		if len(accounts) > 1 {
			out = append(line(strong("Passwords to change:"), " of the server's accounts "), listed(accounts)...)
		}
		out = append(out, say(", which somebody got in as"))
	}
	if len(people) > 0 {
		if len(accounts) > 0 {
			out = append(out, say("; "))
		}
		out = append(out, line("of everybody in ", quotedList(people, maxNames), ", whose passwords or hashes were asked for")...)
	}
	if len(perhaps) > 0 {
		if len(accounts)+len(people) > 0 {
			out = append(out, say("; "))
		}
		out = append(out, line("of everybody in ", quotedList(perhaps, maxNames), ", of which all columns were asked for, if passwords are among them")...)
	}
	if len(accounts)+len(people)+len(perhaps) == 0 {
		return nil
	}
	return append(out, say("."))
}

// holes are where it was got in.
func (b *builder) holes() Spans {
	carriers := b.carriers()
	guessed, files := false, false
	for i := range b.s.Incidents {
		x := &b.s.Incidents[i]
		guessed = guessed || x.Actor.Kind != incident.Account && x.In() > 0
		files = files || slices.ContainsFunc(x.Entries, b.writes)
	}
	var parts []Spans
	if len(carriers) > 0 {
		parts = append(parts, line("the application pastes a visitor's text into these statements, which must be prepared instead: ", quotedList(carriers, maxNames)))
	}
	if guessed {
		parts = append(parts, line("logins from addresses of an incident were not refused: let only known hosts reach the server's port"))
	}
	if files {
		parts = append(parts, line("statements asked to write files: take the right FILE away and set ", quoted("secure_file_priv")))
	}
	if len(parts) == 0 {
		return nil
	}
	out := line(strong("Close the holes:"), " ")
	for i, p := range parts {
		if i > 0 {
			out = append(out, say("; "))
		}
		out = append(out, p...)
	}
	return append(out, say("."))
}

// writes reports whether an entry asks for a file to be written.
func (b *builder) writes(e uint32) bool {
	for v := range b.facts(e).Values(fact.Files) {
		if strings.HasPrefix(v, "write") {
			return true
		}
	}
	return false
}

// carriers are the statements of applications into which others were put.
func (b *builder) carriers() (list []string) {
	seen := map[string]bool{}
	for i := range b.s.Incidents {
		x := &b.s.Incidents[i]
		if x.Actor.Kind != incident.Account {
			continue
		}
		for _, e := range x.Entries {
			if c := carrier(b.s.Digest(int(e))); c != "" && !seen[c] {
				seen[c] = true
				list = append(list, c)
			}
		}
	}
	return list
}

// carrier is the part of an application's statement before the text that was put into
// it: its beginning up to WHERE, which all that were changed have in common.
func carrier(digest string) string {
	head, _, found := strings.Cut(digest, " WHERE ")
	if !found || !strings.HasPrefix(head, "SELECT ") && !strings.HasPrefix(head, "UPDATE ") && !strings.HasPrefix(head, "DELETE ") {
		return ""
	}
	return head + " WHERE …"
}

// left is what somebody may have left behind: on the server, or in tables of people.
func (b *builder) left() Spans {
	var cites []uint32
	objects, people := map[string]bool{}, true // people: nothing but their tables is named
	var names []string
	for i := range b.s.Incidents {
		entries, telling := b.entriesOf(&b.s.Incidents[i], incident.Persistence)
		if len(entries) == 0 {
			continue
		}
		cites = append(cites, telling)
		for _, e := range entries {
			tables := b.rights(e)
			people = people && len(tables) > 0
			for _, o := range slices.AppendSeq(tables, b.facts(e).Values(fact.Objects)) {
				if !objects[o] {
					objects[o] = true
					names = append(names, o)
				}
			}
		}
	}
	if len(cites) == 0 {
		return nil
	}
	what, then := "code, files, rights or accounts on the server", ". Treat the machine as taken until that is ruled out."
	if people {
		what, then = "passwords or rights in tables of people", ". Look there for rows that nobody of yours has written."
	}
	out := line(strong("Look for what was left:"), " statements ask for "+what+" (", b.cite(cites[:min(len(cites), maxNames)]...), ")")
	if len(names) > 0 {
		out = append(out, line("; names in them: ", quotedList(names, maxNames))...)
	}
	return append(out, say(then))
}

// accounts lists for each account that somebody got in as, or spoke through, whether
// it may be locked.
func (b *builder) accounts() (list []Spans) {
	through, locked := map[string]bool{}, []Span{}
	for i := range b.s.Incidents {
		x := &b.s.Incidents[i]
		for _, user := range x.Actor.Users {
			if through[user] || x.Actor.Kind != incident.Account && x.In() == 0 {
				continue
			}
			through[user] = true
			hosts, n := b.usedFrom(user)
			switch {
			case x.Actor.Kind == incident.Account:
				list = append(list, line(strong("Do not lock"), " ", quoted(user), ": the application needs it ("+counted(n, "connection", "connections")+" in this log). Give it a new password, and take from it the rights that the application does not need."))
			case n > 0:
				list = append(list, line(strong("Do not lock"), " ", quoted(user), ": it is used from ", quotedList(hosts, 3), " too ("+counted(n, "connection", "connections")+"), in no incident. Let it log in from there only, if they are yours."))
			default:
				locked = append(locked, quoted(user))
			}
		}
	}
	if len(locked) > 0 {
		them := "them"
		if len(locked) == 1 {
			them = "it"
		}
		list = append(list, line(strong("Lock until it is known who needs "+them+":"), " ", listed(locked), "; this log has no other use of "+them+"."))
	}
	return list
}

// addresses lists which hosts may be blocked.
func (b *builder) addresses() (list []Spans) {
	var block, near, not, doubtful []string
	seen := map[string]bool{}
	for i := range b.s.Incidents {
		x := &b.s.Incidents[i]
		for _, h := range x.Actor.Hosts {
			if seen[h] || h == b.s.Connections.Text(0) { // no host is known
				continue
			}
			seen[h] = true
			switch {
			case x.Actor.Kind == incident.Account || b.hosts[h] > 0 || placeOf(h) == itself:
				not = append(not, h)
			case x.Severity < rule.Medium:
				// One's own people with a wrong password look like this.
				doubtful = append(doubtful, h)
			case placeOf(h) == inside:
				near = append(near, h)
			default:
				block = append(block, h)
			}
		}
	}
	if len(block) > 0 {
		list = append(list, line(strong("Addresses to block:"), " ", quotedList(block, 50), "; this log has nothing else from there."))
	}
	web, shared := b.webAddresses(seen)
	not = append(not, shared...)
	if len(web) > 0 {
		list = append(list, line(strong("Address to block at the web server:"), " ", quotedList(web, maxNames), ", which the application wrote down in connections of the incident, and nowhere else without suspicion. Whoever shares that address is blocked too."))
	}
	if len(near) > 0 {
		list = append(list, line(strong("Machines of one's own network to examine:"), " ", quotedList(near, maxNames), "."))
	}
	if len(doubtful) > 0 {
		list = append(list, line(strong("Addresses to ask about"), " before they are blocked: ", quotedList(doubtful, maxNames), "; what came from there may be honest."))
	}
	if len(not) > 0 {
		list = append(list, line(strong("Not to be blocked:"), " ", quotedList(not, maxNames), ": the application or others work from there, or it is the server itself."))
	}
	return list
}

// webAddresses returns the visitors' addresses of grave incidents that are not among those
// seen: which may be blocked, and which others use honestly or which are not from outside.
func (b *builder) webAddresses(seen map[string]bool) (block, shared []string) {
	for k := range b.s.Incidents {
		if b.s.Incidents[k].Severity < rule.High {
			continue
		}
		v, _, ok := b.visitor(k)
		switch {
		case !ok || seen[v.address]:
			continue
		case v.honest == 0 && placeOf(v.address) == outside:
			block = append(block, v.address)
		default:
			shared = append(shared, v.address)
		}
		seen[v.address] = true
	}
	return block, shared
}
