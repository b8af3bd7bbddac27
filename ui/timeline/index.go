package timeline

import (
	"context"
	"runtime"
	"strconv"

	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/ui/message"
)

func number(n int64) string { return strconv.FormatInt(n, 10) }

// maxBins is how many bins an index has at most: enough for a zoom by a hundred, few
// enough that a frame may add all of them up.
const maxBins = 1 << 14

// index counts the log over time, as the filters leave it, in bins of which those that
// are drawn are made. Nobody writes to it once it is made.
type index struct {
	from, width int64 // of the bins
	bins        []bin
	active      []string // filters that it was counted under
	// Entries that lie outside of the bins, and entries without a time.
	before, after, untimed int
}

// bin is what is known of a span of time.
type bin struct {
	entries    int
	detections int // that begin there, of connections that are left
	flagged    int // entries that the Isolation Forest flagged
	labelled   int // entries of connections labelled as anomalies
	messages   int // of the server
	// incident is the number, from 1, of the gravest incident that is left with an entry
	// then; 0 for none. One that was dismissed is not.
	incident int
}

// add counts another bin in.
func (b *bin) add(o *bin) {
	b.entries += o.entries
	b.detections += o.detections
	b.flagged += o.flagged
	b.labelled += o.labelled
	b.messages += o.messages
	if o.incident > 0 && (b.incident == 0 || o.incident < b.incident) {
		b.incident = o.incident
	}
}

// end is the time behind the last bin.
func (x *index) end() int64 { return x.from + int64(len(x.bins))*x.width }

// sum adds up the bins between two times, which are ends of bins.
func (x *index) sum(from, to int64) (b bin) {
	lo, hi := max(0, (from-x.from)/x.width), min(int64(len(x.bins)), (to-x.from)/x.width)
	for k := lo; k < hi; k++ {
		b.add(&x.bins[k])
	}
	return b
}

// at returns the bin of a time, nil for none.
func (x *index) at(t int64) *bin {
	if t < x.from || t >= x.end() {
		return nil
	}
	return &x.bins[(t-x.from)/x.width]
}

// checkEvery is after how many entries, or connections of detections, counting
// looks whether it is still wanted, and lets others run: keys must not wait for it.
const checkEvery = 1 << 13

// extent is the time of nearly all of the entries of a log, both ends included; false
// where none has a time.
func extent(s *pipeline.Snapshot) (first, last int64, ok bool) {
	if s == nil || s.Timeline == nil || len(s.Timeline.Entries) == 0 {
		return 0, 0, false
	}
	_, latest, _ := s.Entries.Times()
	return s.Timeline.Start, min(latest, s.Timeline.Start+s.Timeline.Width*int64(len(s.Timeline.Entries))-1), true
}

// counter counts an index.
type counter struct {
	*index
	ctx      context.Context
	snapshot *pipeline.Snapshot
	filtered message.Filtered
	labels   label.Set
	done     int
}

// count counts bins of a width from a time on. The error is that of ctx.
func count(ctx context.Context, s *pipeline.Snapshot, filtered message.Filtered, labels label.Set, from, width int64, bins int) (*index, error) {
	c := counter{index: &index{from: from, width: width, bins: make([]bin, bins), active: filtered.Active}, ctx: ctx, snapshot: s, filtered: filtered, labels: labels}
	c.messages()
	if err := c.incidents(); err != nil {
		return nil, err
	}
	if err := c.detections(); err != nil {
		return nil, err
	}
	if err := c.entries(); err != nil {
		return nil, err
	}
	return c.index, nil
}

// wanted is called for whatever is looked at.
func (c *counter) wanted() error {
	if c.done++; c.done%checkEvery == 0 {
		runtime.Gosched()
		return c.ctx.Err()
	}
	return nil
}

// messages counts the messages of the server, which no filter is about. A time of
// another kind of clock than the entries have cannot be compared.
func (c *counter) messages() {
	for i := range c.snapshot.Messages {
		if m := &c.snapshot.Messages[i]; m.Time != store.NoTime && m.Local == c.snapshot.Unzoned {
			if b := c.at(m.Time); b != nil {
				b.messages++
			}
		}
	}
}

func (c *counter) incidents() error {
	left := func(uint32) bool { return true }
	if len(c.filtered.Active) > 0 {
		left = func(e uint32) bool { _, ok := c.filtered.Entries.Find(int(e)); return ok }
	}
	for k := range c.snapshot.Incidents {
		if dismissed(c.labels, &c.snapshot.Incidents[k]) {
			continue
		}
		for _, e := range c.snapshot.Incidents[k].Entries {
			if err := c.wanted(); err != nil {
				return err
			}
			if !left(e) {
				continue
			}
			if b := c.at(c.snapshot.Entries.Time(int(e))); b != nil {
				b.add(&bin{incident: k + 1})
			}
		}
	}
	return nil
}

func dismissed(labels label.Set, x *incident.Incident) bool {
	d, _ := labels.DecisionOn(x.ID, x.Formerly)
	return d.Outcome == label.Dismissed
}

// detections counts those of connections that are left. What is worth knowing beside
// others only would fill the line.
func (c *counter) detections() error {
	all := len(c.filtered.Active) == 0
	for i := range c.snapshot.Detections {
		d := &c.snapshot.Detections[i]
		if d.Severity <= rule.Context || !d.Time.Dated() {
			continue
		}
		b := c.at(d.Time.Micros)
		if b == nil {
			continue
		}
		left := all || len(d.Connections) == 0
		for k := 0; k < len(d.Connections) && !left; k++ {
			if err := c.wanted(); err != nil {
				return err
			}
			_, left = c.filtered.Connections.Find(int(d.Connections[k]))
		}
		if left {
			b.detections++
		}
	}
	return nil
}

// entries walks the entries that are left.
func (c *counter) entries() error {
	s := c.snapshot
	var outlier func(row uint32) bool
	if s.Isolation != nil && s.Encoding != nil {
		outlier = func(row uint32) bool { return s.Isolation.Outlier[s.Encoding.Of[row]] }
	}
	var in *bin
	from, to := int64(0), int64(0) // of it
	look := func(t int64, row, connection uint32) error {
		if err := c.wanted(); err != nil {
			return err
		}
		if t < from || t >= to {
			from, to = 0, 0
			switch {
			case t == store.NoTime:
				c.untimed++
				return nil
			case t < c.from:
				c.before++
				return nil
			case t >= c.end():
				c.after++
				return nil
			}
			in = c.at(t)
			from = start(t, c.width)
			to = from + c.width
		}
		in.entries++
		if outlier != nil && outlier(row) {
			in.flagged++
		}
		if s.Truth != nil && s.Truth.Anomaly(connection) {
			in.labelled++
		}
		return nil
	}
	if len(c.filtered.Active) > 0 {
		for k := range c.filtered.Entries.Len() {
			i := c.filtered.Entries.At(k)
			if i >= s.Len() {
				break // the filters know of entries that came after this snapshot
			}
			if err := look(s.Entries.Time(i), s.Entries.Row(i), s.Entries.Connection(i)); err != nil {
				return err
			}
		}
		return nil
	}
	for k := range s.Entries.Spans() {
		span := s.Entries.Span(k)
		for i, row := range span.Row {
			if err := look(span.Time[i], row, span.Connection[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
