package handover

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/rule"
)

// facts are what an entry asks for.
func (b *builder) facts(e uint32) fact.Set { return b.s.Facts[b.s.Key(int(e)).Fact] }

// stages returns the entries by which a stage of incidents is shown, how many it has in how
// many of them, and their letters. A login that is not in the log got in nowhere that could
// be shown.
func (b *builder) stages(name incident.StageName) (cites []uint32, entries, incidents int, letters string) {
	var list []string
	for k := range b.s.Incidents {
		if x := &b.s.Incidents[k]; name == incident.Access && (x.In() == 0 || x.Actor.Kind == incident.Account) {
			continue
		}
		of, telling := b.entriesOf(&b.s.Incidents[k], name)
		if len(of) == 0 {
			continue
		}
		entries += len(of)
		incidents++
		if len(list) < maxNames {
			list = append(list, incident.Letter(k))
		}
		if len(cites) < 4 {
			cites = append(cites, telling)
		}
	}
	letters = "incident "
	if incidents != 1 {
		letters = "incidents "
	}
	letters += strings.Join(list, ", ")
	if n := incidents - len(list); n > 0 {
		letters += fmt.Sprintf(" and %d more", n)
	}
	return cites, entries, incidents, letters
}

// entriesOf returns the entries that are of a stage of an incident, and the most telling of
// them. Rows that are to be written into a file are asked for, and the file is left.
func (b *builder) entriesOf(x *incident.Incident, name incident.StageName) (entries []uint32, telling uint32) {
	if st := x.Stage(name); st != nil {
		entries = st.Entries
	}
	var too []uint32
	switch name {
	case incident.Collection:
		too = b.filter(x, incident.Persistence, func(e uint32) bool { return b.writes(e) && len(b.used(e)) > 0 })
	case incident.Persistence:
		too = b.filter(x, incident.Collection, b.writes)
	}
	if entries = slices.Concat(entries, too); len(entries) == 0 {
		return nil, 0
	}
	telling = entries[0]
	if st := x.Stage(name); st != nil && len(st.Telling) > 0 {
		telling = st.Telling[0]
	}
	slices.Sort(entries)
	return entries, telling
}

// filter returns those entries of a stage that fit.
func (b *builder) filter(x *incident.Incident, name incident.StageName, fits func(e uint32) bool) (list []uint32) {
	if st := x.Stage(name); st != nil {
		list = slices.DeleteFunc(slices.Clone(st.Entries), func(e uint32) bool { return !fits(e) })
	}
	return list
}

// answers is how sure each answer is, and because of which entries.
func (b *builder) answers() {
	b.section("answers", "2. What is certain, and what is not")
	if len(b.s.Incidents) == 0 {
		b.add(Paragraph{line("There is no incident, of which anything could be certain. Section 5 has what this log cannot show.")})
		return
	}
	b.add(Paragraph{line("Certain means that it stands in the log, word for word. Probable means that entries speak for it and none against it. Not known means that this log cannot tell.")})
	t := &answerTable{Table{Columns: []Column{{"Question", false}, {"Answer", false}, {"How sure", false}, {"Because of", false}}}}
	answer, sure, because := b.gotIn()
	t.add("Did logins of an incident get in?", answer, sure, because)
	b.injected(t)
	for _, q := range []struct {
		stage            incident.StageName
		question, effect string
	}{
		{incident.Collection, "Were data read?", "Did the rows come back?"},
		{incident.Destruction, "Were tables dropped or emptied, rows deleted or changed, but for the actor's own?", "Did that work?"},
		{incident.Persistence, "Was code, a file, an account or a right left?", "Did the server do it?"},
		{incident.CoveringTracks, "Was a log switched off or moved?", "Did that work?"},
	} {
		cites, entries, n, letters := b.stages(q.stage)
		moved := b.logMoved()
		switch {
		case n > 0:
			t.add(q.question, "asked for, in "+counted(entries, "statement", "statements")+" of "+letters, "certain that it was sent", b.cite(cites...))
			if b.s.Outcomes.Any() {
				t.add(q.effect, "the log has the server's answers to some statements, in outcomes.csv", "see there", line("-"))
				continue
			}
		case q.stage == incident.CoveringTracks && len(moved) > 0:
			t.add(q.question, "asked for: section 5 has what speaks against the log itself", "certain that it was sent", b.cite(moved...))
		default:
			t.add(q.question, "no statement of an incident asks for it", "as far as this log goes", line("-"))
			continue
		}
		t.add(q.effect, "the log holds what was sent, not what was answered", "not known", line("-"))
	}
	b.outcomes(t)
	b.over(t)
	b.add(t.Table)
}

// answerTable has questions of a reader, with an answer and how sure it is.
type answerTable struct{ Table }

func (t *answerTable) add(question, answer, sure string, because Spans) {
	t.Rows = append(t.Rows, []Spans{line(question), line(answer), line(sure), because})
}

// injected is whether statements were put into those of an application.
func (b *builder) injected(t *answerTable) {
	n, cites := 0, []uint32(nil)
	for k := range b.s.Incidents {
		if x := &b.s.Incidents[k]; x.Actor.Kind == incident.Account {
			n += len(x.Entries)
			cites = append(cites, x.Stages[0].Telling...)
		}
	}
	if n > 0 {
		t.add("Were statements put into those of the application?", counted(n, "statement has", "statements have")+" parts that the application does not write itself", "probable", b.cite(cites[:min(len(cites), 4)]...))
	}
}

// over is whether the log goes on behind the incidents.
func (b *builder) over(t *answerTable) {
	_, last, ok := b.s.Span()
	if len(b.s.Incidents) == 0 || !ok {
		return
	}
	latest := b.s.Incidents[0].Last
	for k := range b.s.Incidents {
		if m := b.s.Incidents[k].Last; m.Known() && (!latest.Known() || m.Micros > latest.Micros) {
			latest = m
		}
	}
	t.add("Is it over?", "the last entry of an incident is of "+when(latest)+"; the log ends at "+last.Format(moment), "not known", line("-"))
}

// outcomes adds what speaks most of an outcome, of the gravest incidents.
func (b *builder) outcomes(t *answerTable) {
	for k := range b.s.Incidents[:min(len(b.s.Incidents), 3)] {
		list := b.s.Incidents[k].After
		if len(list) == 0 {
			continue
		}
		a, sure := list[0], "a sign, no proof"
		switch a.Kind {
		case incident.Waited:
			sure = "probable"
		case incident.WentOn:
			sure = "a sign against it, no proof"
		}
		words, then := a.Words, []uint32{a.Then[0]}
		if a.Kind == incident.Noted {
			then = then[:0]
			for _, v := range a.Values {
				then = append(then, v.Then)
			}
			if b.opt.Redact.Literals() {
				words, then = incident.Note(a.Column)+" …", then[:1]
			}
		}
		t.Rows = append(t.Rows, []Spans{line("Does anything speak of an outcome of incident " + incident.Letter(k) + "?"), mixed(words), line(sure), b.cite(then...)})
	}
}

// logMoved returns entries that ask to log less or elsewhere, the first ones.
func (b *builder) logMoved() (entries []uint32) {
	for _, f := range b.s.Integrity.Findings {
		if f.Kind == integrity.LoggingChanged && len(f.Entries) > 0 && len(entries) < 4 {
			entries = append(entries, uint32(f.Entries[0]))
		}
	}
	return entries
}

// steps lists what each actor did, in order.
func (b *builder) steps() {
	s := b.s
	b.section("steps", "3. The steps")
	if len(s.Incidents) == 0 {
		b.add(Paragraph{line("There is no incident.")})
	}
	if b.hours != nil {
		b.add(Heading{3, "hours", line("When")}, *b.hours)
	}
	for k := range s.Incidents[:min(len(s.Incidents), maxIncidents)] {
		b.incident(k)
	}
	if n := len(s.Incidents) - maxIncidents; n > 0 {
		b.add(Paragraph{line(counted(n, "further incident, less grave, stands", "further incidents, less grave, stand") + " in connections.csv and evidence.csv of an export.")})
	}
}

var stageWords = [...]string{
	incident.Reconnaissance: "Looking whether the server answers",
	incident.Guessing:       "Trying passwords",
	incident.Injection:      "Trying whether statements can be put in",
	incident.Access:         "Logging in",
	incident.Enumeration:    "Looking round",
	incident.Collection:     "Asking for data",
	incident.Persistence:    "Asking to leave code, files, accounts or rights",
	incident.Destruction:    "Asking to drop, empty or change",
	incident.CoveringTracks: "Asking to log less or elsewhere",
}

func (b *builder) incident(k int) {
	s := b.s
	x := &s.Incidents[k]
	b.add(Heading{3, b.incidentID(k), append(line(incidentTitle(k, x)+": "), mixed(x.Through)...)})
	what := "Asked for"
	if !x.Asks() {
		what = "In short"
	}
	b.add(Paragraph{append(line(between(x.First, x.Last)+". "+what+": "), append(mixed(x.Asked), line(". How: ", mixed(x.How), ". Its number in files of an export: "+x.ID+".")...)...)})
	t := Table{Caption: "Steps in order of their first entry", Columns: []Column{{"Step", false}, {"Begins", false}, {"Lasts", true}, {"Entries", true}, {"Rules", false}, {"Evidence", false}}}
	for i, st := range x.Stages {
		var rules []string
		for _, d := range st.Detections {
			if name := s.Detections[d].Rule.Title; !slices.Contains(rules, name) && len(rules) < 4 {
				rules = append(rules, name)
			}
		}
		if len(rules) == 0 {
			rules = []string{"-"}
		}
		evidence := line("-")
		if cites := st.Telling; len(cites) > 0 {
			evidence = b.cite(cites...)
		} else if len(st.Entries) > 0 {
			evidence = b.cite(st.Entries[0])
		}
		t.Rows = append(t.Rows, []Spans{line(fmt.Sprintf("%d) %s", i+1, stageWords[st.Name])), line(when(st.First)), line(lasted(st.First, st.Last)), line(figure(len(st.Entries))), line(strings.Join(rules, ", ")), evidence})
	}
	b.add(t)
	b.logins(x)
	b.after(x)
	b.added(x)
}

// after is what came after statements of an incident.
func (b *builder) after(x *incident.Incident) {
	var items []Spans
	for _, a := range x.After[:min(len(x.After), maxAfter)] {
		items = append(items, b.sign(a))
	}
	if len(items) > 0 {
		b.add(Paragraph{line("What came after, which may speak of an outcome and proves none:")}, List{false, items})
	}
}

// sign is what came after statements, with a statement and what came after it; of numbers
// that an application noted with both for each. Those may be values of its tables, which
// a redacted report hides.
func (b *builder) sign(a incident.After) Spans {
	pair := func(e, then uint32) Spans { return line(b.cite(e), ", then ", b.cite(then)) }
	if a.Kind != incident.Noted {
		return line(mixed(a.Words), " (", pair(a.Entries[0], a.Then[0]), ")")
	}
	out := mixed(incident.Note(a.Column) + " ")
	if b.opt.Redact.Literals() {
		return append(out, line("… (", pair(a.Values[0].Entry, a.Values[0].Then), ")")...)
	}
	for i, v := range a.Values {
		if i > 0 {
			out = append(out, say(", "))
		}
		out = append(out, line(v.Number+" ("+counted(v.Times, "time", "times")+": ", pair(v.Entry, v.Then), ")")...)
	}
	if n := a.Others; n > 0 {
		out = append(out, say(" and "+counted(n, "other number", "other numbers")))
	}
	return out
}

// added compares statements with honest ones of the same account, which lack what was
// put in.
func (b *builder) added(x *incident.Incident) {
	var list Spans
	for _, t := range x.Twins {
		if b.cited[t.Entry] == 0 {
			continue
		}
		b.twins[t.Entry] = t
		if len(list) > 0 {
			list = append(list, say("; "))
		}
		list = append(list, line(b.cite(t.Entry), " beside ", b.cite(t.Honest))...)
	}
	if len(list) > 0 {
		b.add(Paragraph{line("Statements that something was put into, each beside an honest one of the same account: ", list, ". What was put in is underlined in the appendix of report.html.")})
	}
}

func (b *builder) logins(x *incident.Incident) {
	if len(x.Logins) == 0 {
		return
	}
	t := Table{Caption: "Accounts that were tried", Columns: []Column{{"Account", false}, {"Logins", true}, {"Refused", true}, {"First in", false}}}
	// Those that got in first: they are what matters.
	list := slices.Clone(x.Logins)
	slices.SortStableFunc(list, func(a, b incident.Login) int { return min(b.In, 1) - min(a.In, 1) })
	for _, l := range list[:min(len(list), maxLogins)] {
		first := "-"
		if l.In > 0 {
			first = when(l.First)
		}
		t.Rows = append(t.Rows, []Spans{{quoted(l.User + "@" + l.Host)}, line(figure(l.Tries)), line(figure(l.Refused)), line(first)})
	}
	b.add(t)
	if n := len(list) - maxLogins; n > 0 {
		b.add(Paragraph{line(counted(n, "further account was", "further accounts were") + " tried.")})
	}
}

// doubts is what speaks against the incidents, and what the log cannot show.
func (b *builder) doubts() {
	s := b.s
	b.section("doubts", "5. Doubts and gaps")
	b.add(Heading{3, "cause", line("What speaks for or against an honest cause")})
	b.list(b.ofIncidents(func(x *incident.Incident) []string { return x.Honest }), "There is no incident.")
	var items []Spans
	for k := range s.Incidents[:min(len(s.Incidents), maxIncidents)] {
		x := &s.Incidents[k]
		if d, ok := s.Truth.Labels.DecisionOn(x.ID, x.Formerly); ok {
			items = append(items, append(line("Incident "+incident.Letter(k)+": "), mixed(d.Said())...))
		}
	}
	if len(items) > 0 {
		b.add(Heading{3, "decided", line("What analysts decided of the incidents")})
		b.list(items, "")
	}
	b.add(Heading{3, "unknown", line("What is not known of the incidents")})
	b.list(b.ofIncidents(func(x *incident.Incident) []string { return x.Unknown }), "There is no incident.")
	b.add(Heading{3, "limits", line("What this log cannot show")})
	items = nil
	for _, text := range s.Integrity.Limits {
		items = append(items, mixed(text))
	}
	if s.Ranking.FromTheStart() {
		items = append(items, line("The log begins with suspicious connections: what was ordinary before them is not in it."))
	}
	if s.Left != "" {
		items = append(items, mixed(s.Left))
	}
	b.list(items, "Nothing is known that it could not.")
	b.add(Heading{3, "integrity", line("What speaks against the log itself")})
	items = nil
	for _, f := range s.Integrity.Findings[:min(len(s.Integrity.Findings), maxFindings)] {
		item := line(f.Severity.String()+", "+f.Kind.String()+": ", mixed(f.Summary))
		if len(f.Entries) > 0 {
			item = append(item, line(" (", b.cite(uint32(f.Entries[0])), ")")...)
		}
		items = append(items, item)
	}
	if n := len(s.Integrity.Findings) - maxFindings; n > 0 {
		items = append(items, line(counted(n, "further finding", "further findings")+"."))
	}
	b.list(items, "Nothing was found that speaks against it.")
	b.excused()
}

// ofIncidents lists sentences about incidents, each once behind the letters of those that
// it is about.
func (b *builder) ofIncidents(sentences func(*incident.Incident) []string) (items []Spans) {
	letters := map[string][]string{}
	var order []string
	for k := range b.s.Incidents[:min(len(b.s.Incidents), maxIncidents)] {
		for _, text := range sentences(&b.s.Incidents[k]) {
			if letters[text] == nil {
				order = append(order, text)
			}
			letters[text] = append(letters[text], incident.Letter(k))
		}
	}
	for _, text := range order {
		of := "Incident "
		if len(letters[text]) > 1 {
			of = "Incidents "
		}
		items = append(items, append(line(of+strings.Join(letters[text], ", ")+": "), mixed(text)...))
	}
	return items
}

// excused adds what a filter of the site or an analyst set aside as normal.
func (b *builder) excused() {
	s := b.s
	var items []Spans
	for _, f := range s.Filtered {
		if f.Detections > 0 {
			items = append(items, mixed(fmt.Sprintf("%s: %s, %s", counted(f.Detections, "detection was", "detections were")+" set aside by a filter of the site", f.Filter.Title, f.Filter.Reason)))
		}
	}
	for _, u := range s.Truth.Labels.Usual() {
		items = append(items, append(line("declared normal: "), mixed(u.Said())...))
	}
	if len(items) > 0 {
		b.add(Heading{3, "excused", line("What was set aside")}, List{false, items})
	}
}

func (b *builder) list(items []Spans, none string) {
	if len(items) == 0 {
		b.add(Paragraph{line(none)})
		return
	}
	b.add(List{false, items})
}

// repeat is what is needed to make this report again, and to check it.
func (b *builder) repeat() {
	s := b.s
	b.section("repeat", "6. How to repeat it")
	t := Table{Columns: []Column{{"What", false}, {"Value", false}}}
	add := func(what string, value Spans) { t.Rows = append(t.Rows, []Spans{line(what), value}) }
	for k := range s.Files {
		add("Log as received", received(&s.Files[k]))
	}
	c := &s.Coverage
	add("Accounted for", line(figure(c.EntryBytes)+" bytes in "+counted(s.Len(), "entry", "entries")+" + "+figure(c.BannerBytes)+" of server banners + "+figure(c.RejectBytes)+" in "+counted(c.Rejects, "reject", "rejects")+
		" + "+figure(c.MessageBytes)+" in messages of the server + "+figure(c.WrapperBytes)+" around the log = "+figure(c.Bytes())+" bytes read"))
	if n := s.Backwards; n > 0 {
		add("Time", line(counted(n, "entry has", "entries have")+" an earlier time than the entry before"))
	}
	read := "default: every entry counts"
	if s.Reading == reading.Notebook {
		read = "notebook: its rules, quirks included"
	}
	add("Program", line("sqleuth "+b.opt.Version+"; reading "+read))
	var settings []string
	for _, o := range b.opt.Settings {
		settings = append(settings, o.Name+" "+o.Value)
	}
	if len(settings) > 0 {
		add("Options", mixed(strings.Join(settings, ", ")))
	}
	add("Rules", line(ruleSources(s.Rules)))
	add("Labels", b.labels())
	b.add(t)
	b.add(Paragraph{line("The same report again, an export checked against the log, and one entry by hand, without this program: its bytes from the decompressed file, and their hash.")})
	b.add(Code{[]string{
		"sqleuth report --format html LOG > report.html",
		"sqleuth export --out DIR LOG",
		"sqleuth verify DIR LOG",
		"zcat -f LOG | tail -c +$((BYTE+1)) | head -c LENGTH | sha256sum",
	}})
}

// received is a file as it was read, with what is missing of it.
func received(f *loaded.File) Spans {
	value := line(quoted(f.Name), ", "+figure(f.Raw)+" bytes")
	if f.Container != "plain" {
		value = append(value, say(", "+f.Container+", "+figure(f.Text)+" bytes of text"))
	}
	if f.SHA256 == "" {
		value = append(value, say(", no SHA-256: the file was not read to its end"))
	} else {
		value = append(value, say(", SHA-256 "+f.SHA256))
	}
	if damage := f.Broken(); damage != "" {
		value = append(value, mixed("; DAMAGED: "+damage)...)
	}
	if limit := f.Limited(); limit != "" {
		value = append(value, mixed("; not read to its end: "+limit)...)
	}
	return value
}

// ruleSources is whose rules were used.
func ruleSources(rules *rule.Set) string {
	own := 0
	if rules != nil {
		for _, r := range rules.Rules {
			if !r.Builtin {
				own++
			}
		}
	}
	if own == 0 {
		return "those of the program"
	}
	return "those of the program, and " + counted(own, "rule", "rules") + " of one's own, whose files and hashes stand in manifest.json"
}

// labels returns who labelled what.
func (b *builder) labels() Spans {
	type by struct{ source, analyst string }
	counts, order := map[by]int{}, []by{}
	first, last := time.Time{}, time.Time{}
	for r := range b.s.Truth.Labels.All() {
		v := r.Verdict
		if v.Class == "" {
			continue
		}
		key := by{v.Source.String(), v.Analyst}
		if counts[key] == 0 {
			order = append(order, key)
		}
		counts[key]++
		if !v.At.IsZero() && (first.IsZero() || v.At.Before(first)) {
			first = v.At
		}
		if v.At.After(last) {
			last = v.At
		}
	}
	if len(order) == 0 {
		return line("none: the incidents were found by the program, nobody has confirmed them")
	}
	slices.SortFunc(order, func(a, b by) int { return strings.Compare(a.source+"\x00"+a.analyst, b.source+"\x00"+b.analyst) })
	var out Spans
	for i, key := range order {
		if i > 0 {
			out = append(out, say("; "))
		}
		out = append(out, say(counted(counts[key], "connection", "connections")+" by "+key.source))
		if key.analyst != "" {
			out = append(out, line(", ", quoted(key.analyst))...)
		}
	}
	if !first.IsZero() {
		out = append(out, say("; given from "+first.UTC().Format(moment)+" to "+last.UTC().Format(moment)+" UTC"))
	}
	return append(out, say(". A connection without a label counts as "+label.Normal+"; no label changes the incidents."))
}
