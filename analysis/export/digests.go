package export

import (
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
)

// digestRow is a digest with its entries summed over the rows that have it.
type digestRow struct {
	store.Row
	text string
}

// digestRows lists the digests in order of first appearance; what is no statement has
// none.
func digestRows(s *pipeline.Snapshot) []digestRow {
	list := make([]digestRow, max(1, len(s.Digests)))
	for _, row := range s.Rows {
		d := &list[row.Digest]
		if d.Count == 0 {
			d.Row, d.text = row, s.Digests[row.Digest]
			continue
		}
		d.Count, d.First, d.Last = d.Count+row.Count, min(d.First, row.First), max(d.Last, row.Last)
	}
	return list[1:]
}

// digestColumns are the columns of digests.csv.
func digestColumns(s *pipeline.Snapshot) []column[*digestRow] {
	type row = *digestRow
	return []column[row]{
		own("digest_sha256", func(d row) string { return loaded.DigestHash(d.text) }),
		number("entries", func(d row) int64 { return int64(d.Count) }),
		number("first_entry", func(d row) int64 { return int64(d.First) + 1 }),
		number("last_entry", func(d row) int64 { return int64(d.Last) + 1 }),
		dated("first", func(d row) store.Moment { return s.Moment(d.First) }),
		dated("last", func(d row) store.Moment { return s.Moment(d.Last) }),
		logged("digest", func(d row) string { return d.text }),
		own("zone", func(row) string { return Zone(s) }),
	}
}
