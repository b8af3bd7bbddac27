package rule

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// hiding is an event of which some fields are not known.
type hiding struct {
	has    Values
	hidden FieldSet
}

// Values returns the values of a field.
func (p hiding) Values(f Field) ([]string, bool) {
	if p.hidden.Has(f) {
		return nil, false
	}
	return p.has.Values(f)
}

// Positive reports whether a field that is not known has a number above 0.
func (p hiding) Positive(f Field) bool {
	if values := p.has[f]; p.hidden.Has(f) && len(values) == 1 {
		n, err := strconv.Atoi(values[0])
		return err == nil && n > 0
	}
	return false
}

// TestGiven: what is left to ask of an event has the answer of the whole condition.
func TestGiven(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	set, _ := Load(Sources{}, Options{})
	seen := map[Truth]int{}
	for _, rl := range set.Rules {
		var items []ExplainedItem
		for _, s := range rl.detection.selections {
			items = append(items, explainItems(s.node, Values{})...)
		}
		for range 300 {
			event := hiding{has: Values{}}
			for _, item := range items {
				f, ok := FieldNamed(strings.Split(item.Key, "|")[0])
				if !ok {
					t.Fatalf("%s: no field %q", rl.Name, item.Key)
				}
				if r.IntN(3) == 0 {
					event.has[f] = []string{strings.Trim(item.Wanted[r.IntN(len(item.Wanted))], "*")}
				}
				if r.IntN(4) == 0 {
					event.has[f] = []string{strconv.Itoa(r.IntN(30))}
				}
				if r.IntN(3) == 0 {
					event.hidden = event.hidden.With(f)
				}
			}
			want := rl.Match(event.has)
			rest, possible := rl.Given(event)
			seen[rest.Match(event)]++
			if got := rest.Match(event.has); got != want || want == True && !possible {
				t.Fatalf("%s: %v in two steps, %v at once of %v without %v", rl.Name, got, want, event.has, event.hidden)
			}
		}
	}
	if len(seen) < 3 {
		t.Errorf("only %v", seen)
	}
}
