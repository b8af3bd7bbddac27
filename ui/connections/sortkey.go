package connections

import (
	"context"
	"math"

	"sqleuth/analysis/pipeline"
	"sqleuth/ui/list"
	"sqleuth/ui/message"
)

// checkEvery is how many entries are looked at between two looks at whether the
// work is still wanted.
const checkEvery = 1 << 14

// byLabel sorts connections without a label before normal ones, and these before
// the others in the order of their digit keys.
func byLabel(_ context.Context, d data, _ message.Rows) (func(c int) uint64, error) {
	if d.labels.Labelled() == 0 {
		return func(int) uint64 { return 0 }, nil
	}
	digit := map[string]uint64{}
	for i, class := range d.labels.Classes() {
		digit[class] = uint64(i) + 1
	}
	return func(c int) uint64 {
		v, _ := d.labels.Verdict(d.snapshot.Connections.Ref(c))
		return digit[v.Class]
	}, nil
}

// byRules sorts by how many rules have hit a connection.
func byRules(_ context.Context, d data, _ message.Rows) (func(c int) uint64, error) {
	s := d.snapshot
	counts := make([]uint16, s.Connections.Len())
	byRule := map[string][]int{}
	var ids []string
	for i := range s.Detections {
		id := s.Detections[i].Rule.Name
		if byRule[id] == nil {
			ids = append(ids, id)
		}
		byRule[id] = append(byRule[id], i)
	}
	last := make([]uint16, len(counts)) // the last rule that was counted, plus one
	for r, id := range ids {
		for _, i := range byRule[id] {
			for _, c := range s.Detections[i].Connections {
				if int(c) < len(counts) && last[c] != uint16(r)+1 {
					last[c] = uint16(r) + 1
					counts[c]++
				}
			}
		}
	}
	return func(c int) uint64 { return uint64(counts[c]) }, nil
}

// byDistinct sorts by how many values the entries of a connection have, given by
// distinct row of the log; 0 is none.
func byDistinct(value func(s *pipeline.Snapshot, row int) uint32) list.Sort[data] {
	return func(ctx context.Context, d data, _ message.Rows) (func(c int) uint64, error) {
		s := d.snapshot
		last := make([]int, len(s.Actions)+len(s.Tables)) // by value, the last connection that had it, plus one
		return byEntries(ctx, s, 0, func(row int) uint64 { return uint64(value(s, row)) }, func(c int, key, v uint64) uint64 {
			if v > 0 && last[v] != c+1 {
				last[v] = c + 1
				key++
			}
			return key
		})
	}
}

// byRarest sorts by how often the rarest template of a connection occurs.
func byRarest(ctx context.Context, d data, _ message.Rows) (func(c int) uint64, error) {
	s := d.snapshot
	return byEntries(ctx, s, math.MaxUint64,
		func(row int) uint64 { return uint64(s.Templates[s.TemplateOf[s.Rows[row].Cluster]].Count) },
		func(_ int, key, v uint64) uint64 { return min(key, v) })
}

// byScore sorts by the highest score of a connection's entries.
func byScore(of func(isolation, random float64) float64) list.Sort[data] {
	return func(ctx context.Context, d data, _ message.Rows) (func(c int) uint64, error) {
		return byEntries(ctx, d.snapshot, 0,
			func(row int) uint64 { return list.Score(of(scores(d.snapshot, uint32(row)))) },
			func(_ int, key, v uint64) uint64 { return max(key, v) })
	}
}

// byEntries computes what depends on a connection's entries, for all connections
// in one pass over the log: from a first key and the values of its entries, given
// by distinct row of the log.
func byEntries(ctx context.Context, s *pipeline.Snapshot, first uint64, value func(row int) uint64, next func(c int, key, value uint64) uint64) (func(c int) uint64, error) {
	values := make([]uint64, len(s.Rows))
	for row := range values {
		values[row] = value(row)
	}
	keys := make([]uint64, s.ByConnection.Len())
	done := 0
	for c := range keys {
		key := first
		for _, i := range s.ByConnection.Entries(c) {
			if done++; done%checkEvery == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if row := s.Entries.Row(int(i)); int(row) < len(values) {
				key = next(c, key, values[row])
			}
		}
		keys[c] = key
	}
	return func(c int) uint64 {
		if c >= len(keys) {
			return 0
		}
		return keys[c]
	}, nil
}

// scores returns the scores of the forests for a distinct row of the log, NaN where
// there is no forest.
func scores(s *pipeline.Snapshot, row uint32) (isolation, random float64) {
	isolation, random = math.NaN(), math.NaN()
	if s.Encoding == nil || int(row) >= len(s.Encoding.Of) {
		return isolation, random
	}
	u := int(s.Encoding.Of[row])
	if s.Isolation != nil {
		isolation = s.Isolation.Score(u)
	}
	if s.Random != nil && s.Random.Forest != nil {
		random = s.Random.Score(u)
	}
	return isolation, random
}
