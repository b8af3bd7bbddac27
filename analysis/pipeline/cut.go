package pipeline

import (
	"bytes"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
)

// maxRecord bounds what is held of a single entry: a longer one is parsed by its
// head, and the rest of its bytes is only counted. A statement cannot be longer
// than the server's max_allowed_packet, which is 16 MiB by default, or 64 MiB.
const maxRecord = 16 << 20

// bufferLen is the first size of a chunk's buffer: a block and a long record.
const bufferLen = 1<<20 + 1<<16

// keepOfLong is how much of the head of a longer entry is parsed.
const keepOfLong = 1 << 20

// cutter turns blocks, cut anywhere, into chunks that hold whole records.
type cutter struct {
	parser *reading.Parser
	free   chan []byte // buffers of chunks that were parsed
	emit   func(chunk) error

	buf    []byte // bytes that no chunk holds yet
	offset int64  // of buf[0]
	file   int
	first  bool // buf begins the file
	begun  bool // buf begins with a record, or with what was let go of one
	short  bool // the file has headers with short times
	// skipped counts the bytes of an entry over maxRecord that were let go; -1
	// when there is none.
	skipped int64
	// tables says that files may be dumps of the log's table, asked that it is
	// known of this one; then table and rows are set where it is one.
	tables bool
	asked  bool
	table  *tablelog.Layout
	rows   *tablelog.Splitter
	// limit is maxRecord, and keep is keepOfLong, but in tests.
	limit, keep int
}

// chunk is a chunk of records on its way to a parser.
type chunk struct {
	genlog.Chunk
	file    int
	skipped int64            // bytes of its only record that were let go
	table   *tablelog.Layout // nil: no dump of the table
}

func newCutter(r reading.Reading, free chan []byte, emit func(chunk) error) *cutter {
	return &cutter{parser: reading.NewParser(r), free: free, emit: emit, tables: r.Tables(), first: true, skipped: -1, limit: maxRecord, keep: keepOfLong}
}

// add takes the next bytes of the log, which stand at an offset in a file.
func (c *cutter) add(file int, offset int64, data []byte) error {
	if file != c.file {
		if err := c.end(); err != nil {
			return err
		}
		c.file, c.first, c.begun, c.short = file, true, false, false
		c.asked, c.table, c.rows = false, nil, nil
	}
	if len(c.buf) == 0 && c.skipped < 0 {
		c.offset = offset
	}
	c.buf = append(c.buf, data...)
	if !c.recognise(false) {
		return nil
	}
	return c.cut()
}

// window is how much of a buffer without a record start is searched again when
// a block has been added: the line that was incomplete before is shorter.
const window = 1 << 20

// cut emits what is complete in buf.
func (c *cutter) cut() error {
	if c.table != nil {
		return c.cutRows()
	}
	if c.skipped >= 0 {
		return c.skip()
	}
	// What was searched before holds no start; it is looked at again only at
	// the head of a file, where the parser wants to see all of it.
	from := 0
	if !c.first && len(c.buf) > 4*window {
		from = len(c.buf) - 2*window
	}
	at, short := c.parser.LastStart(c.buf[from:], c.first, c.short)
	c.short = short
	c.begun = c.begun || c.parser.Begins(c.buf)
	switch {
	case at >= 0 && from+at > 0:
		c.begun = true
		return c.send(from+at, false)
	case !c.begun && len(c.buf) > c.limit/8:
		return c.sendPreamble()
	case len(c.buf) > c.limit:
		return c.skip()
	}
	return nil
}

// sendPreamble emits lines that stand before the first record of a file: a
// log may hold nothing but banners, or begin with a hole. Whether the file has
// begun is then for the next lines to say.
func (c *cutter) sendPreamble() error {
	n := bytes.LastIndexByte(c.buf, '\n') + 1
	if n == 0 {
		n = len(c.buf) - maxHeader
	}
	if n <= 0 {
		return nil
	}
	first := c.first && c.parser.OnlyDropped(c.buf[:n])
	if err := c.send(n, false); err != nil {
		return err
	}
	c.first = first
	return nil
}

// maxHeader is more than a header takes.
const maxHeader = 1 << 10

// skip lets go of the inside of an entry that is longer than maxRecord, all but
// its head and the line that is still incomplete.
func (c *cutter) skip() error {
	if c.skipped < 0 {
		c.skipped = 0
	}
	// The first start behind the head ends the entry.
	from := min(c.keep, len(c.buf))
	if at := c.nextStart(from); at > 0 {
		c.skipped += int64(at - from)
		rest := c.buf[at:]
		c.buf = append(c.buf[:from:from], rest...)
		if err := c.send(from, false); err != nil {
			return err
		}
		return c.cut()
	}
	keep := c.buf[from:]
	if nl := bytes.LastIndexByte(keep, '\n'); nl >= 0 {
		keep = keep[nl:]
	}
	if len(keep) > maxHeader {
		keep = keep[len(keep)-maxHeader:]
	}
	c.skipped += int64(len(c.buf) - from - len(keep))
	c.buf = append(c.buf[:from], keep...)
	return nil
}

// nextStart returns the first record start in buf at or behind from, -1 for
// none.
func (c *cutter) nextStart(from int) int {
	// Behind a hole a record begins without a line of its own.
	hole := from
	for hole < len(c.buf) && c.buf[hole] == 0 {
		hole++
	}
	if hole > from && c.parser.Begins(c.buf[hole:]) {
		return hole
	}
	base, best := max(0, from-1), -1 // a line end may stand right before it
	for end := len(c.buf); ; {
		at, _ := c.parser.LastStart(c.buf[base:end], false, c.short)
		if at < 0 || base+at < from {
			return best
		}
		best, end = base+at, base+at
	}
}

// send emits the first n bytes of buf as a chunk and keeps the rest.
func (c *cutter) send(n int, last bool) error {
	var next []byte
	select {
	case next = <-c.free:
	default:
		next = make([]byte, 0, bufferLen)
	}
	next = append(next[:0], c.buf[n:]...)
	k := chunk{Chunk: genlog.Chunk{Data: c.buf[:n], Offset: c.offset, First: c.first, Last: last, Short: c.short}, file: c.file, table: c.table}
	c.offset += int64(n)
	if c.skipped > 0 {
		// The head of a row is one that does not end, as a file's last may.
		k.Last = k.Last || c.table != nil
		k.skipped = c.skipped
		c.offset += c.skipped
	}
	c.skipped = -1
	c.buf, c.first = next, false
	return c.emit(k)
}

// end emits what is left of a file.
func (c *cutter) end() error {
	if !c.asked && len(c.buf) > 0 {
		c.recognise(true)
		if err := c.cut(); err != nil {
			return err
		}
	}
	if len(c.buf) == 0 {
		return nil
	}
	if c.skipped > 0 {
		from := min(c.keep, len(c.buf))
		c.skipped += int64(len(c.buf) - from)
		c.buf = c.buf[:from]
	}
	return c.send(len(c.buf), true)
}
