package learned

import (
	"testing"

	"sqleuth/analysis/trait"
)

// What forests do not see are traits that there are.
func TestLeftOutTraitsExist(t *testing.T) {
	names := map[string]bool{}
	for _, x := range trait.Traits() {
		names[x.Name] = true
	}
	for name := range leftOut {
		if !names[name] {
			t.Errorf("there is no trait %q", name)
		}
	}
}
