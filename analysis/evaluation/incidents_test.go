package evaluation

import (
	"slices"
	"testing"
)

// TestTwinsAreHonest: no statement of an incident is the honest twin of another's.
func TestTwinsAreHonest(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a minute under the race detector and starts no goroutine that other tests do not")
	}
	s, twins := capture(t, "webapp-sqli").Snapshot, 0
	for _, x := range s.Incidents {
		for _, w := range x.Twins {
			twins++
			for k := range s.Incidents {
				if _, of := slices.BinarySearch(s.Incidents[k].Entries, w.Honest); of {
					t.Errorf("the twin of entry %d, %d, is of an incident", w.Entry, w.Honest)
				}
			}
		}
	}
	if twins < 2 {
		t.Errorf("%d twins: nothing is tested", twins)
	}
}
