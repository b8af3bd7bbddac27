package export

import (
	"bytes"
	"errors"
	"testing"
)

// Both files of a pair are as each would be alone, and rows are asked for once as long as
// the lines are few.
func TestPair(t *testing.T) {
	passes := 0
	list := func(add func(int) error) error {
		passes++
		return indices(100)(add)
	}
	columns := []column[int]{number("n", func(i int) int64 { return int64(i) }), logged("text", func(i int) string { return "=a\nb" })}
	as := cellText{guard: Guard}
	content := func(f file) string {
		t.Helper()
		var out bytes.Buffer
		if err := f.write(&out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	rows, lines := content(csvFile("a.csv", as, columns, indices(100))), content(jsonlFile("a.jsonl", as, columns, indices(100)))
	for keep, want := range map[int]int{1 << 20: 1, 1000: 2, 0: 2} {
		passes = 0
		table, second := pair("a", as, columns, list, keep)
		if table.Name != "a.csv" || second.Name != "a.jsonl" {
			t.Errorf("%q and %q", table.Name, second.Name)
		}
		if content(table) != rows || content(second) != lines || passes != want {
			t.Errorf("up to %d bytes: other files, or %d passes, want %d", keep, passes, want)
		}
		if content(second) != lines || content(table) != rows || content(table) != rows || content(second) != lines {
			t.Errorf("up to %d bytes: other files when they are written again", keep)
		}
	}
	// What failed half-way is no second file.
	table, second := pair("a", as, columns, func(add func(int) error) error {
		if err := list(add); err != nil || passes > 4 {
			return err
		}
		return errors.New("cannot be read")
	}, 1<<20)
	passes = 0
	if table.write(&bytes.Buffer{}) == nil || second.write(&bytes.Buffer{}) == nil {
		t.Error("a pass that failed makes a file")
	}
}
