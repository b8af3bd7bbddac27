package verify

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"sqleuth/analysis/export"
	"sqleuth/analysis/pipeline/pipelinetest"
)

// Any row of any file that is removed, added, changed or swapped is found and its file
// named, even where all hashes were made anew. Which ones is drawn.
func TestAnyRowIsFound(t *testing.T) {
	cfg := config()
	cfg.Params.Keep = export.KeptTrees
	s, text := pipelinetest.Run(t, cfg, "testdata/labels.csv", small)
	for _, files := range []export.Files{export.Full, export.Timesketch, export.ECS} {
		original := filepath.Join(t.TempDir(), "out")
		if _, err := export.Write(t.Context(), original, s, text, export.Options{Version: "test", Files: files}, nil); err != nil {
			t.Fatal(err)
		}
		e, err := Open(original)
		if err != nil {
			t.Fatal(err)
		}
		opt, err := e.Options("test")
		if err != nil {
			t.Fatal(err)
		}
		whole := map[string][]string{} // lines by file
		var names []string
		for _, f := range e.Manifest.Files {
			b, err := os.ReadFile(filepath.Join(original, filepath.FromSlash(f.Name)))
			if err != nil {
				t.Fatal(err)
			}
			if f.Name != export.ManifestSumName && !strings.HasPrefix(f.Name, "inputs/") && len(b) > 0 {
				whole[f.Name] = strings.SplitAfter(strings.TrimSuffix(string(b), "\n"), "\n")
				names = append(names, f.Name)
			}
		}
		random := rand.New(rand.NewPCG(1, uint64(files)))
		draws := 6 * len(names)
		if testing.Short() {
			draws = len(names)
		}
		for n := range draws {
			name := names[n%len(names)]
			was := whole[name]
			rows, what := change(random, slices.Clone(was))
			if strings.Join(rows, "") == strings.Join(was, "") {
				continue // of rows that are the same
			}
			path := filepath.Join(original, filepath.FromSlash(name))
			put(t, path, []byte(strings.Join(rows, "")+"\n"))
			rehash(t, original)
			tampered, err := Open(original)
			if err != nil {
				t.Fatal(err)
			}
			r := &Result{}
			if err := tampered.Again(t.Context(), s, text, opt, r); err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(r.Differences, func(d Difference) bool { return strings.HasPrefix(d.Text, name+", line ") }) {
				t.Errorf("%s, %s: not in %q", name, what, r.Differences)
			}
			put(t, path, []byte(strings.Join(was, "")+"\n"))
		}
		rehash(t, original)
		r := &Result{}
		if e, err = Open(original); err != nil {
			t.Fatal(err)
		}
		if err := e.Again(t.Context(), s, text, opt, r); err != nil {
			t.Fatal(err)
		}
		r.nothing(t)
	}
}

// change draws a change of rows and names it.
func change(random *rand.Rand, rows []string) ([]string, string) {
	at, other := random.IntN(len(rows)), random.IntN(len(rows))
	row := []byte(rows[at])
	switch random.IntN(5) {
	case 0:
		return slices.Delete(rows, at, at+1), fmt.Sprintf("row %d removed", at)
	case 1:
		return slices.Insert(rows, at, rows[other]), fmt.Sprintf("row %d once more at %d", other, at)
	case 2:
		if k := bytes.IndexAny(row, "0123456789abcdefghij"); k >= 0 {
			row[k]++
		}
		return slices.Insert(rows, at, string(row)), fmt.Sprintf("a row like %d added", at)
	case 3:
		if k := random.IntN(len(row)); row[k] != '\n' {
			row[k] ^= 1
		}
		rows[at] = string(row)
		return rows, fmt.Sprintf("row %d changed", at)
	}
	rows[at], rows[other] = rows[other], rows[at]
	return rows, fmt.Sprintf("rows %d and %d swapped", at, other)
}
