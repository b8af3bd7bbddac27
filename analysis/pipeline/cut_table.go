package pipeline

// cutRows is cut for a dump.
func (c *cutter) cutRows() error {
	if c.skipped >= 0 {
		return c.skipRow()
	}
	if end := c.rows.LastEnd(c.buf); end > 0 {
		return c.send(end, false)
	}
	if len(c.buf) > c.limit {
		c.skipped = 0
		c.skipInside()
	}
	return nil
}

// skipRow goes on with a row that is longer than the limit.
func (c *cutter) skipRow() error {
	end := c.rows.FirstEnd(c.buf)
	if end == 0 {
		c.skipInside()
		return nil
	}
	from := min(c.keep, end)
	c.letGo(from, end)
	if err := c.send(from, false); err != nil {
		return err
	}
	return c.cutRows()
}

// rowTail is how much of the end of what is held of a long row is looked at again.
const rowTail = 1 << 10

// skipInside lets go of the inside of a row, all but its head and what may
// belong to its end.
func (c *cutter) skipInside() {
	from := min(c.keep, len(c.buf))
	tail := min(rowTail, len(c.buf)-from)
	c.letGo(from, len(c.buf)-tail)
	c.rows.Forget(from, tail)
}
