package count

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strings"

	"sqleuth/analysis/connection"
	"sqleuth/analysis/metrics"
	"sqleuth/analysis/store"
)

// Threshold describes the connection ids of the entries that have one value,
// as pandas' describe(percentiles=[.01, .99]) does.
type Threshold struct {
	Text  string
	Count int
	Mean  float64
	Std   float64 // with n-1; NaN for a single entry
	Min   float64
	P1    float64 // linear interpolation between neighbours
	P50   float64
	P99   float64
	Max   float64
}

// sweep gathers one Threshold while ids come in ascending order. Sums are exact
// integers, so the result does not depend on the order of entries.
type sweep struct {
	n, seen  int
	min, max uint64
	sum      [2]uint64 // low word first
	squares  [3]uint64
	// want lists the positions whose ids the percentiles need, ascending.
	want [6]int
	got  [6]uint64
	next int
}

var percentiles = [3]float64{0.01, 0.5, 0.99}

// rank returns the position below the q-quantile of n values, and the share of
// the way to the next.
func rank(n int, q float64) (below int, share float64) {
	v := float64(n-1) * q
	below = int(math.Floor(v))
	return below, v - float64(below)
}

func (s *sweep) begin(n int) {
	s.n = n
	for i, q := range percentiles {
		below, _ := rank(n, q)
		s.want[2*i], s.want[2*i+1] = below, min(below+1, n-1)
	}
	slices.Sort(s.want[:])
}

// add counts an id k times.
func (s *sweep) add(id uint64, k int) {
	if s.seen == 0 {
		s.min = id
	}
	s.max = id
	s.seen += k
	for s.next < len(s.want) && s.want[s.next] < s.seen {
		s.got[s.next] = id
		s.next++
	}
	n := uint64(k)
	hi, lo := bits.Mul64(id, n)
	var carry uint64
	s.sum[0], carry = bits.Add64(s.sum[0], lo, 0)
	s.sum[1] += hi + carry
	// id*id*k: the product of id and the two words of id*k.
	h0, l0 := bits.Mul64(id, lo)
	h1, l1 := bits.Mul64(id, hi)
	mid, c := bits.Add64(h0, l1, 0)
	s.squares[0], carry = bits.Add64(s.squares[0], l0, 0)
	s.squares[1], carry = bits.Add64(s.squares[1], mid, carry)
	s.squares[2] += h1 + c + carry
}

func words(w ...uint64) *big.Int {
	n := new(big.Int)
	for i := len(w) - 1; i >= 0; i-- {
		n.Or(n.Lsh(n, 64), new(big.Int).SetUint64(w[i]))
	}
	return n
}

func (s *sweep) threshold(text string) Threshold {
	t := Threshold{Text: text, Count: s.n, Min: float64(s.min), Max: float64(s.max), Std: math.NaN()}
	n := big.NewInt(int64(s.n))
	sum := words(s.sum[:]...)
	t.Mean, _ = new(big.Rat).SetFrac(sum, n).Float64()
	if s.n > 1 {
		// (n*sum(x*x) - sum(x)^2) / (n*(n-1))
		num := new(big.Int).Mul(n, words(s.squares[:]...))
		num.Sub(num, new(big.Int).Mul(sum, sum))
		den := new(big.Int).Mul(n, big.NewInt(int64(s.n-1)))
		v, _ := new(big.Rat).SetFrac(num, den).Float64()
		t.Std = math.Sqrt(v)
	}
	at := func(position int) float64 {
		i, _ := slices.BinarySearch(s.want[:], position)
		return float64(s.got[i])
	}
	for i, p := range []*float64{&t.P1, &t.P50, &t.P99} {
		below, share := rank(s.n, percentiles[i])
		// Of two values, the share-quantile is the point that far between.
		neighbours := []metrics.Group{{Value: at(below), Count: 1}, {Value: at(min(below+1, s.n-1)), Count: 1}}
		*p = metrics.Quantile(neighbours, share)
	}
	return t
}

// describeIDs describes connection ids per action and per table, sorted by text.
func describeIDs(ctx context.Context, v store.View, g store.Groups, conns connection.View, rows []store.Row, chosen func(entry int) bool, actions, tables []string) (byAction, byTable []Threshold, err error) {
	action, table := make([]sweep, len(actions)), make([]sweep, len(tables))
	for _, r := range rows {
		action[r.Action].n += r.Count
		table[r.Table].n += r.Count
	}
	for _, list := range [][]sweep{action, table} {
		for i := range list {
			if list[i].n > 0 {
				list[i].begin(list[i].n)
			}
		}
	}
	order := make([]uint32, g.Len())
	for i := range order {
		order[i] = uint32(i)
	}
	byID := func(a, b uint32) int { return cmp.Compare(conns.Peek(int(a)).ID, conns.Peek(int(b)).ID) }
	if !slices.IsSortedFunc(order, byID) {
		slices.SortFunc(order, byID)
	}
	for k, c := range order {
		if k&0xFFF == 0 && ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		id := conns.Peek(int(c)).ID
		for _, i := range g.Entries(int(c)) {
			if chosen != nil && !chosen(int(i)) {
				continue
			}
			key := &rows[v.Row(int(i))].Key
			action[key.Action].add(id, 1)
			table[key.Table].add(id, 1)
		}
	}
	return thresholds(action, actions), thresholds(table, tables), nil
}

func thresholds(list []sweep, texts []string) []Threshold {
	var out []Threshold
	for i := range list {
		if list[i].n > 0 {
			out = append(out, list[i].threshold(texts[i]))
		}
	}
	slices.SortFunc(out, func(a, b Threshold) int { return strings.Compare(a.Text, b.Text) })
	return out
}
