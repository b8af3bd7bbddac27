package entries

import (
	"strings"
	"testing"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
	"sqleuth/analysis/pipeline"
	"sqleuth/analysis/store"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// withMessages is a snapshot with messages of the server before its third entry and
// behind its last; the first is where the log has the second entry.
func withMessages(s *pipeline.Snapshot) *pipeline.Snapshot {
	n := *s
	at := s.Entries.Offset(1)
	n.Messages = []loaded.Message{
		{Offset: at, Bytes: s.Entries.Offset(2) - at, Time: s.Entries.Time(2), ID: 48, Kind: genlog.ErrorLog, Level: "Warning", Text: "Access denied for user \x1b[2Jroot\u202e", Entry: 2},
		{Offset: at, Bytes: 20, Time: store.NoTime, Kind: genlog.ErrorLog, Text: "no time and no thread", Entry: s.Len(), Doubtful: true},
	}
	return &n
}

// Messages of the server are between the entries, have a pane of their own, and are
// in nothing that is counted, marked or labelled; filters hide them.
func TestMessagesBetweenEntries(t *testing.T) {
	in := screentest.Load(t)
	s := withMessages(in.Labelled)
	m := shown(t, in, s)
	if got := m.list.Len(); got != s.Len()+2 {
		t.Fatalf("%d rows, want %d entries and 2 messages", got, s.Len())
	}
	m = pressed(m, "down", "down")
	if k, ok := m.list.CurrentAside(); !ok || k != 0 {
		t.Fatalf("the third row is message %d (%v)", k, ok)
	}
	t.Run("list", func(t *testing.T) { screentest.Golden(t, m) })
	screentest.FitsEverywhere(t, m, false)
	if f := m.Focus(); !f.Target.Empty() || f.Term != "" || f.Copy.What != "the message" {
		t.Errorf("keys act on %+v", f)
	}
	for _, name := range []string{"o", "c", " "} {
		m, requests := send(m, screentest.Key(name))
		if len(requests) != 1 || m.list.Marks().Len() > 0 {
			t.Errorf("%q is answered with %v", name, requests)
		} else if _, ok := requests[0].(message.Notice); !ok {
			t.Errorf("%q is answered with %T", name, requests[0])
		}
	}
	open := pressed(m, "enter")
	t.Run("pane", func(t *testing.T) { screentest.Golden(t, open) })
	screentest.FitsEverywhere(t, open, false)
	if next := pressed(open, "down"); !strings.Contains(next.View(), "entry 3,") {
		t.Errorf("on the next row the pane shows\n%s", next.View())
	}
	t.Run("last", func(t *testing.T) { screentest.Golden(t, pressed(open, list.Keys().Bottom.Keys()[0])) })

	filtered, _ := send(m, message.Filtered{Active: []string{"cmd:Query"}, Entries: selection{1, 2, 5}, Connections: selection{0}})
	if i, ok := filtered.list.Current(); filtered.list.Len() != 3 || !ok || i != 2 {
		t.Errorf("filtered there are %d rows, the cursor on entry %d (%v)", filtered.list.Len(), i+1, ok)
	}
	if got := transcript(m, 0); got.list.Len() != len(s.ByConnection.Entries(0)) {
		t.Errorf("a transcript has %d rows, want %d", got.list.Len(), len(s.ByConnection.Entries(0)))
	}
}
