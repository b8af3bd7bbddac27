package ui

import (
	"context"
	"fmt"
	"io"
	"strings"

	osc52 "github.com/aymanbagabas/go-osc52/v2"
	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/visible"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/widget"
)

// maxCopy is the longest text that is sent to a clipboard: terminals cut or drop
// more, and none of them reports it.
const maxCopy = 56_000

// clipboard is the part that sends text to the terminal's clipboard.
type clipboard struct {
	ctx    context.Context
	out    io.Writer
	getenv func(string) string
}

// Update takes requests to copy.
func (c *clipboard) Update(msg tea.Msg) (tea.Cmd, bool) {
	if m, ok := msg.(message.Copy); ok {
		return c.copy(m), true
	}
	return nil, false
}

// copy sends text to the clipboard. Whether it arrived cannot be known, so the
// notice is "sent".
func (c *clipboard) copy(m message.Copy) tea.Cmd {
	if m.Text == nil {
		return say("there is nothing to copy under the cursor")
	}
	ctx, out, getenv := c.ctx, c.out, c.getenv
	return screen.Work(func() tea.Msg {
		text, err := m.Text(ctx)
		if err == nil && len(text) > maxCopy {
			err = fmt.Errorf("%s are too many for a clipboard, which takes %s; export instead", widget.Bytes(int64(len(text))), widget.Bytes(maxCopy))
		}
		if err != nil {
			return message.Failed{What: "copy " + m.What, Err: err}
		}
		seq := osc52.New(pasteable(text))
		switch {
		case getenv("TMUX") != "":
			seq = seq.Tmux()
		case getenv("STY") != "":
			seq = seq.Screen()
		}
		if _, err := seq.WriteTo(out); err != nil {
			return message.Failed{What: "copy " + m.What, Err: err}
		}
		return message.Notice{Text: "sent to the terminal's clipboard: " + m.What}
	})
}

// pasteable makes text safe to paste into a shell window: what a terminal would
// act on is made visible, lines and tabs stay.
func pasteable(text string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		parts := strings.Split(strings.TrimSuffix(line, "\r"), "\t")
		for k, p := range parts {
			parts[k] = visible.Unicode.Text(p)
		}
		lines[i] = strings.Join(parts, "\t")
	}
	return strings.Join(lines, "\n")
}
