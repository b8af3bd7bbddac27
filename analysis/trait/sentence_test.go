package trait

import (
	"strings"
	"testing"
)

// TestEveryTraitIsASentence for each value that it can have: nothing is left out or left over.
func TestEveryTraitIsASentence(t *testing.T) {
	if len(sentences) != len(traits) {
		t.Errorf("%d sentences of %d traits", len(sentences), len(traits))
	}
	for k := range traits {
		x := &traits[k]
		values := append([]float64{0, 1}, x.Steps...)
		if x.Unit == "yes or no" {
			values = values[:2]
		}
		for _, v := range values {
			text := x.Say(v)
			if text == "" || strings.Contains(text, "%!") || strings.Contains(text, "%s") || strings.Contains(text, " 1 earlier logins") {
				t.Errorf("%s of %v: %q", x.Name, v, text)
			}
			if v > 0 && text == x.Say(0) {
				t.Errorf("%s of %v reads like none: %q", x.Name, v, text)
			}
		}
	}
	for _, c := range []struct {
		name string
		x    float64
		want string
	}{
		{"pair logins before", 0, "no earlier login of this user from this host"},
		{"gravity", 1, "what is asked for is as grave as can be"},
		{"host first seen", 0.004, "this host came first after less than 1 % of the log"},
		{"pair gets in after", never, "this user never gets in from this host after a refused login"},
		{"guessing", 4, "a rule finds guessed passwords (high)"},
	} {
		for k := range traits {
			if traits[k].Name == c.name && traits[k].Say(c.x) != c.want {
				t.Errorf("%s of %v: %q, want %q", c.name, c.x, traits[k].Say(c.x), c.want)
			}
		}
	}
}
