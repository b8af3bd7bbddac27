package ui

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/screen"
	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

// says lists in words what a part asks for and reports at once, and returns what it
// leaves to the background.
func says(cmd tea.Cmd) (texts []string, work []tea.Cmd) {
	if cmd == nil {
		return nil, nil
	}
	switch m := cmd().(type) {
	case nil:
	case screen.Working:
		work = append(work, m.Do)
	case tea.BatchMsg:
		for _, c := range m {
			t, w := says(c)
			texts, work = append(texts, t...), append(work, w...)
		}
	case message.Notice:
		texts = append(texts, m.Text)
	case message.Failed:
		texts = append(texts, fmt.Sprintf("could not %s: %v", m.What, m.Err))
	default:
		texts = append(texts, strings.TrimPrefix(fmt.Sprintf("%T", m), "ui."))
	}
	return texts, work
}

// give gives a part a message and then the answers of its work, and returns what it
// has reported all the while.
func give(p part, msg tea.Msg) []string {
	cmd, _ := p.Update(msg)
	texts, work := says(cmd)
	for _, do := range work {
		if answer := do(); answer != nil {
			texts = append(texts, give(p, answer)...)
		}
	}
	return texts
}

// in2 is two parts in the order in which they hear.
type in2 [2]part

func (p in2) Update(msg tea.Msg) (tea.Cmd, bool) {
	first, mine := p[0].Update(msg)
	if mine {
		return first, true
	}
	second, mine := p[1].Update(msg)
	return tea.Batch(first, second), mine
}

// TestLabelsPart: a step changes the labels and reports that to everybody; what
// changes nothing is only a notice.
func TestLabelsPart(t *testing.T) {
	in := screentest.Load(t)
	book := label.NewBook(label.Set{})
	l := &labelling{ctx: t.Context(), book: book, set: book.Set(), now: time.Now, asked: func() label.Set { return label.Set{} }}
	h := &history{labels: l}
	l.history = h
	one := message.One(in.Plain, 3)
	for _, c := range []struct {
		msg          tea.Msg
		want         []string
		done, undone int
	}{
		{message.Undo{}, []string{"there is nothing to undo"}, 0, 0},
		{message.Label{Class: label.LoginAttack}, []string{noTarget}, 0, 0},
		{message.Label{Target: one, Class: label.LoginAttack}, []string{"login_attack: connection 5@1", "labelsChanged", "message.Labels"}, 1, 0},
		{message.Label{Target: one, Class: label.LoginAttack}, []string{"login_attack: connection 5@1 (as before)"}, 1, 0},
		{message.Undo{}, []string{"undone: label login_attack, 1 connection", "labelsChanged", "message.Labels"}, 0, 1},
		{message.Redo{}, []string{"done again: label login_attack, 1 connection", "labelsChanged", "message.Labels"}, 1, 0},
		{message.Accept{}, []string{noTarget}, 1, 0},
		{message.Accept{Target: one}, []string{"there is no prediction: label a connection first, or give --model FILE"}, 1, 0},
		{message.Note{Target: one, Text: "seen"}, []string{"noted: connection 5@1", "labelsChanged", "message.Labels"}, 2, 0},
		{caseMerged{now: in.Labels}, []string{"labelsChanged", "message.Labels"}, 2, 0},
	} {
		if got := give(in2{h, l}, c.msg); !slices.Equal(got, c.want) || len(h.done) != c.done || len(h.undone) != c.undone || l.working() {
			t.Errorf("%T: it says %q with %d done and %d undone, want %q with %d and %d", c.msg, got, len(h.done), len(h.undone), c.want, c.done, c.undone)
		}
	}
}

// TestAccept: each connection gets the class that is predicted of it, with the model as
// the source, in one step.
func TestAccept(t *testing.T) {
	in := screentest.Load(t)
	book := label.NewBook(label.Set{})
	l := &labelling{ctx: t.Context(), book: book, set: book.Set(), now: time.Now, asked: func() label.Set { return label.Set{} }}
	h := &history{labels: l}
	l.history = h
	s := in.Labelled
	target := message.Taken(s, "all", func(_ context.Context, add func(int)) error {
		for c := range s.Connections.Len() {
			add(c)
		}
		return nil
	})
	said := give(l, message.Accept{Target: target})
	if len(said) != 3 || !strings.HasPrefix(said[0], "accepted ") || !strings.HasSuffix(said[0], ": all") || !strings.Contains(said[0], ", ") {
		t.Errorf("it says %q", said)
	}
	for c := range s.Connections.Len() {
		v, _ := book.Set().Verdict(s.Connections.Ref(c))
		if want := s.Learned.Classes[s.Learned.Predicted(c)]; v.Class != want || v.Source != label.ByModel {
			t.Errorf("connection %d is %+v, want %s by the model", c, v, want)
		}
	}
	if said := give(l, message.Accept{Target: target}); len(said) != 1 || !strings.HasSuffix(said[0], ": all (as before)") {
		t.Errorf("again it says %q", said)
	}
	if give(in2{h, l}, message.Undo{}); !book.Set().Equal(label.Set{}) {
		t.Error("undone, something is left")
	}
}

// TestCasePart: what changes while a save is under way is saved by the next, and
// nothing before the log is known.
func TestCasePart(t *testing.T) {
	in := screentest.Load(t)
	key, err := logOf(in.Plain).Key()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file, kept, err := casefile.Open(dir, key)
	if err != nil {
		t.Fatal(err)
	}
	k := &keeping{ctx: t.Context()}
	first := []casefile.Filter{{Term: "user:a", On: true}}
	second := []casefile.Filter{{Term: "user:b"}}
	if got := give(k, filtersChanged{first}); got != nil || !k.unsaved || k.saving {
		t.Errorf("without a file it says %q; unsaved %v, saving %v", got, k.unsaved, k.saving)
	}
	give(k, caseOpened{file: file, kept: kept})
	cmd, _ := k.Update(labelsChanged{set: in.Labels})
	_, work := says(cmd)
	if len(work) != 1 || !k.saving {
		t.Fatalf("a change of labels begins %d saves", len(work))
	}
	if cmd, _ := k.Update(filtersChanged{second}); cmd != nil || !k.unsaved {
		t.Errorf("a second save is begun beside the first; unsaved %v", k.unsaved)
	}
	give(k, work[0]())
	_, on, err := casefile.Open(dir, key)
	if err != nil || !slices.Equal(on.Filters, second) || on.Labels.Labelled() != in.Labels.Labelled() || k.unsaved || k.saving {
		t.Errorf("the case holds %v and %d labels, %v; unsaved %v, saving %v", on.Filters, on.Labels.Labelled(), err, k.unsaved, k.saving)
	}
	if got := give(k, saved{err: errors.New("full")}); len(got) != 1 || !strings.Contains(got[0], "full") || !k.unsaved {
		t.Errorf("of a save that failed it says %q; unsaved %v", got, k.unsaved)
	}
}

// TestFiltersPart: filters are added, switched and kept; a place is none of them.
func TestFiltersPart(t *testing.T) {
	in := screentest.Load(t)
	f := &filtering{ctx: t.Context(), group: &sync.WaitGroup{}, analysis: silent{}, history: &history{labels: &labelling{}}}
	defer f.group.Wait()
	give(f, message.Snapshot{Snapshot: in.Plain})
	left := func() int { return f.shown.Entries.Len() }
	if left() != 71 {
		t.Errorf("without filters %d entries are left", left())
	}
	for _, c := range []struct {
		msg  tea.Msg
		want []string
		left int
	}{
		{message.AddFilter{Term: "host:127.0.0.66"}, []string{"filtersChanged", "message.Filtered"}, 18},
		{message.AddFilter{Term: "host:"}, []string{`could not filter: `}, 18},
		{message.KeepOrHide{}, []string{"there is nothing to keep or hide under the cursor"}, 18},
		{message.KeepOrHide{Term: "cmd:Query", Hide: true}, []string{"filtersChanged", "message.Filtered"}, 16},
		{caseOpened{kept: casefile.Case{Filters: []casefile.Filter{{Term: "user:root", On: true}, {Term: "host:"}}}}, []string{`could not use the kept filter "host:"`, "filtersChanged", "message.Filtered"}, 16},
	} {
		got := slices.Compact(give(f, c.msg)) // hits may come bit by bit
		if !slices.EqualFunc(got, c.want, strings.HasPrefix) || left() != c.left {
			t.Errorf("%+v: it says %q and leaves %d, want %q and %d", c.msg, got, left(), c.want, c.left)
		}
	}
	before := f.kept()
	_, work := says(f.narrow(narrowing{only: &layer{title: "even", pick: func(_ *pipeline.Snapshot, i int) bool { return i%2 == 0 }, on: true}, whole: true}))
	for _, do := range work {
		give(f, do())
	}
	if left() != 36 || !f.muted() || !slices.Equal(f.kept(), before) || len(before) != 3 {
		t.Errorf("the place shows %d entries, muted %v, and the case keeps %v", left(), f.muted(), f.kept())
	}
}

// TestRunsPart: an answer that comes too late is dropped, and what the models know
// is not asked again.
func TestRunsPart(t *testing.T) {
	in := screentest.Load(t)
	r := &runs{ctx: t.Context(), analysis: silent{}, params: pipeline.DefaultConfig().Params}
	defer r.wait()
	if got := give(r, runEvent{r.id + 1, pipeline.StageFinished{Stage: pipeline.Detect, Snapshot: in.Plain}, nil}); got != nil || r.analysed != nil {
		t.Errorf("of another run it says %q", got)
	}
	none := make(chan tea.Msg)
	close(none)
	if got := give(r, runEvent{r.id, pipeline.StageFinished{Stage: pipeline.Detect, Snapshot: in.Plain}, none}); !slices.Equal(got, []string{"message.Progress", "message.Snapshot"}) || r.analysed != in.Plain {
		t.Errorf("of a stage it says %q", got)
	}
	r.asked = question{params: r.params}
	r.Update(labelsChanged{set: in.Labels})
	if r.answered() {
		t.Error("newer labels are not asked about")
	}
	if cmd, _ := r.Update(judgeDue{r.due - 1}); cmd != nil {
		t.Error("a wish that was replaced is granted")
	}
	r.Update(labelsChanged{set: label.Set{}, known: label.Set{}, unchanged: true})
	if !r.answered() {
		t.Error("undo does not lead back to what the models know")
	}
	for name, value := range map[string]string{"trees": "0", "seed": "x", "depth": "1"} {
		cmd, _ := r.Update(message.SetOption{Name: name, Value: value})
		if got, _ := says(cmd); len(got) != 1 || !strings.HasPrefix(got[0], "could not set "+name) || !r.answered() {
			t.Errorf("%s %s: it says %q", name, value, got)
		}
	}
	if text, _ := r.halt(); text != "" {
		t.Errorf("without a run it says %q", text)
	}
}

// TestExportsPart: an export waits until the models know every label.
func TestExportsPart(t *testing.T) {
	in := screentest.Load(t)
	e := &exports{ctx: t.Context(), analysis: silent{}, runs: &runs{labels: in.Labels}}
	defer e.runs.wait()
	give(e, message.Snapshot{Snapshot: in.Labelled})
	ask := message.Export{Dir: "out"}
	if got := give(e, ask); len(got) != 1 || !strings.Contains(got[0], "the log is not read yet") {
		t.Errorf("before the log is read it says %q", got)
	}
	e.runs.analysed = in.Labelled
	if got := give(e, ask); len(got) != 1 || !strings.Contains(got[0], "as soon as they have") || !e.busy() {
		t.Errorf("while the models learn it says %q", got)
	}
	if got := give(e, settled{}); got != nil || !e.busy() {
		t.Errorf("before they have learnt it says %q", got)
	}
	e.runs.asked.labels = in.Labels
	if got := give(e, settled{}); len(got) != 2 || !strings.Contains(got[0], "writing to out") || !strings.Contains(got[1], "0 files written to out") || e.busy() {
		t.Errorf("then it says %q, busy %v", got, e.busy())
	}
	e.waiting = &order{Export: ask}
	if give(e, runFailed{}); e.busy() {
		t.Error("an export waits for a run that has failed")
	}
}

// TestPromptOverlay: what was typed wrong stays, beside the reason, and what was
// typed is there again.
func TestPromptOverlay(t *testing.T) {
	typed := &typedLines{lines: map[string][]string{}}
	var done []string
	open := func() *prompt {
		return newPrompt(theme.Plain(), purpose{name: "test", sign: "> ", what: "do that", do: func(text string) (tea.Cmd, error) {
			if text == "bad" {
				return nil, errors.New("it is bad")
			}
			done = append(done, text)
			return nil, nil
		}}, typed)
	}
	press := func(o *prompt, names ...string) (stays bool) {
		for _, name := range names {
			_, stays = o.Update(screentest.Key(name))
		}
		return stays
	}
	o := open()
	if !press(o, "b", "a", "d", "enter") || o.reason() != "could not do that: it is bad" {
		t.Errorf("it is closed, or says %q", o.reason())
	}
	if !press(o, "backspace") || o.err != nil {
		t.Error("the reason outlives the next key")
	}
	if press(o, "y", "enter") || !slices.Equal(done, []string{"bay"}) {
		t.Errorf("done is %q", done)
	}
	o = open()
	press(o, "up", "up", "enter")
	if !slices.Equal(done, []string{"bay"}) || o.err == nil {
		t.Errorf("the earlier lines are %q", typed.lines["test"])
	}
	if press(open(), "esc") {
		t.Error("esc leaves it open")
	}
}

// TestFilterListOverlay switches filters and takes them away.
func TestFilterListOverlay(t *testing.T) {
	f := &filtering{ctx: context.Background(), group: &sync.WaitGroup{}, analysis: silent{}, history: &history{labels: &labelling{}}}
	for _, term := range []string{"user:a", "user:b"} {
		give(f, message.AddFilter{Term: term})
	}
	f.stack[1].muted = true
	o := &filterList{theme: theme.Plain(), filters: f}
	o.SetSize(60, 10)
	if view := o.View(""); !strings.Contains(view, "off here  user:b") {
		t.Errorf("a filter that does not count here is shown as\n%s", view)
	}
	for _, c := range []struct {
		keys []string
		want []casefile.Filter
	}{
		{[]string{" "}, []casefile.Filter{{Term: "user:a"}, {Term: "user:b", On: true}}},
		{[]string{"down", " "}, []casefile.Filter{{Term: "user:a"}, {Term: "user:b", On: true}}}, // it counts now
		{[]string{" "}, []casefile.Filter{{Term: "user:a"}, {Term: "user:b"}}},
		{[]string{"x"}, []casefile.Filter{{Term: "user:a"}}},
	} {
		for _, name := range c.keys {
			if _, open := o.Update(screentest.Key(name)); !open {
				t.Errorf("%q closes it", name)
			}
		}
		if got := f.kept(); !slices.Equal(got, c.want) {
			t.Errorf("after %q there are %v, want %v", c.keys, got, c.want)
		}
	}
	if cmd, open := o.Update(screentest.Key("f")); open || cmd() != (filterAsked{}) {
		t.Error("f does not lead to the prompt")
	}
}
