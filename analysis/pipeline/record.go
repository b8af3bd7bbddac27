package pipeline

import (
	"fmt"
	"slices"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/count"
	"sqleuth/analysis/drain"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/wrapper"
)

// recorder puts batches into columns, in order of the log. It owns everything
// that depends on the order: connections, templates, the numbers of texts.
type recorder struct {
	cfg      Config
	columns  store.Columns
	rows     *store.Rows
	commands *store.Dict
	actions  *store.Dict
	tables   *store.Dict
	others   *store.Dict // of reading.Record.Others
	facts    *factDict
	digests  *store.Dict
	tracker  *connection.Tracker
	miner    *drain.Miner
	hours    count.Hours
	coverage genlog.Coverage
	forms    []genlog.Forms // by file
	openEnds []uint32       // entries, the first maxOpenEnds
	outcomes store.Outcomes
	messages messages
	nameless anonymous

	// translate maps a parser's dictionaries to ours, by worker and column;
	// remembered is what became of the record in each of a parser's slots.
	translate  [][columns][]uint32
	remembered [][]*remembered
	groups     map[group]uint32
	kinds      []group // by number of the group
	last       group   // and its number, since neighbours are often alike
	lastGroup  uint32

	again rereader

	lines     loaded.Lines // set when all was read
	previous  int64        // time of the last entry that has one
	second    int64        // of the last one of this file, which same-second lines take
	file      int          // of the last batch
	wrote     []string     // by file, the server that wrote it
	servers   []loaded.Server
	backwards int
	local     bool
	layouts   map[int]*tablelog.Layout // by file, of those that are dumps of the table
	wrappers  map[int]*wrapper.Stack   // by file, what is around the log in it
	end       int64                    // bytes of the decompressed log that were seen
}

// group is what statements must share to be mined together where the reading
// asks for it.
type group struct {
	command, action, table uint32
	others                 uint32 // further tables
}

// What is distinguished is bounded, since the clients of the server choose it.
// Beyond, commands, tables and digests count as store.Others and statements get the
// template drain.Overflow; Log.Full lists it. For facts see factBounds, for rows
// recorder.bounds.
const (
	maxCommands      = 1 << 10
	maxTables        = 1 << 16
	maxTemplates     = 1 << 17
	maxTemplateBytes = 64 << 20
	maxDigests       = 1 << 16
	maxDigestBytes   = 32 << 20
)

func newRecorder(cfg Config) (*recorder, error) {
	cfg.Drain.MaxClusters, cfg.Drain.MaxBytes = maxTemplates, maxTemplateBytes
	miner, err := drain.New(cfg.Drain)
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	r := &recorder{
		cfg: cfg, commands: store.NewLimitedDict(maxCommands), actions: store.NewLimitedDict(maxCommands), tables: store.NewLimitedDict(maxTables), others: store.NewLimitedDict(maxTables),
		facts: newFactDict(), digests: store.NewBoundedDict(maxDigests, maxDigestBytes),
		tracker: connection.NewTracker(), miner: miner, groups: map[group]uint32{{}: 0}, kinds: []group{{}},
		previous: store.NoTime, second: store.NoTime, layouts: map[int]*tablelog.Layout{}, wrappers: map[int]*wrapper.Stack{}, again: rereader{parser: reading.NewParser(cfg.Reading)},
		translate: make([][columns][]uint32, cfg.workers()), remembered: make([][]*remembered, cfg.workers()),
	}
	r.rows = store.NewRows(r.bounds()...)
	return r, nil
}

// maxRows is from where on rows of new kinds are those of coarse facts and of no
// digest in particular; at twice as many of the gravest fact only. Every row costs
// some 250 bytes, and statements that differ in one word can all have their own.
const maxRows = 1 << 18

func (r *recorder) bounds() []store.Bound {
	coarser := func(level int) func(store.Key) store.Key {
		return func(k store.Key) store.Key {
			k.Fact = r.facts.coarser(k.Fact, level)
			if k.Digest != 0 {
				k.Digest = r.digests.Others()
			}
			return k
		}
	}
	return []store.Bound{{Rows: maxRows, Coarsen: coarser(1)}, {Rows: 2 * maxRows, Coarsen: coarser(2)}}
}

// The columns of a row that parsers number too.
const (
	commandColumn = iota
	actionColumn
	tableColumn
	othersColumn
	factColumn
	digestColumn
	columns
)

// vocabulary is the parser's dictionary for each column.
var vocabulary = [columns]int{factColumn: factSets, digestColumn: digests}

// interner gives numbers to texts, 0 to "-".
type interner interface{ Intern(text string) uint32 }

// maxOpenEnds bounds the list of entries that end inside a quote or comment.
const maxOpenEnds = 1 << 17

const unknown = ^uint32(0)

// number returns our number of a parser's word.
func (r *recorder) number(b *batch, column int, word uint32, dict interner) uint32 {
	if word == 0 {
		return 0 // "-" in all of them
	}
	words := &b.words[vocabulary[column]]
	if word >= maxWords {
		return dict.Intern(words.of(word))
	}
	t := &r.translate[b.worker][column]
	for int(word) >= len(*t) {
		*t = append(*t, unknown)
	}
	n := (*t)[word]
	if n == unknown {
		n = dict.Intern(words.known[word])
		(*t)[word] = n
	}
	return n
}

func (r *recorder) record(b *batch) {
	slots := r.remembered[b.worker]
	if slots == nil {
		slots = make([]*remembered, reading.Slots)
		r.remembered[b.worker] = slots
	}
	r.tracker.Unbannered(b.table != nil)
	if b.table != nil {
		r.layouts[b.file] = b.table
	}
	if b.wrapper != nil {
		r.wrappers[b.file] = b.wrapper
	}
	if b.file != r.file {
		r.enter(b.file)
	}
	r.nameless.began(b.table != nil && !b.table.HasID(), r.tracker)
	r.messages.add(b.messages, r.columns.Len(), r.cfg.Zone)
	for k := range b.records {
		rec := &b.records[k]
		if rec.flags&afterBanner != 0 {
			r.tracker.Banner()
		}
		when, i := r.time(rec), r.columns.Len()
		var conn, row uint32
		open := rec.flags&openEnd != 0
		if rec.flags&known != 0 {
			m := slots[rec.slot]
			open = m.open
			text := m.text
			if m.varies {
				text = r.toldBy(m, b, rec)
			}
			conn = r.observe(b, k, i, m.command, text)
			if r.answered(m, b, rec) && r.miner.Again(m.held) {
				row = m.row
				r.rows.Again(row, i)
			} else {
				row = r.mineAgain(m, b, rec, i)
			}
		} else {
			var once remembered
			m, text := &once, b.textOf(rec)
			if rec.slot >= 0 {
				if slots[rec.slot] == nil {
					slots[rec.slot] = new(remembered)
				}
				m = slots[rec.slot]
				m.take(text, b, rec)
			}
			m.group = group{
				r.number(b, commandColumn, rec.command, r.commands), r.number(b, actionColumn, rec.action, r.actions),
				r.number(b, tableColumn, rec.table, r.tables), r.number(b, othersColumn, rec.others, r.others),
			}
			m.fact, m.digest = r.number(b, factColumn, rec.fact, r.facts), r.number(b, digestColumn, rec.digest, r.digests)
			m.command, m.open = b.wordOf(rec.command), open
			conn = r.observe(b, k, i, m.command, text)
			row = r.mine(m, text, i)
		}
		if open {
			r.tracker.EndsOpen()
		}
		if open && len(r.openEnds) < maxOpenEnds {
			r.openEnds = append(r.openEnds, uint32(i))
		}
		r.columns.Append(store.Entry{Offset: rec.offset, Time: when, Connection: conn, Row: row})
	}
	if b.banner {
		r.tracker.Banner()
	}
	for len(r.forms) <= b.file {
		r.forms = append(r.forms, genlog.Forms{})
	}
	r.forms[b.file].Add(b.coverage.Forms)
	r.coverage.Add(&b.coverage)
	r.end = b.end
}

// writtenBy sets, by file, the servers that wrote them; files of one follow each other.
// Names that are all empty are none.
func (r *recorder) writtenBy(servers []string) {
	if !slices.ContainsFunc(servers, func(name string) bool { return name != "" }) {
		return
	}
	r.wrote = servers
	r.servers = []loaded.Server{loaded.NewServer(servers[0], 0, 0, 0)}
}

// enter goes on to a file.
func (r *recorder) enter(file int) {
	r.second = store.NoTime
	for r.file < file {
		r.file++
		if len(r.wrote) == 0 || r.wrote[r.file] == r.wrote[r.file-1] {
			continue
		}
		connections, texts := r.tracker.Seen()
		r.servers = append(r.servers, loaded.NewServer(r.wrote[r.file], r.columns.Len(), connections, texts))
		r.tracker.NextServer()
		r.nameless, r.previous = anonymous{}, store.NoTime
	}
}

// observe finds the connection of record k of a batch, entry i.
func (r *recorder) observe(b *batch, k, i int, command string, text []byte) uint32 {
	if b.table != nil {
		return r.observeRow(b, k, i, command, text)
	}
	return r.tracker.Observe(i, b.records[k].id, command, text)
}

// mine takes the text of entry i to the miner, counts its row and keeps both
// answers in m.
func (r *recorder) mine(m *remembered, text []byte, i int) (row uint32) {
	m.held = r.miner.AddHeld(r.group(m.group), text)
	m.row = r.rows.Add(store.Key{
		Cluster: m.held.ID(), Command: m.group.command, Action: m.group.action, Table: m.group.table, Fact: m.fact, Digest: m.digest,
	}, i)
	return m.row
}

// group numbers the statements that are mined together.
func (r *recorder) group(g group) uint32 {
	if !r.cfg.Reading.Grouped() {
		return 0
	}
	if g == r.last {
		return r.lastGroup
	}
	n, ok := r.groups[g]
	if !ok {
		n = uint32(len(r.groups))
		r.groups[g] = n
		r.kinds = append(r.kinds, g)
	}
	r.last, r.lastGroup = g, n
	return n
}

// time resolves the time of a record: same-second lines take the one before, of
// which there is none at the beginning of a file, local times the zone that the
// user gave.
func (r *recorder) time(rec *parsed) int64 {
	t := rec.time
	switch {
	case rec.flags&sameTime != 0:
		return r.second
	case t == store.NoTime:
		return t
	case rec.flags&localTime != 0:
		if r.cfg.Zone != nil {
			t = toUTC(t, r.cfg.Zone)
		} else {
			r.local = true
		}
	}
	if t < r.previous {
		r.backwards++
	}
	r.previous, r.second = t, t
	return t
}

// log returns what is known so far.
func (r *recorder) log() loaded.Log {
	mined := r.miner.Snapshot()
	events, of := mined.Events()
	l := loaded.Log{
		Reading: r.cfg.Reading, Entries: r.columns.View(), Rows: r.rows.Copy(),
		Commands: r.commands.Texts(), Actions: r.actions.Texts(), Tables: r.tables.Texts(),
		Facts: r.facts.sets[:len(r.facts.sets):len(r.facts.sets)], Digests: r.digests.Texts(),
		Connections: r.tracker.View(), TemplateOf: of, Coverage: r.coverage.Clone(),
		Outcomes:  r.outcomes.View(),
		Lines:     r.lines,
		Servers:   r.servers[:len(r.servers):len(r.servers)],
		Messages:  r.messages.list[:len(r.messages.list):len(r.messages.list)],
		OpenEnds:  r.openEnds[:len(r.openEnds):len(r.openEnds)],
		Backwards: r.backwards, Unzoned: r.local, Full: r.full(),
	}
	l.Templates = make([]loaded.Template, len(events))
	for k, e := range events {
		l.Templates[k] = loaded.Template{EventID: e.ID, Text: e.Template, Count: int(e.Occurrences), First: int(e.First)}
	}
	if r.cfg.Reading.Grouped() {
		l.OtherTables = make([][]string, len(of))
		lists := make(map[uint32][]string)
		for c := range of {
			g := r.kinds[mined.Group(int32(c))]
			if g.others == 0 {
				continue
			}
			list, ok := lists[g.others]
			if !ok {
				list = reading.OtherTables(r.others.Texts()[g.others])
				lists[g.others] = list
			}
			l.OtherTables[c] = list
		}
	}
	for _, row := range l.Rows {
		t := &l.Templates[of[row.Cluster]]
		t.Last = max(t.Last, row.Last)
	}
	return l
}

// full lists what the log had too many of.
func (r *recorder) full() []string {
	var full []string
	if r.miner.Full() {
		full = append(full, "templates")
	}
	if r.tables.Full() || r.others.Full() {
		full = append(full, "tables")
	}
	if r.commands.Full() {
		full = append(full, "commands")
	}
	if r.facts.full || r.rows.Full() {
		full = append(full, "facts")
	}
	if r.digests.Full() {
		full = append(full, "digests")
	}
	if r.tracker.Full() {
		full = append(full, "users and hosts")
	}
	return full
}

func (r *recorder) counts(l *loaded.Log) *count.Tables {
	r.hours.Add(l.Entries, l.Rows)
	return count.Count(l, &r.hours)
}
