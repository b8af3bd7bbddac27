package export

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"sqleuth/analysis/loaded"
	"sqleuth/analysis/reading"
	"sqleuth/analysis/store"
)

// Each digest is one row, whatever else its statements differ in.
func TestDigests(t *testing.T) {
	s, text := load(t, reading.Correct, "../../testdata/mysql56/general.log", "")
	s.Digests = []string{"-", "SELECT ?", "=cmd ( ? )", store.Others}
	rows := slices.Clone(s.Rows)
	for i := range rows {
		rows[i].Digest = uint32(i % 4)
	}
	s.Rows = rows
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), dir, s, text, Options{Files: Evidence}, nil); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(dir, "digests.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cells, err := csv.NewReader(f).ReadAll()
	if err != nil || len(cells) != 4 {
		t.Fatalf("%d rows, %v", len(cells), err)
	}
	total := 0
	for k, row := range cells[1:] {
		if want := []string{"SELECT ?", "'=cmd ( ? )", store.Others}[k]; row[6] != want || row[0] != loaded.DigestHash(s.Digests[k+1]) {
			t.Errorf("row %d is %q", k, row)
		}
		n, err := strconv.Atoi(row[1])
		if err != nil {
			t.Error(err)
		}
		total += n
	}
	want := 0
	for _, row := range rows {
		if row.Digest > 0 {
			want += row.Count
		}
	}
	if total != want {
		t.Errorf("%d entries have a digest, want %d", total, want)
	}
	if !slices.Contains(everyName(), "digests.csv") {
		t.Error("an export does not know digests.csv for one of its files")
	}
}
