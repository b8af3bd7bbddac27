package widget

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"

	"sqleuth/ui/screen/screentest"
	"sqleuth/ui/theme"
)

func numberedLines(n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprint("line ", i)
	}
	return lines
}

func TestScroll(t *testing.T) {
	k, lines := TableKeys(), numberedLines(20)
	var s Scroll
	for _, tt := range []struct {
		key  key.Binding
		want int // first line
	}{{k.Down, 1}, {k.Up, 0}, {k.Up, 0}, {k.PageDown, 4}, {k.Bottom, 15}, {k.Down, 15}, {k.PageUp, 11}, {k.Mark, 11}, {k.Top, 0}} {
		s.Update(screentest.Key(tt.key.Keys()[0]), len(lines), 5)
		if got := s.Window(lines, 5); !slices.Equal(got, lines[tt.want:tt.want+5]) {
			t.Errorf("%s shows %q, want them from %d on", tt.key.Help().Key, got, tt.want)
		}
	}
	for height, want := range map[int]string{5: "lines 1 to 5 of 20", 20: "", 0: ""} {
		if got := s.Status(len(lines), height); got != want {
			t.Errorf("in a window of %d the status is %q, want %q", height, got, want)
		}
	}
	s.Update(screentest.Key("G"), len(lines), 5)
	if got := s.Status(len(lines), 5); got != "lines 16 to 20 of 20" {
		t.Errorf("at the end the status is %q", got)
	}
	for height, want := range map[int]int{1: 15, 5: 15, 8: 12, 40: 0} {
		if got := s.Window(lines, height); got[0] != lines[want] || len(got) != min(height, 20) {
			t.Errorf("a window of %d shows %q, want it from %d on", height, got, want)
		}
	}
	if s.Update(screentest.Key("k"), len(lines), 10); s.Window(lines, 5)[0] != lines[9] {
		t.Errorf("up from the end of a window that has grown shows %q", s.Window(lines, 5))
	}
	if got := s.Window(lines[:3], 5); !slices.Equal(got, lines[:3]) {
		t.Errorf("a shorter text shows %q", got)
	}
	if got := s.Window(nil, 5); len(got) != 0 {
		t.Errorf("no text shows %q", got)
	}
}

func TestDetails(t *testing.T) {
	paragraphs := numberedLines(40)
	press := func(d *Details, b key.Binding) bool { return d.Update(screentest.Key(b.Keys()[0]), paragraphs) }
	for height := 1; height < 60; height++ {
		for _, rows := range []int{0, 3, 100} {
			d := NewDetails(theme.Plain())
			d.SetSize(30, height)
			above := append([]string{"heading"}, make([]string, max(0, d.TableHeight(rows, height-1)))...)
			view := d.View(above, paragraphs)
			screentest.Fits(t, view, screentest.Size{Width: 30, Height: height})
			if shown := strings.Contains(view, paragraphs[0]); shown != (height >= paneFrom) {
				t.Errorf("%d lines, %d rows: pane shown: %v", height, rows, shown)
			}
			if hint := strings.Contains(view, "i shows all of it"); hint != (height >= paneFrom && !strings.Contains(view, paragraphs[39])) {
				t.Errorf("%d lines, %d rows: hint shown: %v in\n%s", height, rows, hint, view)
			}
			if press(&d, tableKeys.Down) || !press(&d, DetailsKey()) || !d.Whole() || !press(&d, tableKeys.Down) || !press(&d, tableKeys.Mark) {
				t.Error("the pane has keys that are not its own, or not those that are")
			}
			first := min(1, max(0, 40-height))
			if got, want := d.View(above, paragraphs), strings.Join(paragraphs[first:min(40, first+height)], "\n"); got != want {
				t.Errorf("the whole pane shows\n%s\nwant\n%s", got, want)
			}
			if !d.Escape() || d.Whole() || d.Escape() {
				t.Error("escape does not give the table its place back")
			}
		}
	}
	d := NewDetails(theme.Plain())
	if d.SetSize(30, 20); d.Update(screentest.Key(DetailsKey().Keys()[0]), nil) {
		t.Error("there is a pane of nothing")
	}
}
