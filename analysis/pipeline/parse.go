package pipeline

import (
	"sqleuth/analysis/detect"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/wrapper"
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
	others  uint32 // further tables, see reading.Record
	account uint32 // whose it is, where the log says so beside it
	slot    int32  // where the parser remembers the record, -1 for nowhere
	from    uint32 // the text, in the chunk's data or in batch.text
	to      uint32
	start   uint32      // a record that is known or varies, in the chunk's data,
	tail    uint32      // what the parser remembers of it, there or in batch.text,
	end     uint32      // and its end
	mark    detect.Mark // what rules make of the statement
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
	words    []string // the parser's dictionary as of now
	extra    []string // words for which it has no room: number maxWords is the first
	worker   int
	file     int
	table    *tablelog.Layout // of the file, nil for a log as a server writes it
	messages []loaded.Message // Entry counts from the first record of the batch
	answers  []int32          // the server's, by record, of a table that holds them
	wrapper  *wrapper.Stack   // around the log in the file, as far as it is known
	coverage genlog.Coverage
	banner   bool  // a banner stands behind the last record
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

// parser turns chunks into batches. Its dictionary saves the recorder from
// looking every word up again, its memory both from reading what they have read.
type parser struct {
	worker  int
	reading reading.Reading
	parser  *reading.Parser
	words   *store.Dict
	marker  *detect.Marker // nil where statements are not mined apart
}

func newParser(worker int, r reading.Reading) *parser {
	p := &parser{worker: worker, reading: r, parser: reading.NewRememberingParser(r), words: store.NewLimitedDict(maxWords)}
	if r.Grouped() {
		p.marker = detect.NewMarker()
	}
	return p
}

func (p *parser) parse(c chunk, b *batch) {
	b.records, b.data, b.text, b.extra, b.banner, b.worker = b.records[:0], c.Data, b.text[:0], b.extra[:0], false, p.worker
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
	p.parser.Parse(c.Chunk, &b.coverage, reading.Handler{Banner: func() { b.banner = true }, Message: message, Record: func(r *reading.Record) {
		rec := parsed{offset: r.Offset, time: r.Time, id: r.ID, slot: r.Slot}
		if r.Tail >= 0 {
			rec.start, rec.tail, rec.end = uint32(r.Start), uint32(r.Tail), uint32(r.Start+len(r.Raw))
		}
		if r.Known {
			rec.flags = known
			if r.Varied {
				rec.flags |= varied
			}
		} else {
			rec.command, rec.action, rec.table = p.word(b, r.Command), p.action(b, r.Action), p.word(b, r.Table)
			if len(r.Others) > 0 {
				rec.others = p.word(b, r.Others)
			}
			rec.from = uint32(len(b.text))
			var collapsed bool
			b.text, collapsed = p.reading.AppendMined(b.text, r)
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
			valued := false
			if p.marker != nil {
				rec.mark, valued = p.marker.Judge(r.Command, r.Table, r.Text)
			}
			if !valued && p.parser.Vary(r) {
				rec.flags |= varies
			}
		}
		if r.Decoded != nil {
			rec.flags |= decoded
			rec.tail = uint32(len(b.text))
			b.text = append(b.text, r.Decoded...)
			rec.end = uint32(len(b.text))
		}
		if answered {
			b.answers = append(b.answers, r.Error)
		}
		if r.Account != nil {
			rec.flags |= hasAccount
			rec.account = p.word(b, r.Account)
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
		b.records = append(b.records, rec)
	}})
	b.words = p.words.Texts()
	b.end = c.end
	b.wrapper = c.wrapper
	c.addTo(&b.coverage)
}

// maxWords bounds a parser's dictionary.
const maxWords = 1 << 14

// word returns the number of a word in the parser's dictionary, or where that
// is full in the batch's own list. What a word counts as is for the recorder to
// say, since it must not depend on which parser met it first.
func (p *parser) word(b *batch, text []byte) uint32 {
	if n := p.words.InternBytes(text); n < maxWords {
		return n
	}
	b.extra = append(b.extra, string(text))
	return uint32(maxWords + len(b.extra) - 1)
}

// action is word for a text that is a string already.
func (p *parser) action(b *batch, text string) uint32 {
	if n := p.words.Intern(text); n < maxWords {
		return n
	}
	b.extra = append(b.extra, text)
	return uint32(maxWords + len(b.extra) - 1)
}

// wordOf returns a word by its number.
func (b *batch) wordOf(n uint32) string {
	if n >= maxWords {
		return b.extra[n-maxWords]
	}
	return b.words[n]
}
