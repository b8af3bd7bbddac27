package ui

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/golden"
	"github.com/charmbracelet/x/exp/teatest"

	"sqleuth/analysis/export"
	"sqleuth/analysis/integrity"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
	"sqleuth/ui/widget"
)

// anHour is an hour of a real server's log, as if it were of another day.
func anHour(t *testing.T, name, day, other string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "testdata", name, "general.log.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	log := string(text)
	hour := log[strings.Index(log, "\n"+day+"T16:")+1 : strings.Index(log, "\n"+day+"T17:")+1]
	return []byte(strings.ReplaceAll(hour, day+"T", other+"T"))
}

// twoServers is an investigation of an hour of two servers, given as the files of one, in
// the working folder.
func twoServers(t *testing.T) Config {
	t.Helper()
	files := map[string][]byte{
		"shop": anHour(t, "exposed-root", "2025-02-07", "2025-03-11"),
		"blog": anHour(t, "wordpress-bruteforce", "2025-03-11", "2025-03-11"),
	}
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(name, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(name, "general.log"), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return openedAs(t, t.TempDir(), nil)
}

// openedAs is the investigation with servers by paths.
func openedAs(t *testing.T, cases string, servers map[string]string) Config {
	t.Helper()
	names := []string{"shop/general.log", "blog/general.log"}
	set, err := logfile.Open(names, logfile.Options{Servers: servers})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	cfg := pipeline.DefaultConfig()
	return Config{
		Analysis: NewAnalysis(set, cfg, export.Options{Version: "test", Files: export.Evidence}), Params: cfg.Params,
		Theme: theme.Plain(), Names: names, CaseDir: cases, Separable: true, Output: io.Discard,
	}
}

// reopened is how an investigation that has ended is to be opened again.
func reopened(s *story) *Reopening {
	s.Helper()
	return s.program.FinalModel(s, teatest.WithFinalTimeout(patience)).(inspected).app.servers.again
}

// Two servers are recognised and asked about once the log is read; the names can be edited,
// and the answer is kept.
func TestServersAreAskedAbout(t *testing.T) {
	cfg := twoServers(t)
	s := begin(t, cfg, 100, 30)
	s.sees("Are these files of several servers?")
	s.sees(" blog  blog/general.log")
	s.press(overlayKeys.Down, serverKeys.Name)
	s.sees("name of the server: blog")
	s.types("=")
	s.press(widget.PromptKeys().Enter)
	s.sees("no equals sign")
	s.press(key.NewBinding(key.WithKeys("backspace")))
	s.types("-1")
	s.press(widget.PromptKeys().Enter, serverKeys.Apart)
	again := reopened(s)
	if again == nil || fmt.Sprint(integrity.ServerFlags(again.Servers)) != "[shop=shop/general.log blog-1=blog/general.log]" || again.Notice != "" {
		t.Fatalf("to be opened again as %+v", again)
	}

	// The log of two servers is not asked about, and can be read as of one again.
	s = begin(t, openedAs(t, cfg.CaseDir, map[string]string{"shop/general.log": "shop", "blog/general.log": "blog-1"}), 100, 30)
	s.sees("✓ rank")
	s.sees("2 servers")
	s.types(":servers")
	s.press(widget.PromptKeys().Enter)
	s.sees("blog-1  blog/general.log")
	s.press(serverKeys.Together)
	if again := reopened(s); again == nil || len(again.Servers) > 0 {
		t.Fatalf("to be opened again as %+v", again)
	}

	// One server is kept too.
	s = begin(t, openedAs(t, cfg.CaseDir, nil), 100, 30)
	s.sees("✓ rank")
	if a := s.ends(); a.over.top != nil || a.servers.again != nil {
		t.Errorf("asked again:\n%s", a.View())
	}
}

// What is put off is asked again at the next start, and one server stays as it was read.
func TestServersOfOneCase(t *testing.T) {
	cfg := twoServers(t)
	s := begin(t, cfg, 100, 30)
	s.sees("Are these files of several servers?")
	s.press(overlayKeys.Close)
	s.sees("asked again at the next start")
	s.ends()
	s = begin(t, openedAs(t, cfg.CaseDir, nil), 100, 30)
	s.sees("Are these files of several servers?")
	s.press(serverKeys.Together)
	s.sees("read as it is; :servers asks again")
	s.ends()
	s = begin(t, openedAs(t, cfg.CaseDir, nil), 100, 30)
	s.sees("✓ rank")
	s.types(":servers")
	s.press(widget.PromptKeys().Enter)
	s.sees("Are these files of several servers?")
	s.press(overlayKeys.Close)
	if a := s.ends(); a.servers.again != nil {
		t.Errorf("to be opened again as %+v", a.servers.again)
	}
}

// Servers that were known by the sizes of other files are shown as such, and a choice that
// cannot be kept is carried out.
func TestServersOfOtherFiles(t *testing.T) {
	cfg := twoServers(t)
	cfg = openedAs(t, cfg.CaseDir, map[string]string{"shop/general.log": "x", "blog/general.log": "y"})
	cfg.Recalled = true
	s := begin(t, cfg, 100, 30)
	s.sees("for other files of the same sizes")
	s.ends()
	cfg = openedAs(t, "shop/general.log/none", nil)
	s = begin(t, cfg, 100, 30)
	s.sees("Are these files of several servers?")
	s.press(serverKeys.Apart)
	if again := reopened(s); again == nil || len(again.Servers) != 2 || !strings.Contains(again.Notice, "could not keep which servers wrote the files") {
		t.Errorf("to be opened again as %+v", again)
	}
}

// The question waits as long as something is typed, and is not asked where the log can be
// read only once.
func TestServersAreAskedInTime(t *testing.T) {
	cfg := twoServers(t)
	snapshot := snapshotOf(t, cfg)
	a := newApp(t.Context(), cfg)
	defer a.runs.wait()
	a.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
	feed(a, screentest.Key(globalKeys.Search.Keys()[0]))
	feed(a, message.Snapshot{Snapshot: snapshot})
	feed(a, caseOpened{log: snapshot})
	if _, typing := a.over.prompt(); !typing {
		t.Fatalf("the question takes the keys of a prompt:\n%s", a.View())
	}
	feed(a, screentest.Key("esc"))
	if _, asked := a.over.top.(*serverList); !asked {
		t.Fatalf("not asked behind the prompt:\n%s", a.View())
	}
	cfg.Separable = false
	a = newApp(t.Context(), cfg)
	defer a.runs.wait()
	feed(a, message.Snapshot{Snapshot: snapshot})
	feed(a, caseOpened{log: snapshot})
	if a.over.top != nil {
		t.Error("asked, though the log cannot be opened again")
	}
	if _, err := a.commands.do("servers"); err == nil || !strings.Contains(err.Error(), "--server NAME=FILE") {
		t.Errorf(":servers: %v", err)
	}
}

// snapshotOf analyses the log of an investigation.
func snapshotOf(t *testing.T, cfg Config) *pipeline.Snapshot {
	t.Helper()
	s, err := cfg.Analysis.Run(t.Context(), cfg.Params, func(*pipeline.Snapshot) (label.Set, error) { return label.Set{}, nil }, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestServersFrame draws the question, and where it was answered the servers.
func TestServersFrame(t *testing.T) {
	goldens, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	cfg := twoServers(t)
	one, two := snapshotOf(t, cfg), snapshotOf(t, openedAs(t, cfg.CaseDir, map[string]string{"shop/general.log": "shop", "blog/general.log": "blog"}))
	t.Chdir(goldens)
	for _, size := range []screentest.Size{{Width: 40, Height: 10}, {Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 200, Height: 60}} {
		for name, snapshot := range map[string]*pipeline.Snapshot{"question": one, "answered": two} {
			t.Run(fmt.Sprintf("%dx%d/%s", size.Width, size.Height, name), func(t *testing.T) {
				a := newApp(t.Context(), cfg)
				defer a.runs.wait()
				a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
				feed(a, message.Snapshot{Snapshot: snapshot})
				feed(a, caseOpened{log: snapshot, serversChosen: snapshot == two})
				if snapshot == two {
					cmd, err := a.commands.do("servers")
					if err != nil {
						t.Fatal(err)
					}
					feed(a, cmd())
				}
				screentest.Fits(t, a.View(), size)
				golden.RequireEqual(t, []byte(a.View()))
			})
		}
	}
}

// A choice names each file once.
func TestServersOfNames(t *testing.T) {
	o := &serverList{groups: []integrity.Group{{Name: "a", Paths: []string{"1"}}, {Name: "b", Paths: []string{"2"}}, {Name: "c", Paths: []string{"3"}}}, cursor: 2}
	if err := o.rename(" a "); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(integrity.ServerFlags(o.joined())); got != "[a=1,3 b=2]" {
		t.Errorf("servers: %s", got)
	}
	o.groups[1].Name = "a"
	if got := o.joined(); got != nil {
		t.Errorf("one server: %+v", got)
	}
	for _, bad := range []string{"", "a=b", "a\x1b[2J", strings.Repeat("x", 65)} {
		if o.rename(bad) == nil {
			t.Errorf("%q is a name", bad)
		}
	}
}

// A log is read again for who asked for that, not for who leaves: a key gives up what is
// held up, q too, and an answer that comes late changes nothing.
func TestLeavingIsNoReopening(t *testing.T) {
	a := newApp(t.Context(), config(t))
	defer a.runs.wait()
	a.servers.again = &Reopening{}
	a.Update(screentest.Key(globalKeys.Quit.Keys()[0]))
	if a.servers.again != nil {
		t.Error("q reads the log again")
	}
	a.leave.state = saving
	if cmd := a.servers.done(serversChosen{reopening: &Reopening{}}); cmd != nil || a.servers.again != nil {
		t.Error("an answer while the program ends reads the log again")
	}
}
