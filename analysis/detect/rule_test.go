package detect_test

import (
	"fmt"
	"slices"
	"testing"

	"sqleuth/analysis/detect"
)

// TestSuccessorsAreNamedOnce, with all that have become them.
func TestSuccessorsAreNamedOnce(t *testing.T) {
	for _, rule := range detect.Rules() {
		ids := rule.TechniqueIDs()
		if sorted := slices.Sorted(slices.Values(ids)); len(slices.Compact(sorted)) != len(ids) {
			t.Errorf("%s has the techniques %q", rule.ID, ids)
		}
		for _, technique := range rule.Techniques {
			k := slices.Index(ids, technique.ID)
			if k < 0 {
				t.Fatalf("%s has lost %s", rule.ID, technique.ID)
			}
			old := rule.Successors()[k].Old
			if slices.Contains(old, technique.Old) != (technique.Old != technique.ID) {
				t.Errorf("%s: %s was %q, want %s among them", rule.ID, technique.ID, old, technique.Old)
			}
		}
		if want := "[{T1685 Disable or Modify Tools [T1562 T1070]}]"; rule.ID == "D24" && fmt.Sprint(rule.Successors()) != want {
			t.Errorf("%s: %v, want %s", rule.ID, rule.Successors(), want)
		}
	}
	apart := detect.Rule{Techniques: []detect.Technique{{"T1", "T2", "a"}, {"T3", "T3", "b"}, {"T1", "T4", "a"}}}
	if got, want := fmt.Sprint(apart.Successors()), "[{T1 a [T2 T4]} {T3 b []}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
