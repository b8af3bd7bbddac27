package main

import (
	"strings"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/genlog"
	"sqleuth/analysis/label"
)

// TestSpread follows the connections of logs that are spread over more of them
// than were recorded: their number, ids in the order of the logins, nothing in
// front of a login and nothing behind a Quit, the account kept, and labels that
// name all of the attacker's and nobody else's.
func TestSpread(t *testing.T) {
	c := incident(t)
	for _, tt := range []struct {
		name                 string
		entries, connections int64
		diverse              bool
	}{
		{"as recorded", int64(len(c.entries)), 5848, false},
		{"twice as many", int64(len(c.entries)), 12_000, false},
		{"five entries each", 300_000, 60_000, true},
		{"three entries each", 200_000, 66_000, false},
	} {
		if testing.Short() && tt.entries > int64(len(c.entries)) {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			log, labels := generateWith(t, c, options{entries: tt.entries, connections: tt.connections, seed: 1, diverse: tt.diverse})
			f := follow(t, log)
			if f.entries != tt.entries {
				t.Errorf("%d entries, want %d", f.entries, tt.entries)
			}
			view := f.tracker.View()
			if got := int64(view.Len()); got < tt.connections*99/100 || got > tt.connections*101/100 {
				t.Errorf("%d connections, want %d", got, tt.connections)
			}
			checkLabels(t, view, labels)
		})
	}
}

// followed is what follow has seen.
type followed struct {
	entries int64
	tracker *connection.Tracker
}

func follow(t *testing.T, log []byte) followed {
	t.Helper()
	f := followed{tracker: connection.NewTracker()}
	var ended map[uint64]bool
	highest := uint64(0)
	banner := func() {
		f.tracker.Banner()
		ended, highest = map[uint64]bool{}, 0
	}
	scan(log, banner, func(r *genlog.Record) {
		if _, seen := ended[r.ID]; !seen {
			// The incident logs few entries of connections before their logins.
			if r.ID < highest && highest-r.ID > 200 {
				t.Errorf("entry %d: id %d comes after %d", f.entries, r.ID, highest)
			}
			highest = max(highest, r.ID)
		}
		if ended[r.ID] {
			t.Errorf("entry %d: %d goes on behind its Quit: %.80q", f.entries, r.ID, r.Raw)
		}
		ended[r.ID] = string(r.Command) == "Quit"
		f.tracker.Observe(int(f.entries), r.ID, string(r.Command), r.Argument)
		f.entries++
	})
	return f
}

// checkLabels compares a labels file with the connections of the attacker.
func checkLabels(t *testing.T, view connection.View, labels []byte) {
	t.Helper()
	file, err := label.Read(strings.NewReader(string(labels)))
	if err != nil {
		t.Fatal(err)
	}
	records, resolution := file.Resolve(view.Epochs())
	if resolution.Unknown != 0 || resolution.Ambiguous != 0 || len(records) != len(file.Rows) {
		t.Errorf("%d rows name %d connections: %+v", len(file.Rows), len(records), resolution)
	}
	labelled := map[label.Ref]bool{}
	for _, r := range records {
		labelled[r.Ref] = true
	}
	for i := range view.Len() {
		if attacks := view.Text(view.At(i).Host) == attacker; attacks != labelled[view.Ref(i)] {
			t.Errorf("connection %s of %s: labelled is %v", view.Name(i), view.Text(view.At(i).Host), labelled[view.Ref(i)])
		}
	}
}

func TestSpreadRefuses(t *testing.T) {
	c := incident(t)
	for _, connections := range []int64{1, 5847, 40_000_000} {
		if _, err := newSpread(c, int64(len(c.entries)), connections); err == nil {
			t.Errorf("%d connections: no error", connections)
		}
	}
}
