package ui

import (
	"fmt"
	"math"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/golden"

	"sqleuth/analysis/suspicion"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// TestPartsAddUp: the parts of every score, and the bias, make the score; the words on
// each are on the sheet.
func TestPartsAddUp(t *testing.T) {
	s := screentest.Load(t).Plain
	r, entries := s.Ranking, 0
	if r.Len() == 0 {
		t.Fatal("nothing is ranked")
	}
	for i := range r.Len() {
		conn, score := r.At(i)
		parts := r.Parts(conn)
		if _, _, sum := r.Sum(parts); math.Abs(sum-score) > 0.0011 {
			t.Errorf("connection %d: parts make %.3f of %.3f", conn, sum, score)
		}
		first := int(s.Connections.Peek(int(conn)).First)
		_, rows := takeApart(s, int(conn), first)
		var all strings.Builder
		for _, row := range rows {
			all.WriteString(row.lead + " " + row.figures + " " + row.text + "\n")
		}
		for _, p := range parts {
			want := fmt.Sprintf("%s %s %s\n", p.Kind, figures(signed(p.Adds()), fmt.Sprintf("%.2f", p.X), fmt.Sprintf("%.2f", p.Weight)), p.Words)
			if !strings.Contains(all.String(), want) {
				t.Errorf("connection %d: nothing says %q in\n%s", conn, want, all.String())
			}
		}
		for _, row := range rows {
			if show, ok := row.open.(message.ShowEntry); ok {
				entries++
				if got := int(s.Entries.Connection(show.Index)); got != int(conn) {
					t.Errorf("connection %d: %q leads to entry %d of connection %d", conn, row.text, show.Index, got)
				}
			}
		}
		m := r.Traits.Measure(int(conn))
		for _, u := range r.Forest.Explain(&m) {
			if !strings.Contains(all.String(), "usual: "+u.Usual) {
				t.Errorf("connection %d: the usual value %q is not said", conn, u.Usual)
			}
		}
		if nearest, _, ok := r.Forest.Nearest(int(conn)); ok != strings.Contains(all.String(), "most like it") ||
			ok && !strings.Contains(all.String(), "connection "+s.Connections.Name(nearest)) {
			t.Errorf("connection %d: the nearest is %d, %v, in\n%s", conn, nearest, ok, all.String())
		}
	}
	if entries == 0 {
		t.Error("no part leads to an entry")
	}
}

// TestScoreFrame draws the parts of a suspect's score; enter leads to the entry of the one
// under the cursor.
func TestScoreFrame(t *testing.T) {
	in := screentest.Load(t)
	for _, size := range []screentest.Size{{Width: 40, Height: 10}, {Width: 80, Height: 24}, {Width: 120, Height: 40}, {Width: 200, Height: 60}} {
		t.Run(fmt.Sprintf("%dx%d", size.Width, size.Height), func(t *testing.T) {
			a := newApp(t.Context(), config(t))
			defer a.runs.wait()
			a.Update(tea.WindowSizeMsg{Width: size.Width, Height: size.Height})
			press := func(name string) { feed(a, screentest.Key(name)) }
			press(globalKeys.Parts.Keys()[0])
			if a.over.top != nil || !strings.Contains(a.View(), "put the cursor on") {
				t.Errorf("without a log it opens\n%s", a.View())
			}
			feed(a, message.Snapshot{Snapshot: in.Plain})
			press("f2")
			conn, _ := in.Plain.Ranking.At(0)
			feed(a, message.CursorAt{Index: int(conn)})
			press(globalKeys.Parts.Keys()[0])
			screentest.Fits(t, a.View(), size)
			golden.RequireEqual(t, []byte(a.View()))
			var entry int
			for k, p := range in.Plain.Ranking.Parts(conn) {
				if k > 0 {
					press(list.Keys().Down.Keys()[0])
				}
				if entry = p.Entry; entry != suspicion.NoEntry {
					break
				}
			}
			press(overlayKeys.Open.Keys()[0])
			if a.places.at != message.Entries || a.places.focus().Target.Entry != entry+1 {
				t.Errorf("enter leads to screen %d, entry %d; want entry %d", a.places.at, a.places.focus().Target.Entry, entry+1)
			}
			press(globalKeys.Parts.Keys()[0])
			if !strings.Contains(a.View(), "Score of entry") {
				t.Errorf("on an entry it shows\n%s", a.View())
			}
			for range 60 {
				press(list.Keys().Down.Keys()[0])
			}
			screentest.Fits(t, a.View(), size)
			press(globalKeys.Back.Keys()[0])
			if a.over.top != nil {
				t.Error("backspace does not close it")
			}
		})
	}
}
