package drainref

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const folder = "../../../testdata/reference/drain-edge/merge"

// unpacked copies the reference folder, changed by edit, without compression.
func unpacked(t *testing.T, edit func(name, text string) string) string {
	t.Helper()
	dir := t.TempDir()
	source := comparison{dir: folder}
	for _, name := range []string{"settings.json", "content.txt", "structured.csv", "templates.csv"} {
		data, err := source.read(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(edit(name, string(data))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCompareFindsDifferences(t *testing.T) {
	count, err := Compare(unpacked(t, func(_, text string) string { return text }))
	if err != nil || count == 0 {
		t.Fatalf("unchanged folder: %d comparisons, error %v", count, err)
	}
	for _, tt := range []struct {
		file, old, new string
		line           int
		column         string
	}{
		{"structured.csv", "\n4,e357ef46,", "\n4,e357ef47,", 4, "EventId"},
		{"structured.csv", ",n2 c logs out now,", ",n2 c logs out,", 4, "EventTemplate"},
		{"structured.csv", "'b', 'in'", "'b','in'", 2, "ParameterList"},
		{"structured.csv", "\n15,", "\n16,", 15, "LineId"},
		{"structured.csv", ",['b']\n", ",\"['b']\"\n", 4, "text"},
		{"templates.csv", "EventTemplate,Occurrences", "EventTemplate,Count", 1, "text"},
		{"content.txt", "\n", "\nx\n", 0, "number of rows"},
	} {
		dir := unpacked(t, func(name, text string) string {
			if name != tt.file {
				return text
			}
			if !strings.Contains(text, tt.old) {
				t.Fatalf("%s has no %q", name, tt.old)
			}
			return strings.Replace(text, tt.old, tt.new, 1)
		})
		made, err := Compare(dir)
		var d *Difference
		if !errors.As(err, &d) {
			t.Errorf("%s with %q: error %v, want a Difference", tt.file, tt.new, err)
			continue
		}
		if d.Line != tt.line || d.Column != tt.column || d.Want == d.Got || made > count {
			t.Errorf("%s with %q: %d comparisons, %+v; want line %d, column %s", tt.file, tt.new, made, *d, tt.line, tt.column)
		}
	}
}

func TestCompareReportsBrokenFolders(t *testing.T) {
	if _, err := Compare(t.TempDir()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("empty folder: error %v", err)
	}
	dir := unpacked(t, func(name, text string) string { return strings.Replace(text, "EventId", "Id", 1) })
	if _, err := Compare(dir); err == nil || !strings.Contains(err.Error(), "EventId") {
		t.Errorf("no column EventId: error %v", err)
	}
}

// Two groups of parsed lines, of which one is right: a a | b b, where the truth is
// x x | y z.
func TestAgree(t *testing.T) {
	got := Agree([]string{"a", "a", "b", "b"}, []string{"x", "x", "y", "z"})
	want := Agreement{Accuracy: 2.0 / 4, Precision: 1.0 / 2, Recall: 1, F1: 2.0 / 3}
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A folder with a truth: the figures must be compared too.
func TestCompareTruth(t *testing.T) {
	dir := unpacked(t, func(name, text string) string { return text })
	structured, err := os.ReadFile(filepath.Join(dir, "structured.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "truth.csv"), structured, 0o644); err != nil {
		t.Fatal(err)
	}
	var d *Difference
	if _, err := Compare(dir); !errors.As(err, &d) || d.Column != "accuracy" || d.Got != "1.0" {
		t.Errorf("settings without accuracy: error %v", err)
	}
	settings, err := os.ReadFile(filepath.Join(dir, "settings.json"))
	if err != nil {
		t.Fatal(err)
	}
	perfect := strings.Replace(string(settings), "{", `{"accuracy": 1, "f1": 1, "precision": 1, "recall": 1,`, 1)
	if err := os.WriteFile(filepath.Join(dir, "settings.json"), []byte(perfect), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Compare(dir); err != nil {
		t.Error(err)
	}
}
