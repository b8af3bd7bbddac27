package entries

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"sqleuth/ui/detail"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// messages are what the server wrote between the entries, where nothing is filtered.
var messages = list.Aside[data]{
	Name: "message",
	Len: func(d data) int {
		if d.snapshot == nil {
			return 0
		}
		return len(d.snapshot.Messages)
	},
	Next: func(d data, k int) int { return d.snapshot.Messages[k].Entry },
	Match: func(d data, re *regexp.Regexp) func(k int) bool {
		return func(k int) bool { return re.MatchString(d.snapshot.Messages[k].Text) }
	},
	Copy: func(d data, k int) message.Copy {
		if d.log == nil {
			return message.Copy{}
		}
		return message.Copy{What: "the message", Text: func(context.Context) (string, error) {
			raw, err := detail.RawMessage(d.log, d.snapshot, k)
			if err != nil {
				return "", fmt.Errorf("copy the message: %w", err)
			}
			return string(raw), nil
		}}
	},
}

// messageDate, messageTime, messageThread, messageKind and messageText are a message in
// the columns of the entries around it.
func messageDate(d data, k int) widget.Cell {
	at := d.snapshot.Messages[k].Moment()
	if !at.Known() {
		return widget.None(d.theme)
	}
	return widget.Cell{Text: d.theme.Clock.Of(at).Format(time.DateOnly), Style: &d.theme.Faint}
}

func messageTime(d data, k int) widget.Cell {
	at, form := d.snapshot.Messages[k].Moment(), clock
	if !at.Known() {
		return widget.None(d.theme)
	}
	switch {
	case d.whole:
		form = d.wholeTime()
	case d.dateless && d.width >= datedWidth:
		form = datedTime
	}
	return widget.Cell{Text: d.theme.Clock.Of(at).Format(form), Style: &d.theme.Faint}
}

func messageThread(d data, k int) widget.Cell {
	id := d.snapshot.Messages[k].ID
	if id == 0 {
		return widget.None(d.theme)
	}
	return widget.Cell{Text: fmt.Sprint(id), Style: &d.theme.Faint}
}

func messageKind(d data, _ int) widget.Cell {
	return widget.Cell{Text: "message", Style: &d.theme.Faint}
}

// maxText is how much of a message a line of the list is made of, in bytes.
const maxText = 1 << 10

func messageText(d data, k int) widget.Cell {
	at := &d.snapshot.Messages[k]
	lead := at.Kind.String()
	if at.Level != "" {
		lead += ", " + at.Level
	}
	spans := []widget.Span{{Text: lead + ": ", Style: &d.theme.Faint}, {Text: at.Text[:min(len(at.Text), maxText)], Style: &d.theme.Faint}}
	if at.Doubtful {
		spans = append([]widget.Span{{Text: "forged? ", Style: &d.theme.Warn}}, spans...)
	}
	return widget.Cell{Spans: spans}
}
