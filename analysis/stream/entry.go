package stream

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/detect"
	"sqleuth/analysis/fact"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/store"
)

// datetime is how engines read a time by default; it is UTC, or the server's own where
// zone is that.
const datetime = "2006-01-02 15:04:05.000000"

// hit is an entry that a rule has found.
type hit struct {
	entry uint32
	rule  string
}

// hitsOf lists the evidence of all detections that no filter of a site sets aside, by
// entry, each rule once.
func hitsOf(s *pipeline.Snapshot) (list []hit) {
	for _, d := range detect.Standing(s.Detections) {
		for _, e := range d.Entries {
			list = append(list, hit{e, d.Rule.Name})
		}
	}
	slices.SortFunc(list, func(a, b hit) int { return cmp.Or(cmp.Compare(a.entry, b.entry), cmp.Compare(a.rule, b.rule)) })
	return slices.Compact(list)
}

// entry is an entry as the columns see it.
type entry struct {
	i     int
	conn  int
	row   uint32
	key   store.Key
	id    connection.Identity
	rules []string
}

// entryWorker makes lines of entries. It keeps what it has quoted, by number; one
// goroutine uses it.
type entryWorker struct {
	s     *pipeline.Snapshot
	entry entry
	hits  []hit // from the entry on

	commands, actions, tables, digests, hashes, files, servers quotes
	names                                                      map[uint32][]byte
	facts                                                      map[[2]uint32]resolved
	builder                                                    fact.Builder
}

// resolved are the facts of a set in a database, as JSON.
type resolved struct{ facts, tables []byte }

// quotes are texts by number as JSON strings, nil for those not asked for yet.
type quotes struct{ list [][]byte }

func (q *quotes) of(n int, total int, text func() string) []byte {
	if q.list == nil {
		q.list = make([][]byte, total)
	}
	if q.list[n] == nil {
		q.list[n] = quoted(text())
	}
	return q.list[n]
}

// maxKept is how many names, and how many sets of facts, a worker keeps.
const maxKept = 1 << 13

func newEntryWorker(s *pipeline.Snapshot) *entryWorker {
	return &entryWorker{s: s, names: map[uint32][]byte{}, facts: map[[2]uint32]resolved{}}
}

// seek makes the worker ready for the entries from one on.
func (w *entryWorker) seek(hits []hit, from int) {
	n, _ := slices.BinarySearchFunc(hits, uint32(from), func(h hit, e uint32) int { return cmp.Compare(h.entry, e) })
	w.hits = hits[n:]
}

// at makes an entry the current one. Entries are visited in ascending order.
func (w *entryWorker) at(i int) {
	e := &w.entry
	e.i, e.conn, e.row = i, int(w.s.Entries.Connection(i)), w.s.Entries.Row(i)
	e.key, e.id = w.s.Rows[e.row].Key, w.s.Connections.Who(e.conn, i)
	e.rules = e.rules[:0]
	for len(w.hits) > 0 && w.hits[0].entry == uint32(i) {
		e.rules = append(e.rules, w.hits[0].rule)
		w.hits = w.hits[1:]
	}
}

// name quotes a text of a connection, "-" for none.
func (w *entryWorker) name(n uint32) []byte {
	q, ok := w.names[n]
	if !ok {
		if len(w.names) == maxKept {
			clear(w.names)
		}
		q = quoted(w.s.Connections.Text(n))
		w.names[n] = q
	}
	return q
}

var emptyText, emptyList = []byte(`""`), []byte(`[]`)

// factsOf returns the facts of the current entry in its database.
func (w *entryWorker) factsOf(e *entry) resolved {
	n := e.key.Fact
	if int(n) >= len(w.s.Facts) || w.s.Facts[n] == "" {
		return resolved{emptyList, emptyList}
	}
	key := [2]uint32{n, e.id.Database}
	r, ok := w.facts[key]
	if !ok {
		if len(w.facts) == maxKept {
			clear(w.facts)
		}
		database := ""
		if e.id.Database != 0 {
			database = w.s.Connections.Text(e.id.Database)
		}
		var facts, tables []string
		for f, v := range w.builder.Resolve(w.s.Facts[n], database).All() {
			facts = append(facts, f.String()+"="+v)
			if f == fact.Tables {
				tables = append(tables, v)
			}
		}
		r = resolved{appendList(nil, facts), appendList(nil, tables)}
		w.facts[key] = r
	}
	return r
}

// digest is the number of the entry's digest, 0 for what is no statement.
func (w *entryWorker) digest(e *entry) int {
	if int(e.key.Digest) >= len(w.s.Digests) {
		return 0
	}
	return int(e.key.Digest)
}

// columns are the columns of a line about an entry.
func (w *entryWorker) columns() []column[*entry] {
	s := w.s
	text := func(name string, few bool, of func(e *entry) []byte) column[*entry] {
		return column[*entry]{schema.Column{Name: name, Type: schema.Text}, few, func(dst []byte, e *entry) []byte { return append(dst, of(e)...) }}
	}
	texts := func(name string, of func(dst []byte, e *entry) []byte) column[*entry] {
		return column[*entry]{schema.Column{Name: name, Type: schema.Texts}, true, of}
	}
	list := []column[*entry]{
		text("server", true, func(e *entry) []byte {
			k := s.ServerOf(e.i)
			return w.servers.of(k, max(1, len(s.Servers)), func() string { return s.ServerName(k) })
		}),
		text("file", true, func(e *entry) []byte {
			k, _ := s.File(s.Entries.Offset(e.i))
			return w.files.of(k, len(s.Files), func() string { return s.Files[k].Name })
		}),
		number("offset", func(e *entry) uint64 { _, at := s.File(s.Entries.Offset(e.i)); return uint64(at) }),
		number("entry", func(e *entry) uint64 { return uint64(e.i) + 1 }),
	}
	list = append(list, moment("", func(e *entry) int64 { return s.Entries.Time(e.i) })...)
	return append(list,
		number("run", func(e *entry) uint64 { return uint64(s.Connections.Peek(e.conn).Epoch) }),
		number("id", func(e *entry) uint64 { return s.Connections.Peek(e.conn).ID }),
		text("user", true, func(e *entry) []byte { return w.name(e.id.User) }),
		text("host", true, func(e *entry) []byte { return w.name(e.id.Host) }),
		text("db", true, func(e *entry) []byte { return w.name(e.id.Database) }),
		text("command", true, func(e *entry) []byte {
			return w.commands.of(int(e.key.Command), len(s.Commands), func() string { return s.Commands[e.key.Command] })
		}),
		text("action", true, func(e *entry) []byte {
			return w.actions.of(int(e.key.Action), len(s.Actions), func() string { return s.Actions[e.key.Action] })
		}),
		text("table", true, func(e *entry) []byte {
			return w.tables.of(int(e.key.Table), len(s.Tables), func() string { return s.Tables[e.key.Table] })
		}),
		texts("tables", func(dst []byte, e *entry) []byte { return append(dst, w.factsOf(e).tables...) }),
		text("digest", false, func(e *entry) []byte {
			n := w.digest(e)
			if n == 0 {
				return emptyText
			}
			return w.digests.of(n, len(s.Digests), func() string { return s.Digests[n] })
		}),
		text("digest_sha256", false, func(e *entry) []byte {
			n := w.digest(e)
			if n == 0 {
				return emptyText
			}
			return w.hashes.of(n, len(s.Digests), func() string { return loaded.DigestHash(s.Digests[n]) })
		}),
		texts("facts", func(dst []byte, e *entry) []byte { return append(dst, w.factsOf(e).facts...) }),
		texts("rules", func(dst []byte, e *entry) []byte { return appendList(dst, e.rules) }),
	)
}

// moment are the columns of a time: as text, in microseconds since 1970, both without a
// value where it is not known, and 1 or 0 for whether it is. name is empty for the time of
// the line itself.
func moment[R any](name string, of func(R) int64) []column[R] {
	text, micros, timed := name, name+"_micros", name+"_timed"
	if name == "" {
		text, micros, timed = "time", "micros", "timed"
	}
	return []column[R]{
		{schema.Column{Name: text, Type: schema.Time, Null: true}, false, func(dst []byte, r R) []byte {
			t := of(r)
			if t == store.NoTime {
				return dst
			}
			dst = append(dst, '"')
			dst = time.UnixMicro(t).UTC().AppendFormat(dst, datetime)
			return append(dst, '"')
		}},
		{schema.Column{Name: micros, Type: schema.Integer, Null: true}, false, func(dst []byte, r R) []byte {
			t := of(r)
			if t == store.NoTime {
				return dst
			}
			return strconv.AppendInt(dst, t, 10)
		}},
		{schema.Column{Name: timed, Type: schema.Integer}, false, func(dst []byte, r R) []byte {
			if of(r) == store.NoTime {
				return append(dst, '0')
			}
			return append(dst, '1')
		}},
	}
}
