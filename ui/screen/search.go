package screen

import (
	"context"
	"errors"
	"regexp"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/ui/message"
)

// Found is the answer of a search among rows: of In, which the screen may have
// arranged anew since.
type Found[In any] struct {
	Number int    // of the job
	Text   string // that was looked for
	In     In
	Hit    message.Hit
	Err    error // cancelled
}

// Search looks for a text in n rows, from the one behind the cursor on, in a
// command that answers with Found. It ends the search that is under way. matcher
// makes what says of a row whether the pattern is in it.
func Search[In any](j Job, msg message.Search, cursor, n int, in In, matcher func(re *regexp.Regexp) func(row int) bool) (Job, tea.Cmd) {
	if msg.Text == "" {
		return j.Stop(), nil
	}
	re, err := msg.Pattern()
	if err != nil {
		return j.Stop(), message.Request(message.Failed{What: "search", Err: err})
	}
	j, ctx := j.Start()
	return j, Work(func() tea.Msg { return find(ctx, j.Number, msg, cursor, n, in, matcher(re)) })
}

func find[In any](ctx context.Context, number int, msg message.Search, cursor, n int, in In, holds func(row int) bool) tea.Msg {
	hit, err := msg.Find(ctx, cursor, n, holds)
	return Found[In]{number, msg.Text, in, hit, err}
}

// Of says whether the answer is that of the search under way, and ends it.
func (f Found[In]) Of(j Job) (Job, bool) {
	if f.Number != j.Number || f.Err != nil {
		return j, false
	}
	return j.Stop(), true
}

// Say tells the analyst what a search came to: none where its hit is not on the
// screen.
func (f Found[In]) Say(shown bool, none string) tea.Cmd {
	switch {
	case !shown:
		return message.Request(message.Failed{What: "find " + f.Text, Err: errors.New(none)})
	case f.Hit.Wrapped:
		return message.WentOn()
	}
	return nil
}
