package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"

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
	return s.quotes(ctx, want, nil, fn)
}

func (s Statements) quotes(ctx context.Context, want func(i int) bool, to io.Writer, fn func(i int, q *Quote) error) error {
	quoter := quoter{text: s.text, log: s.log, parser: reading.NewParser(s.log.Reading), copy: to}
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

// Copy writes the bytes of each wanted entry as they are in the log, with its line end
// and what is around its lines, in order of the log; one that has no line end, since its
// file ends there, gets one before the next. The error is that of reading, of w or of ctx.
func (s Statements) Copy(ctx context.Context, want func(i int) bool, w io.Writer) error {
	lines := &lineWriter{w: w}
	return s.quotes(ctx, want, lines, func(int, *Quote) error {
		lines.begin = true
		return nil
	})
}

// lineWriter puts a line end between what is written before and after begin was set.
type lineWriter struct {
	w     io.Writer
	last  byte
	begin bool
}

func (l *lineWriter) Write(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if l.begin && l.last != '\n' {
		if _, err := l.w.Write([]byte{'\n'}); err != nil {
			return 0, err
		}
	}
	l.begin, l.last = false, p[len(p)-1]
	return l.w.Write(p)
}

// quoter makes quotes of one log.
type quoter struct {
	text   Text
	log    *loaded.Log
	parser *reading.Parser
	copy   io.Writer // gets the bytes of each entry; nil for none
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
		// What the text of the entry was taken from, with what is around its lines.
		q.entry.text.Map.Cut(len(r.Raw), &q.rest)
		out.Bytes = q.entry.text.Map.End() - at
	}
	sum := sha256.New()
	to := io.Writer(sum)
	if q.copy != nil {
		to = io.MultiWriter(sum, q.copy)
	}
	if _, err := to.Write(raw[:min(int64(len(raw)), out.Bytes)]); err != nil {
		return out, err
	}
	for done := int64(len(raw)); done < out.Bytes; {
		more, err := q.text.fill(q.block()[:min(int64(len(q.block())), out.Bytes-done)], at+done)
		if err != nil {
			return out, fmt.Errorf("entry %d: %w", i+1, err)
		}
		if _, err := to.Write(more); err != nil {
			return out, err
		}
		done += int64(len(more))
	}
	sum.Sum(out.SHA256[:0])
	var err error
	if out.Line, err = q.line(at); err != nil {
		return out, fmt.Errorf("entry %d: %w", i+1, err)
	}
	return out, nil
}
