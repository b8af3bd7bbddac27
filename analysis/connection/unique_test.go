package connection

import (
	"math/rand/v2"
	"testing"

	"sqleuth/analysis/label"
)

// Whatever comes, no two connections have one name: labels are kept by it.
func TestNamesAreUnique(t *testing.T) {
	texts := []string{"root@10.0.0.1 on  using TCP/IP", "app@10.0.0.2 on shop using TCP/IP", "Access denied for user 'root'@'10.0.0.1' (using password: YES)", "select 1", "use shop", ""}
	commands := []string{"Connect", "Connect", "Query", "Query", "Quit", "Change user", "Init DB"}
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 5))
		tracker := NewTracker()
		id := uint64(1)
		for i := range 400 {
			switch rng.IntN(40) {
			case 0:
				tracker.Banner()
				id = 1
			case 1:
				id = 1
			}
			command := commands[rng.IntN(len(commands))]
			if command == "Connect" {
				id += uint64(rng.IntN(3))
			}
			tracker.Observe(i, id-uint64(rng.IntN(int(min(id, 4)))), command, []byte(texts[rng.IntN(len(texts))]))
		}
		v := tracker.View()
		seen := map[label.Ref]int{}
		for c := range v.Len() {
			if other, ok := seen[v.Ref(c)]; ok {
				t.Fatalf("seed %d: connections %d and %d are both called %s", seed, other, c, v.Ref(c).String(true))
			}
			seen[v.Ref(c)] = c
		}
	}
}
