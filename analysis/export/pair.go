package export

import (
	"bytes"
	"io"
)

// maxKept is how many bytes of the second file of a pair are kept while the first is
// written.
const maxKept = 32 << 20

// pair are a CSV file and one of JSON lines with the same rows. Rows are asked for once
// for both, as texts are read back for them, unless the lines are more than keep bytes.
func pair[R any](name string, as cellText, columns []column[R], list rows[R], keep int) (table, lines file) {
	table, lines = csvFile(name+".csv", as, columns, nil), jsonlFile(name+".jsonl", as, columns, list)
	var kept bytes.Buffer
	whole := false
	table.write = func(w io.Writer) error {
		kept.Reset()
		whole = true
		out, second := newSheet(w, as), newJSONLines(&kept, as.redact)
		if err := second.header(names(columns)); err != nil {
			return err
		}
		err := writeRows(out, columns, func(add func(R) error) error {
			return list(func(r R) error {
				if whole {
					if err := writeRow(second, columns, r); err != nil {
						return err
					}
				}
				if kept.Len() > keep {
					whole, kept = false, bytes.Buffer{}
				}
				return add(r)
			})
		})
		whole = whole && err == nil
		return err
	}
	again := lines.write
	lines.write = func(w io.Writer) error {
		if !whole {
			return again(w)
		}
		_, err := kept.WriteTo(w)
		whole, kept = false, bytes.Buffer{}
		return err
	}
	return table, lines
}
