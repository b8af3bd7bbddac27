package reading

import (
	"bytes"
	"strings"

	"sqleuth/analysis/fact"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/notebook"
	"sqleuth/analysis/sqltext"
	"sqleuth/analysis/tablelog"
)

// Record is one entry as a reading sees it. Byte slices are valid until the
// next record.
type Record struct {
	Offset  int64 // of the entry's first byte in the decompressed log
	Start   int   // where that is in the chunk's data
	Time    int64 // microseconds since 1970 UTC, or local time as if UTC where Local
	Same    bool  // the line has no time: it is that of the entry before
	Local   bool  // Time is the server's local time
	ID      uint64
	Account []byte // user_host of a table dump, see tablelog.Account; nil for a log
	Command []byte
	Action  string
	Table   []byte
	Others  []byte // further tables that the statement names, each with a NUL behind it; see OtherTables
	Text    []byte // the argument, "-" for none; see AppendMined
	Raw     []byte // the bytes in the log, with the line end, or the head of them
	Long    bool   // Raw is the head only: the entry is longer than genlog.MaxRecord
	// Error is the server's answer where the log holds it: 0 for success, else the
	// error number; -1 where it does not.
	Error int32
	// Slot is where the parser remembers the record, -1 for nowhere. Where
	// Known is set, the record that was added there means the same: Command to Text
	// and Notebook are then not set. Varied reports whether the two differ in
	// digits; see Parser.Vary.
	Slot   int32
	Known  bool
	Varied bool
	// Tail is where the bytes that are remembered begin in the chunk's data; they
	// end where Raw does. It is -1 for a row of a table, of which they are Decoded:
	// command, TAB and argument without escapes, set where records may differ from
	// the one that was added; see Parser.Vary.
	Tail    int
	Decoded []byte
	// Open reports whether the statement ends inside a quote or a comment; not set
	// where Known, and not found out by the notebook's reading.
	Open bool
	// Facts are what the record asks for, and Digest is the normalised text of a
	// statement; set where Parser.Facts and not Known, and for a Prepare neither: only
	// its executions count.
	Facts  fact.Set
	Digest string
	// InChunk is where Text begins in the chunk's data, -1 where it is not a
	// part of it.
	InChunk int
	tokens  *sqltext.Tokens // of Text, a statement; nil where that was not lexed
	asked   *asked          // what Text asks for, a statement that counts; else nil
	// Notebook is the entry as the notebook's files hold it; nil in the
	// default reading.
	Notebook *notebook.Record
}

// Parser cuts chunks of a log into records. It keeps buffers; one goroutine
// uses it at a time.
type Parser struct {
	// Table is the layout of the file that is read where that is a dump of
	// mysql.general_log, nil for a log as a server writes it. It is set before
	// Parse, Head or Text.
	Table *tablelog.Layout
	// Facts: records are wanted with their facts and digests.
	Facts bool

	reading  Reading
	notebook notebook.Scanner
	lone     genlog.RecordReader
	rows     tablelog.Scanner
	memory   *memory // nil: nothing is remembered
	tail     []byte

	tokens sqltext.Tokens // of the last statement
	parsed sqltext.Statement
	asked  asked // by it, where that is not kept
	// shapes keeps what statements ask for, nil for nothing, and commands the facts of
	// what is no statement.
	shapes   *shapes
	commands map[string]fact.Set
	builder  fact.Builder
	digest   []byte
}

// NewParser returns a parser for a reading, to read again what was read before.
func NewParser(r Reading) *Parser { return &Parser{reading: r} }

// NewRememberingParser returns a parser that recognises records which it has read
// before, see Record.Known, and wants the facts of the others.
func NewRememberingParser(r Reading) *Parser {
	return &Parser{Facts: true, reading: r, memory: newMemory(), shapes: newShapes()}
}

// remember looks a record up by its bytes behind the id.
func (p *Parser) remember(tail []byte) (slot int32, known, varied bool) {
	if p.memory == nil {
		return -1, false, false
	}
	return p.memory.find(tail)
}

// Vary declares that the values of the numbers of a record that was just added are
// not needed. Records that differ from it in free digits only are then known too;
// Vary returns false where there can be none.
//
// Free digits are alone, neither in a name nor in a number that is more than
// digits. With others in their place a statement has the same action, table, lists
// of literals, facts and digest, and is open at its end or not as before.
func (p *Parser) Vary(r *Record) bool {
	if r.Slot < 0 || r.Known {
		return false
	}
	if !isStatement(r.Command) {
		return false
	}
	if r.Action == sqltext.Use.String() {
		return false // connections are followed by its text
	}
	if r.asked != nil && r.asked.valued || hasFreeDigits(r.Digest) {
		return false
	}
	// A table can be any text and must be the same one.
	if !isName(r.Table) {
		return false
	}
	for name := range bytes.SplitSeq(r.Others, separator) {
		if !isName(name) {
			return false
		}
	}
	// So must those of the facts, which are no tables to the notebook.
	if r.asked != nil {
		for name := range bytes.SplitSeq(r.asked.names, separator) {
			if !isName(name) {
				return false
			}
		}
	}
	p.memory.vary(r.Slot)
	if !p.memory.varies(r.Slot) {
		return false
	}
	if r.Tail < 0 {
		r.Decoded = p.tail
	}
	return true
}

// Handler is called with what a chunk holds, in order. What it is given is valid during
// the call only. Banner and Message may be nil.
type Handler struct {
	Banner  func() // a banner comes before the next record
	Record  func(*Record)
	Message func(*genlog.Message) // of the default reading
}

// Parse walks the records of a chunk and accounts for its bytes.
func (p *Parser) Parse(c genlog.Chunk, cov *genlog.Coverage, h Handler) {
	if h.Banner == nil {
		h.Banner = func() {}
	}
	switch {
	case p.Table != nil:
		p.parseRows(c, cov, h.Record)
	case p.reading == Notebook:
		p.parseNotebook(c, cov, h)
	default:
		p.parseLog(c, cov, h)
	}
}

func (p *Parser) parseNotebook(c genlog.Chunk, cov *genlog.Coverage, h Handler) {
	var r Record
	p.notebook.Scan(c, cov, h.Banner, p.remember, func(n *notebook.Record) {
		r = Record{Offset: n.Offset, Time: n.Time, ID: n.Number, Raw: n.Raw, Long: n.Long, Error: tablelog.Unanswered, Slot: n.Slot, Known: n.Known, Varied: n.Varied, InChunk: -1}
		r.Start = int(n.Offset - c.Offset)
		r.Tail = r.Start + n.Name
		if !n.Known {
			r.Command, r.Action, r.Table, r.Text, r.Notebook = n.Command, n.Action, n.Table, n.Content(), n
			switch {
			case len(n.Table) == 0:
				// See FeatureTable: the first word has become the table.
				r.Text = notebook.WithoutFirstWord(r.Text)
			case n.InRaw >= 0:
				r.InChunk = r.Start + n.InRaw
			}
			p.notebookFacts(&r)
		}
		h.Record(&r)
	})
}

// notebookFacts sets what a record of the notebook's reading asks for: rules read
// the statement as the server wrote it, not as the notebook glued it together.
func (p *Parser) notebookFacts(r *Record) {
	if !p.Facts {
		return
	}
	g, ok := p.lone.Record(r.Raw)
	if !ok {
		return
	}
	if !isStatement(g.Command) || string(g.Command) == "Prepare" {
		r.Facts = p.commandFacts(g.Command)
		return
	}
	p.tokens.Lex(g.Argument)
	p.tokens.Cut = g.Long
	r.asked = p.asks(g.Command, g.Argument)
	r.Facts, r.Digest = r.asked.facts, r.asked.digest
}

func (p *Parser) parseLog(c genlog.Chunk, cov *genlog.Coverage, h Handler) {
	var r Record
	genlog.Scan(c, cov, genlog.Handler{Banner: h.Banner, Message: h.Message, Record: func(g *genlog.Record) {
		r = Record{} // and not a literal: that would be made elsewhere and copied
		r.Offset, r.Time, r.ID, r.Raw, r.Long, r.Error, r.Slot = g.Offset, g.Time, g.ID, g.Raw, g.Long, tablelog.Unanswered, -1
		r.Same, r.Local = g.Form == genlog.FormSame, g.Form != genlog.FormISO
		r.Start, r.Tail = g.Start, g.Start+g.Name
		if !g.Long {
			r.Slot, r.Known, r.Varied = p.remember(g.Raw[g.Name:])
		}
		if !r.Known {
			r.Command, r.Text, r.InChunk = g.Command, g.Argument, g.Start+g.Text
			p.statement(&r, g.Command, g.Argument)
			if len(r.Text) == 0 {
				r.Text, r.InChunk = dash, -1
			}
		}
		h.Record(&r)
	}})
}

var dash = []byte("-")

// statement sets what a record's argument does, to which tables, and whether it is
// open at its end. A prepared statement is logged when it is prepared and each
// time it is executed; only the executions count.
func (p *Parser) statement(r *Record, command, argument []byte) {
	r.Action, r.Table = "-", dash
	if !isStatement(command) {
		r.Facts = p.commandFacts(command)
		return
	}
	p.tokens.Lex(argument)
	p.tokens.Cut = r.Long // we cut it ourselves
	r.tokens, r.Open = &p.tokens, p.tokens.Open != sqltext.Closed && !r.Long
	if string(command) == "Prepare" {
		return
	}
	a := p.asks(command, argument)
	r.asked, r.Action, r.Facts, r.Digest = a, a.action, a.facts, a.digest
	if a.table > 0 {
		r.Table = a.names[:a.table]
		r.Others = a.names[a.table+len(separator):]
	}
}

// separator follows each name of Record.Others. No server takes it in one.
var separator = []byte{0}

// OtherTables returns the names in Record.Others.
func OtherTables(others string) []string {
	if others == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(others, string(separator)), string(separator))
}

// Head returns the record that begins at the start of raw, as Parse would give
// it; first: it is the first of its file. ok is false where raw does
// not begin with a record.
func (p *Parser) Head(raw []byte, first bool) (r Record, ok bool) {
	c := genlog.Chunk{First: first}
	switch {
	case p.Table != nil:
		row, ok := p.rows.Row(*p.Table, raw)
		if !ok {
			return r, false
		}
		p.row(&row, &r)
		return r, true
	case p.reading == Notebook:
		c.Data = notebook.Extent(raw)
	default:
		g, ok := p.lone.Record(raw)
		if !ok {
			return r, false
		}
		c.Data, c.Skipped = g.Raw, g.Size-int64(len(g.Raw))
	}
	var cov genlog.Coverage
	p.Parse(c, &cov, Handler{Record: func(rec *Record) {
		if !ok {
			r, ok = *rec, true
		}
	}})
	return r, ok
}

// Text returns the text of the record that begins at the start of raw, as Head
// would give it, without finding out what the statement does.
func (p *Parser) Text(raw []byte, first bool) (text []byte, ok bool) {
	if p.reading == Notebook {
		r, ok := p.Head(raw, first)
		return r.Text, ok
	}
	var argument []byte
	if p.Table != nil {
		var row tablelog.Row
		row, ok = p.rows.Row(*p.Table, raw)
		argument = row.Argument
	} else {
		var g genlog.Record
		g, ok = p.lone.Record(raw)
		argument = g.Argument
	}
	if ok && len(argument) == 0 {
		return dash, true
	}
	return argument, ok
}

// Splitter finds where a log that comes in blocks can be cut into chunks; see
// genlog.Splitter and notebook.Splitter.
type Splitter interface {
	LastStart(data []byte, whole bool) int
	LastItem(data []byte, limit int) int
	End(data []byte, from int, whole bool) (end int, ok bool)
	Cut(gone []byte)
	State() genlog.State
	Fresh() bool
	Ahead() int
}

// NewSplitter returns a splitter at the head of a file. It wants to see no more than
// ahead bytes behind a line start; 0 is right for all logs.
func (r Reading) NewSplitter(ahead int) Splitter {
	if r == Notebook {
		return new(notebook.Splitter)
	}
	return genlog.NewSplitter(ahead)
}
