package list

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// sought is the position of a row that was looked for, -1 for none.
type sought[D any] struct {
	number, change int
	at             int
	none           string // what is said where there is none; empty for nothing
}

// seekMark goes to the next marked row that is shown, in a direction, and behind
// the last one to the first.
func (l *List[D]) seekMark(step int) tea.Cmd {
	if l.marks.Len() == 0 {
		return message.Request(message.Notice{Text: "nothing is marked; " + keys.Mark.Help().Key + " marks"})
	}
	marks, from := l.marks, l.cursor
	return l.seekRow("", func(ctx context.Context, shown rows) int {
		n := shown.len()
		for k := 1; k <= n; k++ {
			if k%checkEvery == 0 && ctx.Err() != nil {
				break
			}
			if at := ((from+k*step)%n + n) % n; marks.Has(shown.at(at)) {
				return at
			}
		}
		return -1
	})
}

// Timed reports whether rows have times.
func (l *List[D]) Timed() bool { return l.spec.Time != nil }

// seekTime goes to the row that is the earliest at or after a time, or the latest before.
func (l *List[D]) seekTime(to message.AtTime) tea.Cmd {
	if l.spec.Time == nil {
		return nil
	}
	d, time, known := l.data, l.spec.Time, l.spec.Len(l.data)
	none := "as late as that"
	if to.Back {
		none = "before that"
	}
	return l.seekRow("no "+l.spec.Unit[0]+" that is shown is "+none, func(ctx context.Context, shown rows) int {
		at, best := -1, int64(0)
		for k := range shown.len() {
			if k%checkEvery == 0 && ctx.Err() != nil {
				break
			}
			row := shown.at(k)
			if row < 0 || row >= known {
				continue
			}
			switch m := time(d, row); {
			case !m.Dated(), (m.Micros < to.Micros) != to.Back:
			case at < 0, to.Back && m.Micros >= best, !to.Back && m.Micros < best:
				at, best = k, m.Micros
			}
		}
		return at
	})
}

// seekRow looks for the position of a row in the background, and goes there.
func (l *List[D]) seekRow(none string, find func(ctx context.Context, shown rows) int) tea.Cmd {
	var ctx context.Context
	l.seek, ctx = l.seek.Start()
	s, shown := sought[D]{l.seek.Number, l.change, -1, none}, l.rows
	return screen.Work(func() tea.Msg {
		s.at = find(ctx, shown)
		return s
	})
}

func (l *List[D]) soughtRow(s sought[D]) tea.Cmd {
	if s.number != l.seek.Number {
		return nil
	}
	l.seek = l.seek.Stop()
	switch {
	case s.change != l.change:
	case s.at >= 0:
		l.reveal(s.at)
	case s.none != "":
		return message.Request(message.Notice{Text: s.none})
	}
	return nil
}
