package overview

import (
	"context"
	"runtime"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// course is the log over time as the filters leave it, by bucket of the timeline.
type course struct {
	active     []string // filters that it was counted under
	entries    []int    // nil until they are counted: those of the whole log
	detections []int    // detections that begin there, of connections that are left
	outliers   []int    // entries that the Isolation Forest flagged
	anomalies  []int    // entries of connections labelled as anomalies
	messages   []int    // messages of the server; nil where there are none
	// incidents is the number, from 1, of the gravest incident with an entry then; 0 for
	// none. No filter is about it.
	incidents []int32
	// Entries whose time lies outside of the timeline, where they are counted in
	// its first bucket and in its last one.
	before, after int
	untimed       int // entries without a time, which are in no bucket
}

// counted is the answer to a question for a course.
type counted struct {
	job    int
	course course
	err    error // cancelled
}

// count asks for the course of the log under the filters of now. A count of the
// same filters that is under way is finished first: while a filter still
// searches, what it has found changes faster than it is counted.
func (m Model) count() (Model, tea.Cmd) {
	s := m.snapshot
	if s == nil || s.Timeline == nil || len(s.Timeline.Entries) == 0 {
		return m, nil
	}
	if m.counting.Running() && slices.Equal(m.asked, m.filtered.Active) {
		m.counting.Again = true
		return m, nil
	}
	m.asked = m.filtered.Active
	var ctx context.Context
	m.counting, ctx = m.counting.Start()
	number, filtered := m.counting.Number, m.filtered
	return m, screen.Work(func() tea.Msg {
		c, err := countCourse(ctx, s, filtered)
		return counted{number, c, err}
	})
}

func (m Model) takeCourse(msg counted) (Model, tea.Cmd) {
	if msg.job != m.counting.Number || msg.err != nil {
		return m, nil
	}
	again := m.counting.Again
	m.counting = m.counting.Stop()
	m.course = msg.course
	if again {
		return m.count()
	}
	return m, nil
}

// checkEvery is after how many entries, or connections of detections, the count
// looks whether it is still wanted, and lets others run: keys must not wait for it.
const checkEvery = 1 << 13

// end is the time behind the last bucket of the timeline.
func end(s *pipeline.Snapshot) int64 {
	return s.Timeline.Start + s.Timeline.Width*int64(len(s.Timeline.Entries))
}

// countMessages counts the messages of the server, which no filter is about. A time
// of another kind of clock than the entries have cannot be compared.
func countMessages(s *pipeline.Snapshot) []int {
	if len(s.Messages) == 0 {
		return nil
	}
	counts := make([]int, len(s.Timeline.Entries))
	for i := range s.Messages {
		if m := &s.Messages[i]; m.Time != store.NoTime && m.Local == s.Unzoned && m.Time >= s.Timeline.Start && m.Time < end(s) {
			counts[s.Timeline.Bucket(m.Time)]++
		}
	}
	return counts
}

// countIncidents finds for each bucket the gravest incident. The error is that of ctx.
func countIncidents(ctx context.Context, s *pipeline.Snapshot) ([]int32, error) {
	of := make([]int32, len(s.Timeline.Entries))
	for k := range slices.Backward(s.Incidents) {
		for n, e := range s.Incidents[k].Entries {
			if n%checkEvery == 0 {
				runtime.Gosched()
				if ctx.Err() != nil {
					return nil, ctx.Err()
				}
			}
			if t := s.Entries.Time(int(e)); t != store.NoTime {
				of[s.Timeline.Bucket(t)] = int32(k) + 1
			}
		}
	}
	return of, nil
}

// countCourse walks the detections and the entries that are left. The error is
// that of ctx.
func countCourse(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered) (c course, err error) {
	n := len(s.Timeline.Entries)
	c = course{
		active: filtered.Active, entries: s.Timeline.Entries, detections: make([]int, n), outliers: make([]int, n), anomalies: make([]int, n),
		before: s.Timeline.Before, after: s.Timeline.After, untimed: s.Timeline.Untimed,
	}
	c.messages = countMessages(s)
	if c.incidents, err = countIncidents(ctx, s); err != nil {
		return c, err
	}
	all := len(filtered.Active) == 0
	done := 0
	wanted := func() error {
		if done++; done%checkEvery == 0 {
			runtime.Gosched()
			return ctx.Err()
		}
		return nil
	}
	for _, d := range s.Detections {
		left := all || len(d.Connections) == 0
		for k := 0; k < len(d.Connections) && !left; k++ {
			if err := wanted(); err != nil {
				return c, err
			}
			_, left = filtered.Connections.Find(int(d.Connections[k]))
		}
		// What is worth knowing beside others only would fill the line.
		if left && d.Time.Dated() && d.Severity > rule.Context {
			c.detections[s.Timeline.Bucket(d.Time.Micros)]++
		}
	}
	judged := s.Isolation != nil && s.Truth != nil
	if all && !judged {
		return c, nil
	}
	if !all {
		c.entries = make([]int, n)
		c.before, c.after, c.untimed = 0, 0, 0
	}
	start, end := s.Timeline.Start, end(s)
	look := func(time int64, row, connection uint32) error {
		if err := wanted(); err != nil {
			return err
		}
		outlier := judged && s.Isolation.Outlier[s.Encoding.Of[row]]
		anomaly := judged && s.Truth.Anomaly(connection)
		if all && !outlier && !anomaly {
			return nil
		}
		if time == store.NoTime {
			if !all {
				c.untimed++
			}
			return nil
		}
		b := s.Timeline.Bucket(time)
		if !all {
			c.entries[b]++
			switch {
			case time < start:
				c.before++
			case time >= end:
				c.after++
			}
		}
		if outlier {
			c.outliers[b]++
		}
		if anomaly {
			c.anomalies[b]++
		}
		return nil
	}
	if !all {
		for k := range filtered.Entries.Len() {
			i := filtered.Entries.At(k)
			if i >= s.Len() {
				break // the filters know of entries that came after this snapshot
			}
			if err := look(s.Entries.Time(i), s.Entries.Row(i), s.Entries.Connection(i)); err != nil {
				return c, err
			}
		}
		return c, nil
	}
	for k := range s.Entries.Spans() {
		span := s.Entries.Span(k)
		for i, row := range span.Row {
			if err := look(span.Time[i], row, span.Connection[i]); err != nil {
				return c, err
			}
		}
	}
	return c, nil
}
