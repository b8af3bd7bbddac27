package pipeline

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"sqleuth/analysis/genlog"
	"sqleuth/analysis/loaded"
)

// Messages come before the entry that follows them, in whichever batch they came,
// and local times are taken to the zone that was given.
func TestMessagesStandBetweenEntries(t *testing.T) {
	var log strings.Builder
	for i := range 3 {
		fmt.Fprintf(&log, "19101%d 10:12:40\t     8 Query\tSELECT %d\n2019-10-1%d 10:13:00 9 [Warning] x\n", i, i, i)
	}
	cfg := DefaultConfig()
	cfg.Params.Trees, cfg.Zone = 2, time.FixedZone("", 2*60*60)
	s, err := Run(context.Background(), cfg, openText(t, log.String()), nil, quiet)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range s.Messages {
		got = append(got, fmt.Sprintf("%d at %s local %v", m.Entry, time.UnixMicro(m.Time).UTC().Format(time.DateTime), m.Local))
	}
	want := "[1 at 2019-10-10 08:13:00 local false 2 at 2019-10-11 08:13:00 local false 3 at 2019-10-12 08:13:00 local false]"
	if fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
}

// The list is bounded by number and by bytes; what is counted is not.
func TestMessagesAreBounded(t *testing.T) {
	short := make([]loaded.Message, maxMessages+10)
	long := make([]loaded.Message, 2*maxMessageBytes/loaded.MaxMessageText)
	for i := range long {
		long[i].Text = strings.Repeat("x", loaded.MaxMessageText)
	}
	for _, c := range []struct {
		list []loaded.Message
		want int
	}{{short, maxMessages}, {long, maxMessageBytes / loaded.MaxMessageText}} {
		var m messages
		for range 2 {
			m.add(c.list, 0, nil)
		}
		m.add([]loaded.Message{{}}, 0, nil) // short, but behind one that was left out
		if len(m.list) != c.want {
			t.Errorf("%d messages are kept, want %d", len(m.list), c.want)
		}
	}
	if x := loaded.NewMessage(&genlog.Message{Text: []byte(strings.Repeat("x", 2*loaded.MaxMessageText))}); len(x.Text) != loaded.MaxMessageText {
		t.Errorf("%d bytes of a text are kept", len(x.Text))
	}
}
