package list

import (
	"context"
	"errors"
	"regexp"
	"runtime"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/selection"
	"sqleuth/ui/widget"
)

// Scan looks for what was typed in the ascending rows at the positions from lo to
// hi-1 of shown, and returns those that have it, ascending. The error is that of
// ctx, or of reading.
type Scan[D any] func(ctx context.Context, d D, what message.Search, shown message.Rows, lo, hi int) (hits []int, err error)

// searchStep is how many rows a command looks through before it answers with what
// it has found.
const searchStep = 1 << 17

// search is the looking for a text: first for the next row that has it, then, so
// that hits can be counted, on through all of them.
type search[D any] struct {
	screen.Job
	message.Search
	pattern *regexp.Regexp     // nil where nothing is searched for
	jump    bool               // the cursor shall still go to the first hit
	from    int                // position behind which the search began
	against bool               // it goes against the direction of reading
	done, n int                // rows looked through, of so many
	hits    *selection.Bits    // positions
	built   *selection.Builder // of hits, where nothing is under way
}

// jumping reports whether the next hit is still being looked for.
func (s *search[D]) jumping() bool { return s.Running() && s.jump }

func (s *search[D]) stop() { s.Job, s.jump = s.Job.Stop(), false }

// question is what a command looks for, and where.
type question[D any] struct {
	number  int
	what    message.Search
	spec    *Spec[D]
	data    D
	rows    rows
	n       int
	from    int // position behind which the search begins
	done    int // rows looked through
	matches func(row int) bool
	asides  func(k int) bool // matches of asides; nil where there are none
	hits    *selection.Builder
}

// found is the answer: what was found so far.
type found[D any] struct {
	question[D]
	hits *selection.Bits
	at   int // position of the first hit of this step in the direction of the search, -1 for none
	err  error
}

// searchFor goes to the next row that has a text, when the moves before it have ended: those
// towards another text are given up.
func (l *List[D]) searchFor(what message.Search) tea.Cmd {
	if l.search.jumping() && l.search.Text != what.Text {
		l.giveUp()
	}
	return l.inTurn(func(l *List[D]) tea.Cmd { return l.find(what) })
}

// find goes to the next row that has a text.
func (l *List[D]) find(what message.Search) tea.Cmd {
	if what.Text == "" {
		l.search = search[D]{Job: l.search.Stop()}
		return nil
	}
	re, err := what.Pattern()
	if err != nil {
		return message.Request(message.Failed{What: "search", Err: err})
	}
	if l.rows.len() == 0 {
		return message.Request(message.Notice{Text: "there are no rows to search"})
	}
	s := &l.search
	if s.pattern != nil && s.Text == what.Text && s.done == l.rows.len() && s.n == s.done {
		s.Backwards = what.Backwards
		return l.next(what.From(l.cursor))
	}
	if s.pattern != nil && s.Text == what.Text && s.Running() {
		from := what.From(l.cursor)
		if at, ok := s.ahead(from, what.Backwards); ok {
			wrapped := what.Wrapped(from, at)
			l.reveal(at)
			if wrapped {
				return message.WentOn()
			}
			return nil
		}
	}
	*s = search[D]{Job: s.Job, Search: what, pattern: re, jump: true}
	return l.look(what.From(l.cursor), 0, selection.NewBuilder(l.rows.len()))
}

// look begins to look through the rows behind a position, but for those that were
// looked through already.
func (l *List[D]) look(from, done int, hits *selection.Builder) tea.Cmd {
	s := &l.search
	var ctx context.Context
	s.Job, ctx = s.Job.Start()
	s.from, s.against, s.done, s.n = from, s.Backwards, done, l.rows.len()
	if done == 0 {
		s.hits = nil
	}
	re, spec, d := s.pattern, l.spec, l.data
	q := question[D]{number: s.Number, what: s.Search, spec: spec, data: d, rows: l.rows, n: s.n, from: from, done: done, hits: hits}
	return screen.Work(func() tea.Msg {
		if spec.Match != nil {
			q.matches = spec.Match(d, re)
		}
		if q.rows.asides.n > 0 {
			q.asides = spec.Aside.Match(d, re)
		}
		return q.step(ctx)
	})
}

// step looks through the next rows. In the order of the search they begin behind
// the cursor; a step ends where they wrap around.
func (q question[D]) step(ctx context.Context) found[D] {
	lo := (q.from + 1 + q.done) % q.n
	hi := min(lo+searchStep, lo+q.n-q.done, q.n)
	if q.what.Backwards {
		hi = (q.from-q.done+q.n-1)%q.n + 1
		lo = max(0, hi-searchStep, hi-(q.n-q.done))
	}
	q.done += hi - lo
	f := found[D]{question: q, at: -1}
	var hits []int
	if hits, f.err = q.between(ctx, lo, hi); f.err != nil {
		return f
	}
	for _, k := range hits {
		q.hits.Add(k)
	}
	if len(hits) > 0 {
		f.at = hits[0]
		if q.what.Backwards {
			f.at = hits[len(hits)-1]
		}
	}
	f.hits = q.hits.Bits()
	return f
}

// between returns the positions from lo to hi-1 that are hits.
func (q question[D]) between(ctx context.Context, lo, hi int) (hits []int, err error) {
	if q.spec.Scan != nil {
		found, err := q.spec.Scan(ctx, q.data, q.what, q.rows.set, q.rows.without(lo), q.rows.without(hi))
		for _, row := range found {
			k, _ := q.rows.find(row)
			hits = append(hits, k)
		}
		if q.asides != nil {
			for k := q.rows.asides.before(lo); k < q.rows.asides.before(hi); k++ {
				if q.asides(k) {
					hits = append(hits, q.rows.asides.position(k))
				}
			}
			slices.Sort(hits)
		}
		return hits, err
	}
	known := q.spec.Len(q.data)
	for k := lo; k < hi; k++ {
		if k%yieldEvery == 0 {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			runtime.Gosched()
		}
		if row := q.rows.at(k); row < known && q.matches(row) {
			hits = append(hits, k)
		}
	}
	return hits, nil
}

// yieldEvery is after how many rows a search lets others run: with all processors
// at work here, keys would else wait until the scheduler takes one of them away.
const yieldEvery = 1 << 8

// foundSome takes the answer of a step, and asks for the next one.
func (l *List[D]) foundSome(f found[D]) tea.Cmd {
	s := &l.search
	if f.number != s.Number || errors.Is(f.err, context.Canceled) {
		return nil
	}
	if f.err != nil {
		l.giveUp()
		return message.Request(message.Failed{What: "search " + s.Text, Err: f.err})
	}
	s.hits, s.done = f.hits, f.done
	var cmd tea.Cmd
	if s.jump && f.at >= 0 {
		s.jump = false
		l.reveal(f.at)
		if f.what.Wrapped(f.from, f.at) {
			cmd = message.WentOn()
		}
	}
	if f.done < f.n {
		var ctx context.Context
		s.Job, ctx = s.Start()
		q := f.question
		q.number = s.Number
		return tea.Batch(cmd, screen.Work(func() tea.Msg { return q.step(ctx) }), l.resume())
	}
	if s.jump {
		cmd = l.missing()
	}
	s.stop()
	s.built = f.question.hits
	if l.rows.len() > f.n {
		cmd = tea.Batch(cmd, l.lookOn())
	}
	return tea.Batch(cmd, l.resume())
}

// ahead returns the next hit from a position on, where all rows on the way there
// are looked through already.
func (s *search[D]) ahead(cursor int, backwards bool) (at int, ok bool) {
	if s.hits == nil || s.hits.Len() == 0 || s.n == 0 {
		return 0, false
	}
	order := func(k int) int { // in which a row is looked through
		if s.against {
			return ((s.from-k-1)%s.n + s.n) % s.n
		}
		return ((k-s.from-1)%s.n + s.n) % s.n
	}
	here := order(cursor)
	if cursor == s.from {
		here = -1
	}
	k, _ := s.hits.Find(cursor + 1)
	if backwards {
		k, _ = s.hits.Find(cursor)
		k += s.hits.Len() - 1
	}
	at = s.hits.At(k % s.hits.Len())
	if there := order(at); backwards == s.against {
		ok = here < there && there < s.done
	} else {
		ok = there < here && here < s.done
	}
	return at, ok
}

// lookOn looks through the rows that have come behind those of the last search.
func (l *List[D]) lookOn() tea.Cmd {
	s, n := &l.search, l.rows.len()
	s.built.Grow(n)
	s.Backwards = false
	return l.look(n-1, s.done, s.built)
}

// searchRows counts the hits again because the rows are others.
func (l *List[D]) searchRows(grown bool) tea.Cmd {
	s := &l.search
	switch {
	case s.pattern == nil:
		return nil
	case grown && s.Running():
		return nil // when the step that is under way ends
	case grown && s.n == l.rows.len():
		return nil
	case grown && s.done == s.n && s.built != nil:
		return l.lookOn()
	case l.rows.len() == 0:
		s.stop()
		s.hits, s.done, s.n = nil, 0, 0
		return nil
	}
	from := l.cursor
	if s.jump {
		from = s.From(from)
	}
	return l.look(from, 0, selection.NewBuilder(l.rows.len()))
}

// missing returns a command with the notice that nothing was found.
func (l *List[D]) missing() tea.Cmd {
	s := &l.search
	return message.Request(message.Failed{What: "find " + s.Text, Err: errors.New(l.spec.Missing), Sought: s.Text})
}

// next goes to the next of the hits from a position on, which are all known.
func (l *List[D]) next(from int) tea.Cmd {
	s := &l.search
	if s.hits == nil || s.hits.Len() == 0 { // nil where there are no rows
		return l.missing()
	}
	n := s.hits.Len()
	k, _ := s.hits.Find(from + 1)
	if s.Backwards {
		k, _ = s.hits.Find(from)
		k += n - 1
	}
	at := s.hits.At(k % n)
	l.reveal(at)
	if s.Wrapped(from, at) {
		return message.WentOn()
	}
	return nil
}

// searchStatus returns which of how many hits the cursor is on: "/users: 3 of
// 1,870".
func (l *List[D]) searchStatus() string {
	s := &l.search
	if s.pattern == nil {
		return ""
	}
	text, more := "/"+s.Text+": ", ""
	if _, ok := s.Expression(); ok {
		text = s.Text + ": "
	}
	if s.Running() {
		more = l.theme.Glyph.Ellipsis
	}
	n := 0
	if s.hits != nil {
		n = s.hits.Len()
	}
	if s.jump {
		return text + "searching" + more + " " + widget.Number(s.done, "row", "rows") + ", esc stops"
	}
	if n == 0 {
		return text + "none" + more
	}
	if k, on := s.hits.Find(l.cursor); on {
		return text + widget.Count(k+1) + " of " + widget.Count(n) + more
	}
	return text + widget.Count(n) + " found" + more
}

// matchCache is where the pattern of a search is in the texts that were drawn
// last: a slow expression takes a millisecond for a screen of them.
type matchCache struct {
	pattern *regexp.Regexp
	known   map[string][][]int
}

// maxMatches bounds what is marked in a text, and maxCached the texts.
const maxMatches, maxCached = 16, 1 << 12

// matches returns the parts of a text that the search matches.
func (l *List[D]) matches(text string) [][]int {
	c, re := l.cached, l.search.pattern
	if re == nil || text == "" {
		return nil
	}
	if c.pattern != re || len(c.known) >= maxCached {
		*c = matchCache{re, map[string][][]int{}}
	}
	m, ok := c.known[text]
	if !ok {
		m = slices.DeleteFunc(re.FindAllStringIndex(text, maxMatches), func(at []int) bool { return at[0] == at[1] })
		c.known[text] = m
	}
	return m
}
