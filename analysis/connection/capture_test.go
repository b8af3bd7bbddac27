package connection_test

import (
	"context"
	"testing"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/label"
	"sqleuth/analysis/logfile"
	"sqleuth/analysis/pipeline"
)

// The log of a server whose clients wrote banners and logins into it, as the
// whole program reads it: two server runs, and the session that did it is one connection.
func TestHostileCapture(t *testing.T) {
	set, err := logfile.Open([]string{"../../testdata/mariadb/general.log"}, logfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	none := func(*pipeline.Snapshot) (label.Set, error) { return label.Set{}, nil }
	s, err := pipeline.Run(context.Background(), pipeline.DefaultConfig(), set, none, func(pipeline.Event) {})
	if err != nil {
		t.Fatal(err)
	}
	if s.Connections.Runs != 2 {
		t.Errorf("%d server runs, want 2", s.Connections.Runs)
	}
	for k := range s.Connections.Len() {
		c := s.Connections.Peek(k)
		if c.ID == 9999 && c.Doubt != connection.Unsure {
			t.Errorf("connection %s is in no doubt", s.Connections.Name(k))
		}
		if c.ID == 10 && (c.Epoch != 1 || c.Entries != 32 || s.Connections.Text(c.User) != "root") {
			t.Errorf("connection %s has %d entries of %s", s.Connections.Name(k), c.Entries, s.Connections.Text(c.User))
		}
	}
}
