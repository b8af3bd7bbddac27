package drain_test

import (
	"os"
	"path/filepath"
	"testing"

	"sqleuth/analysis/drain/drainref"
)

// Every folder of corner cases must give what logparser's Drain gave.
func TestReference(t *testing.T) {
	const root = "../../testdata/reference/drain-edge"
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	folders := 0
	for _, e := range entries {
		if !e.IsDir() {
			continue
		}
		folders++
		t.Run(e.Name(), func(t *testing.T) {
			n, err := drainref.Compare(filepath.Join(root, e.Name()))
			if err != nil {
				t.Error(err)
			}
			if n == 0 {
				t.Error("nothing was compared")
			}
		})
	}
	if folders == 0 {
		t.Error("no folders of reference files")
	}
}
