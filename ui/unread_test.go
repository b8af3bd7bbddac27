package ui

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/widget"
)

// partly is an analysis that comes to a part of the log, and to no end or a bad
// one.
type partly struct {
	Analysis
	snapshot *pipeline.Snapshot // what was read by then; nil for nothing
	err      error
	entered  chan struct{}
}

func (p *partly) Run(ctx context.Context, _ model.Params, _ func(*pipeline.Snapshot) (label.Set, error), emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	emit(pipeline.StageStarted{Stage: pipeline.Load, Total: 200})
	for ctx.Err() == nil { // progress may be dropped
		emit(pipeline.Progress{Stage: pipeline.Load, Done: 52, Total: 200})
		if p.snapshot != nil {
			emit(pipeline.Updated{Snapshot: p.snapshot})
		}
		select {
		case <-p.entered:
			if p.err != nil {
				return nil, p.err
			}
		default:
		}
		time.Sleep(time.Millisecond)
	}
	return nil, ctx.Err()
}

// TestCancelledReading: what was not read is shown on every screen that needs the
// whole log, and how much was read in the header.
func TestCancelledReading(t *testing.T) {
	cfg := config(t)
	in := screentest.Load(t)
	p := &partly{cfg.Analysis, in.Loading, nil, make(chan struct{})}
	cfg.Analysis = p
	s := begin(t, cfg, 120, 30)
	s.sees("26.00 %")
	s.sees("71 entries")
	s.press(globalKeys.Cancel)
	s.sees("reading was cancelled at 26.00 % of the log; start sqleuth again to read all of it, with --max-expanded SIZE")
	s.sees("✗ load cancelled at 26.00 %")
	s.sees("read to 26.00 %, of that 100 % covered")
	for screen, want := range map[message.Screen]string{
		message.Overview:   "they are not ranked: reading was cancelled at 26.00 %",
		message.Models:     "No forest was trained: reading was cancelled at 26.00 %",
		message.Detections: "The rules have not run: reading was cancelled at 26.00 %",
		message.Findings:   "Findings are not gathered: reading was cancelled at 26.00 %",
	} {
		s.program.Send(screentest.Key(globalKeys.Jump.Keys()[screen]))
		s.sees(want)
	}
	for _, command := range []string{"train", "export out"} {
		s.press(globalKeys.Command)
		s.types(command)
		s.press(widget.PromptKeys().Enter)
		s.sees(": reading was cancelled at 26.00 % of the log; start sqleuth again")
		s.press(widget.PromptKeys().Leave)
	}
	s.ends()
}

// TestFailedReading: nobody waits for entries that do not come.
func TestFailedReading(t *testing.T) {
	cfg := config(t)
	p := &partly{cfg.Analysis, nil, errors.New("the disk is gone"), make(chan struct{})}
	cfg.Analysis = p
	s := begin(t, cfg, 120, 30)
	s.sees("26.00 %")
	close(p.entered)
	s.sees("the disk is gone")
	for screen, want := range map[message.Screen]string{
		message.Connections: "No connection was read: reading failed at 26.00 % of the log",
		message.Entries:     "No entry was read: reading failed at 26.00 % of the log",
		message.Templates:   "No entry was read: reading failed",
		message.Charts:      "No entry was read: reading failed",
		message.Models:      "No forest was trained: reading failed",
	} {
		s.program.Send(screentest.Key(globalKeys.Jump.Keys()[screen]))
		s.sees(want)
	}
	s.ends()
}

// TestExportIsCancelled by the key that cancels, and stays on the screen until
// then.
func TestExportIsCancelled(t *testing.T) {
	cfg := config(t)
	cfg.Analysis = slow{cfg.Analysis}
	dir := filepath.Join(t.TempDir(), "out")
	s := begin(t, cfg, 120, 30)
	s.sees("✓ rank")
	s.exports(dir)
	s.sees("writing structured.csv")
	s.press(widget.TableKeys().Down) // takes the notice away
	s.sees("export: writing structured.csv")
	s.press(globalKeys.Cancel)
	s.sees("the export was cancelled")
	s.press(globalKeys.Cancel)
	s.sees("nothing is running")
	if a := s.ends(); a.exports.busy() {
		t.Error("the export is not over")
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was exported: %v", err)
	}
}

// TestCancelledBehindReading: a log that was read is not called unread.
func TestCancelledBehindReading(t *testing.T) {
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	a.Init()
	a.runs.stage(message.Progress{Stage: pipeline.Load, State: message.Finished})
	a.runs.stage(message.Progress{Stage: pipeline.Detect, State: message.Running})
	act(a, a.exports.halt())
	if got, want := a.frame.notice.text, "the analysis was cancelled; start sqleuth again to analyse the log; what was found so far stays"; got != want {
		t.Errorf("it says %q, want %q", got, want)
	}
}
