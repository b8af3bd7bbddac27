package entries

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
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
			raw, err := readMessage(d.log, d.snapshot, k)
			if err != nil {
				return "", fmt.Errorf("copy the message: %w", err)
			}
			return string(raw), nil
		}}
	},
}

// readMessage returns a message as it is in the log, cut after pipeline.MaxText bytes.
func readMessage(log screen.Log, s *pipeline.Snapshot, k int) ([]byte, error) {
	at := &s.Messages[k]
	return log.Rejected(&s.Log, genlog.Reject{Offset: at.Offset, Bytes: at.Bytes})
}

// messageDate, messageTime, messageThread, messageKind and messageText are a message in
// the columns of the entries around it.
func messageDate(d data, k int) widget.Cell {
	at := d.snapshot.Messages[k].Moment()
	if !at.Known() {
		return none(d.theme)
	}
	return widget.Cell{Text: at.Format(time.DateOnly), Style: &d.theme.Faint}
}

func messageTime(d data, k int) widget.Cell {
	at, form := d.snapshot.Messages[k].Moment(), clock
	if !at.Known() {
		return none(d.theme)
	}
	if d.dateless && d.width >= datedWidth {
		form = datedTime
	}
	return widget.Cell{Text: at.Format(form), Style: &d.theme.Faint}
}

func messageThread(d data, k int) widget.Cell {
	id := d.snapshot.Messages[k].ID
	if id == 0 {
		return none(d.theme)
	}
	return widget.Cell{Text: fmt.Sprint(id), Style: &d.theme.Faint}
}

func messageKind(d data, _ int) widget.Cell {
	return widget.Cell{Text: "message", Style: &d.theme.Faint}
}

func messageText(d data, k int) widget.Cell {
	at := &d.snapshot.Messages[k]
	lead := at.Kind.String()
	if at.Level != "" {
		lead += ", " + at.Level
	}
	text := at.Text
	if len(text) > maxHead {
		text = text[:maxHead]
	}
	spans := []widget.Span{{Text: lead + ": ", Style: &d.theme.Faint}, {Text: text, Style: &d.theme.Faint}}
	if at.Doubtful {
		spans = append([]widget.Span{{Text: "forged? ", Style: &d.theme.Warn}}, spans...)
	}
	return widget.Cell{Spans: spans}
}

// Describe names a message in one line.
func Describe(m *loaded.Message) string {
	text := "message of the server: " + m.Kind.String()
	if m.Level != "" {
		text += ", " + m.Level
	}
	if m.Moment().Known() {
		text += ", " + widget.Time(m.Time)
	}
	if m.ID > 0 {
		text += fmt.Sprintf(", thread %d", m.ID)
	}
	if m.Doubtful {
		text += "; doubtful: a client may have written it"
	}
	return text
}

// messageDocument describes the message that the pane shows.
func (m Model) messageDocument() document {
	d, s, t := &m.detail, m.snapshot, m.theme
	if s == nil || d.message >= len(s.Messages) {
		return document{}
	}
	width, at := m.paneWidth(), &s.Messages[d.message]
	var doc document
	for _, line := range widget.Prose(t, Describe(at), width, maxFactLines) {
		doc.before = append(doc.before, t.Title.Render(line))
	}
	for _, line := range widget.Prose(t, "no entry: it belongs to no connection and is in no count", width, maxFactLines) {
		doc.before = append(doc.before, t.Faint.Render(line))
	}
	doc.before = append(doc.before, "")
	if d.err != nil {
		lines, _ := widget.Wrap(t, "The text cannot be read: "+d.err.Error(), width, maxFactLines)
		doc.before = append(doc.before, lines...)
	} else {
		doc.statement = d.lines
	}
	doc.after = append(doc.after, "")
	if d.cut {
		doc.after = append(doc.after, m.fact("cut", "the text is shown up to its first "+widget.Bytes(int64(len(d.text))), width)...)
	}
	doc.after = append(doc.after, m.place(at.Offset, widget.Count(at.Bytes)+" bytes long", width)...)
	return doc
}
