package pipeline

import (
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// parsed is one record in a batch: columns as far as a parser can tell them
// alone. Command, action and table are numbers in the parser's own dictionary.
type parsed struct {
	offset  int64
	time    int64
	id      uint64
	command uint32
	action  uint32
	table   uint32
	text    uint32 // its end in batch.text; it begins where the one before ends
	flags   uint8
}

const (
	sameTime  = 1 << iota // time is that of the record before
	localTime             // time is local to the server
	afterBanner
)

// batch is what a parser makes of a chunk.
type batch struct {
	records  []parsed
	text     []byte
	words    []string // the parser's dictionary as of now
	worker   int
	coverage genlog.Coverage
	banner   bool  // a banner stands behind the last record
	end      int64 // offset behind the chunk in the decompressed log
	file     int
}

// parser turns chunks into batches. Its dictionary saves the recorder from
// looking every word up again.
type parser struct {
	worker int
	parser *reading.Parser
	words  *store.Dict
}

func newParser(worker int, r reading.Reading) *parser {
	return &parser{worker: worker, parser: reading.NewParser(r), words: store.NewDict()}
}

func (p *parser) parse(c chunk, b *batch) {
	b.records, b.text, b.banner, b.worker, b.file = b.records[:0], b.text[:0], false, p.worker, c.file
	b.coverage.Reset()
	p.parser.Parse(c.Chunk, &b.coverage, func() { b.banner = true }, func(r *reading.Record) {
		b.text = append(b.text, r.Text...)
		rec := parsed{offset: r.Offset, time: r.Time, id: r.ID,
			command: p.words.InternBytes(r.Command), action: p.words.Intern(r.Action), table: p.words.InternBytes(r.Table),
			text: uint32(len(b.text))}
		if r.Same {
			rec.flags |= sameTime
		}
		if r.Local {
			rec.flags |= localTime
		}
		if b.banner {
			rec.flags |= afterBanner
			b.banner = false
		}
		b.records = append(b.records, rec)
	})
	if c.skipped > 0 {
		p.account(c, b)
	}
	b.words = p.words.Texts()
	b.end = c.Offset + int64(len(c.Data)) + c.skipped
}

// account adds the bytes that were let go of a record too long to hold: they
// are of the entry, or of the hole that follows it.
func (p *parser) account(c chunk, b *batch) {
	at := c.Offset + int64(len(c.Data))
	if n := len(b.coverage.First); n > 0 {
		if r := b.coverage.First[n-1]; r.Offset+r.Bytes == at {
			b.coverage.Reject(at, c.skipped, r.Reason)
			return
		}
	}
	b.coverage.EntryBytes += c.skipped
	b.coverage.LongEntries++
}
