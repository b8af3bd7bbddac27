package list

import (
	"context"
	"math"
	"slices"
	"strings"

	"sqleuth/ui/message"
)

// Sort gives each of some ascending rows of d a key; rows are sorted by it,
// equal ones stay in ascending order. It runs in the background. The error is that
// of ctx.
type Sort[D any] func(ctx context.Context, d D, rows message.Rows) (func(row int) uint64, error)

// Number sorts by a number.
func Number[D any, N ~int | ~int32 | ~int64 | ~uint8 | ~uint32 | ~uint64](value func(d D, row int) N) Sort[D] {
	return func(_ context.Context, d D, _ message.Rows) (func(row int) uint64, error) {
		return func(row int) uint64 { return Signed(int64(value(d, row))) }, nil
	}
}

// Signed maps a number so that unsigned order is its order.
func Signed(v int64) uint64 { return uint64(v) ^ 1<<63 }

// Score maps a number of at least 0; NaN, where there is none, comes first.
func Score(v float64) uint64 {
	if math.IsNaN(v) {
		return 0
	}
	return math.Float64bits(max(0, v)) + 1
}

// Text sorts by a text, which many rows may share.
func Text[D any](text func(d D, row int) string) Sort[D] {
	return func(ctx context.Context, d D, rows message.Rows) (func(row int) uint64, error) {
		rank := map[string]uint64{}
		var used []string
		for k := range rows.Len() {
			if k%checkEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			t := text(d, rows.At(k))
			if _, ok := rank[t]; !ok {
				rank[t] = 0
				used = append(used, t)
			}
		}
		slices.SortFunc(used, strings.Compare)
		for r, t := range used {
			rank[t] = uint64(r)
		}
		return func(row int) uint64 { return rank[text(d, row)] }, nil
	}
}

// Compare sorts by a comparison, for what is neither a number nor a text.
func Compare[D any](compare func(d D, a, b int) int) Sort[D] {
	return func(ctx context.Context, d D, rows message.Rows) (func(row int) uint64, error) {
		order := make([]int, rows.Len())
		for k := range order {
			order[k] = rows.At(k)
		}
		slices.SortStableFunc(order, func(a, b int) int {
			if ctx.Err() != nil {
				return 0 // sorting ends soon
			}
			return compare(d, a, b)
		})
		rank := make(map[int]uint64, len(order))
		for k, row := range order {
			rank[row] = uint64(k)
			if k > 0 && compare(d, order[k-1], row) == 0 {
				rank[row] = rank[order[k-1]]
			}
		}
		return func(row int) uint64 { return rank[row] }, ctx.Err()
	}
}

// checkEvery is how many rows are handled between two looks at whether the work
// is still wanted.
const checkEvery = 1 << 13

// sorted returns ascending rows in the order of their keys.
func sorted[D any](ctx context.Context, by Sort[D], d D, known int, rows message.Rows, descending bool) ([]uint32, error) {
	key, err := by(ctx, d, limited{rows, known})
	if err != nil {
		return nil, err
	}
	keys := make([]uint64, rows.Len())
	for k := range keys {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if row := rows.At(k); row < known {
			keys[k] = key(row)
		}
		if descending {
			keys[k] = ^keys[k]
		}
	}
	order, err := ascending(ctx, keys)
	if err != nil {
		return nil, err
	}
	for k, at := range order {
		order[k] = uint32(rows.At(int(at)))
	}
	return order, nil
}

// nested puts rows directly behind the row that they are under, in the order that they
// have; that of -1 is none. Two levels, no more.
func nested(ctx context.Context, order []uint32, parent func(row int) int) ([]uint32, error) {
	under := map[int][]uint32{}
	top := make([]uint32, 0, len(order))
	for k, row := range order {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p := parent(int(row)); p >= 0 {
			under[p] = append(under[p], row)
		} else {
			top = append(top, row)
		}
	}
	if len(under) == 0 {
		return order, nil
	}
	out := order[:0]
	for _, row := range top {
		out = append(append(out, row), under[int(row)]...)
	}
	return out, nil
}

// limited is rows without those that the data does not know yet.
type limited struct {
	message.Rows
	known int
}

// Len counts the rows that are known.
func (r limited) Len() int {
	k, _ := r.Find(r.known)
	return min(k, r.Rows.Len())
}

// radixBits is the size of a digit: the counters of all digits of a key fit into
// the first-level cache.
const (
	radixBits = 11
	digits    = (64 + radixBits - 1) / radixBits
)

// ascending returns the positions of keys in ascending order of keys, equal keys
// in order of position: a radix sort with the least significant digit first,
// which leaves out the digits that all keys share.
func ascending(ctx context.Context, keys []uint64) ([]uint32, error) {
	const mask = 1<<radixBits - 1
	var counts [digits][mask + 1]uint32
	from, to := make([]uint32, len(keys)), make([]uint32, len(keys))
	for k, key := range keys {
		if k%checkEvery == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		from[k] = uint32(k)
		for d := range counts {
			counts[d][key>>(d*radixBits)&mask]++
		}
	}
	for d := range counts {
		count := &counts[d]
		if len(keys) == 0 || count[keys[0]>>(d*radixBits)&mask] == uint32(len(keys)) {
			continue
		}
		sum := uint32(0)
		for v, n := range count {
			count[v] = sum
			sum += n
		}
		for i, k := range from {
			if i%checkEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			v := keys[k] >> (d * radixBits) & mask
			to[count[v]] = k
			count[v]++
		}
		from, to = to, from
	}
	return from, nil
}
