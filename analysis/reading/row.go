package reading

import (
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/tablelog"
)

// rowReasons are the reasons why a row is no entry, as Coverage counts them.
var rowReasons = [...]genlog.Reason{
	tablelog.BadQuotes:  genlog.RowQuotes,
	tablelog.BadColumns: genlog.RowColumns,
	tablelog.BadTime:    genlog.RowTime,
	tablelog.BadID:      genlog.RowID,
	tablelog.BadCommand: genlog.RowCommand,
	tablelog.BadText:    genlog.RowText,
	tablelog.BadRow:     genlog.RowForm,
}

// parseRows is Parse for a chunk of a table dump. Column names count as a
// banner: they are no entry, and understood.
func (p *Parser) parseRows(c genlog.Chunk, cov *genlog.Coverage, record func(*Record)) {
	// The scanner knows no other place than that in the chunk, and gives all of
	// it, in order.
	rows, pos := c, 0
	rows.Offset, rows.Map = 0, nil
	size := func(n int) int64 {
		if pos += n; pos == len(c.Data) {
			return c.Size(pos-n, pos) + c.Skipped
		}
		return c.Size(pos-n, pos)
	}
	var r Record
	p.rows.Scan(rows, *p.Table, tablelog.Handler{
		Row: func(row *tablelog.Row) {
			cov.EntryBytes += size(row.Size)
			if row.Long {
				cov.LongEntries++
			}
			p.row(row, &r)
			r.Offset = c.At(r.Start)
			record(&r)
		},
		Header: func(n int) { cov.BannerBytes += size(n) },
		Reject: func(at int64, n int, why tablelog.Fault) { cov.Reject(c.At(int(at)), size(n), rowReasons[why]) },
	})
}

// row turns a row into a record. Its offset is the place in the chunk.
func (p *Parser) row(row *tablelog.Row, r *Record) {
	*r = Record{} // as in parseLog
	r.Start, r.Time, r.Local, r.ID, r.Account = int(row.Offset), row.Time, row.Local, row.ID, row.UserHost
	r.Raw, r.Long, r.Error, r.Slot, r.InChunk, r.Tail = row.Raw, row.Long, row.Error, -1, -1, -1
	if !r.Long {
		// Other columns are between these two.
		p.tail = append(append(append(p.tail[:0], row.Command...), '\t'), row.Argument...)
		if r.Slot, r.Known, r.Varied = p.remember(p.tail); r.Known {
			if p.memory.varies(r.Slot) {
				r.Decoded = p.tail
			}
			return
		}
	}
	r.Command, r.Text = row.Command, row.Argument
	if row.Within >= 0 {
		r.InChunk = r.Start + row.Within
	}
	p.statement(r, row.Command, row.Argument)
	if len(r.Text) == 0 {
		r.Text, r.InChunk = dash, -1
	}
}
