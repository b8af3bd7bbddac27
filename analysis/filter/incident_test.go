package filter

import (
	"errors"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/store"
)

// TestIncident: a letter, an id and a stage name entries, and nothing else does.
func TestIncident(t *testing.T) {
	var columns store.Columns
	tracker := connection.NewTracker()
	for i := range 6 {
		columns.Append(store.Entry{Offset: int64(i), Connection: tracker.Observe(i, 1, "Query", nil)})
	}
	log := &Subject{Log: &loaded.Log{Entries: columns.View(), Rows: []store.Row{{}}, Connections: tracker.View()}}
	selected := func(source string) (string, error) {
		f, err := Parse(source)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		p, err := Compile(t.Context(), f, log)
		if err != nil {
			return "", err
		}
		s, err := p.Run(t.Context(), func(*Selection) {})
		if err != nil {
			t.Fatal(err)
		}
		out := ""
		for i := range 6 {
			if s.Contains(i) {
				out += string(rune('0' + i))
			}
		}
		return out, nil
	}
	if _, err := selected("incident:A"); !errors.Is(err, ErrUnavailable) {
		t.Errorf("before they are looked for: %v", err)
	}
	log.Incidents = []Incident{
		{ID: "0123abcd", Letter: "A", Entries: []uint32{1, 2, 4}}, {ID: "0123abcd/covering tracks", Letter: "A/covering tracks", Entries: []uint32{4}},
		{ID: "ffff0000", Letter: "B", Entries: []uint32{2, 5}},
	}
	for source, want := range map[string]string{
		"incident:A": "124", "incident:a": "124", "incident:0123ABCD": "124", "incident:B": "25", "incident:*": "1245", "incident:A,B": "1245", "incident:C": "",
		"not incident:A": "035", "-incident:*": "03", Term("incident", "A/covering tracks"): "4", "incident:A/*": "4",
	} {
		if got, err := selected(source); err != nil || got != want {
			t.Errorf("%s selects %q, %v, want %q", source, got, err, want)
		}
	}
}
