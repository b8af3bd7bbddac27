package ui

import (
	"slices"
	"testing"

	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
	"sqleuth/ui/message"
	"sqleuth/ui/widget"
)

func (s *story) command(text string) {
	s.press(globalKeys.Command)
	s.types(text)
	s.press(widget.PromptKeys().Enter)
}

// What is declared normal is reported, listed, and reverted by undo and in the
// list.
func TestThisIsNormal(t *testing.T) {
	cfg := config(t)
	cfg.Analyst = "Ann"
	s := begin(t, cfg, 120, 30)
	s.sees("✓ rank")
	s.command("goto connections")
	s.until(func(a *app) bool { return a.places.at == message.Connections })
	s.command("normal digest")
	s.sees("put the cursor on an entry")
	s.press(globalKeys.Escape)
	s.command("normal account nightly load, OPS-7")
	s.sees("is normal from now on; u takes it back")
	var said []label.Usual
	s.until(func(a *app) bool { said = a.labels.set.Usual(); return len(said) == 1 })
	if said[0].Analyst != "Ann" || said[0].User == "" {
		t.Errorf("said: %+v", said)
	}
	s.until(func(a *app) bool {
		return a.runs.answered() && a.runs.cancel == nil && a.places.snapshot.Truth != nil && len(a.places.snapshot.Truth.Labels.Usual()) == 1
	})
	s.press(globalKeys.Undo)
	s.until(func(a *app) bool { return len(a.labels.set.Usual()) == 0 })
	s.press(globalKeys.Redo)
	s.until(func(a *app) bool { return len(a.labels.set.Usual()) == 1 })
	s.command("normal list")
	s.sees("Declared normal")
	s.sees("by Ann on")
	s.sees(": nightly load, OPS-7")
	s.types("x")
	s.until(func(a *app) bool { return len(a.labels.set.Usual()) == 0 })
	s.sees(":normal digest, account or host does")
	s.press(globalKeys.Escape)
	s.command("new")
	s.sees("compared with the log itself")
	s.press(globalKeys.Escape)
	s.ends()
}

// TestAnIncidentIsNormal: on an incident, all its accounts or hosts are meant, in one
// step; a digest is that of an entry.
func TestAnIncidentIsNormal(t *testing.T) {
	s := begin(t, config(t), 120, 30)
	s.sees("✓ rank")
	s.until(func(a *app) bool { return a.places.focus().Incident.ID != "" })
	s.command("normal digest")
	s.sees("put the cursor on an entry")
	s.press(globalKeys.Escape)
	s.types("0")
	s.sees("; :normal account for all alike")
	s.command("normal host")
	s.sees("all that comes from 127.0.0.66 is normal from now on; u takes it back")
	s.command("normal host")
	s.sees("all that comes from 127.0.0.66 is normal already")
	s.ends()
}

// Who is unknown is not declared normal along with somebody, as what the event scheduler
// sends for an actor.
func TestNormalOfKnownLogins(t *testing.T) {
	const log = "2026-03-02T10:00:00.000000Z\t    7 Query\tSELECT 1\n" +
		"2026-03-02T10:00:01.000000Z\t    8 Connect\troot@10.0.0.9 on  using TCP/IP\n"
	set, err := logfile.OpenBytes("two", []byte(log), logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	s, err := pipeline.Run(t.Context(), pipeline.DefaultConfig(), set, nil, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ of, want []int }{{[]int{0, 1}, []int{1}}, {[]int{0}, []int{0}}, {[]int{1}, []int{1}}} {
		if got := withLogin(s, c.of); !slices.Equal(got, c.want) {
			t.Errorf("of %v it is %v that are declared normal, want %v", c.of, got, c.want)
		}
	}
}

// A label keeps by what it was given, and by whom.
func TestLabelsKeepTheirSource(t *testing.T) {
	cfg := config(t)
	cfg.Analyst = "Ann"
	s := begin(t, cfg, 120, 30)
	s.sees("✓ rank")
	s.command("goto connections")
	s.until(func(a *app) bool { return a.places.at == message.Connections })
	s.types("1")
	verdicts := func(n int) (list []label.Verdict) {
		s.until(func(a *app) bool {
			list = nil
			for r := range a.labels.set.All() {
				list = append(list, r.Verdict)
			}
			return len(list) >= n
		})
		return list
	}
	if v := verdicts(1)[0]; v.By() != "key, Ann" {
		t.Errorf("a key: by %q", v.By())
	}
	s.types(" ")
	s.types("j")
	s.types(" ")
	s.types("1")
	found := false
	for _, v := range verdicts(2) {
		found = found || v.By() == "range, Ann"
	}
	if !found {
		t.Errorf("marked rows: %+v", verdicts(2))
	}
	s.types("D")
	s.sees("learned>0.5")
	s.ends()
}
