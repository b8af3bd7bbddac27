package list

import (
	"cmp"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// mostValues bounds how many values of a column are counted.
const mostValues = 100_000

// tallied is the answer of a count.
type tallied[D any] struct {
	number int
	tally  message.Tally
	more   bool // there are more values than mostValues
}

// tallyColumn counts the values of the column under the cursor, in the background: rows
// that have the same filter term.
func (l *List[D]) tallyColumn() tea.Cmd {
	of, title := l.spec.Columns[l.column].Term, l.title(l.column)
	if of == nil {
		of = l.spec.Term
	}
	switch {
	case of == nil:
		return message.Request(message.Notice{Text: "rows cannot be counted by " + title})
	case l.rows.len() == 0:
		return nil
	}
	job, ctx := l.tally.Start()
	l.tally = job
	d, rows, known := l.data, l.rows, l.spec.Len(l.data)
	return screen.Work(func() tea.Msg {
		a := tallied[D]{number: job.Number, tally: message.Tally{By: title}}
		counts := map[string]int{}
		for k := range rows.len() {
			if k%checkEvery == 0 && ctx.Err() != nil {
				return nil
			}
			row := rows.at(k)
			if row < 0 || row >= known {
				continue
			}
			term := of(d, row)
			if _, ok := counts[term]; !ok && len(counts) == mostValues {
				a.more = true
				continue
			}
			counts[term]++
			a.tally.Rows++
		}
		for term, n := range counts {
			a.tally.Values = append(a.tally.Values, message.Value{Term: term, Rows: n})
		}
		slices.SortFunc(a.tally.Values, func(x, y message.Value) int {
			return cmp.Or(cmp.Compare(y.Rows, x.Rows), strings.Compare(x.Term, y.Term))
		})
		return a
	})
}

// tallied hands the count to the root.
func (l *List[D]) tallied(a tallied[D]) tea.Cmd {
	if a.number != l.tally.Number {
		return nil
	}
	l.tally = l.tally.Stop()
	n := len(a.tally.Values)
	switch {
	case a.more:
		return message.Request(message.Notice{Text: "there are more than " + widget.Count(mostValues) + " values of " + a.tally.By + ": filter first"})
	case n == a.tally.Rows && n > 1:
		return message.Request(message.Notice{Text: "each row has its own " + a.tally.By})
	}
	return message.Request(a.tally)
}
