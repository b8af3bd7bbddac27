// Package timeline is the log over time: bars in round bins, what is wrong below them,
// and a cursor among them. A screen shows it as a strip, and lays it over itself when it
// is entered.
//
//	entries, detections, incidents --(index.go, in a command)--> index --> bins of a window --> bars
package timeline

import (
	"context"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// Model is the timeline. Its methods take a pointer and are for the copy that a screen's
// Update has. Times are in microseconds since 1970.
type Model struct {
	theme         *theme.Theme
	width, height int  // of the body, when it is entered
	strip         bool // a screen shows it before it is entered
	snapshot      *pipeline.Snapshot
	filtered      message.Filtered
	labels        label.Set

	whole    *index // of all of the log; nil until it is counted
	digests  []digest
	counting screen.Job
	asked    []string // filters that whole is being counted under
	part     *index   // in narrower bins, around the window; nil where there is none
	parting  screen.Job
	listed   *contents // of the span that keys act on; nil until it is known
	listing  screen.Job

	entered bool
	bin     int64 // width of a bin, 0 for that of all of the log
	from    int64 // of the window
	cursor  int64 // begin of the bin under the cursor
	anchor  span  // bin where the open span begins
	span    span  // that was taken

	later func(*Model) tea.Cmd // what is to be looked for once the bins are counted
}

// span is some time, to not included; none where both are equal.
type span struct{ from, to int64 }

func (s span) is() bool { return s.from < s.to }

// window is the bins that are drawn, each so many cells wide.
type window struct {
	from, width int64
	bins, cells int
}

func (w window) end() int64 { return w.from + int64(w.bins)*w.width }

// New makes the timeline. With strip set it is counted before it is entered.
func New(t *theme.Theme, strip bool) Model { return Model{theme: t, strip: strip} }

type (
	// counted is the answer to a question for an index.
	counted struct {
		job     int
		index   *index
		digests []digest // of the log; nil where they were known
		err     error    // cancelled
	}
	// listed is the answer to a question for what is in a span.
	listed struct {
		job      int
		contents *contents
		err      error // cancelled
	}
)

// Is reports whether the timeline has been entered.
func (m *Model) Is() bool { return m.entered }

// Some reports whether there is anything to show over time.
func (m *Model) Some() bool {
	_, _, ok := extent(m.snapshot)
	return ok
}

// SetSize sets the size of the body in cells. What other bins need is asked for when the screen
// is shown.
func (m *Model) SetSize(width, height int) {
	m.width, m.height = width, height
	if m.entered && m.Some() {
		m.place(m.cursor)
	}
}

// SetSnapshot takes a newer snapshot.
func (m *Model) SetSnapshot(s *pipeline.Snapshot) tea.Cmd {
	old := m.snapshot
	m.snapshot = s
	if old != nil && s.Len() != old.Len() {
		m.digests = nil // they are of a log that is still read
	}
	if old != nil && s.Timeline == old.Timeline && s.Isolation == old.Isolation && s.Truth == old.Truth &&
		len(s.Detections) == len(old.Detections) && len(s.Incidents) == len(old.Incidents) {
		return nil
	}
	return m.count()
}

// SetFiltered takes what the filters leave.
func (m *Model) SetFiltered(f message.Filtered) tea.Cmd {
	before := m.filtered
	m.filtered = f
	if len(before.Active) == 0 && len(f.Active) == 0 { // of the whole log it comes with its snapshot
		return nil
	}
	return m.count()
}

// setLabels takes what is decided of incidents.
func (m *Model) setLabels(set label.Set) tea.Cmd {
	was := m.labels
	m.labels = set
	if m.snapshot == nil {
		return nil
	}
	for k := range m.snapshot.Incidents {
		if x := &m.snapshot.Incidents[k]; dismissed(was, x) != dismissed(set, x) {
			return m.count()
		}
	}
	return nil
}

// count asks for the index of the log under the filters of now. A count of the same
// filters that is under way is finished first: while a filter still searches, what it
// has found changes faster than it is counted.
func (m *Model) count() tea.Cmd {
	first, last, ok := extent(m.snapshot)
	if !ok || !m.strip && !m.entered {
		return nil
	}
	if m.counting.Running() && slices.Equal(m.asked, m.filtered.Active) {
		m.counting.Again = true
		return nil
	}
	m.asked = m.filtered.Active
	w := base(first, last, maxBins)
	from := start(first, w)
	var cmd tea.Cmd
	m.counting, cmd = m.work(m.counting, from, w, int((start(last, w)-from)/w)+1)
	return cmd
}

// work counts an index in the background.
func (m *Model) work(j screen.Job, from, width int64, bins int) (screen.Job, tea.Cmd) {
	j, ctx := j.Start()
	number, s, filtered, labels, known := j.Number, m.snapshot, m.filtered, m.labels, m.digests
	return j, screen.Work(func() tea.Msg {
		x, err := count(ctx, s, filtered, labels, from, width, bins)
		var digests []digest
		if err == nil && known == nil {
			digests = digestsOf(&s.Log)
		}
		return counted{number, x, digests, err}
	})
}

// Update takes answers, and keys while the timeline is entered.
func (m *Model) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case counted:
		return m.take(msg)
	case message.Labels:
		return m.setLabels(msg.Set)
	case listed:
		if msg.job == m.listing.Number && msg.err == nil {
			m.listing, m.listed = m.listing.Stop(), msg.contents
		}
	case message.AtTime:
		if msg.Back {
			msg.Micros--
		}
		return m.goTo(msg.Micros)
	case message.NextGap:
		var enter tea.Cmd
		if !m.entered {
			enter = m.Enter(msg.Micros, true)
		}
		step := 1
		if msg.Back {
			step = -1
		}
		if m.counting.Running() { // the gaps may be others
			m.later = func(m *Model) tea.Cmd { return m.gap(step) }
			return enter
		}
		return tea.Batch(enter, m.gap(step))
	case message.Shown:
		if m.entered && m.Some() {
			return m.follow(m.cursor)
		}
	case tea.KeyMsg:
		if m.entered && !msg.Paste {
			return m.press(msg)
		}
	}
	return nil
}

func (m *Model) take(msg counted) tea.Cmd {
	cmd := m.keep(msg)
	if later := m.later; later != nil && m.entered && m.counted() {
		m.later = nil
		cmd = tea.Batch(cmd, later(m))
	}
	return cmd
}

// keep keeps what was counted.
func (m *Model) keep(msg counted) tea.Cmd {
	switch {
	case msg.err != nil:
	case msg.job == m.counting.Number:
		again := m.counting.Again
		m.counting = m.counting.Stop()
		m.whole, m.part, m.listed = msg.index, nil, nil
		if msg.digests != nil {
			m.digests = msg.digests
		}
		var cmd tea.Cmd
		if again {
			cmd = m.count()
		}
		if m.entered {
			cmd = tea.Batch(cmd, m.follow(m.cursor))
		}
		return cmd
	case msg.job == m.parting.Number:
		m.parting = m.parting.Stop()
		m.part = msg.index
	}
	return nil
}

// Enter lays the timeline over the screen, its cursor on the bin of a time, or where it
// was.
func (m *Model) Enter(at int64, known bool) tea.Cmd {
	if !m.Some() {
		return message.Request(message.Notice{Text: "there is no timeline yet: the log is being read, or has no times"})
	}
	m.entered, m.bin, m.anchor, m.span, m.later = true, 0, span{}, span{}, nil
	first, last, _ := extent(m.snapshot)
	if !known {
		at = max(m.cursor, first)
	}
	var cmd tea.Cmd
	if m.whole == nil && !m.counting.Running() {
		cmd = m.count()
	}
	return tea.Batch(cmd, m.follow(max(first, min(at, last))))
}

// goTo puts the cursor on the bin of a time.
func (m *Model) goTo(t int64) tea.Cmd {
	first, last, ok := extent(m.snapshot)
	switch {
	case !ok:
		return m.Enter(t, true)
	case t < start(first, minute) || t > last:
		return message.Request(message.Notice{Text: "the timeline is from " + widget.Time(m.theme.Clock.Local(first)) + " to " + widget.Time(m.theme.Clock.Local(last))})
	case !m.entered:
		return m.Enter(t, true)
	}
	return m.follow(t)
}

// Close leaves the timeline; false where it has not been entered.
func (m *Model) Close() bool {
	was := m.entered
	m.entered = false
	return was
}

// Escape takes away the open span, the one that was taken, or else leaves the timeline;
// false where it has not been entered.
func (m *Model) Escape() bool {
	switch {
	case !m.entered:
		return false
	case m.anchor.is():
		m.anchor = span{}
	case m.span.is():
		m.span = span{}
	default:
		return m.Close()
	}
	return true
}

// columns are the cells that bars have.
func (m *Model) columns() int { return max(0, m.width-widget.PlotLeft) }

// maxCells is how wide a bin is drawn at most: a log of a few bins has narrow bars.
const maxCells = 6

// fit is the window that shows all of the log in some columns.
func (m *Model) fit(columns int) window {
	first, last, _ := extent(m.snapshot)
	w := fitting(first, last, max(1, columns))
	from := start(first, w)
	n := int((start(last, w)-from)/w) + 1
	return window{from, w, min(n, max(1, columns)), max(1, min(maxCells, columns/n))}
}

// window is what the timeline shows now.
func (m *Model) window() window {
	all := m.fit(m.columns())
	if m.bin == 0 || m.bin >= all.width {
		return all
	}
	w := window{m.from, m.bin, max(1, m.columns()), 1}
	lo, hi := m.ends(m.bin)
	w.from = max(lo, min(start(w.from, m.bin), hi-int64(w.bins-1)*w.width))
	return w
}

// ends are the begins of the first bin and of the last one.
func (m *Model) ends(width int64) (lo, hi int64) {
	first, last, _ := extent(m.snapshot)
	return start(first, width), start(last, width)
}

// bars returns the bins of a window; false where they are still counted.
func (m *Model) bars(w window) ([]bin, bool) {
	x := m.source(w)
	if x == nil {
		return nil, false
	}
	bars := make([]bin, w.bins)
	for k := range bars {
		from := w.from + int64(k)*w.width
		bars[k] = x.sum(from, from+w.width)
	}
	return bars, true
}

// source is the index that bins of a window are made of, nil where it is still counted.
func (m *Model) source(w window) *index {
	switch {
	case m.whole == nil:
		return nil
	case w.width%m.whole.width == 0:
		return m.whole
	case m.part != nil && w.width%m.part.width == 0 && m.part.from <= w.from && w.end() <= m.part.end():
		return m.part
	}
	return nil
}

// place puts the cursor on the bin of a time, and shows it.
func (m *Model) place(t int64) {
	w := m.window()
	lo, hi := m.ends(w.width)
	m.cursor = max(lo, min(start(t, w.width), hi))
	switch margin := int64(w.bins/4) * w.width; {
	case m.cursor < w.from:
		m.from = m.cursor - margin
	case m.cursor >= w.end():
		m.from = m.cursor + margin - int64(w.bins-1)*w.width
	default:
		m.from = w.from
	}
	m.from = m.window().from
}

// follow puts the cursor on the bin of a time, and asks for what is not known of it yet.
func (m *Model) follow(t int64) tea.Cmd {
	m.place(t)
	w := m.window()
	var count, list tea.Cmd
	if m.whole != nil && m.source(w) == nil {
		// The windows beside it too.
		around := int64(w.bins) * w.width
		first, last := w.from-around, w.end()+around-1
		b := base(first, last, maxBins)
		from := start(first, b)
		m.parting, count = m.work(m.parting, from, b, int((start(last, b)-from)/b)+1)
	}
	if s := m.acted(); m.listed == nil || m.listed.span != s {
		m.listed = nil
		var ctx context.Context
		m.listing, ctx = m.listing.Start()
		number, snapshot, filtered, digests := m.listing.Number, m.snapshot, m.filtered, m.digests
		list = screen.Work(func() tea.Msg {
			c, err := contentsOf(ctx, snapshot, filtered, digests, s)
			return listed{number, c, err}
		})
	}
	return tea.Batch(count, list)
}

// acted is the span that keys act on: the open one, the one that was taken, or the bin
// under the cursor.
func (m *Model) acted() span {
	w := m.window()
	here := span{m.cursor, m.cursor + w.width}
	switch {
	case m.anchor.is():
		return span{min(here.from, m.anchor.from), max(here.to, m.anchor.to)}
	case m.span.is():
		return m.span
	}
	return here
}

// taken names what keys act on.
func (m *Model) taken() string {
	if m.anchor.is() || m.span.is() {
		return "span"
	}
	return "bin"
}

// counted reports whether the bins under the cursor are known.
func (m *Model) counted() bool { return m.snapshot != nil && m.source(m.window()) != nil }

func (m *Model) press(msg tea.KeyMsg) tea.Cmd {
	w := m.window()
	m.later = nil
	page := int64(max(1, w.bins-1)) * w.width
	lo, hi := m.ends(w.width)
	switch {
	case key.Matches(msg, keys.enter):
		m.Close()
		return nil
	case key.Matches(msg, keys.left):
		return m.follow(m.cursor - w.width)
	case key.Matches(msg, keys.right):
		return m.follow(m.cursor + w.width)
	case key.Matches(msg, keys.pageLeft):
		return m.follow(m.cursor - page)
	case key.Matches(msg, keys.pageRight):
		return m.follow(m.cursor + page)
	case key.Matches(msg, keys.first):
		return m.follow(lo)
	case key.Matches(msg, keys.last):
		return m.follow(hi)
	case key.Matches(msg, keys.hourBack):
		return m.unit(hour, -1)
	case key.Matches(msg, keys.hour):
		return m.unit(hour, 1)
	case key.Matches(msg, keys.dayBack):
		return m.unit(day, -1)
	case key.Matches(msg, keys.day):
		return m.unit(day, 1)
	case key.Matches(msg, keys.gapBack):
		return m.gap(-1)
	case key.Matches(msg, keys.gap):
		return m.gap(1)
	case key.Matches(msg, keys.signBack):
		return m.sign(-1)
	case key.Matches(msg, keys.sign):
		return m.sign(1)
	case key.Matches(msg, keys.wider):
		return m.zoom(1)
	case key.Matches(msg, keys.closer):
		return m.zoom(-1)
	case key.Matches(msg, keys.span):
		return m.takeSpan()
	case key.Matches(msg, keys.entries):
		return message.Request(message.OpenEntries{Term: m.term()})
	case key.Matches(msg, keys.connections):
		return message.Request(message.OpenConnections{Term: m.term()})
	}
	return nil
}

// term is the filter of the span that keys act on.
func (m *Model) term() string {
	s := m.acted()
	return filter.Between(s.from, s.to)
}

// unit moves to the begin of the next hour or day, or of this one and those before.
func (m *Model) unit(u int64, step int) tea.Cmd {
	u = max(u, m.window().width)
	to := start(m.cursor, u)
	if step > 0 || to == m.cursor {
		to += int64(step) * u
	}
	return m.follow(to)
}

// zoom makes bins wider or narrower around the cursor. Of the bin that it was on it goes
// to the first one with an incident, or else a detection, or else an entry.
func (m *Model) zoom(step int) tea.Cmd {
	w := m.window()
	next := zoomed(w.width, step)
	if next == w.width || step > 0 && w.width == m.fit(m.columns()).width {
		return nil
	}
	at := m.cursor
	m.bin = next
	if x := m.source(window{from: at, width: next, bins: int(w.width / next)}); step < 0 && x != nil {
		best := 0
		for t := start(at, next); t < m.cursor+w.width; t += next {
			b, worth := x.sum(t, t+next), 0
			switch {
			case b.incident > 0:
				worth = 3
			case b.detections > 0:
				worth = 2
			case b.entries > 0:
				worth = 1
			}
			if worth > best {
				at, best = max(m.cursor, t), worth
			}
		}
	}
	m.from = start(at, next) - int64(m.columns()/2)*next
	return m.follow(at)
}

// takeSpan opens a span, or takes the open one.
func (m *Model) takeSpan() tea.Cmd {
	if m.anchor.is() {
		m.span, m.anchor = m.acted(), span{}
	} else {
		m.span, m.anchor = span{}, span{m.cursor, m.cursor + m.window().width}
	}
	return m.follow(m.cursor)
}

// gap goes to the next run of bins without an entry.
func (m *Model) gap(step int) tea.Cmd {
	w := m.window()
	x := m.source(w)
	if x == nil {
		m.later = func(m *Model) tea.Cmd { return m.gap(step) }
		return nil
	}
	here := x.sum(m.cursor, m.cursor+w.width)
	busy := here.entries > 0 // there was a bin with entries on the way, or it begins on one
	return m.seek(step, "no further gap: every bin has entries", func(b *bin) bool {
		busy = busy || b.entries > 0
		return busy && b.entries == 0
	})
}

// sign goes to the next bin with an incident or a detection.
func (m *Model) sign(step int) tea.Cmd {
	if !m.counted() {
		m.later = func(m *Model) tea.Cmd { return m.sign(step) }
		return nil
	}
	return m.seek(step, "no further incident or detection", func(b *bin) bool { return b.incident > 0 || b.detections > 0 })
}

// seek goes to the next bin that is wanted, of bins that are counted; none is the notice if
// there is none. Beyond what is counted in narrow bins it looks at those of the whole log.
func (m *Model) seek(step int, none string, wanted func(b *bin) bool) tea.Cmd {
	w := m.window()
	x := m.source(w)
	lo, hi := m.ends(w.width)
	width := w.width
	for t := m.cursor + int64(step)*width; t >= lo && t <= hi; t += int64(step) * width {
		if x == m.part && (t < x.from || t+width > x.end()) {
			x, width = m.whole, max(width, m.whole.width)
			t = start(t, width)
		}
		if b := x.sum(t, t+width); wanted(&b) {
			return m.follow(max(t, lo))
		}
	}
	return message.Request(message.Notice{Text: none})
}

// Focus is what +, - and y act on.
func (m *Model) Focus() screen.Focus {
	if !m.counted() {
		return screen.Focus{}
	}
	text := m.readout()
	return screen.Focus{
		Term: m.term(),
		At:   m.cursor,
		Copy: message.Copy{What: "the readout", Text: func(context.Context) (string, error) { return text + "\n", nil }},
	}
}
