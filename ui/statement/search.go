package statement

import (
	"bytes"
	"context"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// partEntries is the entries that are looked through at a stretch, side by side
// with other parts. A part is some megabytes, which makes up for starting in the
// midst of a compressed log.
const partEntries = 1 << 15

// Scan returns the entries that have a text, ascending, of those at the positions from
// lo to hi-1 of the rows that are shown. The error is that of ctx, of the log, or of
// what was typed.
func Scan(ctx context.Context, log screen.Log, s *pipeline.Snapshot, what message.Search, shown message.Rows, lo, hi int) ([]int, error) {
	p, err := newPattern(what)
	if err != nil || log == nil || lo >= hi {
		return nil, err
	}
	first, last := shown.At(lo), min(shown.At(hi-1)+1, s.Len())
	reader := log.Statements(&s.Log)
	parts := max(0, last-first+partEntries-1) / partEntries
	hits := make([][]int, parts)
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(parts, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for k := int(next.Add(1)) - 1; k < parts; k = int(next.Add(1)) - 1 {
				from := first + k*partEntries
				var err error
				if hits[k], err = scanPart(ctx, reader, p, shown, from, min(last, from+partEntries)); err != nil {
					fail(err)
					return
				}
			}
		})
	}
	group.Wait()
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	return slices.Concat(hits...), nil
}

// yieldEvery is after how many statements a search lets others run: with all
// processors at work here, keys would else wait until the scheduler takes one of
// them away.
const yieldEvery = 64

// scanPart looks through the entries from one to another. A panic becomes an error:
// nobody else would catch it in a goroutine of ours, and the terminal would stay as
// it is.
func scanPart(ctx context.Context, reader filter.TextReader, p pattern, rows message.Rows, from, to int) (hits []int, err error) {
	defer func() {
		if v := recover(); v != nil {
			hits, err = nil, &pipeline.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	shown := func(i int) bool { _, ok := rows.Find(i); return ok }
	matches := p.matcher()
	seen := 0
	err = reader.Scan(ctx, from, to, shown, func(i int, text []byte) bool {
		if seen++; seen%yieldEvery == 0 {
			runtime.Gosched()
		}
		if matches(text) {
			hits = append(hits, i)
		}
		return true
	})
	return hits, err
}

// pattern is what an analyst typed: /regexp/, or text in any case.
type pattern struct {
	re *regexp.Regexp
	// needle is an ASCII text in small letters. Looking for it in a text made
	// small is ten times as fast as the expression.
	needle []byte
}

func newPattern(msg message.Search) (pattern, error) {
	re, err := msg.Pattern()
	if err != nil {
		return pattern{}, err
	}
	p := pattern{re: re}
	if _, ok := msg.Expression(); !ok && strings.IndexFunc(msg.Text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		p.needle = appendSmall(nil, []byte(msg.Text))
	}
	return p, nil
}

// matcher returns the test of a statement; it keeps a buffer.
func (p pattern) matcher() func(text []byte) bool {
	if p.needle == nil {
		return p.re.Match
	}
	var small []byte
	return func(text []byte) bool {
		small = appendSmall(small[:0], text)
		return bytes.Contains(small, p.needle)
	}
}

// appendSmall appends text with ASCII letters made small.
func appendSmall(dst, text []byte) []byte {
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}
