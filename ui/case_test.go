package ui

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/analysis/casefile"
	"sqleuth/analysis/label"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

// TestResumedIsSaid: what the case file held, and of when.
func TestResumedIsSaid(t *testing.T) {
	cfg := config(t)
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	s.press(widget.TableKeys().Down, widget.TableKeys().Mark, widget.TableKeys().Mark)
	s.types("1")
	s.sees("login_attack: the connections of 2 marked rows")
	s.program.Send(message.AddFilter{Term: "host:127.0.0.66"})
	s.sees("18 of 71")
	s.ends()
	next := config(t) // a set of files is read once
	next.CaseDir = cfg.CaseDir
	again := begin(t, next, 100, 30)
	again.sees("resumed: 2 labels of 2024-07-11, 1 filter")
	again.ends()
}

// TestLookingLeavesNoCase: where nothing was done with a log, nothing is kept of it.
func TestLookingLeavesNoCase(t *testing.T) {
	cfg := config(t)
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	s.press(key.NewBinding(key.WithKeys(globalKeys.Jump.Keys()[2])), widget.TableKeys().Bottom)
	s.sees("[Entries]")
	if err := s.ends().keep.flush(); err != nil {
		t.Fatal(err)
	}
	if files, err := os.ReadDir(cfg.CaseDir); err != nil || len(files) > 0 {
		t.Errorf("there are %v, %v", files, err)
	}
}

// TestMarksAreKept in the case, and set again when the log is opened; taken away
// they are forgotten.
func TestMarksAreKept(t *testing.T) {
	cfg := config(t)
	s := begin(t, cfg, 100, 30)
	s.sees("✓ rank")
	for _, at := range []int{1, 2} {
		s.press(key.NewBinding(key.WithKeys(globalKeys.Jump.Keys()[at])))
		s.press(widget.TableKeys().Mark, widget.TableKeys().Mark)
		s.sees("2 marked")
	}
	s.ends()
	next := config(t)
	next.CaseDir = cfg.CaseDir
	again := begin(t, next, 100, 30)
	again.sees("resumed: 4 marked rows")
	for _, at := range []int{1, 2} {
		again.press(key.NewBinding(key.WithKeys(globalKeys.Jump.Keys()[at])))
		again.sees("2 marked")
		again.press(globalKeys.Escape)
	}
	again.ends()
	file, err := os.ReadDir(cfg.CaseDir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range file {
		if data, err := os.ReadFile(filepath.Join(cfg.CaseDir, f.Name())); err != nil || strings.Contains(string(data), "ranges") {
			t.Errorf("%s still has marks, %v:\n%s", f.Name(), err, data)
		}
	}
}

// TestKeepMarks replaces the marks of one list of one reading, and reports whether
// there is something to save.
func TestKeepMarks(t *testing.T) {
	one := func(list, reading string, ranges ...[2]int) casefile.Marks {
		return casefile.Marks{List: list, Reading: reading, Ranges: ranges}
	}
	all := []casefile.Marks{one("connections", "default", [2]int{0, 1}), one("entries", "notebook", [2]int{2, 3})}
	for _, c := range []struct {
		m       casefile.Marks
		want    []casefile.Marks
		changed bool
	}{
		{all[0], all, false},
		{one("entries", "default"), all, false},
		{one("entries", "default", [2]int{4, 9}), []casefile.Marks{all[0], one("entries", "default", [2]int{4, 9}), all[1]}, true},
		{one("entries", "notebook"), all[:1], true},
	} {
		if got, changed := keepMarks(all, c.m); changed != c.changed || !slices.EqualFunc(got, c.want, casefile.Marks.Equal) {
			t.Errorf("%+v: %v %v, want %v %v", c.m, got, changed, c.want, c.changed)
		}
	}
}

func TestResumed(t *testing.T) {
	record := func(id uint64, day int, note string) label.Record {
		at := time.Date(2024, 7, day, 9, 0, 0, 0, time.UTC)
		r := label.Record{Ref: label.Ref{Epoch: 1, ID: id}, Verdict: label.Verdict{Class: label.LoginAttack, Source: label.ByAnalyst, At: at}}
		if note != "" {
			r.Note = label.Note{Text: note, At: at}
		}
		return r
	}
	set, err := label.NewSet(nil, []label.Record{record(1, 12, ""), record(2, 10, "seen"), record(3, 11, "")})
	if err != nil {
		t.Fatal(err)
	}
	for want, c := range map[string]casefile.Case{
		"": {},
		"resumed: 3 labels of 2024-07-10 to 2024-07-12, 1 note": {Labels: set},
		"resumed: 3 marked rows":                                {Marks: []casefile.Marks{{Ranges: [][2]int{{0, 2}, {5, 6}}}}},
		"resumed: 2 filters (1 on)":                             {Filters: []casefile.Filter{{Term: "a", On: true}, {Term: "b"}}},
	} {
		if got := resumed(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
