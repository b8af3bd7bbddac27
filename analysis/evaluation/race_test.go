//go:build race

package evaluation

import "testing"

// skipUnderRace skips what would take minutes under the race detector and starts no
// goroutine that other tests do not; .ci/run runs it without.
func skipUnderRace(t *testing.T) { t.Skip("takes minutes under the race detector") }
