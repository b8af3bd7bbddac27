package ui

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/export"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/report"
	"sqleuth/testdata"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// The incident, and what the notebook makes of it.
const (
	incidentLabels = "../testdata/wordpress-bruteforce/labels.csv"
	notebookFiles  = "../testdata/reference/wordpress-bruteforce/"
)

// session is the built-in incident in the terminal, and what is labelled there.
type session struct {
	*story
	labelled map[string]string // class by connection, as labels.csv names them

}

// stories are the four that must always work.
var stories = []struct {
	name string
	play func(s *session)
}{
	{"responder", (*session).responder},
	{"analyst", (*session).analyst},
	{"reader", (*session).reader},
	{"newcomer", (*session).newcomer},
}

// orders are some in which stories follow one another: each of them is once the
// first and once the last, and once behind each of the others.
func orders() (out [][]int) {
	for first := range stories {
		var order []int
		for k := range stories {
			order = append(order, []int{first, (first + 1) % 4, (first + 3) % 4, (first + 2) % 4}[k])
		}
		out = append(out, order)
	}
	return out
}

// TestTheFourStories one after the other in one session, in several orders, and
// once more after a restart from the case file. The reader's, which has nothing to do
// with the session and takes as long as all others together, is played once in each
// order: before the restart in some, behind it in others.
func TestTheFourStories(t *testing.T) {
	t.Parallel()
	for n, order := range orders() {
		if testing.Short() && n > 0 {
			break
		}
		var names []string
		for _, k := range order {
			names = append(names, stories[k].name)
		}
		t.Run(strings.Join(names, ","), func(t *testing.T) {
			t.Parallel()
			cfg := Config{
				CaseDir: t.TempDir(), Names: []string{testdata.IncidentName}, Output: io.Discard,
				Now: func() time.Time { return time.Date(2025, 3, 14, 9, 0, 0, 0, time.UTC) },
			}
			labelled := map[string]string{}
			marked := 0
			for restarted, run := range []string{"a new case", "after a restart"} {
				s := openIncident(t, cfg, names[0] == "responder")
				s.labelled = labelled
				s.keeps(run, marked)
				for _, k := range order {
					if stories[k].name != "reader" || n%2 == restarted {
						stories[k].play(s)
					}
				}
				s.keeps(run+", in the end", -1)
				marked = markedRows(s.ends())
			}
			if marked == 0 {
				t.Error("the stories leave no mark that a restart could lose")
			}
		})
	}
}

// openIncident begins a session; slowly lets its log grow before the eyes.
func openIncident(t *testing.T, cfg Config, slowly bool) *session {
	t.Helper()
	analysis := pipeline.DefaultConfig()
	analysis.Params.Keep = export.KeptTrees
	log := &paced{log: bytes.NewReader(testdata.Incident), released: make(chan struct{})}
	set, err := logfile.Open([]string{"-"}, logfile.Options{Stdin: log})
	if !slowly {
		set, err = logfile.OpenBytes(testdata.IncidentName, testdata.Incident, logfile.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { set.Close() })
	base := config(t)
	cfg.Params, cfg.Theme = analysis.Params, base.Theme
	cfg.Analysis = NewAnalysis(set, analysis, export.Options{Version: "test", Files: export.Evidence})
	s := &session{story: begin(t, cfg, 120, 40)}
	s.sees("[Overview]")
	if slowly {
		for before := 0; before < 2000; {
			s.until(func(a *app) bool {
				if a.places.snapshot == nil || a.places.snapshot.Len() <= before || a.places.snapshot.Loaded {
					return false
				}
				before += 1000
				return strings.Contains(a.View(), "entries")
			})
		}
		close(log.released)
	}
	s.sees("✓ rank")
	return s
}

// paced is a log that is copied off a host: it comes in pieces, until it is
// released.
type paced struct {
	log      io.Reader
	released chan struct{}
}

func (p *paced) Read(to []byte) (int, error) {
	select {
	case <-p.released:
	case <-time.After(time.Millisecond):
		to = to[:min(len(to), 1<<12)]
	}
	return p.log.Read(to)
}

func (s *session) keys(names ...string) {
	for _, name := range names {
		s.program.Send(screentest.Key(name))
	}
}

// prompts types into the prompt that a key opens.
func (s *session) prompts(key, text string) {
	s.keys(key)
	if key == "e" {
		s.keys("ctrl+u") // the folder that is offered
	}
	s.types(text)
	s.keys("enter")
}

// learnt waits until the models know the labels.
func (s *session) learnt() {
	s.Helper()
	s.until(func(a *app) bool {
		return !a.labels.working() && a.runs.answered() && a.runs.cancel == nil && a.places.snapshot.Truth != nil && a.places.snapshot.Truth.Labels.Equal(a.labels.set)
	})
}

// exports writes the evidence and returns its folder.
func (s *session) exports() string {
	s.Helper()
	dir := filepath.Join(s.TempDir(), "out")
	s.prompts("e", dir)
	s.until(func(a *app) bool {
		return strings.Contains(a.frame.notice.text, " files written to "+dir)
	})
	return dir
}

// keeps compares all labels with what the stories have given, and how many rows
// are marked with what a session has left (-1: not compared).
func (s *session) keeps(when string, marked int) {
	s.Helper()
	var wrong []string
	s.until(func(a *app) bool {
		wrong = nil
		have := map[string]string{}
		for r := range a.labels.set.All() {
			have[r.Ref.String(false)] = r.Verdict.Class
		}
		for id, class := range s.labelled {
			if have[id] != class {
				wrong = append(wrong, fmt.Sprintf("%s is %q, want %s", id, have[id], class))
			}
			delete(have, id)
		}
		for id, class := range have {
			wrong = append(wrong, id+" is "+class+" though no story has labelled it")
		}
		if n := markedRows(a); marked >= 0 && n != marked {
			wrong = append(wrong, fmt.Sprintf("%d rows are marked, want %d", n, marked))
		}
		return !a.labels.working()
	})
	if len(wrong) > 0 {
		slices.Sort(wrong)
		s.Errorf("%s: %d differences: %s", when, len(wrong), strings.Join(wrong[:min(len(wrong), 5)], "; "))
	}
}

func markedRows(a *app) (n int) {
	for at := range message.Screens {
		for _, l := range a.places.lists(at) {
			n += l.Marks().Len()
		}
	}
	return n
}

// responder: the overview names an incident, enter opens it, c its connections, enter
// the transcript of one, a digit labels it, e writes the findings.
func (s *session) responder() {
	s.keys("f1", "g")
	s.until(func(a *app) bool {
		return a.places.at == message.Overview && strings.Contains(a.View(), "126,590 entries") && strings.Contains(a.View(), "root@127.0.0.66")
	})
	s.keys("enter")
	s.until(func(a *app) bool { return strings.Contains(a.View(), "Incident A, ") })
	s.keys("c")
	s.until(func(a *app) bool {
		return a.places.at == message.Connections && a.filters.stop == nil && strings.Contains(a.View(), "127.0.0.66")
	})
	s.keys("enter")
	id := ""
	s.until(func(a *app) bool {
		name, ok := strings.CutPrefix(a.places.focus().Target.Text, "connection ")
		id = name
		return ok && a.places.at == message.Entries && a.filters.stop == nil && strings.Contains(a.View(), "only id:"+id)
	})
	s.keys("1")
	s.sees(label.LoginAttack + ": connection " + id)
	s.labelled[id] = label.LoginAttack
	dir := s.exports()
	rows, err := csvRows(filepath.Join(dir, "findings.csv"))
	if err != nil {
		s.Fatal(err)
	}
	found := 0
	for _, row := range rows[1:] {
		if class := row[slices.Index(rows[0], "class")]; row[slices.Index(rows[0], "id")] == id {
			found++
			if class != label.LoginAttack {
				s.Errorf("findings.csv has connection %s as %q", id, class)
			}
		}
	}
	if found != 1 {
		s.Errorf("findings.csv has connection %s %d times", id, found)
	}
	s.keys("f1", "backspace") // the incident is closed
}

func csvRows(path string) ([][]string, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return csv.NewReader(bytes.NewReader(data)).ReadAll()
}

// analyst labels the ids that are known by ranges, marks and keys, watches both
// matrices change, and opens the cell of what was missed.
func (s *session) analyst() {
	shows := func(n int) {
		s.Helper()
		s.until(func(a *app) bool {
			return a.places.at == message.Connections && a.filters.stop == nil && strings.Contains(a.View(), fmt.Sprintf("1 of %d", n))
		})
	}
	s.keys("f2")
	s.prompts("f", "id:2557-2982 host:127.0.0.66")
	s.keys("g")
	shows(312)
	s.keys("v", "G", "v", "1")
	s.sees(label.LoginAttack + ": 312 marked connections")
	s.keys("esc", "esc") // marks, filter
	s.prompts("f", "id:2988,3037,3040,3947 host:127.0.0.66")
	s.keys("g")
	shows(4)
	s.keys("v", "G", "v", "x")
	s.until(func(a *app) bool { return strings.Contains(a.frame.notice.text, "label") })
	s.learnt()
	before := s.matrices()
	s.keys("esc", "g", "2")                // one by a key,
	s.keys("g", "j", " ", " ", "2", "esc") // two by marks,
	s.keys("G", "v", "2")                  // one by a range,
	s.sees(label.GetUserTable + ": the range of 1 connection")
	s.keys("v") // which stays marked
	known, err := csvRows(incidentLabels)
	if err != nil {
		s.Fatal(err)
	}
	for _, row := range known[1:] {
		s.labelled[row[0]] = row[1]
	}
	s.keeps("the labels of the analyst", -1)
	s.learnt()
	after := s.matrices()
	for k, forest := range []string{"isolation", "random"} {
		if before[k] == after[k] {
			s.Errorf("the matrix of the %s forest stays %s", forest, after[k])
		}
	}
	for _, forest := range []string{"isolation", "random"} {
		s.missed(forest)
	}
	s.keys("f2", "F", "x", "esc") // the filter; the mark stays
	s.until(func(a *app) bool { return len(a.filters.stack) == 0 })
}

// matrices shows Models and returns both matrices.
func (s *session) matrices() (out [2]string) {
	s.Helper()
	s.keys("f6")
	s.sees("[Models]")
	s.until(func(a *app) bool {
		if a.places.snapshot.Isolation == nil || a.places.snapshot.Random == nil || a.places.snapshot.Random.Confusion == nil {
			return false
		}
		out = [2]string{fmt.Sprint(a.places.snapshot.Isolation.Confusion), fmt.Sprint(a.places.snapshot.Random.Confusion)}
		return strings.Count(a.View(), "actual anomaly") == 2
	})
	s.keys("f2")
	return out
}

// missed opens the cell of the anomalies that a forest has missed.
func (s *session) missed(forest string) {
	s.Helper()
	s.keys("f6", "left", "left", "left", "left", "up", "up", "down")
	if forest == "random" {
		s.keys(">")
	}
	n := ""
	s.until(func(a *app) bool {
		_, n, _ = strings.Cut(a.View(), "missed: ")
		n, _, _ = strings.Cut(n, " entries")
		return n != ""
	})
	s.keys("enter")
	s.sees(n + " of 126,590 only " + forest + " forest: ")
	s.until(func(a *app) bool {
		if a.places.at != message.Entries || a.filters.stop != nil {
			return false
		}
		for k := range a.filters.shown.Entries.Len() {
			ref := a.places.snapshot.Connections.Ref(int(a.places.snapshot.Entries.Connection(a.filters.shown.Entries.At(k))))
			if s.labelled[ref.String(false)] == "" {
				s.Errorf("the %s forest has missed an entry of connection %s, which is no attack", forest, ref.String(true))
			}
		}
		return true
	})
	s.keys("backspace")
	s.sees("[Models]")
}

// reader: report and export in the notebook's reading have its own numbers,
// whatever is done in the terminal.
func (s *session) reader() {
	set, err := logfile.OpenBytes(testdata.IncidentName, testdata.Incident, logfile.Options{})
	if err != nil {
		s.Fatal(err)
	}
	defer set.Close()
	text, err := os.ReadFile(incidentLabels)
	if err != nil {
		s.Fatal(err)
	}
	file, err := label.Read(bytes.NewReader(text))
	if err != nil {
		s.Fatal(err)
	}
	cfg := pipeline.DefaultConfig()
	cfg.Reading, cfg.Params.Keep = reading.Notebook, export.KeptTrees
	snapshot, err := pipeline.Run(context.Background(), cfg, set, func(s *pipeline.Snapshot) (label.Set, error) {
		book := label.NewBook(label.Set{})
		records, _ := file.Resolve(s.Connections.Epochs())
		_, err := book.Import(records)
		return book.Set(), err
	}, func(pipeline.Event) {})
	if err != nil {
		s.Fatal(err)
	}
	dir := filepath.Join(s.TempDir(), "notebook")
	if _, err := export.Write(context.Background(), dir, snapshot, pipeline.NewText(set), export.Options{Version: "test"}, nil); err != nil {
		s.Fatal(err)
	}
	for _, name := range []string{"counts_action.csv", "counts_table.csv", "hourly_action.csv", "hourly_table.csv", "templates.csv"} {
		want, err := os.ReadFile(notebookFiles + name)
		got, also := os.ReadFile(filepath.Join(dir, name))
		if err != nil || also != nil || !bytes.Equal(want, got) {
			s.Errorf("%s is not the notebook's: %v, %v", name, err, also)
		}
	}
	var printed strings.Builder
	if err := report.Text(context.Background(), &printed, snapshot, report.Options{Version: "test"}); err != nil {
		s.Fatal(err)
	}
	for _, name := range []string{"iforest.json", "rforest.json"} {
		want, got := measured(s.T, notebookFiles+name), measured(s.T, filepath.Join(dir, name))
		if fmt.Sprint(want) != fmt.Sprint(got) {
			s.Errorf("%s has %v, the notebook %v", name, got.Confusion, want.Confusion)
		}
		for _, row := range want.Confusion {
			for _, n := range row {
				if !strings.Contains(printed.String(), fmt.Sprint(n)) {
					s.Errorf("the report does not have the %d of the notebook's %s", n, name)
				}
			}
		}
	}
}

type measures struct {
	Confusion [][]int `json:"confusion_matrix"`
	Report    string  `json:"classification_report_text"`
}

func measured(t *testing.T, path string) (m measures) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil || len(m.Confusion) != 2 {
		t.Fatalf("%s: %v, %d rows", path, err, len(m.Confusion))
	}
	return m
}

// newcomer looks at every screen of the incident that is built in; it has no label
// but those that other stories have given.
func (s *session) newcomer() {
	s.keys("f1")
	s.sees("126,590 entries")
	s.sees(fmt.Sprintf("%d labelled", len(s.labelled)))
	for at := range message.Tabs {
		s.until(func(a *app) bool {
			view := a.View()
			if strings.Contains(view, "could not") {
				s.Errorf("there is an error:\n%s", view)
			}
			return a.places.at == at && strings.Contains(view, "["+strings.SplitN(a.places.screens[at].Title(), " ", 2)[0])
		})
		s.keys("?")
		s.sees("find: ")
		s.keys("esc", "tab")
	}
	if len(s.labelled) == 0 {
		s.keys("f6")
		s.sees("no connection is labelled")
	}
}
