package ui

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/filter"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// completeGoTo completes to screens, steps, and times of the log.
func (l *commandLine) completeGoTo(arg string) []string {
	out := oneOf(func(*commandLine) []string {
		return slices.Concat(screenNames(), slices.Sorted(maps.Keys(steps)), slices.Sorted(maps.Keys(gaps)))
	})(l, arg)
	if s := l.places.snapshot; s != nil {
		if first, last, ok := s.Entries.Times(); ok {
			out = append(out, filter.CompleteTime(arg, first, last)...)
		}
	}
	return out
}

// goTo goes to the entry that a report or a file names by its number, or to a
// screen.
func (l *commandLine) goTo(place string) (tea.Cmd, error) {
	return l.goToFrom(l.places.focus().At, place)
}

// goToFrom does that as if the cursor were on a time, 0 for none: that decides which day an
// hour is of.
func (l *commandLine) goToFrom(here int64, place string) (tea.Cmd, error) {
	if back, ok := gaps[place]; ok {
		first, _, err := l.times()
		return l.places.goToGap(message.NextGap{Micros: cmp.Or(here, first), Back: back}), err
	}
	if s, ok := steps[place]; ok {
		return l.goToTime(here, func(_, _, here int64) (message.AtTime, error) {
			if s.back {
				return message.AtTime{Micros: startOf(here, s.unit), Back: true}, nil
			}
			return message.AtTime{Micros: startOf(here+s.unit, s.unit)}, nil
		})
	}
	number := strings.ReplaceAll(strings.TrimSpace(strings.TrimPrefix(place, "entry ")), ",", "")
	n, err := strconv.Atoi(number)
	if err != nil || strings.Contains(place, ":") {
		return l.goToNamed(here, place)
	}
	if l.places.snapshot == nil || n < 1 || n > l.places.snapshot.Len() {
		return nil, l.noEntry(n)
	}
	return message.Request(message.ShowEntry{Index: n - 1}), nil
}

// noEntry is the message for a number that no entry has.
func (l *commandLine) noEntry(n int) error {
	known := 0
	if l.places.snapshot != nil {
		known = l.places.snapshot.Len()
	}
	return fmt.Errorf("there is no entry %s: the log has %s", widget.Count(n), widget.Number(known, "entry", "entries"))
}

func (l *commandLine) goToNamed(here int64, name string) (tea.Cmd, error) {
	for i, n := range screenNames() {
		if strings.HasPrefix(n, strings.ToLower(name)) {
			return message.Request(message.Goto{Screen: message.Screen(i)}), nil
		}
	}
	return l.goToTime(here, func(first, last, here int64) (message.AtTime, error) {
		t, err := filter.FindTime(name, first, last, here)
		if err != nil {
			return message.AtTime{}, fmt.Errorf("there is no screen %q; an entry is named by its number, a time as 13:06, 03-12 13:06 or 2025-03-12 13:06", name)
		}
		return message.AtTime{Micros: t}, nil
	})
}

// step is from where the cursor is into another hour or day.
type step struct {
	unit int64
	back bool
}

var steps = map[string]step{
	"next-hour": {hour, false}, "previous-hour": {hour, true}, "next-day": {day, false}, "previous-day": {day, true},
}

// gaps are the names of the next gap of the timeline and of that before.
var gaps = map[string]bool{"next-gap": false, "previous-gap": true}

const (
	hour = int64(time.Hour / time.Microsecond)
	day  = 24 * hour
)

// startOf is when the hour or day of a time begins, also of one before 1970.
func startOf(t, unit int64) int64 { return t - (t%unit+unit)%unit }

type (
	// timeAsked asks for the first row at or after a time on the screen in front.
	timeAsked struct{ to message.AtTime }
	// gapAsked asks for a gap of the timeline there.
	gapAsked struct{ to message.NextGap }
	// textAsked asks for the next row with a text there.
	textAsked struct{ what message.Search }
)

// goToTime goes to a time that is found in a log with times from first to last, where
// the cursor is on the time here, 0 for none.
func (l *commandLine) goToTime(here int64, find func(first, last, here int64) (message.AtTime, error)) (tea.Cmd, error) {
	first, last, err := l.times()
	if err != nil {
		return nil, err
	}
	here = cmp.Or(here, first)
	clock := l.theme.Clock // a time is typed as it is shown
	to, err := find(clock.Local(first), clock.Local(last), clock.Local(here))
	if err != nil {
		return nil, err
	}
	to.Micros = clock.UTC(to.Micros)
	return l.places.goToTime(to), nil
}

// times returns the first and the last time of the log.
func (l *commandLine) times() (first, last int64, err error) {
	s := l.places.snapshot
	if s == nil {
		return 0, 0, errors.New("the log is being read")
	}
	first, last, ok := s.Entries.Times()
	if !ok {
		return 0, 0, errors.New("no entry of the log has a time")
	}
	return first, last, nil
}
