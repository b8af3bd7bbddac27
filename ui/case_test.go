package ui

import (
	"testing"
	"time"

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
	s.press(widget.TableKeys().Mark, widget.TableKeys().Mark)
	s.types("1")
	s.sees("login_attack: 2 marked")
	s.program.Send(message.AddFilter{Term: "host:127.0.0.66"})
	s.sees("18 of 71")
	s.ends()
	next := config(t) // a set of files is read once
	next.CaseDir = cfg.CaseDir
	again := begin(t, next, 100, 30)
	again.sees("resumed: 2 labels of 2024-07-11, 1 filter")
	again.ends()
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
		"resumed: 2 filters (1 on)":                             {Filters: []casefile.Filter{{Term: "a", On: true}, {Term: "b"}}},
	} {
		if got := resumed(c); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
