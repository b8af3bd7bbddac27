package list

import (
	"context"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
)

// move is a move of the cursor from where the one before has led, as to the next mark.
type move[D any] func(l *List[D]) tea.Cmd

// inTurn makes a move as soon as the rows are arranged and the move before has ended: each
// begins where the last one has led, however late its answer comes.
func (l *List[D]) inTurn(m move[D]) tea.Cmd {
	l.later = append(slices.Clip(l.later), m)
	return l.resume()
}

// resume makes the moves whose turn has come.
func (l *List[D]) resume() tea.Cmd {
	var cmds []tea.Cmd
	for len(l.later) > 0 && !l.arrange.Running() && !l.seek.Running() && !l.search.jumping() {
		m := l.later[0]
		l.later = l.later[1:]
		cmds = append(cmds, m(l))
	}
	return tea.Batch(cmds...)
}

// moves reports whether a row is being looked for where the cursor is to go, or will be.
func (l *List[D]) moves() bool {
	return l.seek.Running() || l.search.jumping() || len(l.later) > 0
}

// giveUp leaves the cursor where it is, whatever row was looked for.
func (l *List[D]) giveUp() {
	l.seek.Job, l.later = l.seek.Stop(), nil
	if l.search.jumping() {
		l.search.stop()
	}
}

// seeking is the looking for a row.
type seeking[D any] struct {
	screen.Job
	goal   goal[D]
	change int // of the list when it began
}

// goal is a row that is looked for from a position on.
type goal[D any] struct {
	find func(ctx context.Context, d D, shown rows, from int) (position int) // -1 for none
	none string                                                              // the notice where there is none; empty for none
}

// sought is the position that was found.
type sought[D any] struct{ number, at int }

// seekMark goes to the next marked row that is shown, in a direction, and behind
// the last one to the first; where nothing is marked, to the next that bears a sign.
func (l *List[D]) seekMark(step int) tea.Cmd {
	marks, signed := l.marks, l.spec.Signed
	switch {
	case marks.Len() > 0:
		return l.seekNext(step, "", func(_ D, row int) bool { return marks.Has(row) })
	case signed != nil:
		known := l.spec.Len
		return l.seekNext(step, "no detection rests on anything else that is shown, and nothing is marked",
			func(d D, row int) bool { return row >= 0 && row < known(d) && signed(d, row) })
	}
	return message.Request(message.Notice{Text: "nothing is marked; " + keys.Mark.Help().Key + " marks"})
}

// seekNext goes to the next row that is shown of which is is true, in a direction, and
// behind the last one to the first. none is the notice where there is no other.
func (l *List[D]) seekNext(step int, none string, is func(d D, row int) bool) tea.Cmd {
	return l.seekRow(goal[D]{none: none, find: func(ctx context.Context, d D, shown rows, from int) int {
		n := shown.len()
		for k := 1; k <= n; k++ {
			if k%checkEvery == 0 && ctx.Err() != nil {
				break
			}
			at := ((from+k*step)%n + n) % n
			if at == from && none != "" {
				break
			}
			if is(d, shown.at(at)) {
				return at
			}
		}
		return -1
	}})
}

// Timed reports whether rows have times.
func (l *List[D]) Timed() bool { return l.spec.Time != nil }

// goToTime goes to the row that is the earliest at or after a time, or the latest before,
// wherever the cursor was about to go.
func (l *List[D]) goToTime(to message.AtTime) tea.Cmd {
	if l.spec.Time == nil {
		return nil
	}
	l.giveUp()
	time, known := l.spec.Time, l.spec.Len
	none := "as late as that"
	if to.Back {
		none = "before that"
	}
	at := goal[D]{none: "no " + l.spec.Unit[0] + " that is shown is " + none, find: func(ctx context.Context, d D, shown rows, _ int) int {
		at, best, known := -1, int64(0), known(d)
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
	}}
	return l.inTurn(func(l *List[D]) tea.Cmd { return l.seekRow(at) })
}

// seekRow looks for a row in the background, and goes there.
func (l *List[D]) seekRow(to goal[D]) tea.Cmd {
	j, ctx := l.seek.Start()
	l.seek = seeking[D]{j, to, l.change}
	d, shown, from := l.data, l.rows, l.cursor
	return screen.Work(func() tea.Msg { return sought[D]{j.Number, to.find(ctx, d, shown, from)} })
}

// seekAgain looks for the row among rows that have come meanwhile.
func (l *List[D]) seekAgain() tea.Cmd {
	if !l.seek.Running() || l.seek.change != l.change {
		return nil
	}
	return l.seekRow(l.seek.goal)
}

func (l *List[D]) soughtRow(s sought[D]) tea.Cmd {
	if s.number != l.seek.Number {
		return nil
	}
	done := l.seek
	l.seek.Job = l.seek.Stop()
	var cmd tea.Cmd
	switch {
	case done.change != l.change: // a key has moved the cursor
	case s.at >= 0:
		l.reveal(s.at)
	case done.goal.none != "":
		cmd = message.Request(message.Notice{Text: done.goal.none})
	}
	return tea.Batch(cmd, l.resume())
}
