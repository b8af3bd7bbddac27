package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/follow"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

const (
	// lookEvery is how often the log is looked at, and restLeast how long it is let be
	// at least between two analyses.
	lookEvery, restLeast = time.Second, 2 * time.Second
	// restShare is how many times as long as the last analysis it is let be: a quarter of
	// the machine is what this may cost beside a live server.
	restShare = 3
)

// following is the part that follows a log which is being written. Each analysis is of
// the whole log as it is then, beside the screens, which keep what they show until it
// is done; then its snapshot takes the place of theirs.
//
//	look --looked--> Update --there is more, and it has rested--> Again --readAgain--> Update
//	  ^                |                                                                 |
//	  '-- each second -'          runs, then everybody: message.Snapshot <--logGrown-----'
//
// The log's beginning stays what it was, so rows keep their numbers. Where it does not,
// because the file was emptied, what rests on numbers goes: message.Replaced announces that.
type following struct {
	ctx   context.Context
	group *sync.WaitGroup // of goroutines that must end before the files are closed
	log   Followed        // nil: the log is not followed
	runs  *runs
	clock *theme.Clock
	now   func() time.Time
	every time.Duration
	least time.Duration

	snapshot *pipeline.Snapshot
	on       bool
	waits    bool               // for the log to be written
	more     bool               // the log has what the last analysis has not
	anew     bool               // and does not begin with what that has
	stop     context.CancelFunc // of the analysis under way; nil for none
	id       int                // of the last one
	rested   time.Time          // when the next may begin
	err      string             // of the last look
	failed   string             // of the last analysis
	read     time.Time          // when what is shown was read
	came     int                // entries that came with it
	lost     int                // entries that are gone
	fresh    []announced        // incidents that nobody has gone to, the gravest first
	said     string             // of them
}

// announced is an incident that was announced.
type announced struct {
	id  string
	at  int    // in the snapshot that is shown
	was string // why: "new", "graver"
}

type (
	// looked is the answer of a look at the log.
	looked struct {
		news follow.News
		err  error
	}
	// readAgain is the answer of analysis id.
	readAgain struct {
		id       int
		began    time.Time
		took     time.Duration
		snapshot *pipeline.Snapshot
		asked    question
		changes  []incident.Change
		err      error
	}
	// logGrown reports that the log has grown, and what is known of it now.
	logGrown struct {
		snapshot *pipeline.Snapshot
		asked    question
	}
	// reworded puts a notice in the place of one, as long as that is shown.
	reworded struct{ was, now string }
	// emptied reports that the log which is shown cannot be read any more.
	emptied struct{}
)

// begin starts to look.
func (f *following) begin() tea.Cmd {
	f.on, f.waits = true, true
	return tea.Batch(f.look(0), tell(message.Following{On: true}))
}

// look looks at the log after a while.
func (f *following) look(after time.Duration) tea.Cmd {
	to := make(chan tea.Msg, 1)
	f.group.Go(func() {
		defer close(to)
		timer := time.NewTimer(after)
		defer timer.Stop()
		select {
		case <-timer.C:
			news, err := f.log.Look()
			to <- looked{news, err}
		case <-f.ctx.Done():
		}
	})
	return screen.Work(listen(to))
}

// Update hears what was looked at and analysed.
func (f *following) Update(msg tea.Msg) (tea.Cmd, bool) {
	switch m := msg.(type) {
	case looked:
		return tea.Batch(f.heed(m), f.look(f.every)), true
	case readAgain:
		if m.id != f.id {
			return nil, true
		}
		return f.take(m), true
	case message.Snapshot:
		f.snapshot = m.Snapshot
	}
	return nil, false
}

// heed takes what a look has found.
func (f *following) heed(m looked) tea.Cmd {
	if m.err != nil {
		if text := m.err.Error(); text != f.err {
			f.err = text
			return failed("look at the log", m.err)
		}
		return nil
	}
	f.err, f.waits = "", m.news.Waiting
	var cmds []tea.Cmd
	if len(m.news.Rotated) > 0 {
		f.drop() // a file that was copied and emptied is closed, and it may have read that
		cmds = append(cmds, say(rotated(m.news)))
	}
	if m.news.Lost > 0 {
		cmds = append(cmds, f.lose())
	}
	f.more = f.more || m.news.More > 0
	return tea.Batch(append(cmds, f.proceed())...)
}

// rotated names the files that are not written any more.
func rotated(news follow.News) string {
	text := "the log was rotated: " + strings.Join(news.Rotated, ", ") + " and the new file are read as one"
	if news.Removed {
		text += "; what was removed is read as long as sqleuth runs"
	}
	return text
}

// lose counts what is gone. An analysis that is under way is of the log as it was.
func (f *following) lose() tea.Cmd {
	f.drop()
	n := 0
	if s := f.snapshot; s != nil && !f.anew {
		from := s.Files[len(s.Files)-1].Base
		for n = s.Len(); n > 0 && s.Entries.Offset(n-1) >= from; n-- {
		}
		n = s.Len() - n
	}
	f.anew = true
	f.lost += n
	return tea.Batch(tell(emptied{}), failed("keep what was read", fmt.Errorf("%s was emptied, and no copy is beside it: %s lost", filepath.Base(f.log.Path()), widget.Number(n, "entry is", "entries are"))))
}

// proceed analyses the log again if there is more of it, nothing else is under way, and
// it was let be for long enough.
func (f *following) proceed() tea.Cmd {
	if !f.on || f.waits || !f.more || f.stop != nil || f.runs.cancel != nil || time.Now().Before(f.rested) {
		return nil
	}
	if f.runs.analysed != nil {
		return f.again()
	}
	if f.runs.unread != "" && f.runs.stages[pipeline.Load].State != message.Broken {
		return nil // the analyst has cancelled it, or it will not get better
	}
	f.more, f.read, f.rested = false, f.now(), time.Now().Add(f.least)
	return f.runs.begin()
}

// again analyses the log again.
func (f *following) again() tea.Cmd {
	ctx, cancel := context.WithCancel(f.ctx)
	f.id++
	f.stop, f.more = cancel, false
	m := readAgain{id: f.id, began: f.now(), asked: question{f.runs.params, f.runs.labels}}
	log, before, to := f.log, f.snapshot.Incidents, make(chan tea.Msg, 1)
	if f.anew {
		before = nil // the numbers of their entries mean others now
	}
	f.group.Go(func() {
		defer close(to)
		began := time.Now()
		m.snapshot, m.err = safely(func() (*pipeline.Snapshot, error) { return log.Again(ctx, m.asked.params, m.asked.labels, before) })
		if m.err == nil {
			m.changes = incident.Since(before, m.snapshot.Incidents)
		}
		m.took = time.Since(began)
		to <- m
	})
	return screen.Work(listen(to))
}

// drop cancels the analysis under way, whose answer is not heard any more.
func (f *following) drop() {
	if f.stop != nil {
		f.stop()
		f.stop, f.more = nil, true
		f.id++
	}
}

// take shows what an analysis has found.
func (f *following) take(m readAgain) tea.Cmd {
	f.stop()
	f.stop, f.rested = nil, time.Now().Add(max(f.least, restShare*m.took))
	if m.err != nil {
		f.more = true
		if text := m.err.Error(); text != f.failed && !errors.Is(m.err, context.Canceled) {
			f.failed = text
			return failed("read the log again", m.err)
		}
		return nil
	}
	f.failed = ""
	var cmds []tea.Cmd
	was := f.snapshot.Len()
	if f.anew {
		f.anew, was, f.fresh = false, 0, nil
		cmds = append(cmds, tell(message.Replaced{}))
	}
	f.read, f.came = m.began, m.snapshot.Len()-was
	return tea.Batch(append(cmds, tell(logGrown{m.snapshot, m.asked}), f.announce(m))...)
}

// announce names the incidents that are new or graver, the gravest first. An earlier
// announcement is brought up to date as long as it is read: letters and figures change.
func (f *following) announce(m readAgain) tea.Cmd {
	var fresh []announced
	for _, a := range f.fresh {
		k := slices.IndexFunc(m.snapshot.Incidents, func(x incident.Incident) bool { return x.Is(a.id) })
		if k >= 0 && !slices.ContainsFunc(m.changes, func(c incident.Change) bool { return c.Incident == k }) {
			fresh = append(fresh, announced{m.snapshot.Incidents[k].ID, k, a.was})
		}
	}
	for _, c := range m.changes {
		x := &m.snapshot.Incidents[c.Incident]
		was := "new"
		if !c.New && !slices.ContainsFunc(f.fresh, func(a announced) bool { return x.Is(a.id) && a.was == was }) {
			was = "graver"
		}
		fresh = append(fresh, announced{x.ID, c.Incident, was})
	}
	slices.SortFunc(fresh, func(a, b announced) int { return cmp.Compare(a.at, b.at) })
	fresh = slices.CompactFunc(fresh, func(a, b announced) bool { return a.at == b.at })
	f.fresh = fresh
	if len(fresh) == 0 {
		return nil
	}
	before := f.said
	x := &m.snapshot.Incidents[fresh[0].at]
	f.said = fmt.Sprintf("%s incident %s, %s: %s, %s", fresh[0].was, incident.Letter(fresh[0].at), x.Severity, x.Through, x.Asked)
	if n := len(fresh) - 1; n > 0 {
		f.said += fmt.Sprintf("; and %d more", n)
	}
	f.said += "; " + globalKeys.Fresh.Help().Key + " goes there"
	if len(m.changes) == 0 {
		return tell(reworded{before, f.said})
	}
	return say(f.said)
}

// next goes to the gravest incident that was announced and that nobody has gone to.
func (f *following) next() tea.Cmd {
	if len(f.fresh) == 0 {
		return say("no incident is new or graver")
	}
	id := f.fresh[0].id
	f.fresh = f.fresh[1:]
	return tell(message.OpenIncident{ID: id})
}

// turn follows the log, or lets it be.
func (f *following) turn(on bool) tea.Cmd {
	switch {
	case f.log == nil:
		return say("the log is not followed; start sqleuth with --follow")
	case on == f.on && on:
		return say("the log is followed already")
	case on == f.on:
		return say("the log is not followed already; " + globalKeys.Follow.Help().Key + " follows it again")
	}
	if f.on = on; on {
		return tea.Batch(say("the log is followed again"), tell(message.Following{On: true}), f.proceed())
	}
	f.drop()
	return tea.Batch(say("the log is let be; "+globalKeys.Follow.Help().Key+" follows it again"), tell(message.Following{}))
}

// words are those of the header, fewer in a narrow window.
func (f *following) words(narrow bool) string {
	if f.log == nil {
		return ""
	}
	var parts []string
	if n := len(f.fresh); n > 0 {
		parts = append(parts, widget.Number(n, "new incident", "new incidents")+" ("+globalKeys.Fresh.Help().Key+")")
	}
	if f.lost > 0 {
		parts = append(parts, widget.Count(f.lost)+" lost")
	}
	text := "following"
	switch {
	case !f.on:
		text = "following is off"
	case f.waits && f.snapshot == nil:
		text = "waiting for the log to be written"
	}
	if !f.read.IsZero() && f.snapshot != nil {
		at := f.clock.Time(f.read.UnixMicro()).Format(time.TimeOnly)
		if narrow {
			text += " " + at
		} else {
			text += ", last read " + at
		}
		switch {
		case f.came <= 0:
		case narrow:
			text += " +" + widget.Count(f.came)
		default:
			text += ", +" + widget.Number(f.came, "entry", "entries")
		}
	}
	return strings.Join(append(parts, text), ", ")
}
