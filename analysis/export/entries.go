package export

import (
	"cmp"
	"container/heap"
	"context"
	"encoding/hex"
	"math"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/redact"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// exhibit is an entry of the evidence: what speaks for its being here, and the bytes
// of the log that it is.
type exhibit struct {
	entry int
	quote *pipeline.Quote
	who   connection.Identity
	score float64 // NaN where nothing of its own speaks against it
	reasons
	hidden *string // what shown has made of its text; nil until something asks
}

// reasons are what an entry is evidence of.
type reasons struct {
	rules      []string
	techniques []string      // of the rules, ATT&CK ids
	severity   rule.Severity // of the gravest detection; of no use without rules
	incidents  []string
	stages     []string
	words      []string // why it is flagged
}

// exhibitColumns are the columns of evidence.csv and evidence.jsonl. The bytes of the
// decompressed file from offset on, as many as column bytes has, have the hash sha256,
// which can be checked without this program. A row whose text is redacted has none.
func exhibitColumns(s *pipeline.Snapshot, r *redact.Redactor) []column[*exhibit] {
	type row = *exhibit
	text := func(name string, number func(connection.Identity) uint32) column[row] {
		return logged(name, func(x row) string { return s.Connections.Text(number(x.who)) })
	}
	return []column[row]{
		number("entry", func(x row) int64 { return int64(x.entry) + 1 }),
		logged("file", func(x row) string { k, _ := s.File(x.quote.Offset); return s.Files[k].Name }),
		known("line", func(x row) (int64, bool) { return x.quote.Line, x.quote.Line > 0 }),
		number("offset", func(x row) int64 { _, at := s.File(x.quote.Offset); return at }),
		number("bytes", func(x row) int64 { return x.quote.Bytes }),
		own("sha256", func(x row) string {
			if x.redacted(r) {
				return "" // by which values could be tried
			}
			return hex.EncodeToString(x.quote.SHA256[:])
		}),
		dated("time", func(x row) store.Moment { return s.Moment(x.entry) }),
		own("zone", func(row) string { return Zone(s) }),
		own("connection", func(x row) string { return s.Connections.Name(int(s.Entries.Connection(x.entry))) }),
		text("user", func(id connection.Identity) uint32 { return id.User }),
		text("host", func(id connection.Identity) uint32 { return id.Host }),
		text("database", func(id connection.Identity) uint32 { return id.Database }),
		logged("command", func(x row) string { return string(x.quote.Command) }),
		newColumn("text", schema.Text, false, func(w cells, x row) {
			w.redacted(x.shown(r))
		}),
		flag("text_cut", func(x row) bool { return x.quote.Cut }),
		logged("class", func(x row) string { return given(s, int(s.Entries.Connection(x.entry))) }),
		texts("incident", func(x row) []string { return x.incidents }),
		texts("stage", func(x row) []string { return x.stages }),
		texts("rules", func(x row) []string { return x.rules }),
		own("severity", func(x row) string {
			if len(x.rules) == 0 {
				return ""
			}
			return x.severity.String()
		}),
		score("score", func(x row) float64 { return x.score }),
		loggedTexts("reasons", func(x row) []string { return x.words }),
		logged("server", func(x row) string { return s.ServerName(s.ServerOf(x.entry)) }),
	}
}

// redacted reports whether the text of an exhibit is not as it is in the log.
func (x *exhibit) redacted(r *redact.Redactor) bool {
	return x.shown(r) != string(x.quote.Text)
}

// shown is the text of an exhibit, redacted once for all that ask: several columns, in
// several files, whose redactor is the same unless it is nil.
func (x *exhibit) shown(r *redact.Redactor) string {
	if r == nil {
		return string(x.quote.Text)
	}
	if x.hidden == nil {
		text := r.Text(string(x.quote.Command), string(x.quote.Text))
		x.hidden = &text
	}
	return *x.hidden
}

// exhibits lists each entry that is evidence, in order of the log: those of connections
// labelled as an anomaly, of detections that no filter of a site sets aside, of
// incidents, and those that are flagged. Texts are read back one by one; a row is lent
// for the call only.
func exhibits(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text) rows[*exhibit] {
	return func(add func(*exhibit) error) error { return eachExhibit(ctx, s, text, nil, add) }
}

// eachExhibit hands exhibits to add: those of the entries that are wanted, or where want
// is nil those of the evidence.
func eachExhibit(ctx context.Context, s *pipeline.Snapshot, text pipeline.Text, want func(i int) bool, add func(*exhibit) error) error {
	reasons, flagged := newWalk(s), flaggedEntries(s)
	var words func(entry int) []string
	if len(flagged) > 0 {
		words = s.Ranking.EntryReasons()
	}
	if want == nil {
		want = func(i int) bool {
			return s.Truth.Anomaly(s.Entries.Connection(i)) || flagged.has(i) || reasons.has(i)
		}
	}
	return text.Statements(&s.Log).Quotes(ctx, want, func(i int, q *pipeline.Quote) error {
		x := &exhibit{entry: i, quote: q, who: s.Connections.Who(int(s.Entries.Connection(i)), i), score: math.NaN(), reasons: reasons.of(i)}
		if flagged.has(i) {
			x.score, x.words = flagged[0].score, words(i)
		}
		return add(x)
	})
}

// flags are the entries that something of their own speaks against, ascending.
type flags []scored

type scored struct {
	entry uint32
	score float64
}

func flaggedEntries(s *pipeline.Snapshot) flags {
	f := make(flags, s.Ranking.Flagged())
	for i := range f {
		entry, score := s.Ranking.Entry(i)
		f[i] = scored{uint32(entry), score}
	}
	slices.SortFunc(f, func(a, b scored) int { return cmp.Compare(a.entry, b.entry) })
	return f
}

// has reports whether an entry is flagged; it is the first one then. Entries are asked
// for in ascending order.
func (f *flags) has(entry int) bool {
	for len(*f) > 0 && (*f)[0].entry < uint32(entry) {
		*f = (*f)[1:]
	}
	return len(*f) > 0 && (*f)[0].entry == uint32(entry)
}

// walk goes through the entries of detections and incidents side by side, in order of
// the log: a heap of their lists, by the next entry of each. It holds no list of its own
// of what they are about.
type walk struct {
	s     *pipeline.Snapshot
	lists evidenceLists
}

// evidenceList is the entries of a detection, an incident or a stage.
type evidenceList struct {
	entries   []uint32 // that are left, ascending
	detection int      // index, -1 for none
	incident  int      // index, -1 for none
	stage     string   // of the incident; empty for all of it
}

type evidenceLists []evidenceList

func (l evidenceLists) Len() int           { return len(l) }
func (l evidenceLists) Less(i, j int) bool { return l[i].entries[0] < l[j].entries[0] }
func (l evidenceLists) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *evidenceLists) Push(x any)        { *l = append(*l, x.(evidenceList)) }
func (l *evidenceLists) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

func newWalk(s *pipeline.Snapshot) *walk {
	w := &walk{s: s}
	add := func(x evidenceList) {
		if len(x.entries) > 0 {
			w.lists = append(w.lists, x)
		}
	}
	for i := range s.Detections {
		if d := &s.Detections[i]; d.Site == nil {
			add(evidenceList{d.Entries, i, -1, ""})
		}
	}
	for i := range s.Incidents {
		x := &s.Incidents[i]
		add(evidenceList{x.Entries, -1, i, ""})
		for _, st := range x.Stages {
			add(evidenceList{st.Entries, -1, i, st.Name.String()})
		}
	}
	heap.Init(&w.lists)
	return w
}

// has reports whether an entry is in a list. Entries are asked for in ascending order.
func (w *walk) has(entry int) bool {
	for len(w.lists) > 0 {
		top := &w.lists[0]
		if top.entries[0] >= uint32(entry) {
			return top.entries[0] == uint32(entry)
		}
		n, _ := slices.BinarySearch(top.entries, uint32(entry))
		if top.entries = top.entries[n:]; len(top.entries) > 0 {
			heap.Fix(&w.lists, 0)
		} else {
			heap.Pop(&w.lists)
		}
	}
	return false
}

// of returns what an entry is evidence of, in the order of detections and incidents.
func (w *walk) of(entry int) (out reasons) {
	var at []evidenceList
	if w.has(entry) {
		at = w.lists.at(0, uint32(entry), nil)
	}
	slices.SortFunc(at, func(a, b evidenceList) int {
		return cmp.Or(cmp.Compare(a.detection, b.detection), cmp.Compare(a.incident, b.incident), cmp.Compare(a.stage, b.stage))
	})
	add := func(list *[]string, word string) {
		if !slices.Contains(*list, word) {
			*list = append(*list, word)
		}
	}
	for _, x := range at {
		switch {
		case x.detection >= 0:
			d := &w.s.Detections[x.detection]
			add(&out.rules, d.Rule.Name)
			for _, id := range d.Rule.TechniqueIDs() {
				add(&out.techniques, id)
			}
			out.severity = max(out.severity, d.Severity)
		case x.stage == "":
			add(&out.incidents, w.s.Incidents[x.incident].ID)
		default:
			add(&out.stages, x.stage)
		}
	}
	return out
}

// at appends the lists from the k-th of the heap on whose next entry is entry.
func (l evidenceLists) at(k int, entry uint32, list []evidenceList) []evidenceList {
	if k >= len(l) || l[k].entries[0] != entry {
		return list
	}
	return l.at(2*k+2, entry, l.at(2*k+1, entry, append(list, l[k])))
}
