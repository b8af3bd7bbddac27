package stream

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/schema"
	"sqleuth/analysis/visible"
)

// Options are what a stream is made with.
type Options struct {
	// Want chooses entries, or those connections or detections that have one of them; nil
	// for all. It is called by several goroutines.
	Want func(entry int) bool
}

// column is a column of lines about an R, as a worker sees it.
type column[R any] struct {
	schema.Column
	few bool // of a few different texts
	// append appends the value as JSON; nothing where there is none.
	append func(dst []byte, r R) []byte
}

// text is a column of texts of any origin.
func text[R any](name string, few bool, of func(R) string) column[R] {
	return column[R]{schema.Column{Name: name, Type: schema.Text}, few, func(dst []byte, r R) []byte { return append(dst, quoted(of(r))...) }}
}

// number is a column of counts and the like.
func number[R any](name string, of func(R) uint64) column[R] {
	return column[R]{schema.Column{Name: name, Type: schema.Integer}, false, func(dst []byte, r R) []byte { return strconv.AppendUint(dst, of(r), 10) }}
}

// shapes are the names and types of columns.
func shapes[R any](columns []column[R]) []schema.Column {
	list := make([]schema.Column, len(columns))
	for i, c := range columns {
		list[i] = c.Column
	}
	return list
}

// Schema lists what the lines hold.
func Schema() []schema.File {
	s := &pipeline.Snapshot{}
	return []schema.File{
		{Name: "stream", Format: schema.JSONLines, Columns: shapes(newEntryWorker(s).columns()), Sparse: true},
		{Name: "stream --connections", Format: schema.JSONLines, Columns: shapes(newConnectionWorker(s, Options{}).columns()), Sparse: true},
		{Name: "stream --detections", Format: schema.JSONLines, Columns: shapes(newDetectionWorker(s, Options{}).columns()), Sparse: true},
	}
}

// Entries writes a line for each entry, in order of the log. The error is that of w or of
// ctx.
func Entries(ctx context.Context, w io.Writer, s *pipeline.Snapshot, opt Options) error {
	hits := hitsOf(s)
	return write(ctx, w, s.Len(), func() func(dst []byte, from, to int) []byte {
		worker := newEntryWorker(s)
		line := newLiner(worker.columns())
		return func(dst []byte, from, to int) []byte {
			worker.seek(hits, from)
			for i := from; i < to; i++ {
				if worker.at(i); opt.Want == nil || opt.Want(i) {
					dst = line.append(dst, &worker.entry)
				}
			}
			return dst
		}
	})
}

// Connections writes a line for each connection, in order of their first entries. The
// error is that of w or of ctx.
func Connections(ctx context.Context, w io.Writer, s *pipeline.Snapshot, opt Options) error {
	hits := hitsOf(s)
	return write(ctx, w, s.Connections.Len(), func() func(dst []byte, from, to int) []byte {
		worker := newConnectionWorker(s, opt)
		line := newLiner(worker.columns())
		return func(dst []byte, from, to int) []byte {
			for c := from; c < to; c++ {
				if worker.at(hits, c) {
					dst = line.append(dst, &worker.connection)
				}
			}
			return dst
		}
	})
}

// Detections writes a line for each detection, in order of time. The error is that of w or
// of ctx.
func Detections(ctx context.Context, w io.Writer, s *pipeline.Snapshot, opt Options) error {
	return write(ctx, w, len(s.Detections), func() func(dst []byte, from, to int) []byte {
		worker := newDetectionWorker(s, opt)
		line := newLiner(worker.columns())
		return func(dst []byte, from, to int) []byte {
			for k := from; k < to; k++ {
				if worker.at(k) {
					dst = line.append(dst, &worker.detection)
				}
			}
			return dst
		}
	})
}

// block is how many rows a worker makes lines of at once.
const block = 1 << 12

// write lets workers append the lines of blocks of n rows, and writes them in order. Each
// worker is made once; no more blocks wait than twice their number.
func write(ctx context.Context, w io.Writer, n int, worker func() func(dst []byte, from, to int) []byte) (err error) {
	workers := runtime.GOMAXPROCS(0)
	type job struct {
		from int
		buf  []byte
		done chan []byte
	}
	ctx, cancel := context.WithCancel(ctx)
	jobs, order, free := make(chan job, 2*workers), make(chan chan []byte, 2*workers), make(chan []byte, 4*workers)
	defer cancel()
	for range workers {
		go func() {
			lines := worker()
			for j := range jobs {
				j.done <- lines(j.buf[:0], j.from, min(j.from+block, n))
			}
		}()
	}
	go func() {
		defer close(order)
		defer close(jobs)
		for from := 0; from < n; from += block {
			var buf []byte
			select {
			case buf = <-free:
			default:
			}
			j := job{from, buf, make(chan []byte, 1)}
			select {
			case order <- j.done:
				jobs <- j
			case <-ctx.Done():
				return
			}
		}
	}()
	for done := range order {
		lines := <-done
		if _, err := w.Write(lines); err != nil {
			return fmt.Errorf("stream: %w", err)
		}
		select {
		case free <- lines:
		default:
		}
	}
	return context.Cause(ctx)
}

// liner appends lines with the values of columns.
type liner[R any] struct {
	columns []column[R]
	names   []string // as `"name":`
}

func newLiner[R any](columns []column[R]) *liner[R] {
	l := &liner[R]{columns: columns}
	for _, c := range columns {
		l.names = append(l.names, strconv.Quote(c.Name)+":")
	}
	return l
}

// append appends the line of r. A value that there is none of is left out.
func (l *liner[R]) append(dst []byte, r R) []byte {
	dst = append(dst, '{')
	first := len(dst)
	for i := range l.columns {
		before := len(dst)
		if before > first {
			dst = append(dst, ',')
		}
		dst = append(dst, l.names[i]...)
		if value := len(dst); true {
			if dst = l.columns[i].append(dst, r); len(dst) == value {
				dst = dst[:before]
			}
		}
	}
	return append(dst, '}', '\n')
}

// quoted returns a text of any origin as a JSON string of printable ASCII.
func quoted(text string) []byte { return appendQuoted(nil, visible.JSON(text)) }

// appendQuoted appends a valid text as a JSON string of printable ASCII.
func appendQuoted(dst []byte, text string) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c < 0x7f {
			if c == '"' || c == '\\' {
				dst = append(dst, '\\')
			}
			dst = append(dst, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(text[i:])
		i += n
		if high, low := utf16.EncodeRune(r); high != utf8.RuneError {
			dst = appendEscape(appendEscape(dst, high), low)
		} else {
			dst = appendEscape(dst, r)
		}
	}
	return append(dst, '"')
}

// appendEscape appends the escape of a UTF-16 unit.
func appendEscape(dst []byte, unit rune) []byte {
	const digits = "0123456789abcdef"
	return append(dst, '\\', 'u', digits[unit>>12&15], digits[unit>>8&15], digits[unit>>4&15], digits[unit&15])
}

// appendList appends texts of any origin as a JSON array.
func appendList(dst []byte, list []string) []byte {
	dst = append(dst, '[')
	for i, text := range list {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendQuoted(dst, visible.JSON(text))
	}
	return append(dst, ']')
}
