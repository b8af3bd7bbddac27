package pipeline

import (
	"context"
	"errors"
	"fmt"
	"io"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/reading"
)

// Text reads the statements of a log back from its files. Its methods may be
// called from any goroutine, also while the log is still being read.
type Text struct{ set *logfile.Set }

// NewText returns a reader of the text of a set of files.
func NewText(set *logfile.Set) Text { return Text{set} }

// MaxText is how much of one entry Record reads: more than any screen can
// show, and small enough to be read between two frames.
const MaxText = 1 << 20

// Record returns entry i as the log's reading sees it, cut after MaxText bytes.
// The record is the caller's.
func (t Text) Record(l *loaded.Log, i int) (reading.Record, error) {
	raw, err := t.raw(l, i)
	if err != nil {
		return reading.Record{}, err
	}
	parser := reading.NewParser(l.Reading)
	parser.Table = l.Layout(i)
	var entry entryReader
	from := l.Entries.Offset(i)
	r, ok := parser.Head(entry.of(l.Wrapper(from), raw, from), l.Begins(i))
	if !ok {
		return r, fmt.Errorf("entry %d at byte %d: the log does not hold it any more", i+1, l.Entries.Offset(i))
	}
	r.Offset = l.Entries.Offset(i)
	return r, nil
}

// Rejected returns a run that is not understood, cut after MaxText bytes: as text
// where it is part of the log's text, else as it is in the file.
func (t Text) Rejected(l *loaded.Log, r genlog.Reject) ([]byte, error) {
	around := l.Wrapper(r.Offset)
	if around.Plain() || r.Reason.Around() {
		return t.read(r.Offset, r.Bytes)
	}
	// What is around the run may be longer than the run.
	raw, err := t.read(r.Offset, MaxText)
	if err != nil {
		return nil, err
	}
	var entry entryReader
	text := entry.of(around, raw, r.Offset)
	return text[:entry.text.Map.Fit(r.Bytes)], nil
}

// Raw returns the raw bytes of a file of the log, by its index; none of standard input.
func (t Text) Raw(file int) (logfile.Raw, bool) { return t.set.Raw(file) }

// ReadAt reads the decompressed text at an offset of the log: io.ReaderAt.
func (t Text) ReadAt(p []byte, off int64) (int, error) { return t.set.ReadAt(p, off) }

func (t Text) raw(l *loaded.Log, i int) ([]byte, error) {
	from := l.Entries.Offset(i)
	return t.read(from, endOf(l, i)-from)
}

func (t Text) read(from, n int64) ([]byte, error) {
	return t.fill(make([]byte, min(n, MaxText)), from)
}

// fill reads into raw at an offset and returns what the log has there.
func (t Text) fill(raw []byte, from int64) ([]byte, error) {
	got, err := t.set.ReadAt(raw, from)
	if err != nil && !(errors.Is(err, io.EOF) && got > 0) {
		return nil, fmt.Errorf("read %d bytes at byte %d: %w", len(raw), from, err)
	}
	return raw[:got], nil
}

// replayBlock is how much is read at once to go through a log again.
const replayBlock = 1 << 20

// Replay goes through all entries of a log again, in order, with their text.
// The record is valid during the call only.
func (t Text) Replay(ctx context.Context, l *loaded.Log, fn func(i int, r *reading.Record) error) error {
	parser, i := reading.NewParser(l.Reading), 0
	var cov genlog.Coverage
	var failed error
	cut := newCutter(l.Reading, make(chan []byte), func(c chunk) error {
		cov.Reset()
		parser.Table = c.table
		parser.Parse(c.Chunk, &cov, reading.Handler{Record: func(r *reading.Record) {
			if failed == nil {
				failed = fn(i, r)
			}
			i++
		}})
		return failed
	})
	buf := make([]byte, replayBlock)
	for k, f := range l.Files {
		for at := int64(0); at < f.Text; {
			if err := ctx.Err(); err != nil {
				return err
			}
			n, err := t.set.ReadAt(buf[:min(int64(len(buf)), f.Text-at)], f.Base+at)
			if n == 0 && err != nil {
				return fmt.Errorf("read %q again at byte %d: %w", f.Name, at, err)
			}
			if err := cut.add(k, f.Base+at, buf[:n]); err != nil {
				return err
			}
			at += int64(n)
		}
	}
	if err := cut.end(); err != nil {
		return err
	}
	if i != l.Entries.Len() {
		return fmt.Errorf("read the log again: %d entries, the analysis saw %d; was the file changed?", i, l.Entries.Len())
	}
	return nil
}
