package entries

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// search is the looking for a text in the statements of the rows, step by step:
// each step is a command, so that it can be followed and given up.
type search struct {
	screen.Job
	pattern *regexp.Regexp // marked in the list too; nil where there is none
	done    int            // entries looked through
}

// question is what a search looks for, and where.
type question struct {
	job int
	message.Search
	pattern  pattern
	from     int // entry at which the search began
	snapshot *pipeline.Snapshot
	rows     message.Rows
	reader   filter.TextReader
}

// searched is the answer to a step: the entry that was found, -1 for none yet.
type searched struct {
	question
	done  int // entries looked through since the search began
	entry int
	err   error
}

// A step looks through at most searchParts parts of partEntries entries, side by
// side. A part is some megabytes, which makes up for starting in the midst of a
// compressed log; a step is done before anybody asks how far the search is.
const (
	partEntries = 1 << 15
	searchParts = 4
	searchStep  = partEntries * searchParts
)

// find begins a search behind the cursor.
func (m Model) find(msg message.Search) (Model, tea.Cmd) {
	m = m.stopSearch()
	if m.snapshot == nil || m.log == nil || msg.Text == "" || m.table.Len() == 0 {
		return m, nil
	}
	p, err := newPattern(msg)
	if err != nil {
		return m, message.Request(message.Failed{What: "search", Err: err})
	}
	from, _ := m.current()
	j, ctx := m.search.Start()
	m.search = search{Job: j, pattern: p.re}
	q := question{j.Number, msg, p, from, m.snapshot, m.rows, statements(m.log, m.snapshot)}
	return m, screen.Work(func() tea.Msg { return q.step(ctx, 0) })
}

func (m Model) stopSearch() Model {
	m.search = search{Job: m.search.Stop(), pattern: m.search.pattern}
	return m
}

// step looks through the next entries.
func (q question) step(ctx context.Context, done int) searched {
	n := q.snapshot.Len()
	// The entries in order of search are numbered from the one behind the
	// cursor; a step ends where they wrap around.
	lo := (q.from + 1 + done) % n
	hi := min(lo+searchStep, lo+n-done, n)
	if q.Backwards {
		hi = (q.from-done+n-1)%n + 1
		lo = max(0, hi-searchStep, hi-(n-done))
	}
	answer := searched{question: q, done: done + hi - lo, entry: -1}
	answer.entry, answer.err = q.between(ctx, lo, hi)
	return answer
}

// between returns the first entry from lo to hi-1 that matches, or searching
// backwards the last one, -1 for none. Parts are handed out in the order of the
// search; a part that has an answer ends those behind it.
func (q question) between(ctx context.Context, lo, hi int) (entry int, err error) {
	parts := (hi - lo + partEntries - 1) / partEntries
	entries, errs := make([]int, parts), make([]error, parts)
	var mu sync.Mutex
	next, nearest := 0, parts // nearest is the first part with an answer
	take := func() (k int, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		k = next
		next++
		return k, k < nearest
	}
	wanted := func(k int) bool {
		mu.Lock()
		defer mu.Unlock()
		return k < nearest
	}
	var group sync.WaitGroup
	for range min(parts, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for k, ok := take(); ok; k, ok = take() {
				from := lo + k*partEntries
				to := min(hi, from+partEntries)
				if q.Backwards {
					to = hi - k*partEntries
					from = max(lo, to-partEntries)
				}
				entries[k], errs[k] = q.scan(ctx, from, to, func() bool { return wanted(k) })
				if entries[k] >= 0 || errs[k] != nil {
					mu.Lock()
					nearest = min(nearest, k)
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if nearest == parts {
		return -1, nil
	}
	return entries[nearest], errs[nearest]
}

// yieldEvery is after how many statements a search lets others run: with all
// processors at work here, keys would else wait until the scheduler takes one of
// them away.
const yieldEvery = 64

// scan looks through the entries from one to another, as long as it is wanted. A
// panic becomes an error: nobody else would catch it in a goroutine of ours, and
// the terminal would stay as it is.
func (q question) scan(ctx context.Context, from, to int, wanted func() bool) (entry int, err error) {
	defer func() {
		if v := recover(); v != nil {
			entry, err = -1, &pipeline.PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	entry = -1
	shown := func(i int) bool { _, ok := q.rows.Find(i); return ok }
	matches := q.pattern.matcher()
	seen := 0
	err = q.reader.Scan(ctx, from, to, shown, func(i int, text []byte) bool {
		if seen++; seen%yieldEvery == 0 {
			runtime.Gosched()
			if !wanted() {
				return false
			}
		}
		if !matches(text) {
			return true
		}
		entry = i
		return q.Backwards // the last match of these counts
	})
	if err != nil {
		entry = -1
	}
	return entry, err
}

// searchedOn takes the answer to a step: there it is, or on to the next step.
func (m Model) searchedOn(msg searched) (Model, tea.Cmd) {
	if msg.job != m.search.Number || errors.Is(msg.err, context.Canceled) {
		return m, nil
	}
	m.search.done = msg.done
	switch {
	case msg.err != nil:
		m = m.stopSearch()
		return m, message.Request(message.Failed{What: "search " + msg.Text, Err: msg.err})
	case msg.entry >= 0:
		m = m.stopSearch()
		m.want = msg.entry
		m = m.follow()
		if msg.Wrapped(msg.from, msg.entry) {
			return m, message.WentOn()
		}
		return m, nil
	case msg.done >= msg.snapshot.Len():
		m = m.stopSearch()
		return m, message.Request(message.Failed{
			What: "find " + msg.Text,
			Err:  fmt.Errorf("none of the %s entries that are shown has it in its text", widget.Count(msg.rows.Len())),
		})
	}
	q := msg.question
	var ctx context.Context
	m.search.Job, ctx = m.search.Start()
	q.job = m.search.Number
	return m, screen.Work(func() tea.Msg { return q.step(ctx, msg.done) })
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

// statements returns the fastest way to read many statements that a log has.
func statements(log screen.Log, s *pipeline.Snapshot) filter.TextReader {
	if bulk, ok := log.(interface {
		Statements(l *loaded.Log) filter.TextReader
	}); ok {
		return bulk.Statements(&s.Log)
	}
	return single{log, s}
}

// single reads one statement after the other.
type single struct {
	log      screen.Log
	snapshot *pipeline.Snapshot
}

// Scan does what filter.TextReader asks for.
func (r single) Scan(ctx context.Context, from, to int, want func(i int) bool, fn func(i int, text []byte) bool) error {
	for i := from; i < to; i++ {
		if !want(i) {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		rec, err := r.log.Record(&r.snapshot.Log, i)
		if err != nil {
			return err
		}
		if !fn(i, rec.Text) {
			return nil
		}
	}
	return nil
}

// matches is where the pattern of a search is in the statements on the screen. A
// slow expression takes a millisecond for one of them, so a command finds them.
type matches struct {
	pattern *regexp.Regexp  // that the others are of
	known   map[int][][]int // by entry; replaced, never written to
	asked   bool
}

// matched is the answer of that command.
type matched struct {
	pattern *regexp.Regexp
	found   map[int][][]int
}

const (
	maxMatches = 16      // that are marked in a statement
	maxMatched = 1 << 11 // statements that are remembered
)

// readMatches looks for the pattern in the rows on the screen where that was not
// done yet, one question at a time.
func (m Model) readMatches() (Model, tea.Cmd) {
	pattern := m.search.pattern
	if m.matches.pattern != pattern {
		m.matches = matches{pattern: pattern}
	}
	if pattern == nil || m.matches.asked || m.rows == nil || m.snapshot == nil {
		return m, nil
	}
	texts := map[int]string{}
	from, to := m.table.Visible()
	for k := from; k < to; k++ {
		i := m.rows.At(k)
		if _, ok := m.matches.known[i]; ok {
			continue
		}
		if h, ok := m.heads.peek(i); ok && h.err == nil {
			texts[i] = h.text
		}
	}
	if len(texts) == 0 {
		return m, nil
	}
	m.matches.asked = true
	return m, screen.Work(func() tea.Msg {
		found := make(map[int][][]int, len(texts))
		for i, text := range texts {
			found[i] = pattern.FindAllStringIndex(text, maxMatches)
		}
		return matched{pattern, found}
	})
}

// mark takes the answer, unless something else is searched for by now.
func (m Model) mark(msg matched) Model {
	if msg.pattern != m.matches.pattern {
		return m
	}
	if len(m.matches.known) < maxMatched {
		for i, found := range m.matches.known {
			msg.found[i] = found
		}
	}
	m.matches.known, m.matches.asked = msg.found, false
	return m
}
