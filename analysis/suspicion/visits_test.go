package suspicion

import (
	"math/rand/v2"
	"testing"
)

// The tree answers as a look at each visit does.
func TestMostOfVisits(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 9))
	for n := range 70 {
		v := &visits{}
		for k := range n {
			v.list = append(v.list, visit{time: r.Int64N(40), conn: uint32(k), score: float32(r.IntN(5)) / 4})
		}
		v.sort()
		for range 200 {
			from, but := r.Int64N(44)-2, visit{time: r.Int64N(44) - 2, conn: uint32(r.IntN(n + 3))}
			if n > 0 && r.IntN(3) > 0 {
				but = v.list[r.IntN(n)]
			}
			to := from + r.Int64N(12)
			var want visit
			found := false
			for _, x := range v.list {
				if x.time >= from && x.time <= to && x.conn != but.conn && (!found || x.score > want.score) {
					want, found = x, true
				}
			}
			// One that is none of the list may have the number of another one.
			if got, ok := v.most(from, to, but); (got != want || ok != found) && in(v.list, but) {
				t.Fatalf("%d visits, %d to %d but for %v: %v, want %v", n, from, to, but, got, want)
			}
		}
	}
}

func in(list []visit, x visit) bool {
	for _, v := range list {
		if v.conn == x.conn {
			return v == x
		}
	}
	return true
}
