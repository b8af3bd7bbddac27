package ui

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/teatest"

	"sqleuth/analysis/export"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// story drives the program as an analyst does.
type story struct {
	*testing.T
	app     *app
	program *teatest.TestModel
}

func config(t *testing.T) Config {
	t.Helper()
	cfg := pipeline.DefaultConfig()
	return Config{
		Analysis: NewAnalysis(screentest.Open(t), cfg, export.Options{Version: "test", Files: export.Evidence}),
		Params:   cfg.Params,
		Theme:    theme.Plain(),
		Names:    []string{"general.log"},
		CaseDir:  t.TempDir(),
		Now:      func() time.Time { return time.Date(2024, 7, 11, 9, 0, 0, 0, time.UTC) },
		Output:   io.Discard,
	}
}

func begin(t *testing.T, cfg Config, width, height int) *story {
	t.Helper()
	return beginAs(t, cfg, width, height, func(*app) {})
}

// beginAs begins with an app that is otherwise than cfg can make it.
func beginAs(t *testing.T, cfg Config, width, height int, change func(a *app)) *story {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &story{T: t, app: newApp(ctx, cfg)}
	change(s.app)
	s.program = teatest.NewTestModel(t, inspected{s.app}, teatest.WithInitialTermSize(width, height))
	t.Cleanup(func() {
		s.program.Quit()
		cancel()
		s.app.runs.wait()
	})
	return s
}

// patience is how long a story waits for what must come, beside other tests and under
// the race detector.
const patience = 2 * time.Minute

// arrives waits for a sign of what runs beside a test.
func arrives(t *testing.T, sign <-chan struct{}) {
	t.Helper()
	select {
	case <-sign:
	case <-time.After(patience):
		t.Fatal("it did not come so far")
	}
}

// sees waits until a text is on the screen.
func (s *story) sees(text string) {
	s.Helper()
	var view string
	defer func() {
		if s.Failed() {
			s.Logf("%q does not appear on\n%s", text, view)
		}
	}()
	s.until(func(a *app) bool {
		view = a.View()
		return strings.Contains(view, text)
	})
}

func (s *story) press(bindings ...key.Binding) {
	for _, b := range bindings {
		s.program.Send(screentest.Key(b.Keys()[0]))
	}
}

func (s *story) types(text string) { s.program.Type(text) }

// ends presses q where it quits, and returns the last picture.
func (s *story) ends() *app {
	s.Helper()
	s.press(globalKeys.Quit)
	return s.program.FinalModel(s, teatest.WithFinalTimeout(patience)).(inspected).app
}

func TestStart(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("71 entries")
	s.sees("✓ rank")
	a := s.ends()
	for _, want := range []string{"general.log", "default reading", "100 % covered, 0 rejects", "2024-07-10 05:25", "[Overview]", "then other suspects"} {
		if !strings.Contains(a.View(), want) {
			t.Errorf("%q is not on the screen:\n%s", want, a.View())
		}
	}
}

func TestTabLeadsThroughAllScreens(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	for _, name := range []string{"[Connections]", "[Entries]", "[Templates]", "[Charts]", "[Models]", "[Detections]", "[Findings]", "[Overview]"} {
		s.press(globalKeys.Next)
		s.sees(name)
	}
	s.press(globalKeys.Previous)
	s.sees("[Findings]")
	s.program.Send(screentest.Key("f3"))
	s.sees("[Entries]")
	s.press(globalKeys.Back)
	s.sees("[Findings]")
	s.ends()
}

func TestSmallWindow(t *testing.T) {
	s := begin(t, config(t), 18, 4)
	s.sees("too small")
	s.program.Send(tea.WindowSizeMsg{Width: 40, Height: 10})
	s.sees("[Overview]")
	a := s.ends()
	screentest.Fits(t, a.View(), screentest.Size{Width: 40, Height: 10})
}

func TestPromptTakesEveryLetter(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	s.press(globalKeys.Search)
	s.types("q1x")
	s.sees("/q1x")
	s.press(widget.PromptKeys().Leave)
	a := s.ends()
	if n := a.labels.set.Labelled(); n != 0 {
		t.Errorf("typing into the prompt labelled %d connections", n)
	}
}

func TestLabelUndoAndResume(t *testing.T) {
	cfg := config(t)
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	mark := widget.TableKeys().Mark
	s.press(widget.TableKeys().Down, mark, mark)
	s.types("1")
	s.sees("login_attack: the connections of 2 marked rows")
	s.press(globalKeys.Undo)
	s.sees("undone")
	s.press(globalKeys.Redo)
	s.sees("done again")
	a := s.ends()
	if n := a.labels.set.Count(label.LoginAttack); n != 2 {
		t.Fatalf("%d login_attack", n)
	}

	again := begin(t, Config{
		Analysis: NewAnalysis(screentest.Open(t), pipeline.DefaultConfig(), export.Options{}),
		Params:   cfg.Params, Theme: cfg.Theme, CaseDir: cfg.CaseDir, Output: io.Discard,
	}, 100, 30)
	again.sees("2 labelled")
	if n := again.ends().labels.set.Count(label.LoginAttack); n != 2 {
		t.Errorf("the case file kept %d login_attack", n)
	}
}

func TestLabelsTrainTheModels(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	s.press(widget.TableKeys().Mark, widget.TableKeys().Mark, widget.TableKeys().Mark)
	s.types("1")
	s.sees("3 marked")
	s.until(func(a *app) bool {
		return a.places.snapshot.Truth != nil && a.places.snapshot.Truth.Labels == a.labels.set && a.places.snapshot.Truth.Positive
	})
	s.ends()
}

// until asks the model, on its own goroutine, until ok is true.
func (s *story) until(ok func(a *app) bool) {
	s.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		answer := make(chan bool, 1)
		s.program.Send(inspect(func(a *app) { answer <- ok(a) }))
		select {
		case yes := <-answer:
			if yes {
				return
			}
		case <-time.After(patience):
			s.Fatal("the program has ended")
		}
	}
	s.Fatal("it did not happen")
}

func TestFilterStack(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	s.press(globalKeys.AddFilter)
	s.types("host:127.0.0.66")
	s.program.Send(screentest.Key("enter"))
	s.sees("18 of 71")
	s.press(globalKeys.AddFilter)
	s.types("cmd:")
	s.program.Send(screentest.Key("enter"))
	s.sees("needs a value directly behind the colon")
	s.types("Query")
	s.program.Send(screentest.Key("enter"))
	s.sees("2 of 71")
	s.press(globalKeys.FilterList)
	s.sees("Filters, in the order in which they were added")
	s.press(overlayKeys.Switch, overlayKeys.Close)
	s.sees("of 71 filter: cmd:")
	s.press(globalKeys.Escape)
	s.until(func(a *app) bool { return len(a.filters.active()) == 0 && a.filters.shown.Entries.Len() == 71 })
	s.ends()
}

// TestParameters takes whole numbers and nothing behind them.
func TestParameters(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	for typed, want := range map[string]string{
		"contamination 0.02abc": `"0.02abc" is not such a number`,
		"trees 1e3":             `"1e3" is not such a number`,
		"seed -1":               `"-1" is not such a number`,
		"trees 0":               "it must be 1 to 10000",
		"trees 20":              "trees is 20",
	} {
		s.press(globalKeys.Command)
		s.types("set " + typed)
		s.press(widget.PromptKeys().Enter)
		s.sees(want)
	}
	if p := s.ends().runs.params; p.Trees != 20 || p.Contamination != 0.01 {
		t.Errorf("parameters %+v", p)
	}
}

func TestCancel(t *testing.T) {
	cfg := config(t)
	hold := &holding{Analysis: cfg.Analysis, entered: make(chan struct{})}
	cfg.Analysis = hold
	s := begin(t, cfg, 100, 30)
	arrives(t, hold.entered)
	s.sees("▸ load")
	s.press(globalKeys.Cancel)
	s.sees("cancelled")
	s.ends()
}

func TestPanicInTheAnalysisIsAnErrorOnTheScreen(t *testing.T) {
	cfg := config(t)
	cfg.Analysis = panicking{cfg.Analysis}
	s := begin(t, cfg, 100, 30)
	s.sees("internal error: broken")
	a := s.ends()
	var internal *pipeline.PanicError
	if !errors.As(a.runs.err, &internal) {
		t.Errorf("the error is %v", a.runs.err)
	}
}

// holding is an analysis that never ends by itself.
type holding struct {
	Analysis
	entered chan struct{}
}

func (h *holding) Run(ctx context.Context, _ model.Params, _ func(*pipeline.Snapshot) (label.Set, error), emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	emit(pipeline.StageStarted{Stage: pipeline.Load})
	close(h.entered)
	<-ctx.Done()
	return nil, ctx.Err()
}

type panicking struct{ Analysis }

func (panicking) Run(context.Context, model.Params, func(*pipeline.Snapshot) (label.Set, error), func(pipeline.Event)) (*pipeline.Snapshot, error) {
	panic("broken")
}

func TestPasteIsText(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	paste := tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune("q\n1\x1b[31m"), Paste: true}
	s.program.Send(paste) // outside a prompt: nothing
	s.press(globalKeys.Search)
	s.program.Send(paste)
	s.sees("/q 1␛[31m")
	s.press(widget.PromptKeys().Leave)
	if n := s.ends().labels.set.Labelled(); n != 0 {
		t.Errorf("a paste labelled %d connections", n)
	}
}

func TestRequestsOfScreens(t *testing.T) {
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	s.program.Send(message.OpenConnection{Connection: 6, At: -1})
	s.sees("only id:8")
	s.press(globalKeys.Back)
	s.until(func(a *app) bool { return a.places.at == message.Overview && len(a.filters.active()) == 0 })
	s.program.Send(message.OpenEntries{Title: "every second entry", Pick: func(_ *pipeline.Snapshot, i int) bool { return i%2 == 0 }})
	s.sees("36 of 71 only every second entry")
	s.press(globalKeys.Escape)
	s.program.Send(message.AddFilter{Term: "host:127.0.0.66"})
	s.sees("18 of 71")
	s.program.Send(message.OpenEntries{Title: "every third entry", Whole: true, Pick: func(_ *pipeline.Snapshot, i int) bool { return i%3 == 0 }})
	s.sees("24 of 71 only every third entry (1 filter off)")
	s.press(globalKeys.Back)
	s.sees("18 of 71 filter: host:127.0.0.66")
	s.ends()
}

// evidence is what e writes; nothing of it grows with the log's text.
var evidence = []string{"accounts.csv", "blocks.csv", "connections.csv", "detections.csv", "digests.csv", "evidence.csv", "evidence.jsonl", "findings.csv", "labels.csv", "manifest.json", "manifest.sha256", "navigator.json", "novel.csv", "report.html", "report.md"}

func TestExport(t *testing.T) {
	cfg := config(t)
	dir := filepath.Join(t.TempDir(), "out")
	s := begin(t, cfg, 120, 30)
	s.sees("✓ rank")
	for _, want := range []string{"15 files written", "could not export: files are there already; :export! " + dir} {
		s.press(globalKeys.Export)
		s.sees("export the evidence to folder: ")
		s.press(widget.PromptKeys().EraseLine)
		s.types(dir)
		s.press(widget.PromptKeys().Enter)
		s.sees(want[:min(len(want), 60)])
	}
	s.ends()
	if got := listed(t, dir); !slices.Equal(got, evidence) {
		t.Errorf("e wrote %q, want %q", got, evidence)
	}
}

// listed returns the names of the files in a folder.
func listed(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestExportCommand writes the evidence, and everything where that is asked for.
func TestExportCommand(t *testing.T) {
	work := t.TempDir()
	t.Chdir(work)
	s := begin(t, config(t), 120, 30)
	s.sees("✓ rank")
	for _, c := range []struct{ line, want string }{
		{"export some", "15 files written to some"},
		{"export all", "write :export all DIR"},
		{"export all whole", "26 files written to whole"},
		{"export all some", "files are there already; :export! all some"},
		{"export! all some", "26 files written to some"},
		{"export! some", "15 files written to some"},
		{"export ./all", "15 files written to ./all"},
	} {
		s.press(globalKeys.Command)
		s.types(c.line)
		s.press(widget.PromptKeys().Enter)
		s.sees(c.want)
		s.press(globalKeys.Escape) // the prompt of a command that was wrong
	}
	s.ends()
	if got := listed(t, "whole"); len(got) != 26 || !slices.Contains(got, "structured.csv") {
		t.Errorf("whole holds %q", got)
	}
	// What was exported before to a folder is gone from it.
	for _, dir := range []string{"some", "all"} {
		if got := listed(t, dir); !slices.Equal(got, evidence) {
			t.Errorf("%s holds %q", dir, got)
		}
	}
}

// TestExportOfUnknownZone: the export states that nobody knows the zone of the
// times.
func TestExportOfUnknownZone(t *testing.T) {
	set, err := logfile.Open([]string{"../testdata/mysql56/general.log"}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	cfg := config(t)
	cfg.Analysis = NewAnalysis(set, pipeline.DefaultConfig(), export.Options{Files: export.Evidence})
	s := begin(t, cfg, 160, 30)
	s.sees("✓ rank")
	t.Chdir(t.TempDir())
	s.exports("out")
	s.sees("15 files written to out, which sqleuth verify checks; times are the server's local ones, zone unknown")
	s.ends()
}

// deaf is an analysis whose models never learn a second time.
type deaf struct {
	Analysis
	entered chan struct{}
}

func (d *deaf) Judge(ctx context.Context, _ model.Params, _ *pipeline.Snapshot, _ label.Set, emit func(pipeline.Event)) (*pipeline.Snapshot, error) {
	emit(pipeline.StageStarted{Stage: pipeline.Isolation})
	select {
	case d.entered <- struct{}{}:
	case <-ctx.Done(): // nobody waits for it any more
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

// exports asks for the export files in dir.
func (s *story) exports(dir string) {
	s.press(globalKeys.Export, widget.PromptKeys().EraseLine)
	s.types(dir)
	s.press(widget.PromptKeys().Enter)
}

// TestExportBehindALabel waits for the models instead of sending the analyst away.
func TestExportBehindALabel(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	s := begin(t, config(t), 100, 30)
	s.sees("✓ rank")
	s.types("1")
	s.exports(dir)
	s.sees("files written")
	s.ends()
	labels, err := os.ReadFile(filepath.Join(dir, "labels.csv"))
	if err != nil || !strings.Contains(string(labels), "login_attack") {
		t.Errorf("exported without the label, or not at all: %v\n%s", err, labels)
	}
}

// slow is an analysis whose export stops at its first file until ctx ends.
type slow struct{ Analysis }

func (slow) Export(ctx context.Context, _ *pipeline.Snapshot, _ string, _ bool, progress func(name string)) ([]string, error) {
	progress("structured.csv")
	<-ctx.Done()
	return nil, ctx.Err()
}

func TestAnExportThatTakesLong(t *testing.T) {
	cfg := config(t)
	cfg.Analysis = slow{cfg.Analysis}
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	s.exports("out")
	s.sees("writing structured.csv")
	s.exports("out")
	s.sees("another export is not finished yet")
	s.press(globalKeys.Quit)
	s.sees("q again leaves without it")
	s.ends()
}

// TestNoExportOfModelsThatDoNotKnowTheLabels because they were stopped.
func TestNoExportOfModelsThatDoNotKnowTheLabels(t *testing.T) {
	cfg := config(t)
	d := &deaf{cfg.Analysis, make(chan struct{})}
	cfg.Analysis = d
	dir := filepath.Join(t.TempDir(), "out")
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	s.types("1")
	arrives(t, d.entered)
	s.exports(dir)
	s.sees("as soon as they have")
	s.press(globalKeys.Quit)
	s.sees("q again leaves without it")
	s.press(globalKeys.Cancel)
	s.sees("nothing is exported")
	s.exports(dir)
	s.sees(":train lets them learn again")
	s.ends()
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("something was exported: %v", err)
	}
}

func TestCopyIsSentToTheTerminal(t *testing.T) {
	cfg := config(t)
	var out bytes.Buffer
	cfg.Output = &out
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	s.press(globalKeys.Copy)
	s.sees("sent to the terminal's clipboard: incident A")
	s.ends()
	if !strings.HasPrefix(out.String(), "\x1b]52;c;") {
		t.Errorf("%q", out.String())
	}
}

func TestPasteableKeepsLinesAndNothingElse(t *testing.T) {
	if got := pasteable("SELECT\t1\r\n-- \x1b[201~rm\x00"); got != "SELECT\t1\n-- ␛[201~rm␀" {
		t.Errorf("%q", got)
	}
}

// TestLeavingBeforeTheLogIsRead: a label that cannot be kept yet is not lost
// without a word.
func TestLeavingBeforeTheLogIsRead(t *testing.T) {
	cfg := config(t)
	hold := &holding{Analysis: cfg.Analysis, entered: make(chan struct{})}
	cfg.Analysis = hold
	in := screentest.Load(t)
	s := begin(t, cfg, 100, 30)
	arrives(t, hold.entered)
	s.program.Send(message.Label{Target: message.One(in.Plain, 3), Class: label.LoginAttack})
	s.sees("login_attack: connection 5")
	s.press(globalKeys.Quit)
	s.sees("q again leaves")
	s.ends()
}

// TestASaveThatFailsIsSaid and the labels stay until the analyst decides.
func TestASaveThatFailsIsSaid(t *testing.T) {
	cfg := config(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	cfg.CaseDir = filepath.Join(file, "cases") // cannot be made
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	s.types("1")
	s.until(func(a *app) bool { return a.labels.set.Labelled() == 15 && !a.keep.saving })
	s.press(globalKeys.Quit)
	s.sees("could not save")
	s.ends()
}

// TestWalkThroughWhatWasNotUnderstood in a log that begins with something else.
func TestWalkThroughWhatWasNotUnderstood(t *testing.T) {
	path := filepath.Join(t.TempDir(), "general.log")
	text := "no entry: \x1b[31m\n2024-07-10T05:25:05.058758Z\t    2 Query\tSELECT 1\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	cfg := config(t)
	cfg.Analysis = NewAnalysis(set, pipeline.DefaultConfig(), export.Options{})
	s := begin(t, cfg, 110, 30)
	s.sees("✓ rank") // the reject is there before the entry is
	s.sees("1 reject")
	s.press(globalKeys.Rejects)
	s.sees("no entry: ␛[31m")
	s.press(globalKeys.Rejects, overlayKeys.Open)
	s.sees("[Entries]")
	a := s.ends()
	if a.over.top != nil {
		t.Errorf("overlay %T", a.over.top)
	}
}

// TestWalkThroughMessages of the server, which are among the rejects in order of
// the log.
func TestWalkThroughMessages(t *testing.T) {
	path := filepath.Join(t.TempDir(), "general.log")
	text := "no entry\n2024-07-10T05:25:05.058758Z\t    2 Query\tSELECT 1\n2024-07-10T05:25:06.000000Z 48 [Note] it is said\n2024-07-10T05:25:07.058758Z\t    2 Quit\t\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	cfg := config(t)
	cfg.Analysis = NewAnalysis(set, pipeline.DefaultConfig(), export.Options{})
	s := begin(t, cfg, 130, 30)
	s.sees("✓ rank")
	s.sees("1 reject, 1 message")
	s.sees("server") // a row of the timeline
	s.press(globalKeys.Rejects, globalKeys.Rejects)
	s.sees("message of the server: error log, Note, 2024-07-10 05:25:06, thread 48")
	s.sees("it is said")
	s.press(overlayKeys.Open)
	s.sees("[Entries]")
	s.ends()
}

// Stops are in order of the log, whatever they are.
func TestStopsAreInOrder(t *testing.T) {
	for _, c := range [][2][]int64{{{1, 4, 5}, {2, 3, 9}}, {{}, {1, 2}}, {{1, 2}, {}}, {{8, 9}, {1, 2, 3}}, {{1}, {2, 3, 4, 5}}} {
		var log loaded.Log
		for _, at := range c[0] {
			log.Coverage.First = append(log.Coverage.First, genlog.Reject{Offset: at})
		}
		for _, at := range c[1] {
			log.Messages = append(log.Messages, loaded.Message{Offset: at})
		}
		walk := rejectWalk{theme: theme.Plain(), snapshot: &pipeline.Snapshot{Log: log}}
		want := slices.Sorted(slices.Values(slices.Concat(c[0], c[1])))
		var got []int64
		for k := range walk.stops() {
			got = append(got, walk.stop(k).offset)
		}
		if !slices.Equal(got, want) {
			t.Errorf("rejects at %v and messages at %v are shown as %v", c[0], c[1], got)
		}
	}
}

// TestNoEntryBehindAReject: while a log is read its rejects may be known before any
// entry is.
func TestNoEntryBehindAReject(t *testing.T) {
	a := newApp(t.Context(), config(t))
	a.walk.snapshot = &pipeline.Snapshot{Log: loaded.Log{Coverage: genlog.Coverage{Rejects: 1, First: []genlog.Reject{{Bytes: 9}}}}}
	act(a, lie(&a.walk))
	a.Update(screentest.Key(overlayKeys.Open.Keys()[0]))
	if got, want := a.frame.notice.text, "no entry has been read"; got != want || a.over.top == nil {
		t.Errorf("it says %q over %T, want %q", got, a.over.top, want)
	}
}

// TestArchiveSaysWhatItLeftOut opens a log in an archive, beside something else.
func TestArchiveSaysWhatItLeftOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "logs.zip")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	for name, text := range map[string]string{"README": "read me\n", "general.log": "2024-05-01T08:00:00.000000Z\t    7 Query\tSELECT 1\n"} {
		m, err := w.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(w.Close(), f.Close()); err != nil {
		t.Fatal(err)
	}
	set, err := logfile.Open([]string{path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	cfg := config(t)
	cfg.Analysis = NewAnalysis(set, pipeline.DefaultConfig(), export.Options{})
	s := begin(t, cfg, 120, 30)
	s.sees("1 member of an archive was not read")
}
