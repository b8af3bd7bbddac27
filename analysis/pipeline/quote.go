package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/textmap"
)

// Quote is an entry with its place in the log, so that both can be compared without
// this program: the bytes from Offset on, Bytes of them, have the hash SHA256.
type Quote struct {
	Offset  int64 // in the decompressed log
	Line    int64 // of the file, from 1; 0 where it is not known
	Bytes   int64 // of the entry with its line end, and of what is around its lines
	SHA256  [sha256.Size]byte
	Command []byte
	Text    []byte // the argument, "-" for none
	Cut     bool   // Text is the head of a long entry (genlog.MaxRecord); Bytes and SHA256 are of all of it
}

// Quotes calls fn with each wanted entry in order of the log. No more than one long
// entry is held at a time, and what fn is given is lent for the call only. The error
// is that of reading, of fn or of ctx.
func (s Statements) Quotes(ctx context.Context, want func(i int) bool, fn func(i int, q *Quote) error) error {
	quoter := quoter{text: s.text, log: s.log, parser: reading.NewParser(s.log.Reading)}
	var failed error
	err := s.raw(ctx, 0, s.log.Len(), want, func(i int, raw []byte, at int64) (bool, error) {
		var q Quote
		if q, failed = quoter.quote(i, raw, at); failed == nil {
			failed = fn(i, &q)
		}
		return failed == nil, nil
	})
	if failed != nil {
		return failed
	}
	return err
}

// quoter makes quotes of one log.
type quoter struct {
	text   Text
	log    *loaded.Log
	parser *reading.Parser
	entry  entryReader
	rest   textmap.Map
	buf    []byte
	at     int64 // line ends were counted up to here
	ends   int64
}

// block is a buffer to read through.
func (q *quoter) block() []byte {
	if q.buf == nil {
		q.buf = make([]byte, scanWindow)
	}
	return q.buf
}

// line returns the line of an offset, which is not before that of an earlier call.
func (q *quoter) line(offset int64) (int64, error) {
	from, ends, ok := q.log.Lines.Before(offset)
	if !ok {
		return 0, nil
	}
	if q.at < from || q.at > offset {
		q.at, q.ends = from, ends
	}
	for q.at < offset {
		part, err := q.text.fill(q.block()[:min(int64(len(q.block())), offset-q.at)], q.at)
		if err != nil {
			return 0, err
		}
		q.ends += int64(bytes.Count(part, []byte{'\n'}))
		q.at += int64(len(part))
	}
	return q.ends + 1, nil
}

// quote makes the quote of entry i, of which raw is the first maxRead bytes at most.
func (q *quoter) quote(i int, raw []byte, at int64) (Quote, error) {
	q.parser.Table = q.log.Layout(i)
	r, ok := q.parser.Head(q.entry.of(q.log.Wrapper(at), raw, at), q.log.Begins(i))
	if !ok {
		return Quote{}, fmt.Errorf("entry %d at byte %d: the log does not hold it any more", i+1, at)
	}
	whole := endOf(q.log, i) - at
	out := Quote{Offset: at, Command: r.Command, Text: r.Text, Cut: r.Long}
	switch {
	case out.Cut:
		out.Bytes = whole
	case q.log.Wrapper(at).Plain():
		out.Bytes = int64(len(r.Raw))
	default:
		// What the text of the entry stands for, with what is around its lines.
		q.entry.text.Map.Cut(len(r.Raw), &q.rest)
		out.Bytes = q.entry.text.Map.End() - at
	}
	sum := sha256.New()
	sum.Write(raw[:min(int64(len(raw)), out.Bytes)])
	for done := int64(len(raw)); done < out.Bytes; {
		more, err := q.text.fill(q.block()[:min(int64(len(q.block())), out.Bytes-done)], at+done)
		if err != nil {
			return out, fmt.Errorf("entry %d: %w", i+1, err)
		}
		sum.Write(more)
		done += int64(len(more))
	}
	sum.Sum(out.SHA256[:0])
	var err error
	if out.Line, err = q.line(at); err != nil {
		return out, fmt.Errorf("entry %d: %w", i+1, err)
	}
	return out, nil
}
