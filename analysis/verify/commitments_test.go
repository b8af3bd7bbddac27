package verify

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/export"
	"sqleuth/analysis/redact"
)

// A redacted copy verifies against its own manifest and that of the whole export, and one
// in which a row was changed, taken away, added or swapped does not.
func TestRedactedCopy(t *testing.T) {
	cfg := config()
	made := func(what redact.What, key string) string {
		t.Helper()
		return exported(t, export.Options{Redaction: &export.Redaction{Key: []byte(key), What: what}}, cfg, "testdata/labels.csv", small)
	}
	whole := made(redact.What{}, "key")
	check(t, whole, analysis(cfg), small).nothing(t)
	full, err := OpenManifest(filepath.Join(whole, export.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	against := func(dir string, of *export.Manifest) *Result {
		t.Helper()
		e, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		r := &Result{}
		if err := e.Commitments(of, r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	copied := made(redact.What{Literals: true, Users: true, Hosts: true}, "key")
	against(copied, full).nothing(t)
	against(copied, nil).nothing(t)
	r := check(t, copied, analysis(cfg), small)
	if len(r.Differences) > 0 || len(r.NotDone) != 1 || !strings.Contains(r.NotDone[0], "the export is redacted") {
		t.Errorf("%q, %q", r.Differences, r.NotDone)
	}
	if e, err := Open(copied); err != nil || slices.ContainsFunc(e.Manifest.Carried, func(c export.Carried) bool { return c.File != "" || c.SHA256 != "" }) {
		t.Errorf("something is carried along: %v", err)
	}
	against(made(redact.What{}, "other"), full).names(t, Changed, evidenceLines)

	original, err := os.ReadFile(filepath.Join(copied, evidenceLines))
	if err != nil {
		t.Fatal(err)
	}
	commitments, err := os.ReadFile(filepath.Join(copied, export.CommitmentsName))
	if err != nil {
		t.Fatal(err)
	}
	for what, change := range map[string]func(rows []string) []string{
		"removed": func(rows []string) []string { return rows[1:] },
		"added":   func(rows []string) []string { return append([]string{rows[0]}, rows...) },
		"changed": func(rows []string) []string {
			rows[3] = strings.Replace(rows[3], `"severity":"`, `"severity":"very `, 1)
			return rows
		},
		"swapped": func(rows []string) []string { rows[0], rows[1] = rows[1], rows[0]; return rows },
		"damaged": func(rows []string) []string { rows[0] = rows[0][1:]; return rows },
	} {
		rows := strings.SplitAfter(string(original), "\n")
		put(t, filepath.Join(copied, evidenceLines), []byte(strings.Join(change(rows), "")))
		against(copied, full).names(t, Changed, evidenceLines)
		if what == "damaged" {
			continue
		}
		// Both files changed alike: the root differs.
		rows = strings.SplitAfter(string(commitments), "\n")
		if what != "changed" {
			put(t, filepath.Join(copied, export.CommitmentsName), []byte(strings.Join(change(rows), "")))
			against(copied, full).names(t, Changed, evidenceLines)
			put(t, filepath.Join(copied, export.CommitmentsName), commitments)
		}
	}
	put(t, filepath.Join(copied, evidenceLines), original)
	for _, name := range []string{export.CommitmentsName, evidenceLines} {
		if err := os.Rename(filepath.Join(copied, name), filepath.Join(copied, "away")); err != nil {
			t.Fatal(err)
		}
		against(copied, full).names(t, Missing, name)
		if err := os.Rename(filepath.Join(copied, "away"), filepath.Join(copied, name)); err != nil {
			t.Fatal(err)
		}
	}
	bare := exported(t, export.Options{}, cfg, "", small)
	if r := against(bare, full); len(r.NotDone) != 1 {
		t.Errorf("%q", r)
	}
	without, err := OpenManifest(filepath.Join(bare, export.ManifestName))
	if err != nil {
		t.Fatal(err)
	}
	if r := against(copied, without); len(r.NotDone) != 1 {
		t.Errorf("%q", r)
	}
	if r := against(bare, nil); len(r.NotDone) > 0 {
		t.Errorf("%q", r)
	}
	full.Inputs[0].SHA256 = "others"
	against(copied, full).names(t, Changed, "the logs are not those")
}
