package pipeline

import (
	"math"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/tablelog"
	"sqleuth/analysis/textmap"
	"sqleuth/analysis/wrapper"
)

// recognise finds out what is around the log in a file and whether it is a dump of
// the log's table; whole reports that buf is all of it. It returns false where more
// of the file must be seen. A dump may be encoded in any way, but a statement in it
// can look like anything, and so nothing else is taken off one, but for an audit log,
// whose records are lines as those of the general log are.
func (c *cutter) recognise(whole bool) bool {
	if c.asked || !c.tables {
		c.asked = true
		return true
	}
	around, ok := wrapper.Encoding(c.buf, whole)
	if !ok {
		return false
	}
	layout, verdict := tablelog.Recognise(around.Decode(c.buf, whole), whole)
	switch verdict {
	case tablelog.MoreHead:
		return false
	case tablelog.NoTable:
		if around, ok = wrapper.Recognise(c.buf, whole); !ok {
			return false
		}
		if !around.Plain() {
			layout, verdict = tablelog.Recognise(around.Decode(c.buf, whole), true)
		}
		if layout.Form != tablelog.ServerAudit {
			verdict = tablelog.NoTable
		}
	}
	if verdict == tablelog.Table {
		c.table, c.splitter = &layout, tablelog.NewSplitter(layout, c.limit)
	}
	c.asked, c.around = true, around
	if around.Plain() {
		mark := around.Mark()
		c.buf, c.offset = c.buf[mark:], c.offset+int64(mark)
		c.aside.WrapperBytes += int64(mark)
		return true
	}
	raw := c.buf
	c.buf, c.wrapped = make([]byte, 0, bufferLen), around.Open()
	c.places = new(textmap.Map)
	c.take(raw, c.offset, false)
	return true
}

// take takes what is around the log off bytes at an offset, and adds the text that
// they hold to buf; last reports that no more come.
func (c *cutter) take(data []byte, offset int64, last bool) {
	text := wrapper.Text{Data: c.buf, Map: *c.places}
	c.wrapped.Add(data, offset, last, &text)
	c.buf, *c.places = text.Data, text.Map
}

// maxAside bounds the rejects that wait for a chunk.
const maxAside = 1 << 12

// unwrap is add for a file whose text has something around it.
func (c *cutter) unwrap(data []byte, offset int64, last bool) error {
	c.take(data, offset, last)
	if len(c.wrapped.Rejects) > maxAside {
		if err := c.sendAside(false); err != nil {
			return err
		}
	}
	if last {
		return nil
	}
	return c.cut(false)
}

// lay lays the map of the first n bytes of buf into a chunk, and the account of
// what is around them; last reports that it is the file's last chunk.
func (c *cutter) lay(k *chunk, n int, last bool) {
	if c.wrapped != nil {
		rest, ok := c.maps.take()
		if !ok {
			rest = new(textmap.Map)
		}
		c.places.Cut(n, rest)
		k.Map, k.end, c.places = c.places, c.seen, rest
		if n > 0 {
			k.Offset = k.Map.At(0)
		}
		before := k.Map.End() + k.Skipped
		if last {
			before = math.MaxInt64
		}
		c.setAside(before)
		c.around = c.wrapped.Stack()
	}
	k.wrapper, k.aside, c.aside = c.around, c.aside, wrapper.Account{}
}

// setAside takes the account of the unwrapper up to an offset.
func (c *cutter) setAside(before int64) {
	a, w := &c.aside, &c.wrapped.Account
	a.WrapperBytes += w.WrapperBytes
	a.ForeignBytes += w.ForeignBytes
	a.ForeignLines += w.ForeignLines
	a.Rejects = append(a.Rejects, c.wrapped.TakeRejects(before)...)
	w.WrapperBytes, w.ForeignBytes, w.ForeignLines = 0, 0, 0
}

// sendAside emits the account alone: of the end of a file, or of one that holds
// little else. The last reject may not have ended.
func (c *cutter) sendAside(last bool) error {
	if c.wrapped != nil {
		before := int64(math.MaxInt64)
		if list := c.wrapped.Rejects; !last && len(list) > 0 {
			before = list[len(list)-1].Offset
		}
		c.setAside(before)
		c.around = c.wrapped.Stack()
	}
	if c.aside.WrapperBytes == 0 && len(c.aside.Rejects) == 0 {
		return nil
	}
	k := chunk{Chunk: genlog.Chunk{Offset: c.seen, Last: last}, file: c.file, table: c.table, wrapper: c.around, aside: c.aside, end: c.seen}
	c.aside = wrapper.Account{}
	return c.emit(k)
}

// addTo adds the account of what is around a chunk's text to that of the text.
func (c *chunk) addTo(cov *genlog.Coverage) {
	cov.WrapperBytes += c.aside.WrapperBytes
	cov.ForeignBytes += c.aside.ForeignBytes
	cov.ForeignLines += c.aside.ForeignLines
	cov.Merge(c.aside.Rejects)
}
