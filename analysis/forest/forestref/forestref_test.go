package forestref_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sqleuth/analysis/forest/forestref"
)

const fixtures = "../../../testdata/reference/sklearn"

func TestForestsEqualScikitLearn(t *testing.T) {
	for _, workers := range []int{1, 8} {
		result, err := forestref.Compare(t.Context(), fixtures, workers)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range result.Differences {
			t.Errorf("%d workers: %v", workers, d)
		}
		t.Logf("%d workers: %d values of %d sets compared, %d of them equal only within the tolerance",
			workers, result.Values, result.Sets, result.Close)
	}
}

// oneSet unpacks the fixtures of a single set into a new folder, so that the
// plain layout is read too, and returns the folder.
func oneSet(t *testing.T, name string) string {
	t.Helper()
	dir := t.TempDir()
	paths, err := filepath.Glob(filepath.Join(fixtures, name+".*"))
	if err != nil {
		t.Fatal(err)
	}
	paths = append(paths, filepath.Join(fixtures, "mt19937.json.gz"))
	for _, path := range paths {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		var r io.Reader = f
		if strings.HasSuffix(path, ".gz") {
			if r, err = gzip.NewReader(f); err != nil {
				t.Fatal(err)
			}
		}
		text, err := io.ReadAll(r)
		f.Close()
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, strings.TrimSuffix(filepath.Base(path), ".gz"), text)
	}
	write(t, dir, "datasets.json", []byte(`{"versions": {}, "`+name+`": {}}`))
	return dir
}

func write(t *testing.T, dir, name string, text []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestDifferencesAreNamed changes one value of a fixture at a time: a
// comparison that cannot fail would be worth nothing.
func TestDifferencesAreNamed(t *testing.T) {
	tests := []struct {
		file, old, new string // old is a regular expression, new its replacement
		want           string // of the only difference; a regular expression
	}{
		{"mt19937.json", `1608637542, 3421126067`, `1608637542, 3421126068`,
			`^seed_42 mt19937 words\[1\]: want 3421126068, got 3421126067$`},
		{"n50.rforest.json", `"threshold": \[2\.5`, `"threshold": [2.25`,
			`^n50 rforest tree 0 threshold\[0\]: want 2.25, got 2.5$`},
		{"n50.rforest.json", `"feature_importances_": \[0\.3387702752679888`, `"feature_importances_": [0.33877027526798875`,
			`^n50 rforest feature_importances_\[0\]: want 0.33877027526798875, got 0.3387702752679888$`},
		{"n50.rforest.json", `"node_count": 7, "max_depth": 3`, `"node_count": 7, "max_depth": 4`,
			`^n50 rforest tree 0 max_depth: want 4, got 3$`},
		{"n50.split.json", `"n_test": 10`, `"n_test": 11`, `^n50 split n_test: want 11, got 10$`},
		{"n50.split.json", `"test_sha256_i64_le": "40a0`, `"test_sha256_i64_le": "50a0`, `^n50 split sha256 of test_indices: `},
		{"n50.iforest.r0.json", `"offset_": -0\.6862622468868823`, `"offset_": -0.6862622468869`,
			`^n50 iforest.r0 offset_\[0\]: want -0.6862622468869, got -0.68626224688688`},
		{"n50.iforest.r1.json", `"unique_rows_predict": \[-1`, `"unique_rows_predict": [1`,
			`^n50 iforest.r1 predict\[0\]: want 1, got -1$`},
		{"n50.iforest.r42.json", `"path_nodes": \[\d+`, `"path_nodes": [99`,
			`^n50 iforest.r42 tree 0 path_nodes\[0\]: want 99, got \d+$`},
	}
	for _, test := range tests {
		t.Run(test.file+" "+test.new, func(t *testing.T) {
			dir := oneSet(t, "n50")
			text, err := os.ReadFile(filepath.Join(dir, test.file))
			if err != nil {
				t.Fatal(err)
			}
			at := regexp.MustCompile(test.old).FindIndex(text)
			if at == nil {
				t.Fatalf("%s does not hold %s", test.file, test.old)
			}
			write(t, dir, test.file, bytes.Join([][]byte{text[:at[0]], text[at[1]:]}, []byte(test.new)))
			result, err := forestref.Compare(t.Context(), dir, 0)
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Differences) != 1 || !regexp.MustCompile(test.want).MatchString(result.Differences[0].String()) {
				t.Errorf("differences %v, want one like %s", result.Differences, test.want)
			}
		})
	}
}

func TestCompareNeedsEveryFixture(t *testing.T) {
	for _, name := range []string{"datasets.json", "mt19937.json", "n50.csv", "n50.rforest.json", "n50.split.json", "n50.iforest.r42.json"} {
		dir := oneSet(t, "n50")
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		if _, err := forestref.Compare(t.Context(), dir, 0); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("without %s: error %v, want one that names it", name, err)
		}
	}
}
