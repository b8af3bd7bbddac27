package pipeline

import (
	"context"
	"fmt"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
)

// Statements reads the statements of a log in bulk, for filters and searches.
type Statements struct {
	text Text
	log  *loaded.Log
}

// Statements returns a reader of the log's statements.
func (t Text) Statements(l *loaded.Log) Statements { return Statements{t, l} }

// scanWindow is how much text is read at once: enough to make inflating from a
// resume point worth it, little enough to be cancelled soon.
const scanWindow = 1 << 20

// maxRead is how much of an entry shows whether it is a long one.
const maxRead = genlog.MaxRecord + 1

// Scan calls fn with the text of each wanted entry from <= i < to in ascending
// order, until fn returns false; the text is lent for the call only. Of a long
// entry (genlog.MaxRecord) it gives the head. Calls may run side by side.
func (s Statements) Scan(ctx context.Context, from, to int, want func(i int) bool, fn func(i int, text []byte) bool) error {
	parser := reading.NewParser(s.log.Reading)
	var entry entryReader
	return s.raw(ctx, from, to, want, func(i int, raw []byte, at int64) (bool, error) {
		parser.Table = s.log.Layout(i)
		text, ok := parser.Text(entry.of(s.log.Wrapper(at), raw, at), s.log.Begins(i))
		if !ok {
			return false, fmt.Errorf("entry %d at byte %d: the log does not hold it any more", i+1, at)
		}
		return fn(i, text), nil
	})
}

// raw calls fn with the bytes of each wanted entry from <= i < to, at most maxRead of
// them, and the offset of the first, until fn returns false or an error.
func (s Statements) raw(ctx context.Context, from, to int, want func(i int) bool, fn func(i int, raw []byte, at int64) (bool, error)) error {
	var buf []byte
	for i := from; i < to; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !want(i) {
			i++
			continue
		}
		// A window of entries that begins with a wanted one.
		start := s.log.Entries.Offset(i)
		last := i
		for last+1 < to && s.log.End(last+1)-start <= scanWindow {
			last++
		}
		n := int(min(s.log.End(last)-start, maxRead))
		if cap(buf) < n {
			buf = make([]byte, n)
		}
		raw, err := s.text.fill(buf[:n], start)
		if err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		for ; i <= last; i++ {
			if !want(i) {
				continue
			}
			a, b := s.log.Entries.Offset(i)-start, endOf(s.log, i)-start
			if a >= int64(len(raw)) {
				return fmt.Errorf("entry %d at byte %d: the log ends before it", i+1, start+a)
			}
			if more, err := fn(i, raw[a:min(b, int64(len(raw)))], start+a); !more || err != nil {
				return err
			}
		}
	}
	return nil
}
