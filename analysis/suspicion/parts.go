package suspicion

import (
	"cmp"
	"encoding/binary"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/principal"
	"sqleuth/analysis/trait"
)

// NoEntry is the entry of evidence about a connection as a whole.
const NoEntry = -1

// Part is a piece of evidence.
type Part struct {
	Kind   Kind
	X      float64 // how strongly it speaks, 0 to 1
	Weight float64 // the log-odds of its kind; 0 where the part does not count, as of detections beside a graver one of their group
	Entry  int     // that it is about, or NoEntry
	Words  string
}

// Adds returns the log-odds that a part adds.
func (p *Part) Adds() float64 { return p.X * p.Weight }

// Sum puts parts together again: the log-odds of the bias, those with all that the parts
// add, and the score that these make. It is the score of the connection, or the entry,
// that was taken apart, unless that is labelled normal.
func (r *Ranking) Sum(parts []Part) (bias, odds, score float64) {
	bias = r.weights.Bias
	odds = bias
	for k := range parts {
		odds += parts[k].Adds()
	}
	return bias, odds, rounded(logistic(odds))
}

// explainer words evidence. One goroutine uses it at a time.
type explainer struct {
	*Ranking
	reader *trait.Reader
	room   entryEvidence
}

// Reasons returns a function that words what speaks against one connection after
// another, for use on one goroutine.
func (r *Ranking) Reasons() func(conn uint32) []string {
	e := r.explainer()
	return func(conn uint32) []string { return words(e.connection(conn)) }
}

// OwnReasons is Reasons without those that are given before: a refused login may have
// the reasons of an earlier one of its host, but for the user and the number of the try.
// That is like then, and own are its reasons that differ otherwise. The reasons of like
// were returned in full.
func (r *Ranking) OwnReasons() func(conn uint32) (own []string, like uint32, alike bool) {
	e := r.explainer()
	first, sets := map[sameReasons]uint32{}, map[string]uint32{}
	return func(conn uint32) (own []string, like uint32, alike bool) {
		if set, ok := e.loginDetections(conn, sets); ok && !e.readNormal(int(conn)) {
			var m trait.Measures
			e.reader.MeasureLogin(int(conn), &m)
			x := e.ofConnection(&m)
			same := e.sameReasons(&m, &x, set)
			if like, alike = first[same]; alike {
				return words(e.parts(&m, &x, &[Kinds]peak{}, Kind.ofItself)), like, true
			}
			first[same] = conn
		}
		return words(e.connection(conn)), 0, false
	}
}

// sameReasons is what the reasons of refused logins of a host rest on, but for those of
// a connection itself.
type sameReasons struct {
	host, detections         uint32
	kinds                    uint32 // bits
	strangers, users, places int
	other                    uint32
}

func (e *explainer) sameReasons(m *trait.Measures, x *Evidence, detections uint32) sameReasons {
	s := sameReasons{host: e.in.Log.Connections.Peek(m.Connection).Host, detections: detections, strangers: m.HostStrangers, users: m.HostUsers, places: m.UserHosts}
	for kind := range Kinds {
		if x[kind] > 0 {
			s.kinds |= 1 << kind
		}
	}
	if x[Actor] > 0 {
		s.other, _ = e.other(uint32(m.Connection))
	}
	return s
}

// loginDetections numbers the detections of a refused login as a set; false for any
// other connection, and where a detection is not about logins.
func (e *explainer) loginDetections(conn uint32, sets map[string]uint32) (set uint32, ok bool) {
	if o := e.in.Log.Connections.Peek(int(conn)).Outcome; o != connection.Denied && o != connection.Failed {
		return 0, false
	}
	var key []byte
	for _, k := range e.members().Of(int(conn)) {
		if !e.in.Detections[k].Logins {
			return 0, false
		}
		key = binary.LittleEndian.AppendUint32(key, k)
	}
	set, ok = sets[string(key)]
	if !ok {
		set = uint32(len(sets))
		sets[string(key)] = set
	}
	return set, true
}

// EntryReasons is Reasons of single entries.
func (r *Ranking) EntryReasons() func(entry int) []string {
	e := r.explainer()
	return func(entry int) []string { return words(e.entry(entry)) }
}

// Parts takes the score of a connection apart, detections first, what adds most first. The sum of what
// the parts add, and the bias, is the score's log-odds, unless the connection is
// labelled normal.
func (r *Ranking) Parts(conn uint32) []Part { return r.explainer().connection(conn) }

// EntryParts takes the score of an entry apart.
func (r *Ranking) EntryParts(entry int) []Part { return r.explainer().entry(entry) }

func (r *Ranking) explainer() *explainer {
	return &explainer{Ranking: r, reader: r.Traits.Learned().Reader()}
}

func words(parts []Part) []string {
	list := make([]string, len(parts))
	for k := range parts {
		list[k] = parts[k].Words
	}
	return list
}

// peak is the entry of a connection where a kind of evidence is strongest.
type peak struct {
	x     float64
	entry int
	s     trait.Statement
}

// ofConnection is all evidence against a connection.
func (e *explainer) ofConnection(m *trait.Measures) Evidence {
	x := e.evidence(e.reader, m, &e.room)
	x[Learned] = e.learned(uint32(m.Connection))
	return x
}

func (e *explainer) connection(conn uint32) []Part {
	var m trait.Measures
	e.reader.Measure(int(conn), &m)
	x := e.ofConnection(&m)
	var peaks [Kinds]peak
	for k := range m.Statements {
		at := &m.Statements[k]
		var own Evidence
		own.ofStatement(&at.Statement, x[NewAccount])
		for kind := NewDigest; kind <= StrangeRequest; kind++ {
			if own[kind] > peaks[kind].x {
				peaks[kind] = peak{own[kind], at.Entry, at.Statement}
			}
		}
	}
	if x[Company] > 0 {
		peaks[Company].entry = e.mostCompany(&m)
	}
	parts := e.parts(&m, &x, &peaks, Kind.notOfRules)
	parts = append(parts, e.detections(&m, &x, NoEntry)...)
	order(parts)
	if v, ok := e.given.Labels.Verdict(e.in.Log.Connections.Ref(int(conn))); ok && v.Class == label.Normal {
		parts = append(parts, Part{Kind: Learned, Entry: NoEntry, Words: "labelled normal by " + v.Source.String()})
	}
	return parts
}

// entry takes the score of an entry apart.
func (e *explainer) entry(entry int) (parts []Part) {
	var m trait.Measures
	conn := e.in.Log.Entries.Connection(entry)
	e.reader.MeasureLogin(int(conn), &m)
	first := int(e.in.Log.Connections.Peek(int(conn)).First)
	var login Evidence
	login.ofLogin(&m)
	if entry == first {
		parts = e.parts(&m, &login, &[Kinds]peak{}, Kind.notOfRules)
		parts = append(parts, e.detections(&m, &login, entry)...)
		order(parts)
		return parts
	}
	s, ok := e.reader.Statement(entry)
	if !ok {
		return nil
	}
	var x Evidence
	x.ofStatement(s, login[NewAccount])
	if m.Rules != 0 {
		x.ofRules(e.rulesOf(entry))
	}
	odds := e.oddsOf(&x)
	x[Company] = e.company(entry, float64(float32(x.like())), logistic(float64(odds)) > 0.5)
	var peaks [Kinds]peak
	for k := range peaks {
		peaks[k] = peak{x[k], entry, *s}
	}
	parts = append(e.parts(&m, &x, &peaks, Kind.notOfRules), e.detections(&m, &x, entry)...)
	order(parts)
	return parts
}

// order sorts parts: what rules found first, which explains most in a line, then by
// what they add.
func order(parts []Part) {
	slices.SortStableFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(b.Adds(), a.Adds()))
	})
}

func rank(p Part) int {
	if p.Kind.ofRules() {
		return 0
	}
	return 1
}

// parts words the wanted kinds of evidence, none of detections.
func (e *explainer) parts(m *trait.Measures, x *Evidence, peaks *[Kinds]peak, wanted func(Kind) bool) (parts []Part) {
	first := int(e.in.Log.Connections.Peek(m.Connection).First)
	for kind := range Kinds {
		if x[kind]*e.weights.Kinds[kind] <= 0 || !wanted(kind) {
			continue
		}
		p := Part{Kind: kind, X: x[kind], Weight: e.weights.Kinds[kind], Entry: NoEntry}
		switch {
		case kind.ofLogin():
			p.Entry = first
		case kind.ofStatement() || kind == Company:
			p.Entry = peaks[kind].entry
		}
		p.Words = e.words(kind, m, p.Entry, &peaks[kind].s)
		parts = append(parts, p)
	}
	return parts
}

// mostCompany returns the entry of a connection that most of its like came around.
func (e *explainer) mostCompany(m *trait.Measures) (best int) {
	best, most := NoEntry, 0.0
	e.entriesOf(e.reader, m, &e.room, func(entry int, own *Evidence) {
		if odds := e.oddsOf(own); odds > noOdds {
			if x := e.company(entry, float64(float32(own.like())), logistic(float64(odds)) > 0.5); x > most {
				best, most = entry, x
			}
		}
	})
	return best
}

// detections words those of a connection, or of one entry of it: the gravest of a
// group counts.
func (e *explainer) detections(m *trait.Measures, x *Evidence, entry int) (parts []Part) {
	if m.Rules == 0 {
		return nil
	}
	var counted [Kinds]bool
	list := slices.Clone(e.members().Of(m.Connection))
	slices.SortStableFunc(list, func(a, b uint32) int {
		return cmp.Compare(e.in.Detections[b].Severity, e.in.Detections[a].Severity)
	})
	for _, k := range list {
		d := &e.in.Detections[k]
		if entry != NoEntry && (d.Logins || !contains(d.Entries, uint32(entry))) && !(d.Logins && int(e.in.Log.Connections.Peek(m.Connection).First) == entry) {
			continue
		}
		kind := kindOf(trait.GroupOf(d))
		p := Part{Kind: kind, Entry: entry}
		if entry == NoEntry || d.Logins {
			p.Entry, p.Words = e.entryIn(d, m.Connection), e.detectionWords(d, uint32(m.Connection))
		} else {
			p.Words = entryWords(d)
		}
		if v := bySeverity[int(d.Severity)+1]; !counted[kind] && v > 0 && v == x[kind] {
			counted[kind] = true
			p.X, p.Weight = v, e.weights.Kinds[kind]
		}
		parts = append(parts, p)
	}
	return parts
}

func contains(ascending []uint32, x uint32) bool {
	_, ok := slices.BinarySearch(ascending, x)
	return ok
}

// account returns the number of the account of an entry.
func (e *explainer) account(entry int) uint32 {
	if entry == NoEntry {
		return principal.NoAccount
	}
	return e.in.History.Sender(entry)
}
