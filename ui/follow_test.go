package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"sqleuth/analysis/export"
	"sqleuth/analysis/follow"
	"sqleuth/analysis/incident"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/model"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// live is a log that a test writes, and the program that follows it.
type live struct {
	*story
	path string
	rest []byte // of the log, that is not written yet
}

// livelog is of MySQL 5.6: an attacker comes in its last third.
func livelog(t *testing.T) *live {
	t.Helper()
	data, err := os.ReadFile("../testdata/mysql56/general.log")
	if err != nil {
		t.Fatal(err)
	}
	return &live{story: &story{T: t}, path: filepath.Join(t.TempDir(), "general.log"), rest: data}
}

// config is a config whose log is followed.
func (l *live) config(t *testing.T) Config {
	t.Helper()
	cfg := config(t)
	log, err := follow.Open([]string{l.path}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { log.Close() })
	cfg.Analysis = NewFollowed(log, pipeline.DefaultConfig(), export.Options{Version: "test", Files: export.Evidence})
	return cfg
}

// follow begins the program, which looks at the log all the time.
func (l *live) follow(t *testing.T, cfg Config) {
	t.Helper()
	l.story = beginAs(t, cfg, 120, 40, func(a *app) { a.follow.every, a.follow.least = 10*time.Millisecond, 0 })
}

// write writes the log on to before a mark, and some bytes more.
func (l *live) write(before string, more int) {
	l.Helper()
	n := len(l.rest)
	if before != "" {
		n = bytes.Index(l.rest, []byte(before)) + more
	}
	f, err := os.OpenFile(l.path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err == nil {
		_, err = f.Write(l.rest[:n])
	}
	if err = errors.Join(err, f.Close()); err != nil {
		l.Fatal(err)
	}
	l.rest = l.rest[n:]
}

// reads waits until as many entries are known, and no more can come.
func (l *live) reads(entries int) {
	l.Helper()
	l.until(func(a *app) bool {
		s := a.places.snapshot
		return s != nil && s.Len() == entries && s.Ranking != nil && a.runs.cancel == nil && a.follow.stop == nil
	})
}

// Marks in the log: the entry that each begins with has the number of entries before it.
const (
	mark1, before1 = "250311  9:16:00", 656
	mark2, before2 = "250311  9:43:00", 776
	mark3          = "250311  9:44:25"
	before4        = 937
)

// described is all of a snapshot that a test compares.
func described(s *pipeline.Snapshot) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d entries, %+v\n", s.Len(), s.Coverage)
	for c := range s.Connections.Len() {
		fmt.Fprintf(&b, "%s %+v %.4f\n", s.Connections.Name(c), s.Connections.Peek(c), s.Ranking.Score(uint32(c)))
	}
	for i := range s.Len() {
		fmt.Fprintf(&b, "%d %s %s\n", s.Entries.Offset(i), s.Moment(i).Format(time.DateTime), s.Templates[s.Template(i)].EventID)
	}
	for _, d := range s.Detections {
		fmt.Fprintf(&b, "%s %v\n", d.Rule.Name, d.Entries)
	}
	for _, x := range s.Incidents {
		x.Formerly = nil
		fmt.Fprintf(&b, "%+v\n", x)
	}
	return b.String()
}

// TestFollow: a log that is written in steps, rotated between two of them, is known in
// the end as it would be had it been opened whole; place, marks and labels stay.
func TestFollow(t *testing.T) {
	l := livelog(t)
	l.follow(t, l.config(t))
	l.sees("waiting for the log to be written")
	l.write(mark1, len("250311  9:1")) // in the middle of a line
	l.reads(before1)
	l.types(":entries")
	l.press(widget.PromptKeys().Enter)
	l.press(widget.TableKeys().Down, widget.TableKeys().Down, widget.TableKeys().Mark)
	l.types("1")
	l.sees("login_attack: ")
	l.until(func(a *app) bool { return a.places.snapshot.Truth.Labels == a.labels.set })
	l.write(mark2, 0)
	l.reads(before2)
	l.until(func(a *app) bool {
		marks, row := a.places.lists(a.places.at)[0].Marks(), a.places.now().row
		return a.places.at == message.Entries && row == 4 && marks.Len() == 1 && marks.Has(2) && a.labels.set.Labelled() == 1
	})
	l.press(widget.TableKeys().Bottom)
	l.until(func(a *app) bool { return a.places.now().row == before2 })
	l.sees("following, last read 09:00:00, +120 entries")
	l.write("  ( YEAR( wp_posts", 0) // behind the first line of an entry
	l.reads(before4)
	l.until(func(a *app) bool { return a.places.now().row == before4 })
	if err := os.Rename(l.path, l.path+".1"); err != nil {
		t.Fatal(err)
	}
	l.write("", 0)
	l.sees("the log was rotated: " + l.path)
	l.reads(1053)
	l.until(func(a *app) bool { return a.places.now().row == 1053 }) // on the last row, wherever that is
	a := l.ends()
	set, err := logfile.Open([]string{l.path, l.path + ".1"}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	cfg := pipeline.DefaultConfig()
	whole, err := NewAnalysis(set, cfg, export.Options{}).Run(context.Background(), cfg.Params, nil, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	s := a.places.snapshot
	if s.Truth.Labels != a.labels.set {
		t.Error("the models do not know the label")
	}
	// Without the label, which the ranking knows.
	s, err = a.runs.analysis.Judge(context.Background(), cfg.Params, s, whole.Truth.Labels, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := described(s), described(whole); got != want {
		t.Errorf("followed it is known as\n%s\nand opened whole as\n%s", got, want)
	}
}

// TestFollowAnnounces an incident as soon as it is in the log, and one key goes there.
func TestFollowAnnounces(t *testing.T) {
	l := livelog(t)
	l.write(mark2, 0)
	l.follow(t, l.config(t))
	l.reads(before2)
	l.types(":templates")
	l.press(widget.PromptKeys().Enter)
	l.write(mark3, 0)
	l.sees("new incident A, ")
	l.sees("1 new incident (I), following")
	l.write("", 0)
	l.reads(1053)
	l.sees("incident A, critical: root@127.0.0.66, ")
	l.press(globalKeys.Fresh)
	l.until(func(a *app) bool {
		list := a.places.lists(message.Overview)[0]
		row, ok := list.Row()
		return a.places.at == message.Overview && ok && row == 0 && len(a.follow.fresh) == 0
	})
	l.press(globalKeys.Fresh)
	l.sees("no incident is new or graver")
	l.ends()
}

// TestFollowPauses: what comes while the log is let be is read when it is followed again.
func TestFollowPauses(t *testing.T) {
	l := livelog(t)
	l.write(mark1, 0)
	l.follow(t, l.config(t))
	l.reads(before1)
	l.press(globalKeys.Follow)
	l.sees("the log is let be; T follows it again")
	l.sees("following is off, last read")
	l.write(mark2, 0)
	l.until(func(a *app) bool { return a.follow.more })
	l.reads(before1)
	l.types(":follow on")
	l.press(widget.PromptKeys().Enter)
	l.reads(before2)
	l.types(":follow off")
	l.press(widget.PromptKeys().Enter)
	l.sees("let be")
	l.types(":follow off")
	l.press(widget.PromptKeys().Enter)
	l.sees("the log is not followed already")
	l.ends()
}

// TestFollowLosesAloud: of a log that was emptied without a copy what is gone is counted,
// and nothing is marked any more by numbers that mean others now.
func TestFollowLosesAloud(t *testing.T) {
	l := livelog(t)
	l.write(mark1, 0)
	l.follow(t, l.config(t))
	l.reads(before1)
	l.types(":entries")
	l.press(widget.PromptKeys().Enter)
	l.press(widget.TableKeys().Mark, widget.TableKeys().Bottom)
	l.until(func(a *app) bool { return a.places.now().row == before1 && !a.keep.saving && !a.keep.unsaved })
	if err := os.Truncate(l.path, 0); err != nil {
		t.Fatal(err)
	}
	l.sees("could not keep what was read: general.log was emptied, and no copy is beside it: 656 entries are lost")
	l.write(mark2, 0)
	l.reads(before2 - before1)
	l.sees("656 lost, following")
	l.until(func(a *app) bool {
		return a.places.lists(message.Entries)[0].Marks().Len() == 0 && len(a.places.past) == 0
	})
	l.press(globalKeys.Undo)
	l.sees("there is nothing to undo")
	l.ends()
}

// held is a log whose second analysis is answered late, whether or not it is cancelled.
type held struct {
	Followed
	done, release chan struct{}
	once          sync.Once
}

func (h *held) Again(_ context.Context, params model.Params, labels label.Set, before []incident.Incident) (*pipeline.Snapshot, error) {
	s, err := h.Followed.Again(context.Background(), params, labels, before)
	h.once.Do(func() {
		close(h.done)
		<-h.release
	})
	return s, err
}

// TestFollowDropsWhatIsLost: the analysis under way while the log is emptied is of the
// log of before, and is not shown; the one that follows takes its place.
func TestFollowDropsWhatIsLost(t *testing.T) {
	l := livelog(t)
	l.write(mark1, 0)
	cfg := l.config(t)
	h := &held{Followed: cfg.Analysis.(Followed), done: make(chan struct{}), release: make(chan struct{})}
	cfg.Analysis = h
	l.follow(t, cfg)
	l.reads(before1)
	l.write(mark2, 0)
	arrives(t, h.done)
	if err := os.Truncate(l.path, 0); err != nil {
		t.Fatal(err)
	}
	l.sees("656 entries are lost")
	close(h.release)
	l.write("  ( YEAR( wp_posts", 0)
	const after = before4 - before2
	l.reads(after)
	l.until(func(a *app) bool { return a.follow.came == after && a.follow.lost == before1 })
	l.ends()
}

// TestFollowTriesAgain: an analysis that failed is made again though nothing comes to
// the log, and the same error is shown once.
func TestFollowTriesAgain(t *testing.T) {
	f := &following{}
	for k, text := range []string{"a disk fails", "a disk fails", "another one"} {
		f.stop, f.more = func() {}, false
		cmd := f.take(readAgain{err: errors.New(text)})
		if shown := cmd != nil; shown != (k != 1) || !f.more {
			t.Errorf("error %d: shown %v, more %v", k, shown, f.more)
		}
	}
}

// TestFollowKeepsItsCase: what is labelled while the log is written is found when it
// is opened later, grown and rotated.
func TestFollowKeepsItsCase(t *testing.T) {
	l := livelog(t)
	l.write(mark1, 0)
	cfg := l.config(t)
	l.follow(t, cfg)
	l.reads(before1)
	l.types(":entries")
	l.press(widget.PromptKeys().Enter)
	l.types("1")
	l.sees("login_attack: ")
	l.write(mark2, 0)
	l.reads(before2)
	l.press(widget.TableKeys().Bottom)
	l.types("2")
	l.sees("get_user_table: ")
	l.ends()
	if err := os.Rename(l.path, l.path+".1"); err != nil {
		t.Fatal(err)
	}
	l.write("", 0)
	set, err := logfile.Open([]string{l.path, l.path + ".1"}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	later := config(t)
	later.CaseDir = cfg.CaseDir
	later.Analysis = NewAnalysis(set, pipeline.DefaultConfig(), export.Options{})
	again := begin(t, later, 120, 40)
	again.sees("resumed: 2 labels of 2024-07-11 (of the log when it was shorter)")
	again.ends()
}

// stalled is a log whose second analysis does not come to its end.
type stalled struct {
	Followed
	entered chan struct{}
}

func (s *stalled) Again(ctx context.Context, _ model.Params, _ label.Set, _ []incident.Incident) (*pipeline.Snapshot, error) {
	close(s.entered)
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestFollowEnds with the program, while it waits and while it analyses.
func TestFollowEnds(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Run("waiting", func(t *testing.T) {
		l := livelog(t)
		l.follow(t, l.config(t))
		l.sees("waiting for the log to be written")
		l.ends()
	})
	t.Run("analysing", func(t *testing.T) {
		l := livelog(t)
		l.write(mark1, 0)
		cfg := l.config(t)
		s := &stalled{cfg.Analysis.(Followed), make(chan struct{})}
		cfg.Analysis = s
		l.follow(t, cfg)
		l.reads(before1)
		l.write(mark2, 0)
		arrives(t, s.entered)
		l.ends()
	})
	// teatest's own waits for a signal for ever.
	goleak.VerifyNone(t, before, goleak.IgnoreTopFunction("github.com/charmbracelet/x/exp/teatest.NewTestModel.func2"))
}
