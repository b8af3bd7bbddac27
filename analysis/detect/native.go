package detect

import (
	"context"
	"slices"
	"time"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/rule"
	"sqleuth/analysis/store"
	"sqleuth/analysis/wording"
)

// native is code for what the language of rules cannot express. Rule files refer
// to it by name.
type native struct {
	// of looks at a detection: a word for the levels of the rule (match.native), and
	// what is added to the summary.
	of func(r *run, m *match) (word, note string)
	// find makes detections of its own.
	find       func(ctx context.Context, r *run, rl *rule.Rule) error
	parameters []string
}

// natives is read only.
var natives = map[string]native{
	"constant-rate":   {of: constantRate, parameters: []string{"tolerance", "least", "shortest"}},
	"habit":           {of: habit, parameters: []string{"same-time"}},
	"backup-or-theft": {of: backupOrTheft, parameters: []string{"same-time", "failures"}},
	"ordinary":        {of: ordinary, parameters: []string{"of", "same-time"}},
	"called-function": {find: func(_ context.Context, r *run, rl *rule.Rule) error { calledFunctions(r, rl); return nil }},
	"time-backwards":  {find: timeBackwards, parameters: []string{"least"}},
}

// Natives returns the names of native code with the names of their parameters, for
// rule.Options.
func Natives() map[string][]string {
	out := map[string][]string{}
	for name, n := range natives {
		out[name] = n.parameters
	}
	return out
}

// natives runs the code that makes detections of its own.
func (r *run) natives(ctx context.Context) error {
	for _, rl := range r.rules {
		if code := natives[rl.Native]; rl.Kind == rule.Native && code.find != nil {
			if err := code.find(ctx, r, rl); err != nil {
				return err
			}
		}
	}
	return nil
}

// constantRate recognises a program with an outdated password: one user from one
// host, refused at a steady pace, perhaps with several tries each time. Of a login
// that was accepted, the refused ones of its host before it are looked at.
func constantRate(r *run, m *match) (word, note string) {
	if len(m.d.Users) != 1 || len(m.d.Hosts) != 1 {
		return "", ""
	}
	entries := m.ev.entries
	if m.logged() != nil && m.login.outcome == connection.Accepted {
		s := r.strangersOf(m.id.Host)
		if s == nil || !s.alone || s.user != m.id.User {
			return "", ""
		}
		before, _ := slices.BinarySearch(s.entries, uint32(m.login.entry))
		entries = s.entries[:before]
	}
	every, ok := paceOf(m.ev.rule.Parameters).of(r.timesOf(entries))
	if !ok {
		return "", ""
	}
	return "constant-rate", "one account refused at a steady pace, about every " + wording.Duration(every) + ": rather a program with an old password than a guesser"
}

// pace is what makes a series of logins the work of a program: so many beats at
// least, most of them as far apart as the median but for a tolerance, a share of it.
// A tool that guesses is steady too but fast: beats that lie closer than the shortest
// are none.
type pace struct {
	tolerance float64
	least     int
	shortest  int64
}

const shortestBeat = 10 * time.Second

var usualPace = paceOf(nil)

func paceOf(p rule.Parameters) pace {
	return pace{p.Number("tolerance", 0.25), int(p.Number("least", 5)), p.Duration("shortest", shortestBeat).Microseconds()}
}

// of returns the time between two beats, false for times without a steady pace.
func (p pace) of(times []int64) (every int64, ok bool) {
	beats := Beats(times)
	if len(beats) < max(p.least, 2) {
		return 0, false
	}
	gaps := gapsBetween(beats)
	median := gaps[len(gaps)/2]
	if median < p.shortest {
		return 0, false
	}
	steady := 0
	for _, g := range gaps {
		missed := max(1, float64((g+median/2)/median)) // a beat or two may have been left out
		if d := float64(g)/missed - float64(median); max(d, -d) <= p.tolerance*float64(median) {
			steady++
		}
	}
	return median, steady*10 >= len(gaps)*8
}

// timesOf returns the times of entries in order.
func (r *run) timesOf(entries []uint32) []int64 {
	times := make([]int64, len(entries))
	for k, i := range entries {
		times[k] = r.Approximate(int(i))
	}
	slices.Sort(times)
	return times
}

// Beats takes ascending times that lie close together, against the longer pauses
// between them, as one: several tries in a row.
func Beats(times []int64) []int64 {
	if len(times) < 3 {
		return times
	}
	gaps := gapsBetween(times)
	long := gaps[len(gaps)*9/10] / 4
	out := times[:1:1]
	for k := 1; k < len(times); k++ {
		if times[k]-times[k-1] >= long {
			out = append(out, times[k])
		}
	}
	return out
}

// gapsBetween returns the pauses between times, the shortest first.
func gapsBetween(times []int64) []int64 {
	gaps := make([]int64, len(times)-1)
	for k := range gaps {
		gaps[k] = times[k+1] - times[k]
	}
	slices.Sort(gaps)
	return gaps
}

// habit recognises what the same account did at about this time of another day.
func habit(r *run, m *match) (word, note string) {
	if !r.otherDay(m, m.ev.rule.Parameters.Duration("same-time", 10*time.Minute)) {
		return "", ""
	}
	return "habit", "the same account did so at this time on another day"
}

// timeBackwards finds steps back in time that are more than the disorder of entries
// that were logged at the same moment.
func timeBackwards(ctx context.Context, r *run, rl *rule.Rule) error {
	least := rl.Parameters.Duration("least", 2*time.Second).Microseconds()
	return r.EachServer(func(_, from, to int) error {
		start, ok := r.Entries.TimedFrom(from)
		if !ok || start >= to {
			return nil
		}
		ev := evidence{rule: rl, level: rl.Level}
		before, widest := r.Entries.Time(start), int64(0)
		for s := start / store.SpanLen; s*store.SpanLen < to; s++ {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			span := r.Entries.Span(s)
			for i := max(start, span.First); i < min(to, span.First+len(span.Time)); i++ {
				t := span.Time[i-span.First]
				if t == store.NoTime {
					continue
				}
				if step := before - t; step > least {
					widest = max(widest, step)
					ev.add(i, t)
				}
				before = t
			}
		}
		if ev.count > 0 {
			ev.first, ev.last = r.Entries.Time(int(ev.entries[0])), r.Entries.Time(int(ev.entries[ev.count-1]))
			ev.maximum = int(widest / 1e6)
			ev.note = "by " + wording.Duration(widest) + " at most"
			r.evidence = append(r.evidence, &ev)
		}
		return nil
	})
}
