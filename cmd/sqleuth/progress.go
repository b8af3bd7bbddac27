package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"sqleuth/analysis/pipeline"
)

// progress draws how far the analysis is on one line of a terminal.
type progress struct {
	w     io.Writer
	on    bool
	drawn bool
	next  time.Time
}

// newProgress decides by the --progress flag and by whether w is a terminal.
func newProgress(w io.Writer, mode string) (*progress, error) {
	p := &progress{w: w}
	switch mode {
	case "always":
		p.on = true
	case "never":
	case "auto":
		if f, ok := w.(*os.File); ok {
			info, err := f.Stat()
			p.on = err == nil && info.Mode()&os.ModeCharDevice != 0
		}
	default:
		return nil, usagef("--progress %s: give auto, always or never", mode)
	}
	return p, nil
}

// quiet is how long work must take before it is worth a line.
const quiet = 300 * time.Millisecond

func (p *progress) event(e pipeline.Event) {
	if !p.on {
		return
	}
	now := time.Now()
	switch e := e.(type) {
	case pipeline.StageStarted:
		p.next = now.Add(quiet)
	case pipeline.Progress:
		if now.Before(p.next) {
			return
		}
		p.next = now.Add(100 * time.Millisecond)
		text := fmt.Sprintf("%d", e.Done)
		if e.Total > 0 {
			text = fmt.Sprintf("%3.0f %%", 100*float64(e.Done)/float64(e.Total))
		}
		p.line(fmt.Sprintf("%s %s", e.Stage, text))
	}
}

// line replaces the line on the screen.
func (p *progress) line(text string) {
	if p.on {
		fmt.Fprintf(p.w, "\r\x1b[K%s", text)
		p.drawn = true
	}
}

// done clears the line.
func (p *progress) done() {
	if p.drawn {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = false
	}
}
