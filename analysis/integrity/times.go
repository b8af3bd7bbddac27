package integrity

import (
	"context"
	"fmt"
	"slices"

	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// tolerance is how far time may step back from one entry to the next without a
// finding: servers take the time before they queue for the log, so entries of
// one moment are out of order.
const tolerance = 2 * second

const (
	// shortestSilence is the shortest pause that is called a silence.
	shortestSilence = 30 * second
	// beyondRhythm is how many times longer than the pauses the log is used to
	// a silence is. Among the pauses of honest logs the longest is one to four
	// times as long as the fourth longest.
	beyondRhythm = 6
	// rhythmRank is the rank of the pause, longest first, that is taken for the
	// rhythm: what happens that often is a habit.
	rhythmRank = 4
	// rhythmEntries is how many entries make a rhythm.
	rhythmEntries = 100
	// keptPauses is how many of the longest pauses are looked at.
	keptPauses = 64
	// fewestReversed is how many entries with a time show that a log runs backwards.
	fewestReversed = 4
	// outAndBack is how many entries on either side of a pause are asked
	// whether time really went on: the time of an entry may be forged.
	outAndBack = 32
)

// newestFirst is what is wrong with a log as cloud consoles list it.
const newestFirst = "most entries have an earlier time than the entry before: the log was listed newest first, so that outcomes of logins, users, databases and server runs are misread, and entries look forged; " +
	"list it again oldest first (gcloud logging read --order=asc, Logs Insights: sort @timestamp asc)"

// pause is the time between two entries with none that has a time between them.
type pause struct {
	entry  int // the later one
	length int64
}

// longest keeps the longest pauses, longest first, earlier ones before later
// ones of the same length.
type longest struct {
	list []pause
	min  int64 // what a pause must exceed to be kept
}

func (l *longest) add(p pause) {
	at := len(l.list)
	for at > 0 && l.list[at-1].length < p.length {
		at--
	}
	l.list = slices.Insert(l.list, at, p)
	if len(l.list) > keptPauses {
		l.list = l.list[:keptPauses]
	}
	if len(l.list) == keptPauses {
		l.min = l.list[keptPauses-1].length
	}
}

// times looks for steps back and for silences of each server.
func (c *check) times(ctx context.Context) error {
	return c.EachServer(func(k, from, to int) error { return c.timesOf(ctx, k, from, to) })
}

// timesOf is times for the entries of a server.
func (c *check) timesOf(ctx context.Context, server, from, to int) error {
	start, ok := c.Entries.TimedFrom(from)
	if !ok || start >= to {
		return nil
	}
	var (
		steps  few
		widest int64
		hours  int // steps of about an hour, as clocks that are set back make them
		files  int // steps from one file to another
		back   int // steps of any length
		timed  int // entries
		pauses = longest{list: make([]pause, 0, keptPauses+1)}
		before = c.Entries.Time(start)
	)
	for s := from / store.SpanLen; s*store.SpanLen < to; s++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		span := c.Entries.Span(s)
		first := max(0, from-span.First)
		for j, t := range span.Time[first:min(len(span.Time), to-span.First)] {
			if t == store.NoTime {
				continue
			}
			timed++
			i := span.First + first + j
			gap := t - before
			before = t
			if gap < 0 {
				back++
			}
			switch {
			case gap > pauses.min:
				pauses.add(pause{i, gap})
			case gap < -tolerance:
				k, between := c.betweenFiles(i)
				if between && c.mingled[k] {
					continue // see apart
				}
				if between {
					files++
				}
				steps.add(i)
				widest = max(widest, -gap)
				if -gap > hour-10*minute && -gap <= hour {
					hours++
				}
			}
		}
	}
	if timed >= fewestReversed && back*2 > timed {
		c.add(Finding{Kind: Backwards, Severity: rule.Medium, Count: back, Summary: newestFirst}, start)
	} else if n := steps.count; n > 0 {
		f := Finding{Kind: Backwards, Severity: rule.Low, Count: n,
			Summary: fmt.Sprintf("time steps back %s, by %s at most", times(n), wording.Duration(widest))}
		switch {
		case files == n:
			f.Summary += ": files overlap, or were given in another order than they were written"
		case c.Unzoned && hours == n:
			f.Summary += ", about an hour: local clocks are set back like that in autumn"
			f.Severity = rule.Context
		default:
			f.Summary += ": a clock was set back, logs were joined, or entries are forged"
		}
		c.add(f, steps.list...)
	}
	c.silences(pauses.list, server)
	return nil
}

// betweenFiles returns the index of the file that entry i is in, and reports whether the
// entry with a time before it is in another one.
func (c *check) betweenFiles(i int) (k int, between bool) {
	k, at := c.File(c.Entries.Offset(i))
	before, _ := c.Entries.TimedBefore(i)
	return k, before < i && c.Entries.Offset(i)-c.Entries.Offset(before) > at
}

// silences adds findings for those of the longest pauses, longest first, that are
// against the rhythm of their server's log.
func (c *check) silences(pauses []pause, server int) {
	if from, to := c.EntriesOf(server); to-from < rhythmEntries {
		return
	}
	pauses = slices.DeleteFunc(pauses, func(p pause) bool { return !c.wentOn(p) })
	if len(pauses) < rhythmRank {
		return
	}
	floor := max(shortestSilence, beyondRhythm*pauses[rhythmRank-1].length)
	earliest, latest, _ := c.TimesOf(server) // a last entry with a made-up time must not hide them
	span := latest - earliest
	for k, p := range pauses[:rhythmRank-1] {
		// A log that was silent for more than half of its time has no rhythm
		// to hold against it.
		if p.length < floor || p.length > span-p.length || habitual(c, pauses, k) {
			continue
		}
		if o, ok := c.opens(p.entry); ok && o.starts {
			continue // the server was down, see Restarted
		}
		c.silence(p, pauses[rhythmRank-1].length)
	}
}

func (c *check) silence(p pause, usual int64) {
	f := Finding{Kind: Silence, Severity: rule.Low, Count: 1,
		Summary: fmt.Sprintf("nothing was logged for %s; pauses of this log hardly ever exceed %s", wording.Duration(p.length), wording.Duration(usual))}
	switch ids, known := c.idsUsedBefore(p.entry); {
	case ids > 0:
		f.Severity = rule.High
		f.Summary += fmt.Sprintf("; %s used meanwhile, so clients came and their entries are not here", wording.Counted(int(min(ids, 1<<40)), "id was", "ids were"))
	case known:
		f.Summary += "; ids go on where they were, so nobody connected"
	}
	before, _ := c.Entries.TimedBefore(p.entry)
	if k, ok := c.fileStart(before + 1); ok {
		f.Summary += fmt.Sprintf("; it ends with the first entry of %s: a file may be missing", wording.Name(c.Files[k].Name))
	} else if _, ok := c.opens(p.entry); ok {
		f.Summary += "; it ends with a banner: the log was opened again"
	}
	c.add(f, before, p.entry)
}

// wentOn reports whether time really went on over a pause: no entry close to it is
// dated inside it.
func (c *check) wentOn(p pause) bool {
	before, _ := c.Entries.TimedBefore(p.entry)
	from, to := c.Entries.Time(before), c.Entries.Time(p.entry)
	first, behind := c.EntriesOf(c.ServerOf(p.entry))
	for i := max(first, before-outAndBack); i < before; i++ {
		from = max(from, c.Entries.Time(i))
	}
	for i := p.entry; i < min(behind, p.entry+outAndBack); i++ {
		if t := c.Entries.Time(i); t != store.NoTime {
			to = min(to, t)
		}
	}
	return to-from > p.length/2
}

// habitual reports whether pauses[k] comes at a time of day at which, on another
// day, there was one of at least half its length; of the week where it is
// longer than a day.
func habitual(c *check, pauses []pause, k int) bool {
	p := pauses[k]
	period := day
	if p.length >= day {
		period = 7 * day
	}
	middle := func(p pause) int64 { return c.Entries.Time(p.entry) - p.length/2 }
	for j, q := range pauses {
		if j == k || q.length < p.length/2 {
			continue
		}
		apart := middle(p) - middle(q)
		if apart < 0 {
			apart = -apart
		}
		if apart < period/2 {
			continue
		}
		if off := apart % period; min(off, period-off) <= p.length/4 {
			return true
		}
	}
	return false
}
