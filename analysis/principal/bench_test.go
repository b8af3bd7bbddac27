package principal

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Ten million entries in two million connections of forty accounts, a fifth of whose
// logins are refused; 1.5 seconds between two connections.
func BenchmarkLearn(b *testing.B) {
	const connections, perConnection = 2_000_000, 5
	rng := rand.New(rand.NewPCG(1, 2))
	m := newMaker()
	for c := range connections {
		at := time.Duration(c) * 1500 * time.Millisecond
		id := uint64(c + 1)
		user := rng.IntN(40)
		if c%5 == 4 {
			m.deny(at, id, fmt.Sprint("guess", c%1000), "10.0.0.99")
			continue
		}
		m.login(at, id, fmt.Sprintf("app%d@10.0.0.%d", user, user))
		for range perConnection {
			m.add(at, id, "Query", fmt.Sprint("D", user*10+int(rng.ExpFloat64()*20)))
		}
	}
	h := m.learn(b)
	b.ReportAllocs()
	b.ResetTimer()
	for range b.N {
		if _, err := Learn(context.Background(), h.log, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(h.log.Len()), "ns/entry")
}
