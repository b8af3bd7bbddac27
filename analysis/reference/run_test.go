package reference

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Everything that is kept beside the code must be equal; `make reference` runs
// the same on a larger folder.
func TestReference(t *testing.T) {
	if testing.Short() {
		t.Skip("draws all trees of the reference")
	}
	var out bytes.Buffer
	logs := Logs{"wordpress-bruteforce": "../../testdata/wordpress-bruteforce"}
	total, err := Run(context.Background(), "../../testdata/reference", logs, &out)
	if err != nil {
		t.Fatal(err)
	}
	if total.Differences > 0 {
		t.Error(out.String())
	}
	for _, part := range []string{"wordpress-bruteforce/", "synthetic/", "full-hours/", "drain-edge/", "sklearn"} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("nothing was compared with %s:\n%s", part, out.String())
		}
	}
}

// A difference must be reported, at its place and in words.
func TestDifferencesAreFound(t *testing.T) {
	const synthetic = "../../testdata/reference/synthetic"
	tests := []struct {
		file, old, new string
		want           string
	}{
		{"hourly_action.csv", "21,98.0,", "21,98,", `column -: got "98.0", want "98"`},
		{"counts_action.csv", "SET,131", "SET,132", `column count: got "131", want "132"`},
		{"templates.csv", ",7\n", ",97\n", "column Occurrences"},
		{"thresholds_action.csv", "SHOW,90.0,95.34444444444445", "SHOW,90.0,95.34444444545", "column mean"},
		{"split.json", `"n_test": 316`, `"n_test": 317`, "n_test: got 316, want 317"},
		{"rforest.json", `"threshold": [`, `"threshold": [-7.5,`, "trees[0].threshold[0]"},
		{"mixed.json", `"count": `, `"count": 1`, "count: got"},
	}
	for _, tt := range tests {
		dir := t.TempDir()
		if err := os.CopyFS(filepath.Join(dir, "synthetic"), os.DirFS(synthetic)); err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, "synthetic", tt.file)
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		changed := strings.Replace(string(b), tt.old, tt.new, 1)
		if changed == string(b) {
			t.Fatalf("%s does not hold %q", tt.file, tt.old)
		}
		if err := os.Chmod(name, 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(changed), 0o644); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		total, err := Run(context.Background(), dir, nil, &out)
		if err != nil {
			t.Fatal(err)
		}
		if total.Differences != 1 || !strings.Contains(out.String(), tt.want) {
			t.Errorf("%s changed: %d differences, want one that says %q:\n%s", tt.file, total.Differences, tt.want, out.String())
		}
	}
}

func TestEmptyFolderIsAnError(t *testing.T) {
	if _, err := Run(context.Background(), t.TempDir(), nil, new(bytes.Buffer)); err == nil {
		t.Error("nothing was compared and that is no error")
	}
}
