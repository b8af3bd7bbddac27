package ui

import (
	"bytes"
	"os"
	"testing"

	"sqleuth/ui/widget"
)

// TestWriteCommand writes what is shown, and what is marked, in the form that the file's
// name asks for, and replaces no file unless that is asked for.
func TestWriteCommand(t *testing.T) {
	t.Chdir(t.TempDir())
	s := begin(t, config(t), 120, 30)
	s.sees("✓ rank")
	does := func(line, want string) {
		t.Helper()
		s.press(globalKeys.Command)
		s.types(line)
		s.press(widget.PromptKeys().Enter)
		s.sees(want)
	}
	does("write all.log", "the entries are written to all.log")
	does("filter table:wp_users", "3 of 71 filter: table:wp_users")
	does("write all.log", "the file is there already; :write! all.log")
	does("write! some.log", "the entries are written to some.log")
	does("write some.csv", "the entries are written to some.csv")
	does("write some.jsonl", "the entries are written to some.jsonl")
	does("write some.txt", "name a file that ends in .csv, .jsonl or .log")
	s.press(globalKeys.Escape)
	does("goto entries", "Entries")
	s.types(" ")
	does("write one.jsonl", "the entries are written to one.jsonl")
	s.ends()
	read := func(name string) []byte {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	lines := func(b []byte) int { return bytes.Count(b, []byte("\n")) }
	all, some := read("all.log"), read("some.log")
	if len(some) == 0 || len(some) >= len(all) {
		t.Errorf("%d bytes of the log of %d are shown", len(some), len(all))
	}
	for line := range bytes.Lines(some) {
		if !bytes.Contains(all, line) {
			t.Errorf("some.log holds %q, which is not in the log", line)
		}
	}
	if rows, objects := lines(read("some.csv"))-1, lines(read("some.jsonl")); rows != objects || rows < 1 {
		t.Errorf("%d rows, %d objects", rows, objects)
	}
	if n := lines(read("one.jsonl")); n != 1 {
		t.Errorf("%d entries written, one is marked", n)
	}
}
