package pipeline

import (
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/textmap"
	"sqleuth/analysis/wrapper"
)

// bufferLen is the first size of a chunk's buffer: a block and a long record.
const bufferLen = 1<<19 + 1<<16

// cutter turns blocks, cut anywhere, into chunks that hold whole records. What is
// in a chunk depends on where blocks end; what the records are does not.
type cutter struct {
	reading  reading.Reading
	splitter reading.Splitter    // of the file
	free     spare[[]byte]       // buffers of chunks that were parsed
	maps     spare[*textmap.Map] // and maps; nil for none
	emit     func(chunk) error

	buf    []byte // text that no chunk holds yet
	offset int64  // of buf[0]
	file   int
	// around is what is around the log in the file, and wrapped takes that off; nil
	// where nothing is. Then places is where buf is in the log, instead of offset.
	around  *wrapper.Stack
	wrapped *wrapper.Unwrapper
	places  *textmap.Map
	aside   wrapper.Account // of the file, what no chunk has
	seen    int64           // offset behind all that was added
	first   bool            // buf begins the file
	// skipped counts the bytes that were let go of what buf holds the head of; -1
	// when all of it is there.
	skipped int64
	// tables: files may be dumps of the log's table; asked: it is known whether this one
	// is, and then table is set and splitter is one of rows.
	tables bool
	asked  bool
	table  *tablelog.Layout
	// limit and keep are the bounds of genlog, and ahead is 0, but in tests.
	limit, keep, ahead int
}

// chunk is a chunk of records on its way to a parser.
type chunk struct {
	genlog.Chunk
	block   *logfile.Block // that holds Data, to be released; nil where a buffer does
	file    int
	table   *tablelog.Layout // nil: no dump of the table
	wrapper *wrapper.Stack   // around the log in the file
	aside   wrapper.Account  // of bytes around the log
	end     int64            // offset behind all that was seen
}

func newCutter(r reading.Reading, free spare[[]byte], emit func(chunk) error) *cutter {
	return &cutter{reading: r, splitter: r.NewSplitter(0), free: free, emit: emit, tables: r.Tables(), first: true, skipped: -1, limit: genlog.MaxRecord, keep: genlog.HeadLen}
}

// addBlock takes the next block of the log, and releases it or emits a chunk with it: of
// a plain log only what is cut off at the end of a block is copied.
func (c *cutter) addBlock(b *logfile.Block) error {
	if b.File == c.file && c.asked && c.wrapped == nil && c.skipped < 0 {
		if text := b.Behind(c.buf); text != nil {
			if at := c.splitter.LastStart(text, false); at > 0 {
				if len(c.buf) == 0 {
					c.offset = b.Offset
				}
				c.seen = b.Offset + int64(len(b.Data))
				k := c.head(text, at, false)
				k.block = b
				c.buf = append(c.buf[:0], text[at:]...)
				if err := c.emit(k); err != nil {
					return err
				}
				return c.cut(false)
			}
		}
	}
	defer b.Release()
	return c.add(b.File, b.Offset, b.Data)
}

// add takes the next bytes of the log, which are at an offset in a file.
func (c *cutter) add(file int, offset int64, data []byte) error {
	if file != c.file {
		if err := c.end(); err != nil {
			return err
		}
		c.file, c.first, c.splitter = file, true, c.reading.NewSplitter(c.ahead)
		c.asked, c.table, c.around, c.wrapped = false, nil, nil, nil
	}
	c.seen = offset + int64(len(data))
	if c.wrapped != nil {
		return c.unwrap(data, offset, false)
	}
	if len(c.buf) == 0 && c.skipped < 0 {
		c.offset = offset
	}
	c.buf = append(c.buf, data...)
	if !c.recognise(false) {
		return nil
	}
	if c.around.NewestFirst() {
		return errNewestFirst
	}
	return c.cut(false)
}

// cut emits what is complete in buf; whole is set where the file ends there.
func (c *cutter) cut(whole bool) error {
	for {
		if c.skipped >= 0 {
			if skipped, err := c.skip(whole); err != nil || skipped {
				return err
			}
		}
		at := c.splitter.LastStart(c.buf, whole)
		if at <= 0 {
			if len(c.buf) <= c.limit+c.splitter.Ahead() {
				return nil
			}
			if at = c.splitter.LastItem(c.buf, c.limit); at < 0 {
				return nil
			}
		}
		if at == 0 {
			c.skipped = 0
		} else if err := c.send(at, false); err != nil {
			return err
		}
	}
}

// skip lets go of the inside of something that is longer than limit, all but its
// head and what may be its end, and returns true. It returns false behind its end.
func (c *cutter) skip(whole bool) (bool, error) {
	from := min(c.keep, len(c.buf))
	end, found := c.splitter.End(c.buf, from, whole)
	c.letGo(from, end)
	if !found {
		return true, nil
	}
	return false, c.send(from, false)
}

// letGo takes the bytes from <= i < to out of buf and counts them.
func (c *cutter) letGo(from, to int) {
	if c.wrapped == nil {
		c.skipped += int64(to - from)
	} else {
		c.skipped += c.places.Bytes(from, to)
		c.places.Drop(from, to)
	}
	c.buf = append(c.buf[:from], c.buf[to:]...)
}

// send emits the first n bytes of buf as a chunk and keeps the rest.
func (c *cutter) send(n int, last bool) error {
	next, ok := c.free.take()
	if !ok {
		next = make([]byte, 0, bufferLen)
	}
	next = append(next[:0], c.buf[n:]...)
	k := c.head(c.buf, n, last)
	c.buf = next
	return c.emit(k)
}

// head makes a chunk of the first n bytes of text, which begins at offset.
func (c *cutter) head(text []byte, n int, last bool) chunk {
	k := chunk{Chunk: genlog.Chunk{Data: text[:n], Offset: c.offset, First: c.first || c.splitter.Fresh(), Last: last, State: c.splitter.State(), Limit: c.limit, Head: c.keep}, file: c.file, table: c.table}
	c.offset += int64(n)
	if c.skipped > 0 {
		k.Skipped = c.skipped
		c.offset += c.skipped
	}
	k.end = c.offset
	c.lay(&k, n, last)
	c.skipped, c.first = -1, false
	c.splitter.Cut(text[:n])
	return k
}

// end emits what is left of a file.
func (c *cutter) end() error {
	if !c.asked && len(c.buf) > 0 {
		c.recognise(true)
		if c.around.NewestFirst() {
			return errNewestFirst
		}
	}
	if c.wrapped != nil {
		if err := c.unwrap(nil, c.seen, true); err != nil {
			return err
		}
	}
	if err := c.cut(true); err != nil {
		return err
	}
	if len(c.buf) == 0 {
		return c.sendAside(true)
	}
	if c.skipped > 0 {
		c.letGo(min(c.keep, len(c.buf)), len(c.buf))
	}
	return c.send(len(c.buf), true)
}
