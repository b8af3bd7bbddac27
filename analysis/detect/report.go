package detect

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/parallel"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

func ascending(entries []uint32) []uint32 {
	slices.Sort(entries)
	return slices.Compact(entries)
}

// detection makes a detection of its evidence.
func (r *run) detection(ev *evidence) Detection {
	d := Detection{
		Rule: ev.rule, Severity: ev.level, Time: r.moment(ev.first, ev.entries), Last: r.moment(ev.last, ev.entries), Count: ev.count,
		Entries: ev.entries, Logins: ev.logins, Site: ev.filter,
	}
	users, hosts := map[uint32]int{}, map[uint32]int{}
	for _, i := range ev.entries {
		conn, id := r.sender(int(i))
		d.Connections = append(d.Connections, conn)
		users[id.User]++
		hosts[id.Host]++
	}
	d.Connections = ascending(d.Connections)
	if ev.logins {
		d.Entries = r.loginEntries(ev.entries)
	}
	m := &match{event: event{run: r}, ev: ev, d: &d, values: map[rule.Field][]string{}}
	d.Users, m.userCounts = r.byCount(users)
	d.Hosts, m.hostCounts = r.byCount(hosts)
	if len(d.Users) == 1 {
		d.User = d.Users[0]
	}
	if len(d.Hosts) == 1 {
		d.Host = d.Hosts[0]
	}
	m.look()
	if level, _ := ev.rule.LevelOf(m); asksMatch(ev.rule) {
		d.Severity = level
	}
	d.What = "sent what the rule looks for: " + ev.rule.Title
	if ev.rule.Says != "" {
		d.What = ev.rule.Says.Render(m.word)
	}
	if m.subject {
		d.Before = r.account(m.id.User, m.id.Host) + " "
		d.After = fmt.Sprintf(" (%s in %s)", wording.Counted(len(d.Entries), "entry", "entries"), wording.Counted(len(d.Connections), "connection", "connections"))
	}
	for _, note := range []string{ev.note, m.note, r.doubt(ev, &d)} {
		if note != "" {
			d.After += "; " + note
		}
	}
	d.Summary = d.Before + d.What + d.After
	if d.Rated = d.Severity; d.Site != nil {
		d.Severity = rule.Context
	}
	return d
}

// doubt lowers a detection that rests on nothing but entries that a client may have
// forged by the name that it logged in with, and returns a clause on how many there
// are. That they may be forged is for package integrity to rate.
func (r *run) doubt(ev *evidence, d *Detection) string {
	if len(r.Connections.Forged) == 0 {
		return ""
	}
	n := 0
	for _, i := range ev.entries {
		if r.Connections.Doubtful(int(i)) {
			n++
		}
	}
	switch {
	case n == 0:
		return ""
	case n == len(ev.entries):
		d.Severity = min(d.Severity, rule.Low)
		return "all of it may be forged, by a line break in a name that somebody logged in with"
	}
	return wording.Counted(n, "entry of it may be forged", "entries of it may be forged") + ", by a line break in a name that somebody logged in with"
}

// loginEntries returns the entries of logins: of a refused one all, since some
// servers log the refusal apart.
func (r *run) loginEntries(entries []uint32) []uint32 {
	var out []uint32
	for _, i := range entries {
		out = append(out, i)
		conn := int(r.Entries.Connection(int(i)))
		if c := r.Connections.Peek(conn); c.Outcome.Refused() && conn < r.ByConnection.Len() {
			out = append(out, r.ByConnection.Entries(conn)...)
		}
	}
	return ascending(out)
}

// moment returns a time of the evidence as far as it is known: times that were made
// up for entries without one are not.
func (r *run) moment(t int64, entries []uint32) store.Moment {
	if r.Entries.Untimed() == 0 {
		return store.At(t)
	}
	for _, i := range entries {
		if r.Entries.Time(int(i)) == store.NoTime && r.Approximate(int(i)) == t {
			return r.Moment(int(i))
		}
	}
	if _, _, ok := r.Entries.Times(); !ok {
		return store.Unknown
	}
	return store.At(t)
}

// byCount returns names with their counts, most entries first, then in order of their
// numbers.
func (r *run) byCount(counted map[uint32]int) (names []string, counts []int) {
	order := func(a, b uint32) int { return cmp.Or(cmp.Compare(counted[b], counted[a]), cmp.Compare(a, b)) }
	for _, n := range slices.SortedFunc(maps.Keys(counted), order) {
		names, counts = append(names, r.Connections.Text(n)), append(counts, counted[n])
	}
	return names, counts
}

// maxNames is how many names a sentence lists, and maxKinds how many kinds of
// statements it is made of.
const (
	maxNames = 4
	maxKinds = 64
)

// match is the event of a detection as a whole: of its first entry, with what is
// known of all of them.
type match struct {
	event
	ev      *evidence
	d       *Detection
	values  map[rule.Field][]string // of all entries
	native  string                  // what the rule's native code found
	note    string                  // and what it has to add, in words
	subject bool                    // the sentence lacks who did it

	userCounts, hostCounts []int // failures or entries, in the order of d.Users and d.Hosts
}

// whoWords are the words in braces that name who did it.
var whoWords = []string{"user", "users", "host", "hosts", "accounts", "accepted"}

// look asks the evidence and the rule's native code what there is to know.
func (m *match) look() {
	m.of(int(m.ev.entries[0]))
	m.gather()
	words := m.ev.rule.Says.Words()
	m.subject = m.ev.rule.Per != rule.PerLog && !slices.ContainsFunc(words, func(w string) bool { return slices.Contains(whoWords, w) })
	if code := natives[m.ev.rule.Native]; code.of != nil {
		m.native, m.note = code.of(m.run, m)
	}
}

// of makes m the event of an entry, or of the login that it is.
func (m *match) of(i int) {
	if l, ok := m.logins.find(i); m.ev.logins && ok {
		m.ofLogin(l)
		return
	}
	conn, id := m.sender(i)
	m.ofEntry(i, conn, m.Entries.Row(i), id)
}

// gather collects the facts of the evidence: those of each kind of statement once.
func (m *match) gather() {
	if m.ev.logins {
		return
	}
	seen := map[placed]bool{}
	for _, i := range m.ev.entries {
		_, id := m.sender(int(i))
		at := placed{m.Rows[m.Entries.Row(int(i))].Fact, id.Database}
		if seen[at] {
			continue
		}
		if len(seen) == maxKinds {
			return
		}
		seen[at] = true
		facts := m.factsAt(at)
		for f := range rule.Text {
			values, _ := facts.Values(f)
			for _, v := range values {
				if !slices.Contains(m.values[f], v) {
					m.values[f] = append(m.values[f], v)
				}
			}
		}
	}
}

// Values returns the values of a field of the detection as a whole, or of its first
// entry.
func (m *match) Values(f rule.Field) ([]string, bool) {
	switch f {
	case rule.MatchCount:
		return m.number(m.ev.count)
	case rule.MatchMaximum:
		return m.number(m.ev.maximum)
	case rule.MatchUsers:
		return m.number(len(m.d.Users))
	case rule.MatchHosts:
		return m.number(len(m.d.Hosts))
	case rule.MatchConnections:
		return m.number(len(m.d.Connections))
	case rule.MatchSeconds:
		return m.number(int((m.ev.last - m.ev.first) / int64(1e6)))
	case rule.MatchNative:
		if m.native == "" {
			return nil, true
		}
		return m.is(m.native)
	}
	if _, ok := f.Fact(); ok && !m.ev.logins {
		return m.values[f], true
	}
	return m.event.Values(f)
}

// word returns the text for a word in braces.
func (m *match) word(word string) string {
	switch word {
	case "first":
		return m.when(m.ev.first)
	case "last":
		return m.when(m.ev.last)
	case "span":
		return wording.Duration(m.ev.last - m.ev.first)
	case "users":
		return listed(m.d.Users, m.userCounts)
	case "hosts":
		return listed(m.d.Hosts, m.hostCounts)
	case "accepted":
		return m.accepted()
	case "connections":
		return wording.Counted(len(m.d.Connections), "connection", "connections")
	case "accounts":
		return m.run.account(m.id.User, m.id.Host)
	case "count":
		return strconv.Itoa(m.ev.count)
	case "text", "statement.text":
		return m.snippet()
	}
	f, ok := rule.PlaceholderField(word)
	if !ok {
		return "{" + word + "}"
	}
	values, _ := m.Values(f)
	return list(values)
}

// accepted lists the accounts of the evidence that got in, each once.
func (m *match) accepted() string {
	var names []string
	for _, i := range m.ev.entries {
		l, ok := m.logins.find(int(i))
		if !ok || l.outcome != connection.Accepted {
			continue
		}
		if name := m.run.account(l.user, l.host); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return joined(names)
}

// when writes a time for a sentence, which goes where times are in other zones too.
func (m *match) when(t int64) string {
	if m.Entries.Untimed() > 0 && m.ev.last-m.ev.first < time.Second.Microseconds() {
		return "a time that is not known"
	}
	text := time.UnixMicro(t).UTC().Format("2006-01-02 15:04:05")
	if m.run.Unzoned {
		return text
	}
	return text + " UTC"
}

// listed writes "root (96), admin (90) and 6 more", without counts for a single
// name.
func listed(names []string, counts []int) string {
	if len(names) == 1 {
		return wording.Name(names[0])
	}
	out := make([]string, len(names))
	for k, n := range names {
		out[k] = fmt.Sprintf("%s (%d)", wording.Name(n), counts[k])
	}
	return joined(out)
}

// list writes the first values of a list, and how many more there are.
func list(values []string) string {
	if len(values) == 0 {
		return "-"
	}
	names := make([]string, len(values))
	for k, v := range values {
		names[k] = wording.Name(v)
	}
	return joined(names)
}

// joined joins the first names of a list that are written already.
func joined(names []string) string {
	short := names[:min(len(names), maxNames)]
	text := strings.Join(short, ", ")
	if more := len(names) - len(short); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// quoted is how many bytes of a statement a sentence quotes at most.
const quoted = 512

// readStatements reads what the sentences quote, of the gravest first, each text once, on all processors and
// on each of them in order of the log: where that is compressed, what lies between two
// texts is inflated to get at the second.
func (r *run) readStatements() {
	if r.readText == nil {
		return
	}
	var list []*evidence
	for _, ev := range r.evidence {
		if words := ev.rule.Says.Words(); slices.Contains(words, "text") || slices.Contains(words, "statement.text") {
			list = append(list, ev)
		}
	}
	slices.SortStableFunc(list, func(a, b *evidence) int { return cmp.Compare(b.level, a.level) })
	list = list[:min(len(list), r.texts)]
	entries := make([]uint32, len(list))
	for k, ev := range list {
		entries[k] = ev.entries[0]
	}
	entries = ascending(entries)
	texts := make([][]byte, len(entries))
	workers := parallel.Workers()
	parallel.Do(workers, func(w int) {
		for k := w * len(entries) / workers; k < (w+1)*len(entries)/workers; k++ {
			if text, err := r.readText(int(entries[k])); err == nil {
				texts[k] = append([]byte{}, text[:min(len(text), quoted)]...)
			}
		}
	})
	r.statements = make(map[*evidence][]byte, len(list))
	for _, ev := range list {
		k, _ := slices.BinarySearch(entries, ev.entries[0])
		r.statements[ev] = texts[k]
	}
}

// snippet returns the beginning of the first statement, on one line.
func (m *match) snippet() string {
	text := m.statements[m.ev]
	if text == nil {
		return "a statement"
	}
	if short := strings.Join(strings.Fields(string(text)), " "); short != "" {
		return wording.Name(short)
	}
	return "the command " + wording.Name(m.Command(int(m.ev.entries[0])))
}

// asksMatch reports whether the level of a detection hangs on all of its evidence.
func asksMatch(r *rule.Rule) bool {
	return r.Kind == rule.Correlation || slices.ContainsFunc(r.Asks.Fields(), rule.Field.OfMatch)
}
