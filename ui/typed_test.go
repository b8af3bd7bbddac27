package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestTypedLinesAreKept for later runs, readable by nobody else; notes are not.
func TestTypedLinesAreKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "state", "typed.jsonl")
	run := func() *typedLines {
		k := &typedLines{file: file, lines: map[string][]string{}}
		_, work := says(k.begin())
		for _, do := range work {
			give(k, do())
		}
		return k
	}
	add := func(k *typedLines, name string, texts ...string) {
		for _, text := range texts {
			_, work := says(k.add(name, text))
			for _, do := range work {
				if said := give(k, do()); len(said) > 0 {
					t.Errorf("keeping %q says %q", text, said)
				}
			}
		}
	}
	first := run()
	if _, err := os.Stat(file); err == nil {
		t.Error("a file is made before anything is typed")
	}
	add(first, "filter", "user:a", "user:b\n\x1b", "user:b\n\x1b", "user:a")
	add(first, "note", "a secret")
	add(first, "search", "union", "")
	if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if text, _ := os.ReadFile(file); strings.Contains(string(text), "secret") {
		t.Error("a note is kept")
	}
	second := run()
	if got := second.lines["filter"]; !slices.Equal(got, []string{"user:b\n\x1b", "user:a"}) || !slices.Equal(second.lines["search"], []string{"union"}) || second.lines["note"] != nil {
		t.Errorf("the next run has %q", second.lines)
	}
	// A file that has grown long, with what is no line of ours.
	long := "{\nnot ours\n" + strings.Repeat(`{"prompt":"other","text":"x"}`+"\n", fullTypedFile/20)
	if err := os.WriteFile(file, []byte(long), 0o600); err != nil {
		t.Fatal(err)
	}
	for k := range mostTyped + 5 {
		add(second, "command", fmt.Sprint("goto ", k))
	}
	third := run()
	if got := third.lines["command"]; len(got) != mostTyped || got[mostTyped-1] != fmt.Sprint("goto ", mostTyped+4) {
		t.Errorf("%d lines, the last %q", len(got), got[len(got)-1])
	}
	if info, err := os.Stat(file); err != nil || info.Size() > fullTypedFile || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file is not shortened: %v, %v", info, err)
	}
	if again := run(); !slices.Equal(again.lines["command"], third.lines["command"]) {
		t.Errorf("shortened it has %q", again.lines["command"])
	}
	// A folder in its place is reported, once.
	broken := &typedLines{file: t.TempDir(), lines: map[string][]string{}}
	_, work := says(broken.begin())
	if said := give(broken, work[0]()); len(said) != 1 {
		t.Errorf("it says %q", said)
	}
	if said := give(broken, typedKept{os.ErrPermission}); len(said) != 0 {
		t.Errorf("again it says %q", said)
	}
}
