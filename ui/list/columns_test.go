package list

import (
	"fmt"
	"strings"
	"testing"

	"sqleuth/ui/message"
	"sqleuth/ui/screen/screentest"
)

// shownColumns are the titles that are on the screen, with their widths.
func shownColumns(l *List[names]) string {
	var out []string
	for _, s := range l.layout() {
		out = append(out, fmt.Sprintf("%s:%d", l.spec.Columns[s.column].Title, s.width))
	}
	return strings.Join(out, " ")
}

// TestArrangedColumns come in the order and width that the analyst wants; where the
// window is narrow the last of those go first that may, but never the one under the cursor.
func TestArrangedColumns(t *testing.T) {
	s := spec()
	s.Kept = "names"
	l := listOf(s, numbered(20))
	arrange := func(columns ...message.Column) {
		l.Update(message.Columns{List: "names", Columns: columns})
	}
	for _, c := range []struct {
		width   int
		columns []message.Column
		want    string
	}{
		{60, nil, "name:8 length:6 host:10 text:31"},
		{36, nil, "name:8 length:6 text:18"},
		{60, []message.Column{{Title: "text"}, {Title: "name"}}, "text:49 name:8"},
		{60, []message.Column{{Title: "name", Width: 20}, {Title: "text", Width: 5}, {Title: "host"}}, "name:20 text:5 host:10"},
		{60, []message.Column{{Title: "host"}, {Title: "length", Hidden: true}, {Title: "text"}, {Title: "name"}}, "host:10 text:38 name:8"},
		{36, []message.Column{{Title: "host"}, {Title: "length"}, {Title: "name"}, {Title: "text"}}, "host:10 name:8 text:14"},
		{24, []message.Column{{Title: "host"}, {Title: "name"}, {Title: "length"}}, "host:10 name:8"},
		{60, []message.Column{{Title: "gone"}}, "name:8 length:6 host:10 text:31"},
	} {
		l.SetSize(c.width, 11)
		arrange(c.columns...)
		if got := shownColumns(l); got != c.want {
			t.Errorf("%d cells, %+v: %s, want %s", c.width, c.columns, got, c.want)
		}
		screentest.Fits(t, l.View(), screentest.Size{Width: c.width, Height: 11})
	}

	l.SetSize(60, 11)
	arrange(message.Column{Title: "host"}, message.Column{Title: "length"})
	if l.Column() != "host" {
		t.Errorf("the column cursor is on %q, which is hidden", l.Column())
	}
	press(l, keys.Right)
	if l.Column() != "length" {
		t.Errorf("right of the last column is %q", l.Column())
	}
	l.Update(message.Columns{List: "others", Columns: []message.Column{{Title: "text"}}})
	if got := shownColumns(l); got != "host:10 length:9" {
		t.Errorf("columns of another list: %s", got)
	}
	l.Choose("name")
	arrange()
	if got := shownColumns(l); got != "name:8 length:6 host:10 text:31" {
		t.Errorf("as at the start: %s", got)
	}
}

// TestMost is as wide as a column becomes while another can use the room.
func TestMost(t *testing.T) {
	s := spec()
	short := nameColumn
	short.Title, short.Flex, short.Most = "short", true, 14
	s.Columns = []Column[names]{nameColumn, short, textColumn}
	l := listOf(s, numbered(3))
	for width, want := range map[int]string{
		32: "name:8 short:8 text:12", 40: "name:8 short:12 text:16", 60: "name:8 short:14 text:34", 26: "name:8 short:5 text:9",
	} {
		l.SetSize(width, 11)
		if got := shownColumns(l); got != want {
			t.Errorf("%d cells: %s, want %s", width, got, want)
		}
	}
	s.Columns[2].Most = 20
	l.SetSize(60, 11)
	if got := shownColumns(l); got != "name:8 short:21 text:27" {
		t.Errorf("where all have enough: %s", got)
	}
}
