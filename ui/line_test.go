package ui

import (
	"strings"
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

func TestParseLine(t *testing.T) {
	for text, want := range map[string]struct {
		at                     message.Screen
		filter, search, cursor string
		entry                  int
	}{
		":entries user:root /heartbeat @13:06": {message.Entries, "user:root", "heartbeat", "13:06", 0},
		"Overview":                             {at: message.Overview},
		":accounts login:denied":               {at: message.Accounts, filter: "login:denied"},
		":entries /order by @2025-03-12 13:06": {at: message.Entries, search: "order by", cursor: "2025-03-12 13:06"},
		":entries /sleep\\(/ cmd:Query":        {at: message.Entries, filter: "/sleep\\(/ cmd:Query"},
		`:entries "a @b" /c`:                   {at: message.Entries, filter: `"a @b"`, search: "c"},
		`:connections host:@hosts.txt`:         {at: message.Connections, filter: "host:@hosts.txt"},
		`:entries "say \" @x" user:a,b @1,204`: {at: message.Entries, filter: `"say \" @x" (user:a or user:b)`, entry: 1204},
	} {
		l, err := parseLine(text)
		if err != nil || l.at != want.at || l.filter.String() != want.filter || l.search != want.search || l.cursor != want.cursor || l.entry != want.entry {
			t.Errorf("%s: %+v, %v", text, l, err)
		}
	}
	for text, want := range map[string]string{
		":nowhere":        `there is no screen "nowhere"`,
		"":                "there is no screen",
		":entries user:":  "filter, character",
		":entries a @":    "@ needs a time",
		":entries a / @3": "/ needs a text",
	} {
		if _, err := parseLine(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// TestLink: the line that Y copies leads to the same rows.
func TestLink(t *testing.T) {
	in := screentest.Load(t)
	for _, keys := range [][]string{
		{"f1"}, {"f2"}, {"f2", "+"}, {"f2", "G", "enter", "down", "down"}, {"f3", "end"}, {"a"}, {"f2", "down", "z", "z"},
	} {
		d := newDesk(t, in)
		d.commands.command, d.commands.logs = []string{"sqleuth", "--ascii=true"}, []string{"it's a.log"}
		d.give(message.AddFilter{Term: "cmd:Query,Connect"})
		d.settles()
		for _, k := range keys {
			d.give(screentest.Key(k))
			d.settles()
		}
		text, err := d.places.line()
		if err != nil {
			t.Fatal(err)
		}
		d.give(screentest.Key("Y"))
		d.settles()
		if want := "sqleuth --ascii=true --open '" + text + "' 'it'\\''s a.log'"; !strings.Contains(d.frame.notice.text, want) && strings.ContainsAny(text, " ") {
			t.Errorf("%v: it says %q, want %q", keys, d.frame.notice.text, want)
		}
		e := newDesk(t, in)
		e.take(e.opening.begin(text))
		e.act()
		e.settles()
		e.give(message.Snapshot{Snapshot: in.Labelled})
		e.settles()
		if got, want := e.places.now().row, d.places.now().row; e.places.at != d.places.at || d.places.at == message.Entries && got != want {
			t.Errorf("%v: %q leads to screen %d row %d, not to %d, %d", keys, text, e.places.at, got, d.places.at, want)
		}
		if e.filters.shown.Entries.Len() != d.filters.shown.Entries.Len() || e.filters.shown.Connections.Len() != d.filters.shown.Connections.Len() {
			t.Errorf("%v: %q leaves %d entries, not %d", keys, text, e.filters.shown.Entries.Len(), d.filters.shown.Entries.Len())
		}
	}
}

// TestALineWithATime: the rows that it is narrowed to come first, then the cursor.
func TestALineWithATime(t *testing.T) {
	d := newDesk(t, screentest.Load(t))
	defer d.runs.wait()
	d.give(message.Goto{Screen: message.Entries})
	d.give(message.ShowEntry{Index: 2})
	d.settles()
	for _, text := range []string{":entries cmd:Query @05:39:36.5", ":goto 05:25:06"} {
		for _, k := range strings.Split(text, "") {
			d.give(screentest.Key(k))
		}
		d.give(screentest.Key("enter"))
		d.settles()
	}
	if row := d.places.now().row; row != 3 || d.filters.here.only == nil {
		t.Errorf("the cursor is on %d, narrowed to %v", row, d.filters.here)
	}
	d.give(screentest.Key("ctrl+o"))
	d.settles()
	if row := d.places.now().row; row != 56 || d.filters.here.only == nil {
		t.Errorf("back leads to %d, narrowed to %v", row, d.filters.here)
	}
	d.give(screentest.Key("ctrl+o"))
	d.settles()
	if row := d.places.now().row; row != 3 || d.filters.here.only != nil {
		t.Errorf("back again leads to %d, narrowed to %v", row, d.filters.here)
	}
}
