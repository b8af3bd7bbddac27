package integrity

import "testing"

// Each kind has words, for the report and for its tally.
func TestEachKindHasWords(t *testing.T) {
	for k := range kinds {
		if k.String() == "" || counts[k][0] == "" || counts[k][1] == "" {
			t.Errorf("kind %d (%q): %q", k, k, counts[k])
		}
	}
}
