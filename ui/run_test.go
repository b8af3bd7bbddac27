package ui

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"go.uber.org/goleak"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// watched is an output that signals when a text has been written to it.
type watched struct {
	mu   sync.Mutex
	text strings.Builder
	want string
	seen chan struct{}
	once sync.Once
}

func (w *watched) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(p)
	if strings.Contains(w.text.String(), w.want) {
		w.once.Do(func() { close(w.seen) })
	}
	return len(p), nil
}

// TestRunRestoresTheTerminal also looks for goroutines that are left behind:
// by a run that was cancelled by leaving, and by a finished one.
func TestRunRestoresTheTerminal(t *testing.T) {
	for name, change := range map[string]func(c *Config) (ready <-chan struct{}){
		"finished": func(c *Config) <-chan struct{} {
			e := &ending{Analysis: c.Analysis, ended: make(chan struct{})}
			c.Analysis = e
			return e.ended
		},
		"running": func(c *Config) <-chan struct{} {
			h := &holding{Analysis: c.Analysis, entered: make(chan struct{})}
			c.Analysis = h
			return h.entered
		},
		"panic": func(c *Config) <-chan struct{} {
			c.Analysis = panicking{c.Analysis}
			ready := make(chan struct{})
			close(ready)
			return ready
		},
	} {
		t.Run(name, func(t *testing.T) {
			base := config(t)
			ready := change(&base)
			before := goleak.IgnoreCurrent()
			in, keys := io.Pipe()
			out := &watched{want: "\x1b[?1049h", seen: make(chan struct{})}
			base.Input, base.Output = in, out
			done := make(chan error, 1)
			go func() {
				_, err := Run(context.Background(), base)
				done <- err
			}()
			arrives(t, out.seen)
			arrives(t, ready)
			keys.Write([]byte("q"))
			select {
			case err := <-done:
				if err != nil && name != "panic" { // or the panic came after q
					t.Errorf("error %v", err)
				}
			case <-time.After(patience):
				t.Fatal("q does not quit")
			}
			keys.Close()
			if !strings.Contains(out.text.String(), "\x1b[?1049l") {
				t.Error("the terminal was left on the alternate screen")
			}
			goleak.VerifyNone(t, before)
		})
	}
}

// ending is an analysis that signals when it is done.
type ending struct {
	Analysis
	ended chan struct{}
}

func (e *ending) Run(ctx context.Context, p model.Params, labels func(*pipeline.Snapshot) (label.Set, error), emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	defer close(e.ended)
	return e.Analysis.Run(ctx, p, labels, emit)
}

// TestStaleRunIsDropped: what a run reports after another one has begun is dropped.
func TestStaleRunIsDropped(t *testing.T) {
	in := screentest.Load(t)
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	a.Update(runEvent{a.runs.id, pipeline.StageFinished{Stage: pipeline.Detect, Snapshot: in.Plain}, nil})
	if a.places.snapshot != in.Plain {
		t.Fatal("a result of the present run was not taken")
	}
	act(a, a.exports.halt()) // nothing runs: the number stays
	a.runs.id++
	a.Update(runEvent{a.runs.id - 1, pipeline.StageFinished{Stage: pipeline.Rank, Snapshot: in.Labelled}, nil})
	a.Update(runEnded{a.runs.id - 1, in.Labelled, nil})
	if a.places.snapshot != in.Plain {
		t.Error("a result of an old run was taken")
	}
}

// TestParametersAreChecked before anything is trained with them.
func TestParametersAreChecked(t *testing.T) {
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	before := a.runs.params
	for _, text := range []string{"set contamination 0", "set contamination 0.6", "set contamination NaN", "set trees 0", "set seed -1", "set seed x", "set depth 4", "set", "nonsense"} {
		cmd, err := a.commands.do(text)
		act(a, cmd)
		if err == nil && !a.frame.notice.failed || a.runs.params != before {
			t.Errorf("%q was taken: %+v", text, a.runs.params)
		}
		a.frame.notice = notice{}
	}
	cmd, err := a.commands.do("set contamination 0.02")
	act(a, cmd)
	if err != nil || a.runs.params.Contamination != 0.02 {
		t.Errorf("contamination %v, %v", a.runs.params.Contamination, err)
	}
}

// TestEveryScreenIsHarmless draws every screen and overlay with hostile text in
// every place that does not come from us.
func TestEveryScreenIsHarmless(t *testing.T) {
	const hostile = "\x1b]0;title\a\x1b[2J\u202e\u200b\u009b31m\xff日本e\u0301\u0301\u0301"
	in := screentest.Load(t)
	for _, th := range []*theme.Theme{theme.Plain(), theme.PlainASCII()} {
		cfg := config(t)
		cfg.Theme, cfg.Names = th, []string{"logs/" + hostile}
		a := newApp(t.Context(), cfg)
		labels, err := label.NewSet(append(label.StandardClasses(), "日本語"), nil)
		if err != nil {
			t.Fatal(err)
		}
		a.labels.set = labels
		a.places.snapshot = in.Labelled
		a.filters.stack = []layer{{title: hostile, on: true}}
		feed(a, message.Snapshot{Snapshot: in.Labelled})
		feed(a, message.Labels{Set: in.Labels})
		feed(a, message.Filtered{Active: []string{hostile}, Entries: message.All(in.Labelled.Len()), Connections: message.All(in.Labelled.Connections.Len())})
		for at := range message.Screens {
			for name, open := range map[string]func(){
				"none":    func() { a.over.top = nil },
				"prompt":  func() { act(a, a.prompts.filter(hostile)) },
				"menu":    func() { feed(a, screentest.Key("?")) },
				"filters": func() { act(a, lie(&filterList{theme: th, filters: &a.filters})) },
			} {
				feed(a, message.Goto{Screen: at})
				for _, size := range []screentest.Size{{Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 40, Height: 10}, {Width: 20, Height: 6}, {Width: 7, Height: 2}} {
					a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
					open()
					screentest.Fits(t, a.View(), size)
					a.hear(message.Notice{Text: hostile})
					screentest.Fits(t, a.View(), size)
					a.frame.notice = notice{}
				}
				if t.Failed() {
					t.Fatalf("%s, screen %s, overlay %s", th.Glyph.Cursor, a.places.screens[at].Title(), name)
				}
			}
		}
	}
}

// act does what a command of a part asks for.
func act(a *app, cmd tea.Cmd) {
	a.take(cmd)
	a.act()
}

// feed gives the model a message, and what its commands answer, as Bubble Tea would.
func feed(a *app, msg tea.Msg) {
	_, cmd := a.Update(msg)
	for _, m := range screentest.Messages(cmd) {
		feed(a, m)
	}
}

// TestModelsLearnOnce: what the case held is what the first run has learnt from.
func TestModelsLearnOnce(t *testing.T) {
	in := screentest.Load(t)
	for name, kept := range map[string]label.Set{"unlabelled": {}, "labelled": in.Labels} {
		d := &desk{app: newApp(t.Context(), Config{Analysis: silent{}, Theme: theme.Plain(), Output: io.Discard})}
		opened := caseOpened{kept: casefile.Case{Labels: kept}, set: label.NewBook(kept).Set()}
		d.runs.asked = question{params: d.runs.params}
		d.give(opened)
		d.settles()
		if !d.runs.answered() {
			t.Errorf("%s: the models would learn again, though nothing has changed", name)
		}
	}
}
