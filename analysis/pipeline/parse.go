package pipeline

import (
	"bytes"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/wrapper"
)

// parsed is one record in a batch: columns as far as a parser alone knows them.
// Command, action, table, facts and digest are numbers in the parser's own
// dictionaries.
type parsed struct {
	offset  int64
	time    int64
	id      uint64
	command uint32
	action  uint32
	table   uint32
	others  uint32 // further tables, see reading.Record
	fact    uint32
	digest  uint32
	account uint32 // whose it is, where the log names it beside the record
	slot    int32  // where the parser remembers the record, -1 for nowhere
	from    uint32 // the text, in the chunk's data or in batch.text
	to      uint32
	start   uint32 // a record that is known or varies, in the chunk's data,
	tail    uint32 // what the parser remembers of it, there or in batch.text,
	end     uint32 // and its end
	flags   uint16
}

const (
	sameTime  = 1 << iota // time is that of the record before
	localTime             // time is local to the server
	afterBanner
	known      // like the record that was taken in at this slot: command to text are not set
	varied     // known, and differs from that record in digits
	varies     // taken in now, and others may differ from it in digits
	copied     // the text is in batch.text, not in the chunk
	hasAccount // account is set
	openEnd    // the statement ends inside a quote or a comment
	decoded    // tail to end are in batch.text: command, TAB, argument
)

// batch is what a parser makes of a chunk.
type batch struct {
	records  []parsed
	data     []byte // of the chunk
	text     []byte
	words    [vocabularies]words
	worker   int
	file     int
	table    *tablelog.Layout // of the file, nil for a log as a server writes it
	messages []loaded.Message // Entry counts from the first record of the batch
	answers  []int32          // the server's, by record, of a table that holds them
	wrapper  *wrapper.Stack   // around the log in the file, as far as it is known
	coverage genlog.Coverage
	banner   bool  // a banner follows the last record
	end      int64 // offset behind the chunk in the decompressed log
}

// textOf returns the text of a record that is not known, as it is mined.
func (b *batch) textOf(r *parsed) []byte {
	if r.flags&copied != 0 {
		return b.text[r.from:r.to]
	}
	return b.data[r.from:r.to]
}

// tailOf returns what the parser remembers of a record that is known or varies.
func (b *batch) tailOf(r *parsed) []byte {
	if r.flags&decoded != 0 {
		return b.text[r.tail:r.end]
	}
	return b.data[r.tail:r.end]
}

// parser turns chunks into batches. Its dictionaries save the recorder from
// looking every word up again, its memory both from reading what they have read.
type parser struct {
	worker int
	parser *reading.Parser
	words  [vocabularies]*store.Dict
	// account is that of the last record with one, most often of the next, too, and
	// accountWord its number.
	account     []byte
	accountWord uint32
}

func newParser(worker int, r reading.Reading) *parser {
	p := &parser{worker: worker, parser: reading.NewRememberingParser(r)}
	for v := range p.words {
		p.words[v] = store.NewLimitedDict(maxWords)
	}
	return p
}

// usualRecord is about how many bytes a record has.
const usualRecord = 256

func (p *parser) parse(c chunk, b *batch) {
	if b.records == nil {
		b.records = make([]parsed, 0, len(c.Data)/usualRecord+1)
	}
	b.records, b.data, b.text, b.banner, b.worker = b.records[:0], c.Data, b.text[:0], false, p.worker
	for v := range b.words {
		b.words[v].extra = b.words[v].extra[:0]
	}
	b.file, b.table, p.parser.Table = c.file, c.table, c.table
	b.coverage.Reset()
	b.answers = b.answers[:0]
	answered := c.table != nil && c.table.Outcomes()
	b.messages = b.messages[:0]
	message := func(m *genlog.Message) {
		kept := loaded.NewMessage(m)
		kept.Entry = len(b.records)
		b.messages = append(b.messages, kept)
	}
	record := func(r *reading.Record) {
		b.records = append(b.records, parsed{offset: r.Offset, time: r.Time, id: r.ID, slot: r.Slot})
		p.record(b, r, &b.records[len(b.records)-1])
		if answered {
			b.answers = append(b.answers, r.Error)
		}
	}
	p.parser.Parse(c.Chunk, &b.coverage, reading.Handler{Banner: func() { b.banner = true }, Message: message, Record: record})
	for v, dict := range p.words {
		b.words[v].known = dict.Texts()
	}
	b.end = c.end
	b.wrapper = c.wrapper
	c.addTo(&b.coverage)
}

// record fills rec with what the recorder needs of a record, whose texts go into b.
func (p *parser) record(b *batch, r *reading.Record, rec *parsed) {
	if r.Tail >= 0 {
		rec.start, rec.tail, rec.end = uint32(r.Start), uint32(r.Tail), uint32(r.Start+len(r.Raw))
	}
	switch {
	case !r.Known:
		p.describe(b, r, rec)
	case r.Varied:
		rec.flags = known | varied
	default:
		rec.flags = known
	}
	if r.Decoded != nil {
		rec.flags |= decoded
		rec.tail = uint32(len(b.text))
		b.text = append(b.text, r.Decoded...)
		rec.end = uint32(len(b.text))
	}
	if r.Account != nil {
		rec.flags |= hasAccount
		if !bytes.Equal(r.Account, p.account) || p.accountWord >= maxWords {
			p.account, p.accountWord = append(p.account[:0], r.Account...), p.word(b, r.Account)
		}
		rec.account = p.accountWord
	}
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
}

// describe fills rec with what r holds that was not read before.
func (p *parser) describe(b *batch, r *reading.Record, rec *parsed) {
	rec.command, rec.action, rec.table = p.word(b, r.Command), p.text(b, names, r.Action), p.word(b, r.Table)
	if len(r.Others) > 0 {
		rec.others = p.word(b, r.Others)
	}
	rec.fact, rec.digest = p.text(b, factSets, string(r.Facts)), p.text(b, digests, r.Digest)
	rec.from = uint32(len(b.text))
	var collapsed bool
	b.text, collapsed = p.parser.AppendMined(b.text, r)
	switch {
	case collapsed:
		rec.flags, rec.to = copied, uint32(len(b.text))
	case r.InChunk >= 0:
		rec.from, rec.to = uint32(r.InChunk), uint32(r.InChunk+len(r.Text))
	default:
		b.text = append(b.text, r.Text...)
		rec.flags, rec.to = copied, uint32(len(b.text))
	}
	if r.Open {
		rec.flags |= openEnd
	}
	if p.parser.Vary(r) {
		rec.flags |= varies
	}
}

// The dictionaries of a parser: a flood of one kind of texts leaves room for the
// others.
const (
	names    = iota // commands, actions, tables, accounts
	factSets        // of type fact.Set
	digests
	vocabularies
)

// words is what a batch holds of a parser's dictionary.
type words struct {
	known []string // the dictionary as of now
	extra []string // texts for which it has no room: number maxWords is the first
}

// of returns a text by its number.
func (w *words) of(n uint32) string {
	if n >= maxWords {
		return w.extra[n-maxWords]
	}
	return w.known[n]
}

// maxWords bounds each dictionary of a parser, and maxWord the bytes of its texts.
const (
	maxWords = 1 << 14
	maxWord  = 1 << 10
)

// word returns the number of a name in the parser's dictionary, or where that
// has no room in the batch's own list. What a word counts as is for the recorder to
// decide, since it must not depend on which parser met it first.
func (p *parser) word(b *batch, name []byte) uint32 {
	if len(name) <= maxWord {
		if n := p.words[names].InternBytes(name); n < maxWords {
			return n
		}
	}
	return b.words[names].add(string(name))
}

// text is word for what is a string already, of one of the dictionaries; 0 for the
// empty one.
func (p *parser) text(b *batch, vocabulary int, text string) uint32 {
	if text == "" {
		return 0
	}
	if len(text) <= maxWord {
		if n := p.words[vocabulary].Intern(text); n < maxWords {
			return n
		}
	}
	return b.words[vocabulary].add(text)
}

func (w *words) add(text string) uint32 {
	w.extra = append(w.extra, text)
	return uint32(maxWords + len(w.extra) - 1)
}

// wordOf returns a name by its number.
func (b *batch) wordOf(n uint32) string { return b.words[names].of(n) }
